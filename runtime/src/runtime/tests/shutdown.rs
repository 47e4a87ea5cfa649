//! The end of a runtime: every task over, every thread gone, nothing run afterwards, whenever it comes.

use super::*;
use crate::runtime::{Handle, spawn, spawn_blocking, yield_now};
use std::future::pending;

/// Tasks in every state: unpolled, queued again and again, waiting, woken from outside.
fn populate(handle: &Handle, drops: &Count, tasks: usize) {
    for number in 0..tasks {
        let guard = OnDrop(drops.clone());
        drop(handle.spawn(async move {
            let _guard = guard;
            match number % 3 {
                0 => pending::<()>().await,
                1 => loop {
                    yield_now().await;
                },
                _ => loop {
                    drop(spawn(yield_now()).await);
                },
            }
        }));
    }
}

#[test]
fn a_runtime_dropped_while_its_tasks_run_drops_each_once() {
    let rounds = if cfg!(miri) { 2 } else { 100 };
    within_patience("dropping busy runtimes", move || {
        for round in 0..rounds {
            let drops = Count::default();
            let runtime = multi(1 + round % 3);
            populate(runtime.handle(), &drops, 30);
            drop(runtime);
            assert_eq!(drops.get(), 30);
        }
    });
}

#[test]
fn tasks_spawned_while_the_runtime_ends_run_or_are_cancelled() {
    let rounds = if cfg!(miri) { 2 } else { 50 };
    within_patience("spawning against shutdown", move || {
        for _ in 0..rounds {
            let drops = Count::default();
            let runtime = multi(2);
            let spawners: Vec<_> = (0..2)
                .map(|_| {
                    let (handle, drops) = (runtime.handle().clone(), drops.clone());
                    std::thread::spawn(move || {
                        let handles: Vec<_> = (0..50)
                            .map(|_| {
                                let guard = OnDrop(drops.clone());
                                handle.spawn(async move {
                                    yield_now().await;
                                    drop(guard);
                                })
                            })
                            .collect();
                        // Each answers: an output, or that it was cancelled.
                        for handle in handles {
                            let _ = futures::executor::block_on(handle);
                        }
                    })
                })
                .collect();
            drop(runtime);
            spawners.into_iter().for_each(|thread| thread.join().unwrap());
            assert_eq!(drops.get(), 100);
        }
    });
}

#[test]
fn wakes_from_outside_while_the_runtime_ends_do_no_harm() {
    let rounds = if cfg!(miri) { 2 } else { 100 };
    within_patience("waking against shutdown", move || {
        for _ in 0..rounds {
            let drops = Count::default();
            let runtime = multi(2);
            let senders: Vec<_> = (0..20)
                .map(|_| {
                    let (sender, receiver) = futures::channel::oneshot::channel::<()>();
                    let guard = OnDrop(drops.clone());
                    drop(runtime.spawn(async move {
                        let _ = receiver.await;
                        drop(guard);
                    }));
                    sender
                })
                .collect();
            let waker = std::thread::spawn(move || {
                senders.into_iter().for_each(|sender| {
                    let _ = sender.send(());
                })
            });
            drop(runtime);
            waker.join().unwrap();
            assert_eq!(drops.get(), 20);
        }
    });
}

#[test]
fn a_handle_spawns_cancelled_tasks_once_its_runtime_has_ended() {
    for runtime in [multi(1), current()] {
        let handle = runtime.handle().clone();
        drop(runtime);
        let drops = Count::default();
        let guard = OnDrop(drops.clone());
        let task = handle.spawn(async move { drop(guard) });
        assert_eq!(drops.get(), 1);
        assert!(futures::executor::block_on(task).unwrap_err().is_cancelled());
        let blocking = handle.spawn_blocking(|| ());
        assert!(futures::executor::block_on(blocking).unwrap_err().is_cancelled());
        assert_eq!(handle.block_on(async { 4 }), 4, "a future of its own is still driven");
    }
}

#[test]
fn a_spawn_in_the_drop_of_a_cancelled_future_is_cancelled_too() {
    struct SpawnsInDrop(Count);
    impl Drop for SpawnsInDrop {
        fn drop(&mut self) {
            let guard = OnDrop(self.0.clone());
            if let Ok(handle) = Handle::try_current() {
                drop(handle.spawn(async move { drop(guard) }));
            }
        }
    }
    for is_multi in [false, true] {
        let drops = Count::default();
        let runtime = if is_multi { multi(1) } else { current() };
        let spawner = SpawnsInDrop(drops.clone());
        let (sender, receiver) = mpsc::channel();
        drop(runtime.spawn(async move {
            let _spawner = spawner;
            sender.send(()).unwrap();
            pending::<()>().await;
        }));
        if !is_multi {
            runtime.block_on(yield_now());
        }
        await_message(&receiver, "the task's start");
        within_patience("a spawn in drop", move || drop(runtime));
        assert_eq!(drops.get(), 1);
    }
}

#[test]
fn a_panic_in_a_cancelled_futures_drop_does_not_stop_the_end() {
    struct PanicsInDrop(Count);
    impl Drop for PanicsInDrop {
        fn drop(&mut self) {
            self.0.add();
            std::panic::resume_unwind(Box::new("in drop"));
        }
    }
    for runtime in [multi(2), current()] {
        let drops = Count::default();
        for _ in 0..5 {
            let bomb = PanicsInDrop(drops.clone());
            drop(runtime.spawn(async move {
                let _bomb = bomb;
                pending::<()>().await;
            }));
        }
        within_patience("panics in drop", move || drop(runtime));
        assert_eq!(drops.get(), 5);
    }
}

#[test]
fn a_runtime_dropped_inside_async_code_panics_and_names_the_cure() {
    let outer = multi(1);
    let inner = multi(1);
    let error = outer.block_on(async move { spawn(async move { drop(inner) }).await.unwrap_err() });
    assert!(message_of(error.into_panic()).contains("shutdown_background"));
    let inner = multi(1);
    outer.block_on(async move { inner.shutdown_background() });
}

#[test]
fn a_runtime_dropped_by_a_task_of_its_own_ends() {
    let drops = Count::default();
    let runtime = multi(2);
    let handle = runtime.handle().clone();
    let guard = OnDrop(drops.clone());
    drop(handle.spawn(async move {
        let _guard = guard;
        pending::<()>().await;
    }));
    let task = handle.spawn(async move { runtime.shutdown_background() });
    let _ = within_patience("the task", move || futures::executor::block_on(task));
    drop(handle);
    let (sender, receiver) = mpsc::channel();
    // Whoever leaves last has dropped the task that waited.
    std::thread::spawn(move || {
        while drops.get() == 0 {
            std::thread::yield_now();
        }
        sender.send(()).unwrap();
    });
    await_message(&receiver, "the end of the tasks");
}

#[test]
fn a_runtime_dropped_in_a_thread_locals_destructor_ends() {
    thread_local! {
        static KEPT: std::cell::RefCell<Option<Runtime>> = const { std::cell::RefCell::new(None) };
    }
    for is_multi in [false, true] {
        let drops = Count::default();
        let guard = OnDrop(drops.clone());
        within_patience("the end of a thread", move || {
            let runtime = if is_multi { multi(1) } else { current() };
            runtime.block_on(async move {
                drop(spawn(async move {
                    let _guard = guard;
                    pending::<()>().await;
                }));
                yield_now().await;
            });
            KEPT.with(|kept| *kept.borrow_mut() = Some(runtime));
        });
        assert_eq!(drops.get(), 1);
    }
}

#[test]
fn shutdown_timeout_does_not_wait_for_a_stuck_closure() {
    for runtime in [multi(1), current()] {
        let (release, stuck) = mpsc::channel::<()>();
        let (sender, receiver) = mpsc::channel();
        drop(runtime.spawn_blocking(move || {
            sender.send(()).unwrap();
            let _ = stuck.recv_timeout(PATIENCE);
        }));
        await_message(&receiver, "the closure's start");
        within_patience("shutdown_timeout", move || runtime.shutdown_timeout(Duration::from_millis(10)));
        release.send(()).unwrap();
    }
}

#[test]
fn shutdown_timeout_does_not_wait_for_a_stuck_task() {
    let runtime = multi(1);
    let (release, stuck) = mpsc::channel::<()>();
    let (sender, receiver) = mpsc::channel();
    drop(runtime.spawn(async move {
        sender.send(()).unwrap();
        let _ = stuck.recv_timeout(PATIENCE);
    }));
    await_message(&receiver, "the task's start");
    within_patience("shutdown_timeout", move || runtime.shutdown_timeout(Duration::from_millis(10)));
    release.send(()).unwrap();
}

#[test]
fn dropping_a_runtime_waits_for_a_closure_that_runs() {
    let runtime = multi(1);
    let done = Count::default();
    let (sender, receiver) = mpsc::channel();
    let running = done.clone();
    drop(runtime.spawn_blocking(move || {
        sender.send(()).unwrap();
        std::thread::yield_now();
        running.add();
    }));
    await_message(&receiver, "the closure's start");
    drop(runtime);
    assert_eq!(done.get(), 1);
}

#[test]
fn a_thread_in_block_on_goes_on_alone_when_the_runtime_ends() {
    for is_multi in [false, true] {
        let runtime = if is_multi { multi(1) } else { current() };
        let handle = runtime.handle().clone();
        let (sender, receiver) = futures::channel::oneshot::channel::<u32>();
        let (started, is_started) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            handle.block_on(async move {
                started.send(()).unwrap();
                receiver.await.unwrap()
            })
        });
        await_message(&is_started, "block_on");
        within_patience("shutdown beside block_on", move || drop(runtime));
        sender.send(6).unwrap();
        assert_eq!(within_patience("block_on after the end", move || thread.join().unwrap()), 6);
    }
}

#[test]
fn blocking_closures_that_wait_in_the_queue_are_cancelled() {
    let runtime =
        Builder::<NoDriver>::new_multi_thread().worker_threads(1).max_blocking_threads(1).build().unwrap();
    let (release, stuck) = mpsc::channel::<()>();
    let (sender, receiver) = mpsc::channel();
    let first = runtime.spawn_blocking(move || {
        sender.send(()).unwrap();
        stuck.recv_timeout(PATIENCE).unwrap();
    });
    await_message(&receiver, "the first closure");
    let second = runtime.spawn_blocking(|| ());
    runtime.shutdown_background();
    assert!(futures::executor::block_on(second).unwrap_err().is_cancelled());
    release.send(()).unwrap();
    futures::executor::block_on(first).unwrap();
    let _ = spawn_blocking::<fn(), ()>;
}
