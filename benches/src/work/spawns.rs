//! Spawning and joining: what the scheduler costs when the tasks themselves do nothing, or little.

use std::future::poll_fn;
use std::sync::OnceLock;
use std::task::Poll;

use mini_benches::busy::compute_us;
use mini_benches::program::{Work, sampled, timed};
use mini_benches::sample::{Sample, Scales, Stopwatch};
use mini_benches::waits::Countdown;

use crate::rt::{Runtime, detach, spawn};
use crate::work::share;

pub(crate) const WORKS: &[Work<Runtime>] = &[
    timed("spawn_many", spawn_many),
    timed("spawn_one", spawn_one),
    timed("chained_spawn", chained_spawn),
    timed("spawn_outside_1", spawn_outside::<1>),
    timed("spawn_outside_4", spawn_outside::<4>),
    timed("fan_out", fan_out),
    sampled("idle_task", idle_task),
];

/// Tasks alive at once.
const BATCH: u64 = 10_000;
/// Tasks that spawn each the next.
const CHAIN: u64 = 1_000;

/// The idle tasks that are still to be polled for the first and only time.
static STARTED: OnceLock<Countdown> = OnceLock::new();

/// Batches of tasks that do nothing, all spawned and then all joined.
fn spawn_many(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
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
fn spawn_one(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let mut done = 0;
        for _ in 0..operations {
            done += spawn(async { 1_u64 }).await.expect("no panic");
        }
        done
    })
}

/// Each task spawns the next one of its chain; the last reports.
fn chained_spawn(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let end = Countdown::new(0);
        let mut done = 0;
        while done < operations {
            let length = CHAIN.min(operations - done);
            end.reset(1);
            link(length - 1, end.clone());
            end.wait().await;
            done += length;
        }
        done
    })
}

fn link(left: u64, end: Countdown) {
    detach(async move {
        match left {
            0 => end.count(),
            _ => link(left - 1, end),
        }
    });
}

/// Tasks spawned by threads that are no workers.
fn spawn_outside<const THREADS: u64>(runtime: &Runtime, operations: u64) -> u64 {
    let handle = runtime.handle();
    let end = Countdown::new(operations);
    runtime.run_main(|| async {
        for index in 0..THREADS {
            let (handle, end) = (handle.clone(), end.clone());
            std::thread::spawn(move || {
                for _ in 0..share(operations, THREADS, index) {
                    let end = end.clone();
                    drop(handle.spawn(async move { end.count() }));
                }
            });
        }
        end.wait().await;
    });
    // Each task counted once, or the wait would not have ended.
    operations
}

/// Tasks that compute, for all workers to share.
fn fan_out(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let compute = || async {
            compute_us(5);
            1_u64
        };
        let handles: Vec<_> = (0..operations).map(|_| spawn(compute())).collect();
        let mut done = 0;
        for handle in handles {
            done += handle.await.expect("no panic");
        }
        done
    })
}

/// Tasks that wait for ever and hold nothing, so that what is weighed is the runtime's.
///
/// Their handles stand in memory that was there before, and are not weighed.
fn idle_task(runtime: &Runtime, operations: u64) -> Sample {
    STARTED.get_or_init(|| Countdown::new(0)).reset(operations);
    runtime.run(|| async move {
        let started = STARTED.get().expect("it was set above");
        let mut handles = Vec::with_capacity(operations as usize);
        handles.resize_with(handles.capacity(), || None);
        let (scales, stopwatch) = (Scales::start(), Stopwatch::start());
        for handle in &mut handles {
            *handle = Some(spawn(poll_fn(|_| {
                started.count();
                Poll::<()>::Pending
            })));
        }
        started.wait().await;
        let sample = stopwatch.stop(operations);
        let sample = scales.stop(sample);
        assert!(handles.iter().all(Option::is_some));
        sample
    })
}
