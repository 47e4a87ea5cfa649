//! The guards of a [`Mutex`], and the cell they open: all its unsafe code.
//!
//! Not the waiting for the lock. The invariants:
//!
//! 1. A guard exists exactly while the mutex's one permit is taken, so there is at most one, of whichever kind.
//! 2. A mapped guard's pointer is into the mutex's value, and nobody else has one: the guard it was made from is
//!    gone, without a release of the permit.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::super::permits::Permits;
use super::Mutex;
use crate::primitive::cell::UnsafeCell;

/// The value, touched by whoever has the permit.
pub(super) struct Guarded<T: ?Sized>(pub(super) UnsafeCell<T>);

// SAFETY: the value goes with the permit from thread to thread (1), and is never shared without it.
unsafe impl<T: ?Sized + Send> Send for Guarded<T> {}
// SAFETY: as above; `&Mutex` gives out the value one thread at a time.
unsafe impl<T: ?Sized + Send> Sync for Guarded<T> {}

impl<T: ?Sized> Guarded<T> {
    /// The value without a permit: `&mut self` shows that there is no guard.
    pub(super) fn get_mut(&mut self) -> &mut T {
        // SAFETY: borrowed mutably.
        self.0.with_mut(|value| unsafe { &mut *value })
    }
}

/// The lock, until dropped.
///
/// ```
/// # futures::executor::block_on(async {
/// let mutex = mini_runtime::sync::Mutex::new(1);
/// let mut guard = mutex.lock().await;
/// *guard += 1;
/// drop(guard);
/// assert_eq!(mutex.into_inner(), 2);
/// # });
/// ```
#[must_use = "the mutex is unlocked when the guard is dropped"]
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
}

/// The lock of a mutex behind an `Arc`, until dropped.
///
/// ```
/// # use std::sync::Arc;
/// let mutex = Arc::new(mini_runtime::sync::Mutex::new(1));
/// let guard = Arc::clone(&mutex).try_lock_owned().unwrap();
/// drop(mutex);
/// assert_eq!(*guard, 1);
/// ```
#[must_use = "the mutex is unlocked when the guard is dropped"]
pub struct OwnedMutexGuard<T: ?Sized> {
    permit: OwnedPermit<T>,
}

/// The lock, until dropped, of which only a part of the value is seen: [`MutexGuard::map`].
///
/// ```
/// use mini_runtime::sync::{MappedMutexGuard, Mutex, MutexGuard};
///
/// async fn first(pair: &Mutex<(u32, String)>) -> MappedMutexGuard<'_, u32> {
///     MutexGuard::map(pair.lock().await, |pair| &mut pair.0)
/// }
///
/// # futures::executor::block_on(async {
/// let pair = Mutex::new((1, String::new()));
/// *first(&pair).await += 1;
/// assert_eq!(pair.lock().await.0, 2);
/// # });
/// ```
#[must_use = "the mutex is unlocked when the guard is dropped"]
pub struct MappedMutexGuard<'a, T: ?Sized> {
    value: *mut T,
    permits: &'a Permits,
}

/// The lock of a mutex behind an `Arc`, until dropped, of which only a part of the value is seen:
/// [`OwnedMutexGuard::map`].
///
/// ```
/// use mini_runtime::sync::{Mutex, OwnedMutexGuard};
/// use std::sync::Arc;
///
/// let guard = Arc::new(Mutex::new((1, "one"))).try_lock_owned().unwrap();
/// let name = OwnedMutexGuard::map(guard, |pair| &mut pair.1);
/// assert_eq!(*name, "one");
/// ```
#[must_use = "the mutex is unlocked when the guard is dropped"]
pub struct OwnedMappedMutexGuard<T: ?Sized, U: ?Sized = T> {
    value: *mut U,
    permit: OwnedPermit<T>,
}

/// The permit of a mutex behind an `Arc`; releases it when dropped.
struct OwnedPermit<T: ?Sized>(Arc<Mutex<T>>);

impl<T: ?Sized> Drop for OwnedPermit<T> {
    fn drop(&mut self) {
        self.0.permits.release(1);
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.mutex.permits.release(1);
    }
}

impl<T: ?Sized> Drop for MappedMutexGuard<'_, T> {
    fn drop(&mut self) {
        self.permits.release(1);
    }
}

// SAFETY: `&MutexGuard` gives out `&T`. (Send follows from the field.)
unsafe impl<T: ?Sized + Send + Sync> Sync for MutexGuard<'_, T> {}
// SAFETY: as for MutexGuard.
unsafe impl<T: ?Sized + Send + Sync> Sync for OwnedMutexGuard<T> {}
// SAFETY: it is a `&mut T` (2), and the permit may be released on any thread.
unsafe impl<T: ?Sized + Send> Send for MappedMutexGuard<'_, T> {}
// SAFETY: `&MappedMutexGuard` gives out `&T`.
unsafe impl<T: ?Sized + Send + Sync> Sync for MappedMutexGuard<'_, T> {}
// SAFETY: it is a `&mut U` (2), and may be the last to hold, and then drop, the T.
unsafe impl<T: ?Sized + Send, U: ?Sized + Send> Send for OwnedMappedMutexGuard<T, U> {}
// SAFETY: `&OwnedMappedMutexGuard` gives out `&U`.
unsafe impl<T: ?Sized + Send + Sync, U: ?Sized + Send + Sync> Sync for OwnedMappedMutexGuard<T, U> {}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The permit is taken, for this guard.
    pub(super) fn new(mutex: &'a Mutex<T>) -> Self {
        Self { mutex }
    }

    /// The mutex it locks.
    ///
    /// ```
    /// # use mini_runtime::sync::{Mutex, MutexGuard};
    /// let mutex = Mutex::new(1);
    /// let guard = mutex.try_lock().unwrap();
    /// assert!(std::ptr::eq(MutexGuard::mutex(&guard), &mutex));
    /// ```
    pub fn mutex(this: &Self) -> &'a Mutex<T> {
        this.mutex
    }

    /// Keeps the lock and shows a part of the value from now on.
    ///
    /// If `select` panics, the lock is released.
    ///
    /// ```
    /// # use mini_runtime::sync::{Mutex, MutexGuard};
    /// let pair = Mutex::new((1, 2));
    /// let mut second = MutexGuard::map(pair.try_lock().unwrap(), |pair| &mut pair.1);
    /// *second = 3;
    /// assert!(pair.try_lock().is_err());
    /// drop(second);
    /// assert_eq!(pair.into_inner(), (1, 3));
    /// ```
    pub fn map<U: ?Sized>(mut this: Self, select: impl FnOnce(&mut T) -> &mut U) -> MappedMutexGuard<'a, U> {
        let value: *mut U = select(&mut *this);
        let permits = &this.mutex.permits;
        // The permit goes on to the new guard (2).
        std::mem::forget(this);
        MappedMutexGuard { value, permits }
    }

    /// Keeps the lock and shows a part of the value from now on, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{Mutex, MutexGuard};
    /// let numbers = Mutex::new(vec![1, 2]);
    /// let second = MutexGuard::try_map(numbers.try_lock().unwrap(), |numbers| numbers.get_mut(1));
    /// assert_eq!(second.ok().as_deref(), Some(&2));
    /// let none = MutexGuard::try_map(numbers.try_lock().unwrap(), |numbers| numbers.get_mut(2));
    /// assert_eq!(none.err().unwrap().len(), 2);
    /// ```
    pub fn try_map<U: ?Sized>(
        mut this: Self,
        select: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<MappedMutexGuard<'a, U>, Self> {
        let Some(value) = select(&mut *this).map(std::ptr::from_mut) else { return Err(this) };
        let permits = &this.mutex.permits;
        std::mem::forget(this);
        Ok(MappedMutexGuard { value, permits })
    }
}

impl<T: ?Sized> OwnedMutexGuard<T> {
    /// The permit is taken, for this guard.
    pub(super) fn new(mutex: Arc<Mutex<T>>) -> Self {
        Self { permit: OwnedPermit(mutex) }
    }

    /// The mutex it locks.
    ///
    /// ```
    /// # use mini_runtime::sync::{Mutex, OwnedMutexGuard};
    /// let guard = std::sync::Arc::new(Mutex::new(1)).try_lock_owned().unwrap();
    /// assert!(OwnedMutexGuard::mutex(&guard).try_lock().is_err());
    /// ```
    pub fn mutex(this: &Self) -> &Arc<Mutex<T>> {
        &this.permit.0
    }

    /// Keeps the lock and shows a part of the value from now on.
    ///
    /// If `select` panics, the lock is released.
    ///
    /// ```
    /// # use mini_runtime::sync::{Mutex, OwnedMutexGuard};
    /// let guard = std::sync::Arc::new(Mutex::new((1, 2))).try_lock_owned().unwrap();
    /// assert_eq!(*OwnedMutexGuard::map(guard, |pair| &mut pair.1), 2);
    /// ```
    pub fn map<U: ?Sized>(
        mut this: Self,
        select: impl FnOnce(&mut T) -> &mut U,
    ) -> OwnedMappedMutexGuard<T, U> {
        let value: *mut U = select(&mut *this);
        OwnedMappedMutexGuard { value, permit: this.permit }
    }

    /// Keeps the lock and shows a part of the value from now on, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{Mutex, OwnedMutexGuard};
    /// let guard = std::sync::Arc::new(Mutex::new(Some(1))).try_lock_owned().unwrap();
    /// let number = OwnedMutexGuard::try_map(guard, |number| number.as_mut());
    /// assert_eq!(number.ok().as_deref(), Some(&1));
    /// ```
    pub fn try_map<U: ?Sized>(
        mut this: Self,
        select: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<OwnedMappedMutexGuard<T, U>, Self> {
        let Some(value) = select(&mut *this).map(std::ptr::from_mut) else { return Err(this) };
        Ok(OwnedMappedMutexGuard { value, permit: this.permit })
    }
}

impl<'a, T: ?Sized> MappedMutexGuard<'a, T> {
    /// Keeps the lock and shows a part of the part from now on.
    ///
    /// ```
    /// # use mini_runtime::sync::{MappedMutexGuard, Mutex, MutexGuard};
    /// let nested = Mutex::new((1, (2, 3)));
    /// let pair = MutexGuard::map(nested.try_lock().unwrap(), |nested| &mut nested.1);
    /// assert_eq!(*MappedMutexGuard::map(pair, |pair| &mut pair.1), 3);
    /// ```
    pub fn map<U: ?Sized>(mut this: Self, select: impl FnOnce(&mut T) -> &mut U) -> MappedMutexGuard<'a, U> {
        let value: *mut U = select(&mut *this);
        let permits = this.permits;
        std::mem::forget(this);
        MappedMutexGuard { value, permits }
    }

    /// Keeps the lock and shows a part of the part from now on, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{MappedMutexGuard, Mutex, MutexGuard};
    /// let nested = Mutex::new((1, [2, 3]));
    /// let list = MutexGuard::map(nested.try_lock().unwrap(), |nested| &mut nested.1);
    /// assert!(MappedMutexGuard::try_map(list, |list| list.get_mut(2)).is_err());
    /// ```
    pub fn try_map<U: ?Sized>(
        mut this: Self,
        select: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<MappedMutexGuard<'a, U>, Self> {
        let Some(value) = select(&mut *this).map(std::ptr::from_mut) else { return Err(this) };
        let permits = this.permits;
        std::mem::forget(this);
        Ok(MappedMutexGuard { value, permits })
    }
}

impl<T: ?Sized, U: ?Sized> OwnedMappedMutexGuard<T, U> {
    /// Keeps the lock and shows a part of the part from now on.
    ///
    /// ```
    /// # use mini_runtime::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};
    /// let guard = std::sync::Arc::new(Mutex::new((1, (2, 3)))).try_lock_owned().unwrap();
    /// let pair = OwnedMutexGuard::map(guard, |nested| &mut nested.1);
    /// assert_eq!(*OwnedMappedMutexGuard::map(pair, |pair| &mut pair.1), 3);
    /// ```
    pub fn map<S: ?Sized>(
        mut this: Self,
        select: impl FnOnce(&mut U) -> &mut S,
    ) -> OwnedMappedMutexGuard<T, S> {
        let value: *mut S = select(&mut *this);
        OwnedMappedMutexGuard { value, permit: this.permit }
    }

    /// Keeps the lock and shows a part of the part from now on, if there is one.
    ///
    /// # Errors
    ///
    /// The guard as it was, if `select` finds nothing.
    ///
    /// ```
    /// # use mini_runtime::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};
    /// let guard = std::sync::Arc::new(Mutex::new((1, [2, 3]))).try_lock_owned().unwrap();
    /// let list = OwnedMutexGuard::map(guard, |nested| &mut nested.1);
    /// assert!(OwnedMappedMutexGuard::try_map(list, |list| list.get_mut(2)).is_err());
    /// ```
    pub fn try_map<S: ?Sized>(
        mut this: Self,
        select: impl FnOnce(&mut U) -> Option<&mut S>,
    ) -> Result<OwnedMappedMutexGuard<T, S>, Self> {
        let Some(value) = select(&mut *this).map(std::ptr::from_mut) else { return Err(this) };
        Ok(OwnedMappedMutexGuard { value, permit: this.permit })
    }
}

/// What every guard is: a pointer to what it shows, by the first function for reading, by the second for writing.
macro_rules! guard {
    (<$($parameter:ident),+> $guard:ty => $target:ident, $read:expr, $write:expr) => {
        impl<$($parameter: ?Sized),+> Deref for $guard {
            type Target = $target;
            fn deref(&self) -> &$target {
                let read: fn(&Self) -> *const $target = $read;
                // SAFETY: the guard has the mutex's one permit, so nobody else touches the value (1, 2).
                unsafe { &*read(self) }
            }
        }

        impl<$($parameter: ?Sized),+> DerefMut for $guard {
            fn deref_mut(&mut self) -> &mut $target {
                let write: fn(&Self) -> *mut $target = $write;
                // SAFETY: as for `deref`, and the guard is borrowed mutably.
                unsafe { &mut *write(self) }
            }
        }

        impl<$($parameter: ?Sized),+> fmt::Debug for $guard
        where
            $target: fmt::Debug,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<$($parameter: ?Sized),+> fmt::Display for $guard
        where
            $target: fmt::Display,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}

guard!(<T> MutexGuard<'_, T> => T,
    |this| this.mutex.value.0.with(|value| value),
    |this| this.mutex.value.0.with_mut(|value| value));
guard!(<T> OwnedMutexGuard<T> => T,
    |this| this.permit.0.value.0.with(|value| value),
    |this| this.permit.0.value.0.with_mut(|value| value));
guard!(<T> MappedMutexGuard<'_, T> => T, |this| this.value, |this| this.value);
guard!(<T, U> OwnedMappedMutexGuard<T, U> => U, |this| this.value, |this| this.value);
