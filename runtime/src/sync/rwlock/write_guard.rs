//! [`RwLockWriteGuard`] and [`OwnedRwLockWriteGuard`]: the right to change a lock's value.
//!
//! Not how they are had, nor what they keep: `hold`'s invariants are theirs.

use std::sync::Arc;

use super::RwLock;
use super::hold::{Borrowed, Owned, Writing};
use super::mapped_guard::{OwnedRwLockMappedWriteGuard, RwLockMappedWriteGuard};
use super::read_guard::{OwnedRwLockReadGuard, RwLockReadGuard};

/// The right to write, until dropped.
///
/// ```
/// let lock = mini_runtime::sync::RwLock::new(5);
/// let mut writer = lock.try_write().unwrap();
/// *writer += 1;
/// drop(writer);
/// assert_eq!(*lock.try_read().unwrap(), 6);
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct RwLockWriteGuard<'a, T: ?Sized>(Writing<T, Borrowed<'a>>);

/// The right to write what a lock behind an `Arc` holds, until dropped.
///
/// ```
/// let lock = std::sync::Arc::new(mini_runtime::sync::RwLock::new(5));
/// let mut writer = lock.clone().try_write_owned().unwrap();
/// std::thread::spawn(move || *writer += 1).join().unwrap();
/// assert_eq!(*lock.try_read().unwrap(), 6);
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct OwnedRwLockWriteGuard<T: ?Sized>(Writing<T, Owned<T>>);

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// All permits are taken, for this guard.
    pub(super) fn new(lock: &'a RwLock<T>) -> Self {
        Self(Writing::of(lock))
    }

    /// Keeps the lock and shows a part of the value from now on.
    ///
    /// If `select` panics, the lock is released.
    ///
    /// ```
    /// # use mini_runtime::sync::{RwLock, RwLockWriteGuard};
    /// let pair = RwLock::new((1, 2));
    /// let mut second = RwLockWriteGuard::map(pair.try_write().unwrap(), |pair| &mut pair.1);
    /// *second = 3;
    /// drop(second);
    /// assert_eq!(pair.into_inner(), (1, 3));
    /// ```
    pub fn map<U: ?Sized>(
        this: Self,
        select: impl FnOnce(&mut T) -> &mut U,
    ) -> RwLockMappedWriteGuard<'a, U> {
        RwLockMappedWriteGuard::of(this.0.map(select))
    }

    /// Keeps the lock and shows a part of the value from now on, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{RwLock, RwLockWriteGuard};
    /// let numbers = RwLock::new(vec![1, 2]);
    /// let none = RwLockWriteGuard::try_map(numbers.try_write().unwrap(), |numbers| numbers.get_mut(2));
    /// assert_eq!(none.unwrap_err().len(), 2);
    /// ```
    pub fn try_map<U: ?Sized>(
        this: Self,
        select: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<RwLockMappedWriteGuard<'a, U>, Self> {
        this.0.try_map(select).map(RwLockMappedWriteGuard::of).map_err(Self)
    }

    /// The same right, as the type of those to a part.
    ///
    /// ```
    /// # use mini_runtime::sync::{RwLock, RwLockWriteGuard};
    /// let lock = RwLock::new(5);
    /// *RwLockWriteGuard::into_mapped(lock.try_write().unwrap()) += 1;
    /// assert_eq!(lock.into_inner(), 6);
    /// ```
    pub fn into_mapped(this: Self) -> RwLockMappedWriteGuard<'a, T> {
        RwLockMappedWriteGuard::of(this.0)
    }

    /// Becomes a right to read and lets other readers in; no writer comes in between.
    ///
    /// ```
    /// let lock = mini_runtime::sync::RwLock::new(5);
    /// let mut writer = lock.try_write().unwrap();
    /// *writer += 1;
    /// let reader = writer.downgrade();
    /// assert_eq!((*reader, lock.try_read().is_ok()), (6, true));
    /// ```
    pub fn downgrade(self) -> RwLockReadGuard<'a, T> {
        RwLockReadGuard::of(self.0.downgrade())
    }

    /// [`downgrade`](Self::downgrade), to a part of the value.
    ///
    /// ```
    /// # use mini_runtime::sync::{RwLock, RwLockWriteGuard};
    /// let pair = RwLock::new((1, 2));
    /// let second = RwLockWriteGuard::downgrade_map(pair.try_write().unwrap(), |pair| &pair.1);
    /// assert_eq!((*second, pair.try_read().is_ok()), (2, true));
    /// ```
    pub fn downgrade_map<U: ?Sized>(this: Self, select: impl FnOnce(&T) -> &U) -> RwLockReadGuard<'a, U> {
        RwLockReadGuard::of(this.0.downgrade_map(select))
    }

    /// [`downgrade`](Self::downgrade), to a part of the value, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{RwLock, RwLockWriteGuard};
    /// let numbers = RwLock::new(vec![1, 2]);
    /// let none = RwLockWriteGuard::try_downgrade_map(numbers.try_write().unwrap(), |numbers| numbers.get(2));
    /// assert!(none.is_err() && numbers.try_read().is_err());
    /// ```
    pub fn try_downgrade_map<U: ?Sized>(
        this: Self,
        select: impl FnOnce(&T) -> Option<&U>,
    ) -> Result<RwLockReadGuard<'a, U>, Self> {
        this.0.try_downgrade_map(select).map(RwLockReadGuard::of).map_err(Self)
    }
}

impl<T: ?Sized> OwnedRwLockWriteGuard<T> {
    /// All permits are taken, for this guard.
    pub(super) fn new(lock: Arc<RwLock<T>>) -> Self {
        Self(Writing::of_owned(lock))
    }

    /// Keeps the lock and shows a part of the value from now on.
    ///
    /// If `select` panics, the lock is released.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    /// let writer = std::sync::Arc::new(RwLock::new((1, 2))).try_write_owned().unwrap();
    /// assert_eq!(*OwnedRwLockWriteGuard::map(writer, |pair| &mut pair.1), 2);
    /// ```
    pub fn map<U: ?Sized>(
        this: Self,
        select: impl FnOnce(&mut T) -> &mut U,
    ) -> OwnedRwLockMappedWriteGuard<T, U> {
        OwnedRwLockMappedWriteGuard::of(this.0.map(select))
    }

    /// Keeps the lock and shows a part of the value from now on, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    /// let writer = std::sync::Arc::new(RwLock::new(Some(1))).try_write_owned().unwrap();
    /// assert_eq!(*OwnedRwLockWriteGuard::try_map(writer, |number| number.as_mut()).unwrap(), 1);
    /// ```
    pub fn try_map<U: ?Sized>(
        this: Self,
        select: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<OwnedRwLockMappedWriteGuard<T, U>, Self> {
        this.0.try_map(select).map(OwnedRwLockMappedWriteGuard::of).map_err(Self)
    }

    /// The same right, as the type of those to a part.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    /// let writer = std::sync::Arc::new(RwLock::new(5)).try_write_owned().unwrap();
    /// assert_eq!(*OwnedRwLockWriteGuard::into_mapped(writer), 5);
    /// ```
    pub fn into_mapped(this: Self) -> OwnedRwLockMappedWriteGuard<T> {
        OwnedRwLockMappedWriteGuard::of(this.0)
    }

    /// Becomes a right to read and lets other readers in; no writer comes in between.
    ///
    /// ```
    /// let lock = std::sync::Arc::new(mini_runtime::sync::RwLock::new(5));
    /// let reader = lock.clone().try_write_owned().unwrap().downgrade();
    /// assert_eq!((*reader, lock.try_read().is_ok()), (5, true));
    /// ```
    pub fn downgrade(self) -> OwnedRwLockReadGuard<T> {
        OwnedRwLockReadGuard::of(self.0.downgrade())
    }

    /// [`downgrade`](Self::downgrade), to a part of the value.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    /// let writer = std::sync::Arc::new(RwLock::new((1, 2))).try_write_owned().unwrap();
    /// assert_eq!(*OwnedRwLockWriteGuard::downgrade_map(writer, |pair| &pair.1), 2);
    /// ```
    pub fn downgrade_map<U: ?Sized>(this: Self, select: impl FnOnce(&T) -> &U) -> OwnedRwLockReadGuard<T, U> {
        OwnedRwLockReadGuard::of(this.0.downgrade_map(select))
    }

    /// [`downgrade`](Self::downgrade), to a part of the value, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    /// let writer = std::sync::Arc::new(RwLock::new(vec![1])).try_write_owned().unwrap();
    /// assert!(OwnedRwLockWriteGuard::try_downgrade_map(writer, |numbers| numbers.get(1)).is_err());
    /// ```
    pub fn try_downgrade_map<U: ?Sized>(
        this: Self,
        select: impl FnOnce(&T) -> Option<&U>,
    ) -> Result<OwnedRwLockReadGuard<T, U>, Self> {
        this.0.try_downgrade_map(select).map(OwnedRwLockReadGuard::of).map_err(Self)
    }

    /// The lock it is of.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    /// let writer = std::sync::Arc::new(RwLock::new(1)).try_write_owned().unwrap();
    /// assert!(OwnedRwLockWriteGuard::rwlock(&writer).try_read().is_err());
    /// ```
    pub fn rwlock(this: &Self) -> &Arc<RwLock<T>> {
        this.0.hold().lock()
    }
}

guard_mut!(<T> RwLockWriteGuard<'_, T> => T);
guard_mut!(<T> OwnedRwLockWriteGuard<T> => T);
