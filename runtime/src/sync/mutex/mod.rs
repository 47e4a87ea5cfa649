//! [`Mutex`]: a lock whose guard may be held over an await.
//!
//! Not for data that is only touched between awaits: std's mutex is cheaper there. One permit of a fair queue
//! stands for the lock, and the invariant is that a guard exists exactly while its permit is taken.

mod guard;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use self::guard::Guarded;
use super::permits::{Acquire, Permits};
use crate::primitive::cell::UnsafeCell;

pub use guard::{MappedMutexGuard, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard};

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
    /// Touched by whoever has the permit.
    value: Guarded<T>,
}

/// The lock is held by someone else: a [`Mutex`], or a [`RwLock`](super::RwLock).
///
/// ```
/// let mutex = mini_runtime::sync::Mutex::new(1);
/// let _guard = mutex.try_lock().unwrap();
/// assert_eq!(mutex.try_lock().unwrap_err().to_string(), "the lock is held");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TryLockError(pub(super) ());

impl fmt::Display for TryLockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the lock is held")
    }
}

impl Error for TryLockError {}

impl<T> Mutex<T> {
    /// An unlocked mutex.
    ///
    /// ```
    /// let mutex = mini_runtime::sync::Mutex::new(1);
    /// assert_eq!(*mutex.try_lock().unwrap(), 1);
    /// ```
    pub fn new(value: T) -> Self {
        Self { permits: Permits::new(1), value: Guarded(UnsafeCell::new(value)) }
    }

    /// [`new`](Self::new) for statics.
    ///
    /// ```
    /// static COUNT: mini_runtime::sync::Mutex<u32> = mini_runtime::sync::Mutex::const_new(0);
    /// *COUNT.blocking_lock() += 1;
    /// ```
    #[cfg(not(loom))]
    pub const fn const_new(value: T) -> Self {
        Self { permits: Permits::new(1), value: Guarded(UnsafeCell::new(value)) }
    }

    /// The value.
    ///
    /// ```
    /// assert_eq!(mini_runtime::sync::Mutex::new(1).into_inner(), 1);
    /// ```
    pub fn into_inner(self) -> T {
        self.value.0.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits for the lock.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe, but a task that is cancelled loses its place in the queue.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let mutex = mini_runtime::sync::Mutex::new(1);
    /// *mutex.lock().await += 1;
    /// assert_eq!(*mutex.lock().await, 2);
    /// # });
    /// ```
    pub async fn lock(&self) -> MutexGuard<'_, T> {
        self.acquire().await.expect("a mutex's permits are never closed");
        MutexGuard::new(self)
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
        OwnedMutexGuard::new(self)
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
        Ok(MutexGuard::new(self))
    }

    /// [`try_lock`](Self::try_lock) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// If it is not free.
    ///
    /// ```
    /// let mutex = std::sync::Arc::new(mini_runtime::sync::Mutex::new(1));
    /// let guard = mutex.clone().try_lock_owned().unwrap();
    /// assert!(mutex.try_lock_owned().is_err());
    /// # drop(guard);
    /// ```
    pub fn try_lock_owned(self: Arc<Self>) -> Result<OwnedMutexGuard<T>, TryLockError> {
        self.permits.try_acquire(1).map_err(|_| TryLockError(()))?;
        Ok(OwnedMutexGuard::new(self))
    }

    /// Blocks this thread until it has the lock.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await [`lock`](Self::lock) there.
    ///
    /// ```
    /// let mutex = mini_runtime::sync::Mutex::new(1);
    /// *mutex.blocking_lock() += 1;
    /// assert_eq!(mutex.into_inner(), 2);
    /// ```
    #[track_caller]
    pub fn blocking_lock(&self) -> MutexGuard<'_, T> {
        super::blocking::block_on("Mutex::blocking_lock", self.lock())
    }

    /// [`blocking_lock`](Self::blocking_lock) with a guard that borrows nothing.
    ///
    /// # Panics
    ///
    /// As `blocking_lock`.
    ///
    /// ```
    /// let mutex = std::sync::Arc::new(mini_runtime::sync::Mutex::new(1));
    /// *mutex.clone().blocking_lock_owned() += 1;
    /// assert_eq!(*mutex.blocking_lock(), 2);
    /// ```
    #[track_caller]
    pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        super::blocking::block_on("Mutex::blocking_lock_owned", self.lock_owned())
    }

    /// The value, without a lock: `&mut self` shows that nobody else is here.
    ///
    /// ```
    /// let mut mutex = mini_runtime::sync::Mutex::new(1);
    /// *mutex.get_mut() += 1;
    /// assert_eq!(mutex.into_inner(), 2);
    /// ```
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
            Ok(guard) => debug.field("data", &&*guard),
            Err(_) => debug.field("data", &format_args!("<locked>")),
        };
        debug.finish()
    }
}

#[cfg(all(test, loom))]
mod model {
    use super::*;
    use crate::primitive::thread;
    use loom::future::block_on;

    /// Two tasks add to the value, one of them by a mapped guard that the lock's guard became: loom checks that they
    /// do not touch the cell at once.
    #[test]
    fn model_mutex_keeps_its_value_to_one_guard() {
        loom::model(|| {
            let mutex = Arc::new(Mutex::new((0, 0)));
            let other = {
                let mutex = mutex.clone();
                thread::spawn(move || {
                    let mut second = MutexGuard::map(block_on(mutex.lock()), |pair| &mut pair.1);
                    *second += 1;
                })
            };
            {
                let mut pair = block_on(Arc::clone(&mutex).lock_owned());
                pair.0 += 1;
                pair.1 += 1;
            }
            other.join().unwrap();
            assert_eq!(*mutex.try_lock().unwrap(), (1, 2));
        });
    }
}
