//! [`TcpListener`]: accepts connections.
//!
//! How it waits, and what it does when descriptors run out, is `socket::accept`'s.

use super::socket::TcpSocket;
use super::stream::TcpStream;
use crate::addr::{ToSocketAddrs, try_each};
use crate::reactor::registration::Registration;
use crate::socket::accept::{self, BACKLOG};
use crate::socket::backoff::Backoff;
use socket2::Domain;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll, ready};

/// A server that starts again need not wait for its last connections to be forgotten. On Windows the option means
/// something else: another process could take the port over.
const REUSES_ADDRESS: bool = !cfg!(windows);

/// A TCP socket that listens for connections.
///
/// ```
/// use futures::executor::block_on;
/// use mini_net::net::{TcpListener, TcpStream};
///
/// # fn main() -> std::io::Result<()> {
/// block_on(async {
///     let listener = TcpListener::bind("127.0.0.1:0").await?;
///     let client = TcpStream::connect(listener.local_addr()?).await?;
///     let (server, address) = listener.accept().await?;
///     assert_eq!(address, client.local_addr()?);
///     assert_eq!(server.peer_addr()?, address);
///     Ok(())
/// })
/// # }
/// ```
pub struct TcpListener {
    pub(super) registration: Registration<mio::net::TcpListener>,
    backoff: Backoff,
}

impl TcpListener {
    /// Binds to the first of the addresses that the OS lets us have, and listens.
    ///
    /// Up to 4096 connections wait to be accepted, or as many as the OS allows.
    ///
    /// Port 0 lets the OS pick one; [`local_addr`](Self::local_addr) tells which. On Unix `SO_REUSEADDR` is set;
    /// [`TcpSocket`](super::TcpSocket) leaves the options to you.
    ///
    /// ```
    /// use mini_net::net::TcpListener;
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    /// assert_ne!(listener.local_addr()?.port(), 0);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The lookup's error, or that of the last address tried.
    pub async fn bind<A: ToSocketAddrs>(address: A) -> io::Result<Self> {
        try_each(address, async |address| {
            let socket = TcpSocket::new(Domain::for_address(address))?;
            if REUSES_ADDRESS {
                socket.set_reuseaddr(true)?;
            }
            socket.bind(address)?;
            socket.listen(BACKLOG.into())
        })
        .await
    }

    pub(super) fn new(listener: mio::net::TcpListener) -> io::Result<Self> {
        Ok(Self { registration: accept::register(listener)?, backoff: Backoff::default() })
    }

    /// Waits for a connection. Any number of tasks may.
    ///
    /// The stream is ready to be read and written: the first read tries at once. A connection that died before it
    /// was accepted is passed over.
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let client = TcpStream::connect(listener.local_addr()?).await?;
    /// let (server, address) = listener.accept().await?;
    /// assert_eq!((address, server.peer_addr()?), (client.local_addr()?, address));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's. At the limit of open descriptors (`EMFILE`, `ENFILE`) or without memory, the error is returned
    /// and the next accept waits 10 ms first, so that a loop that only logs errors does not spin.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no connection is lost, since it is accepted within one poll.
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, address) = accept::accept(&self.registration, &self.backoff).await?;
        Ok((TcpStream::connected(stream)?, address))
    }

    /// A connection, or else the newest task that polled is woken when there is one.
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let client = TcpStream::connect(listener.local_addr()?).await?;
    /// let (_server, address) = std::future::poll_fn(|cx| listener.poll_accept(cx)).await?;
    /// assert_eq!(address, client.local_addr()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`accept`](Self::accept).
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        let (stream, address) = ready!(accept::poll_accept(&self.registration, &self.backoff, cx))?;
        Poll::Ready(Ok((TcpStream::connected(stream)?, address)))
    }

    /// The address it listens on.
    ///
    /// ```
    /// use mini_net::net::TcpListener;
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// assert!(listener.local_addr()?.ip().is_loopback());
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

    /// The time to live of its packets.
    ///
    /// ```
    /// use mini_net::net::TcpListener;
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// assert!(listener.ttl()? > 0);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn ttl(&self) -> io::Result<u32> {
        self.registration.source().ttl()
    }

    /// Sets the time to live of its packets.
    ///
    /// ```
    /// use mini_net::net::TcpListener;
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// listener.set_ttl(16)?;
    /// assert_eq!(listener.ttl()?, 16);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        self.registration.source().set_ttl(ttl)
    }
}

/// For the examples: a listener.
macro_rules! tcp_listener {
    () => {
        r#"# use mini_net::net::TcpListener;
let ours = TcpListener::bind("127.0.0.1:0").await?;"#
    };
}

std_socket!(TcpListener, std::net::TcpListener, mio::net::TcpListener, TcpListener::new, tcp_listener);
