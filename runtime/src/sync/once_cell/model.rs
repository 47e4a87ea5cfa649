//! Models of the once cell: makers, setters and the cancelled against each other.

use std::task::{Context, Waker};

use super::*;
use crate::primitive::sync::Arc;
use crate::primitive::thread;
use loom::future::block_on;

/// Two that need the value: one makes it, both see the same.
#[test]
fn model_once_cell_two_makers() {
    loom::model(|| {
        let cell = Arc::new(OnceCell::new());
        let other = cell.clone();
        let thread = thread::spawn(move || *block_on(other.get_or_init(|| async { 1 })));
        let mine = *block_on(cell.get_or_init(|| async { 2 }));
        assert_eq!(thread.join().unwrap(), mine);
    });
}

/// A setter, a maker, and one that only looks, who sees nothing or the value.
#[test]
fn model_once_cell_set_against_maker_and_look() {
    loom::model(|| {
        let cell = Arc::new(OnceCell::new());
        let (setting, looking) = (cell.clone(), cell.clone());
        let setter = thread::spawn(move || setting.set(1).is_ok());
        let looker = thread::spawn(move || looking.get().copied());
        let made = *block_on(cell.get_or_init(|| async { 2 }));
        assert_eq!(setter.join().unwrap(), made == 1);
        assert!(looker.join().unwrap().is_none_or(|seen| seen == made));
    });
}

/// The maker fails beside one that waits, who then makes it.
#[test]
fn model_once_cell_failure_hands_on() {
    loom::model(|| {
        let cell = Arc::new(OnceCell::new());
        let other = cell.clone();
        let thread =
            thread::spawn(move || block_on(other.get_or_try_init(|| async { Err::<u8, ()>(()) })).is_ok());
        assert_eq!(block_on(cell.get_or_init(|| async { 2 })), &2);
        // It failed, or came after the value was there.
        let _ = thread.join().unwrap();
        assert_eq!(cell.get(), Some(&2));
    });
}

/// One that waits goes away beside the maker's end.
#[test]
fn model_once_cell_cancelled_wait_against_made() {
    loom::model(|| {
        let cell = Arc::new(OnceCell::new());
        let other = cell.clone();
        let thread = thread::spawn(move || *block_on(other.get_or_init(|| async { 1 })));
        {
            let mut cancelled = Box::pin(cell.get_or_init(std::future::pending));
            let _ = cancelled.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        assert_eq!(thread.join().unwrap(), 1);
        assert_eq!(block_on(cell.get_or_init(|| async { 3 })), &1);
    });
}
