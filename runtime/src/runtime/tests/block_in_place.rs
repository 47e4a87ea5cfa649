//! `block_in_place`: the worker goes on elsewhere, and nothing is lost with the thread that blocks.

use super::*;
use crate::runtime::{Handle, block_in_place, spawn, spawn_blocking};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn all_workers_in_block_in_place_at_once_wait_for_a_task() {
    for workers in [1, 2, 4] {
        let runtime = multi(workers);
        let barrier = Arc::new(std::sync::Barrier::new(workers + 1));
        let handles: Vec<_> = (0..workers)
            .map(|_| {
                let barrier = barrier.clone();
                runtime.spawn(async move {
                    block_in_place(|| barrier.wait());
                })
            })
            .collect();
        let last = runtime.spawn(async move {
            block_in_place(|| barrier.wait());
        });
        within_patience("tasks that block in place", move || {
            futures::executor::block_on(async {
                for handle in handles.into_iter().chain([last]) {
                    handle.await.unwrap();
                }
            });
            drop(runtime);
        });
    }
}

#[test]
fn a_future_in_a_handles_block_on_blocks_in_place_and_others_drive_meanwhile() {
    let runtime = current();
    let handle = runtime.handle().clone();
    let (begun, has_begun) = mpsc::channel();
    let (end, ended) = mpsc::channel::<u32>();
    let visitor = std::thread::spawn(move || {
        handle.block_on(async {
            let task = spawn(async { 1 });
            let number = block_in_place(|| {
                begun.send(()).unwrap();
                await_message(&ended, "what a task sends that only the other thread can run")
            });
            // Whether or not the core was to be had again.
            let (own, of_late) = (task.await.unwrap(), spawn(async { 10 }).await.unwrap());
            number + own + of_late
        })
    });
    await_message(&has_begun, "the visitor");
    let (stay, until) = futures::channel::oneshot::channel::<()>();
    let driver = std::thread::spawn(move || {
        runtime.block_on(async move {
            spawn(async move { end.send(100).unwrap() }).await.unwrap();
            until.await.unwrap();
        });
    });
    assert_eq!(within_patience("the visitor", move || visitor.join().unwrap()), 111);
    stay.send(()).unwrap();
    within_patience("the driver", move || driver.join().unwrap());
}

#[test]
fn a_future_in_a_handles_block_on_may_drive_in_place_and_go_on() {
    let runtime = current();
    let answer = runtime.handle().block_on(async {
        let task = spawn(async { 1 });
        let inner =
            block_in_place(|| Handle::current().block_on(async { spawn(async { 10 }).await.unwrap() }));
        inner + task.await.unwrap()
    });
    assert_eq!(answer, 11);
    let refused = catch_unwind(AssertUnwindSafe(|| runtime.block_on(async { block_in_place(|| ()) })));
    assert!(message_of(refused.unwrap_err()).contains("multi-thread"));
}

#[test]
fn a_panic_in_place_leaves_the_runtime_usable() {
    let runtime = current();
    let visit = || runtime.handle().block_on(async { block_in_place(|| panic!("on purpose")) });
    assert_eq!(message_of(catch_unwind(AssertUnwindSafe(visit)).unwrap_err()), "on purpose");
    assert_eq!(runtime.block_on(runtime.spawn(async { 3 })).unwrap(), 3);
}

#[test]
fn a_main_future_that_blocks_in_place_waits_for_a_task() {
    let runtime = multi(1);
    for _ in 0..if cfg!(miri) { 2 } else { 50 } {
        runtime.block_on(async {
            let (sender, receiver) = mpsc::channel();
            drop(spawn(async move { sender.send(1).unwrap() }));
            assert_eq!(block_in_place(|| await_message(&receiver, "the task")), 1);
            assert_eq!(spawn(async { 2 }).await.unwrap(), 2);
        });
    }
}

#[test]
fn a_panic_in_block_in_place_leaves_the_worker() {
    let runtime = multi(1);
    for _ in 0..10 {
        let error = futures::executor::block_on(runtime.spawn(async {
            block_in_place(|| std::panic::resume_unwind(Box::new("in place")));
        }));
        assert!(error.unwrap_err().is_panic());
    }
    assert_eq!(futures::executor::block_on(runtime.spawn(async { 3 })).unwrap(), 3);
}

/// The thread that goes on as the worker must not take the last one there may be for blocking work.
#[test]
fn blocking_work_runs_beside_a_worker_that_moved() {
    let runtime =
        Builder::<NoDriver>::new_multi_thread().worker_threads(1).max_blocking_threads(1).build().unwrap();
    let (sender, receiver) = mpsc::channel();
    let moved = runtime.spawn(async move {
        let (proceed, wait) = mpsc::channel();
        drop(spawn(async move { proceed.send(()).unwrap() }));
        // The inner task runs, so another thread acts as the worker by now.
        block_in_place(|| await_message(&wait, "the worker's other thread"));
        drop(spawn_blocking(move || sender.send(()).unwrap()));
    });
    await_message(&receiver, "the blocking closure");
    futures::executor::block_on(moved).unwrap();
}

#[test]
fn block_in_place_on_a_current_thread_runtime_panics_and_names_the_cure() {
    let runtime = current();
    let error = runtime.block_on(async { spawn(async { block_in_place(|| ()) }).await.unwrap_err() });
    assert!(message_of(error.into_panic()).contains("spawn_blocking"));
    assert_eq!(block_in_place(|| 1), 1, "outside a runtime it only calls the closure");
}
