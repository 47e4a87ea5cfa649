//! The scheduler on one thread.

use super::*;
use crate::runtime::{spawn, yield_now};
use std::future::{pending, poll_fn};
use std::task::Poll;

#[test]
fn tasks_run_in_the_order_in_which_they_were_spawned() {
    let runtime = current();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    runtime.block_on(async {
        let handles: Vec<_> = (0..5)
            .map(|number| {
                let order = order.clone();
                spawn(async move {
                    for round in 0..2 {
                        order.lock().unwrap().push((round, number));
                        yield_now().await;
                    }
                })
            })
            .collect();
        for handle in handles {
            handle.await.unwrap();
        }
    });
    let expected: Vec<_> = (0..2).flat_map(|round| (0..5).map(move |number| (round, number))).collect();
    assert_eq!(*order.lock().unwrap(), expected);
}

#[test]
fn a_second_thread_in_block_on_drives_its_future_and_takes_over() {
    let runtime = Arc::new(current());
    let (driving, is_driving) = mpsc::channel();
    let (finish, finished) = futures::channel::oneshot::channel::<()>();
    let first = {
        let runtime = runtime.clone();
        std::thread::spawn(move || {
            runtime.block_on(async move {
                driving.send(()).unwrap();
                finished.await.unwrap();
            });
        })
    };
    await_message(&is_driving, "the first thread");
    // The task is driven by the first thread, the future that awaits it by this one.
    assert_eq!(runtime.block_on(runtime.spawn(async { 1 })).unwrap(), 1);
    // A task that needs a driver after the first thread has gone: this one takes over.
    let task = runtime.spawn(async move {
        finish.send(()).unwrap();
        let mut polls = 0;
        poll_fn(move |cx| {
            polls += 1;
            cx.waker().wake_by_ref();
            if polls == 100 { Poll::Ready(polls) } else { Poll::Pending }
        })
        .await
    });
    let main = runtime.clone();
    assert_eq!(within_patience("the second thread", move || main.block_on(task).unwrap()), 100);
    first.join().unwrap();
}

#[test]
fn a_task_woken_from_a_foreign_thread_runs() {
    let runtime = current();
    for _ in 0..if cfg!(miri) { 3 } else { 200 } {
        let (sender, receiver) = futures::channel::oneshot::channel();
        let task = runtime.spawn(receiver);
        let thread = std::thread::spawn(move || sender.send(9).unwrap());
        assert_eq!(runtime.block_on(task).unwrap(), Ok(9));
        thread.join().unwrap();
    }
}

#[test]
fn what_a_park_hook_spawns_runs_at_once() {
    let handle = Arc::new(std::sync::OnceLock::<crate::runtime::Handle>::new());
    for is_multi in [false, true] {
        let (sender, receiver) = mpsc::channel();
        let is_spawned = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let mut builder = match is_multi {
            true => Builder::<NoDriver>::new_multi_thread(),
            false => Builder::<NoDriver>::new_current_thread(),
        };
        let handle = handle.clone();
        let runtime = builder
            .worker_threads(1)
            .on_thread_park(move || {
                let _ = &handle;
                if crate::runtime::Handle::try_current().is_ok() && !is_spawned.swap(true, Ordering::AcqRel) {
                    let sender = sender.clone();
                    drop(spawn(async move { sender.send(()).unwrap() }));
                }
            })
            .build()
            .unwrap();
        match is_multi {
            true => await_message(&receiver, "the task of the hook"),
            false => {
                let (done, is_done) = futures::channel::oneshot::channel::<()>();
                let watcher = std::thread::spawn(move || {
                    await_message(&receiver, "the task of the hook");
                    done.send(()).unwrap();
                });
                runtime.block_on(is_done).unwrap();
                watcher.join().unwrap();
            }
        }
    }
}

#[test]
fn a_runtime_dropped_with_waiting_and_unpolled_tasks_drops_their_futures() {
    let drops = Count::default();
    let runtime = current();
    for _ in 0..3 {
        let guard = OnDrop(drops.clone());
        drop(runtime.spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        }));
    }
    runtime.block_on(yield_now());
    let guard = OnDrop(drops.clone());
    let unpolled = runtime.spawn(async move { drop(guard) });
    drop(runtime);
    assert_eq!(drops.get(), 4);
    assert!(futures::executor::block_on(unpolled).unwrap_err().is_cancelled());
}
