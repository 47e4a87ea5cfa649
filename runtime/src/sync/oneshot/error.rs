//! The errors of a oneshot channel.
//!
//! Not the value that could not be sent: `send` gives that back as it is. The invariant: a `RecvError` is made by
//! this module's parent alone, when no value can come any more.

use std::error::Error;
use std::fmt;

/// The sender went without sending.
///
/// ```
/// # futures::executor::block_on(async {
/// let (sender, receiver) = mini_runtime::sync::oneshot::channel::<u32>();
/// drop(sender);
/// assert!(receiver.await.is_err());
/// # });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecvError(pub(super) ());

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the oneshot sender was dropped without sending")
    }
}

impl Error for RecvError {}

/// Why `try_recv` has no value.
///
/// ```
/// use mini_runtime::sync::oneshot::{self, TryRecvError};
/// let (_sender, mut receiver) = oneshot::channel::<u32>();
/// assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TryRecvError {
    /// Not sent yet.
    Empty,
    /// It cannot come any more.
    Closed,
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "no value was sent on the oneshot channel yet",
            Self::Closed => "the oneshot channel is closed without a value",
        })
    }
}

impl Error for TryRecvError {}
