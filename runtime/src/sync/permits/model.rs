//! Models of the permits: acquire, release, cancel and close against each other.

use super::*;
use crate::primitive::sync::Arc;
use crate::primitive::thread;
use loom::future::block_on;
use std::task::Waker;

/// One permit between two tasks: each gets it, one after the other.
#[test]
fn model_permits_acquire_against_release() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(1));
        let other = {
            let permits = permits.clone();
            thread::spawn(move || {
                block_on(permits.acquire(1)).unwrap();
                permits.release(1);
            })
        };
        block_on(permits.acquire(1)).unwrap();
        permits.release(1);
        other.join().unwrap();
        assert_eq!(permits.available(), 1);
    });
}

/// A waiter that looks without being woken sees what the releaser did before: the outcome alone hands it over.
#[test]
fn model_permits_outcome_hands_over_the_cell() {
    loom::model(|| {
        let shared = Arc::new((Permits::new(0), loom::cell::UnsafeCell::new(0)));
        let releaser = {
            let shared = shared.clone();
            thread::spawn(move || {
                // SAFETY: loom checks that the reader below comes after.
                shared.1.with_mut(|cell| unsafe { *cell = 1 });
                shared.0.release(1);
            })
        };
        let mut acquire = Box::pin(shared.0.acquire(1));
        let mut context = Context::from_waker(Waker::noop());
        while acquire.as_mut().poll(&mut context).is_pending() {
            thread::yield_now();
        }
        // SAFETY: as above.
        assert_eq!(shared.1.with(|cell| unsafe { *cell }), 1);
        drop(acquire);
        releaser.join().unwrap();
    });
}

/// A release of two against a waiter for two that goes away: nothing is lost, and the next one gets it.
#[test]
fn model_permits_cancel_against_release() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(1));
        let releaser = {
            let permits = permits.clone();
            thread::spawn(move || permits.release(1))
        };
        {
            let mut acquire = Box::pin(permits.acquire(2));
            let mut context = Context::from_waker(Waker::noop());
            if acquire.as_mut().poll(&mut context).is_ready() {
                permits.release(2);
            }
        }
        block_on(permits.acquire(2)).unwrap();
        releaser.join().unwrap();
        assert_eq!(permits.available(), 0);
    });
}

/// Close against a waiter and a release: the waiter ends, one way or the other.
#[test]
fn model_permits_close_against_acquire() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(0));
        let waiter = {
            let permits = permits.clone();
            thread::spawn(move || block_on(permits.acquire(1)).is_ok())
        };
        let closer = {
            let permits = permits.clone();
            thread::spawn(move || permits.close())
        };
        permits.release(1);
        closer.join().unwrap();
        let is_acquired = waiter.join().unwrap();
        assert_eq!(permits.available(), usize::from(!is_acquired));
        assert_eq!(permits.try_acquire(1), Err(Refusal::Closed));
    });
}
