//! I/O: the traits and what is built on them, and registering a file descriptor of one's own.
//!
//! The traits and utilities are `mini-runtime`'s, what waits on a descriptor is `mini-net`'s.

pub use mini_runtime::io::*;

#[cfg(feature = "net")]
pub use mini_net::io::*;

#[cfg(feature = "io-std")]
pub use mini_runtime::stdio::{Stderr, Stdin, Stdout, stderr, stdin, stdout};
