//! Connecting: from a socket whose connect is under way to a [`TcpStream`], or its error.
//!
//! Dropping the future closes the socket: no descriptor outlives it.

use super::stream::TcpStream;
use crate::addr::{ToSocketAddrs, try_each};
use crate::io::{Interest, Ready};
use crate::reactor::registration::Registration;
use std::io;
use std::net::SocketAddr;

impl TcpStream {
    /// Connects to the first of the addresses that answers; they are tried one after the other.
    ///
    /// ```
    /// use futures::executor::block_on;
    /// use mini_net::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// block_on(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await?;
    ///     let port = listener.local_addr()?.port();
    ///     let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    ///     assert_eq!(stream.peer_addr()?.port(), port);
    ///     Ok(())
    /// })
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The lookup's error, or that of the last address tried.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the attempt under way is given up and its socket closed.
    pub async fn connect<A: ToSocketAddrs>(address: A) -> io::Result<Self> {
        try_each(address, async |address: SocketAddr| {
            Self::finish_connecting(mio::net::TcpStream::connect(address)?).await
        })
        .await
    }

    /// Waits until the OS says how the connect of `stream` ended.
    pub(super) async fn finish_connecting(stream: mio::net::TcpStream) -> io::Result<Self> {
        let registration = Registration::new(stream, Interest::BOTH, Ready::EMPTY)?;
        loop {
            let observed = registration.readiness(Interest::WRITABLE).await?;
            let stream = registration.source();
            if let Some(error) = stream.take_error()? {
                return Err(error);
            }
            match stream.peer_addr() {
                Ok(_) => break,
                // Spurious readiness: still connecting.
                Err(error) if error.kind() == io::ErrorKind::NotConnected => registration.clear(observed),
                Err(error) => return Err(error),
            }
        }
        Ok(Self::from_open(registration))
    }
}
