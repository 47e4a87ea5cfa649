//! Models of `Notify`: its calls against the drop of who waits.

use std::future::Future;
use std::task::{Context, Waker};

use super::*;
use crate::primitive::sync::Arc;
use crate::primitive::thread;
use loom::future::block_on;

/// A notification of one that meets the drop of a waiter reaches the other waiter.
#[test]
fn model_notify_one_against_drop() {
    loom::model(|| {
        let notify = Arc::new(Notify::new());
        let notifier = {
            let notify = notify.clone();
            thread::spawn(move || notify.notify_one())
        };
        {
            let mut dropped = Box::pin(notify.notified());
            let mut context = Context::from_waker(Waker::noop());
            if dropped.as_mut().poll(&mut context).is_ready() {
                notify.notify_one();
            }
        }
        block_on(notify.notified());
        notifier.join().unwrap();
    });
}

/// Both waiters of before the call are notified, and one of them goes away meanwhile.
#[test]
fn model_notify_waiters_against_drop() {
    loom::model(|| {
        let notify = Arc::new(Notify::new());
        let mut first = Box::pin(notify.notified());
        let mut second = Box::pin(notify.notified());
        let mut context = Context::from_waker(Waker::noop());
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(second.as_mut().poll(&mut context).is_pending());
        let notifier = {
            let notify = notify.clone();
            thread::spawn(move || notify.notify_waiters())
        };
        drop(first);
        block_on(second);
        notifier.join().unwrap();
        let mut late = Box::pin(notify.notified());
        assert!(late.as_mut().poll(&mut context).is_pending());
    });
}

/// An owned future waits while the last other handle goes.
#[test]
fn model_owned_notified_outlives_the_notifier() {
    loom::model(|| {
        let notify = std::sync::Arc::new(Notify::new());
        let notified = notify.clone().notified_owned();
        let notifier = thread::spawn(move || {
            notify.notify_one();
            drop(notify);
        });
        block_on(notified);
        notifier.join().unwrap();
    });
}
