//! Spawning, joining and yielding: what the scheduler costs when the tasks themselves do nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};

use super::{on_a_worker, share};
use crate::rt::runtime::Runtime;
use crate::rt::sync::oneshot;
use crate::rt::{spawn, task};

/// Tasks alive at once.
const BATCH: u64 = 10_000;
/// Tasks that spawn each the next.
const CHAIN: u64 = 1_000;
/// Tasks that yield by turns.
const YIELDERS: u64 = 200;

/// Batches of tasks that do nothing, all spawned and then all joined.
pub(super) fn spawn_join(runtime: &Runtime, operations: u64) -> u64 {
    on_a_worker(runtime, async move {
        let mut done = 0;
        while done < operations {
            let batch = BATCH.min(operations - done);
            let handles: Vec<_> = (0..batch).map(|_| spawn(async { 1_u64 })).collect();
            for handle in handles {
                done += handle.await.expect("no panic");
            }
        }
        done
    })
}

/// One task at a time, spawned and joined.
pub(super) fn spawn_one(runtime: &Runtime, operations: u64) -> u64 {
    on_a_worker(runtime, async move {
        let mut done = 0;
        for _ in 0..operations {
            done += spawn(async { 1_u64 }).await.expect("no panic");
        }
        done
    })
}

/// Each task spawns the next one of its chain; the last reports.
pub(super) fn chained_spawn(runtime: &Runtime, operations: u64) -> u64 {
    on_a_worker(runtime, async move {
        let mut done = 0;
        while done < operations {
            let length = CHAIN.min(operations - done);
            let (sender, receiver) = oneshot::channel();
            link(length - 1, 1, sender);
            done += receiver.await.expect("the last link reports");
        }
        done
    })
}

fn link(left: u64, position: u64, sender: oneshot::Sender<u64>) {
    spawn(async move {
        match left {
            0 => drop(sender.send(position)),
            _ => link(left - 1, position + 1, sender),
        }
    });
}

/// Tasks spawned by threads that are no workers.
pub(super) fn spawn_outside<const THREADS: u64>(runtime: &Runtime, operations: u64) -> u64 {
    let done = Arc::new(AtomicU64::new(0));
    let (all_done, wait) = mpsc::channel();
    std::thread::scope(|scope| {
        for index in 0..THREADS {
            let (done, all_done) = (&done, all_done.clone());
            scope.spawn(move || {
                for _ in 0..share(operations, THREADS, index) {
                    let (done, all_done) = (done.clone(), all_done.clone());
                    runtime.handle().spawn(async move {
                        if done.fetch_add(1, Ordering::Relaxed) + 1 == operations {
                            all_done.send(()).expect("the main thread waits");
                        }
                    });
                }
            });
        }
    });
    wait.recv().expect("the last task reports");
    done.load(Ordering::Relaxed)
}

/// Some tasks that do nothing but let each other run.
pub(super) fn yields(runtime: &Runtime, operations: u64) -> u64 {
    on_a_worker(runtime, async move {
        let yielder = |index| async move {
            let turns = share(operations, YIELDERS, index);
            for _ in 0..turns {
                task::yield_now().await;
            }
            turns
        };
        let handles: Vec<_> = (0..YIELDERS).map(|index| spawn(yielder(index))).collect();
        let mut done = 0;
        for handle in handles {
            done += handle.await.expect("no panic");
        }
        done
    })
}
