//! The I/O of the `mini` runtime: the mio reactor, sockets, name lookup and signals.
//!
//! It runs no tasks: that is `mini-runtime`, which this crate plugs a driver into ([`ReactorSource`]). It needs
//! none either: under a foreign executor a process-wide reactor thread serves. Users depend on the facade,
//! `mini-rt`, which re-exports the modules below under the same names.

mod addr;
#[cfg(unix)]
mod async_fd;
pub mod io;
mod primitive;
mod reactor;
#[cfg(feature = "signal")]
pub mod signal;
mod tcp;

/// Sockets and name lookup.
pub mod net {
    pub use crate::addr::{ToSocketAddrs, lookup_host};
    pub use crate::tcp::{TcpListener, TcpSocket, TcpStream};

    /// The halves of a [`TcpStream`].
    pub mod tcp {
        pub use crate::tcp::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf};
    }
}

pub use reactor::ReactorSource;
