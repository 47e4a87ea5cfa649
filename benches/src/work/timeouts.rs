//! Timers that never fire: a timeout around every operation that succeeds, as servers have them.

use std::future::ready;
use std::time::Duration;

use mini_benches::program::{Work, timed};
use mini_benches::waits::Countdown;

use crate::rt::{Runtime, in_time, sleep, spawn_pinned, yield_now};
use crate::work::share;

pub(crate) const WORKS: &[Work<Runtime>] = &[
    timed("timeout_ready", timeout_ready),
    timed("timeout_lone", timeout_lone),
    timed("timeout_lone_tasks", timeout_lone_tasks),
    timed("timeout_crowd", timeout_crowd),
    timed("timeout_tasks", timeout_tasks),
];

/// Longer than any run.
const LIMIT: Duration = Duration::from_secs(120);
/// Timers that are outstanding meanwhile, all of them to fire before `LIMIT` would.
const CROWD: u64 = 1_000;
/// Tasks that use timeouts at the same time.
const TASKS: u64 = 1_000;

/// The future is ready when it is first asked.
fn timeout_ready(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run_pinned(|| async move {
        let mut done = 0;
        for _ in 0..operations {
            done += u64::from(in_time(LIMIT, ready(())).await);
        }
        done
    })
}

/// One task, and no timer but its own.
fn timeout_lone(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run_pinned(|| register_and_cancel(operations))
}

/// Many tasks, and no timers but theirs.
fn timeout_lone_tasks(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run_pinned(|| by_tasks(operations))
}

/// One task, while timers that are due earlier wait.
fn timeout_crowd(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run_pinned(|| async move {
        crowd().await;
        register_and_cancel(operations).await
    })
}

/// Many tasks, while timers that are due earlier wait.
fn timeout_tasks(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run_pinned(|| async move {
        crowd().await;
        by_tasks(operations).await
    })
}

async fn by_tasks(operations: u64) -> u64 {
    let user = |index| spawn_pinned(move || register_and_cancel(share(operations, TASKS, index)));
    let handles: Vec<_> = (0..TASKS).map(user).collect();
    let mut done = 0;
    for handle in handles {
        done += handle.await.expect("no panic");
    }
    done
}

/// Each operation lets the runtime have a turn, so that its timeout is registered, and is then done, so that it is
/// cancelled.
async fn register_and_cancel(operations: u64) -> u64 {
    let mut done = 0;
    for _ in 0..operations {
        done += u64::from(in_time(LIMIT, yield_now()).await);
    }
    done
}

/// Timers that wait, registered when this returns; each in a task of its own.
async fn crowd() {
    let registered = Countdown::new(CROWD);
    for index in 0..CROWD {
        let registered = registered.clone();
        drop(spawn_pinned(move || async move {
            let mut long = Box::pin(sleep(LIMIT / 2 + Duration::from_millis(index)));
            // Registered at its first poll, which is over when the other future is polled.
            in_time_to_register(&mut long, registered).await;
            long.await;
        }));
    }
    registered.wait().await;
}

/// Polls the sleep once, then counts.
async fn in_time_to_register(sleep: &mut (impl Future<Output = ()> + Unpin), registered: Countdown) {
    std::future::poll_fn(|context| {
        let is_ready = std::pin::Pin::new(&mut *sleep).poll(context).is_ready();
        assert!(!is_ready, "it is far from its time");
        registered.count();
        std::task::Poll::Ready(())
    })
    .await;
}
