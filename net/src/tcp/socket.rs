//! [`TcpSocket`]: a TCP socket that neither listens nor connects yet, for the options that must be set before.
//!
//! It is not registered with a reactor: [`connect`](TcpSocket::connect) and [`listen`](TcpSocket::listen) do that.
//! Its options are in `socket_options`.

use super::{TcpListener, TcpStream};
use socket2::{Domain, Protocol, Socket, Type};
use std::fmt;
use std::io;
use std::net::SocketAddr;

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
    pub(super) socket: Socket,
}

impl TcpSocket {
    /// An IPv4 socket.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.bind("127.0.0.1:0".parse().expect("an address"))?;
    /// assert!(socket.local_addr()?.is_ipv4());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn new_v4() -> io::Result<Self> {
        Self::new(Domain::IPV4)
    }

    /// An IPv6 socket.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let Ok(socket) = TcpSocket::new_v6() else { return Ok(()) }; // no IPv6 here
    /// if socket.bind("[::1]:0".parse().expect("an address")).is_ok() {
    ///     assert!(socket.local_addr()?.is_ipv6());
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
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
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpSocket};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let foreign = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    /// let stream = TcpSocket::from_std_stream(foreign.into()).connect(listener.local_addr()?).await?;
    /// assert_eq!(stream.peer_addr()?, listener.local_addr()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn from_std_stream(stream: std::net::TcpStream) -> Self {
        Self { socket: stream.into() }
    }

    /// Gives the socket its own address.
    ///
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.bind("127.0.0.1:0".parse().expect("an address"))?; // any free port
    /// assert_ne!(socket.local_addr()?.port(), 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's: the address is in use, or not ours.
    pub fn bind(&self, address: SocketAddr) -> io::Result<()> {
        self.socket.bind(&address.into())
    }

    /// Connects.
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpSocket};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let stream = TcpSocket::new_v4()?.connect(listener.local_addr()?).await?;
    /// assert_eq!(stream.peer_addr()?, listener.local_addr()?);
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
    /// ```
    /// use mini_net::net::{TcpSocket, TcpStream};
    ///
    /// # futures::executor::block_on(async {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.bind("127.0.0.1:0".parse().expect("an address"))?;
    /// let listener = socket.listen(128)?;
    /// let client = TcpStream::connect(listener.local_addr()?).await?;
    /// assert_eq!(listener.accept().await?.1, client.local_addr()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// let socket = TcpSocket::new_v4()?;
    /// socket.bind("127.0.0.1:0".parse().expect("an address"))?;
    /// assert!(socket.local_addr()?.ip().is_loopback());
    /// # Ok::<(), std::io::Error>(())
    /// ```
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
    /// ```
    /// use mini_net::net::TcpSocket;
    ///
    /// assert!(TcpSocket::new_v4()?.take_error()?.is_none());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's, if it cannot be asked.
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        self.socket.take_error()
    }
}

#[cfg(unix)]
mod platform {
    use super::io;

    /// A connect that goes on after the call.
    pub(super) fn is_under_way(error: &io::Error) -> bool {
        error.raw_os_error() == Some(libc::EINPROGRESS)
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
