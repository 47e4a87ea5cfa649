//! `copy` and `copy_buf`: everything from a reader to a writer.
//!
//! Not a zero-copy path of the kernel: the bytes pass through a buffer. Two invariants: before waiting for
//! more, what was written is flushed, since the reader may be waiting for the answer to it; and each chunk
//! spends a unit of the task's budget, since both streams may be ready forever.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::DEFAULT_CAPACITY;
use crate::coop;
use crate::io::step::poll_read_uninterrupted;
use crate::io::step::poll_write_some;
use crate::io::{AsyncBufRead, AsyncRead, AsyncWrite};

/// Copies everything from `reader` to `writer`, flushes it, and answers how many bytes that were.
///
/// The writer is not shut down. A buffer of 8 KiB lies between the two; for a reader that has one,
/// [`copy_buf`] needs no second.
///
/// # Errors
///
/// The first that either reports, `WriteZero` if the writer takes no more. Bytes read and not yet written are
/// lost then.
///
/// # Cancel safety
///
/// Not cancel safe: a dropped future loses the bytes it had read and not yet written.
///
/// ```
/// # futures::executor::block_on(async {
/// let mut target = Vec::new();
/// assert_eq!(mini_runtime::io::copy(&mut &b"abc"[..], &mut target).await?, 3);
/// assert_eq!(target, b"abc");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn copy<R, W>(reader: &mut R, writer: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin + ?Sized,
    W: AsyncWrite + Unpin + ?Sized,
{
    let mut copying = Copying::new(DEFAULT_CAPACITY);
    poll_fn(|cx| copying.poll(cx, Pin::new(&mut *reader), Pin::new(&mut *writer))).await
}

/// Copies everything from a buffered `reader` to `writer`, flushes it, and answers how many bytes that were.
///
/// The writer is not shut down.
///
/// # Errors
///
/// The first that either reports, `WriteZero` if the writer takes no more.
///
/// # Cancel safety
///
/// A dropped future loses no bytes: what was not written is still in the reader. Only the count is lost.
///
/// ```
/// use mini_runtime::io::BufReader;
///
/// # futures::executor::block_on(async {
/// let mut target = Vec::new();
/// let mut reader = BufReader::with_capacity(2, &b"abc"[..]);
/// assert_eq!(mini_runtime::io::copy_buf(&mut reader, &mut target).await?, 3);
/// assert_eq!(target, b"abc");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub async fn copy_buf<R, W>(reader: &mut R, writer: &mut W) -> io::Result<u64>
where
    R: AsyncBufRead + Unpin + ?Sized,
    W: AsyncWrite + Unpin + ?Sized,
{
    let mut total = 0;
    let mut is_unflushed = false;
    poll_fn(|cx| {
        loop {
            let coop = ready!(coop::poll_proceed(cx));
            let available = match Pin::new(&mut *reader).poll_fill_buf(cx) {
                Poll::Ready(Ok(available)) => available,
                Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {
                    coop.made_progress();
                    continue;
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    ready!(poll_flush_before_waiting(cx, Pin::new(&mut *writer), &mut is_unflushed))?;
                    return Poll::Pending;
                }
            };
            if available.is_empty() {
                ready!(Pin::new(&mut *writer).poll_flush(cx))?;
                coop.made_progress();
                return Poll::Ready(Ok(total));
            }
            let count = ready!(poll_write_some(Pin::new(&mut *writer), cx, available))?;
            coop.made_progress();
            Pin::new(&mut *reader).consume(count);
            total += count as u64;
            is_unflushed = true;
        }
    })
    .await
}

/// A copy under way: its buffer, with the bytes read and not yet written in `buffer[start..end]`.
#[derive(Debug)]
pub(super) struct Copying {
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// The reader showed its end.
    is_read: bool,
    /// Something was written since the last flush.
    is_unflushed: bool,
    /// Bytes written.
    total: u64,
}

impl Copying {
    pub(super) fn new(capacity: usize) -> Self {
        let buffer = vec![0; capacity].into_boxed_slice();
        Self { buffer, start: 0, end: 0, is_read: false, is_unflushed: false, total: 0 }
    }

    /// Goes on until everything is written and flushed.
    pub(super) fn poll<R: AsyncRead + ?Sized, W: AsyncWrite + ?Sized>(
        &mut self,
        cx: &mut Context<'_>,
        mut reader: Pin<&mut R>,
        mut writer: Pin<&mut W>,
    ) -> Poll<io::Result<u64>> {
        loop {
            let coop = ready!(coop::poll_proceed(cx));
            // Read first even if some is left to write: the writer may have made us wait, and takes more at once.
            if !self.is_read && self.end < self.buffer.len() {
                let is_waiting = self.poll_fill(cx, reader.as_mut())?.is_pending();
                if is_waiting && self.start == self.end {
                    ready!(poll_flush_before_waiting(cx, writer, &mut self.is_unflushed))?;
                    return Poll::Pending;
                }
            }
            while self.start < self.end {
                let rest = &self.buffer[self.start..self.end];
                let count = ready!(poll_write_some(writer.as_mut(), cx, rest))?;
                self.start += count;
                self.total += count as u64;
                self.is_unflushed = true;
            }
            (self.start, self.end) = (0, 0);
            if self.is_read {
                ready!(writer.poll_flush(cx))?;
                coop.made_progress();
                return Poll::Ready(Ok(self.total));
            }
            coop.made_progress();
        }
    }

    /// Reads once into the room behind `end`.
    fn poll_fill<R: AsyncRead + ?Sized>(
        &mut self,
        cx: &mut Context<'_>,
        reader: Pin<&mut R>,
    ) -> Poll<io::Result<()>> {
        let count = ready!(poll_read_uninterrupted(reader, cx, &mut self.buffer[self.end..]))?;
        self.end += count;
        self.is_read = count == 0;
        Poll::Ready(Ok(()))
    }
}

fn poll_flush_before_waiting<W: AsyncWrite + ?Sized>(
    cx: &mut Context<'_>,
    writer: Pin<&mut W>,
    is_unflushed: &mut bool,
) -> Poll<io::Result<()>> {
    if *is_unflushed {
        ready!(writer.poll_flush(cx))?;
        *is_unflushed = false;
    }
    Poll::Ready(Ok(()))
}

#[cfg(all(test, not(loom)))]
mod tests;
