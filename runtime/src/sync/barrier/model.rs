//! Models of the barrier.

use std::task::{Context, Waker};

use super::*;
use crate::primitive::sync::Arc;
use crate::primitive::thread;
use loom::future::block_on;

/// Two go on together, of whom one leads.
#[test]
fn model_barrier_of_two() {
    loom::model(|| {
        let barrier = Arc::new(Barrier::new(2));
        let other = barrier.clone();
        let thread = thread::spawn(move || block_on(other.wait()).is_leader());
        let mine = block_on(barrier.wait()).is_leader();
        assert_ne!(thread.join().unwrap(), mine);
    });
}

/// Two rounds: who is fast enough to arrive again does not go with the first round.
#[test]
fn model_barrier_second_round_is_its_own() {
    loom::model(|| {
        let barrier = Arc::new(Barrier::new(2));
        let other = barrier.clone();
        let rounds = move |barrier: &Barrier| {
            [block_on(barrier.wait()).is_leader(), block_on(barrier.wait()).is_leader()]
        };
        let thread = thread::spawn(move || rounds(&other));
        let mine = rounds(&barrier);
        let theirs = thread.join().unwrap();
        assert!(mine[0] != theirs[0] && mine[1] != theirs[1]);
    });
}

/// One that arrived goes away beside the last one's arrival.
#[test]
fn model_barrier_drop_against_the_last_arrival() {
    loom::model(|| {
        let barrier = Arc::new(Barrier::new(2));
        let other = barrier.clone();
        let mut gone = Box::pin(barrier.wait());
        assert!(gone.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let thread = thread::spawn(move || block_on(other.wait()).is_leader());
        drop(gone);
        assert!(thread.join().unwrap());
    });
}
