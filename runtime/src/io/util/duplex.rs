//! `DuplexStream`: one end of a connection in memory.
//!
//! Not a socket, but it behaves as one towards the code that uses it: bounded, in order, half-closed by
//! `shutdown`, closed by drop. Two pipes, one for each direction, each end holding both.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::SimplexStream;
use crate::io::{AsyncRead, AsyncWrite, ReadBuf};
use crate::primitive::sync::Arc;

/// One end of a connection in memory: [`duplex`].
///
/// When it is dropped, the other end reads what is left and then the end, and its writes fail with
/// `BrokenPipe`.
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt, duplex};
///
/// # futures::executor::block_on(async {
/// let (mut near, mut far) = duplex(8);
/// near.write_u8(7).await?;
/// assert_eq!(far.read_u8().await?, 7);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Debug)]
pub struct DuplexStream {
    incoming: Arc<SimplexStream>,
    outgoing: Arc<SimplexStream>,
}

/// A connection in memory that holds `capacity` bytes each way.
///
/// # Panics
///
/// If `capacity` is 0.
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt, duplex};
///
/// # futures::executor::block_on(async {
/// let (mut client, mut server) = duplex(64);
/// client.write_all(b"ping").await?;
/// let mut bytes = [0; 4];
/// server.read_exact(&mut bytes).await?;
/// server.write_all(b"pong").await?;
/// drop(server);
///
/// let mut answer = String::new();
/// client.read_to_string(&mut answer).await?;
/// assert_eq!(answer, "pong");
/// assert!(client.write_all(b"ping").await.is_err());
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[track_caller]
pub fn duplex(capacity: usize) -> (DuplexStream, DuplexStream) {
    let one = Arc::new(SimplexStream::new_unsplit(capacity));
    let two = Arc::new(SimplexStream::new_unsplit(capacity));
    let left = DuplexStream { incoming: one.clone(), outgoing: two.clone() };
    (left, DuplexStream { incoming: two, outgoing: one })
}

impl AsyncRead for DuplexStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.incoming.poll_read_shared(cx, buf)
    }
}

impl AsyncWrite for DuplexStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.outgoing.poll_write_shared(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.outgoing.poll_write_shared(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.outgoing.close_writer();
        Poll::Ready(Ok(()))
    }
}

impl Drop for DuplexStream {
    fn drop(&mut self) {
        self.outgoing.close_writer();
        self.incoming.close_reader();
    }
}

#[cfg(all(test, not(loom)))]
mod tests;

#[cfg(all(test, loom))]
mod model;
