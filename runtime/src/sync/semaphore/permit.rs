//! [`SemaphorePermit`] and [`OwnedSemaphorePermit`]: permits that are held.
//!
//! Not the acquiring. The invariant: each guard releases exactly the permits it holds, once.

use std::sync::Arc;

use super::Semaphore;

/// Permits of a [`Semaphore`], released when dropped.
///
/// ```
/// let semaphore = mini_runtime::sync::Semaphore::new(1);
/// let permit = semaphore.try_acquire().unwrap();
/// drop(permit);
/// assert_eq!(semaphore.available_permits(), 1);
/// ```
#[must_use = "a permit is released when dropped"]
#[derive(Debug)]
pub struct SemaphorePermit<'a> {
    semaphore: &'a Semaphore,
    count: usize,
}

/// Permits of a [`Semaphore`] behind an `Arc`, released when dropped.
///
/// ```
/// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(1));
/// let permit = semaphore.clone().try_acquire_owned().unwrap();
/// std::thread::spawn(move || drop(permit)).join().unwrap();
/// assert_eq!(semaphore.available_permits(), 1);
/// ```
#[must_use = "a permit is released when dropped"]
#[derive(Debug)]
pub struct OwnedSemaphorePermit {
    semaphore: Arc<Semaphore>,
    count: usize,
}

impl<'a> SemaphorePermit<'a> {
    /// For permits that were acquired.
    pub(super) fn new(semaphore: &'a Semaphore, count: usize) -> Self {
        Self { semaphore, count }
    }

    /// Takes the permits away from the semaphore for good.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(1);
    /// semaphore.try_acquire().unwrap().forget();
    /// assert_eq!(semaphore.available_permits(), 0);
    /// ```
    pub fn forget(mut self) {
        self.count = 0;
    }

    /// Joins the permits of `other` to these.
    ///
    /// # Panics
    ///
    /// If they are another semaphore's.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(3);
    /// let mut permits = semaphore.try_acquire().unwrap();
    /// permits.merge(semaphore.try_acquire_many(2).unwrap());
    /// assert_eq!(permits.num_permits(), 3);
    /// ```
    #[track_caller]
    pub fn merge(&mut self, mut other: Self) {
        assert!(
            std::ptr::eq(self.semaphore, other.semaphore),
            "permits of two semaphores cannot be merged; merge those of one"
        );
        self.count += std::mem::take(&mut other.count);
    }

    /// Splits `count` permits off, if there are as many.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(3);
    /// let mut permits = semaphore.try_acquire_many(3).unwrap();
    /// let one = permits.split(1).unwrap();
    /// assert_eq!((permits.num_permits(), one.num_permits()), (2, 1));
    /// permits.merge(one);
    /// assert!(permits.split(4).is_none());
    /// ```
    pub fn split(&mut self, count: usize) -> Option<Self> {
        self.count = self.count.checked_sub(count)?;
        Some(Self { semaphore: self.semaphore, count })
    }

    /// The semaphore they are of.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(3);
    /// let permit = semaphore.try_acquire().unwrap();
    /// assert!(std::ptr::eq(permit.semaphore(), &semaphore));
    /// ```
    pub fn semaphore(&self) -> &'a Semaphore {
        self.semaphore
    }

    /// How many they are.
    ///
    /// ```
    /// let semaphore = mini_runtime::sync::Semaphore::new(3);
    /// assert_eq!(semaphore.try_acquire_many(2).unwrap().num_permits(), 2);
    /// ```
    pub fn num_permits(&self) -> usize {
        self.count
    }
}

impl OwnedSemaphorePermit {
    /// For permits that were acquired.
    pub(super) fn new(semaphore: Arc<Semaphore>, count: usize) -> Self {
        Self { semaphore, count }
    }

    /// Takes the permits away from the semaphore for good.
    ///
    /// ```
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(1));
    /// semaphore.clone().try_acquire_owned().unwrap().forget();
    /// assert_eq!(semaphore.available_permits(), 0);
    /// ```
    pub fn forget(mut self) {
        self.count = 0;
    }

    /// Joins the permits of `other` to these.
    ///
    /// # Panics
    ///
    /// If they are another semaphore's.
    ///
    /// ```
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(3));
    /// let mut permits = semaphore.clone().try_acquire_owned().unwrap();
    /// permits.merge(semaphore.try_acquire_many_owned(2).unwrap());
    /// assert_eq!(permits.num_permits(), 3);
    /// ```
    #[track_caller]
    pub fn merge(&mut self, mut other: Self) {
        assert!(
            Arc::ptr_eq(&self.semaphore, &other.semaphore),
            "permits of two semaphores cannot be merged; merge those of one"
        );
        self.count += std::mem::take(&mut other.count);
    }

    /// Splits `count` permits off, if there are as many.
    ///
    /// ```
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(3));
    /// let mut permits = semaphore.try_acquire_many_owned(3).unwrap();
    /// let one = permits.split(1).unwrap();
    /// assert_eq!((permits.num_permits(), one.num_permits()), (2, 1));
    /// ```
    pub fn split(&mut self, count: usize) -> Option<Self> {
        self.count = self.count.checked_sub(count)?;
        Some(Self { semaphore: Arc::clone(&self.semaphore), count })
    }

    /// The semaphore they are of.
    ///
    /// ```
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(3));
    /// let permit = semaphore.clone().try_acquire_owned().unwrap();
    /// assert!(std::sync::Arc::ptr_eq(permit.semaphore(), &semaphore));
    /// ```
    pub fn semaphore(&self) -> &Arc<Semaphore> {
        &self.semaphore
    }

    /// How many they are.
    ///
    /// ```
    /// let semaphore = std::sync::Arc::new(mini_runtime::sync::Semaphore::new(3));
    /// assert_eq!(semaphore.try_acquire_many_owned(2).unwrap().num_permits(), 2);
    /// ```
    pub fn num_permits(&self) -> usize {
        self.count
    }
}

impl Drop for SemaphorePermit<'_> {
    fn drop(&mut self) {
        self.semaphore.permits.release(self.count);
    }
}

impl Drop for OwnedSemaphorePermit {
    fn drop(&mut self) {
        self.semaphore.permits.release(self.count);
    }
}
