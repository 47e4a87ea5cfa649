//! Scenarios of the mpsc channel that need no particular interleaving; the races are in the models.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::executor::block_on;

use super::*;
use crate::util::test_waker::{Fault, TestWaker};

/// Values for the tests with threads: few under Miri.
const MANY: usize = if cfg!(miri) { 200 } else { 50_000 };

#[test]
fn four_senders_lose_nothing_and_keep_their_order() {
    for capacity in [1, 7, 64] {
        let (sender, mut receiver) = channel(capacity);
        let threads: Vec<_> = (0..4)
            .map(|producer| {
                let sender = sender.clone();
                thread::spawn(move || {
                    block_on(async {
                        for value in 0..MANY / 10 {
                            sender.send((producer, value)).await.unwrap();
                        }
                    });
                })
            })
            .collect();
        drop(sender);
        let mut next = [0; 4];
        while let Some((producer, value)) = block_on(receiver.recv()) {
            assert_eq!(value, next[producer]);
            next[producer] += 1;
        }
        assert_eq!(next, [MANY / 10; 4]);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}

#[test]
fn an_unbounded_channel_crosses_blocks_from_many_threads() {
    let (sender, mut receiver) = unbounded_channel();
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let sender = sender.clone();
            thread::spawn(move || (0..MANY).for_each(|value| sender.send(value).unwrap()))
        })
        .collect();
    drop(sender);
    let mut buffer = Vec::new();
    while block_on(receiver.recv_many(&mut buffer, 100)) > 0 {}
    assert_eq!(buffer.iter().sum::<usize>(), MANY * (MANY - 1));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn queued_values_are_dropped_once() {
    let value = Arc::new(());
    let (sender, receiver) = unbounded_channel();
    (0..100).for_each(|_| sender.send(Arc::clone(&value)).unwrap());
    drop(sender);
    assert_eq!(Arc::strong_count(&value), 101);
    drop(receiver);
    assert_eq!(Arc::strong_count(&value), 1);

    let (sender, receiver) = channel(2);
    let permit = sender.try_reserve().unwrap();
    sender.try_send(Arc::clone(&value)).unwrap();
    drop(receiver);
    permit.send(Arc::clone(&value));
    drop(sender.try_send(Arc::clone(&value)));
    drop(sender);
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn capacity_counts_values_and_permits() {
    let (sender, mut receiver) = channel(3);
    let permit = sender.try_reserve().unwrap();
    sender.try_send(1).unwrap();
    assert_eq!((sender.capacity(), receiver.len()), (1, 1));
    assert!(sender.try_reserve_many(2).is_err());
    sender.try_send(2).unwrap();
    assert_eq!(sender.try_send(3), Err(TrySendError::Full(3)));
    permit.send(4);
    assert_eq!((sender.capacity(), receiver.len()), (0, 3));
    assert_eq!([receiver.try_recv(), receiver.try_recv(), receiver.try_recv()], [Ok(1), Ok(2), Ok(4)]);
    assert_eq!(sender.capacity(), 3);
    drop(sender);
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Disconnected));
}

#[test]
fn waiting_senders_go_in_turn_and_are_not_overtaken() {
    let (sender, mut receiver) = channel(2);
    sender.try_send(0).unwrap();
    sender.try_send(0).unwrap();
    let (first, second) = (TestWaker::new(), TestWaker::new());
    let mut both = pin!(sender.reserve_many(2));
    let mut one = pin!(sender.send(1));
    assert!(both.as_mut().poll(&mut Context::from_waker(&first.waker())).is_pending());
    assert!(one.as_mut().poll(&mut Context::from_waker(&second.waker())).is_pending());
    receiver.try_recv().unwrap();
    // One place is free, but who asked for two is first.
    assert_eq!((first.wakes(), second.wakes(), sender.capacity()), (0, 0, 0));
    assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
    receiver.try_recv().unwrap();
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    let Poll::Ready(Ok(permits)) = both.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("both places were granted");
    };
    drop(permits);
    assert_eq!(second.wakes(), 1);
    assert!(block_on(one).is_ok());
    assert_eq!(sender.capacity(), 1);
}

#[test]
fn a_dropped_waiter_lets_the_next_through() {
    let (sender, mut receiver) = channel(1);
    sender.try_send(0).unwrap();
    let waker = TestWaker::new();
    let mut next = pin!(sender.send(1));
    {
        let mut dropped = Box::pin(sender.reserve());
        assert!(dropped.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(next.as_mut().poll(&mut Context::from_waker(&waker.waker())).is_pending());
        receiver.try_recv().unwrap();
        assert_eq!(waker.wakes(), 0);
    }
    assert_eq!(waker.wakes(), 1);
    assert!(block_on(next).is_ok());
    assert_eq!(receiver.try_recv(), Ok(1));
}

#[test]
fn close_refuses_those_who_wait_and_gives_their_value_back() {
    let (sender, mut receiver) = channel(1);
    sender.try_send(0).unwrap();
    let mut waiting = pin!(sender.send(1));
    assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    receiver.close();
    assert_eq!(block_on(waiting), Err(SendError(1)));
    block_on(sender.closed());
    assert_eq!(block_on(receiver.recv()), Some(0));
    assert_eq!(block_on(receiver.recv()), None);
}

#[test]
fn the_receiver_is_woken_only_when_it_waits() {
    let (sender, mut receiver) = unbounded_channel();
    let waker = TestWaker::new();
    let handle = waker.waker();
    let mut context = Context::from_waker(&handle);
    sender.send(1).unwrap();
    assert_eq!(receiver.poll_recv(&mut context), Poll::Ready(Some(1)));
    assert!(receiver.poll_recv(&mut context).is_pending());
    sender.send(2).unwrap();
    sender.send(3).unwrap();
    assert_eq!(waker.wakes(), 1);
    assert_eq!(receiver.poll_recv(&mut context), Poll::Ready(Some(2)));
    drop(sender);
    assert_eq!(receiver.poll_recv(&mut context), Poll::Ready(Some(3)));
    assert_eq!(receiver.poll_recv(&mut context), Poll::Ready(None));
}

#[test]
fn a_panicking_waker_of_the_receiver_loses_no_value() {
    let (sender, mut receiver) = unbounded_channel();
    let bad = TestWaker::with_fault(Fault::Wake);
    assert!(receiver.poll_recv(&mut Context::from_waker(&bad.waker())).is_pending());
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sender.send(1)));
    assert!(result.is_err());
    sender.send(2).unwrap();
    assert_eq!((receiver.try_recv(), receiver.try_recv()), (Ok(1), Ok(2)));
}

#[test]
fn weak_senders_do_not_keep_the_channel_open() {
    let (sender, mut receiver) = channel::<()>(1);
    let weak = sender.downgrade();
    assert_eq!((receiver.sender_strong_count(), receiver.sender_weak_count()), (1, 1));
    drop(weak.upgrade().unwrap());
    drop(sender);
    assert!(weak.upgrade().is_none() && receiver.is_closed());
    assert_eq!(block_on(receiver.recv()), None);
}

#[test]
fn a_loop_of_receives_spends_the_budget() {
    let (sender, mut receiver) = unbounded_channel();
    (0..200).for_each(|value| sender.send(value).unwrap());
    let mut context = Context::from_waker(Waker::noop());
    let received = crate::coop::with_budget(crate::coop::Budget::initial(), || {
        std::iter::from_fn(|| match receiver.poll_recv(&mut context) {
            Poll::Ready(value) => value,
            Poll::Pending => None,
        })
        .count()
    });
    assert_eq!(received, 128);
}

#[test]
fn a_permit_is_used_once_even_if_the_wake_of_its_send_panics() {
    let (sender, mut receiver) = channel(1);
    let bad = TestWaker::with_fault(Fault::Wake);
    assert!(receiver.poll_recv(&mut Context::from_waker(&bad.waker())).is_pending());
    let permit = sender.try_reserve().unwrap();
    let _ = catch_unwind(AssertUnwindSafe(|| permit.send(7)));
    assert_eq!((sender.capacity(), receiver.len(), receiver.try_recv()), (0, 1, Ok(7)));
    assert_eq!(sender.capacity(), 1);
}

#[test]
fn a_receiver_that_goes_drops_every_value_and_its_waker() {
    struct Loud {
        _alive: Arc<()>,
        is_loud: bool,
    }
    impl Drop for Loud {
        fn drop(&mut self) {
            assert!(!self.is_loud, "the test panics in a drop");
        }
    }
    let (sender, mut receiver) = unbounded_channel();
    let (waker, alive) = (TestWaker::new(), Arc::new(()));
    assert!(receiver.poll_recv(&mut Context::from_waker(&waker.waker())).is_pending());
    for is_loud in [true, false, false] {
        assert!(sender.send(Loud { _alive: Arc::clone(&alive), is_loud }).is_ok());
    }
    assert!(catch_unwind(AssertUnwindSafe(|| drop(receiver))).is_err());
    assert_eq!(Arc::strong_count(&alive), 1);

    let (_sender, mut receiver) = channel::<()>(1);
    assert!(receiver.poll_recv(&mut Context::from_waker(&waker.waker())).is_pending());
    drop(receiver);
    assert_eq!(waker.alive(), 0);
}

#[test]
fn a_place_granted_before_the_close_and_not_looked_at_is_refused_and_given_back() {
    let (sender, mut receiver) = channel::<()>(1);
    let permit = sender.try_reserve().unwrap();
    let waker = TestWaker::new();
    let mut reserve = pin!(sender.reserve());
    let mut context = Context::from_waker(Waker::noop());
    assert!(reserve.as_mut().poll(&mut context).is_pending());
    drop(permit);
    receiver.close();
    assert!(receiver.poll_recv(&mut Context::from_waker(&waker.waker())).is_pending());
    assert!(matches!(reserve.poll(&mut context), Poll::Ready(Err(_))));
    assert_eq!((waker.wakes(), receiver.poll_recv(&mut context)), (1, Poll::Ready(None)));
}
