//! The executor's lines on a bare queue, and on two threads where the work is for two.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use mini_benches::busy::compute_us;
use mini_benches::program::{Work, timed};

use super::Bare;
use super::queue::{Task, run_queue, run_row, spawn};

pub(crate) const WORKS: &[Work<Bare>] = &[
    timed("spawn_many", spawn_many),
    timed("spawn_one", spawn_one),
    timed("chained_spawn", chained_spawn),
    timed("spawn_outside_1", spawn_outside::<1>),
    timed("spawn_outside_4", spawn_outside::<4>),
    timed("yield", yields),
    timed("wake_ring", wake_ring),
    timed("ping_pong", ping_pong),
    timed("fan_out", fan_out),
];

const BATCH: u64 = 10_000;
const CHAIN: u64 = 1_000;
const YIELDERS: u64 = 200;
const RING: usize = 100;
const PAIRS: u64 = 1_000;

fn spawn_many(_: &Bare, operations: u64) -> u64 {
    let done = Rc::new(Cell::new(0));
    while done.get() < operations {
        for _ in 0..BATCH.min(operations - done.get()) {
            let done = done.clone();
            spawn(async move { done.set(done.get() + 1) });
        }
        run_queue();
    }
    done.get()
}

fn spawn_one(_: &Bare, operations: u64) -> u64 {
    let done = Rc::new(Cell::new(0));
    for _ in 0..operations {
        let done = done.clone();
        spawn(async move { done.set(done.get() + 1) });
        run_queue();
    }
    done.get()
}

fn chained_spawn(_: &Bare, operations: u64) -> u64 {
    let done = Rc::new(Cell::new(0));
    while done.get() < operations {
        link(CHAIN.min(operations - done.get()) - 1, done.clone());
        run_queue();
    }
    done.get()
}

fn link(left: u64, done: Rc<Cell<u64>>) {
    spawn(async move {
        done.set(done.get() + 1);
        if left > 0 {
            link(left - 1, done);
        }
    });
}

type Sent = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A queue behind a lock: threads put tasks in, this one takes all that are there and polls them.
fn spawn_outside<const THREADS: u64>(_: &Bare, operations: u64) -> u64 {
    let shared = &(Mutex::new(VecDeque::<Sent>::new()), Condvar::new());
    let done = Arc::new(AtomicU64::new(0));
    thread::scope(|scope| {
        for index in 0..THREADS {
            let done = &done;
            scope.spawn(move || {
                for _ in 0..share(operations, THREADS, index) {
                    let done = done.clone();
                    let task: Sent = Box::pin(async move { _ = done.fetch_add(1, Ordering::Relaxed) });
                    shared.0.lock().expect("no panic").push_back(task);
                    shared.1.notify_one();
                }
            });
        }
        let mut polled = 0;
        while polled < operations {
            let empty = |queue: &mut VecDeque<Sent>| queue.is_empty();
            let queue = shared.1.wait_while(shared.0.lock().expect("no panic"), empty);
            for mut task in std::mem::take(&mut *queue.expect("no panic")) {
                assert!(task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
                polled += 1;
            }
        }
    });
    done.load(Ordering::Relaxed)
}

fn share(whole: u64, parts: u64, index: u64) -> u64 {
    whole / parts + u64::from(index < whole % parts)
}

/// A pending task goes to the back of the queue, so it need not be woken.
fn yields(_: &Bare, operations: u64) -> u64 {
    let done = Rc::new(Cell::new(0));
    for index in 0..YIELDERS {
        let (done, mut left) = (done.clone(), share(operations, YIELDERS, index));
        spawn(poll_fn(move |_| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            done.set(done.get() + 1);
            Poll::Pending
        }));
    }
    run_queue();
    done.get()
}

fn wake_ring(_: &Bare, operations: u64) -> u64 {
    let wakes = Rc::new(Cell::new(0));
    let turn = Rc::new(Cell::new(usize::MAX));
    let wakers: Rc<[Cell<Option<Waker>>]> = (0..RING).map(|_| Cell::new(None)).collect();
    let member = |index: usize| -> Task {
        let (wakes, turn, wakers) = (wakes.clone(), turn.clone(), wakers.clone());
        let mut has_come = false;
        Box::pin(poll_fn(move |context| {
            if !has_come {
                has_come = true;
                wakers[index].set(Some(context.waker().clone()));
                if index + 1 < RING {
                    return Poll::Pending;
                }
                // All have come, and the last one takes the first turn.
                turn.set(index);
            }
            if turn.get() == index && wakes.get() < operations {
                wakes.set(wakes.get() + 1);
                let next = (index + 1) % RING;
                turn.set(next);
                let waker = wakers[next].take().expect("all have come");
                waker.wake_by_ref();
                wakers[next].set(Some(waker));
            }
            Poll::Pending
        }))
    };
    run_row((0..RING).map(member).collect());
    wakes.get()
}

/// Each pair exchanges through two cells, and wakes one another by what they left there.
fn ping_pong(_: &Bare, operations: u64) -> u64 {
    let done = Rc::new(Cell::new(0));
    let mut tasks: Vec<Task> = Vec::new();
    for index in 0..PAIRS {
        let (to_peer, to_us) = (Rc::new(Mailbox::default()), Rc::new(Mailbox::default()));
        let turns = share(operations, PAIRS, index);
        let (done, at_peer, at_us) = (done.clone(), to_peer.clone(), to_us.clone());
        tasks.push(Box::pin(async move {
            for number in 0..turns {
                to_peer.send(number);
                let answer = at_us.receive().await;
                done.set(done.get() + u64::from(answer == number + 1));
            }
        }));
        tasks.push(Box::pin(async move {
            for _ in 0..turns {
                to_us.send(at_peer.receive().await + 1);
            }
        }));
    }
    run_row(tasks);
    done.get()
}

/// Room for a number, and for the waker of the one that wants it.
#[derive(Default)]
struct Mailbox {
    number: Cell<Option<u64>>,
    waker: Cell<Option<Waker>>,
}

impl Mailbox {
    fn send(&self, number: u64) {
        self.number.set(Some(number));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    async fn receive(&self) -> u64 {
        poll_fn(|context| match self.number.take() {
            Some(number) => Poll::Ready(number),
            None => {
                self.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        })
        .await
    }
}

/// Two threads, each with its half.
fn fan_out(_: &Bare, operations: u64) -> u64 {
    let half = |count: u64| {
        for _ in 0..count {
            compute_us(5);
        }
        count
    };
    thread::scope(|scope| {
        let other = scope.spawn(move || half(operations / 2));
        half(operations - operations / 2) + other.join().expect("no panic")
    })
}
