//! TCP: [`TcpListener`], [`TcpStream`] and its halves, and [`TcpSocket`] for options before bind and connect.
//!
//! No unsafe code, no readiness but through [`Registration`](crate::reactor::registration):
//! each operation is one call on a non-blocking socket, tried first and awaited only if it would block.
//!
//! What is not guaranteed: readiness may be spurious; the order in which waiting tasks are woken; bytes behind the
//! mark of out-of-band data may wait for the peer's next packet.

mod backoff;
mod connect;
mod listener;
mod options;
mod socket;
mod split;
mod split_owned;
mod stream;
mod stream_io;
mod sys;

pub use listener::TcpListener;
pub use socket::TcpSocket;
pub use split::{ReadHalf, WriteHalf};
pub use split_owned::{OwnedReadHalf, OwnedWriteHalf, ReuniteError};
pub use stream::TcpStream;
