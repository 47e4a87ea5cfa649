//! [`TcpStream`]: its making, its addresses, and looking without taking.
//!
//! Reading, writing and splitting are `socket::stream`'s, socket options in `options`.

use super::halves::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, WriteHalf};
use crate::addr::{ToSocketAddrs, try_each};
use crate::io::{Interest, Ready};
use crate::reactor::entry::Direction;
use crate::reactor::registration::{Registration, both_ready};
use crate::socket::{Socket, connect, receive};
use mini_runtime::io::ReadBuf;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

/// A TCP connection.
///
/// Reads and writes go through `AsyncRead` and `AsyncWrite` of `mini_runtime::io` and their `Ext` methods, or
/// through [`readable`](Self::readable) and [`try_read`](Self::try_read) and their like, which need only `&self`
/// and serve any number of tasks. Dropping it closes the connection; data already written is still sent.
///
/// ```
/// use mini_net::net::{TcpListener, TcpStream};
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # futures::executor::block_on(async {
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let mut client = TcpStream::connect(listener.local_addr()?).await?;
/// let (mut server, _) = listener.accept().await?;
///
/// client.write_all(b"hello").await?;
/// let mut heard = [0; 5];
/// server.read_exact(&mut heard).await?;
/// assert_eq!(&heard, b"hello");
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
pub struct TcpStream {
    pub(super) registration: Registration<mio::net::TcpStream>,
}

impl TcpStream {
    /// Connects to the first of the addresses that answers; they are tried one after the other.
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let port = listener.local_addr()?.port();
    /// let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    /// assert_eq!(stream.peer_addr()?.port(), port);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The lookup's error, or that of the last address tried.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the attempt under way is given up and its socket closed.
    pub async fn connect<A: ToSocketAddrs>(address: A) -> io::Result<Self> {
        try_each(address, async |address: SocketAddr| {
            Self::finish_connecting(mio::net::TcpStream::connect(address)?).await
        })
        .await
    }

    /// Waits until the OS says how the connect of `stream` ended.
    pub(super) async fn finish_connecting(stream: mio::net::TcpStream) -> io::Result<Self> {
        Ok(Self { registration: connect::finish(stream).await? })
    }

    /// A stream known to be connected: it starts as ready, so that its first calls try at once.
    pub(super) fn connected(stream: mio::net::TcpStream) -> io::Result<Self> {
        Ok(Self { registration: Registration::new(stream, Interest::BOTH, both_ready())? })
    }

    /// A stream of std's, whose connect may still be under way.
    fn foreign(stream: mio::net::TcpStream) -> io::Result<Self> {
        Ok(Self { registration: Registration::new(stream, Interest::BOTH, Ready::EMPTY)? })
    }

    /// This side's address.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = tcp_pair!()]
    ///
    /// assert_eq!(ours.local_addr()?, theirs.peer_addr()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().local_addr()
    }

    /// The other side's address.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = tcp_pair!()]
    ///
    /// assert_eq!(ours.peer_addr()?, listener.local_addr()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `NotConnected` if it is not connected, or no longer.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().peer_addr()
    }

    /// Reads without taking: the next read sees the same bytes. Any number of tasks may wait.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
    /// # futures::executor::block_on(async {
    #[doc = tcp_pair!()]
    ///
    /// theirs.write_all(b"x").await?;
    /// assert_eq!(ours.peek(&mut [0; 16]).await?, 1);
    /// assert_eq!(ours.read_u8().await?, b'x');
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
        let mut buf = ReadBuf::new(buf);
        let peek = || receive::peek(self.registration.source(), &mut buf);
        self.registration.async_io(Interest::READABLE, peek).await
    }

    /// [`peek`](Self::peek) for futures of your own: the newest task that polled to read is woken.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncWriteExt, ReadBuf};
    /// # futures::executor::block_on(async {
    #[doc = tcp_pair!()]
    ///
    /// theirs.write_all(b"x").await?;
    /// let mut room = [0; 16];
    /// let mut buf = ReadBuf::new(&mut room);
    /// assert_eq!(std::future::poll_fn(|cx| ours.poll_peek(cx, &mut buf)).await?, 1);
    /// assert_eq!(buf.filled(), b"x");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn poll_peek(&self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<usize>> {
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(0));
        }
        let peek = || receive::peek(self.registration.source(), buf);
        self.registration.poll_io(cx, Direction::Read, peek)
    }

    readiness_methods!(tcp_pair, Interest::READABLE, poll_read_ready, poll_write_ready);
}

stream_methods!(TcpStream, tcp_pair);

std_socket!(TcpStream, std::net::TcpStream, mio::net::TcpStream, TcpStream::foreign, tcp_pair);
