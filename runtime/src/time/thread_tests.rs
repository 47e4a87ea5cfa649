//! The futures on the timers of the process, whose thread never ends, under an executor that is not ours.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use futures::executor::block_on;
use futures::future::{join_all, poll_fn};

use super::*;
use crate::coop::{self, Budget};
use crate::util::test_waker::{Fault, TestWaker};

/// Long enough for the statements in between to come in time. Miri takes fifty times as long for them.
const UNIT: Duration = Duration::from_millis(if cfg!(miri) { 50 } else { 1 });

fn poll_once<F: Future>(future: Pin<&mut F>, waker: &TestWaker) -> Poll<F::Output> {
    let waker = waker.waker();
    future.poll(&mut Context::from_waker(&waker))
}

fn wait_for_wake(waker: &TestWaker) {
    while waker.wakes() == 0 {
        std::thread::yield_now();
    }
}

#[test]
fn a_sleep_is_never_early() {
    block_on(async {
        for micros in [0, 1, 10, 32, 33, 64, 100, 500, 999, 1000, 1001, 5000] {
            let wanted = Duration::from_micros(micros);
            let start = std::time::Instant::now();
            sleep(wanted).await;
            assert!(start.elapsed() >= wanted, "{:?} for {wanted:?}", start.elapsed());
        }
    });
}

#[test]
fn a_thousand_sleeps_side_by_side_are_none_of_them_early() {
    block_on(join_all((0..1000u64).map(|number| async move {
        let wanted = Duration::from_micros(number * 7919 % 20_000);
        let start = std::time::Instant::now();
        sleep(wanted).await;
        assert!(start.elapsed() >= wanted);
    })));
}

#[test]
fn a_past_deadline_is_ready_at_the_first_poll() {
    let waker = TestWaker::new();
    assert!(poll_once(pin!(sleep(Duration::ZERO)), &waker).is_ready());
    let past = Instant::now().checked_sub(Duration::from_secs(1)).unwrap_or_else(Instant::now);
    let mut nap = pin!(sleep_until(past));
    assert!(!nap.is_elapsed(), "nobody has waited for it");
    assert!(poll_once(nap.as_mut(), &waker).is_ready());
    assert!(nap.is_elapsed());
    assert!(poll_once(nap, &waker).is_ready(), "a completed sleep stays completed");
    assert_eq!((waker.clones(), waker.alive()), (0, 0));
}

#[test]
fn the_longest_duration_waits_and_panics_nowhere() {
    let waker = TestWaker::new();
    {
        let mut nap = pin!(sleep(Duration::MAX));
        assert!(poll_once(nap.as_mut(), &waker).is_pending());
        let deadline = nap.deadline();
        nap.as_mut().reset(deadline);
        assert!(!nap.is_elapsed());
        let mut limited = pin!(timeout(Duration::MAX, std::future::pending::<()>()));
        assert!(poll_once(limited.as_mut(), &waker).is_pending());
        assert!(poll_once(limited, &waker).is_pending());
    }
    assert_eq!((waker.wakes(), waker.alive()), (0, 0), "a dropped sleep keeps its waker");
}

#[test]
fn a_sleep_that_moved_to_another_task_wakes_that_one() {
    let (first, second, later) = (TestWaker::new(), TestWaker::new(), TestWaker::new());
    let mut nap = Box::pin(sleep(20 * UNIT));
    let mut after = pin!(sleep(22 * UNIT));
    assert!(poll_once(nap.as_mut(), &first).is_pending());
    assert!(poll_once(nap.as_mut(), &second).is_pending());
    assert!(poll_once(after.as_mut(), &later).is_pending());
    wait_for_wake(&later);
    assert_eq!((first.wakes(), first.alive(), second.wakes()), (0, 0, 1));
    assert!(poll_once(nap.as_mut(), &first).is_ready());
}

#[test]
fn a_reset_moves_a_sleep_both_ways_and_revives_a_completed_one() {
    let (waker, mark) = (TestWaker::new(), TestWaker::new());
    let start = Instant::now();
    let mut nap = pin!(sleep(Duration::from_secs(3600)));
    assert!(poll_once(nap.as_mut(), &waker).is_pending());
    nap.as_mut().reset(start + 5 * UNIT);
    wait_for_wake(&waker);
    assert!(start.elapsed() >= 5 * UNIT && nap.is_elapsed());
    // Fired and not polled since: the timer is gone, the deadline is not.
    nap.as_mut().reset(Instant::now() + 30 * UNIT);
    assert!(poll_once(nap.as_mut(), &waker).is_pending());
    nap.as_mut().reset(Instant::now() + Duration::from_secs(3600));
    let mut later = pin!(sleep(40 * UNIT));
    assert!(poll_once(later.as_mut(), &mark).is_pending());
    wait_for_wake(&mark);
    assert_eq!(waker.wakes(), 1, "the sleep was woken at a deadline it no longer has");
    nap.as_mut().reset(start);
    assert!(poll_once(nap.as_mut(), &waker).is_ready());
    nap.as_mut().reset(Instant::now() + UNIT);
    block_on(nap);
}

#[test]
fn a_timeout_of_zero_polls_its_future_once() {
    let polls = AtomicUsize::new(0);
    let count = |ready: bool| {
        let polls = &polls;
        poll_fn(move |_| {
            polls.fetch_add(1, Ordering::SeqCst);
            if ready { Poll::Ready(7) } else { Poll::Pending }
        })
    };
    assert_eq!(block_on(timeout(Duration::ZERO, count(true))), Ok(7));
    assert!(block_on(timeout(Duration::ZERO, count(false))).is_err());
    assert_eq!(polls.load(Ordering::SeqCst), 2);
}

#[test]
fn a_future_that_is_ready_wins_over_a_deadline_that_has_passed() {
    let past = Instant::now();
    assert_eq!(block_on(timeout_at(past, async { 7 })), Ok(7));
}

#[test]
fn a_task_that_spends_its_budget_still_times_out() {
    // Never done, and with nothing left of the budget after each poll.
    let greedy = poll_fn(|cx: &mut Context<'_>| {
        while let Poll::Ready(coop) = coop::poll_proceed(cx) {
            coop.made_progress();
        }
        Poll::<()>::Pending
    });
    let mut limited = pin!(timeout(5 * UNIT, greedy));
    let start = Instant::now();
    let late = block_on(poll_fn(|cx| {
        assert!(start.elapsed() < Duration::from_secs(30), "the timeout never came");
        coop::with_budget(Budget::initial(), || limited.as_mut().poll(cx))
    }));
    assert!(late.is_err() && start.elapsed() >= 5 * UNIT);
}

#[test]
fn a_sleep_that_is_always_ready_lets_others_run() {
    let waker = TestWaker::new();
    coop::with_budget(Budget::initial(), || {
        let completed = (0..1000).take_while(|_| poll_once(pin!(sleep(Duration::ZERO)), &waker).is_ready());
        assert!(completed.count() < 1000);
    });
    assert_eq!(waker.wakes(), 1, "a sleep that gave way asked for no further poll");
}

#[test]
fn an_interval_keeps_to_its_schedule() {
    block_on(async {
        let start = Instant::now() + UNIT;
        let mut every = interval_at(start, 2 * UNIT);
        for turn in 0..5 {
            assert_eq!(every.tick().await, start + turn * 2 * UNIT);
            assert!(Instant::now() >= start + turn * 2 * UNIT);
        }
    });
}

#[test]
fn an_interval_skips_what_was_missed() {
    block_on(async {
        let mut every = interval(4 * UNIT);
        every.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let start = every.tick().await;
        sleep_until(start + 15 * UNIT).await;
        assert_eq!(every.tick().await, start + 4 * UNIT);
        let next = every.tick().await - start;
        assert!(
            next >= 16 * UNIT && next.as_nanos() % (4 * UNIT).as_nanos() == 0,
            "{next:?} is off the schedule"
        );
    });
}

#[test]
fn a_panicking_waker_leaves_the_timer_thread_alive() {
    let bad = TestWaker::with_fault(Fault::Wake);
    let mut nap = Box::pin(sleep(5 * UNIT));
    assert!(poll_once(nap.as_mut(), &bad).is_pending());
    wait_for_wake(&bad);
    block_on(sleep(UNIT));
}

#[test]
fn sleeps_dropped_and_reset_on_other_threads_while_they_fire_leave_nothing_behind() {
    let rounds = if cfg!(miri) { 5 } else { 1000 };
    std::thread::scope(|scope| {
        for seed in 0..4u64 {
            scope.spawn(move || {
                for round in 0..rounds {
                    let waker = TestWaker::new();
                    let mut nap = Box::pin(sleep(Duration::from_micros((round * 31 + seed) % 200)));
                    if poll_once(nap.as_mut(), &waker).is_pending() && round % 3 == 0 {
                        nap.as_mut().reset(Instant::now() + Duration::from_micros(round % 100));
                        let _ = poll_once(nap.as_mut(), &waker);
                    }
                    drop(nap);
                    // A fire under way may still hold the waker, but must let go of it.
                    while waker.alive() > 0 {
                        std::thread::yield_now();
                    }
                    assert!(waker.wakes() <= 2);
                }
            });
        }
    });
}

#[test]
fn all_may_be_sent_and_shared() {
    fn check<T: Send + Sync>() {}
    check::<Sleep>();
    check::<Timeout<()>>();
    check::<Interval>();
    check::<Instant>();
    check::<error::Elapsed>();
    fn unpin<T: Unpin>() {}
    unpin::<Interval>();
}
