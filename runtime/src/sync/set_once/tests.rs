//! Scenarios of the cell that is set once.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::executor::block_on;

use super::*;
use crate::util::test_waker::TestWaker;

#[test]
fn all_who_wait_are_woken_by_the_one_set() {
    let cell = SetOnce::new();
    let waker = TestWaker::new();
    let mut waiting: Vec<_> = (0..40).map(|_| Box::pin(cell.wait())).collect();
    for future in &mut waiting {
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker.waker())).is_pending());
    }
    cell.set(1).unwrap();
    assert_eq!(waker.wakes(), 40);
    for future in &mut waiting {
        assert_eq!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(&1));
    }
    assert_eq!((cell.set(2), waker.wakes()), (Err(SetOnceError(2)), 40));
}

#[test]
fn a_dropped_wait_leaves_nothing_behind() {
    let cell = SetOnce::new();
    let waker = TestWaker::new();
    {
        let mut waiting = pin!(cell.wait());
        assert!(waiting.as_mut().poll(&mut Context::from_waker(&waker.waker())).is_pending());
    }
    cell.set(1).unwrap();
    assert_eq!((waker.wakes(), waker.alive()), (0, 0));
    assert_eq!(block_on(cell.wait()), &1);
}

#[test]
fn of_many_that_set_one_wins_and_all_see_its_value() {
    const THREADS: usize = if cfg!(miri) { 3 } else { 8 };
    let cell = Arc::new(SetOnce::new());
    let threads: Vec<_> = (0..THREADS)
        .map(|number| {
            let cell = Arc::clone(&cell);
            thread::spawn(move || {
                let is_set = cell.set(number).is_ok();
                assert_eq!(cell.get() == Some(&number), is_set);
                (is_set, *block_on(cell.wait()))
            })
        })
        .collect();
    let seen: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(seen.iter().filter(|(is_set, _)| *is_set).count(), 1);
    assert!(seen.iter().all(|(_, value)| Some(value) == cell.get()));
}

#[test]
fn a_value_is_dropped_once_wherever_it_goes() {
    let value = Arc::new(());
    let cell = SetOnce::new();
    cell.set(Arc::clone(&value)).unwrap();
    drop(cell.set(Arc::clone(&value)));
    drop(cell.clone());
    assert_eq!(Arc::strong_count(&value), 2);
    drop(cell.into_inner());
    drop(SetOnce::from(Arc::clone(&value)));
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn cells_compare_and_show_by_value() {
    let (empty, one) = (SetOnce::<u8>::default(), SetOnce::from(1));
    assert!(empty != one && one == SetOnce::new_with(Some(1)) && empty == SetOnce::new_with(None));
    assert_eq!(format!("{one:?} {empty:?}"), "SetOnce { value: Some(1) } SetOnce { value: None }");
}
