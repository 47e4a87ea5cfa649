//! [`Receiver`]: the reading end of a pipe.
//!
//! Each operation is one system call, tried first and awaited only if it would block. The end is not final: another
//! writer may open a named pipe.

use super::raw::{self, End};
use crate::io::{Interest, Ready};
use crate::reactor::entry::Direction;
use crate::reactor::registration::Registration;
use bytes::BufMut;
use mini_runtime::io::{AsyncRead, ReadBuf};
use std::fs::File;
use std::io::{self, IoSliceMut, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The reading end of a pipe, made by [`pipe`](super::pipe), [`OpenOptions`](super::OpenOptions) or of a descriptor.
///
/// It is read through `AsyncRead` of `mini_runtime::io`, or through [`readable`](Self::readable) and
/// [`try_read`](Self::try_read), which need only `&self`. The end comes when every writing end is closed.
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
pub struct Receiver {
    registration: Registration<mio::unix::pipe::Receiver>,
}

impl Receiver {
    pub(super) fn open(pipe: mio::unix::pipe::Receiver) -> io::Result<Self> {
        let registration = Registration::with_passing_end(pipe, Interest::READABLE, Ready::EMPTY)?;
        Ok(Self { registration })
    }

    /// Makes one of a file, which is put in non-blocking mode.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// let fd = receiver.into_blocking_fd()?;
    /// let receiver = pipe::Receiver::from_file(fd.into())?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `InvalidInput` if it is not a pipe, or not open for reading.
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
    /// let fd = receiver.into_blocking_fd()?;
    /// let receiver = pipe::Receiver::from_owned_fd(fd)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_file`](Self::from_file).
    pub fn from_owned_fd(fd: OwnedFd) -> io::Result<Self> {
        Self::from_owned_fd_unchecked(raw::checked(fd, End::Receiver)?)
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
    /// let fd = receiver.into_nonblocking_fd()?;
    /// let receiver = pipe::Receiver::from_file_unchecked(fd.into())?;
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
    /// let fd = receiver.into_nonblocking_fd()?;
    /// let receiver = pipe::Receiver::from_owned_fd_unchecked(fd)?;
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
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.write_all(b"x").await?;
    /// let ready = receiver.ready(Interest::READABLE).await?;
    /// assert!(ready.is_readable());
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

    /// Waits until something can be read, the end included.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.write_all(b"x").await?;
    /// receiver.readable().await?;
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
    pub async fn readable(&self) -> io::Result<()> {
        self.ready(Interest::READABLE).await.map(|_| ())
    }

    /// [`readable`](Self::readable) for futures of your own: the newest task that polled is woken.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.write_all(b"x").await?;
    /// std::future::poll_fn(|cx| receiver.poll_read_ready(cx)).await?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.registration.poll_ready(cx, Direction::Read).map_ok(|_| ())
    }

    /// Reads what is there. 0: every writing end is closed, or the buffer is empty.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.write_all(b"hello").await?;
    /// let mut room = [0; 16];
    /// let length = loop {
    ///     receiver.readable().await?;
    ///     match receiver.try_read(&mut room) {
    ///         Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
    ///         result => break result?,
    ///     }
    /// };
    /// assert_eq!(&room[..length], b"hello");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is nothing; otherwise the OS's.
    pub fn try_read(&self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let mut pipe = self.registration.source();
        self.registration.try_call(Interest::READABLE, || pipe.read(buf))
    }

    /// [`try_read`](Self::try_read) into several buffers, one after the other.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.write_all(b"hello").await?;
    /// let mut room = [0; 16];
    /// let length = loop {
    ///     receiver.readable().await?;
    ///     match receiver.try_read_vectored(&mut [std::io::IoSliceMut::new(&mut room)]) {
    ///         Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
    ///         result => break result?,
    ///     }
    /// };
    /// assert_eq!(&room[..length], b"hello");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_read`](Self::try_read).
    pub fn try_read_vectored(&self, bufs: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        if bufs.iter().all(|buf| buf.is_empty()) {
            return Ok(0);
        }
        let mut pipe = self.registration.source();
        self.registration.try_call(Interest::READABLE, || pipe.read_vectored(bufs))
    }

    /// [`try_read`](Self::try_read) into the spare room of a growing buffer, which is not zeroed first.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.write_all(b"hello").await?;
    /// let mut room = Vec::with_capacity(16);
    /// let length = loop {
    ///     receiver.readable().await?;
    ///     match receiver.try_read_buf(&mut room) {
    ///         Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
    ///         result => break result?,
    ///     }
    /// };
    /// assert_eq!((length, &room[..]), (5, &b"hello"[..]));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_read`](Self::try_read).
    pub fn try_read_buf<B: BufMut>(&self, buf: &mut B) -> io::Result<usize> {
        if buf.chunk_mut().len() == 0 {
            return Ok(0);
        }
        let pipe = self.registration.source();
        self.registration.try_call(Interest::READABLE, || raw::read_chunk(pipe.as_fd(), buf))
    }

    /// Runs a call of your own on the pipe if it is ready; clears the readiness if the call would block.
    ///
    /// The call must read from this pipe, and return `WouldBlock` only if the pipe did.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    /// use mini_runtime::io::AsyncWriteExt;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// sender.write_all(b"x").await?;
    /// receiver.readable().await?;
    /// assert_eq!(receiver.try_io(|| Ok(7))?, 7);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if not ready; otherwise what the call returns.
    pub fn try_io<R>(&self, call: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
        self.registration.try_io(Interest::READABLE, || self.registration.source().try_io(call))
    }

    /// Gives the descriptor back, in blocking mode, as a child process wants it.
    ///
    /// ```
    /// use mini_net::net::unix::pipe;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut sender, mut receiver) = pipe::pipe()?;
    /// let fd = receiver.into_blocking_fd()?;
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
    /// let fd = receiver.into_nonblocking_fd()?;
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

impl AsyncRead for Receiver {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let length = buf.remaining();
        if length == 0 {
            return Poll::Ready(Ok(()));
        }
        let read = || raw::read_into(self.registration.source().as_fd(), buf);
        self.registration.poll_transfer(cx, Direction::Read, length, read).map_ok(|_| ())
    }
}

identity!(Receiver);
