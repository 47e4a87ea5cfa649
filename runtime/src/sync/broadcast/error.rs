//! The errors of broadcast channels.

use std::error::Error;
use std::fmt;

/// There is no receiver; here is the value.
///
/// ```
/// use mini_runtime::sync::broadcast::{self, error::SendError};
/// let (sender, receiver) = broadcast::channel(1);
/// drop(receiver);
/// assert_eq!(sender.send(1), Err(SendError(1)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendError<T>(pub T);

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the broadcast channel has no receiver")
    }
}

impl<T: fmt::Debug> Error for SendError<T> {}

/// Why a receive has no value.
///
/// ```
/// # futures::executor::block_on(async {
/// use mini_runtime::sync::broadcast::{self, error::RecvError};
/// let (sender, mut receiver) = broadcast::channel::<u32>(1);
/// drop(sender);
/// assert_eq!(receiver.recv().await, Err(RecvError::Closed));
/// # });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecvError {
    /// All senders are gone and all values received.
    Closed,
    /// So many values were overwritten before they were received.
    Lagged(u64),
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the broadcast channel is closed"),
            Self::Lagged(missed) => write!(f, "the broadcast receiver lagged and missed {missed} values"),
        }
    }
}

impl Error for RecvError {}

/// Why `try_recv` has no value.
///
/// ```
/// use mini_runtime::sync::broadcast::{self, error::TryRecvError};
/// let (_sender, mut receiver) = broadcast::channel::<u32>(1);
/// assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryRecvError {
    /// None is there now.
    Empty,
    /// All senders are gone and all values received.
    Closed,
    /// So many values were overwritten before they were received.
    Lagged(u64),
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the broadcast channel is empty"),
            Self::Closed => f.write_str("the broadcast channel is closed"),
            Self::Lagged(missed) => write!(f, "the broadcast receiver lagged and missed {missed} values"),
        }
    }
}

impl Error for TryRecvError {}
