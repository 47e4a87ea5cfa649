//! The I/O of the `mini` runtime: the mio reactor, sockets, name lookup, signals and child processes.
//!
//! It runs no tasks: that is `mini-runtime`, which this crate plugs a driver into ([`ReactorSource`]). It needs
//! none either: under a foreign executor a process-wide reactor thread serves. Users depend on the facade,
//! `mini-rt`, which re-exports the modules below under the same names.
//!
//! The layers, lowest first: `io` (interest, readiness), `reactor`, `socket` (what sockets share) and `addr`, then side
//! by side `tcp`, `udp`, `unix`, `async_fd` and `signal`, and on these `process`.
//!
//! ```
//! use futures::executor::block_on;
//! use mini_net::net::{TcpListener, TcpStream};
//! use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
//!
//! # fn main() -> std::io::Result<()> {
//! block_on(async {
//!     let listener = TcpListener::bind("127.0.0.1:0").await?;
//!     let mut client = TcpStream::connect(listener.local_addr()?).await?;
//!     let (mut server, _) = listener.accept().await?;
//!     client.write_all(b"hello").await?;
//!     let mut heard = [0; 5];
//!     server.read_exact(&mut heard).await?;
//!     assert_eq!(&heard, b"hello");
//!     Ok(())
//! })
//! # }
//! ```
//!
//! # Platforms
//!
//! Linux is tested. macOS and Windows go through mio and are compiled; there, deadlines are as precise as the
//! poll's own timeout (nanoseconds and milliseconds), and Windows has no signals and no child processes yet.

mod addr;
#[cfg(unix)]
mod async_fd;
pub mod io;
mod primitive;
#[cfg(all(unix, feature = "process"))]
pub mod process;
mod reactor;
#[macro_use]
mod socket;
#[cfg(feature = "signal")]
pub mod signal;
mod tcp;
mod udp;
#[cfg(unix)]
mod unix;

/// Sockets and name lookup.
pub mod net {
    pub use crate::addr::{ToSocketAddrs, lookup_host};
    pub use crate::tcp::{TcpListener, TcpSocket, TcpStream};
    pub use crate::udp::UdpSocket;
    #[cfg(unix)]
    pub use crate::unix::{UnixDatagram, UnixListener, UnixSocket, UnixStream};

    /// The halves of a [`TcpStream`].
    pub mod tcp {
        pub use crate::tcp::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf};
    }

    /// What belongs to Unix sockets: the halves of a [`UnixStream`], addresses and credentials; and pipes.
    #[cfg(unix)]
    pub mod unix {
        pub use crate::unix::{
            OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, SocketAddr, UCred, WriteHalf, gid_t,
            pid_t, pipe, uid_t,
        };
    }
}

pub use reactor::ReactorSource;
