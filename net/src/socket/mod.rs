//! What sockets of every kind share: calls on them that are safe from signals and from memory that nobody has
//! written, and the methods that are the same for all.
//!
//! It waits for nothing: [`Registration`](crate::reactor::registration) does. Invariant: every send carries
//! [`SEND_FLAGS`], so that no peer can raise SIGPIPE in this process.
//!
//! The methods are macros, one to a family (`readiness`, `datagram`, `stream`, `halves`), and are called inside an `impl` of each socket:
//! traits would have to be imported by the user, and generic types would show `mio` in every signature.

#[macro_use]
mod readiness;
#[macro_use]
mod datagram;
#[macro_use]
mod stream;
#[macro_use]
mod half_methods;
#[macro_use]
mod halves;
#[macro_use]
mod std_socket;
pub(crate) mod accept;
mod accept_failure;
pub(crate) mod backoff;
pub(crate) mod connect;
pub(crate) mod receive;

#[cfg(unix)]
#[macro_use]
mod identity_unix;
#[cfg(windows)]
#[macro_use]
mod identity_windows;

use crate::io::Interest;
use mio::event::Source;
use socket2::{SockAddr, SockRef};
use std::io::{self, IoSlice};

/// What ends a wait to receive a datagram: an error that waits on the socket is returned by the receiving call.
pub(crate) const RECEIVE: Interest = Interest::READABLE.add(Interest::ERROR);

/// A socket of mio's, on which socket2 can make calls that mio does not offer.
pub(crate) trait Socket: Source {
    /// Makes a call, as mio wants it to be made: on some platforms one that would block arms the next event.
    fn call<R>(&self, call: impl FnOnce(&socket2::Socket) -> io::Result<R>) -> io::Result<R>;

    /// One `send`.
    #[inline]
    fn send_bytes(&self, bytes: &[u8]) -> io::Result<usize> {
        self.call(|socket| socket.send_with_flags(bytes, SEND_FLAGS))
    }

    /// One `sendmsg` of several buffers.
    fn send_buffers(&self, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        self.call(|socket| socket.send_vectored_with_flags(buffers, SEND_FLAGS))
    }

    /// One `sendto`.
    fn send_bytes_to(&self, bytes: &[u8], address: &SockAddr) -> io::Result<usize> {
        self.call(|socket| socket.send_to_with_flags(bytes, address, SEND_FLAGS))
    }
}

/// Implements [`Socket`] for types of mio's.
macro_rules! sockets {
    ($($socket:ty),+ $(,)?) => { $(
        impl Socket for $socket {
            #[inline]
            fn call<R>(&self, call: impl FnOnce(&socket2::Socket) -> io::Result<R>) -> io::Result<R> {
                self.try_io(|| call(&SockRef::from(self)))
            }
        }
    )+ };
}

sockets!(mio::net::TcpStream, mio::net::UdpSocket);

#[cfg(unix)]
sockets!(mio::net::UnixStream, mio::net::UnixDatagram);

/// Flags of a send that keep SIGPIPE away.
#[cfg(all(unix, not(target_vendor = "apple")))]
pub(crate) const SEND_FLAGS: i32 = libc::MSG_NOSIGNAL;

/// None: mio sets `SO_NOSIGPIPE` on the socket, and Windows has no such signal.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
pub(crate) const SEND_FLAGS: i32 = 0;
