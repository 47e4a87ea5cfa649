//! What a runtime says of itself: name, identity, numbers.

use super::*;
use crate::runtime::{LocalSet, block_in_place, spawn, worker_index};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Waits for a number that another thread is about to count.
#[track_caller]
fn await_number(what: &str, mut number: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + PATIENCE;
    while !number() {
        assert!(std::time::Instant::now() < deadline, "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn runtimes_and_sets_are_told_apart_and_named() {
    let runtimes = [multi(1), current(), current()];
    let sets = [LocalSet::new(), LocalSet::new()];
    let ids: HashSet<_> =
        runtimes.iter().map(|runtime| runtime.handle().id()).chain(sets.iter().map(LocalSet::id)).collect();
    assert_eq!(ids.len(), 5);
    assert_eq!(runtimes[0].handle().name(), None);

    let named = Builder::<NoDriver>::new_multi_thread().worker_threads(1).name("mine").build().unwrap();
    assert_eq!(named.handle().name(), Some("mine"));
    let refused =
        catch_unwind(AssertUnwindSafe(|| drop(Builder::<NoDriver>::new_current_thread().name(" ").build())));
    assert!(message_of(refused.unwrap_err()).contains("must not be empty"));
}

#[test]
fn a_task_is_alive_from_its_spawn_to_its_end_wherever_it_is_spawned() {
    for runtime in [multi(1), multi(4), current()] {
        let metrics = runtime.metrics();
        assert_eq!(metrics.num_alive_tasks(), 0);
        runtime.block_on(async {
            let (release, wait) = futures::channel::oneshot::channel::<()>();
            // From the main future, from a task, and from another thread.
            let outer = spawn(async move {
                let inner = spawn(wait);
                let _ = inner.await;
            });
            let handle = runtime.handle().clone();
            let elsewhere = std::thread::spawn(move || handle.spawn(std::future::pending::<()>()));
            let elsewhere = elsewhere.join().unwrap();
            await_number_in_task(&metrics, 3).await;
            release.send(()).unwrap();
            outer.await.unwrap();
            await_number_in_task(&metrics, 1).await;
            elsewhere.abort();
            assert!(elsewhere.await.unwrap_err().is_cancelled());
            await_number_in_task(&metrics, 0).await;
        });
        let panicked = runtime.spawn(async { panic!("on purpose") });
        assert!(runtime.block_on(panicked).unwrap_err().is_panic());
        let forgotten = runtime.spawn(std::future::pending::<()>());
        drop(runtime);
        assert_eq!(metrics.num_alive_tasks(), 0);
        drop(forgotten);
    }
}

/// Lets the other tasks run until so many are alive.
async fn await_number_in_task(metrics: &crate::runtime::RuntimeMetrics, number: usize) {
    while metrics.num_alive_tasks() != number {
        crate::runtime::yield_now().await;
    }
}

#[test]
fn what_waits_for_a_worker_is_counted() {
    let runtime = multi(1);
    let metrics = runtime.metrics();
    let (entered, has_entered) = mpsc::channel();
    let (leave, may_leave) = mpsc::channel::<()>();
    let busy = runtime.spawn(async move {
        entered.send(()).unwrap();
        may_leave.recv().unwrap();
    });
    await_message(&has_entered, "the worker");
    for count in 0..5 {
        assert_eq!(metrics.global_queue_depth(), count);
        drop(runtime.spawn(async {}));
    }
    leave.send(()).unwrap();
    runtime.block_on(busy).unwrap();
    await_number("the queue is drained", || metrics.global_queue_depth() == 0);
}

#[test]
fn a_worker_counts_its_sleeps_and_the_time_between_them() {
    for runtime in [multi(2), current()] {
        let metrics = runtime.metrics();
        let workers = metrics.num_workers();
        for _ in 0..3 {
            let (sender, receiver) = futures::channel::oneshot::channel();
            let answer = runtime.spawn(receiver);
            let elsewhere = std::thread::spawn(move || sender.send(1));
            assert_eq!(runtime.block_on(answer).unwrap(), Ok(1));
            elsewhere.join().unwrap().unwrap();
        }
        drop(runtime);
        for worker in 0..workers {
            assert_eq!(metrics.worker_park_unpark_count(worker), 2 * metrics.worker_park_count(worker));
            assert!(metrics.worker_total_busy_duration(worker) > Duration::ZERO);
        }
        let refused = catch_unwind(AssertUnwindSafe(|| metrics.worker_park_count(workers)));
        let message = message_of(refused.unwrap_err());
        assert!(message.contains(&format!("no worker {workers}")), "{message}");
    }
}

#[test]
fn a_task_can_ask_which_worker_runs_it() {
    assert_eq!(worker_index(), None);
    let runtime = multi(2);
    assert_eq!(runtime.block_on(async { worker_index() }), None);
    // Spawned from outside, so that it runs on a worker and not beside the main future.
    let index = futures::executor::block_on(runtime.spawn(async { worker_index() })).unwrap();
    assert!(index.is_some_and(|index| index < 2), "{index:?}");
    let blocking = futures::executor::block_on(runtime.spawn_blocking(worker_index)).unwrap();
    assert_eq!(blocking, None);
    let current = current();
    assert_eq!(current.block_on(async { spawn(async { worker_index() }).await.unwrap() }), Some(0));
    assert_eq!(current.block_on(async { worker_index() }), Some(0));
    let visit = async { (worker_index(), spawn(async { worker_index() }).await.unwrap(), worker_index()) };
    assert_eq!(
        current.handle().block_on(visit),
        (None, Some(0), None),
        "the task is on a worker, the future not"
    );
}

#[test]
fn a_runtime_may_move_while_it_is_entered() {
    let runtime = current();
    let _guard = runtime.enter();
    drop(runtime);
}

#[test]
fn code_that_blocks_in_place_is_not_told_to_yield() {
    let runtime = multi(1);
    let spend_and_ask = || {
        for _ in 0..1000 {
            crate::coop::spend();
        }
        crate::coop::has_budget_remaining()
    };
    let task = runtime.spawn(async move { (block_in_place(spend_and_ask), spend_and_ask()) });
    assert_eq!(futures::executor::block_on(task).unwrap(), (true, false));
    assert!(runtime.block_on(async { block_in_place(spend_and_ask) }));
}

#[test]
fn block_in_place_within_a_local_set_panics_and_names_the_cure() {
    let runtime = multi(1);
    let refused = catch_unwind(AssertUnwindSafe(|| {
        LocalSet::new().block_on(&runtime, async { block_in_place(|| ()) });
    }));
    let message = message_of(refused.unwrap_err());
    assert!(message.contains("LocalSet") && message.contains("spawn_blocking"), "{message}");
}

#[test]
fn a_worker_whose_runtime_ends_before_its_thread_is_there_has_slept_once() {
    for _ in 0..if cfg!(miri) { 2 } else { 100 } {
        let runtime = multi(2);
        let metrics = runtime.metrics();
        drop(runtime);
        for worker in 0..2 {
            assert!(metrics.worker_park_count(worker) >= 1);
            assert_eq!(metrics.worker_park_unpark_count(worker) % 2, 0);
        }
    }
}
