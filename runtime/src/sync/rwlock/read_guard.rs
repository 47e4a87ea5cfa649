//! [`RwLockReadGuard`] and [`OwnedRwLockReadGuard`]: the right to read, of all of a lock's value or a part.
//!
//! Not how they are had, nor what they keep: `hold`'s invariants are theirs.

use std::sync::Arc;

use super::RwLock;
use super::hold::{Borrowed, Owned, Reading};

/// The right to read, until dropped.
///
/// ```
/// let lock = mini_runtime::sync::RwLock::new(5);
/// let reader = lock.try_read().unwrap();
/// assert_eq!(*reader, 5);
/// drop(reader);
/// assert!(lock.try_write().is_ok());
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct RwLockReadGuard<'a, T: ?Sized>(Reading<T, Borrowed<'a>>);

/// The right to read what a lock behind an `Arc` holds, until dropped.
///
/// ```
/// let lock = std::sync::Arc::new(mini_runtime::sync::RwLock::new(5));
/// let reader = lock.try_read_owned().unwrap();
/// assert_eq!(*reader, 5);
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct OwnedRwLockReadGuard<T: ?Sized, U: ?Sized = T>(Reading<U, Owned<T>>);

impl<'a, T: ?Sized> RwLockReadGuard<'a, T> {
    /// A permit is taken, for this guard.
    pub(super) fn new(lock: &'a RwLock<T>) -> Self {
        Self(Reading::of(lock))
    }

    pub(super) fn of(reading: Reading<T, Borrowed<'a>>) -> Self {
        Self(reading)
    }

    /// Keeps the lock and shows a part of the value from now on.
    ///
    /// If `select` panics, the lock is released.
    ///
    /// ```
    /// # use mini_runtime::sync::{RwLock, RwLockReadGuard};
    /// let pair = RwLock::new((1, 2));
    /// let second = RwLockReadGuard::map(pair.try_read().unwrap(), |pair| &pair.1);
    /// assert_eq!(*second, 2);
    /// ```
    pub fn map<U: ?Sized>(this: Self, select: impl FnOnce(&T) -> &U) -> RwLockReadGuard<'a, U> {
        RwLockReadGuard(this.0.map(select))
    }

    /// Keeps the lock and shows a part of the value from now on, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{RwLock, RwLockReadGuard};
    /// let numbers = RwLock::new(vec![1, 2]);
    /// let none = RwLockReadGuard::try_map(numbers.try_read().unwrap(), |numbers| numbers.get(2));
    /// assert_eq!(none.unwrap_err().len(), 2);
    /// ```
    pub fn try_map<U: ?Sized>(
        this: Self,
        select: impl FnOnce(&T) -> Option<&U>,
    ) -> Result<RwLockReadGuard<'a, U>, Self> {
        this.0.try_map(select).map(RwLockReadGuard).map_err(Self)
    }
}

impl<T: ?Sized> OwnedRwLockReadGuard<T> {
    /// A permit is taken, for this guard.
    pub(super) fn new(lock: Arc<RwLock<T>>) -> Self {
        Self(Reading::of_owned(lock))
    }
}

impl<T: ?Sized, U: ?Sized> OwnedRwLockReadGuard<T, U> {
    pub(super) fn of(reading: Reading<U, Owned<T>>) -> Self {
        Self(reading)
    }

    /// Keeps the lock and shows a part of what is shown now.
    ///
    /// If `select` panics, the lock is released.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockReadGuard, RwLock};
    /// let reader = std::sync::Arc::new(RwLock::new((1, "two"))).try_read_owned().unwrap();
    /// assert_eq!(*OwnedRwLockReadGuard::map(reader, |pair| &pair.1), "two");
    /// ```
    pub fn map<V: ?Sized>(this: Self, select: impl FnOnce(&U) -> &V) -> OwnedRwLockReadGuard<T, V> {
        OwnedRwLockReadGuard(this.0.map(select))
    }

    /// Keeps the lock and shows a part of what is shown now, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockReadGuard, RwLock};
    /// let reader = std::sync::Arc::new(RwLock::new(Some(1))).try_read_owned().unwrap();
    /// assert_eq!(*OwnedRwLockReadGuard::try_map(reader, |number| number.as_ref()).unwrap(), 1);
    /// ```
    pub fn try_map<V: ?Sized>(
        this: Self,
        select: impl FnOnce(&U) -> Option<&V>,
    ) -> Result<OwnedRwLockReadGuard<T, V>, Self> {
        this.0.try_map(select).map(OwnedRwLockReadGuard).map_err(Self)
    }

    /// The lock it is of.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockReadGuard, RwLock};
    /// let lock = std::sync::Arc::new(RwLock::new(1));
    /// let reader = lock.clone().try_read_owned().unwrap();
    /// assert!(std::sync::Arc::ptr_eq(OwnedRwLockReadGuard::rwlock(&reader), &lock));
    /// ```
    pub fn rwlock(this: &Self) -> &Arc<RwLock<T>> {
        this.0.hold().lock()
    }
}

guard!(<T> RwLockReadGuard<'_, T> => T);
guard!(<T, U> OwnedRwLockReadGuard<T, U> => U);
