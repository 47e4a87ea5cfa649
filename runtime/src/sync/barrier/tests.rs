//! Scenarios of the barrier.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::executor::block_on;

use super::*;
use crate::util::test_waker::TestWaker;

#[test]
fn nobody_goes_before_all_have_arrived_and_the_last_leads() {
    let barrier = Barrier::new(3);
    let waker = TestWaker::new();
    let mut waiting = [Box::pin(barrier.wait()), Box::pin(barrier.wait())];
    for future in &mut waiting {
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker.waker())).is_pending());
    }
    for future in &mut waiting {
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker.waker())).is_pending());
    }
    assert_eq!(waker.wakes(), 0);
    assert!(block_on(barrier.wait()).is_leader());
    assert_eq!(waker.wakes(), 2);
    for future in waiting {
        assert!(!block_on(future).is_leader());
    }
}

#[test]
fn it_starts_anew_and_zero_counts_as_one() {
    for count in [0, 1] {
        let barrier = Barrier::new(count);
        assert!((0..3).all(|_| block_on(barrier.wait()).is_leader()));
    }
    let barrier = Barrier::new(2);
    for _ in 0..3 {
        let (first, second) = block_on(async { futures::join!(barrier.wait(), barrier.wait()) });
        assert!(!first.is_leader() && second.is_leader());
    }
}

#[test]
fn who_arrived_and_went_away_is_counted() {
    let barrier = Barrier::new(2);
    let waker = TestWaker::new();
    {
        let mut gone = pin!(barrier.wait());
        assert!(gone.as_mut().poll(&mut Context::from_waker(&waker.waker())).is_pending());
    }
    assert!(block_on(barrier.wait()).is_leader());
    assert_eq!((waker.wakes(), waker.alive()), (0, 0));
    let mut never_polled = Box::pin(barrier.wait());
    assert!(never_polled.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
}

#[test]
fn threads_keep_step_round_by_round() {
    const ROUNDS: usize = if cfg!(miri) { 10 } else { 1_000 };
    let (barrier, arrivals) = (Arc::new(Barrier::new(4)), Arc::new(AtomicUsize::new(0)));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (barrier, arrivals) = (Arc::clone(&barrier), Arc::clone(&arrivals));
            thread::spawn(move || {
                (0..ROUNDS)
                    .filter(|round| {
                        arrivals.fetch_add(1, Ordering::Relaxed);
                        let is_leader = block_on(barrier.wait()).is_leader();
                        let seen = arrivals.load(Ordering::Relaxed);
                        assert!(((round + 1) * 4..(round + 2) * 4).contains(&seen));
                        is_leader
                    })
                    .count()
            })
        })
        .collect();
    let led: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(led, ROUNDS);
}

#[test]
fn a_spent_budget_does_not_keep_the_others_waiting() {
    let barrier = Barrier::new(2);
    let mut first = pin!(barrier.wait());
    let mut context = Context::from_waker(Waker::noop());
    assert!(first.as_mut().poll(&mut context).is_pending());
    crate::coop::with_budget(crate::coop::Budget::initial(), || {
        while crate::coop::has_budget_remaining() {
            assert!(pin!(Barrier::new(1).wait()).poll(&mut context).is_ready());
        }
        let mut leader = pin!(barrier.wait());
        assert!(leader.as_mut().poll(&mut context).is_pending());
        assert!(crate::coop::with_budget(crate::coop::Budget::initial(), || first
            .poll(&mut context)
            .is_ready()));
        let led = crate::coop::with_budget(crate::coop::Budget::initial(), || leader.poll(&mut context));
        assert!(matches!(led, Poll::Ready(result) if result.is_leader()));
    });
}
