//! `copy_bidirectional`: two streams joined end to end, as a proxy joins its client and its server.
//!
//! Two copies in one future. The end of one direction is passed on as a shutdown and leaves the other running,
//! so that a half-closed side still gets its answer; an error of one ends both.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::DEFAULT_CAPACITY;
use super::copy::Copying;
use crate::io::{AsyncRead, AsyncWrite};

/// Copies from each of two streams to the other until both have ended, and answers the counts: from `a` to
/// `b`, and from `b` to `a`.
///
/// When one side ends, the other's writing is shut down. Each direction has a buffer of 8 KiB.
///
/// # Errors
///
/// The first that any of the four halves reports. Bytes read and not yet written are lost then.
///
/// # Cancel safety
///
/// Not cancel safe: a dropped future loses the bytes it had read and not yet written.
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional, duplex};
///
/// # futures::executor::block_on(async {
/// let (mut client, mut inbound) = duplex(64);
/// let (mut outbound, mut server) = duplex(64);
/// client.write_all(b"hello").await?;
/// client.shutdown().await?;
/// server.shutdown().await?;
///
/// assert_eq!(copy_bidirectional(&mut inbound, &mut outbound).await?, (5, 0));
/// let mut text = String::new();
/// server.read_to_string(&mut text).await?;
/// assert_eq!(text, "hello");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn copy_bidirectional<A, B>(a: &mut A, b: &mut B) -> io::Result<(u64, u64)>
where
    A: AsyncRead + AsyncWrite + Unpin + ?Sized,
    B: AsyncRead + AsyncWrite + Unpin + ?Sized,
{
    copy_bidirectional_with_sizes(a, b, DEFAULT_CAPACITY, DEFAULT_CAPACITY).await
}

/// As [`copy_bidirectional`], with buffers of these sizes.
///
/// # Errors
///
/// As `copy_bidirectional`.
///
/// # Panics
///
/// If a size is 0.
///
/// ```
/// use mini_runtime::io::{AsyncWriteExt, copy_bidirectional_with_sizes, duplex};
///
/// # futures::executor::block_on(async {
/// let (mut client, mut inbound) = duplex(64);
/// let (mut outbound, mut server) = duplex(64);
/// client.shutdown().await?;
/// server.write_all(b"large answers, small questions").await?;
/// server.shutdown().await?;
/// let counts = copy_bidirectional_with_sizes(&mut inbound, &mut outbound, 512, 65_536).await?;
/// assert_eq!(counts, (0, 30));
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn copy_bidirectional_with_sizes<A, B>(
    a: &mut A,
    b: &mut B,
    a_to_b_buf_size: usize,
    b_to_a_buf_size: usize,
) -> io::Result<(u64, u64)>
where
    A: AsyncRead + AsyncWrite + Unpin + ?Sized,
    B: AsyncRead + AsyncWrite + Unpin + ?Sized,
{
    assert!(a_to_b_buf_size > 0, "`a_to_b_buf_size` must be greater than 0: a copy needs room for a byte");
    assert!(b_to_a_buf_size > 0, "`b_to_a_buf_size` must be greater than 0: a copy needs room for a byte");
    let mut a_to_b = Direction::Copying(Copying::new(a_to_b_buf_size));
    let mut b_to_a = Direction::Copying(Copying::new(b_to_a_buf_size));
    poll_fn(|cx| {
        // Both are polled each time, so that both have stored the newest waker.
        let to_b = a_to_b.poll(cx, Pin::new(&mut *a), Pin::new(&mut *b))?;
        let to_a = b_to_a.poll(cx, Pin::new(&mut *b), Pin::new(&mut *a))?;
        Poll::Ready(Ok((ready!(to_b), ready!(to_a))))
    })
    .await
}

/// One of the two directions. The counts are of the bytes copied.
#[derive(Debug)]
enum Direction {
    Copying(Copying),
    ShuttingDown(u64),
    Done(u64),
}

impl Direction {
    /// Goes on until the writer is shut down; answers the same ever after.
    fn poll<R: AsyncRead + ?Sized, W: AsyncWrite + ?Sized>(
        &mut self,
        cx: &mut Context<'_>,
        mut reader: Pin<&mut R>,
        mut writer: Pin<&mut W>,
    ) -> Poll<io::Result<u64>> {
        loop {
            *self = match self {
                Self::Copying(copying) => {
                    Self::ShuttingDown(ready!(copying.poll(cx, reader.as_mut(), writer.as_mut()))?)
                }
                Self::ShuttingDown(count) => {
                    ready!(writer.as_mut().poll_shutdown(cx))?;
                    Self::Done(*count)
                }
                Self::Done(count) => return Poll::Ready(Ok(*count)),
            };
        }
    }
}
