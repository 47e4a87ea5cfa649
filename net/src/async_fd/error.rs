//! The errors of [`AsyncFd`](super::AsyncFd).

use std::error::Error;
use std::fmt;
use std::io;

/// The descriptor could not be registered; keeps the value that holds it.
///
/// ```
/// # #[cfg(any(target_os = "linux", target_os = "android"))] {
/// use mini_net::io::unix::AsyncFd;
///
/// let file = std::fs::File::open("/proc/self/exe").unwrap();
/// let error = AsyncFd::try_new(file).unwrap_err();
/// assert!(error.to_string().contains("could not be registered"));
/// assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::PermissionDenied);
/// # }
/// ```
pub struct AsyncFdRegisterError<T> {
    inner: T,
    cause: io::Error,
}

impl<T> AsyncFdRegisterError<T> {
    pub(super) fn new(inner: T, cause: io::Error) -> Self {
        Self { inner, cause }
    }

    /// The value, unchanged, and what the OS said.
    ///
    /// ```
    /// # #[cfg(any(target_os = "linux", target_os = "android"))] {
    /// use mini_net::io::unix::AsyncFd;
    ///
    /// let file = std::fs::File::open("/proc/self/exe").unwrap();
    /// let error = AsyncFd::try_new(file).unwrap_err();
    /// let (file, error) = error.into_parts();
    /// assert!(file.metadata().is_ok());
    /// assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    /// # }
    /// ```
    pub fn into_parts(self) -> (T, io::Error) {
        (self.inner, self.cause)
    }
}

impl<T> fmt::Display for AsyncFdRegisterError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file descriptor could not be registered with the reactor")
    }
}

impl<T> fmt::Debug for AsyncFdRegisterError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncFdRegisterError").field("cause", &self.cause).finish_non_exhaustive()
    }
}

impl<T> Error for AsyncFdRegisterError<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

impl<T> From<AsyncFdRegisterError<T>> for io::Error {
    fn from(error: AsyncFdRegisterError<T>) -> Self {
        error.cause
    }
}

/// The call in a guard's `try_io` would have blocked; the readiness was cleared, so wait again.
///
/// ```
/// # futures::executor::block_on(async {
#[doc = fd_with_a_byte!()]
///
/// let mut guard = fd.writable().await?;
/// let error = guard.try_io(|_| Err::<(), _>(std::io::ErrorKind::WouldBlock.into())).unwrap_err();
/// assert_eq!(error.to_string(), "the operation would block");
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct TryIoError(pub(super) ());

impl fmt::Display for TryIoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operation would block")
    }
}

impl Error for TryIoError {}
