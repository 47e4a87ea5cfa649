//! Models of the read-write lock. The value is a cell that loom checks, reached through the guards.

use std::future::Future;
use std::task::{Context, Waker};

use super::*;
use crate::primitive::thread;
use loom::future::block_on;

/// A number of which loom sees each access.
struct Checked(loom::cell::UnsafeCell<usize>);

// SAFETY: loom checks what the models do with it.
unsafe impl Sync for Checked {}

impl Checked {
    fn get(&self) -> usize {
        // SAFETY: loom checks that nobody writes meanwhile.
        self.0.with(|value| unsafe { *value })
    }

    fn increment(&mut self) {
        // SAFETY: loom checks that nobody else is here.
        self.0.with_mut(|value| unsafe { *value += 1 });
    }
}

fn lock(max_readers: u32) -> Arc<RwLock<Checked>> {
    Arc::new(RwLock::with_max_readers(Checked(loom::cell::UnsafeCell::new(0)), max_readers))
}

#[test]
fn model_rwlock_write_against_write() {
    loom::model(|| {
        let lock = lock(2);
        let other = lock.clone();
        let thread = thread::spawn(move || block_on(other.write()).increment());
        block_on(Arc::clone(&lock).write_owned()).increment();
        thread.join().unwrap();
        assert_eq!(lock.try_read().unwrap().get(), 2);
    });
}

/// Two readers and a writer: the readers see the number before or after.
#[test]
fn model_rwlock_write_against_two_reads() {
    loom::model(|| {
        let lock = lock(2);
        let (first, second) = (lock.clone(), lock.clone());
        let reader = thread::spawn(move || block_on(first.read()).get());
        let writer = thread::spawn(move || block_on(second.write()).increment());
        assert!(block_on(lock.clone().read_owned()).get() <= 1);
        assert!(reader.join().unwrap() <= 1);
        writer.join().unwrap();
        assert_eq!(lock.try_write().unwrap().get(), 1);
    });
}

/// What a writer wrote before it became a reader is seen beside it, and stays while it reads.
#[test]
fn model_rwlock_downgrade_against_read_and_write() {
    loom::model(|| {
        let lock = lock(2);
        let (first, second) = (lock.clone(), lock.clone());
        let mut guard = lock.try_write().unwrap();
        let reader = thread::spawn(move || block_on(first.read()).get());
        let writer = thread::spawn(move || block_on(second.write()).increment());
        guard.increment();
        let guard = guard.downgrade();
        assert_eq!(guard.get(), 1);
        drop(guard);
        assert!(reader.join().unwrap() >= 1);
        writer.join().unwrap();
        assert_eq!(lock.try_read().unwrap().get(), 2);
    });
}

/// A writer that waits and goes away, beside the release that it waits for: the reader behind it comes in.
#[test]
fn model_rwlock_cancelled_write_against_release() {
    loom::model(|| {
        let lock = lock(2);
        let other = lock.clone();
        let guard = lock.clone().try_read_owned().unwrap();
        let releaser = thread::spawn(move || drop(guard));
        {
            let mut cancelled = Box::pin(other.write());
            let _ = cancelled.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        assert_eq!(block_on(other.read()).get(), 0);
        releaser.join().unwrap();
        assert!(lock.try_write().is_ok());
    });
}

/// A mapped guard moves to another thread and is the last to hold the lock.
#[test]
fn model_rwlock_mapped_guard_is_released_elsewhere() {
    loom::model(|| {
        let lock = lock(1);
        let guard = OwnedRwLockWriteGuard::map(lock.clone().try_write_owned().unwrap(), |value| value);
        let thread = thread::spawn(move || {
            let mut guard = guard;
            guard.increment();
        });
        block_on(lock.write()).increment();
        thread.join().unwrap();
        assert_eq!(Arc::into_inner(lock).unwrap().into_inner().get(), 2);
    });
}
