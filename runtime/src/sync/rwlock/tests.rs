//! Scenarios of the read-write lock.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::executor::block_on;

use super::*;
use crate::util::test_waker::TestWaker;

fn poll<F: Future>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

#[test]
fn readers_share_and_a_writer_does_not() {
    let lock = RwLock::new(1);
    let readers = (lock.try_read().unwrap(), lock.try_read().unwrap());
    assert!(lock.try_write().is_err());
    drop(readers);
    let writer = lock.try_write().unwrap();
    assert!(lock.try_write().is_err() && lock.try_read().is_err());
    drop(writer);
    assert!(lock.try_read().is_ok());
}

#[test]
fn a_waiting_writer_keeps_later_readers_out_and_is_not_starved() {
    let lock = RwLock::new(1);
    let (writing, late) = (TestWaker::new(), TestWaker::new());
    let early = lock.try_read().unwrap();
    let mut writer = pin!(lock.write());
    let mut reader = pin!(lock.read());
    assert!(poll(writer.as_mut(), &writing.waker()).is_pending());
    assert!(lock.try_read().is_err());
    assert!(poll(reader.as_mut(), &late.waker()).is_pending());
    drop(early);
    assert_eq!((writing.wakes(), late.wakes()), (1, 0));
    let Poll::Ready(guard) = poll(writer, Waker::noop()) else { panic!("it is the writer's turn") };
    drop(guard);
    assert_eq!(late.wakes(), 1);
    assert_eq!(*block_on(reader), 1);
}

#[test]
fn a_dropped_writer_lets_the_readers_behind_it_in() {
    let lock = RwLock::new(1);
    let waker = TestWaker::new();
    let first = lock.try_read().unwrap();
    let mut writer = Box::pin(lock.write());
    let mut reader = pin!(lock.read());
    assert!(poll(writer.as_mut(), Waker::noop()).is_pending());
    assert!(poll(reader.as_mut(), &waker.waker()).is_pending());
    drop(writer);
    assert_eq!(waker.wakes(), 1);
    assert!(poll(reader, Waker::noop()).is_ready());
    drop(first);
    assert!(lock.try_write().is_ok());
}

#[test]
fn a_downgrade_lets_waiting_readers_in_and_no_writer() {
    let lock = RwLock::new(1);
    let (reading, writing) = (TestWaker::new(), TestWaker::new());
    let mut guard = lock.try_write().unwrap();
    let mut reader = pin!(lock.read());
    let mut writer = pin!(lock.write());
    assert!(poll(reader.as_mut(), &reading.waker()).is_pending());
    assert!(poll(writer.as_mut(), &writing.waker()).is_pending());
    *guard = 2;
    let guard = guard.downgrade();
    assert_eq!((reading.wakes(), writing.wakes()), (1, 0));
    let Poll::Ready(second) = poll(reader, Waker::noop()) else { panic!("readers may come in") };
    assert_eq!(*guard + *second, 4);
    drop((guard, second));
    assert_eq!(writing.wakes(), 1);
    assert!(poll(writer, Waker::noop()).is_ready());
}

#[test]
fn as_many_readers_as_there_may_be() {
    let lock = RwLock::with_max_readers(1, 2);
    let readers = (lock.try_read().unwrap(), lock.try_read().unwrap());
    assert!(lock.try_read().is_err());
    drop(readers);
    drop(lock.try_write().unwrap());
    assert_eq!(lock.try_read().and_then(|_first| lock.try_read().map(|second| *second)).ok(), Some(1));
    for refused in [0, MAX_READERS + 1] {
        assert!(catch_unwind(|| RwLock::with_max_readers(1, refused).into_inner()).is_err());
    }
}

#[test]
fn mapped_guards_keep_what_they_had_and_release_it_once() {
    let lock = Arc::new(RwLock::new((1, [2, 3])));
    let list = RwLockWriteGuard::map(lock.try_write().unwrap(), |value| &mut value.1);
    let Err(list) = RwLockMappedWriteGuard::try_map(list, |list| list.get_mut(2)) else {
        panic!("there is no third number");
    };
    let mut last = RwLockMappedWriteGuard::map(list, |list| &mut list[1]);
    *last = 4;
    assert!(lock.try_read().is_err());
    drop(last);

    let read = RwLockReadGuard::map(lock.try_read().unwrap(), |value| &value.1);
    let read = RwLockReadGuard::try_map(read, |list| list.get(1)).unwrap();
    assert_eq!((*read, lock.try_read().is_ok(), lock.try_write().is_err()), (4, true, true));
    drop(read);

    let writer = Arc::clone(&lock).try_write_owned().unwrap();
    let part = OwnedRwLockWriteGuard::try_downgrade_map(writer, |value| value.1.get(1)).unwrap();
    assert_eq!((*part, lock.try_read().is_ok()), (4, true));
    thread::spawn(move || drop(part)).join().unwrap();
    assert!(lock.try_write().is_ok());

    let owned =
        OwnedRwLockWriteGuard::map(Arc::clone(&lock).try_write_owned().unwrap(), |value| &mut value.1[..]);
    assert_eq!(Arc::strong_count(OwnedRwLockMappedWriteGuard::rwlock(&owned)), 2);
    drop(owned);
    assert_eq!(Arc::into_inner(lock).unwrap().into_inner(), (1, [2, 4]));
}

#[test]
fn a_panic_under_the_lock_or_in_a_map_releases_it() {
    let lock = RwLock::new(1);
    let panics: [fn(&RwLock<i32>); 3] = [
        |lock| {
            let _guard = lock.try_write().unwrap();
            panic!("the test panics under the lock");
        },
        |lock| {
            drop(RwLockWriteGuard::map(lock.try_write().unwrap(), |_| -> &mut u8 {
                panic!("the test panics")
            }))
        },
        |lock| {
            let guard = lock.try_write().unwrap();
            drop(RwLockWriteGuard::downgrade_map(guard, |_| -> &u8 { panic!("the test panics") }));
        },
    ];
    for panic in panics {
        assert!(catch_unwind(AssertUnwindSafe(|| panic(&lock))).is_err());
        assert!(lock.try_write().is_ok());
    }
}

#[test]
fn readers_never_see_half_of_a_write() {
    const ROUNDS: usize = if cfg!(miri) { 30 } else { 5_000 };
    let lock = Arc::new(RwLock::new((0, 0)));
    let reads = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let (lock, reads) = (Arc::clone(&lock), Arc::clone(&reads));
            thread::spawn(move || {
                for round in 0..ROUNDS {
                    if (number + round) % 4 == 0 {
                        let mut pair = lock.blocking_write();
                        pair.0 += 1;
                        pair.1 += 1;
                    } else {
                        let pair = lock.blocking_read();
                        assert_eq!(pair.0, pair.1);
                        reads.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(lock.try_read().unwrap().0 + reads.load(Ordering::Relaxed), 4 * ROUNDS);
}

#[test]
fn an_unsized_value_can_be_locked_and_shown() {
    let lock: Box<RwLock<[u8]>> = Box::new(RwLock::new([1, 2, 3]));
    lock.try_write().unwrap()[0] = 4;
    assert_eq!(format!("{lock:?}"), "RwLock { data: [4, 2, 3] }");
    let _writer = lock.try_write().unwrap();
    assert_eq!(format!("{lock:?}"), "RwLock { data: <locked> }");
}
