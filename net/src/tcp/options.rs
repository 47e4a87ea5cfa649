//! The socket options of a [`TcpStream`], and its identity for the OS.

use super::stream::TcpStream;
use socket2::SockRef;
use std::io;
use std::time::Duration;

impl TcpStream {
    /// Whether small writes are sent at once (`TCP_NODELAY`).
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.registration.source().nodelay()
    }

    /// Sends small writes at once, or gathers them (Nagle's algorithm; the OS's default).
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_nodelay(&self, is_on: bool) -> io::Result<()> {
        self.registration.source().set_nodelay(is_on)
    }

    /// How long a close waits for data that is not yet sent (`SO_LINGER`).
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn linger(&self) -> io::Result<Option<Duration>> {
        SockRef::from(self.registration.source()).linger()
    }

    /// Sets how long a close waits for data that is not yet sent; zero resets the connection instead.
    ///
    /// A close that waits blocks its thread; prefer to read until the peer closes.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_linger(&self, linger: Option<Duration>) -> io::Result<()> {
        SockRef::from(self.registration.source()).set_linger(linger)
    }

    /// Makes the close reset the connection: unsent data is dropped, and the peer sees `ConnectionReset`.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_zero_linger(&self) -> io::Result<()> {
        self.set_linger(Some(Duration::ZERO))
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

/// Options that Linux alone has.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use super::{SockRef, TcpStream, io};

    impl TcpStream {
        /// Whether acknowledgements are sent at once (`TCP_QUICKACK`).
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn quickack(&self) -> io::Result<bool> {
            SockRef::from(self.registration.source()).tcp_quickack()
        }

        /// Sends acknowledgements at once, or delays them. The kernel may change it back by itself.
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn set_quickack(&self, is_on: bool) -> io::Result<()> {
            SockRef::from(self.registration.source()).set_tcp_quickack(is_on)
        }
    }
}
