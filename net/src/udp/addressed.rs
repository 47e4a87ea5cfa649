//! Sending datagrams of a [`UdpSocket`] to an address of one's choice.

use super::UdpSocket;
use crate::addr::{ToSocketAddrs, resolve};
use crate::io::Interest;
use crate::reactor::entry::Direction;
use crate::socket::Socket;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

impl UdpSocket {
    /// Sends a datagram to an address; of several that a name stands for, to the first. Any number of tasks may.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert_eq!(ours.send_to(b"hello", theirs.local_addr()?).await?, 5);
    /// let mut room = [0; 16];
    /// assert_eq!(theirs.recv_from(&mut room).await?, (5, ours.local_addr()?));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The lookup's, or the OS's: the datagram is longer than IP carries, the address of another family.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: if the future is dropped before it is ready, nothing was sent.
    pub async fn send_to<A: ToSocketAddrs>(&self, buf: &[u8], target: A) -> io::Result<usize> {
        let Some(&target) = resolve(target).await?.first() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the lookup gave no address to send to"));
        };
        let (socket, target) = (self.registration.source(), target.into());
        self.registration.async_io(Interest::WRITABLE, || socket.send_bytes_to(buf, &target)).await
    }

    /// [`send_to`](Self::send_to) for futures of your own: the newest task that polled to send is woken.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// let target = theirs.local_addr()?;
    /// assert_eq!(std::future::poll_fn(|cx| ours.poll_send_to(cx, b"hello", target)).await?, 5);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`send_to`](Self::send_to).
    pub fn poll_send_to(
        &self,
        cx: &mut Context<'_>,
        buf: &[u8],
        target: SocketAddr,
    ) -> Poll<io::Result<usize>> {
        let (socket, target) = (self.registration.source(), target.into());
        self.registration.poll_io(cx, Direction::Write, || socket.send_bytes_to(buf, &target))
    }

    /// [`send_to`](Self::send_to) that does not wait.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let ours = UdpSocket::bind("127.0.0.1:0").await?;
    /// let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    /// ours.writable().await?;
    /// assert_eq!(ours.try_send_to(b"hello", theirs.local_addr()?)?, 5);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is no room; otherwise as [`send_to`](Self::send_to).
    pub fn try_send_to(&self, buf: &[u8], target: SocketAddr) -> io::Result<usize> {
        let (socket, target) = (self.registration.source(), target.into());
        self.registration.try_call(Interest::WRITABLE, || socket.send_bytes_to(buf, &target))
    }
}
