//! [`UnixListener`]: accepts connections.
//!
//! How it waits, and what it does when descriptors run out, is `socket::accept`'s. It does not remove the file that a
//! bind makes.

use super::stream::UnixStream;
use super::{SocketAddr, address};
use crate::reactor::registration::Registration;
use crate::socket::accept::{self, BACKLOG};
use crate::socket::backoff::Backoff;
use std::io;
use std::path::Path;
use std::task::{Context, Poll, ready};

/// A Unix socket that listens for connections.
///
/// ```
/// use mini_net::net::{UnixListener, UnixStream};
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # futures::executor::block_on(async {
/// let path = std::env::temp_dir().join(format!("mini-doc-listener-{}", std::process::id()));
/// let listener = UnixListener::bind(&path)?;
/// let mut client = UnixStream::connect(&path).await?;
/// let (mut server, _address) = listener.accept().await?;
/// client.write_all(b"hello").await?;
/// let mut heard = [0; 5];
/// server.read_exact(&mut heard).await?;
/// assert_eq!(&heard, b"hello");
/// std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
pub struct UnixListener {
    registration: Registration<mio::net::UnixListener>,
    backoff: Backoff,
}

impl UnixListener {
    /// Binds to a path, at which a file is made, and listens. On Linux a path that begins with a NUL byte is an
    /// abstract name, of which no file is made.
    ///
    /// Up to 4096 connections wait to be accepted, or as many as the OS allows; a connect beyond that fails with
    /// `WouldBlock`.
    ///
    /// ```
    /// use mini_net::net::UnixListener;
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-bind-{}", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// assert_eq!(listener.local_addr()?.as_pathname(), Some(&*path));
    /// std::fs::remove_file(path)?; // nobody else does
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; `AddrInUse` if there is such a file already, a dead listener's included.
    pub fn bind<P: AsRef<Path>>(path: P) -> io::Result<Self> {
        Self::bind_addr(&SocketAddr(address::of_path(path.as_ref())?))
    }

    /// [`bind`](Self::bind) to an address.
    ///
    /// ```
    /// use mini_net::net::{UnixListener, UnixStream};
    ///
    /// # futures::executor::block_on(async {
    /// # #[cfg(target_os = "linux")] {
    /// use std::os::linux::net::SocketAddrExt;
    /// use std::os::unix::net::SocketAddr;
    ///
    /// let name = format!("mini-doc-bind-addr-{}", std::process::id());
    /// let address = SocketAddr::from_abstract_name(name)?.into();
    /// let _listener = UnixListener::bind_addr(&address)?;
    /// UnixStream::connect_addr(&address).await?;
    /// # }
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`bind`](Self::bind).
    pub fn bind_addr(address: &SocketAddr) -> io::Result<Self> {
        let listener = mio::net::UnixListener::bind_addr(&address.0)?;
        // Asked again, which is allowed and only changes the length.
        socket2::SockRef::from(&listener).listen(BACKLOG.into())?;
        Self::new(listener)
    }

    pub(super) fn new(listener: mio::net::UnixListener) -> io::Result<Self> {
        Ok(Self { registration: accept::register(listener)?, backoff: Backoff::default() })
    }

    /// Waits for a connection. Any number of tasks may. The stream is ready to be read and written.
    ///
    /// The address of a client that is bound to an abstract name is told as unnamed; ask the stream's
    /// [`peer_addr`](UnixStream::peer_addr).
    ///
    /// ```
    /// use mini_net::net::{UnixListener, UnixStream};
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-accept-{}", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let _client = UnixStream::connect(&path).await?;
    /// let (_server, address) = listener.accept().await?;
    /// assert!(address.is_unnamed()); // clients seldom bind
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's. At the limit of open descriptors (`EMFILE`, `ENFILE`) or without memory, the error is returned
    /// and the next accept waits 10 ms first, so that a loop that only logs errors does not spin.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no connection is lost, since it is accepted within one poll.
    pub async fn accept(&self) -> io::Result<(UnixStream, SocketAddr)> {
        let (stream, address) = accept::accept(&self.registration, &self.backoff).await?;
        Ok((UnixStream::connected(stream)?, SocketAddr(address)))
    }

    /// [`accept`](Self::accept) for futures of your own: the newest task that polled is woken.
    ///
    /// ```
    /// use mini_net::net::{UnixListener, UnixStream};
    ///
    /// # futures::executor::block_on(async {
    /// let path = std::env::temp_dir().join(format!("mini-doc-poll-accept-{}", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let _client = UnixStream::connect(&path).await?;
    /// let (_server, _address) = std::future::poll_fn(|cx| listener.poll_accept(cx)).await?;
    /// std::fs::remove_file(path)?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`accept`](Self::accept).
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(UnixStream, SocketAddr)>> {
        let (stream, address) = ready!(accept::poll_accept(&self.registration, &self.backoff, cx))?;
        Poll::Ready(Ok((UnixStream::connected(stream)?, SocketAddr(address))))
    }

    /// The address it listens on.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = unix_listener!()]
    ///
    /// assert!(!ours.local_addr()?.is_unnamed());
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

    /// Takes the error that waits on the socket (`SO_ERROR`), if any.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = unix_listener!()]
    ///
    /// assert!(ours.take_error()?.is_none());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's, if it cannot be asked.
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        self.registration.source().take_error()
    }
}

std_socket!(
    UnixListener,
    std::os::unix::net::UnixListener,
    mio::net::UnixListener,
    UnixListener::new,
    unix_listener
);
