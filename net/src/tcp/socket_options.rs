//! The options of a [`TcpSocket`], to be set before it listens or connects.
//!
//! Each method is one system call; what an option means is the OS's.

use super::socket::TcpSocket;
use std::io;
use std::time::Duration;

impl TcpSocket {
    /// Whether idle connections are probed (`SO_KEEPALIVE`).
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_keepalive(true)?;
    /// assert!(socket.keepalive()?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn keepalive(&self) -> io::Result<bool> {
        self.socket.keepalive()
    }

    /// Probes idle connections, or not.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_keepalive(true)?;
    /// assert!(socket.keepalive()?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_keepalive(&self, is_on: bool) -> io::Result<()> {
        self.socket.set_keepalive(is_on)
    }

    /// Whether an address that old connections still linger on may be bound (`SO_REUSEADDR`).
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_reuseaddr(true)?;
    /// assert!(socket.reuseaddr()?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn reuseaddr(&self) -> io::Result<bool> {
        self.socket.reuse_address()
    }

    /// Lets an address be bound that old connections still linger on.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_reuseaddr(true)?;
    /// assert!(socket.reuseaddr()?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_reuseaddr(&self, is_on: bool) -> io::Result<()> {
        self.socket.set_reuse_address(is_on)
    }

    /// The size of the buffer for what is to be sent.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// assert!(socket.send_buffer_size()? > 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn send_buffer_size(&self) -> io::Result<u32> {
        self.socket.send_buffer_size().map(saturate)
    }

    /// Asks for a size of the buffer for what is to be sent; the OS may choose another.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_send_buffer_size(16 << 10)?;
    /// assert!(socket.send_buffer_size()? >= 16 << 10); // Linux doubles it, for its own use
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_send_buffer_size(&self, size: u32) -> io::Result<()> {
        self.socket.set_send_buffer_size(size as usize)
    }

    /// The size of the buffer for what was received.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// assert!(socket.recv_buffer_size()? > 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn recv_buffer_size(&self) -> io::Result<u32> {
        self.socket.recv_buffer_size().map(saturate)
    }

    /// Asks for a size of the buffer for what was received; the OS may choose another.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_recv_buffer_size(16 << 10)?;
    /// assert!(socket.recv_buffer_size()? >= 16 << 10); // Linux doubles it, for its own use
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_recv_buffer_size(&self, size: u32) -> io::Result<()> {
        self.socket.set_recv_buffer_size(size as usize)
    }

    /// How long a close waits for data that is not yet sent.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// assert_eq!(socket.linger()?, None);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn linger(&self) -> io::Result<Option<Duration>> {
        self.socket.linger()
    }

    /// Sets how long a close waits for data that is not yet sent; see
    /// [`TcpStream::set_linger`](super::TcpStream::set_linger).
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    /// use std::time::Duration;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_linger(Some(Duration::from_secs(1)))?;
    /// assert_eq!(socket.linger()?, Some(Duration::from_secs(1)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_linger(&self, linger: Option<Duration>) -> io::Result<()> {
        self.socket.set_linger(linger)
    }

    /// Makes the close reset the connection; see
    /// [`TcpStream::set_zero_linger`](super::TcpStream::set_zero_linger).
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    /// use std::time::Duration;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_zero_linger()?;
    /// assert_eq!(socket.linger()?, Some(Duration::ZERO));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_zero_linger(&self) -> io::Result<()> {
        self.socket.set_linger(Some(Duration::ZERO))
    }

    /// Whether small writes are sent at once.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_nodelay(true)?;
    /// assert!(socket.nodelay()?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.socket.tcp_nodelay()
    }

    /// Sends small writes at once, or gathers them.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_nodelay(true)?;
    /// assert!(socket.nodelay()?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_nodelay(&self, is_on: bool) -> io::Result<()> {
        self.socket.set_tcp_nodelay(is_on)
    }

    /// The type of service of its IPv4 packets.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_tos_v4(16)?;
    /// assert_eq!(socket.tos_v4()?, 16);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn tos_v4(&self) -> io::Result<u32> {
        self.socket.tos_v4()
    }

    /// Sets the type of service of its IPv4 packets.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_tos_v4(16)?;
    /// assert_eq!(socket.tos_v4()?, 16);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_tos_v4(&self, tos: u32) -> io::Result<()> {
        self.socket.set_tos_v4(tos)
    }

    /// [`tos_v4`](Self::tos_v4) under its older name.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_tos(16)?;
    /// assert_eq!(socket.tos()?, 16);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn tos(&self) -> io::Result<u32> {
        self.tos_v4()
    }

    /// [`set_tos_v4`](Self::set_tos_v4) under its older name.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_tos(16)?;
    /// assert_eq!(socket.tos()?, 16);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_tos(&self, tos: u32) -> io::Result<()> {
        self.set_tos_v4(tos)
    }
}

/// Buffer sizes beyond `u32` do not exist; the type of the answer is wider than its values.
fn saturate(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// An option that Unix alone has.
#[cfg(unix)]
mod unix {
    use super::{TcpSocket, io};

    impl TcpSocket {
        /// Whether several sockets may listen on one address (`SO_REUSEPORT`).
        ///
        /// ```
        /// use mini_net::net::TcpSocket;
        ///
        /// let socket = TcpSocket::new_v4()?;
        /// socket.set_reuseport(true)?;
        /// assert!(socket.reuseport()?);
        /// # Ok::<(), std::io::Error>(())
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn reuseport(&self) -> io::Result<bool> {
            self.socket.reuse_port()
        }

        /// Lets several sockets listen on one address; the OS spreads the connections over them.
        ///
        /// ```
        /// use mini_net::net::TcpSocket;
        ///
        /// let socket = TcpSocket::new_v4()?;
        /// socket.set_reuseport(true)?;
        /// assert!(socket.reuseport()?);
        /// # Ok::<(), std::io::Error>(())
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn set_reuseport(&self, is_on: bool) -> io::Result<()> {
            self.socket.set_reuse_port(is_on)
        }
    }
}

/// Options that Linux alone has.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use super::{TcpSocket, io};

    impl TcpSocket {
        /// The traffic class of its IPv6 packets.
        ///
        /// ```
        /// use mini_net::net::TcpSocket;
        ///
        /// let Ok(socket) = TcpSocket::new_v6() else { return Ok(()) }; // no IPv6 here
        /// socket.set_tclass_v6(32)?;
        /// assert_eq!(socket.tclass_v6()?, 32);
        /// # Ok::<(), std::io::Error>(())
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn tclass_v6(&self) -> io::Result<u32> {
            self.socket.tclass_v6()
        }

        /// Sets the traffic class of its IPv6 packets.
        ///
        /// ```
        /// use mini_net::net::TcpSocket;
        ///
        /// let Ok(socket) = TcpSocket::new_v6() else { return Ok(()) }; // no IPv6 here
        /// socket.set_tclass_v6(32)?;
        /// assert_eq!(socket.tclass_v6()?, 32);
        /// # Ok::<(), std::io::Error>(())
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn set_tclass_v6(&self, class: u32) -> io::Result<()> {
            self.socket.set_tclass_v6(class)
        }

        /// The network interface it is bound to.
        ///
        /// ```
        /// use mini_net::net::TcpSocket;
        ///
        /// let socket = TcpSocket::new_v4()?;
        /// assert_eq!(socket.device()?, None);
        /// # Ok::<(), std::io::Error>(())
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn device(&self) -> io::Result<Option<Vec<u8>>> {
            self.socket.device()
        }

        /// Binds it to a network interface, or to none.
        ///
        /// ```
        /// use mini_net::net::TcpSocket;
        ///
        /// let socket = TcpSocket::new_v4()?;
        /// // Old kernels let only root do so.
        /// if socket.bind_device(Some(b"lo")).is_ok() {
        ///     assert_eq!(socket.device()?.as_deref(), Some(&b"lo"[..]));
        /// }
        /// socket.bind_device(None)?;
        /// # Ok::<(), std::io::Error>(())
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn bind_device(&self, interface: Option<&[u8]>) -> io::Result<()> {
            self.socket.bind_device(interface)
        }
    }
}
