//! Scenarios of the watch channel that one thread shows, and one with many; the races are in the models.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc as StdArc;
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::executor::block_on;

use super::*;
use crate::util::test_waker::TestWaker;

fn poll_changed(receiver: &mut Receiver<i32>) -> Poll<Result<(), RecvError>> {
    pin!(receiver.changed()).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_change_is_reported_once_to_each_receiver() {
    let (sender, mut first) = channel(0);
    let mut second = first.clone();
    assert!(poll_changed(&mut first).is_pending());
    sender.send(1).unwrap();
    sender.send(2).unwrap();
    for receiver in [&mut first, &mut second] {
        assert_eq!(poll_changed(receiver), Poll::Ready(Ok(())));
        assert!(poll_changed(receiver).is_pending());
        assert_eq!(*receiver.borrow(), 2);
    }
    assert!(poll_changed(&mut sender.subscribe()).is_pending());
}

#[test]
fn the_last_value_is_reported_before_the_end() {
    let (sender, mut receiver) = channel(0);
    let mut late = receiver.clone();
    sender.send(1).unwrap();
    assert_eq!(poll_changed(&mut receiver), Poll::Ready(Ok(())));
    let second = sender.clone();
    drop(sender);
    assert!(poll_changed(&mut receiver).is_pending());
    drop(second);
    assert_eq!(poll_changed(&mut receiver), Poll::Ready(Err(RecvError(()))));
    assert!(late.has_changed().is_err() && late.borrow().has_changed());
    assert_eq!(poll_changed(&mut late), Poll::Ready(Ok(())));
    assert_eq!(poll_changed(&mut late), Poll::Ready(Err(RecvError(()))));
}

#[test]
fn who_waits_is_woken_by_a_change_and_by_the_close_and_not_by_a_refused_one() {
    for is_closed in [false, true] {
        let (sender, mut receiver) = channel(0);
        let waker = TestWaker::new();
        let mut waiting = pin!(receiver.changed());
        assert!(waiting.as_mut().poll(&mut Context::from_waker(&waker.waker())).is_pending());
        assert!(!sender.send_if_modified(|_| false));
        assert_eq!(waker.wakes(), 0);
        if is_closed {
            drop(sender);
        } else {
            sender.send(1).unwrap();
        }
        assert_eq!(waker.wakes(), 1);
        assert_eq!(block_on(waiting).is_err(), is_closed);
    }
}

#[test]
fn a_dropped_wait_loses_no_change() {
    let (sender, mut receiver) = channel(0);
    let waker = TestWaker::new();
    {
        let mut waiting = pin!(receiver.changed());
        assert!(waiting.as_mut().poll(&mut Context::from_waker(&waker.waker())).is_pending());
        sender.send(1).unwrap();
        assert_eq!(waker.wakes(), 1);
    }
    assert_eq!((poll_changed(&mut receiver), waker.alive()), (Poll::Ready(Ok(())), 0));
}

#[test]
fn wait_for_takes_the_present_value_or_waits_and_ends_with_the_senders() {
    let (sender, mut receiver) = channel(1);
    assert!(!block_on(receiver.wait_for(|value| *value == 1)).unwrap().has_changed());
    {
        let mut waiting = pin!(receiver.wait_for(|value| *value == 3));
        let mut context = Context::from_waker(Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        sender.send(2).unwrap();
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        sender.send(3).unwrap();
        let Poll::Ready(Ok(value)) = waiting.poll(&mut context) else { panic!("the value is there") };
        assert!(*value == 3 && value.has_changed());
    }
    sender.send(4).unwrap();
    drop(sender);
    assert_eq!(block_on(receiver.wait_for(|value| *value == 4)).map(|value| *value).ok(), Some(4));
    assert!(block_on(receiver.wait_for(|value| *value == 5)).is_err());
}

#[test]
fn a_panic_in_a_change_tells_nobody_and_leaves_the_channel_usable() {
    let (sender, mut receiver) = channel(0);
    let modify = catch_unwind(AssertUnwindSafe(|| {
        sender.send_modify(|value| {
            *value = 1;
            panic!("the test panics in a change");
        });
    }));
    assert!(modify.is_err());
    assert_eq!((poll_changed(&mut receiver), *receiver.borrow()), (Poll::Pending, 1));
    let wait = catch_unwind(AssertUnwindSafe(|| {
        block_on(receiver.wait_for(|_| panic!("the test panics in a look"))).is_ok()
    }));
    assert!(wait.is_err());
    sender.send(2).unwrap();
    assert_eq!(poll_changed(&mut receiver), Poll::Ready(Ok(())));
}

#[test]
fn marks_change_what_counts_as_seen() {
    let (sender, mut receiver) = channel(0);
    receiver.mark_changed();
    receiver.mark_changed();
    assert_eq!(receiver.has_changed(), Ok(true));
    assert_eq!(poll_changed(&mut receiver), Poll::Ready(Ok(())));
    assert!(poll_changed(&mut receiver).is_pending());
    sender.send(1).unwrap();
    receiver.mark_unchanged();
    assert!(poll_changed(&mut receiver).is_pending());
}

#[test]
fn the_counts_follow_the_ends_and_replaced_values_are_dropped_once() {
    let value = StdArc::new(());
    let (sender, receiver) = channel(StdArc::clone(&value));
    drop(sender.send_replace(StdArc::clone(&value)));
    assert_eq!(StdArc::strong_count(&value), 2);
    let second = receiver.clone();
    assert_eq!((sender.receiver_count(), sender.sender_count()), (2, 1));
    drop((receiver, second));
    let SendError(back) = sender.send(StdArc::clone(&value)).unwrap_err();
    drop((back, sender));
    assert_eq!(StdArc::strong_count(&value), 1);
}

#[test]
fn receivers_on_many_threads_see_versions_grow_and_the_last_one() {
    const LAST: i32 = if cfg!(miri) { 50 } else { 10_000 };
    let (sender, receiver) = channel(0);
    let threads: Vec<_> = (0..3)
        .map(|_| {
            let mut receiver = receiver.clone();
            thread::spawn(move || {
                let mut last = 0;
                while block_on(receiver.changed()).is_ok() {
                    let value = *receiver.borrow_and_update();
                    assert!(value >= last);
                    last = value;
                }
                last
            })
        })
        .collect();
    (1..=LAST).for_each(|value| sender.send(value).unwrap());
    drop(sender);
    assert!(threads.into_iter().all(|thread| thread.join().unwrap() == LAST));
}

#[test]
fn a_receiver_of_a_fast_sender_spends_its_budget() {
    let (sender, mut receiver) = channel(0);
    let seen = crate::coop::with_budget(crate::coop::Budget::initial(), || {
        (1..200)
            .take_while(|value| {
                sender.send(*value).unwrap();
                poll_changed(&mut receiver).is_ready()
            })
            .count()
    });
    assert_eq!(seen, 128);
}
