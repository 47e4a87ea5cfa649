//! Models of the cell that is set once.

use std::future::Future;
use std::task::{Context, Waker};

use super::*;
use crate::primitive::sync::Arc;
use crate::primitive::thread;
use loom::future::block_on;

/// A set beside one that waits.
#[test]
fn model_set_once_set_against_wait() {
    loom::model(|| {
        let cell = Arc::new(SetOnce::new());
        let other = cell.clone();
        let thread = thread::spawn(move || other.set(1).unwrap());
        assert_eq!(block_on(cell.wait()), &1);
        thread.join().unwrap();
    });
}

/// Two that set: one wins, and the loser sees the winner's value.
#[test]
fn model_set_once_two_sets() {
    loom::model(|| {
        let cell = Arc::new(SetOnce::new());
        let other = cell.clone();
        let thread = thread::spawn(move || match other.set(1) {
            Ok(()) => true,
            Err(SetOnceError(value)) => {
                assert_eq!((value, other.get()), (1, Some(&2)));
                false
            }
        });
        let is_mine = cell.set(2).is_ok();
        assert_eq!(cell.get(), Some(if is_mine { &2 } else { &1 }));
        assert_ne!(thread.join().unwrap(), is_mine);
    });
}

/// Two wait, one of them goes away beside the set.
#[test]
fn model_set_once_set_against_drop_of_a_wait() {
    loom::model(|| {
        let cell = Arc::new(SetOnce::new());
        let other = cell.clone();
        let mut gone = Box::pin(cell.wait());
        let mut stays = Box::pin(cell.wait());
        let mut context = Context::from_waker(Waker::noop());
        assert!(gone.as_mut().poll(&mut context).is_pending());
        assert!(stays.as_mut().poll(&mut context).is_pending());
        let thread = thread::spawn(move || other.set(1).unwrap());
        drop(gone);
        assert_eq!(block_on(stays), &1);
        thread.join().unwrap();
    });
}
