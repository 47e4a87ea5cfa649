//! Scenarios of the once cell.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::executor::block_on;

use super::*;
use crate::util::test_waker::TestWaker;

#[test]
fn of_many_that_ask_one_makes_the_value() {
    const THREADS: usize = if cfg!(miri) { 3 } else { 8 };
    let (cell, made) = (Arc::new(OnceCell::new()), Arc::new(AtomicUsize::new(0)));
    let threads: Vec<_> = (0..THREADS)
        .map(|number| {
            let (cell, made) = (Arc::clone(&cell), Arc::clone(&made));
            thread::spawn(move || {
                *block_on(cell.get_or_init(|| async {
                    made.fetch_add(1, Ordering::Relaxed);
                    number
                }))
            })
        })
        .collect();
    let seen: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(made.load(Ordering::Relaxed), 1);
    assert!(seen.iter().all(|number| Some(number) == cell.get()));
}

#[test]
fn who_waits_makes_the_value_when_the_maker_fails_panics_or_goes() {
    let ways: [fn(&OnceCell<i32>); 3] = [
        |cell| {
            assert_eq!(
                block_on(cell.get_or_try_init(|| async { Err("the test fails") })),
                Err("the test fails")
            )
        },
        |cell| {
            let made = catch_unwind(AssertUnwindSafe(|| {
                *block_on(cell.get_or_init(|| async { panic!("the test panics") }))
            }));
            assert!(made.is_err());
        },
        |cell| {
            let mut going = Box::pin(cell.get_or_init(std::future::pending));
            assert!(going.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert!(cell.set(0).unwrap_err().is_initializing_err());
        },
    ];
    for way in ways {
        let cell = OnceCell::new();
        way(&cell);
        assert!(!cell.initialized());
        assert_eq!(block_on(cell.get_or_init(|| async { 1 })), &1);
    }
}

#[test]
fn who_waits_is_woken_to_make_it_when_the_maker_goes_and_to_see_it_when_it_is_made() {
    let cell = OnceCell::new();
    let (next, last) = (TestWaker::new(), TestWaker::new());
    let mut context = Context::from_waker(Waker::noop());
    let mut maker = Box::pin(cell.get_or_init(std::future::pending));
    let mut second = pin!(cell.get_or_init(|| async { 2 }));
    let mut third = pin!(cell.get_or_init(|| async { 3 }));
    assert!(maker.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut Context::from_waker(&next.waker())).is_pending());
    assert!(third.as_mut().poll(&mut Context::from_waker(&last.waker())).is_pending());
    drop(maker);
    assert_eq!((next.wakes(), last.wakes()), (1, 0));
    assert_eq!(second.poll(&mut context), Poll::Ready(&2));
    assert_eq!(last.wakes(), 1);
    assert_eq!(third.poll(&mut context), Poll::Ready(&2));
}

#[test]
fn a_value_is_dropped_once_wherever_it_goes() {
    let value = Arc::new(());
    let mut cell = OnceCell::new();
    cell.set(Arc::clone(&value)).unwrap();
    let SetError::AlreadyInitializedError(back) = cell.set(Arc::clone(&value)).unwrap_err() else {
        panic!("there is a value");
    };
    assert_eq!(Arc::strong_count(&value), 3);
    drop((back, cell.take()));
    assert_eq!((Arc::strong_count(&value), cell.initialized()), (1, false));
    cell.set(Arc::clone(&value)).unwrap();
    let copy = cell.clone();
    drop(copy.into_inner());
    drop(cell);
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn cells_compare_and_show_by_value() {
    let (empty, one) = (OnceCell::<u8>::default(), OnceCell::from(1));
    assert!(empty != one && one == OnceCell::new_with(Some(1)) && empty == OnceCell::new_with(None));
    assert_eq!(format!("{one:?} {empty:?}"), "OnceCell { value: Some(1) } OnceCell { value: None }");
}
