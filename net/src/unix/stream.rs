//! [`UnixStream`]: its making, its addresses, and who is at the other end.
//!
//! Reading, writing and splitting are `socket::stream`'s.

use super::halves::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, WriteHalf};
use super::{SocketAddr, UCred, address, credentials};
use crate::io::{Interest, Ready};
use crate::reactor::registration::{Registration, both_ready};
use crate::socket::{Socket, connect};
use std::io;
use std::os::fd::AsFd;
use std::path::Path;

/// A connection over a Unix socket.
///
/// Reads and writes go through `AsyncRead` and `AsyncWrite` of `mini_runtime::io` and their `Ext` methods, or
/// through [`readable`](Self::readable) and [`try_read`](Self::try_read) and their like, which need only `&self`
/// and serve any number of tasks. Dropping it closes the connection; data already written is still sent.
///
/// ```
/// use mini_net::net::UnixStream;
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # futures::executor::block_on(async {
/// let (mut ours, mut theirs) = UnixStream::pair()?;
/// ours.write_all(b"hello").await?;
/// let mut heard = [0; 5];
/// theirs.read_exact(&mut heard).await?;
/// assert_eq!(&heard, b"hello");
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
pub struct UnixStream {
    pub(super) registration: Registration<mio::net::UnixStream>,
}

impl UnixStream {
    /// Connects to the listener at a path. On Linux a path that begins with a NUL byte is an abstract name.
    ///
    /// ```
    /// use mini_net::net::{UnixListener, UnixStream};
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-connect-{}", std::process::id()));
    /// let _listener = UnixListener::bind(&path)?;
    /// let stream = UnixStream::connect(&path).await?;
    /// assert_eq!(stream.peer_addr()?.as_pathname(), Some(&*path));
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's: `NotFound`, `ConnectionRefused` if nobody listens there any more, `WouldBlock` if too many wait there to
    /// be accepted.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the attempt is given up and its socket closed.
    pub async fn connect<P: AsRef<Path>>(path: P) -> io::Result<Self> {
        Self::connect_addr(&SocketAddr(address::of_path(path.as_ref())?)).await
    }

    /// [`connect`](Self::connect) to an address.
    ///
    /// ```
    /// use mini_net::net::{UnixListener, UnixStream};
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-connect-addr-{}", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let _stream = UnixStream::connect_addr(&listener.local_addr()?).await?;
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    ///
    /// # Cancel safety
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_addr(address: &SocketAddr) -> io::Result<Self> {
        Self::finish_connecting(mio::net::UnixStream::connect_addr(&address.0)?).await
    }

    /// Waits until the OS says how the connect of `stream` ended. On Linux it has ended already.
    pub(super) async fn finish_connecting(stream: mio::net::UnixStream) -> io::Result<Self> {
        match stream.peer_addr() {
            Ok(_) => Self::connected(stream),
            Err(_) => Ok(Self { registration: connect::finish(stream).await? }),
        }
    }

    /// A stream known to be connected: it starts as ready, so that its first calls try at once.
    pub(super) fn connected(stream: mio::net::UnixStream) -> io::Result<Self> {
        Ok(Self { registration: Registration::new(stream, Interest::BOTH, both_ready())? })
    }

    /// A stream of std's, whose connect may still be under way.
    fn foreign(stream: mio::net::UnixStream) -> io::Result<Self> {
        Ok(Self { registration: Registration::new(stream, Interest::BOTH, Ready::EMPTY)? })
    }

    /// Makes two streams that are connected to each other and have no address.
    ///
    /// ```
    /// use mini_net::net::UnixStream;
    /// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
    ///
    /// # futures::executor::block_on(async {
    /// let (mut ours, mut theirs) = UnixStream::pair()?;
    /// ours.write_all(b"x").await?;
    /// assert_eq!(theirs.read_u8().await?, b'x');
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn pair() -> io::Result<(Self, Self)> {
        let (ours, theirs) = mio::net::UnixStream::pair()?;
        // There is room to write, and nothing to be read yet.
        let open = |stream| Registration::new(stream, Interest::BOTH, Ready::WRITABLE);
        Ok((Self { registration: open(ours)? }, Self { registration: open(theirs)? }))
    }

    /// This side's address.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = unix_pair!()]
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

    /// The other side's address.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = unix_pair!()]
    ///
    /// assert!(ours.peer_addr()?.is_unnamed());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `NotConnected` if it is not connected.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().peer_addr().map(SocketAddr)
    }

    /// Who was at the other end when it connected (or listened, or made the pair).
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = unix_pair!()]
    ///
    /// # #[cfg(target_os = "linux")]
    /// assert_eq!(ours.peer_cred()?.pid(), Some(std::process::id() as i32));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn peer_cred(&self) -> io::Result<UCred> {
        credentials::of_peer(self.as_fd())
    }

    readiness_methods!(unix_pair, Interest::READABLE, poll_read_ready, poll_write_ready);
}

stream_methods!(UnixStream, unix_pair);

std_socket!(UnixStream, std::os::unix::net::UnixStream, mio::net::UnixStream, UnixStream::foreign, unix_pair);
