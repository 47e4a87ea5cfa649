//! The error of a resource or an operation whose runtime is gone, and how a caller tells it from others.
//!
//! Invariant: one private type stands in every such error, so that no text has to be compared.

use std::error::Error;
use std::fmt;
use std::io;

/// What stands in the error: what the runtime is missed by.
#[derive(Debug)]
enum ShutDown {
    /// A socket, a signal, a process: something that waits for a driver.
    Resource,
    /// A blocking operation.
    Operation,
}

impl fmt::Display for ShutDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resource => "the runtime that this socket was opened in has shut down",
            Self::Operation => "the runtime has shut down and does not carry out this operation",
        })
    }
}

impl Error for ShutDown {}

/// What a call on a socket answers once the driver that it waits for is gone.
///
/// ```
/// use mini_runtime::driver::{is_rt_shutdown_err, shut_down_error};
///
/// let error = shut_down_error();
/// assert!(is_rt_shutdown_err(&error));
/// assert!(error.to_string().contains("has shut down"));
/// ```
pub fn shut_down_error() -> io::Error {
    io::Error::other(ShutDown::Resource)
}

/// What an operation on a file or a standard stream answers if its runtime ended before it began.
pub(crate) fn operation_shut_down_error() -> io::Error {
    io::Error::other(ShutDown::Operation)
}

/// Whether an operation failed because its runtime, or the one that its socket was opened in, has shut down.
///
/// ```
/// use mini_runtime::driver::{is_rt_shutdown_err, shut_down_error};
/// use std::io;
///
/// assert!(is_rt_shutdown_err(&shut_down_error()));
/// assert!(!is_rt_shutdown_err(&io::Error::other("something else")));
/// ```
pub fn is_rt_shutdown_err(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<ShutDown>())
}
