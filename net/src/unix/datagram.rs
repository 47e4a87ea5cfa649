//! [`UnixDatagram`]: its making, its addresses, and sending to a path.
//!
//! How datagrams are sent and received otherwise is `socket::datagram`'s.

use super::{SocketAddr, address};
use crate::io::{Interest, Ready};
use crate::reactor::entry::Direction;
use crate::reactor::registration::Registration;
use crate::socket::{RECEIVE, Socket};
use std::io;
use std::net::Shutdown;
use std::path::Path;
use std::task::{Context, Poll};

/// A Unix datagram socket.
///
/// Unlike UDP, no datagram is lost: a sender waits for room. All methods take `&self`: put it in an `Arc` to send from
/// one task and receive in another. Of the methods that poll, the newest task a direction is woken; of those that are
/// `async`, any number.
///
/// ```
/// use mini_net::net::UnixDatagram;
///
/// # futures::executor::block_on(async {
/// let path = std::env::temp_dir().join(format!("mini-doc-datagram-{}", std::process::id()));
/// let server = UnixDatagram::bind(&path)?;
/// let client = UnixDatagram::unbound()?;
/// client.send_to(b"hello", &path).await?;
///
/// let mut room = [0; 64];
/// let (length, sender) = server.recv_from(&mut room).await?;
/// assert_eq!(&room[..length], b"hello");
/// assert!(sender.is_unnamed()); // nobody bound it, so there is no way to answer
/// std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
pub struct UnixDatagram {
    registration: Registration<mio::net::UnixDatagram>,
}

impl UnixDatagram {
    /// Binds to a path, at which a file is made. On Linux a path that begins with a NUL byte is an abstract name, of
    /// which no file is made.
    ///
    /// ```
    /// use mini_net::net::UnixDatagram;
    ///
    /// let path = std::env::temp_dir().join(format!("mini-doc-datagram-bind-{}", std::process::id()));
    /// let socket = UnixDatagram::bind(&path)?;
    /// std::fs::remove_file(path)?; // nobody else does
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `AddrInUse` if there is such a file already.
    pub fn bind<P: AsRef<Path>>(path: P) -> io::Result<Self> {
        Self::open(mio::net::UnixDatagram::bind_addr(&address::of_path(path.as_ref())?)?)
    }

    /// Makes a socket without an address: nobody can answer it, unless it is connected to.
    ///
    /// ```
    /// use mini_net::net::UnixDatagram;
    ///
    /// let socket = UnixDatagram::unbound()?;
    /// assert!(socket.local_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn unbound() -> io::Result<Self> {
        Self::open(mio::net::UnixDatagram::unbound()?)
    }

    /// Makes two sockets that are connected to each other and have no address.
    ///
    /// ```
    /// use mini_net::net::UnixDatagram;
    ///
    /// # futures::executor::block_on(async {
    /// let (ours, theirs) = UnixDatagram::pair()?;
    /// ours.send(b"hello").await?;
    /// assert_eq!(theirs.recv(&mut [0; 16]).await?, 5);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn pair() -> io::Result<(Self, Self)> {
        let (ours, theirs) = mio::net::UnixDatagram::pair()?;
        Ok((Self::open(ours)?, Self::open(theirs)?))
    }

    /// Registers. There is room to send: the first send tries at once.
    pub(super) fn open(socket: mio::net::UnixDatagram) -> io::Result<Self> {
        let registration = Registration::with_passing_end(socket, Interest::BOTH, Ready::WRITABLE)?;
        Ok(Self { registration })
    }

    /// Connects to the socket at a path: [`send`](Self::send) goes there, and only what comes from there is received.
    ///
    /// ```
    /// use mini_net::net::UnixDatagram;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-datagram-connect-{}", std::process::id()));
    /// let server = UnixDatagram::bind(&path)?;
    /// let client = UnixDatagram::unbound()?;
    /// client.connect(&path)?;
    /// client.send(b"hello").await?;
    /// assert_eq!(server.recv(&mut [0; 16]).await?, 5);
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's: `NotFound`, `ConnectionRefused` if nobody is there any more.
    pub fn connect<P: AsRef<Path>>(&self, path: P) -> io::Result<()> {
        let address = address::for_socket2(path.as_ref())?;
        self.registration.source().call(|socket| socket.connect(&address))
    }

    /// Sends a datagram to the socket at a path. Any number of tasks may.
    ///
    /// ```
    /// use mini_net::net::UnixDatagram;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-send-to-{}", std::process::id()));
    /// let server = UnixDatagram::bind(&path)?;
    /// let client = UnixDatagram::unbound()?;
    /// assert_eq!(client.send_to(b"hello", &path).await?, 5);
    /// assert_eq!(server.recv(&mut [0; 16]).await?, 5);
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's: `NotFound`, `ConnectionRefused` if nobody is there any more.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: if the future is dropped before it is ready, nothing was sent.
    pub async fn send_to<P: AsRef<Path>>(&self, buf: &[u8], target: P) -> io::Result<usize> {
        let (socket, target) = (self.registration.source(), address::for_socket2(target.as_ref())?);
        self.registration.async_io(Interest::WRITABLE, || socket.send_bytes_to(buf, &target)).await
    }

    /// [`send_to`](Self::send_to) for futures of your own: the newest task that polled to send is woken.
    ///
    /// ```
    /// use mini_net::net::UnixDatagram;
    /// use std::future::poll_fn;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-poll-send-to-{}", std::process::id()));
    /// let _server = UnixDatagram::bind(&path)?;
    /// let client = UnixDatagram::unbound()?;
    /// assert_eq!(poll_fn(|cx| client.poll_send_to(cx, b"hello", &path)).await?, 5);
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send_to`](Self::send_to).
    pub fn poll_send_to<P: AsRef<Path>>(
        &self,
        cx: &mut Context<'_>,
        buf: &[u8],
        target: P,
    ) -> Poll<io::Result<usize>> {
        let (socket, target) = (self.registration.source(), address::for_socket2(target.as_ref())?);
        self.registration.poll_io(cx, Direction::Write, || socket.send_bytes_to(buf, &target))
    }

    /// [`send_to`](Self::send_to) that does not wait.
    ///
    /// ```
    /// use mini_net::net::UnixDatagram;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-try-send-to-{}", std::process::id()));
    /// let _server = UnixDatagram::bind(&path)?;
    /// let client = UnixDatagram::unbound()?;
    /// client.writable().await?;
    /// assert_eq!(client.try_send_to(b"hello", &path)?, 5);
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no room; otherwise as [`send_to`](Self::send_to).
    pub fn try_send_to<P: AsRef<Path>>(&self, buf: &[u8], target: P) -> io::Result<usize> {
        let (socket, target) = (self.registration.source(), address::for_socket2(target.as_ref())?);
        self.registration.try_call(Interest::WRITABLE, || socket.send_bytes_to(buf, &target))
    }

    /// This side's address.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = unix_datagram_pair!()]
    ///
    /// assert!(ours.local_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().local_addr().map(SocketAddr)
    }

    /// The address that it is connected to.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = unix_datagram_pair!()]
    ///
    /// assert!(ours.peer_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `NotConnected` if it is not.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().peer_addr().map(SocketAddr)
    }

    /// Closes one direction or both: sending then fails with `BrokenPipe`, on the other side, too.
    ///
    /// A wait to receive is not ended by it on Linux, which says that there is nothing yet; drop the future.
    ///
    /// ```
    /// use std::io::ErrorKind;
    /// use std::net::Shutdown;
    /// # futures::executor::block_on(async {
    #[doc = unix_datagram_pair!()]
    ///
    /// ours.shutdown(Shutdown::Both)?;
    /// assert_eq!(ours.send(b"hello").await.unwrap_err().kind(), ErrorKind::BrokenPipe);
    /// assert_eq!(theirs.send(b"hello").await.unwrap_err().kind(), ErrorKind::BrokenPipe);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.registration.source().shutdown(how)
    }

    readiness_methods!(unix_datagram_pair, RECEIVE, poll_recv_ready, poll_send_ready);

    datagram_methods!(unix_datagram_pair, SocketAddr, address::of_sender);
}

std_socket!(
    UnixDatagram,
    std::os::unix::net::UnixDatagram,
    mio::net::UnixDatagram,
    UnixDatagram::open,
    unix_datagram_pair
);
