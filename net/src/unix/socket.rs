//! [`UnixSocket`]: a Unix socket that neither listens nor connects yet.
//!
//! It is not registered with a reactor: [`connect`](UnixSocket::connect), [`listen`](UnixSocket::listen) and
//! [`datagram`](UnixSocket::datagram) do that.

use super::{UnixDatagram, UnixListener, UnixStream, address};
use socket2::{Domain, Socket, Type};
use std::io;
use std::path::Path;

/// A socket to be configured, then turned into a [`UnixStream`], [`UnixListener`] or [`UnixDatagram`].
///
/// ```
/// use mini_net::net::UnixSocket;
///
/// # futures::executor::block_on(async {
/// let path = std::env::temp_dir().join(format!("mini-doc-socket-{}", std::process::id()));
/// let socket = UnixSocket::new_stream()?;
/// socket.bind(&path)?;
/// let listener = socket.listen(1024)?;
///
/// let _client = UnixSocket::new_stream()?.connect(&path).await?;
/// listener.accept().await?;
/// std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct UnixSocket {
    socket: Socket,
}

impl UnixSocket {
    /// A socket for datagrams.
    ///
    /// ```
    /// use mini_net::net::UnixSocket;
    ///
    /// let socket = UnixSocket::new_datagram()?.datagram()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn new_datagram() -> io::Result<Self> {
        Self::new(Type::DGRAM)
    }

    /// A socket for connections.
    ///
    /// ```
    /// use mini_net::net::UnixSocket;
    ///
    /// let socket = UnixSocket::new_stream()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn new_stream() -> io::Result<Self> {
        Self::new(Type::STREAM)
    }

    fn new(kind: Type) -> io::Result<Self> {
        let socket = Socket::new(Domain::UNIX, kind, None)?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket })
    }

    /// Binds to a path, at which a file is made. On Linux a path that begins with a NUL byte is an abstract name.
    ///
    /// ```
    /// use mini_net::net::UnixSocket;
    ///
    /// let path = std::env::temp_dir().join(format!("mini-doc-socket-bind-{}", std::process::id()));
    /// let socket = UnixSocket::new_stream()?;
    /// socket.bind(&path)?;
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `AddrInUse` if there is such a file already.
    pub fn bind(&self, path: impl AsRef<Path>) -> io::Result<()> {
        self.socket.bind(&address::for_socket2(path.as_ref())?)
    }

    /// Listens; at most about `backlog` connections wait to be accepted.
    ///
    /// ```
    /// use mini_net::net::UnixSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-socket-listen-{}", std::process::id()));
    /// let socket = UnixSocket::new_stream()?;
    /// socket.bind(&path)?;
    /// let listener = socket.listen(1024)?;
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; or that it is a datagram socket.
    pub fn listen(self, backlog: u32) -> io::Result<UnixListener> {
        self.must_be(Type::STREAM, "a datagram socket cannot listen; make it with `new_stream`")?;
        self.socket.listen(i32::try_from(backlog).unwrap_or(i32::MAX))?;
        UnixListener::new(mio::net::UnixListener::from_std(self.socket.into()))
    }

    /// Connects to the listener at a path.
    ///
    /// ```
    /// use mini_net::net::{UnixListener, UnixSocket};
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-socket-connect-{}", std::process::id()));
    /// let _listener = UnixListener::bind(&path)?;
    /// let _stream = UnixSocket::new_stream()?.connect(&path).await?;
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`UnixStream::connect`]; or that it is a datagram socket.
    ///
    /// # Cancel safety
    ///
    /// The socket is closed when the future is dropped.
    pub async fn connect(self, path: impl AsRef<Path>) -> io::Result<UnixStream> {
        self.must_be(
            Type::STREAM,
            "a datagram socket makes no `UnixStream`; turn it into a `UnixDatagram` with `datagram` first",
        )?;
        match self.socket.connect(&address::for_socket2(path.as_ref())?) {
            Ok(()) => {}
            Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => {}
            Err(error) => return Err(error),
        }
        UnixStream::finish_connecting(mio::net::UnixStream::from_std(self.socket.into())).await
    }

    /// Turns it into a datagram socket that can send and receive.
    ///
    /// ```
    /// use mini_net::net::UnixSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-socket-datagram-{}", std::process::id()));
    /// let socket = UnixSocket::new_datagram()?;
    /// socket.bind(&path)?;
    /// let datagram = socket.datagram()?;
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; or that it is a stream socket.
    pub fn datagram(self) -> io::Result<UnixDatagram> {
        self.must_be(Type::DGRAM, "a stream socket has no datagrams; make it with `new_datagram`")?;
        UnixDatagram::open(mio::net::UnixDatagram::from_std(self.socket.into()))
    }

    fn must_be(&self, kind: Type, otherwise: &'static str) -> io::Result<()> {
        if self.socket.r#type()? == kind { Ok(()) } else { Err(io::Error::other(otherwise)) }
    }
}

raw_socket!(UnixSocket);
