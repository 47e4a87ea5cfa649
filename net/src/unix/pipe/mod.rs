//! Pipes: [`pipe`] makes one between two ends in this process, [`OpenOptions`] opens the ends of a named one (FIFO).
//!
//! What is not guaranteed: readiness may be spurious. Writing to a pipe that nobody reads any more fails with
//! `BrokenPipe` only while SIGPIPE is ignored, as Rust programs do from their start: of all the calls of this crate
//! that write, those on pipes alone cannot ask the OS to leave the signal out.

mod options;
mod raw;
mod receiver;
mod sender;

pub use options::OpenOptions;
pub use receiver::Receiver;
pub use sender::Sender;

use std::io;

/// Makes a pipe.
///
/// ```
/// use mini_net::net::unix::pipe;
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # futures::executor::block_on(async {
/// let (mut sender, mut receiver) = pipe::pipe()?;
/// sender.write_all(b"hello").await?;
/// drop(sender);
/// let mut heard = Vec::new();
/// receiver.read_to_end(&mut heard).await?;
/// assert_eq!(heard, b"hello");
/// # Ok::<(), std::io::Error>(())
/// # }).unwrap();
/// ```
///
/// # Errors
///
/// The OS's.
pub fn pipe() -> io::Result<(Sender, Receiver)> {
    let (sender, receiver) = mio::unix::pipe::new()?;
    Ok((Sender::open(sender)?, Receiver::open(receiver)?))
}
