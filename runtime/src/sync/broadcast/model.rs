//! Models of the broadcast channel.

use super::*;
use crate::primitive::thread;
use loom::future::block_on;

/// A receiver that sleeps sees the value and the end.
#[test]
fn model_broadcast_send_and_end_against_recv() {
    loom::model(|| {
        let (sender, mut receiver) = channel(2);
        let thread = thread::spawn(move || {
            sender.send(1).unwrap();
        });
        block_on(async {
            assert_eq!(receiver.recv().await, Ok(1));
            assert_eq!(receiver.recv().await, Err(RecvError::Closed));
        });
        thread.join().unwrap();
    });
}

/// What is received and what is reported missed add up.
#[test]
fn model_broadcast_overwrite_against_recv() {
    loom::model(|| {
        let (sender, mut receiver) = channel(1);
        let thread = thread::spawn(move || (0..2).for_each(|value| assert_eq!(sender.send(value), Ok(1))));
        let mut passed = 0;
        loop {
            match block_on(receiver.recv()) {
                Ok(value) => {
                    assert_eq!(value, passed);
                    passed += 1;
                }
                Err(RecvError::Lagged(missed)) => passed += missed,
                Err(RecvError::Closed) => break,
            }
        }
        assert_eq!(passed, 2);
        thread.join().unwrap();
    });
}

/// A receiver goes beside a send: the value is dropped by whoever passes last.
#[test]
fn model_broadcast_drop_against_send() {
    loom::model(|| {
        let value = std::sync::Arc::new(());
        let (sender, first) = channel(1);
        let mut second = sender.subscribe();
        let thread = thread::spawn(move || drop(first));
        assert!(sender.send(value.clone()).is_ok());
        drop(second.try_recv().unwrap());
        thread.join().unwrap();
        assert_eq!(std::sync::Arc::strong_count(&value), 1);
    });
}
