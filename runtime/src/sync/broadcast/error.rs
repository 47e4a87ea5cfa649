//! The errors of broadcast channels.

use std::error::Error;
use std::fmt;

/// There is no receiver; here is the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendError<T>(pub T);

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the broadcast channel has no receiver")
    }
}

impl<T: fmt::Debug> Error for SendError<T> {}

/// Why a receive has no value.
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
