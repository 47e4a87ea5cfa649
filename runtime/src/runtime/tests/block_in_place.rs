//! `block_in_place`: the worker goes on elsewhere, and nothing is lost with the thread that blocks.

use super::*;
use crate::runtime::{block_in_place, spawn, spawn_blocking};

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
