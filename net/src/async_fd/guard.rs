//! The guards: readiness of an [`AsyncFd`] as it was observed, to be kept or cleared.
//!
//! Dropping a guard keeps the readiness. Invariant: a guard clears only what was observed before it was made.

use super::{AsyncFd, TryIoError};
use crate::io::Ready;
use crate::reactor::readiness::Readiness;
use std::fmt;
use std::io;
use std::os::fd::AsRawFd;

/// Readiness of a shared [`AsyncFd`].
///
/// ```
/// # futures::executor::block_on(async {
#[doc = fd_with_a_byte!()]
///
/// let mut guard = fd.readable().await?;
/// let mut byte = [0];
/// let read = guard.try_io(|fd| fd.get_ref().read(&mut byte));
/// assert_eq!((read.expect("a byte is there")?, &byte), (1, b"x"));
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[must_use = "make the call and clear the readiness if it would block; `try_io` does both"]
pub struct AsyncFdReadyGuard<'a, T: AsRawFd> {
    async_fd: &'a AsyncFd<T>,
    /// `None` once it was cleared whole.
    observed: Option<Readiness>,
}

/// Readiness of an [`AsyncFd`] that is borrowed for change.
///
/// ```
/// # futures::executor::block_on(async {
#[doc = fd_with_a_byte!()]
///
/// let mut guard = fd.readable_mut().await?;
/// let mut byte = [0];
/// let read = guard.try_io(|fd| fd.get_mut().read(&mut byte));
/// assert_eq!((read.expect("a byte is there")?, &byte), (1, b"x"));
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[must_use = "make the call and clear the readiness if it would block; `try_io` does both"]
pub struct AsyncFdReadyMutGuard<'a, T: AsRawFd> {
    async_fd: &'a mut AsyncFd<T>,
    /// `None` once it was cleared whole.
    observed: Option<Readiness>,
}

/// Clears all that was observed, once.
fn clear<T: AsRawFd>(async_fd: &AsyncFd<T>, observed: &mut Option<Readiness>) {
    if let Some(observed) = observed.take() {
        async_fd.registration.clear(observed);
    }
}

/// Clears part of what was observed.
fn clear_matching<T: AsRawFd>(async_fd: &AsyncFd<T>, observed: &mut Option<Readiness>, ready: Ready) {
    if let Some(receipt) = observed {
        async_fd.registration.clear(receipt.only(ready));
        *receipt = receipt.only(Ready::ALL - (ready - Ready::CLOSED));
    }
}

/// Splits "would block" off a result.
fn or_would_block<R>(result: io::Result<R>) -> Result<io::Result<R>, TryIoError> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(TryIoError(())),
        result => Ok(result),
    }
}

impl<'a, T: AsRawFd> AsyncFdReadyGuard<'a, T> {
    pub(super) fn new(async_fd: &'a AsyncFd<T>, observed: Readiness) -> Self {
        Self { async_fd, observed: Some(observed) }
    }

    /// Clears the readiness, so that the next wait waits for a new event. Only after a call that would block.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable().await?;
    /// guard.clear_ready(); // after a call that would block
    /// assert!(guard.ready().is_empty());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn clear_ready(&mut self) {
        clear(self.async_fd, &mut self.observed);
    }

    /// Clears some states only.
    ///
    /// ```
    /// use mini_net::io::Ready;
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable().await?;
    /// guard.clear_ready_matching(Ready::READABLE); // after a read that would block
    /// assert!(!guard.ready().is_readable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn clear_ready_matching(&mut self, ready: Ready) {
        clear_matching(self.async_fd, &mut self.observed, ready);
    }

    /// Keeps the readiness: does nothing, and says so.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable().await?;
    /// guard.retain_ready();
    /// assert!(fd.readable().await?.ready().is_readable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn retain_ready(&mut self) {}

    /// The states observed.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let guard = fd.readable().await?;
    /// assert!(guard.ready().is_readable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn ready(&self) -> Ready {
        self.observed.map_or(Ready::EMPTY, Readiness::ready)
    }

    /// Runs `call`, and clears the readiness if it would block.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable().await?;
    /// let read = guard.try_io(|fd| fd.get_ref().read(&mut [0; 2]));
    /// assert_eq!(read.expect("a byte is there")?, 1);
    /// assert!(guard.try_io(|fd| fd.get_ref().read(&mut [0; 2])).is_err()); // it would block
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`TryIoError`] if it would block; other errors are in the inner result.
    pub fn try_io<R>(
        &mut self,
        call: impl FnOnce(&'a AsyncFd<T>) -> io::Result<R>,
    ) -> Result<io::Result<R>, TryIoError> {
        let result = or_would_block(call(self.async_fd));
        if result.is_err() {
            self.clear_ready();
        }
        result
    }

    /// The descriptor.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let guard = fd.readable().await?;
    /// assert!(guard.get_ref().get_ref().peer_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn get_ref(&self) -> &'a AsyncFd<T> {
        self.async_fd
    }

    /// The inner value.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let guard = fd.readable().await?;
    /// assert!(guard.get_inner().peer_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn get_inner(&self) -> &'a T {
        self.async_fd.get_ref()
    }
}

impl<'a, T: AsRawFd> AsyncFdReadyMutGuard<'a, T> {
    pub(super) fn new(async_fd: &'a mut AsyncFd<T>, observed: Readiness) -> Self {
        Self { async_fd, observed: Some(observed) }
    }

    /// Clears the readiness, so that the next wait waits for a new event. Only after a call that would block.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable_mut().await?;
    /// guard.clear_ready(); // after a call that would block
    /// assert!(guard.ready().is_empty());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn clear_ready(&mut self) {
        clear(self.async_fd, &mut self.observed);
    }

    /// Clears some states only.
    ///
    /// ```
    /// use mini_net::io::Ready;
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable_mut().await?;
    /// guard.clear_ready_matching(Ready::READABLE); // after a read that would block
    /// assert!(!guard.ready().is_readable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn clear_ready_matching(&mut self, ready: Ready) {
        clear_matching(self.async_fd, &mut self.observed, ready);
    }

    /// Keeps the readiness: does nothing, and says so.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable_mut().await?;
    /// guard.retain_ready();
    /// assert!(fd.readable_mut().await?.ready().is_readable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn retain_ready(&mut self) {}

    /// The states observed.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let guard = fd.readable_mut().await?;
    /// assert!(guard.ready().is_readable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn ready(&self) -> Ready {
        self.observed.map_or(Ready::EMPTY, Readiness::ready)
    }

    /// Runs `call`, and clears the readiness if it would block.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable_mut().await?;
    /// let read = guard.try_io(|fd| fd.get_mut().read(&mut [0; 2]));
    /// assert_eq!(read.expect("a byte is there")?, 1);
    /// assert!(guard.try_io(|fd| fd.get_mut().read(&mut [0; 2])).is_err()); // it would block
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`TryIoError`] if it would block; other errors are in the inner result.
    pub fn try_io<R>(
        &mut self,
        call: impl FnOnce(&mut AsyncFd<T>) -> io::Result<R>,
    ) -> Result<io::Result<R>, TryIoError> {
        let result = or_would_block(call(self.async_fd));
        if result.is_err() {
            self.clear_ready();
        }
        result
    }

    /// The descriptor.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let guard = fd.readable_mut().await?;
    /// assert!(guard.get_ref().get_ref().peer_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn get_ref(&self) -> &AsyncFd<T> {
        self.async_fd
    }

    /// The descriptor, for change.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable_mut().await?;
    /// let mut byte = [0];
    /// guard.get_mut().get_mut().read_exact(&mut byte)?;
    /// assert_eq!(&byte, b"x");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn get_mut(&mut self) -> &mut AsyncFd<T> {
        self.async_fd
    }

    /// The inner value.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let guard = fd.readable_mut().await?;
    /// assert!(guard.get_inner().peer_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn get_inner(&self) -> &T {
        self.async_fd.get_ref()
    }

    /// The inner value, for change.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable_mut().await?;
    /// let mut byte = [0];
    /// guard.get_inner_mut().read_exact(&mut byte)?;
    /// assert_eq!(&byte, b"x");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn get_inner_mut(&mut self) -> &mut T {
        self.async_fd.get_mut()
    }
}

impl<T: AsRawFd + fmt::Debug> fmt::Debug for AsyncFdReadyGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncFdReadyGuard").field("ready", &self.ready()).finish_non_exhaustive()
    }
}

impl<T: AsRawFd + fmt::Debug> fmt::Debug for AsyncFdReadyMutGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncFdReadyMutGuard").field("ready", &self.ready()).finish_non_exhaustive()
    }
}
