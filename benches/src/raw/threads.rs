//! The lines that a program without a runtime would do with threads and std's channels.

use std::sync::mpsc::{self, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use mini_benches::program::{Work, timed};

use super::Bare;

pub(crate) const WORKS: &[Work<Bare>] = &[
    timed("main_exchange", exchange),
    timed("blocking_1", round_trips::<1>),
    timed("blocking_8", round_trips::<8>),
    timed("mpsc_bounded_1", bounded::<1>),
    timed("mpsc_bounded_4", bounded::<4>),
    timed("mpsc_unbounded_1", unbounded::<1>),
    timed("mpsc_unbounded_4", unbounded::<4>),
    timed("oneshot", oneshots),
    timed("mutex_free", free),
];

/// Messages that a bounded channel holds, as in the runtimes' line.
const CAPACITY: usize = 100;

fn share(whole: u64, parts: u64, index: u64) -> u64 {
    whole / parts + u64::from(index < whole % parts)
}

/// This thread and another.
fn exchange(_: &Bare, operations: u64) -> u64 {
    let (to_peer, at_peer) = sync_channel::<u64>(1);
    let (to_us, at_us) = sync_channel::<u64>(1);
    let peer = thread::spawn(move || {
        for number in at_peer {
            to_us.send(number + 1).expect("the other side lives");
        }
    });
    let mut done = 0;
    for number in 0..operations {
        to_peer.send(number).expect("the peer lives");
        done += u64::from(at_us.recv() == Ok(number + 1));
    }
    drop(to_peer);
    peer.join().expect("no panic");
    done
}

type Job = Box<dyn FnOnce() + Send>;

/// Each spawner has a thread that takes its jobs.
fn round_trips<const SPAWNERS: u64>(_: &Bare, operations: u64) -> u64 {
    thread::scope(|scope| {
        let spawners: Vec<_> = (0..SPAWNERS)
            .map(|index| {
                scope.spawn(move || {
                    let (jobs, work) = channel::<Job>();
                    let worker = thread::spawn(move || work.into_iter().for_each(|job| job()));
                    let (sender, results) = channel();
                    let mut done = 0;
                    for _ in 0..share(operations, SPAWNERS, index) {
                        let sender = sender.clone();
                        jobs.send(Box::new(move || sender.send(1_u64).expect("the spawner waits")))
                            .expect("the worker lives");
                        done += results.recv().expect("the worker answers");
                    }
                    drop(jobs);
                    worker.join().expect("no panic");
                    done
                })
            })
            .collect();
        spawners.into_iter().map(|spawner| spawner.join().expect("no panic")).sum()
    })
}

fn bounded<const PRODUCERS: u64>(_: &Bare, operations: u64) -> u64 {
    let (sender, receiver) = sync_channel(CAPACITY);
    let send = move |number| sender.send(number).expect("the consumer lives");
    produce(PRODUCERS, operations, send, receiver)
}

fn unbounded<const PRODUCERS: u64>(_: &Bare, operations: u64) -> u64 {
    let (sender, receiver) = channel();
    let send = move |number| sender.send(number).expect("the consumer lives");
    produce(PRODUCERS, operations, send, receiver)
}

/// That many threads send, and this one receives.
fn produce(
    producers: u64,
    operations: u64,
    send: impl Fn(u64) + Clone + Send + 'static,
    receiver: mpsc::Receiver<u64>,
) -> u64 {
    for index in 0..producers {
        let send = send.clone();
        thread::spawn(move || (0..share(operations, producers, index)).for_each(|_| send(1)));
    }
    drop(send);
    receiver.into_iter().sum()
}

/// What is sent: the way back, until it is over.
struct Ball(Option<mpsc::Sender<Ball>>);

fn oneshots(_: &Bare, operations: u64) -> u64 {
    let (mut to_peer, mut at_peer) = channel::<Ball>();
    let peer = thread::spawn(move || {
        while let Ok(Ball(Some(to_them))) = at_peer.recv() {
            let (to_us, at_us) = channel();
            to_them.send(Ball(Some(to_us))).expect("the other side waits");
            at_peer = at_us;
        }
    });
    let mut done = 0;
    for _ in 0..operations {
        let (to_us, at_us) = channel();
        to_peer.send(Ball(Some(to_us))).expect("the peer waits");
        to_peer = at_us.recv().expect("the peer answers").0.expect("the peer does not end it");
        done += 1;
    }
    to_peer.send(Ball(None)).expect("the peer waits");
    peer.join().expect("no panic");
    done
}

/// std's mutex.
fn free(_: &Bare, operations: u64) -> u64 {
    let count = Arc::new(Mutex::new(0));
    for _ in 0..operations {
        *std::hint::black_box(&count).lock().expect("no panic") += 1;
    }
    let count = count.lock().expect("no panic");
    *count
}
