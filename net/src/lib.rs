//! The I/O of the `mini` runtime: the mio reactor, sockets, name lookup and signals.
//!
//! It runs no tasks: that is `mini-runtime`, which this crate plugs a driver into ([`ReactorSource`]). It needs
//! none either: under a foreign executor a process-wide reactor thread serves. Users depend on the facade,
//! `mini-rt`, which re-exports the modules below under the same names.

#[cfg(unix)]
mod async_fd;
pub mod io;
mod primitive;
mod reactor;

pub use reactor::ReactorSource;
