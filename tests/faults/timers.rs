//! Timers on our runtimes: never early, never lost, whatever is done to them meanwhile.

use std::future::{pending, poll_fn, ready};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;

use mini::sync::mpsc;
use mini::time::{Duration, Instant, Sleep, sleep, sleep_until, timeout};

use crate::support::{Watchdog, given_up_after, multi_thread, on_each_runtime};

#[test]
fn no_timer_is_early() {
    on_each_runtime(|| async {
        let start = Instant::now();
        // Steps that meet and miss the borders of milliseconds and of the wheel's levels.
        let tasks: Vec<_> = (0..3_000_u64)
            .map(|index| {
                let deadline = start + Duration::from_nanos(index * 37_003 % 140_000_000);
                mini::spawn(async move {
                    sleep_until(deadline).await;
                    let now = Instant::now();
                    assert!(now >= deadline, "{:?} early", deadline - now);
                })
            })
            .collect();
        for task in tasks {
            task.await?;
        }
        Ok(())
    });
}

#[test]
fn ten_thousand_timers_of_one_instant_all_fire() {
    on_each_runtime(|| async {
        let deadline = Instant::now() + Duration::from_millis(20);
        let tasks: Vec<_> = (0..10_000).map(|_| mini::spawn(sleep_until(deadline))).collect();
        for task in tasks {
            task.await?;
        }
        assert!(Instant::now() >= deadline);
        Ok(())
    });
}

#[test]
fn a_sleep_that_another_thread_resets_while_it_fires_still_ends() {
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    let sleep_shared: Arc<Mutex<Pin<Box<Sleep>>>> = {
        let _guard = runtime.enter();
        Arc::new(Mutex::new(Box::pin(sleep(Duration::ZERO))))
    };
    let is_over = Arc::new(AtomicBool::new(false));
    let resetter = thread::spawn({
        let (sleep_shared, is_over) = (sleep_shared.clone(), is_over.clone());
        move || {
            let mut round = 0;
            while !is_over.load(Ordering::Relaxed) {
                round += 1;
                let deadline = Instant::now() + Duration::from_micros(round % 1_500);
                sleep_shared.lock().expect("no panic").as_mut().reset(deadline);
                thread::yield_now();
            }
        }
    });
    runtime.block_on(async {
        for _ in 0..500 {
            // A reset only moves the end: however many there were, one comes.
            poll_fn(|cx| sleep_shared.lock().expect("no panic").as_mut().poll(cx)).await;
        }
    });
    is_over.store(true, Ordering::Relaxed);
    resetter.join().expect("no panic");
}

#[test]
fn sleeps_dropped_by_another_thread_while_they_fire_disturb_nobody() {
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    let (sender, receiver) = std::sync::mpsc::channel::<Vec<Pin<Box<Sleep>>>>();
    let dropper = thread::spawn(move || receiver.into_iter().map(|sleeps| sleeps.len()).sum::<usize>());
    runtime.block_on(async {
        for round in 0..200_u64 {
            let deadline = Instant::now() + Duration::from_micros(round * 13 % 1_100);
            let mut sleeps: Vec<_> = (0..20).map(|_| Box::pin(sleep_until(deadline))).collect();
            for sleep in &mut sleeps {
                given_up_after(1, sleep.as_mut()).await;
            }
            let others: Vec<_> = (0..4).map(|_| mini::spawn(sleep_until(deadline))).collect();
            sender.send(sleeps).expect("the thread lives");
            for other in others {
                other.await.expect("no panic");
            }
        }
    });
    drop(sender);
    assert_eq!(dropper.join().expect("no panic"), 200 * 20);
}

#[test]
fn a_deadline_beyond_all_time_waits_and_harms_nothing() {
    on_each_runtime(|| async {
        let mut far = Box::pin(sleep(Duration::MAX));
        assert!(given_up_after(1, far.as_mut()).await.is_none());
        far.as_mut().reset(Instant::now() + Duration::from_millis(1));
        far.await;
        assert_eq!(timeout(Duration::MAX, ready(7)).await, Ok(7));
        assert_eq!(timeout(Duration::MAX, async { sleep(Duration::from_millis(1)).await }).await, Ok(()));
        let mut interval = mini::time::interval(Duration::MAX);
        interval.tick().await;
        assert!(given_up_after(1, interval.tick()).await.is_none());
        Ok(())
    });
}

#[test]
fn a_timeout_of_zero_polls_once() {
    on_each_runtime(|| async {
        assert_eq!(timeout(Duration::ZERO, ready(7)).await, Ok(7));
        let mut polls = 0;
        let waits = poll_fn(|_| {
            polls += 1;
            Poll::<()>::Pending
        });
        assert!(timeout(Duration::ZERO, waits).await.is_err());
        assert_eq!(polls, 1);
        assert!(timeout(Duration::ZERO, pending::<()>()).await.is_err());
        Ok(())
    });
}

#[test]
fn a_timeout_ends_a_future_that_spends_the_whole_budget_each_time() {
    on_each_runtime(|| async {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let greedy = async {
            loop {
                // Always ready: only the budget makes it yield, and then nothing is left for the timer's own poll.
                sender.send(()).expect("the receiver lives");
                receiver.recv().await;
            }
        };
        assert!(timeout(Duration::from_millis(2), greedy).await.is_err());
        Ok(())
    });
}

#[test]
fn a_sleep_moves_between_tasks_with_its_newest_waker() {
    on_each_runtime(|| async {
        for _ in 0..50 {
            let mut moving = Box::pin(sleep(Duration::from_micros(300)));
            given_up_after(1, moving.as_mut()).await;
            mini::spawn(moving).await?;
        }
        Ok(())
    });
}
