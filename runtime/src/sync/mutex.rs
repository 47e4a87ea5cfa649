//! [`Mutex`]: a lock whose guard may be held over an await.
//!
//! Not for data that is only touched between awaits: std's mutex is cheaper there. One permit of a fair queue
//! stands for the lock, and the invariant is that a guard exists exactly while its permit is taken.

use std::error::Error;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::permits::{Acquire, Permits};

/// A lock for async code, fair: those who wait get it in the order they asked.
///
/// A panic while it is held does not poison it.
///
/// ```
/// use mini_runtime::sync::Mutex;
///
/// # futures::executor::block_on(async {
/// let count = Mutex::new(1);
/// *count.lock().await += 1;
/// assert_eq!(count.into_inner(), 2);
/// # });
/// ```
pub struct Mutex<T: ?Sized> {
    /// One permit: the lock.
    permits: Permits,
    /// Touched by whoever has the permit. Std's cell, since its content may be unsized; loom checks the
    /// permit.
    value: std::cell::UnsafeCell<T>,
}

// SAFETY: the value goes with the permit from thread to thread, and is never shared without it.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: as above; `&Mutex` gives out the value one thread at a time.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

/// The lock is held by someone else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TryLockError(());

impl fmt::Display for TryLockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the mutex is locked")
    }
}

impl Error for TryLockError {}

impl<T> Mutex<T> {
    /// An unlocked mutex.
    pub fn new(value: T) -> Self {
        Self { permits: Permits::new(1), value: std::cell::UnsafeCell::new(value) }
    }

    /// [`new`](Self::new) for statics.
    ///
    /// ```
    /// static COUNT: mini_runtime::sync::Mutex<u32> = mini_runtime::sync::Mutex::const_new(0);
    /// *COUNT.blocking_lock() += 1;
    /// ```
    #[cfg(not(loom))]
    pub const fn const_new(value: T) -> Self {
        Self { permits: Permits::new(1), value: std::cell::UnsafeCell::new(value) }
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits for the lock.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe, but a task that is cancelled loses its place in the queue.
    pub async fn lock(&self) -> MutexGuard<'_, T> {
        self.acquire().await.expect("a mutex's permits are never closed");
        MutexGuard { mutex: self }
    }

    #[inline]
    fn acquire(&self) -> Acquire<'_> {
        self.permits.acquire(1)
    }

    /// [`lock`](Self::lock) with a guard that borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// As [`lock`](Self::lock).
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use std::sync::Arc;
    ///
    /// let names = Arc::new(mini_runtime::sync::Mutex::new(Vec::new()));
    /// let mut guard = Arc::clone(&names).lock_owned().await;
    /// std::thread::spawn(move || guard.push("one")).join().unwrap();
    /// assert_eq!(names.lock().await.len(), 1);
    /// # });
    /// ```
    pub async fn lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        self.acquire().await.expect("a mutex's permits are never closed");
        OwnedMutexGuard { mutex: self }
    }

    /// Takes the lock if it is free and nobody waits.
    ///
    /// # Errors
    ///
    /// If it is not.
    ///
    /// ```
    /// let mutex = mini_runtime::sync::Mutex::new(());
    /// let guard = mutex.try_lock().unwrap();
    /// assert!(mutex.try_lock().is_err());
    /// # drop(guard);
    /// ```
    pub fn try_lock(&self) -> Result<MutexGuard<'_, T>, TryLockError> {
        self.permits.try_acquire(1).map_err(|_| TryLockError(()))?;
        Ok(MutexGuard { mutex: self })
    }

    /// [`try_lock`](Self::try_lock) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// If it is not free.
    pub fn try_lock_owned(self: Arc<Self>) -> Result<OwnedMutexGuard<T>, TryLockError> {
        self.permits.try_acquire(1).map_err(|_| TryLockError(()))?;
        Ok(OwnedMutexGuard { mutex: self })
    }

    /// Blocks this thread until it has the lock.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await [`lock`](Self::lock) there.
    #[track_caller]
    pub fn blocking_lock(&self) -> MutexGuard<'_, T> {
        super::blocking::block_on("Mutex::blocking_lock", self.lock())
    }

    /// [`blocking_lock`](Self::blocking_lock) with a guard that borrows nothing.
    ///
    /// # Panics
    ///
    /// As `blocking_lock`.
    #[track_caller]
    pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        super::blocking::block_on("Mutex::blocking_lock_owned", self.lock_owned())
    }

    /// The value, without a lock: `&mut self` shows that nobody else is here.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Mutex");
        match self.try_lock() {
            Ok(guard) => debug.field("value", &&*guard),
            Err(_) => debug.field("value", &format_args!("<locked>")),
        };
        debug.finish()
    }
}

/// The lock, until dropped.
#[must_use = "the mutex is unlocked when the guard is dropped"]
pub struct MutexGuard<'a, T: ?Sized> {
    mutex: &'a Mutex<T>,
}

/// The lock of a mutex behind an `Arc`, until dropped.
#[must_use = "the mutex is unlocked when the guard is dropped"]
pub struct OwnedMutexGuard<T: ?Sized> {
    mutex: Arc<Mutex<T>>,
}

// SAFETY: `&MutexGuard` gives out `&T`. (Send follows from the field.)
unsafe impl<T: ?Sized + Send + Sync> Sync for MutexGuard<'_, T> {}
// SAFETY: as for MutexGuard.
unsafe impl<T: ?Sized + Send + Sync> Sync for OwnedMutexGuard<T> {}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The mutex it locks.
    pub fn mutex(this: &Self) -> &'a Mutex<T> {
        this.mutex
    }
}

impl<T: ?Sized> OwnedMutexGuard<T> {
    /// The mutex it locks.
    pub fn mutex(this: &Self) -> &Arc<Mutex<T>> {
        &this.mutex
    }
}

macro_rules! guard {
    ($($guard:tt)*) => {
        impl<T: ?Sized> Drop for $($guard)* {
            fn drop(&mut self) {
                self.mutex.permits.release(1);
            }
        }

        impl<T: ?Sized> Deref for $($guard)* {
            type Target = T;
            fn deref(&self) -> &T {
                // SAFETY: the guard has the mutex's one permit, so nobody else touches the value.
                unsafe { &*self.mutex.value.get() }
            }
        }

        impl<T: ?Sized> DerefMut for $($guard)* {
            fn deref_mut(&mut self) -> &mut T {
                // SAFETY: as for `deref`, and the guard is borrowed mutably.
                unsafe { &mut *self.mutex.value.get() }
            }
        }

        impl<T: ?Sized + fmt::Debug> fmt::Debug for $($guard)* {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<T: ?Sized + fmt::Display> fmt::Display for $($guard)* {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}

guard!(MutexGuard<'_, T>);
guard!(OwnedMutexGuard<T>);
