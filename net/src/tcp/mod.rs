//! TCP: [`TcpListener`], [`TcpStream`] and its halves, and [`TcpSocket`] for options before bind and connect.
//!
//! No unsafe code, no readiness but through [`Registration`](crate::reactor::registration): each operation is one call on
//! a non-blocking socket, tried first and awaited only if it would block. What TCP shares with Unix sockets is `socket`'s.
//!
//! What is not guaranteed: readiness may be spurious; the order in which waiting tasks are woken; bytes behind the
//! mark of out-of-band data may wait for the peer's next packet.

/// For the examples: the two ends of a connection.
macro_rules! tcp_pair {
    () => {
        r#"# use mini_net::net::{TcpListener, TcpStream};
let listener = TcpListener::bind("127.0.0.1:0").await?;
let mut ours = TcpStream::connect(listener.local_addr()?).await?;
let (mut theirs, _) = listener.accept().await?;"#
    };
}

mod halves;
mod listener;
mod options;
mod socket;
mod socket_options;
mod stream;

pub use halves::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf};
pub use listener::TcpListener;
pub use socket::TcpSocket;
pub use stream::TcpStream;
