//! What a user asks of a file descriptor and is told about it: [`Interest`] and [`Ready`], and `unix::AsyncFd`.
//!
//! Not the reading and writing traits: those are `mini_runtime::io`.

mod interest;
mod ready;

#[cfg(unix)]
pub mod unix;

pub use interest::Interest;
pub use ready::Ready;
