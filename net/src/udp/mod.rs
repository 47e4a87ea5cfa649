//! [`UdpSocket`]: its making, where it is and to whom it is connected.
//!
//! How datagrams are sent and received is `socket::datagram`'s, what is UDP's own beyond that is in `addressed` and
//! `peek`, socket options in `options`. Each operation is one call on a non-blocking socket, tried first and awaited
//! only if it would block.
//!
//! What is not guaranteed: that a datagram arrives, or once, or in order; readiness may be spurious (Linux drops a
//! datagram with a wrong checksum only when it is received).

/// For the examples: two sockets, connected to each other.
macro_rules! udp_pair {
    () => {
        r#"# use mini_net::net::UdpSocket;
let ours = UdpSocket::bind("127.0.0.1:0").await?;
let theirs = UdpSocket::bind("127.0.0.1:0").await?;
ours.connect(theirs.local_addr()?).await?;
theirs.connect(ours.local_addr()?).await?;"#
    };
}

mod addressed;
mod options;
mod peek;

use crate::addr::{ToSocketAddrs, resolve, try_now};
use crate::io::{Interest, Ready};
use crate::reactor::registration::Registration;
use crate::socket::{RECEIVE, Socket};
use socket2::SockAddr;
use std::io;
use std::net::SocketAddr;

/// A UDP socket.
///
/// It is bound to an address of ours, and exchanges datagrams with anybody ([`send_to`](Self::send_to),
/// [`recv_from`](Self::recv_from)), or, once it is [connected](Self::connect), with one peer. All methods take
/// `&self`: put it in an `Arc` to send from one task and receive in another. Of the methods that poll, the newest task
/// a direction is woken; of those that are `async`, any number.
///
/// ```
/// use mini_net::net::UdpSocket;
/// use std::sync::Arc;
///
/// # futures::executor::block_on(async {
/// let server = Arc::new(UdpSocket::bind("127.0.0.1:0").await?);
/// let client = UdpSocket::bind("127.0.0.1:0").await?;
/// client.connect(server.local_addr()?).await?;
/// client.send(b"hello").await?;
///
/// let mut room = [0; 1500];
/// let (length, sender) = server.recv_from(&mut room).await?;
/// server.send_to(&room[..length], sender).await?;
///
/// let length = client.recv(&mut room).await?;
/// assert_eq!(&room[..length], b"hello");
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
pub struct UdpSocket {
    registration: Registration<mio::net::UdpSocket>,
}

/// The address that the OS told of a sender.
fn internet_address(address: &SockAddr) -> io::Result<SocketAddr> {
    address.as_socket().ok_or_else(|| io::Error::other("the OS did not tell the sender's address"))
}

impl UdpSocket {
    /// Binds to the first of the addresses that the OS lets us have.
    ///
    /// Port 0 lets the OS pick one; [`local_addr`](Self::local_addr) tells which.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert_ne!(socket.local_addr()?.port(), 0);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The lookup's error, or that of the last address tried.
    pub async fn bind<A: ToSocketAddrs>(address: A) -> io::Result<Self> {
        try_now(resolve(address).await?, |address| Self::open(mio::net::UdpSocket::bind(address)?))
    }

    /// Registers. There is room to send: the first send tries at once.
    fn open(socket: mio::net::UdpSocket) -> io::Result<Self> {
        let registration = Registration::with_passing_end(socket, Interest::BOTH, Ready::WRITABLE)?;
        Ok(Self { registration })
    }

    /// Connects to the first of the addresses that the OS accepts: [`send`](Self::send) goes there, and only what
    /// comes from there is received. No packet is sent. A socket may be connected again, to another peer.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let server = UdpSocket::bind("127.0.0.1:0").await?;
    /// let client = UdpSocket::bind("127.0.0.1:0").await?;
    /// client.connect(server.local_addr()?).await?;
    /// assert_eq!(client.peer_addr()?, server.local_addr()?);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The lookup's error, or that of the last address tried.
    pub async fn connect<A: ToSocketAddrs>(&self, address: A) -> io::Result<()> {
        try_now(resolve(address).await?, |address| self.registration.source().connect(address))
    }

    /// This side's address.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert!(socket.local_addr()?.ip().is_loopback());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().local_addr()
    }

    /// The address that it is connected to.
    ///
    /// ```
    /// use mini_net::net::UdpSocket;
    /// use std::io::ErrorKind;
    ///
    /// # futures::executor::block_on(async {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert_eq!(socket.peer_addr().unwrap_err().kind(), ErrorKind::NotConnected);
    /// socket.connect("127.0.0.1:9").await?;
    /// assert_eq!(socket.peer_addr()?.port(), 9);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `NotConnected` if it is not.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.registration.source().peer_addr()
    }

    readiness_methods!(udp_pair, RECEIVE, poll_recv_ready, poll_send_ready);

    datagram_methods!(udp_pair, SocketAddr, internet_address);
}

std_socket!(UdpSocket, std::net::UdpSocket, mio::net::UdpSocket, UdpSocket::open, udp_pair);
