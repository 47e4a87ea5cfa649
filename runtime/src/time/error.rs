//! The errors of this module: [`Elapsed`]; and [`Error`], which nothing of ours returns.
//!
//! Not a place for more: nothing else about time can fail.

use std::fmt;
use std::io;

/// A [`Timeout`](crate::time::Timeout)'s deadline passed before its future completed.
///
/// ```
/// use mini_runtime::time::{Duration, timeout};
///
/// # futures::executor::block_on(async {
/// let late = timeout(Duration::ZERO, std::future::pending::<()>()).await.unwrap_err();
/// assert_eq!(std::io::Error::from(late).kind(), std::io::ErrorKind::TimedOut);
/// # });
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Elapsed(());

impl Elapsed {
    pub(crate) fn new() -> Self {
        Self(())
    }
}

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the future did not complete before its deadline")
    }
}

impl std::error::Error for Elapsed {}

impl From<Elapsed> for io::Error {
    fn from(elapsed: Elapsed) -> Self {
        io::Error::new(io::ErrorKind::TimedOut, elapsed)
    }
}

/// What a timer could fail with in tokio. Nothing of ours returns it: a timer of ours has no capacity, a duration that
/// is too long is shortened, and a sleep outlives its runtime. It is there for code that names it.
///
/// ```
/// use mini_runtime::time::error::Error;
///
/// assert!(Error::shutdown().is_shutdown());
/// assert!(!Error::shutdown().is_invalid());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Error(Cause);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Shutdown,
    AtCapacity,
    Invalid,
}

impl Error {
    /// The timer's runtime has ended.
    ///
    /// ```
    /// use mini_runtime::time::error::Error;
    ///
    /// assert!(Error::shutdown().is_shutdown());
    /// ```
    pub fn shutdown() -> Self {
        Self(Cause::Shutdown)
    }

    /// Whether it is that.
    ///
    /// ```
    /// use mini_runtime::time::error::Error;
    ///
    /// assert!(Error::shutdown().is_shutdown());
    /// ```
    pub fn is_shutdown(&self) -> bool {
        self.0 == Cause::Shutdown
    }

    /// There are too many timers.
    ///
    /// ```
    /// use mini_runtime::time::error::Error;
    ///
    /// assert!(Error::at_capacity().is_at_capacity());
    /// ```
    pub fn at_capacity() -> Self {
        Self(Cause::AtCapacity)
    }

    /// Whether it is that.
    ///
    /// ```
    /// use mini_runtime::time::error::Error;
    ///
    /// assert!(Error::at_capacity().is_at_capacity());
    /// ```
    pub fn is_at_capacity(&self) -> bool {
        self.0 == Cause::AtCapacity
    }

    /// The deadline is out of range.
    ///
    /// ```
    /// use mini_runtime::time::error::Error;
    ///
    /// assert!(Error::invalid().is_invalid());
    /// ```
    pub fn invalid() -> Self {
        Self(Cause::Invalid)
    }

    /// Whether it is that.
    ///
    /// ```
    /// use mini_runtime::time::error::Error;
    ///
    /// assert!(Error::invalid().is_invalid());
    /// ```
    pub fn is_invalid(&self) -> bool {
        self.0 == Cause::Invalid
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Cause::Shutdown => "the runtime of the timer has ended",
            Cause::AtCapacity => "there are too many timers",
            Cause::Invalid => "the deadline of the timer is out of range",
        })
    }
}

impl std::error::Error for Error {}
