//! [`TcpStream`]: its making, its readiness and the calls that do not wait.
//!
//! Waiting reads and writes are in `stream_io`, socket options in `options`, connecting in `connect`.

use super::split::{ReadHalf, WriteHalf, split};
use super::split_owned::{OwnedReadHalf, OwnedWriteHalf, split_owned};
use crate::io::{Interest, Ready};
use crate::reactor::entry::Direction;
use crate::reactor::registration::{Registration, both_ready};
use crate::socket::{Socket, receive};
use bytes::BufMut;
use std::fmt;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::task::{Context, Poll, ready};

/// A TCP connection.
///
/// Reads and writes go through `AsyncRead` and `AsyncWrite` of `mini_runtime::io` and their `Ext` methods, or
/// through [`readable`](Self::readable) and [`try_read`](Self::try_read) and their like, which need only `&self`
/// and serve any number of tasks. Dropping it closes the connection; data already written is still sent.
///
/// ```
/// use futures::executor::block_on;
/// use mini_net::net::{TcpListener, TcpStream};
/// use std::io;
///
/// # fn main() -> io::Result<()> {
/// block_on(async {
///     let listener = TcpListener::bind("127.0.0.1:0").await?;
///     let client = TcpStream::connect(listener.local_addr()?).await?;
///     let (server, _) = listener.accept().await?;
///
///     client.writable().await?;
///     assert_eq!(client.try_write(b"hello")?, 5);
///
///     let mut bytes = [0; 16];
///     loop {
///         server.readable().await?;
///         match server.try_read(&mut bytes) {
///             Ok(length) => {
///                 assert_eq!(&bytes[..length], b"hello");
///                 return Ok(());
///             }
///             Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
///             Err(error) => return Err(error),
///         }
///     }
/// })
/// # }
/// ```
pub struct TcpStream {
    pub(super) registration: Registration<mio::net::TcpStream>,
}

impl TcpStream {
    /// A stream known to be connected: it starts as ready, so that its first calls try at once.
    pub(super) fn open(stream: mio::net::TcpStream) -> io::Result<Self> {
        Ok(Self { registration: Registration::new(stream, Interest::BOTH, both_ready())? })
    }

    /// A stream that has just connected.
    pub(super) fn from_open(registration: Registration<mio::net::TcpStream>) -> Self {
        registration.add_readiness(both_ready());
        Self { registration }
    }

    /// Takes over a stream of std's, and makes it non-blocking.
    ///
    /// Its connect may still be under way: wait for [`writable`](Self::writable), then ask
    /// [`take_error`](Self::take_error).
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn from_std(stream: std::net::TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        let stream = mio::net::TcpStream::from_std(stream);
        Ok(Self { registration: Registration::new(stream, Interest::BOTH, Ready::EMPTY)? })
    }

    /// Gives the stream back to std. It stays non-blocking.
    ///
    /// # Errors
    ///
    /// The OS's, if it cannot be deregistered.
    pub fn into_std(self) -> io::Result<std::net::TcpStream> {
        self.registration.into_source().map(Into::into)
    }

    /// This side's address.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().local_addr()
    }

    /// The other side's address.
    ///
    /// # Errors
    ///
    /// `NotConnected` if it is not connected, or no longer.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().peer_addr()
    }

    /// Takes the error that waits on the socket (`SO_ERROR`), if any.
    ///
    /// # Errors
    ///
    /// The OS's, if it cannot be asked.
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        self.registration.source().take_error()
    }

    /// Waits for one of the interests and tells which states hold. Any number of tasks may.
    ///
    /// A hint: the call that follows may still say `WouldBlock`.
    ///
    /// # Errors
    ///
    /// Only if the runtime that the stream was opened in has shut down.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: readiness is not used up by waiting.
    pub async fn ready(&self, interest: Interest) -> io::Result<Ready> {
        Ok(self.registration.readiness(interest).await?.ready())
    }

    /// Waits until it may be read.
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

    /// Waits until it may be written.
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

    /// May be read, or else the newest task that polled to read is woken when it may.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.registration.poll_ready(cx, Direction::Read))?;
        Poll::Ready(Ok(()))
    }

    /// May be written, or else the newest task that polled to write is woken when it may.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.registration.poll_ready(cx, Direction::Write))?;
        Poll::Ready(Ok(()))
    }

    /// Reads what is there. 0: the peer has closed its side, or the buffer is empty.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is nothing; otherwise the OS's.
    pub fn try_read(&self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let mut stream = self.registration.source();
        self.registration.try_transfer(Interest::READABLE, buf.len(), || stream.read(buf))
    }

    /// [`try_read`](Self::try_read) into several buffers, one after the other.
    ///
    /// # Errors
    ///
    /// As [`try_read`](Self::try_read).
    pub fn try_read_vectored(&self, bufs: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        let length = bufs.iter().map(|buf| buf.len()).sum();
        if length == 0 {
            return Ok(0);
        }
        let mut stream = self.registration.source();
        self.registration.try_transfer(Interest::READABLE, length, || stream.read_vectored(bufs))
    }

    /// [`try_read`](Self::try_read) into the spare room of a growing buffer, which is not zeroed first.
    ///
    /// # Errors
    ///
    /// As [`try_read`](Self::try_read).
    pub fn try_read_buf<B: BufMut>(&self, buf: &mut B) -> io::Result<usize> {
        let length = buf.chunk_mut().len();
        if length == 0 {
            return Ok(0);
        }
        let stream = self.registration.source();
        self.registration.try_transfer(Interest::READABLE, length, || receive::receive_chunk(stream, buf))
    }

    /// Writes what there is room for.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no room; `BrokenPipe` or `ConnectionReset` if the peer is gone; the OS's.
    pub fn try_write(&self, buf: &[u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let mut stream = self.registration.source();
        self.registration.try_transfer(Interest::WRITABLE, buf.len(), || stream.write(buf))
    }

    /// [`try_write`](Self::try_write) from several buffers, one after the other.
    ///
    /// # Errors
    ///
    /// As [`try_write`](Self::try_write).
    pub fn try_write_vectored(&self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        let length = bufs.iter().map(|buf| buf.len()).sum();
        if length == 0 {
            return Ok(0);
        }
        let stream = self.registration.source();
        self.registration.try_transfer(Interest::WRITABLE, length, || stream.send_buffers(bufs))
    }

    /// Runs a call of your own on the socket if the interest is ready; clears the readiness if it would block.
    ///
    /// The call must be one that the interest names, on this socket, and return `WouldBlock` only if the socket
    /// did.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if not ready; otherwise what the call returns.
    pub fn try_io<R>(&self, interest: Interest, call: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
        self.registration.try_io(interest, || self.registration.source().try_io(call))
    }

    /// Repeats a call of your own on the socket until it does not block, waiting in between.
    ///
    /// # Errors
    ///
    /// What the call returns, but `WouldBlock` and `Interrupted`, after which it is repeated; and an error if the
    /// runtime has shut down.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe as far as the call is: it runs within one poll.
    pub async fn async_io<R>(
        &self,
        interest: Interest,
        mut call: impl FnMut() -> io::Result<R>,
    ) -> io::Result<R> {
        self.registration.async_io(interest, || self.registration.source().try_io(&mut call)).await
    }

    /// Reads without taking: the next read sees the same bytes. Any number of tasks may wait.
    ///
    /// # Errors
    ///
    /// The OS's.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: nothing is taken.
    pub async fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        self.registration.async_io(Interest::READABLE, || self.registration.source().peek(buf)).await
    }

    /// Closes one direction or both, for both sides of the connection to see.
    pub(super) fn shut_down(&self, how: Shutdown) -> io::Result<()> {
        match self.registration.source().shutdown(how) {
            // The peer closed first: there is nothing left to close.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
            result => result,
        }
    }

    /// Lends a reading and a writing half, for two futures of one task.
    pub fn split(&mut self) -> (ReadHalf<'_>, WriteHalf<'_>) {
        split(self)
    }

    /// Makes a reading and a writing half that own the stream together, for two tasks.
    ///
    /// Dropping the writing half closes the writing direction.
    pub fn into_split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
        split_owned(self)
    }
}

impl TryFrom<std::net::TcpStream> for TcpStream {
    type Error = io::Error;

    /// [`TcpStream::from_std`].
    fn try_from(stream: std::net::TcpStream) -> io::Result<Self> {
        Self::from_std(stream)
    }
}

impl TryFrom<TcpStream> for std::net::TcpStream {
    type Error = io::Error;

    /// [`TcpStream::into_std`].
    fn try_from(stream: TcpStream) -> io::Result<Self> {
        stream.into_std()
    }
}

impl fmt::Debug for TcpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.registration.source().fmt(f)
    }
}
