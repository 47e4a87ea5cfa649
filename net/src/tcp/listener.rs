//! [`TcpListener`]: accepts connections.
//!
//! Invariant: no accept spins. One that would block waits for the listener to be ready; one that failed for want
//! of descriptors or memory tells the caller, and the next one pauses first.

use super::backoff::Backoff;
use super::stream::TcpStream;
use super::sys::AcceptFailure;
use crate::addr::{ToSocketAddrs, try_each};
use crate::io::{Interest, Ready};
use crate::reactor::entry::Direction;
use crate::reactor::readiness::Readiness;
use crate::reactor::registration::Registration;
use mini_runtime::coop;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll, ready};

/// How many connections may wait to be accepted; Linux's own limit (`net.core.somaxconn`) is the same.
///
/// With 128, a server that another process keeps from its processor for 8 ms loses connections of a single client that
/// opens one after the other, and each costs that client a second: the kernel drops its SYN, and it tries again.
const BACKLOG: i32 = 4096;

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
    /// # Errors
    ///
    /// The lookup's error, or that of the last address tried.
    pub async fn bind<A: ToSocketAddrs>(address: A) -> io::Result<Self> {
        try_each(address, async |address| {
            let listener = mio::net::TcpListener::bind(address)?;
            // Asked again, which is allowed and only changes the length: mio has asked for 128.
            socket2::SockRef::from(&listener).listen(BACKLOG)?;
            Self::new(listener)
        })
        .await
    }

    pub(super) fn new(listener: mio::net::TcpListener) -> io::Result<Self> {
        let registration = Registration::new(listener, Interest::READABLE, Ready::EMPTY)?;
        Ok(Self { registration, backoff: Backoff::default() })
    }

    /// Waits for a connection. Any number of tasks may.
    ///
    /// The stream is ready to be read and written: the first read tries at once. A connection that died before it
    /// was accepted is passed over.
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
        loop {
            let observed = self.registration.readiness(Interest::READABLE).await?;
            if let Some(result) = self.try_accept(observed) {
                return result;
            }
        }
    }

    /// A connection, or else the newest task that polled is woken when there is one.
    ///
    /// # Errors
    ///
    /// As [`accept`](Self::accept).
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        let coop = ready!(coop::poll_proceed(cx));
        loop {
            let observed = ready!(self.registration.poll_ready(cx, Direction::Read))?;
            if let Some(result) = self.try_accept(observed) {
                coop.made_progress();
                return Poll::Ready(result);
            }
        }
    }

    /// One connection or error; `None`: the readiness was cleared, wait.
    fn try_accept(&self, observed: Readiness) -> Option<io::Result<(TcpStream, SocketAddr)>> {
        if self.backoff.is_on() {
            // Whoever started the pause asked the reactor to end it, with an event that this clear cannot touch.
            self.registration.clear(observed);
            return None;
        }
        loop {
            let error = match self.registration.source().accept() {
                Ok((stream, address)) => {
                    return Some(TcpStream::open(stream).map(|stream| (stream, address)));
                }
                Err(error) => error,
            };
            match AcceptFailure::of(&error) {
                AcceptFailure::WouldBlock => {
                    self.registration.clear(observed);
                    return None;
                }
                // Each takes one connection out of the backlog, which bounds the loop.
                AcceptFailure::PeerGone => {}
                AcceptFailure::OutOfResources => {
                    self.registration.clear(observed);
                    self.registration.retry_at(self.backoff.start());
                    return Some(Err(error));
                }
                AcceptFailure::Other => return Some(Err(error)),
            }
        }
    }

    /// Takes over a listener of std's, and makes it non-blocking.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn from_std(listener: std::net::TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Self::new(mio::net::TcpListener::from_std(listener))
    }

    /// Gives the listener back to std. It stays non-blocking.
    ///
    /// # Errors
    ///
    /// The OS's, if it cannot be deregistered.
    pub fn into_std(self) -> io::Result<std::net::TcpListener> {
        self.registration.into_source().map(Into::into)
    }

    /// The address it listens on.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().local_addr()
    }

    /// The time to live of its packets.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn ttl(&self) -> io::Result<u32> {
        self.registration.source().ttl()
    }

    /// Sets the time to live of its packets.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        self.registration.source().set_ttl(ttl)
    }
}

impl TryFrom<std::net::TcpListener> for TcpListener {
    type Error = io::Error;

    /// [`TcpListener::from_std`].
    fn try_from(listener: std::net::TcpListener) -> io::Result<Self> {
        Self::from_std(listener)
    }
}

impl fmt::Debug for TcpListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.registration.source().fmt(f)
    }
}
