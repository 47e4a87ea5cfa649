//! [`Elapsed`], the one error of this module.
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
