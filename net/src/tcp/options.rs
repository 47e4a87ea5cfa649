//! The socket options of a [`TcpStream`], and its identity for the OS.

use super::stream::TcpStream;
use socket2::SockRef;
use std::io;
use std::time::Duration;

impl TcpStream {
    /// Whether small writes are sent at once (`TCP_NODELAY`).
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// assert!(!stream.nodelay()?); // the default
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.registration.source().nodelay()
    }

    /// Sends small writes at once, or gathers them (Nagle's algorithm; the OS's default).
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// stream.set_nodelay(true)?;
    /// assert!(stream.nodelay()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_nodelay(&self, is_on: bool) -> io::Result<()> {
        self.registration.source().set_nodelay(is_on)
    }

    /// How long a close waits for data that is not yet sent (`SO_LINGER`).
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// assert_eq!(stream.linger()?, None); // the default: a close does not wait
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    /// use std::time::Duration;
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// stream.set_linger(Some(Duration::from_secs(1)))?;
    /// assert_eq!(stream.linger()?, Some(Duration::from_secs(1)));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_linger(&self, linger: Option<Duration>) -> io::Result<()> {
        SockRef::from(self.registration.source()).set_linger(linger)
    }

    /// Makes the close reset the connection: unsent data is dropped, and the peer sees `ConnectionReset`.
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// let (mut server, _) = listener.accept().await?;
    /// stream.set_zero_linger()?;
    /// drop(stream);
    /// let error = server.read(&mut [0]).await.unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn set_zero_linger(&self) -> io::Result<()> {
        self.set_linger(Some(Duration::ZERO))
    }

    /// The time to live of its packets.
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// assert!(stream.ttl()? > 0);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn ttl(&self) -> io::Result<u32> {
        self.registration.source().ttl()
    }

    /// Sets the time to live of its packets.
    ///
    /// ```
    /// use mini_net::net::{TcpListener, TcpStream};
    ///
    /// # futures::executor::block_on(async {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// stream.set_ttl(16)?;
    /// assert_eq!(stream.ttl()?, 16);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
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
        /// ```
        /// use mini_net::net::{TcpListener, TcpStream};
        ///
        /// # futures::executor::block_on(async {
        /// let listener = TcpListener::bind("127.0.0.1:0").await?;
        /// let stream = TcpStream::connect(listener.local_addr()?).await?;
        /// stream.set_quickack(true)?;
        /// assert!(stream.quickack()?);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn quickack(&self) -> io::Result<bool> {
            SockRef::from(self.registration.source()).tcp_quickack()
        }

        /// Sends acknowledgements at once, or delays them. The kernel may change it back by itself.
        ///
        /// ```
        /// use mini_net::net::{TcpListener, TcpStream};
        ///
        /// # futures::executor::block_on(async {
        /// let listener = TcpListener::bind("127.0.0.1:0").await?;
        /// let stream = TcpStream::connect(listener.local_addr()?).await?;
        /// stream.set_quickack(true)?;
        /// assert!(stream.quickack()?);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's.
        pub fn set_quickack(&self, is_on: bool) -> io::Result<()> {
            SockRef::from(self.registration.source()).set_tcp_quickack(is_on)
        }
    }
}
