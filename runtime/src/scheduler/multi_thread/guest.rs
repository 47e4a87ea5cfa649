//! The thread inside `block_on` acts as worker 0, the guest: it polls the main future, and runs the tasks that the main
//! future wakes, so that the two exchange messages on one thread.
//!
//! Not a worker like the others. The main future cannot leave its thread, so a task that got stuck there would hold it
//! up: the guest steals nothing, polls no driver, and runs a task only if it was woken on this very thread and has
//! stayed Pending three times before. What else it spawns or wakes goes to the other workers. Not for a second
//! `block_on` at the same time either: worker 0 is taken then, and that thread only drives its own future.
//!
//! tokio's main future is on no worker: each message between it and a task is a futex call and a thread switch. To run
//! every task on the guest, as on any worker, was tried: it is a little faster yet, but a task that blocks then stops
//! the main future, and with it whatever the program waits for.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use futures_task::{ArcWake, waker_ref};

use crate::coop::{Budget, with_budget};
use crate::park::block_on_thread;
use crate::primitive::sync::atomic::{Ordering, fence};

use super::Shared;
use super::idle::GUEST;
use super::worker::{Core, LIFO_RUNS_MAX, Worker, with_current};

/// Wakes the main future.
struct MainWaker {
    shared: Weak<Shared>,
}

impl ArcWake for MainWaker {
    fn wake_by_ref(this: &Arc<Self>) {
        let Some(shared) = this.shared.upgrade() else { return };
        if !shared.main_woken.wake() {
            return;
        }
        let is_guest = with_current(|worker| {
            worker.is_some_and(|worker| worker.index == GUEST && Arc::ptr_eq(&worker.shared, &shared))
        });
        if is_guest {
            return;
        }
        // Steps 2 and 3 of the protocol at `main_woken`.
        fence(Ordering::SeqCst);
        if shared.idle.is_parked(GUEST) {
            shared.unpark(GUEST);
        }
    }
}

/// Drives `future` on this thread, which meanwhile acts as worker 0 if nobody else does.
pub(crate) fn block_on<F: Future>(shared: &Arc<Shared>, future: F) -> F::Output {
    let mut future = pin!(future);
    if let Some(guest) = Guest::enter(shared) {
        if let Some(output) = guest.run(future.as_mut()) {
            return output;
        }
    }
    block_on_thread(future)
}

/// A thread's time as worker 0; dropped, also by a panic of the main future, it hands everything back.
struct Guest {
    worker: Worker,
}

impl Guest {
    fn enter(shared: &Arc<Shared>) -> Option<Self> {
        if shared.is_closed() {
            return None;
        }
        let core = shared.spare_cores[GUEST].lock().take()?;
        shared.thread_came();
        shared.guest_came();
        Some(Self { worker: Worker::new(shared.clone(), GUEST, core) })
    }

    /// The output, or `None` if this thread has to stop being a worker before the future is done.
    fn run<F: Future>(&self, mut future: Pin<&mut F>) -> Option<F::Output> {
        let worker = &self.worker;
        let shared = &worker.shared;
        let waker = Arc::new(MainWaker { shared: Arc::downgrade(shared) });
        let waker = waker_ref(&waker);
        let mut context = Context::from_waker(&waker);
        shared.main_woken.start();
        worker.enter(|| {
            while worker.has_core() && !shared.is_closed() {
                if shared.main_woken.take() {
                    worker.with_core(|core| {
                        worker.count_tick(core);
                        core.lifo_runs = 0;
                    });
                    let poll = with_budget(Budget::initial(), || future.as_mut().poll(&mut context));
                    if let Poll::Ready(output) = poll {
                        return Some(output);
                    }
                }
                worker.step_as_guest();
            }
            None
        })
    }
}

impl Worker {
    /// Runs the task that the main future has woken, or sleeps.
    fn step_as_guest(&self) {
        let peer = self.peer();
        let runnable = self.with_core(|core| {
            self.count_tick(core);
            core.lifo_runs += 1;
            // Tasks that keep waking each other go on elsewhere.
            if core.lifo_runs > LIFO_RUNS_MAX { None } else { peer.lifo_slot.take() }
        });
        match runnable.flatten() {
            Some(runnable) => self.run_task(runnable),
            None => {
                self.hand_over();
                self.park();
            }
        }
    }

    /// Leaves what is queued here to the other workers.
    pub(super) fn hand_over(&self) {
        let batch = self.with_core(|core| {
            let slot = self.peer().lifo_slot.take();
            slot.into_iter().chain(std::iter::from_fn(|| core.queue.pop_front())).collect::<Vec<_>>()
        });
        if let Some(batch) = batch.filter(|batch| !batch.is_empty()) {
            self.shared.injector.push_batch(batch);
            self.shared.unpark_one_after_push();
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let shared = self.worker.shared.clone();
        // Without the core, somebody else is the guest by now, or nobody is.
        if let Some(core) = self.worker.core.take() {
            shared.guest_leaves(core);
        }
        shared.thread_left();
    }
}

impl Shared {
    /// This thread acts as worker 0 from now on.
    pub(super) fn guest_came(&self) {
        self.idle.set_guest_present(true);
        // Invariant 3: the reactor thread does not sleep while we run.
        fence(Ordering::SeqCst);
        self.watch.rouse(self.seat.as_ref());
    }

    /// This thread does not act as worker 0 any more, and leaves its tasks to the others.
    pub(super) fn guest_leaves(&self, core: Box<Core>) {
        self.idle.set_guest_present(false);
        self.put_back(GUEST, core);
        // The reactor thread looks after worker 0's timers from now on.
        self.watch.rouse_to_leave(self.seat.as_ref());
    }
}
