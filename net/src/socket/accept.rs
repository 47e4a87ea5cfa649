//! Accepting connections, the same for TCP and Unix listeners.
//!
//! Invariant: no accept spins. One that would block waits for the listener to be ready; one that failed for want
//! of descriptors or memory tells the caller, and the next one pauses first.

use super::accept_failure::AcceptFailure;
use super::backoff::Backoff;
use crate::io::{Interest, Ready};
use crate::reactor::entry::Direction;
use crate::reactor::readiness::Readiness;
use crate::reactor::registration::Registration;
use mini_runtime::coop;
use mio::event::Source;
use std::io;
use std::task::{Context, Poll, ready};

/// How many connections may wait to be accepted; Linux's own limit (`net.core.somaxconn`) is the same.
///
/// With 128, a server that another process keeps from its processor for 8 ms loses connections of a single client that
/// opens one after the other, and each costs that client a second: the kernel drops its SYN, and it tries again.
pub(crate) const BACKLOG: u16 = 4096;

/// A listening socket of mio's.
pub(crate) trait Listen: Source {
    /// A connection of mio's, and the address it comes from.
    type Connection;

    /// One `accept`.
    fn accept_one(&self) -> io::Result<Self::Connection>;
}

impl Listen for mio::net::TcpListener {
    type Connection = (mio::net::TcpStream, std::net::SocketAddr);

    fn accept_one(&self) -> io::Result<Self::Connection> {
        self.accept()
    }
}

#[cfg(unix)]
impl Listen for mio::net::UnixListener {
    type Connection = (mio::net::UnixStream, std::os::unix::net::SocketAddr);

    fn accept_one(&self) -> io::Result<Self::Connection> {
        self.accept()
    }
}

/// Registers a listener.
pub(crate) fn register<L: Listen>(listener: L) -> io::Result<Registration<L>> {
    Registration::new(listener, Interest::READABLE, Ready::EMPTY)
}

/// Waits for a connection. Any number of tasks may.
pub(crate) async fn accept<L: Listen>(
    registration: &Registration<L>,
    backoff: &Backoff,
) -> io::Result<L::Connection> {
    loop {
        let observed = registration.readiness(Interest::READABLE).await?;
        if let Some(result) = try_accept(registration, backoff, observed) {
            return result;
        }
    }
}

/// A connection, or else the newest task that polled is woken when there is one.
pub(crate) fn poll_accept<L: Listen>(
    registration: &Registration<L>,
    backoff: &Backoff,
    cx: &mut Context<'_>,
) -> Poll<io::Result<L::Connection>> {
    let coop = ready!(coop::poll_proceed(cx));
    loop {
        let observed = ready!(registration.poll_ready(cx, Direction::Read))?;
        if let Some(result) = try_accept(registration, backoff, observed) {
            coop.made_progress();
            return Poll::Ready(result);
        }
    }
}

/// One connection or error; `None`: the readiness was cleared, wait.
fn try_accept<L: Listen>(
    registration: &Registration<L>,
    backoff: &Backoff,
    observed: Readiness,
) -> Option<io::Result<L::Connection>> {
    if backoff.is_on() {
        // Whoever started the pause asked the reactor to end it, with an event that this clear cannot touch.
        registration.clear(observed);
        return None;
    }
    loop {
        let error = match registration.source().accept_one() {
            Ok(connection) => return Some(Ok(connection)),
            Err(error) => error,
        };
        match AcceptFailure::of(&error) {
            AcceptFailure::WouldBlock => {
                registration.clear(observed);
                return None;
            }
            // Each takes one connection out of the backlog, which bounds the loop.
            AcceptFailure::PeerGone => {}
            AcceptFailure::OutOfResources => {
                registration.clear(observed);
                registration.retry_at(backoff.start());
                return Some(Err(error));
            }
            AcceptFailure::Other => return Some(Err(error)),
        }
    }
}
