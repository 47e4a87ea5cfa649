//! Looking at the next datagram of a [`UdpSocket`] without taking it.
//!
//! Nothing here takes one: that is `socket::datagram`'s.

use super::{UdpSocket, internet_address};
use crate::reactor::entry::Direction;
use crate::socket::{RECEIVE, Socket, receive};
use mini_runtime::io::ReadBuf;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

impl UdpSocket {
    /// Looks at the next datagram without taking it: the next call that receives, or looks, finds it again.
    ///
    /// Of one that is longer than the buffer the beginning is shown. Any number of tasks may wait.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// theirs.send_to(b"hello", ours.local_addr()?).await?;
    /// let mut room = [0; 16];
    /// assert_eq!(ours.peek(&mut room).await?, 5);
    /// assert_eq!(ours.recv(&mut room).await?, 5);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's; among them that of a datagram that the peer refused (`ConnectionRefused`).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: nothing is taken.
    pub async fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {
        let mut buf = ReadBuf::new(buf);
        self.registration.async_io(RECEIVE, || receive::peek(self.registration.source(), &mut buf)).await
    }

    /// [`peek`](Self::peek) for futures of your own: the newest task that polled to receive is woken.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    /// use mini_runtime::io::ReadBuf;
    /// use std::future::poll_fn;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// theirs.send_to(b"hello", ours.local_addr()?).await?;
    /// let mut room = [0; 16];
    /// let mut buf = ReadBuf::new(&mut room);
    /// poll_fn(|cx| ours.poll_peek(cx, &mut buf)).await?;
    /// assert_eq!(buf.filled(), b"hello");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`peek`](Self::peek).
    pub fn poll_peek(&self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let look = || receive::peek(self.registration.source(), buf);
        self.registration.poll_io(cx, Direction::Read, look).map_ok(|_| ())
    }

    /// [`peek`](Self::peek) that does not wait.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// theirs.send_to(b"hello", ours.local_addr()?).await?;
    /// ours.readable().await?;
    /// assert_eq!(ours.try_peek(&mut [0; 16])?, 5);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is nothing; otherwise as [`peek`](Self::peek).
    pub fn try_peek(&self, buf: &mut [u8]) -> io::Result<usize> {
        let mut buf = ReadBuf::new(buf);
        self.registration.try_call(RECEIVE, || receive::peek(self.registration.source(), &mut buf))
    }

    /// [`peek`](Self::peek) that also tells who sent.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// theirs.send_to(b"hello", ours.local_addr()?).await?;
    /// assert_eq!(ours.peek_from(&mut [0; 16]).await?, (5, theirs.local_addr()?));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`peek`](Self::peek).
    ///
    /// # Cancel safety
    ///
    /// As [`peek`](Self::peek).
    pub async fn peek_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let mut buf = ReadBuf::new(buf);
        let look = || receive::peek_from(self.registration.source(), &mut buf);
        let (length, address) = self.registration.async_io(RECEIVE, look).await?;
        Ok((length, internet_address(&address)?))
    }

    /// [`peek_from`](Self::peek_from) for futures of your own: the newest task that polled to receive is woken.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    /// use mini_runtime::io::ReadBuf;
    /// use std::future::poll_fn;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// theirs.send_to(b"hello", ours.local_addr()?).await?;
    /// let mut room = [0; 16];
    /// let mut buf = ReadBuf::new(&mut room);
    /// let sender = poll_fn(|cx| ours.poll_peek_from(cx, &mut buf)).await?;
    /// assert_eq!((buf.filled(), sender), (&b"hello"[..], theirs.local_addr()?));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`peek`](Self::peek).
    pub fn poll_peek_from(
        &self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<SocketAddr>> {
        let look = || receive::peek_from(self.registration.source(), buf);
        self.registration.poll_io(cx, Direction::Read, look).map(|looked| internet_address(&looked?.1))
    }

    /// [`peek_from`](Self::peek_from) that does not wait.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// theirs.send_to(b"hello", ours.local_addr()?).await?;
    /// ours.readable().await?;
    /// assert_eq!(ours.try_peek_from(&mut [0; 16])?, (5, theirs.local_addr()?));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_peek`](Self::try_peek).
    pub fn try_peek_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let mut buf = ReadBuf::new(buf);
        let look = || receive::peek_from(self.registration.source(), &mut buf);
        let (length, address) = self.registration.try_call(RECEIVE, look)?;
        Ok((length, internet_address(&address)?))
    }

    /// Tells who sent the next datagram, without taking it.
    ///
    /// Prefer [`peek_from`](Self::peek_from) with an empty buffer only where the OS allows it; this works everywhere.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// theirs.send_to(b"hello", ours.local_addr()?).await?;
    /// assert_eq!(ours.peek_sender().await?, theirs.local_addr()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`peek`](Self::peek).
    ///
    /// # Cancel safety
    ///
    /// As [`peek`](Self::peek).
    pub async fn peek_sender(&self) -> io::Result<SocketAddr> {
        self.registration.async_io(RECEIVE, || self.sender()).await
    }

    /// [`peek_sender`](Self::peek_sender) for futures of your own: the newest task that polled to receive is woken.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    /// use std::future::poll_fn;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// theirs.send_to(b"hello", ours.local_addr()?).await?;
    /// assert_eq!(poll_fn(|cx| ours.poll_peek_sender(cx)).await?, theirs.local_addr()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`peek`](Self::peek).
    pub fn poll_peek_sender(&self, cx: &mut Context<'_>) -> Poll<io::Result<SocketAddr>> {
        self.registration.poll_io(cx, Direction::Read, || self.sender())
    }

    /// [`peek_sender`](Self::peek_sender) that does not wait.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// theirs.send_to(b"hello", ours.local_addr()?).await?;
    /// ours.readable().await?;
    /// assert_eq!(ours.try_peek_sender()?, theirs.local_addr()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_peek`](Self::try_peek).
    pub fn try_peek_sender(&self) -> io::Result<SocketAddr> {
        self.registration.try_call(RECEIVE, || self.sender())
    }

    fn sender(&self) -> io::Result<SocketAddr> {
        internet_address(&self.registration.source().call(socket2::Socket::peek_sender)?)
    }
}
