//! Wakes: none is lost, and none makes a second `Runnable`.
#![allow(clippy::waker_clone_wake)] // A wake by value is another step than a wake by reference.

use super::*;
use crate::util::kept;
use std::future::poll_fn;

/// A task that stays Pending, counts its polls and gives its waker away.
fn spawn_waiting(home: &Home) -> (JoinHandle<()>, Waker, Count) {
    let polls = Count::default();
    let slot = Arc::new(Mutex::new(None));
    let future = {
        let (polls, slot) = (polls.clone(), slot.clone());
        poll_fn(move |cx| {
            polls.add();
            *slot.lock().unwrap() = Some(cx.waker().clone());
            Poll::<()>::Pending
        })
    };
    let handle = home.spawn(future, ());
    home.run_one();
    let waker = slot.lock().unwrap().take().unwrap();
    (handle, waker, polls)
}

#[test]
fn many_wakes_before_a_poll_queue_the_task_once() {
    let home = Home::new();
    let (handle, waker, polls) = spawn_waiting(&home);
    (0..100).for_each(|_| waker.wake_by_ref());
    assert_eq!(home.queued(), 1);
    home.run_one();
    assert_eq!((polls.get(), home.queued()), (2, 0));
    handle.abort();
    home.run_one();
}

#[test]
fn wakes_during_a_poll_queue_the_task_once() {
    let home = Home::new();
    let polls = Count::default();
    let seen = polls.clone();
    let handle = home.spawn(
        poll_fn(move |cx| {
            (0..10).for_each(|_| cx.waker().wake_by_ref());
            cx.waker().clone().wake();
            if seen.add() == 3 { Poll::Ready(()) } else { Poll::Pending }
        }),
        (),
    );
    for poll in 1..=3 {
        assert_eq!(home.queued(), 1);
        home.run_one();
        assert_eq!(polls.get(), poll);
    }
    assert_eq!(home.queued(), 0);
    assert!(handle.is_finished());
}

#[test]
fn a_wake_after_the_end_does_nothing() {
    let home = Home::new();
    let (handle, waker, polls) = spawn_waiting(&home);
    handle.abort();
    home.run_one();
    assert!(handle.is_finished());
    drop(handle);
    waker.wake_by_ref();
    waker.wake();
    assert_eq!((polls.get(), home.queued()), (1, 0));
}

#[test]
fn a_waker_outlives_the_scheduler() {
    let home = Home::new();
    let (handle, waker, _) = spawn_waiting(&home);
    home.owned.close_and_cancel();
    drop(home);
    assert!(handle.is_finished());
    waker.wake();
    handle.abort();
}

#[test]
fn aborting_twice_cancels_once() {
    let home = Home::new();
    let (mut handle, waker, polls) = spawn_waiting(&home);
    handle.abort();
    handle.abort();
    waker.wake();
    assert_eq!(home.queued(), 1);
    home.run_one();
    handle.abort();
    assert_eq!((polls.get(), home.queued()), (1, 0));
    let Poll::Ready(result) = poll_once(&mut handle, Waker::noop()) else { panic!("not over") };
    assert!(result.unwrap_err().is_cancelled());
}

#[test]
fn a_million_wakes_from_four_threads_lose_none_and_run_one_at_a_time() {
    let wakes = if cfg!(miri) { 50 } else { 250_000 };
    let home = Home::new();
    let (handle, waker, polls) = spawn_waiting(&home);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let waker = waker.clone();
            std::thread::spawn(move || (0..wakes).for_each(|_| waker.wake_by_ref()))
        })
        .collect();
    while !threads.iter().all(std::thread::JoinHandle::is_finished) {
        assert!(home.queued() <= 1, "two Runnables of one task");
        home.run_one();
        std::thread::yield_now();
    }
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    while home.queued() > 0 {
        home.run_one();
    }
    let before = polls.get();
    waker.wake();
    assert_eq!(home.queued(), 1, "the count of wakes went wrong");
    home.run_one();
    assert_eq!(polls.get(), before + 1);
    handle.abort();
    home.run_one();
}

#[test]
fn more_wakes_than_fit_the_count_queue_the_task_once() {
    let home = Home::new();
    let (handle, waker, polls) = spawn_waiting(&home);
    // Beyond the limit of 2^22, by reference and by value.
    let wakes = if cfg!(miri) { 100 } else { (1 << 22) + 1000 };
    (0..wakes).for_each(|_| waker.wake_by_ref());
    (0..100).for_each(|_| waker.clone().wake());
    assert_eq!(home.queued(), 1);
    while home.queued() > 0 {
        home.run_one();
    }
    assert!((2..=3).contains(&polls.get()), "{} polls", polls.get());
    waker.wake();
    home.run_one();
    assert!((3..=4).contains(&polls.get()));
    handle.abort();
    home.run_one();
}

#[test]
fn forgotten_wakers_and_handles_leak_the_task_and_nothing_else() {
    let home = Home::new();
    let (handle, waker, polls) = spawn_waiting(&home);
    kept::forget(waker.clone());
    kept::forget(handle.abort_handle());
    waker.wake();
    home.run_one();
    assert_eq!(polls.get(), 2);
    kept::forget(handle);
    home.owned.close_and_cancel();
    assert_eq!(home.owned.len(), 0);
}
