//! The thread inside `block_on` as a worker: what it leaves behind, and what it must not hold up.

use super::*;
use crate::runtime::{Handle, spawn, yield_now};
use std::future::poll_fn;
use std::task::Poll;

/// With one worker asked for, nobody but the reserve is there to run it.
#[test]
fn a_task_left_behind_by_a_main_future_runs() {
    for workers in [1, 2] {
        let runtime = multi(workers);
        for _ in 0..if cfg!(miri) { 2 } else { 100 } {
            let (sender, receiver) = mpsc::channel();
            runtime.block_on(async move {
                drop(spawn(async move {
                    yield_now().await;
                    sender.send(()).unwrap();
                }));
            });
            await_message(&receiver, "the task that was left behind");
        }
    }
}

#[test]
fn a_main_future_that_blocks_its_thread_does_not_keep_tasks_from_running() {
    for workers in [1, 2] {
        let runtime = multi(workers);
        let (sender, receiver) = mpsc::channel();
        runtime.block_on(async {
            for number in 0..3 {
                let sender = sender.clone();
                drop(spawn(async move { sender.send(number).unwrap() }));
            }
            let mut numbers: Vec<_> =
                (0..3).map(|_| await_message(&receiver, "a task beside the main future")).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, [0, 1, 2]);
        });
    }
}

#[test]
fn a_main_future_that_blocks_after_it_was_woken_does_not_keep_tasks_from_running() {
    let runtime = multi(1);
    runtime.block_on(async {
        let (sender, receiver) = mpsc::channel();
        spawn(yield_now()).await.unwrap();
        let handle = Handle::current();
        std::thread::spawn(move || handle.spawn(async move { sender.send(()).unwrap() }));
        await_message(&receiver, "a task from outside");
    });
}

#[test]
fn two_threads_in_block_on_exchange_messages_with_tasks() {
    let runtime = Arc::new(multi(2));
    let threads: Vec<_> = (0..3)
        .map(|number| {
            let runtime = runtime.clone();
            std::thread::spawn(move || {
                runtime.block_on(async move {
                    for _ in 0..if cfg!(miri) { 3 } else { 1000 } {
                        assert_eq!(spawn(async move { number }).await.unwrap(), number);
                    }
                });
            })
        })
        .collect();
    within_patience("three threads in block_on", move || {
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

#[test]
fn the_main_future_is_woken_from_a_foreign_thread() {
    let runtime = multi(1);
    for _ in 0..if cfg!(miri) { 3 } else { 200 } {
        let news = Count::default();
        let mut thread = None;
        runtime.block_on(poll_fn(|cx| {
            if news.get() == 1 {
                return Poll::Ready(());
            }
            let (waker, news) = (cx.waker().clone(), news.clone());
            thread.get_or_insert_with(|| {
                std::thread::spawn(move || {
                    news.add();
                    waker.wake();
                })
            });
            Poll::Pending
        }));
        thread.unwrap().join().unwrap();
    }
}

#[test]
fn a_main_future_that_panics_leaves_the_runtime_whole() {
    let runtime = multi(1);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        runtime.block_on(async { std::panic::resume_unwind(Box::new("main")) })
    }));
    assert!(panicked.is_err());
    assert_eq!(runtime.block_on(async { spawn(async { 7 }).await.unwrap() }), 7);
}

#[test]
fn an_inner_runtime_on_a_blocking_thread_is_no_worker_of_the_outer() {
    let runtime = multi(1);
    let answer = runtime.block_on(async {
        crate::runtime::spawn_blocking(|| {
            let inner = multi(1);
            inner.block_on(async { spawn(async { 5 }).await.unwrap() })
        })
        .await
        .unwrap()
    });
    assert_eq!(answer, 5);
}
