//! Scenarios of the broadcast channel that one thread shows, and one with many.

use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Context;
use std::thread;

use futures::executor::block_on;

use super::*;
use crate::util::test_waker::TestWaker;

#[test]
fn values_are_dropped_when_the_last_receiver_passed_them() {
    let value = Arc::new(());
    let (sender, mut first) = channel(4);
    let second = sender.subscribe();
    (0..3).for_each(|_| drop(sender.send(Arc::clone(&value))));
    assert_eq!(Arc::strong_count(&value), 4);
    first.try_recv().unwrap();
    assert_eq!(Arc::strong_count(&value), 4);
    drop(second);
    assert_eq!((Arc::strong_count(&value), sender.len()), (3, 2));
    drop(first);
    assert_eq!(Arc::strong_count(&value), 1);
    assert!(sender.send(value).is_err());
}

#[test]
fn lag_is_counted_exactly_across_many_rounds() {
    let (sender, mut receiver) = channel(3);
    (0..11).for_each(|value| assert_eq!(sender.send(value), Ok(1)));
    assert_eq!(receiver.len(), 11);
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Lagged(7)));
    assert_eq!((receiver.len(), receiver.try_recv()), (4, Ok(7)));
    (11..13).for_each(|value| assert_eq!(sender.send(value), Ok(1)));
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Lagged(1)));
    assert_eq!(receiver.try_recv(), Ok(9));
}

#[test]
fn a_lagging_receiver_that_goes_leaves_the_counts_right() {
    let value = Arc::new(());
    let (sender, lagging) = channel(2);
    let mut reading = sender.subscribe();
    for _ in 0..5 {
        sender.send(Arc::clone(&value)).unwrap();
        reading.try_recv().unwrap();
    }
    drop(lagging);
    assert_eq!((sender.len(), Arc::strong_count(&value)), (0, 1));
}

#[test]
fn all_waiting_receivers_are_woken_and_the_dropped_one_is_not() {
    let (sender, mut first) = channel::<u8>(2);
    let mut second = sender.subscribe();
    let (wakes, dropped) = (TestWaker::new(), TestWaker::new());
    let mut waiting = Box::pin(first.recv());
    assert!(waiting.as_mut().poll(&mut Context::from_waker(&wakes.waker())).is_pending());
    {
        let mut gone = Box::pin(second.recv());
        assert!(gone.as_mut().poll(&mut Context::from_waker(&dropped.waker())).is_pending());
    }
    sender.send(1).unwrap();
    assert_eq!((wakes.wakes(), dropped.wakes(), dropped.alive()), (1, 0, 0));
    assert_eq!(block_on(waiting), Ok(1));
    assert_eq!(block_on(second.recv()), Ok(1));
}

#[test]
fn a_panicking_clone_counts_as_seen() {
    struct Bad;
    impl Clone for Bad {
        fn clone(&self) -> Self {
            panic!("the test's value panics in clone");
        }
    }
    let (sender, mut receiver) = channel(2);
    sender.send(Bad).ok().unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| receiver.try_recv().is_ok())).is_err());
    assert_eq!((receiver.try_recv().err(), sender.len()), (Some(TryRecvError::Empty), 0));
}

/// A value that is Send and not Sync, whose clone would show a second thread in it (RUSTSEC-2025-0023).
#[test]
fn values_that_are_not_sync_are_cloned_by_one_thread_at_a_time() {
    struct Racy(Cell<usize>);
    impl Clone for Racy {
        fn clone(&self) -> Self {
            let before = self.0.get();
            thread::yield_now();
            self.0.set(before + 1);
            Self(Cell::new(before + 1))
        }
    }
    let (sender, receiver) = channel(1);
    let mut threads = Vec::new();
    for _ in 0..4 {
        let mut receiver = receiver.resubscribe();
        threads
            .push(thread::spawn(move || block_on(receiver.recv()).map(|value: Racy| value.0.get()).unwrap()));
    }
    sender.send(Racy(Cell::new(0))).ok().unwrap();
    let mut seen: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    seen.sort_unstable();
    assert_eq!(seen, [1, 2, 3, 4]);
    drop(receiver);
}
