//! [`TcpSocket`]: a TCP socket that neither listens nor connects yet, for the options that must be set before.
//!
//! It is not registered with a reactor: [`connect`](TcpSocket::connect) and [`listen`](TcpSocket::listen) do that.

use super::{TcpListener, TcpStream};
use socket2::{Domain, Protocol, Socket, Type};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// A socket to be configured, then turned into a [`TcpStream`] or [`TcpListener`].
///
/// ```
/// use futures::executor::block_on;
/// use mini_net::net::{TcpSocket, TcpStream};
///
/// # fn main() -> std::io::Result<()> {
/// block_on(async {
///     let socket = TcpSocket::new_v4()?;
///     socket.set_reuseaddr(true)?;
///     socket.bind("127.0.0.1:0".parse().unwrap())?;
///     let listener = socket.listen(1024)?;
///
///     let socket = TcpSocket::new_v4()?;
///     socket.set_nodelay(true)?;
///     let client: TcpStream = socket.connect(listener.local_addr()?).await?;
///     assert!(client.nodelay()?);
///     Ok(())
/// })
/// # }
/// ```
pub struct TcpSocket {
    socket: Socket,
}

impl TcpSocket {
    /// An IPv4 socket.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn new_v4() -> io::Result<Self> {
        Self::new(Domain::IPV4)
    }

    /// An IPv6 socket.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn new_v6() -> io::Result<Self> {
        Self::new(Domain::IPV6)
    }

    pub(super) fn new(domain: Domain) -> io::Result<Self> {
        let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket })
    }

    /// Takes a std stream that is not connected yet, such as a foreign library hands out.
    ///
    /// It is made non-blocking by [`connect`](Self::connect) or [`listen`](Self::listen).
    pub fn from_std_stream(stream: std::net::TcpStream) -> Self {
        Self { socket: stream.into() }
    }

    /// Gives the socket its own address.
    ///
    /// # Errors
    ///
    /// The OS's: the address is in use, or not ours.
    pub fn bind(&self, address: SocketAddr) -> io::Result<()> {
        self.socket.bind(&address.into())
    }

    /// Connects.
    ///
    /// # Errors
    ///
    /// The OS's.
    ///
    /// # Cancel safety
    ///
    /// The socket is closed when the future is dropped.
    pub async fn connect(self, address: SocketAddr) -> io::Result<TcpStream> {
        self.socket.set_nonblocking(true)?;
        match self.socket.connect(&address.into()) {
            Ok(()) => {}
            Err(error) if is_under_way(&error) => {}
            Err(error) => return Err(error),
        }
        let stream = mio::net::TcpStream::from_std(self.socket.into());
        TcpStream::finish_connecting(stream).await
    }

    /// Listens; at most about `backlog` connections wait to be accepted.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn listen(self, backlog: u32) -> io::Result<TcpListener> {
        self.socket.set_nonblocking(true)?;
        self.socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
        TcpListener::new(mio::net::TcpListener::from_std(self.socket.into()))
    }

    /// The address it is bound to.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        let address = self.socket.local_addr()?;
        address.as_socket().ok_or_else(|| io::Error::other("the socket has no internet address"))
    }

    /// Takes the error that waits on the socket (`SO_ERROR`), if any.
    ///
    /// # Errors
    ///
    /// The OS's, if it cannot be asked.
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        self.socket.take_error()
    }

    /// Whether idle connections are probed (`SO_KEEPALIVE`).
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn keepalive(&self) -> io::Result<bool> {
        self.socket.keepalive()
    }

    /// Probes idle connections, or not.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_keepalive(&self, is_on: bool) -> io::Result<()> {
        self.socket.set_keepalive(is_on)
    }

    /// Whether an address that old connections still linger on may be bound (`SO_REUSEADDR`).
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn reuseaddr(&self) -> io::Result<bool> {
        self.socket.reuse_address()
    }

    /// Lets an address be bound that old connections still linger on.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_reuseaddr(&self, is_on: bool) -> io::Result<()> {
        self.socket.set_reuse_address(is_on)
    }

    /// The size of the buffer for what is to be sent.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn send_buffer_size(&self) -> io::Result<u32> {
        self.socket.send_buffer_size().map(saturate)
    }

    /// Asks for a size of the buffer for what is to be sent; the OS may choose another.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_send_buffer_size(&self, size: u32) -> io::Result<()> {
        self.socket.set_send_buffer_size(size as usize)
    }

    /// The size of the buffer for what was received.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn recv_buffer_size(&self) -> io::Result<u32> {
        self.socket.recv_buffer_size().map(saturate)
    }

    /// Asks for a size of the buffer for what was received; the OS may choose another.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_recv_buffer_size(&self, size: u32) -> io::Result<()> {
        self.socket.set_recv_buffer_size(size as usize)
    }

    /// How long a close waits for data that is not yet sent.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn linger(&self) -> io::Result<Option<Duration>> {
        self.socket.linger()
    }

    /// Sets how long a close waits for data that is not yet sent; see [`TcpStream::set_linger`].
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_linger(&self, linger: Option<Duration>) -> io::Result<()> {
        self.socket.set_linger(linger)
    }

    /// Makes the close reset the connection; see [`TcpStream::set_zero_linger`].
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_zero_linger(&self) -> io::Result<()> {
        self.socket.set_linger(Some(Duration::ZERO))
    }

    /// Whether small writes are sent at once.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.socket.tcp_nodelay()
    }

    /// Sends small writes at once, or gathers them.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_nodelay(&self, is_on: bool) -> io::Result<()> {
        self.socket.set_tcp_nodelay(is_on)
    }

    /// The type of service of its IPv4 packets.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn tos_v4(&self) -> io::Result<u32> {
        self.socket.tos_v4()
    }

    /// Sets the type of service of its IPv4 packets.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_tos_v4(&self, tos: u32) -> io::Result<()> {
        self.socket.set_tos_v4(tos)
    }

    /// [`tos_v4`](Self::tos_v4) under its older name.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn tos(&self) -> io::Result<u32> {
        self.tos_v4()
    }

    /// [`set_tos_v4`](Self::set_tos_v4) under its older name.
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

#[cfg(unix)]
mod platform {
    use super::{TcpSocket, io};

    /// A connect that goes on after the call.
    pub(super) fn is_under_way(error: &io::Error) -> bool {
        error.raw_os_error() == Some(libc::EINPROGRESS)
    }

    impl TcpSocket {
        /// Whether several sockets may listen on one address (`SO_REUSEPORT`).
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn reuseport(&self) -> io::Result<bool> {
            self.socket.reuse_port()
        }

        /// Lets several sockets listen on one address; the OS spreads the connections over them.
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn set_reuseport(&self, is_on: bool) -> io::Result<()> {
            self.socket.set_reuse_port(is_on)
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use super::{TcpSocket, io};

    impl TcpSocket {
        /// The traffic class of its IPv6 packets.
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn tclass_v6(&self) -> io::Result<u32> {
            self.socket.tclass_v6()
        }

        /// Sets the traffic class of its IPv6 packets.
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn set_tclass_v6(&self, class: u32) -> io::Result<()> {
            self.socket.set_tclass_v6(class)
        }

        /// The network interface it is bound to.
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn device(&self) -> io::Result<Option<Vec<u8>>> {
            self.socket.device()
        }

        /// Binds it to a network interface, or to none.
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn bind_device(&self, interface: Option<&[u8]>) -> io::Result<()> {
            self.socket.bind_device(interface)
        }
    }
}

#[cfg(windows)]
mod platform {
    use super::io;

    /// A connect that goes on after the call.
    pub(super) fn is_under_way(error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::WouldBlock
    }
}

use platform::is_under_way;

impl fmt::Debug for TcpSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.socket.fmt(f)
    }
}

raw_socket!(TcpSocket);
