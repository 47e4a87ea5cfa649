//! [`SetOnce`]: a value that is set once, and that tasks wait for.
//!
//! Not a [`OnceCell`](super::OnceCell): who waits does not make the value. It is a [`Notify`] beside the value. The
//! invariant: the value is written under the lock of the `Notify`'s queue, so by one setter, and before the
//! notification of all.

use std::error::Error;
use std::fmt;

use super::notify::Notify;
use super::once_value::OnceValue;

/// A cell whose value is set once; tasks can wait for it.
///
/// ```
/// use mini_runtime::sync::SetOnce;
///
/// static PORT: SetOnce<u16> = SetOnce::const_new();
///
/// # futures::executor::block_on(async {
/// std::thread::spawn(|| PORT.set(8080).unwrap());
/// assert_eq!(PORT.wait().await, &8080);
/// # });
/// ```
pub struct SetOnce<T> {
    value: OnceValue<T>,
    /// Notified when the value is set.
    notify: Notify,
}

/// The cell has a value already; here is the other.
///
/// ```
/// use mini_runtime::sync::{SetOnce, SetOnceError};
/// assert_eq!(SetOnce::from(1).set(2), Err(SetOnceError(2)));
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct SetOnceError<T>(pub T);

impl<T> fmt::Display for SetOnceError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cell has a value already")
    }
}

impl<T: fmt::Debug> Error for SetOnceError<T> {}

impl<T> SetOnce<T> {
    /// An empty cell.
    ///
    /// ```
    /// assert_eq!(mini_runtime::sync::SetOnce::<u32>::new().get(), None);
    /// ```
    pub fn new() -> Self {
        Self { value: OnceValue::new(), notify: Notify::new() }
    }

    /// [`new`](Self::new) for statics.
    ///
    /// ```
    /// static READY: mini_runtime::sync::SetOnce<()> = mini_runtime::sync::SetOnce::const_new();
    /// assert!(!READY.initialized());
    /// ```
    #[cfg(not(loom))]
    pub const fn const_new() -> Self {
        Self { value: OnceValue::new(), notify: Notify::const_new() }
    }

    /// A cell with a value, if there is one.
    ///
    /// ```
    /// assert_eq!(mini_runtime::sync::SetOnce::new_with(Some(1)).get(), Some(&1));
    /// ```
    pub fn new_with(value: Option<T>) -> Self {
        value.map_or_else(Self::new, Self::from)
    }

    /// A cell with a value, for statics.
    ///
    /// ```
    /// static LIMIT: mini_runtime::sync::SetOnce<u32> = mini_runtime::sync::SetOnce::const_new_with(8);
    /// assert_eq!(LIMIT.get(), Some(&8));
    /// ```
    #[cfg(not(loom))]
    pub const fn const_new_with(value: T) -> Self {
        Self { value: OnceValue::with(value), notify: Notify::const_new() }
    }

    /// Whether the value is there.
    ///
    /// ```
    /// assert!(mini_runtime::sync::SetOnce::from(1).initialized());
    /// ```
    pub fn initialized(&self) -> bool {
        self.value.is_set()
    }

    /// The value, if it is there.
    ///
    /// ```
    /// let cell = mini_runtime::sync::SetOnce::new();
    /// cell.set(1).unwrap();
    /// assert_eq!(cell.get(), Some(&1));
    /// ```
    pub fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// Sets the value and wakes all who wait for it.
    ///
    /// # Errors
    ///
    /// The value, if there is another already.
    ///
    /// ```
    /// let cell = mini_runtime::sync::SetOnce::new();
    /// assert!(cell.set(1).is_ok());
    /// assert_eq!(cell.set(2).unwrap_err().0, 2);
    /// ```
    pub fn set(&self, value: T) -> Result<(), SetOnceError<T>> {
        if self.initialized() {
            return Err(SetOnceError(value));
        }
        let mut value = Some(value);
        self.notify.notify_waiters_of(|| {
            if !self.value.is_set() {
                value.take().into_iter().for_each(|value| self.value.set(value));
            }
        });
        value.map_or(Ok(()), |value| Err(SetOnceError(value)))
    }

    /// Waits for the value.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let cell = std::sync::Arc::new(mini_runtime::sync::SetOnce::new());
    /// let other = cell.clone();
    /// std::thread::spawn(move || other.set(1).unwrap());
    /// assert_eq!(cell.wait().await, &1);
    /// # });
    /// ```
    pub async fn wait(&self) -> &T {
        loop {
            if let Some(value) = self.get() {
                return value;
            }
            let notified = self.notify.notified();
            // Created before the look, so that a set in between counts.
            if !self.initialized() {
                notified.await;
            }
        }
    }

    /// The value.
    ///
    /// ```
    /// assert_eq!(mini_runtime::sync::SetOnce::from(1).into_inner(), Some(1));
    /// ```
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }
}

impl<T> Default for SetOnce<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<T> for SetOnce<T> {
    fn from(value: T) -> Self {
        Self { value: OnceValue::with(value), notify: Notify::new() }
    }
}

impl<T: Clone> Clone for SetOnce<T> {
    fn clone(&self) -> Self {
        Self::new_with(self.get().cloned())
    }
}

impl<T: PartialEq> PartialEq for SetOnce<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for SetOnce<T> {}

impl<T: fmt::Debug> fmt::Debug for SetOnce<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetOnce").field("value", &self.get()).finish()
    }
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
