//! [`AsyncFd`]: a file descriptor of the user's own, waited for by the reactor.
//!
//! It makes no call on the descriptor but to register it: the user's closures do. The user also puts it in
//! non-blocking mode. Invariant: the descriptor is deregistered before the inner value is dropped or handed back.

mod error;
mod guard;

pub use error::{AsyncFdRegisterError, TryIoError};
pub use guard::{AsyncFdReadyGuard, AsyncFdReadyMutGuard};

use crate::io::{Interest, Ready};
use crate::reactor::entry::Direction;
use crate::reactor::registration::Registration;
use mio::event::Source;
use mio::unix::SourceFd;
use std::fmt;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::task::{Context, Poll, ready};

/// Waits for readiness of a file descriptor that `mini` has no type for: a device, an inotify or pidfd
/// descriptor, a socket of a foreign library.
///
/// The inner value keeps the descriptor; it must be in non-blocking mode, stay open and stay the same while it is
/// in here. Readiness is a hint: make the call, and if it would block, clear the readiness; the `try_io` methods
/// do both.
///
/// ```
/// use futures::executor::block_on;
/// use mini_net::io::unix::AsyncFd;
/// use std::io::{Read, Write};
/// use std::os::unix::net::UnixStream;
///
/// # fn main() -> std::io::Result<()> {
/// let (ours, mut theirs) = UnixStream::pair()?;
/// ours.set_nonblocking(true)?;
/// let fd = AsyncFd::new(ours)?;
/// theirs.write_all(b"x")?;
///
/// let mut byte = [0];
/// let length = block_on(async {
///     loop {
///         let mut guard = fd.readable().await?;
///         match guard.try_io(|fd| fd.get_ref().read(&mut byte)) {
///             Ok(result) => return result,
///             Err(_would_block) => continue,
///         }
///     }
/// })?;
/// assert_eq!((length, byte), (1, *b"x"));
/// # Ok(())
/// # }
/// ```
pub struct AsyncFd<T: AsRawFd> {
    /// Declared, hence dropped, before the value that keeps the descriptor open.
    registration: Registration<FdSource>,
    inner: T,
}

/// The number under which the descriptor was registered.
#[derive(Debug)]
struct FdSource(RawFd);

impl Source for FdSource {
    fn register(
        &mut self,
        registry: &mio::Registry,
        token: mio::Token,
        interests: mio::Interest,
    ) -> io::Result<()> {
        SourceFd(&self.0).register(registry, token, interests)
    }

    fn reregister(
        &mut self,
        registry: &mio::Registry,
        token: mio::Token,
        interests: mio::Interest,
    ) -> io::Result<()> {
        SourceFd(&self.0).reregister(registry, token, interests)
    }

    fn deregister(&mut self, registry: &mio::Registry) -> io::Result<()> {
        SourceFd(&self.0).deregister(registry)
    }
}

impl<T: AsRawFd> AsyncFd<T> {
    /// Registers for reading and writing.
    ///
    /// # Errors
    ///
    /// The OS's: a regular file cannot be waited for (`EPERM`), the same descriptor cannot be registered twice
    /// (`EEXIST`). The inner value is dropped; [`try_new`](Self::try_new) gives it back.
    pub fn new(inner: T) -> io::Result<Self> {
        Self::with_interest(inner, Interest::BOTH)
    }

    /// [`new`](Self::new) for some interests only.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn with_interest(inner: T, interest: Interest) -> io::Result<Self> {
        Ok(Self::try_with_interest(inner, interest)?)
    }

    /// [`new`](Self::new) that gives the inner value back with the error.
    ///
    /// ```
    /// # #[cfg(any(target_os = "linux", target_os = "android"))] {
    /// use mini_net::io::unix::AsyncFd;
    ///
    /// let file = std::fs::File::open("/proc/self/exe").unwrap();
    /// let (file, error) = AsyncFd::try_new(file).unwrap_err().into_parts();
    /// assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied); // regular files are always ready
    /// assert!(file.metadata().is_ok());
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn try_new(inner: T) -> Result<Self, AsyncFdRegisterError<T>> {
        Self::try_with_interest(inner, Interest::BOTH)
    }

    /// [`with_interest`](Self::with_interest) that gives the inner value back with the error.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn try_with_interest(inner: T, interest: Interest) -> Result<Self, AsyncFdRegisterError<T>> {
        match Registration::new(FdSource(inner.as_raw_fd()), interest, Ready::EMPTY) {
            Ok(registration) => Ok(Self { registration, inner }),
            Err(cause) => Err(AsyncFdRegisterError::new(inner, cause)),
        }
    }

    /// [`try_new`](Self::try_new) under the name, and with the contract, that tokio has given it.
    ///
    /// # Safety
    ///
    /// The descriptor is open, and stays open and the same until this value is dropped. (Nothing here turns a
    /// broken promise into undefined behaviour; the wrong descriptor would be waited for.)
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub unsafe fn register(inner: T) -> Result<Self, AsyncFdRegisterError<T>> {
        Self::try_new(inner)
    }

    /// [`try_with_interest`](Self::try_with_interest) under tokio's name and contract.
    ///
    /// # Safety
    ///
    /// As [`register`](Self::register).
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub unsafe fn register_with_interest(
        inner: T,
        interest: Interest,
    ) -> Result<Self, AsyncFdRegisterError<T>> {
        Self::try_with_interest(inner, interest)
    }

    /// The inner value.
    pub fn get_ref(&self) -> &T {
        &self.inner
    }

    /// The inner value, to be changed; its descriptor must stay the same.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// Deregisters the descriptor and gives the inner value back.
    pub fn into_inner(self) -> T {
        let Self { registration, inner } = self;
        drop(registration);
        inner
    }

    /// Waits for one of the interests. Any number of tasks may wait.
    ///
    /// # Errors
    ///
    /// Only if the runtime that the descriptor was registered in has shut down.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: readiness is not used up by waiting.
    pub async fn ready(&self, interest: Interest) -> io::Result<AsyncFdReadyGuard<'_, T>> {
        let observed = self.registration.readiness(interest).await?;
        Ok(AsyncFdReadyGuard::new(self, observed))
    }

    /// [`ready`](Self::ready) whose guard lends the inner value for change.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn ready_mut(&mut self, interest: Interest) -> io::Result<AsyncFdReadyMutGuard<'_, T>> {
        let observed = self.registration.readiness(interest).await?;
        Ok(AsyncFdReadyMutGuard::new(self, observed))
    }

    /// Waits until it can be read.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn readable(&self) -> io::Result<AsyncFdReadyGuard<'_, T>> {
        self.ready(Interest::READABLE).await
    }

    /// [`readable`](Self::readable) whose guard lends the inner value for change.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn readable_mut(&mut self) -> io::Result<AsyncFdReadyMutGuard<'_, T>> {
        self.ready_mut(Interest::READABLE).await
    }

    /// Waits until it can be written.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn writable(&self) -> io::Result<AsyncFdReadyGuard<'_, T>> {
        self.ready(Interest::WRITABLE).await
    }

    /// [`writable`](Self::writable) whose guard lends the inner value for change.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn writable_mut(&mut self) -> io::Result<AsyncFdReadyMutGuard<'_, T>> {
        self.ready_mut(Interest::WRITABLE).await
    }

    /// Ready to be read, or else the newest task that polled is woken when it is.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_read_ready<'a>(&'a self, cx: &mut Context<'_>) -> Poll<io::Result<AsyncFdReadyGuard<'a, T>>> {
        let observed = ready!(self.registration.poll_ready(cx, Direction::Read))?;
        Poll::Ready(Ok(AsyncFdReadyGuard::new(self, observed.only(Direction::Read.states()))))
    }

    /// [`poll_read_ready`](Self::poll_read_ready) whose guard lends the inner value for change.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_read_ready_mut<'a>(
        &'a mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyMutGuard<'a, T>>> {
        let observed = ready!(self.registration.poll_ready(cx, Direction::Read))?;
        Poll::Ready(Ok(AsyncFdReadyMutGuard::new(self, observed.only(Direction::Read.states()))))
    }

    /// Ready to be written, or else the newest task that polled is woken when it is.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_write_ready<'a>(
        &'a self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyGuard<'a, T>>> {
        let observed = ready!(self.registration.poll_ready(cx, Direction::Write))?;
        Poll::Ready(Ok(AsyncFdReadyGuard::new(self, observed.only(Direction::Write.states()))))
    }

    /// [`poll_write_ready`](Self::poll_write_ready) whose guard lends the inner value for change.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_write_ready_mut<'a>(
        &'a mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyMutGuard<'a, T>>> {
        let observed = ready!(self.registration.poll_ready(cx, Direction::Write))?;
        Poll::Ready(Ok(AsyncFdReadyMutGuard::new(self, observed.only(Direction::Write.states()))))
    }

    /// Repeats `call` until it does not block, waiting in between.
    ///
    /// # Errors
    ///
    /// What `call` returns, but `WouldBlock` and `Interrupted`, after which it is called again; and an error if
    /// the runtime has shut down.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe as far as `call` is: it runs within one poll.
    pub async fn async_io<R>(
        &self,
        interest: Interest,
        mut call: impl FnMut(&T) -> io::Result<R>,
    ) -> io::Result<R> {
        self.registration.async_io(interest, || call(&self.inner)).await
    }

    /// [`async_io`](Self::async_io) that lends the inner value for change.
    ///
    /// # Errors
    ///
    /// As [`async_io`](Self::async_io).
    ///
    /// # Cancel safety
    ///
    /// As [`async_io`](Self::async_io).
    pub async fn async_io_mut<R>(
        &mut self,
        interest: Interest,
        mut call: impl FnMut(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        let Self { registration, inner } = self;
        registration.async_io(interest, || call(inner)).await
    }

    /// Runs `call` if the interest is ready now; if it would block, the readiness is cleared.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when not ready; otherwise what `call` returns.
    pub fn try_io<R>(&self, interest: Interest, call: impl FnOnce(&T) -> io::Result<R>) -> io::Result<R> {
        self.registration.try_io(interest, || call(&self.inner))
    }

    /// [`try_io`](Self::try_io) that lends the inner value for change.
    ///
    /// # Errors
    ///
    /// As [`try_io`](Self::try_io).
    pub fn try_io_mut<R>(
        &mut self,
        interest: Interest,
        call: impl FnOnce(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        let Self { registration, inner } = self;
        registration.try_io(interest, || call(inner))
    }
}

impl<T: AsRawFd> AsRawFd for AsyncFd<T> {
    fn as_raw_fd(&self) -> RawFd {
        self.inner.as_raw_fd()
    }
}

impl<T: AsRawFd> AsFd for AsyncFd<T> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: the descriptor stays open while it is in here, as the type asks for.
        unsafe { BorrowedFd::borrow_raw(self.inner.as_raw_fd()) }
    }
}

impl<T: AsRawFd + fmt::Debug> fmt::Debug for AsyncFd<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncFd").field("inner", &self.inner).finish_non_exhaustive()
    }
}
