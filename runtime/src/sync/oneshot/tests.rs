//! Scenarios of the oneshot channel that one thread shows; the races are in the models.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::util::test_waker::{Fault, TestWaker};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

fn poll<T>(receiver: &mut Receiver<T>, waker: &Waker) -> Poll<Result<T, RecvError>> {
    Pin::new(receiver).poll(&mut Context::from_waker(waker))
}

#[test]
fn a_send_wakes_the_newest_waker_once() {
    let (first, second) = (TestWaker::new(), TestWaker::new());
    let (sender, mut receiver) = channel();
    assert!(poll(&mut receiver, &first.waker()).is_pending());
    assert!(poll(&mut receiver, &second.waker()).is_pending());
    sender.send(1).unwrap();
    assert_eq!((first.wakes(), second.wakes()), (0, 1));
    assert_eq!(poll(&mut receiver, &second.waker()), Poll::Ready(Ok(1)));
    assert_eq!((first.alive(), second.alive()), (0, 0));
}

#[test]
fn values_are_dropped_once_however_the_halves_go() {
    let value = Arc::new(());
    let (sender, receiver) = channel();
    sender.send(Arc::clone(&value)).unwrap();
    drop(receiver);
    let (sender, receiver) = channel();
    drop(receiver);
    drop(sender.send(Arc::clone(&value)).unwrap_err());
    let (sender, mut receiver) = channel();
    sender.send(Arc::clone(&value)).unwrap();
    receiver.close();
    drop(receiver.try_recv().unwrap());
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn closed_is_woken_by_close_and_by_drop() {
    for is_dropped in [false, true] {
        let waker = TestWaker::new();
        let (mut sender, mut receiver) = channel::<()>();
        assert!(sender.poll_closed(&mut Context::from_waker(&waker.waker())).is_pending());
        if is_dropped {
            drop(receiver);
        } else {
            receiver.close();
            assert!(poll(&mut receiver, Waker::noop()).is_ready());
        }
        assert_eq!(waker.wakes(), 1);
        assert!(sender.is_closed());
        drop(sender);
        assert_eq!(waker.alive(), 0);
    }
}

#[test]
fn a_panicking_waker_neither_loses_the_value_nor_leaks() {
    let value = Arc::new(());
    let bad = TestWaker::with_fault(Fault::Wake);
    let (sender, mut receiver) = channel();
    assert!(poll(&mut receiver, &bad.waker()).is_pending());
    let sent = Arc::clone(&value);
    assert!(catch_unwind(AssertUnwindSafe(|| sender.send(sent))).is_err());
    assert!(receiver.try_recv().is_ok());
    assert_eq!((Arc::strong_count(&value), bad.alive()), (1, 0));
}

#[test]
#[should_panic(expected = "await it once")]
fn a_poll_after_completion_names_the_cure() {
    let (sender, mut receiver) = channel();
    sender.send(()).unwrap();
    let _ = poll(&mut receiver, Waker::noop());
    let _ = poll(&mut receiver, Waker::noop());
}
