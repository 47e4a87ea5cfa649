//! [`AsyncFd`]: a file descriptor of the user's own, waited for by the reactor.
//!
//! It makes no call on the descriptor but to register it: the user's closures do (`waits`). The user also puts it in
//! non-blocking mode. Invariant: the descriptor is deregistered before the inner value is dropped or handed back.

/// For the examples: a socket in an `AsyncFd`, to which its peer has sent a byte.
macro_rules! fd_with_a_byte {
    () => {
        r#"# use mini_net::io::unix::AsyncFd;
# use std::io::{Read, Write};
# use std::os::unix::net::UnixStream;
let (ours, mut theirs) = UnixStream::pair()?;
ours.set_nonblocking(true)?;
let mut fd = AsyncFd::new(ours)?;
theirs.write_all(b"x")?;"#
    };
}

mod error;
mod guard;
mod waits;

pub use error::{AsyncFdRegisterError, TryIoError};
pub use guard::{AsyncFdReadyGuard, AsyncFdReadyMutGuard};

use crate::io::{Interest, Ready};
use crate::reactor::registration::Registration;
use mio::event::Source;
use mio::unix::SourceFd;
use std::fmt;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

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
    /// ```
    /// use mini_net::io::unix::AsyncFd;
    /// use std::os::unix::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (ours, _theirs) = UnixStream::pair()?;
    /// ours.set_nonblocking(true)?;
    /// let fd = AsyncFd::new(ours)?;
    /// assert!(fd.writable().await?.ready().is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
    /// ```
    /// use mini_net::io::Interest;
    /// use mini_net::io::unix::AsyncFd;
    /// use std::os::unix::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (ours, _theirs) = UnixStream::pair()?;
    /// ours.set_nonblocking(true)?;
    /// let fd = AsyncFd::with_interest(ours, Interest::WRITABLE)?;
    /// assert!(fd.writable().await?.ready().is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
    /// ```
    /// use mini_net::io::Interest;
    /// use mini_net::io::unix::AsyncFd;
    /// use std::os::unix::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (ours, _theirs) = UnixStream::pair()?;
    /// ours.set_nonblocking(true)?;
    /// let fd = AsyncFd::try_with_interest(ours, Interest::WRITABLE)?;
    /// assert!(fd.writable().await?.ready().is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
    /// ```
    /// use mini_net::io::unix::AsyncFd;
    /// use std::os::unix::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (ours, _theirs) = UnixStream::pair()?;
    /// ours.set_nonblocking(true)?;
    /// // SAFETY: the stream keeps its descriptor open, and is in there.
    /// let fd = unsafe { AsyncFd::register(ours)? };
    /// assert!(fd.writable().await?.ready().is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
    /// ```
    /// use mini_net::io::Interest;
    /// use mini_net::io::unix::AsyncFd;
    /// use std::os::unix::net::UnixStream;
    ///
    /// # futures::executor::block_on(async {
    /// let (ours, _theirs) = UnixStream::pair()?;
    /// ours.set_nonblocking(true)?;
    /// // SAFETY: the stream keeps its descriptor open, and is in there.
    /// let fd = unsafe { AsyncFd::register_with_interest(ours, Interest::WRITABLE)? };
    /// assert!(fd.writable().await?.ready().is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// assert!(fd.get_ref().peer_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn get_ref(&self) -> &T {
        &self.inner
    }

    /// The inner value, to be changed; its descriptor must stay the same.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut byte = [0];
    /// fd.get_mut().read_exact(&mut byte)?;
    /// assert_eq!(&byte, b"x");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// Deregisters the descriptor and gives the inner value back.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut byte = [0];
    /// fd.into_inner().read_exact(&mut byte)?;
    /// assert_eq!(&byte, b"x");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn into_inner(self) -> T {
        let Self { registration, inner } = self;
        drop(registration);
        inner
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
