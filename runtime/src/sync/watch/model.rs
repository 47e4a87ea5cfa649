//! Models of the watch channel: changes, the close and drops against who waits.

use std::future::Future;
use std::task::{Context, Waker};

use super::*;
use crate::primitive::thread;
use loom::future::block_on;

/// A receiver that waits sees the last of two values and the end, whatever it skips.
#[test]
fn model_watch_send_and_drop_against_changed() {
    loom::model(|| {
        let (sender, mut receiver) = channel(0);
        let thread = thread::spawn(move || {
            sender.send_replace(1);
            sender.send_replace(2);
        });
        let mut last = 0;
        while block_on(receiver.changed()).is_ok() {
            let value = *receiver.borrow_and_update();
            assert!(value >= last);
            last = value;
        }
        assert_eq!(last, 2);
        thread.join().unwrap();
    });
}

/// Two receivers wait for one change; one of them goes meanwhile.
#[test]
fn model_watch_send_against_changed_and_drop() {
    loom::model(|| {
        let (sender, mut receiver) = channel(0);
        let mut gone = receiver.clone();
        {
            let mut waiting = Box::pin(gone.changed());
            assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            let thread = thread::spawn(move || sender.send_replace(1));
            drop(waiting);
            block_on(receiver.changed()).unwrap();
            assert_eq!(*receiver.borrow(), 1);
            thread.join().unwrap();
        }
        assert_eq!(block_on(gone.changed()), Ok(()));
        assert_eq!(block_on(gone.changed()), Err(RecvError(())));
    });
}

/// Changes in place by two senders add up, and who waits for the sum sees it.
#[test]
fn model_watch_modify_against_wait_for() {
    loom::model(|| {
        let (sender, mut receiver) = channel(0);
        let other = sender.clone();
        let thread = thread::spawn(move || other.send_modify(|value| *value += 1));
        sender.send_modify(|value| *value += 1);
        assert_eq!(*block_on(receiver.wait_for(|value| *value == 2)).unwrap(), 2);
        thread.join().unwrap();
    });
}

/// The last two receivers go beside a sender that waits for that.
#[test]
fn model_watch_closed_against_drop() {
    loom::model(|| {
        let (sender, receiver) = channel(0);
        let second = receiver.clone();
        let thread = thread::spawn(move || drop(second));
        let waiter = thread::spawn(move || {
            block_on(sender.closed());
            assert!(sender.send(1).is_err());
        });
        drop(receiver);
        thread.join().unwrap();
        waiter.join().unwrap();
    });
}
