//! The errors of watch channels.
//!
//! Not a report of missed values: a watch channel has none. The invariant: a `RecvError` says that no sender is left.

use std::error::Error;
use std::fmt;

/// There is no receiver; here is the value.
///
/// ```
/// use mini_runtime::sync::watch::{SendError, Sender};
/// assert_eq!(Sender::new(0).send(1), Err(SendError(1)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SendError<T>(pub T);

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError").finish_non_exhaustive()
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the watch channel has no receiver")
    }
}

impl<T> Error for SendError<T> {}

/// All senders are gone, so that the value cannot change any more.
///
/// ```
/// let (sender, receiver) = mini_runtime::sync::watch::channel(0);
/// drop(sender);
/// assert_eq!(receiver.has_changed().unwrap_err().to_string(), "the watch channel has no sender");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecvError(pub(super) ());

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the watch channel has no sender")
    }
}

impl Error for RecvError {}
