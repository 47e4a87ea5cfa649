//! [`RwLockMappedWriteGuard`] and [`OwnedRwLockMappedWriteGuard`]: the right to change a part of a lock's value.
//!
//! Not to be turned into a right to read, as those of the whole value can: what is outside of the part may be half
//! changed. `hold`'s invariants are theirs.

use std::sync::Arc;

use super::RwLock;
use super::hold::{Borrowed, Owned, Writing};

/// The right to change a part of a lock's value, until dropped: [`RwLockWriteGuard::map`](super::RwLockWriteGuard::map).
///
/// ```
/// use mini_runtime::sync::{RwLock, RwLockMappedWriteGuard, RwLockWriteGuard};
///
/// async fn first(pair: &RwLock<(u32, String)>) -> RwLockMappedWriteGuard<'_, u32> {
///     RwLockWriteGuard::map(pair.write().await, |pair| &mut pair.0)
/// }
///
/// # futures::executor::block_on(async {
/// let pair = RwLock::new((1, String::new()));
/// *first(&pair).await += 1;
/// assert_eq!(pair.read().await.0, 2);
/// # });
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct RwLockMappedWriteGuard<'a, T: ?Sized>(Writing<T, Borrowed<'a>>);

/// The right to change a part of what a lock behind an `Arc` holds, until dropped:
/// [`OwnedRwLockWriteGuard::map`](super::OwnedRwLockWriteGuard::map).
///
/// ```
/// use mini_runtime::sync::{OwnedRwLockWriteGuard, RwLock};
///
/// let writer = std::sync::Arc::new(RwLock::new((1, "two"))).try_write_owned().unwrap();
/// assert_eq!(*OwnedRwLockWriteGuard::map(writer, |pair| &mut pair.1), "two");
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct OwnedRwLockMappedWriteGuard<T: ?Sized, U: ?Sized = T>(Writing<U, Owned<T>>);

impl<'a, T: ?Sized> RwLockMappedWriteGuard<'a, T> {
    pub(super) fn of(writing: Writing<T, Borrowed<'a>>) -> Self {
        Self(writing)
    }

    /// Keeps the lock and shows a part of the part from now on.
    ///
    /// If `select` panics, the lock is released.
    ///
    /// ```
    /// # use mini_runtime::sync::{RwLock, RwLockMappedWriteGuard, RwLockWriteGuard};
    /// let nested = RwLock::new((1, (2, 3)));
    /// let pair = RwLockWriteGuard::map(nested.try_write().unwrap(), |nested| &mut nested.1);
    /// assert_eq!(*RwLockMappedWriteGuard::map(pair, |pair| &mut pair.1), 3);
    /// ```
    pub fn map<U: ?Sized>(
        this: Self,
        select: impl FnOnce(&mut T) -> &mut U,
    ) -> RwLockMappedWriteGuard<'a, U> {
        RwLockMappedWriteGuard(this.0.map(select))
    }

    /// Keeps the lock and shows a part of the part from now on, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{RwLock, RwLockMappedWriteGuard, RwLockWriteGuard};
    /// let nested = RwLock::new((1, [2, 3]));
    /// let list = RwLockWriteGuard::map(nested.try_write().unwrap(), |nested| &mut nested.1);
    /// assert!(RwLockMappedWriteGuard::try_map(list, |list| list.get_mut(2)).is_err());
    /// ```
    pub fn try_map<U: ?Sized>(
        this: Self,
        select: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<RwLockMappedWriteGuard<'a, U>, Self> {
        this.0.try_map(select).map(RwLockMappedWriteGuard).map_err(Self)
    }
}

impl<T: ?Sized, U: ?Sized> OwnedRwLockMappedWriteGuard<T, U> {
    pub(super) fn of(writing: Writing<U, Owned<T>>) -> Self {
        Self(writing)
    }

    /// Keeps the lock and shows a part of the part from now on.
    ///
    /// If `select` panics, the lock is released.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockMappedWriteGuard, OwnedRwLockWriteGuard, RwLock};
    /// let writer = std::sync::Arc::new(RwLock::new((1, (2, 3)))).try_write_owned().unwrap();
    /// let pair = OwnedRwLockWriteGuard::map(writer, |nested| &mut nested.1);
    /// assert_eq!(*OwnedRwLockMappedWriteGuard::map(pair, |pair| &mut pair.1), 3);
    /// ```
    pub fn map<V: ?Sized>(
        this: Self,
        select: impl FnOnce(&mut U) -> &mut V,
    ) -> OwnedRwLockMappedWriteGuard<T, V> {
        OwnedRwLockMappedWriteGuard(this.0.map(select))
    }

    /// Keeps the lock and shows a part of the part from now on, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockMappedWriteGuard, OwnedRwLockWriteGuard, RwLock};
    /// let writer = std::sync::Arc::new(RwLock::new((1, [2, 3]))).try_write_owned().unwrap();
    /// let list = OwnedRwLockWriteGuard::map(writer, |nested| &mut nested.1);
    /// assert!(OwnedRwLockMappedWriteGuard::try_map(list, |list| list.get_mut(2)).is_err());
    /// ```
    pub fn try_map<V: ?Sized>(
        this: Self,
        select: impl FnOnce(&mut U) -> Option<&mut V>,
    ) -> Result<OwnedRwLockMappedWriteGuard<T, V>, Self> {
        this.0.try_map(select).map(OwnedRwLockMappedWriteGuard).map_err(Self)
    }

    /// The lock it is of.
    ///
    /// ```
    /// # use mini_runtime::sync::{OwnedRwLockMappedWriteGuard, OwnedRwLockWriteGuard, RwLock};
    /// let lock = std::sync::Arc::new(RwLock::new((1, 2)));
    /// let writer = lock.clone().try_write_owned().unwrap();
    /// let second = OwnedRwLockWriteGuard::map(writer, |pair| &mut pair.1);
    /// assert!(std::sync::Arc::ptr_eq(OwnedRwLockMappedWriteGuard::rwlock(&second), &lock));
    /// ```
    pub fn rwlock(this: &Self) -> &Arc<RwLock<T>> {
        this.0.hold().lock()
    }
}

guard_mut!(<T> RwLockMappedWriteGuard<'_, T> => T);
guard_mut!(<T, U> OwnedRwLockMappedWriteGuard<T, U> => U);
