//! Models of the oneshot channel: send, receive, close and drop in every pairing, with a value that counts
//! its drops.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::primitive::thread;
use loom::future::block_on;

/// A value that counts its drop.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Runs `send` and `receive` side by side; the value is dropped exactly once whatever they do.
fn pair(
    send: impl FnOnce(Sender<Counted>, Counted) + Copy + Send + Sync + 'static,
    receive: fn(Receiver<Counted>),
) {
    loom::model(move || {
        let drops = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = channel();
        let value = Counted(drops.clone());
        let thread = thread::spawn(move || send(sender, value));
        receive(receiver);
        thread.join().unwrap();
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    });
}

fn poll_once(receiver: &mut Receiver<Counted>) -> Poll<Result<Counted, RecvError>> {
    Pin::new(receiver).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn model_oneshot_send_against_await() {
    pair(|sender, value| assert!(sender.send(value).is_ok()), |receiver| assert!(block_on(receiver).is_ok()));
}

#[test]
fn model_oneshot_drop_against_await() {
    pair(|sender, _value| drop(sender), |receiver| assert!(block_on(receiver).is_err()));
}

#[test]
fn model_oneshot_send_against_drop() {
    pair(|sender, value| drop(sender.send(value)), drop);
}

#[test]
fn model_oneshot_send_against_poll_and_drop() {
    pair(|sender, value| drop(sender.send(value)), |mut receiver| drop(poll_once(&mut receiver)));
}

/// The second poll has another waker, which replaces the first beside the send.
#[test]
fn model_oneshot_send_against_changing_wakers() {
    pair(
        |sender, value| assert!(sender.send(value).is_ok()),
        |mut receiver| {
            if poll_once(&mut receiver).is_pending() {
                assert!(block_on(receiver).is_ok());
            }
        },
    );
}

/// Of a close and a send exactly one wins, and both sides agree.
#[test]
fn model_oneshot_send_against_close() {
    loom::model(|| {
        let (sender, mut receiver) = channel();
        let thread = thread::spawn(move || sender.send(1).is_ok());
        receiver.close();
        let is_received = block_on(receiver).is_ok();
        assert_eq!(thread.join().unwrap(), is_received);
    });
}

#[test]
fn model_oneshot_closed_against_drop_and_close() {
    for is_closed_first in [false, true] {
        loom::model(move || {
            let (mut sender, mut receiver) = channel::<()>();
            let thread = thread::spawn(move || {
                block_on(sender.closed());
                assert_eq!(sender.send(()), Err(()));
            });
            if is_closed_first {
                receiver.close();
            }
            drop(receiver);
            thread.join().unwrap();
        });
    }
}

/// A sender that waited for the close sends after all, beside the receiver's drop.
#[test]
fn model_oneshot_send_after_poll_closed_against_drop() {
    pair(
        |mut sender, value| {
            let _ = sender.poll_closed(&mut Context::from_waker(Waker::noop()));
            drop(sender.send(value));
        },
        drop,
    );
}
