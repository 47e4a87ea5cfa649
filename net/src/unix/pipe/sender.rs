//! [`Sender`]: the writing end of a pipe.
//!
//! Each operation is one system call, tried first and awaited only if it would block. That nobody reads is not final:
//! another reader may open a named pipe.

use super::raw::{self, End};
use crate::io::{Interest, Ready};
use crate::reactor::entry::Direction;
use crate::reactor::registration::Registration;
use mini_runtime::io::AsyncWrite;
use std::fs::File;
use std::io::{self, IoSlice, Write};
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The writing end of a pipe, made by [`pipe`](super::pipe), [`OpenOptions`](super::OpenOptions) or of a descriptor.
///
/// It is written through `AsyncWrite` of `mini_runtime::io`, or through [`writable`](Self::writable) and
/// [`try_write`](Self::try_write), which need only `&self`. Writing fails with `BrokenPipe` when nobody reads any more.
///
/// ```
/// use mini_net::net::unix::pipe;
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # futures::executor::block_on(async {
/// let (mut sender, mut receiver) = pipe::pipe()?;
/// sender.write_all(b"hello").await?;
/// let mut heard = [0; 5];
/// receiver.read_exact(&mut heard).await?;
/// assert_eq!(&heard, b"hello");
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Sender {
    registration: Registration<mio::unix::pipe::Sender>,
}

impl Sender {
    pub(super) fn open(pipe: mio::unix::pipe::Sender) -> io::Result<Self> {
        let registration = Registration::with_passing_end(pipe, Interest::WRITABLE, Ready::EMPTY)?;
        Ok(Self { registration })
    }

    /// Makes one of a file, which is put in non-blocking mode.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// let fd = sender.into_blocking_fd()?;
    /// let sender = pipe::Sender::from_file(fd.into())?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `InvalidInput` if it is not a pipe, or not open for writing.
    pub fn from_file(file: File) -> io::Result<Self> {
        Self::from_owned_fd(file.into())
    }

    /// Makes one of a descriptor, which is put in non-blocking mode.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// let fd = sender.into_blocking_fd()?;
    /// let sender = pipe::Sender::from_owned_fd(fd)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_file`](Self::from_file).
    pub fn from_owned_fd(fd: OwnedFd) -> io::Result<Self> {
        Self::from_owned_fd_unchecked(raw::checked(fd, End::Sender)?)
    }

    /// Makes one of a file that is known to be the right end of a pipe, or like one, in non-blocking mode.
    ///
    /// If it is not, operations fail, or block their thread.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// let fd = sender.into_nonblocking_fd()?;
    /// let sender = pipe::Sender::from_file_unchecked(fd.into())?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's, if it cannot be registered.
    pub fn from_file_unchecked(file: File) -> io::Result<Self> {
        Self::from_owned_fd_unchecked(file.into())
    }

    /// Makes one of a descriptor that is known to be the right end of a pipe, or like one, in non-blocking mode.
    ///
    /// If it is not, operations fail, or block their thread.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// let fd = sender.into_nonblocking_fd()?;
    /// let sender = pipe::Sender::from_owned_fd_unchecked(fd)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's, if it cannot be registered.
    pub fn from_owned_fd_unchecked(fd: OwnedFd) -> io::Result<Self> {
        Self::open(fd.into())
    }

    /// Waits for one of the interests and tells which states hold. Any number of tasks may.
    ///
    /// A hint: the call that follows may still say `WouldBlock`.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    /// use mini_net::io::Interest;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// let ready = sender.ready(Interest::WRITABLE).await?;
    /// assert!(ready.is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Only if the runtime that the pipe was opened in has shut down.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: readiness is not used up by waiting.
    pub async fn ready(&self, interest: Interest) -> io::Result<Ready> {
        Ok(self.registration.readiness(interest).await?.ready())
    }

    /// Waits until something can be written, or nobody reads any more.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.writable().await?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn writable(&self) -> io::Result<()> {
        self.ready(Interest::WRITABLE).await.map(|_| ())
    }

    /// [`writable`](Self::writable) for futures of your own: the newest task that polled is woken.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// std::future::poll_fn(|cx| sender.poll_write_ready(cx)).await?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.registration.poll_ready(cx, Direction::Write).map_ok(|_| ())
    }

    /// Writes what there is room for. Up to `PIPE_BUF` bytes (4096 on Linux) are written whole or not at all.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.writable().await?;
    /// assert_eq!(sender.try_write(b"hello")?, 5);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no room; `BrokenPipe` if nobody reads any more; the OS's.
    pub fn try_write(&self, buf: &[u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let mut pipe = self.registration.source();
        self.registration.try_call(Interest::WRITABLE, || pipe.write(buf))
    }

    /// [`try_write`](Self::try_write) from several buffers, one after the other.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.writable().await?;
    /// let bufs = [std::io::IoSlice::new(b"he"), std::io::IoSlice::new(b"llo")];
    /// assert_eq!(sender.try_write_vectored(&bufs)?, 5);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_write`](Self::try_write).
    pub fn try_write_vectored(&self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        if bufs.iter().all(|buf| buf.is_empty()) {
            return Ok(0);
        }
        let mut pipe = self.registration.source();
        self.registration.try_call(Interest::WRITABLE, || pipe.write_vectored(bufs))
    }

    /// Runs a call of your own on the pipe if it is ready; clears the readiness if the call would block.
    ///
    /// The call must write to this pipe, and return `WouldBlock` only if the pipe did.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.writable().await?;
    /// assert_eq!(sender.try_io(|| Ok(7))?, 7);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if not ready; otherwise what the call returns.
    pub fn try_io<R>(&self, call: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
        self.registration.try_io(Interest::WRITABLE, || self.registration.source().try_io(call))
    }

    /// Gives the descriptor back, in blocking mode, as a child process wants it.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// let fd = sender.into_blocking_fd()?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn into_blocking_fd(self) -> io::Result<OwnedFd> {
        let fd = self.into_nonblocking_fd()?;
        socket2::SockRef::from(&fd).set_nonblocking(false)?;
        Ok(fd)
    }

    /// Gives the descriptor back, still in non-blocking mode.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// let fd = sender.into_nonblocking_fd()?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's, if it cannot be deregistered.
    pub fn into_nonblocking_fd(self) -> io::Result<OwnedFd> {
        self.registration.into_source().map(Into::into)
    }
}

impl AsyncWrite for Sender {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if buf.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let mut pipe = self.registration.source();
        self.registration.poll_transfer(cx, Direction::Write, buf.len(), || pipe.write(buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length = bufs.iter().map(|buf| buf.len()).sum();
        if length == 0 {
            return Poll::Ready(Ok(0));
        }
        let mut pipe = self.registration.source();
        self.registration.poll_transfer(cx, Direction::Write, length, || pipe.write_vectored(bufs))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// Nothing to do: the pipe keeps no buffer on this side.
    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Nothing to do: dropping it closes the pipe.
    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

identity!(Sender);
