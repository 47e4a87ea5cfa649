//! [`Semaphore`]: permits handed out in the order they were asked for, each held by a guard.
//!
//! Not the counting itself, which is `permits`, nor the guards, which are in `permit`. The invariant: who acquires
//! gets the permits as a guard, or an error.

mod permit;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::permits::{Permits, Refusal};

pub use permit::{OwnedSemaphorePermit, SemaphorePermit};

/// A counter of permits that tasks acquire in fair order.
///
/// Who asks for many is not overtaken by who asks for few.
///
/// ```
/// use mini_runtime::sync::Semaphore;
///
/// # futures::executor::block_on(async {
/// let connections = Semaphore::new(2);
/// let first = connections.acquire().await.unwrap();
/// let _second = connections.acquire().await.unwrap();
/// assert!(connections.try_acquire().is_err());
/// drop(first);
/// assert_eq!(connections.available_permits(), 1);
/// # });
/// ```
#[derive(Debug)]
pub struct Semaphore {
    permits: Permits,
}

/// The semaphore was closed.
///
/// ```
/// # futures::executor::block_on(async {
/// let semaphore = mini_runtime::sync::Semaphore::new(1);
/// semaphore.close();
/// assert_eq!(semaphore.acquire().await.unwrap_err().to_string(), "the semaphore is closed");
/// # });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcquireError(());

impl fmt::Display for AcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the semaphore is closed")
    }
}

impl Error for AcquireError {}

/// Why permits could not be had at once.
///
/// ```
/// use mini_runtime::sync::{Semaphore, TryAcquireError};
/// assert_eq!(Semaphore::new(0).try_acquire().unwrap_err(), TryAcquireError::NoPermits);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryAcquireError {
    /// The semaphore was closed.
    Closed,
    /// Too few permits are there now.
    NoPermits,
}

impl fmt::Display for TryAcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "the semaphore is closed",
            Self::NoPermits => "the semaphore has too few permits available",
        })
    }
}

impl Error for TryAcquireError {}

impl From<Refusal> for TryAcquireError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Closed => Self::Closed,
            Refusal::NoPermits => Self::NoPermits,
        }
    }
}

impl Semaphore {
    /// The most permits there can be.
    ///
    /// ```
    /// use mini_runtime::sync::Semaphore;
    /// assert_eq!(Semaphore::new(Semaphore::MAX_PERMITS).available_permits(), usize::MAX >> 3);
    /// ```
    pub const MAX_PERMITS: usize = Permits::MAX;

    /// A semaphore with `permits` permits.
    ///
    /// # Panics
    ///
    /// If `permits` is more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    ///
    /// ```
    /// assert_eq!(mini_runtime::sync::Semaphore::new(4).available_permits(), 4);
    /// ```
    #[track_caller]
    pub fn new(permits: usize) -> Self {
        assert!(
            permits <= Self::MAX_PERMITS,
            "a semaphore holds at most Semaphore::MAX_PERMITS permits; ask for fewer"
        );
        Self { permits: Permits::new(permits) }
    }

    /// [`new`](Self::new) for statics.
    ///
    /// # Panics
    ///
    /// As `new`, at compile time.
    ///
    /// ```
    /// static LIMIT: mini_runtime::sync::Semaphore = mini_runtime::sync::Semaphore::const_new(8);
    /// assert_eq!(LIMIT.available_permits(), 8);
    /// ```
    #[cfg(not(loom))]
    pub const fn const_new(permits: usize) -> Self {
        assert!(permits <= Self::MAX_PERMITS, "a semaphore holds at most Semaphore::MAX_PERMITS permits");
        Self { permits: Permits::new(permits) }
    }

    /// The permits that nobody has now.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(2);
    /// let _permit = semaphore.try_acquire().unwrap();
    /// assert_eq!(semaphore.available_permits(), 1);
    /// ```
    pub fn available_permits(&self) -> usize {
        self.permits.available()
    }

    /// Adds `count` permits.
    ///
    /// # Panics
    ///
    /// If there would be more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(0);
    /// semaphore.add_permits(3);
    /// assert_eq!(semaphore.available_permits(), 3);
    /// ```
    #[track_caller]
    pub fn add_permits(&self, count: usize) {
        self.permits.release(count);
    }

    /// Takes up to `count` of the available permits away for good, and says how many it took.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(3);
    /// assert_eq!(semaphore.forget_permits(5), 3);
    /// ```
    pub fn forget_permits(&self, count: usize) -> usize {
        self.permits.forget(count)
    }

    /// Waits for a permit.
    ///
    /// # Errors
    ///
    /// If the semaphore is or gets closed.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe, but a task that is cancelled loses its place in the queue.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let semaphore = mini_runtime::sync::Semaphore::new(1);
    /// let permit = semaphore.acquire().await.unwrap();
    /// assert_eq!(semaphore.available_permits(), 0);
    /// # drop(permit);
    /// # });
    /// ```
    pub async fn acquire(&self) -> Result<SemaphorePermit<'_>, AcquireError> {
        self.acquire_many(1).await
    }

    /// Waits for `count` permits at once.
    ///
    /// # Errors
    ///
    /// If the semaphore is or gets closed.
    ///
    /// # Cancel safety
    ///
    /// As [`acquire`](Self::acquire).
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let semaphore = mini_runtime::sync::Semaphore::new(5);
    /// let permits = semaphore.acquire_many(3).await.unwrap();
    /// assert_eq!((permits.num_permits(), semaphore.available_permits()), (3, 2));
    /// # });
    /// ```
    pub async fn acquire_many(&self, count: u32) -> Result<SemaphorePermit<'_>, AcquireError> {
        let count = count as usize;
        self.permits.acquire(count).await.map_err(|_| AcquireError(()))?;
        Ok(SemaphorePermit::new(self, count))
    }

    /// Takes a permit if one is there and nobody waits.
    ///
    /// # Errors
    ///
    /// [`TryAcquireError`] says why not.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(1);
    /// let _permit = semaphore.try_acquire().unwrap();
    /// assert!(semaphore.try_acquire().is_err());
    /// ```
    pub fn try_acquire(&self) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        self.try_acquire_many(1)
    }

    /// Takes `count` permits if they are there and nobody waits.
    ///
    /// # Errors
    ///
    /// [`TryAcquireError`] says why not.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(3);
    /// assert!(semaphore.try_acquire_many(4).is_err());
    /// assert_eq!(semaphore.try_acquire_many(3).unwrap().num_permits(), 3);
    /// ```
    pub fn try_acquire_many(&self, count: u32) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        let count = count as usize;
        self.permits.try_acquire(count)?;
        Ok(SemaphorePermit::new(self, count))
    }

    /// [`acquire`](Self::acquire) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// If the semaphore is or gets closed.
    ///
    /// # Cancel safety
    ///
    /// As [`acquire`](Self::acquire).
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use std::sync::Arc;
    ///
    /// let semaphore = Arc::new(mini_runtime::sync::Semaphore::new(1));
    /// let permit = Arc::clone(&semaphore).acquire_owned().await.unwrap();
    /// std::thread::spawn(move || drop(permit)).join().unwrap();
    /// assert_eq!(semaphore.available_permits(), 1);
    /// # });
    /// ```
    pub async fn acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.acquire_many_owned(1).await
    }

    /// [`acquire_many`](Self::acquire_many) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// If the semaphore is or gets closed.
    ///
    /// # Cancel safety
    ///
    /// As [`acquire`](Self::acquire).
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(3));
    /// let permits = semaphore.clone().acquire_many_owned(2).await.unwrap();
    /// assert_eq!((permits.num_permits(), semaphore.available_permits()), (2, 1));
    /// # });
    /// ```
    pub async fn acquire_many_owned(
        self: Arc<Self>,
        count: u32,
    ) -> Result<OwnedSemaphorePermit, AcquireError> {
        let count = count as usize;
        self.permits.acquire(count).await.map_err(|_| AcquireError(()))?;
        Ok(OwnedSemaphorePermit::new(self, count))
    }

    /// [`try_acquire`](Self::try_acquire) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// [`TryAcquireError`] says why not.
    ///
    /// ```
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(1));
    /// let _permit = semaphore.clone().try_acquire_owned().unwrap();
    /// assert!(semaphore.try_acquire_owned().is_err());
    /// ```
    pub fn try_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_acquire_many_owned(1)
    }

    /// [`try_acquire_many`](Self::try_acquire_many) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// [`TryAcquireError`] says why not.
    ///
    /// ```
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(3));
    /// assert!(semaphore.clone().try_acquire_many_owned(4).is_err());
    /// assert_eq!(semaphore.try_acquire_many_owned(3).unwrap().num_permits(), 3);
    /// ```
    pub fn try_acquire_many_owned(
        self: Arc<Self>,
        count: u32,
    ) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        let count = count as usize;
        self.permits.try_acquire(count)?;
        Ok(OwnedSemaphorePermit::new(self, count))
    }

    /// Blocks this thread until it has a permit.
    ///
    /// # Errors
    ///
    /// If the semaphore is or gets closed.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await [`acquire`](Self::acquire) there.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(1);
    /// assert_eq!(semaphore.blocking_acquire().unwrap().num_permits(), 1);
    /// ```
    #[track_caller]
    pub fn blocking_acquire(&self) -> Result<SemaphorePermit<'_>, AcquireError> {
        super::blocking::block_on("Semaphore::blocking_acquire", self.acquire())
    }

    /// Blocks this thread until it has `count` permits.
    ///
    /// # Errors
    ///
    /// If the semaphore is or gets closed.
    ///
    /// # Panics
    ///
    /// As [`blocking_acquire`](Self::blocking_acquire).
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(3);
    /// assert_eq!(semaphore.blocking_acquire_many(2).unwrap().num_permits(), 2);
    /// ```
    #[track_caller]
    pub fn blocking_acquire_many(&self, count: u32) -> Result<SemaphorePermit<'_>, AcquireError> {
        super::blocking::block_on("Semaphore::blocking_acquire_many", self.acquire_many(count))
    }

    /// [`blocking_acquire`](Self::blocking_acquire) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// If the semaphore is or gets closed.
    ///
    /// # Panics
    ///
    /// As `blocking_acquire`.
    ///
    /// ```
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(1));
    /// let permit = semaphore.clone().blocking_acquire_owned().unwrap();
    /// assert_eq!(semaphore.available_permits(), 0);
    /// # drop(permit);
    /// ```
    #[track_caller]
    pub fn blocking_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, AcquireError> {
        super::blocking::block_on("Semaphore::blocking_acquire_owned", self.acquire_owned())
    }

    /// [`blocking_acquire_many`](Self::blocking_acquire_many) with a guard that borrows nothing.
    ///
    /// # Errors
    ///
    /// If the semaphore is or gets closed.
    ///
    /// # Panics
    ///
    /// As `blocking_acquire`.
    ///
    /// ```
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(3));
    /// assert_eq!(semaphore.blocking_acquire_many_owned(2).unwrap().num_permits(), 2);
    /// ```
    #[track_caller]
    pub fn blocking_acquire_many_owned(
        self: Arc<Self>,
        count: u32,
    ) -> Result<OwnedSemaphorePermit, AcquireError> {
        super::blocking::block_on("Semaphore::blocking_acquire_many_owned", self.acquire_many_owned(count))
    }

    /// Ends the handing out: all who wait and all who come get an error. Permits that are held stay so.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(1);
    /// semaphore.close();
    /// assert!(semaphore.is_closed() && semaphore.try_acquire().is_err());
    /// ```
    pub fn close(&self) {
        self.permits.close();
    }

    /// Whether [`close`](Self::close) was called.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(1);
    /// assert!(!semaphore.is_closed());
    /// semaphore.close();
    /// assert!(semaphore.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.permits.is_closed()
    }
}
