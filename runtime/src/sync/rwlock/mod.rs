//! [`RwLock`]: a lock for one writer or many readers, whose guards may be held over an await.
//!
//! Not faster than [`Mutex`](super::Mutex) by itself: it pays where readers hold it over awaits. It is a fair queue of
//! permits: a reader takes one, a writer all of them. The invariants are those of `hold`.
//!
//! Who waits is served in the order of asking, so a writer that waits keeps later readers out, and no stream of
//! readers starves it.

#[macro_use]
mod guard;
mod hold;
mod mapped_guard;
mod read_guard;
mod write_guard;

use std::fmt;
use std::sync::Arc;

use self::hold::Guarded;
use super::mutex::TryLockError;
use super::permits::{Acquire, Permits};

pub use mapped_guard::{OwnedRwLockMappedWriteGuard, RwLockMappedWriteGuard};
pub use read_guard::{OwnedRwLockReadGuard, RwLockReadGuard};
pub use write_guard::{OwnedRwLockWriteGuard, RwLockWriteGuard};

/// Readers at one time, unless fewer are asked for: tokio's number.
const MAX_READERS: u32 = u32::MAX >> 3;

/// A lock for async code that one writer or many readers hold, fair: those who wait get it in the order they asked.
///
/// A reader that asks for a second read lock while a writer waits between the two would wait for ever. A panic while
/// it is held does not poison it.
///
/// ```
/// use mini_runtime::sync::RwLock;
///
/// # futures::executor::block_on(async {
/// let lock = RwLock::new(5);
/// {
///     let first = lock.read().await;
///     let second = lock.read().await;
///     assert_eq!(*first + *second, 10);
/// }
/// *lock.write().await += 1;
/// assert_eq!(lock.into_inner(), 6);
/// # });
/// ```
pub struct RwLock<T: ?Sized> {
    /// What a writer takes.
    max_readers: u32,
    permits: Permits,
    /// Touched by whoever has permits.
    value: Guarded<T>,
}

impl<T> RwLock<T> {
    /// An unlocked lock.
    ///
    /// ```
    /// let lock = mini_runtime::sync::RwLock::new(5);
    /// assert_eq!(*lock.try_read().unwrap(), 5);
    /// ```
    pub fn new(value: T) -> Self {
        Self::with_max_readers(value, MAX_READERS)
    }

    /// A lock that lets in at most `max_readers` at one time.
    ///
    /// # Panics
    ///
    /// If `max_readers` is zero or more than `u32::MAX >> 3`.
    ///
    /// ```
    /// let lock = mini_runtime::sync::RwLock::with_max_readers(5, 1);
    /// let _reader = lock.try_read().unwrap();
    /// assert!(lock.try_read().is_err());
    /// ```
    #[track_caller]
    pub fn with_max_readers(value: T, max_readers: u32) -> Self {
        check_max_readers(max_readers);
        Self { max_readers, permits: Permits::new(max_readers as usize), value: Guarded::new(value) }
    }

    /// [`new`](Self::new) for statics.
    ///
    /// ```
    /// static NAMES: mini_runtime::sync::RwLock<Vec<&str>> = mini_runtime::sync::RwLock::const_new(Vec::new());
    /// NAMES.blocking_write().push("one");
    /// assert_eq!(NAMES.blocking_read().len(), 1);
    /// ```
    #[cfg(not(loom))]
    pub const fn const_new(value: T) -> Self {
        Self::const_with_max_readers(value, MAX_READERS)
    }

    /// [`with_max_readers`](Self::with_max_readers) for statics.
    ///
    /// # Panics
    ///
    /// As `with_max_readers`, at compile time.
    ///
    /// ```
    /// static LOCK: mini_runtime::sync::RwLock<u32> = mini_runtime::sync::RwLock::const_with_max_readers(5, 8);
    /// assert_eq!(*LOCK.try_read().unwrap(), 5);
    /// ```
    #[cfg(not(loom))]
    pub const fn const_with_max_readers(value: T, max_readers: u32) -> Self {
        check_max_readers(max_readers);
        Self { max_readers, permits: Permits::new(max_readers as usize), value: Guarded::new(value) }
    }

    /// The value.
    ///
    /// ```
    /// assert_eq!(mini_runtime::sync::RwLock::new(5).into_inner(), 5);
    /// ```
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

#[track_caller]
const fn check_max_readers(max_readers: u32) {
    assert!(max_readers != 0, "a RwLock may not be created with 0 readers; ask for at least 1");
    assert!(max_readers <= MAX_READERS, "a RwLock lets in at most u32::MAX >> 3 readers; ask for fewer");
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until it may read.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe, but a task that is cancelled loses its place in the queue.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let lock = mini_runtime::sync::RwLock::new(5);
    /// let reader = lock.read().await;
    /// assert!(lock.try_read().is_ok() && lock.try_write().is_err());
    /// # drop(reader);
    /// # });
    /// ```
    pub async fn read(&self) -> RwLockReadGuard<'_, T> {
        self.acquire_one().await.expect("a lock's permits are never closed");
        RwLockReadGuard::new(self)
    }

    #[inline]
    fn acquire_one(&self) -> Acquire<'_> {
        self.permits.acquire(1)
    }

    #[inline]
    fn acquire_all(&self) -> Acquire<'_> {
        self.permits.acquire(self.max_readers as usize)
    }

    /// [`read`](Self::read) with a guard that borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// As `read`.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use std::sync::Arc;
    ///
    /// let lock = Arc::new(mini_runtime::sync::RwLock::new(5));
    /// let reader = Arc::clone(&lock).read_owned().await;
    /// std::thread::spawn(move || assert_eq!(*reader, 5)).join().unwrap();
    /// # });
    /// ```
    pub async fn read_owned(self: Arc<Self>) -> OwnedRwLockReadGuard<T> {
        self.acquire_one().await.expect("a lock's permits are never closed");
        OwnedRwLockReadGuard::new(self)
    }

    /// Blocks this thread until it may read.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await [`read`](Self::read) there.
    ///
    /// ```
    /// assert_eq!(*mini_runtime::sync::RwLock::new(5).blocking_read(), 5);
    /// ```
    #[track_caller]
    pub fn blocking_read(&self) -> RwLockReadGuard<'_, T> {
        super::blocking::block_on("RwLock::blocking_read", self.read())
    }

    /// Reads if nobody writes and nobody waits.
    ///
    /// # Errors
    ///
    /// If someone does, or as many readers as there may be are in.
    ///
    /// ```
    /// let lock = mini_runtime::sync::RwLock::new(5);
    /// let writer = lock.try_write().unwrap();
    /// assert!(lock.try_read().is_err());
    /// # drop(writer);
    /// ```
    pub fn try_read(&self) -> Result<RwLockReadGuard<'_, T>, TryLockError> {
        self.permits.try_acquire(1).map_err(|_| TryLockError(()))?;
        Ok(RwLockReadGuard::new(self))
    }

    /// [`try_read`](Self::try_read) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// As `try_read`.
    ///
    /// ```
    /// let lock = std::sync::Arc::new(mini_runtime::sync::RwLock::new(5));
    /// assert_eq!(*lock.try_read_owned().unwrap(), 5);
    /// ```
    pub fn try_read_owned(self: Arc<Self>) -> Result<OwnedRwLockReadGuard<T>, TryLockError> {
        self.permits.try_acquire(1).map_err(|_| TryLockError(()))?;
        Ok(OwnedRwLockReadGuard::new(self))
    }

    /// Waits until it may write.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe, but a task that is cancelled loses its place in the queue.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let lock = mini_runtime::sync::RwLock::new(5);
    /// *lock.write().await += 1;
    /// assert_eq!(*lock.read().await, 6);
    /// # });
    /// ```
    pub async fn write(&self) -> RwLockWriteGuard<'_, T> {
        self.acquire_all().await.expect("a lock's permits are never closed");
        RwLockWriteGuard::new(self)
    }

    /// [`write`](Self::write) with a guard that borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// As `write`.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use std::sync::Arc;
    ///
    /// let lock = Arc::new(mini_runtime::sync::RwLock::new(5));
    /// let mut writer = Arc::clone(&lock).write_owned().await;
    /// std::thread::spawn(move || *writer += 1).join().unwrap();
    /// assert_eq!(*lock.read().await, 6);
    /// # });
    /// ```
    pub async fn write_owned(self: Arc<Self>) -> OwnedRwLockWriteGuard<T> {
        self.acquire_all().await.expect("a lock's permits are never closed");
        OwnedRwLockWriteGuard::new(self)
    }

    /// Blocks this thread until it may write.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await [`write`](Self::write) there.
    ///
    /// ```
    /// let lock = mini_runtime::sync::RwLock::new(5);
    /// *lock.blocking_write() += 1;
    /// assert_eq!(lock.into_inner(), 6);
    /// ```
    #[track_caller]
    pub fn blocking_write(&self) -> RwLockWriteGuard<'_, T> {
        super::blocking::block_on("RwLock::blocking_write", self.write())
    }

    /// Writes if nobody reads or writes.
    ///
    /// # Errors
    ///
    /// If someone does.
    ///
    /// ```
    /// let lock = mini_runtime::sync::RwLock::new(5);
    /// let reader = lock.try_read().unwrap();
    /// assert!(lock.try_write().is_err());
    /// drop(reader);
    /// *lock.try_write().unwrap() += 1;
    /// ```
    pub fn try_write(&self) -> Result<RwLockWriteGuard<'_, T>, TryLockError> {
        self.permits.try_acquire(self.max_readers as usize).map_err(|_| TryLockError(()))?;
        Ok(RwLockWriteGuard::new(self))
    }

    /// [`try_write`](Self::try_write) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// As `try_write`.
    ///
    /// ```
    /// let lock = std::sync::Arc::new(mini_runtime::sync::RwLock::new(5));
    /// let writer = lock.clone().try_write_owned().unwrap();
    /// assert!(lock.try_write_owned().is_err());
    /// # drop(writer);
    /// ```
    pub fn try_write_owned(self: Arc<Self>) -> Result<OwnedRwLockWriteGuard<T>, TryLockError> {
        self.permits.try_acquire(self.max_readers as usize).map_err(|_| TryLockError(()))?;
        Ok(OwnedRwLockWriteGuard::new(self))
    }

    /// The value, without a lock: `&mut self` shows that nobody else is here.
    ///
    /// ```
    /// let mut lock = mini_runtime::sync::RwLock::new(5);
    /// *lock.get_mut() += 1;
    /// assert_eq!(lock.into_inner(), 6);
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

impl<T> From<T> for RwLock<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Default> Default for RwLock<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("RwLock");
        match self.try_read() {
            Ok(guard) => debug.field("data", &&*guard),
            Err(_) => debug.field("data", &format_args!("<locked>")),
        };
        debug.finish()
    }
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
