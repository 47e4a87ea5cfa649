//! The parker on real threads and real time; what loom cannot show.

use super::*;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::task::Waker;
use std::thread;
use std::time::Instant;

#[test]
fn an_unpark_before_the_park_is_kept_and_counts_once() {
    let mut parker = Parker::new();
    let unparker = parker.unparker();
    unparker.unpark();
    unparker.clone().unpark();
    parker.park();
    assert!(!parker.take_permit(), "two unparks store one permit");
}

#[test]
fn a_timed_park_ends_by_time_and_leaves_no_permit() {
    let mut parker = Parker::new();
    let start = Instant::now();
    // An early return for no reason is allowed, so the time is checked over as many parks as it takes.
    while start.elapsed() < Duration::from_millis(5) {
        parker.park_timeout(Duration::from_millis(5));
    }
    parker.unparker().unpark();
    parker.park_timeout(Duration::MAX);
    assert!(!parker.take_permit());
}

#[test]
fn an_endless_timed_park_is_ended_by_an_unpark() {
    let mut parker = Parker::new();
    let unparker = parker.unparker();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Acquire) {
                unparker.unpark();
                thread::yield_now();
            }
        });
        parker.park_timeout(Duration::MAX);
        done.store(true, std::sync::atomic::Ordering::Release);
    });
}

#[test]
fn user_code_that_parks_its_thread_cannot_steal_the_permit() {
    let mut parker = Parker::new();
    let unparker = parker.unparker();
    thread::current().unpark();
    unparker.unpark();
    thread::park();
    parker.park();
}

#[test]
fn many_turns_between_two_threads_lose_none() {
    const TURNS: usize = if cfg!(miri) { 50 } else { 10_000 };
    let (mut here, mut there) = (Parker::new(), Parker::new());
    let (to_here, to_there) = (here.unparker(), there.unparker());
    let turn = std::sync::Arc::new(AtomicUsize::new(0));
    let their_turn = turn.clone();
    let peer = thread::spawn(move || {
        for expected in 0..TURNS {
            while their_turn.load(std::sync::atomic::Ordering::Acquire) != 2 * expected + 1 {
                there.park();
            }
            their_turn.store(2 * expected + 2, std::sync::atomic::Ordering::Release);
            to_here.unpark();
        }
    });
    for expected in 0..TURNS {
        turn.store(2 * expected + 1, std::sync::atomic::Ordering::Release);
        to_there.unpark();
        while turn.load(std::sync::atomic::Ordering::Acquire) != 2 * expected + 2 {
            here.park();
        }
    }
    peer.join().unwrap();
}

#[test]
fn block_on_thread_sleeps_until_woken_from_another_thread() {
    let (sender, receiver) = std::sync::mpsc::channel::<Waker>();
    let woken = std::sync::Arc::new(AtomicBool::new(false));
    let flag = woken.clone();
    let peer = thread::spawn(move || {
        let waker = receiver.recv().unwrap();
        flag.store(true, std::sync::atomic::Ordering::Release);
        waker.wake();
    });
    let mut sender = Some(sender);
    let polls = block_on_thread(async {
        let mut polls = 0;
        std::future::poll_fn(|cx| {
            polls += 1;
            if woken.load(std::sync::atomic::Ordering::Acquire) {
                return Poll::Ready(());
            }
            if let Some(sender) = sender.take() {
                sender.send(cx.waker().clone()).unwrap();
            }
            Poll::Pending
        })
        .await;
        polls
    });
    assert!(polls >= 2);
    peer.join().unwrap();
}

#[test]
fn block_on_thread_inside_a_spent_budget_still_ends() {
    use crate::coop::{Budget, poll_proceed, with_budget};
    let mut cx = Context::from_waker(Waker::noop());
    with_budget(Budget::initial(), || {
        while let Poll::Ready(coop) = poll_proceed(&mut cx) {
            coop.made_progress();
        }
        block_on_thread(std::future::poll_fn(|cx| poll_proceed(cx).map(|coop| coop.made_progress())));
    });
}
