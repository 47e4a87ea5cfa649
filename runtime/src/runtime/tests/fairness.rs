//! No task is forgotten, whatever the others do.

use super::*;
use crate::runtime::{spawn, yield_now};
use std::sync::atomic::AtomicBool;

/// One more than a queue holds, half a queue more, and several times as many.
const OVERFLOWING: &[usize] = if cfg!(miri) { &[5, 7, 20] } else { &[257, 385, 1000] };

/// More tasks than a queue holds, none of which ever waits: what overflowed gets its turn.
#[test]
fn tasks_that_overflowed_run_beside_a_queue_that_never_runs_dry() {
    for &tasks in OVERFLOWING {
        all_start_though_none_waits(tasks);
    }
}

fn all_start_though_none_waits(tasks: usize) {
    let runtime = multi(1);
    let (started, all_started) = (Count::default(), Arc::new(AtomicBool::new(false)));
    let (sender, receiver) = mpsc::channel();
    for _ in 0..tasks {
        let (started, all_started, sender) = (started.clone(), all_started.clone(), sender.clone());
        drop(runtime.spawn(async move {
            if started.add() == tasks {
                all_started.store(true, Ordering::Release);
                sender.send(()).unwrap();
            }
            while !all_started.load(Ordering::Acquire) {
                yield_now().await;
            }
        }));
    }
    await_message(&receiver, "the last of the tasks to start");
}

#[test]
fn two_tasks_that_keep_waking_each_other_do_not_starve_a_third() {
    let runtime = multi(1);
    let stop = Arc::new(AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel();
    let ping_pong = {
        let stop = stop.clone();
        async move {
            let mut handles = Vec::new();
            for _ in 0..2 {
                let stop = stop.clone();
                handles.push(spawn(async move {
                    while !stop.load(Ordering::Acquire) {
                        drop(spawn(yield_now()).await);
                    }
                }));
            }
            drop(spawn(async move { sender.send(()).unwrap() }));
            for handle in handles {
                handle.await.unwrap();
            }
        }
    };
    let main = std::thread::spawn(move || runtime.block_on(ping_pong));
    await_message(&receiver, "the third task");
    stop.store(true, Ordering::Release);
    main.join().unwrap();
}

#[test]
fn a_task_whose_operations_are_always_ready_lets_others_run() {
    let runtime = current();
    runtime.block_on(async {
        let stop = Arc::new(AtomicBool::new(false));
        let busy = {
            let stop = stop.clone();
            spawn(async move {
                while !stop.load(Ordering::Acquire) {
                    crate::coop::consume_budget().await;
                }
            })
        };
        spawn(async move { stop.store(true, Ordering::Release) }).await.unwrap();
        busy.await.unwrap();
    });
}

#[test]
fn a_task_behind_a_stuck_worker_runs_on_another() {
    let runtime = multi(2);
    let (release, blocked) = mpsc::channel::<()>();
    let (sender, receiver) = mpsc::channel();
    // The inner task lands in the LIFO slot of a worker that gets stuck at once.
    let stuck = runtime.spawn(async move {
        drop(spawn(async move { sender.send(()).unwrap() }));
        blocked.recv_timeout(PATIENCE).unwrap();
    });
    await_message(&receiver, "the task in the stuck worker's slot");
    release.send(()).unwrap();
    runtime.block_on(stuck).unwrap();
}

/// Tasks with short polls keep to their worker for a while, but not for good.
#[test]
fn tasks_with_short_polls_spread_over_the_workers() {
    const TASKS: usize = 50;
    let runtime = multi(2);
    let seen = Arc::new(std::sync::Mutex::new(std::collections::HashSet::new()));
    let (sender, receiver) = mpsc::channel();
    for _ in 0..TASKS {
        let (seen, sender) = (seen.clone(), sender.clone());
        drop(runtime.spawn(async move {
            loop {
                {
                    let mut seen = seen.lock().unwrap();
                    seen.insert(std::thread::current().id());
                    if seen.len() == 2 {
                        let _ = sender.send(());
                        return;
                    }
                }
                for _ in 0..50 {
                    yield_now().await;
                }
            }
        }));
    }
    await_message(&receiver, "a second worker to take some of the tasks");
}

/// A worker with short tasks, which thieves leave alone, gets stuck: what is queued behind it runs elsewhere.
#[test]
fn short_tasks_behind_a_worker_that_gets_stuck_run_on_another() {
    let tasks = if cfg!(miri) { 10 } else { 400 };
    let runtime = multi(2);
    let (release, blocked) = mpsc::channel::<()>();
    let (sender, receiver) = mpsc::channel();
    let stuck = runtime.spawn(async move {
        for _ in 0..tasks * 10 {
            spawn(async {}).await.unwrap();
        }
        for _ in 0..tasks {
            let sender = sender.clone();
            drop(spawn(async move { sender.send(()).unwrap() }));
        }
        blocked.recv_timeout(PATIENCE).unwrap();
    });
    for _ in 0..tasks {
        await_message(&receiver, "a task behind the stuck worker");
    }
    release.send(()).unwrap();
    runtime.block_on(stuck).unwrap();
}

#[test]
fn many_tasks_from_many_threads_all_run_once() {
    let (threads, each) = if cfg!(miri) { (2, 20) } else { (4, 5000) };
    let runtime = Arc::new(multi(2));
    let runs = Count::default();
    let spawners: Vec<_> = (0..threads)
        .map(|_| {
            let (runtime, runs) = (runtime.clone(), runs.clone());
            std::thread::spawn(move || {
                let handles: Vec<_> = (0..each)
                    .map(|_| {
                        let runs = runs.clone();
                        runtime.spawn(async move {
                            yield_now().await;
                            runs.add();
                        })
                    })
                    .collect();
                futures::executor::block_on(async {
                    for handle in handles {
                        handle.await.unwrap();
                    }
                });
            })
        })
        .collect();
    within_patience("the spawners", move || spawners.into_iter().for_each(|thread| thread.join().unwrap()));
    assert_eq!(runs.get(), threads * each);
}

/// A sleep that moved with its task and is given an earlier deadline on another thread.
#[test]
#[allow(clippy::async_yields_async)] // The sleep itself is handed on.
fn a_sleep_reset_to_an_earlier_deadline_on_another_worker_is_in_time() {
    use crate::time::{Instant, sleep};
    let runtime = multi(2);
    let nap = std::thread::scope(|_| {
        runtime.block_on(async {
            // First polled on a worker's thread, whose worker then sleeps without limit.
            spawn(async {
                let mut nap = Box::pin(sleep(Duration::MAX));
                assert!(futures::poll!(nap.as_mut()).is_pending());
                nap
            })
            .await
            .unwrap()
        })
    });
    // Then on a thread that is no worker.
    let thread = std::thread::spawn(move || {
        let mut nap = nap;
        nap.as_mut().reset(Instant::now() + Duration::from_millis(5));
        futures::executor::block_on(nap);
    });
    within_patience("the sleep that was reset", move || thread.join().unwrap());
    drop(runtime);
}
