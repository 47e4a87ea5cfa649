//! [`SetError`]: why a value was not put into a `OnceCell`.
//!
//! Not an error of the making, which is the maker's own. The invariant: the value is in it, and so is not lost.

use std::error::Error;
use std::fmt;

/// Why [`OnceCell::set`](super::OnceCell::set) did not put the value in; here it is.
///
/// ```
/// use mini_runtime::sync::{OnceCell, SetError};
/// let cell = OnceCell::from(1);
/// assert_eq!(cell.set(2), Err(SetError::AlreadyInitializedError(2)));
/// ```
#[derive(Debug, PartialEq, Eq)]
pub enum SetError<T> {
    /// There is a value.
    AlreadyInitializedError(T),
    /// Somebody is making the value.
    InitializingError(T),
}

impl<T> SetError<T> {
    /// Whether there is a value.
    ///
    /// ```
    /// let cell = mini_runtime::sync::OnceCell::from(1);
    /// assert!(cell.set(2).unwrap_err().is_already_init_err());
    /// ```
    pub fn is_already_init_err(&self) -> bool {
        matches!(self, Self::AlreadyInitializedError(_))
    }

    /// Whether somebody is making the value.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let cell = mini_runtime::sync::OnceCell::new();
    /// cell.get_or_init(|| async {
    ///     assert!(cell.set(1).unwrap_err().is_initializing_err());
    ///     2
    /// })
    /// .await;
    /// # });
    /// ```
    pub fn is_initializing_err(&self) -> bool {
        matches!(self, Self::InitializingError(_))
    }
}

impl<T> fmt::Display for SetError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyInitializedError(_) => "the cell has a value already",
            Self::InitializingError(_) => "the cell's value is being made",
        })
    }
}

impl<T: fmt::Debug> Error for SetError<T> {}
