//! [`OnceCell`]: a value that the first who needs it makes, while others wait for it.
//!
//! Not a cache: it is made once and stays. One permit of a fair queue is the right to make the value, and the queue
//! closes when there is one. The invariants:
//!
//! 1. The value is written by the holder of the permit, which is not released after.
//! 2. The permits are closed after the value was written, and only then: a refusal says that the value is there.

mod error;

use std::convert::Infallible;
use std::fmt;
use std::future::Future;

use super::once_value::OnceValue;
use super::permits::{Permits, Refusal};

pub use error::SetError;

/// A cell for a value that is made when it is first needed, by an async function if need be.
///
/// If the one who makes it fails, panics or is cancelled, the next who waits makes it.
///
/// ```
/// use mini_runtime::sync::OnceCell;
///
/// static ADDRESS: OnceCell<String> = OnceCell::const_new();
///
/// # futures::executor::block_on(async {
/// let address = ADDRESS.get_or_init(|| async { "127.0.0.1".to_owned() }).await;
/// assert_eq!(address, "127.0.0.1");
/// assert_eq!(ADDRESS.get_or_init(|| async { unreachable!("it is there") }).await, "127.0.0.1");
/// # });
/// ```
pub struct OnceCell<T> {
    value: OnceValue<T>,
    /// The right to make the value (1, 2).
    permits: Permits,
}

/// The right to make the value; goes to the next when it is dropped.
struct Making<'c, T>(&'c OnceCell<T>);

impl<'c, T> Making<'c, T> {
    fn finish(self, value: T) -> &'c T {
        let cell = self.0;
        // The permit stays taken (1).
        std::mem::forget(self);
        cell.value.set(value);
        cell.permits.close();
        cell.get().expect("just set")
    }
}

impl<T> Drop for Making<'_, T> {
    fn drop(&mut self) {
        self.0.permits.release(1);
    }
}

impl<T> OnceCell<T> {
    /// An empty cell.
    ///
    /// ```
    /// assert_eq!(mini_runtime::sync::OnceCell::<u32>::new().get(), None);
    /// ```
    pub fn new() -> Self {
        Self { value: OnceValue::new(), permits: Permits::new(1) }
    }

    /// [`new`](Self::new) for statics.
    ///
    /// ```
    /// static LIMIT: mini_runtime::sync::OnceCell<u32> = mini_runtime::sync::OnceCell::const_new();
    /// LIMIT.set(8).unwrap();
    /// assert_eq!(LIMIT.get(), Some(&8));
    /// ```
    #[cfg(not(loom))]
    pub const fn const_new() -> Self {
        Self { value: OnceValue::new(), permits: Permits::new(1) }
    }

    /// A cell with a value, if there is one.
    ///
    /// ```
    /// assert_eq!(mini_runtime::sync::OnceCell::new_with(Some(1)).get(), Some(&1));
    /// ```
    pub fn new_with(value: Option<T>) -> Self {
        value.map_or_else(Self::new, Self::from)
    }

    /// A cell with a value, for statics.
    ///
    /// ```
    /// static LIMIT: mini_runtime::sync::OnceCell<u32> = mini_runtime::sync::OnceCell::const_new_with(8);
    /// assert_eq!(LIMIT.get(), Some(&8));
    /// ```
    #[cfg(not(loom))]
    pub const fn const_new_with(value: T) -> Self {
        Self { value: OnceValue::with(value), permits: Permits::closed() }
    }

    /// Whether the value is there.
    ///
    /// ```
    /// let cell = mini_runtime::sync::OnceCell::new();
    /// assert!(!cell.initialized());
    /// cell.set(1).unwrap();
    /// assert!(cell.initialized());
    /// ```
    pub fn initialized(&self) -> bool {
        self.value.is_set()
    }

    /// The value, if it is there.
    ///
    /// ```
    /// let cell = mini_runtime::sync::OnceCell::new();
    /// cell.set(1).unwrap();
    /// assert_eq!(cell.get(), Some(&1));
    /// ```
    pub fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// The value, if it is there, to change: `&mut self` shows that nobody else is here.
    ///
    /// ```
    /// let mut cell = mini_runtime::sync::OnceCell::from(1);
    /// *cell.get_mut().unwrap() += 1;
    /// assert_eq!(cell.get(), Some(&2));
    /// ```
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.get_mut()
    }

    /// Puts a value in, if none is there and nobody is making one.
    ///
    /// # Errors
    ///
    /// [`SetError`] says why not, and has the value.
    ///
    /// ```
    /// let cell = mini_runtime::sync::OnceCell::new();
    /// cell.set(1).unwrap();
    /// assert!(cell.set(2).unwrap_err().is_already_init_err());
    /// ```
    pub fn set(&self, value: T) -> Result<(), SetError<T>> {
        match self.permits.try_acquire(1) {
            Ok(()) => {
                Making(self).finish(value);
                Ok(())
            }
            Err(Refusal::NoPermits) => Err(SetError::InitializingError(value)),
            Err(Refusal::Closed) => Err(SetError::AlreadyInitializedError(value)),
        }
    }

    /// The value; if it is not there, makes it with `make`, or waits for another who makes it.
    ///
    /// # Cancel safety
    ///
    /// Dropped while `make`'s future runs, that is dropped too and the next who waits makes the value.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let cell = mini_runtime::sync::OnceCell::new();
    /// assert_eq!(cell.get_or_init(|| async { 1 }).await, &1);
    /// assert_eq!(cell.get_or_init(|| async { 2 }).await, &1);
    /// # });
    /// ```
    pub async fn get_or_init<F, Fut>(&self, make: F) -> &T
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = T>,
    {
        let made = self.get_or_try_init(|| async { Ok::<T, Infallible>(make().await) }).await;
        made.unwrap_or_else(|never| match never {})
    }

    /// The value; if it is not there, makes it with `make`, or waits for another who makes it.
    ///
    /// # Errors
    ///
    /// The error of `make`; the cell is empty then, and the next who waits makes the value.
    ///
    /// # Cancel safety
    ///
    /// As [`get_or_init`](Self::get_or_init).
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let cell = mini_runtime::sync::OnceCell::new();
    /// assert_eq!(cell.get_or_try_init(|| async { Err("not yet") }).await, Err("not yet"));
    /// assert_eq!(cell.get_or_try_init(|| async { Ok::<u32, &str>(1) }).await, Ok(&1));
    /// # });
    /// ```
    pub async fn get_or_try_init<E, F, Fut>(&self, make: F) -> Result<&T, E>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        if let Some(value) = self.get() {
            return Ok(value);
        }
        match self.permits.acquire(1).await {
            Ok(()) => {
                let making = Making(self);
                Ok(making.finish(make().await?))
            }
            Err(_) => Ok(self.get().expect("the permits are closed when the value is there")),
        }
    }

    /// The value.
    ///
    /// ```
    /// assert_eq!(mini_runtime::sync::OnceCell::from(1).into_inner(), Some(1));
    /// ```
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }

    /// Takes the value out and leaves the cell empty.
    ///
    /// ```
    /// let mut cell = mini_runtime::sync::OnceCell::from(1);
    /// assert_eq!((cell.take(), cell.take()), (Some(1), None));
    /// cell.set(2).unwrap();
    /// ```
    pub fn take(&mut self) -> Option<T> {
        std::mem::take(self).into_inner()
    }
}

impl<T> Default for OnceCell<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<T> for OnceCell<T> {
    fn from(value: T) -> Self {
        Self { value: OnceValue::with(value), permits: Permits::closed() }
    }
}

impl<T: Clone> Clone for OnceCell<T> {
    fn clone(&self) -> Self {
        Self::new_with(self.get().cloned())
    }
}

impl<T: PartialEq> PartialEq for OnceCell<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for OnceCell<T> {}

impl<T: fmt::Debug> fmt::Debug for OnceCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceCell").field("value", &self.get()).finish()
    }
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
