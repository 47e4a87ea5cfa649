//! `SimplexStream`: a pipe in memory, in one direction.
//!
//! Not for one task alone: who fills the pipe and waits for room needs another to empty it. Invariants: at
//! most `capacity` bytes are in it; no waker is cloned, woken or dropped under the lock; a waiter's waker is
//! stored before it answers `Pending`, and under the lock that also guards the bytes, so no wake is lost.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, IoSlice};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use super::{ReadHalf, WriteHalf, split};
use crate::coop;
use crate::io::{AsyncRead, AsyncWrite, ReadBuf};
use crate::primitive::sync::Mutex;

/// A pipe in memory whose two ends are one value: [`simplex`] gives it split.
///
/// What is written can be read in the same order. A write waits while the pipe is full, a read while it is
/// empty. After [`shutdown`](crate::io::AsyncWriteExt::shutdown) reads get the rest and then the end, and
/// writes fail.
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt, SimplexStream};
///
/// # futures::executor::block_on(async {
/// let mut pipe = SimplexStream::new_unsplit(64);
/// pipe.write_all(b"abc").await?;
/// assert_eq!(pipe.read_u8().await?, b'a');
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub struct SimplexStream {
    pipe: Mutex<Pipe>,
}

/// What lies under the lock.
struct Pipe {
    bytes: VecDeque<u8>,
    capacity: usize,
    /// One of the ends is gone: nothing more is written.
    is_closed: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// An end of the pipe.
#[derive(Debug, Clone, Copy)]
enum End {
    Reader,
    Writer,
}

/// A pipe in memory that holds `capacity` bytes, in two halves.
///
/// Dropping a half tells the other nothing, since either could be put together again: the writing half says
/// that it is done by [`shutdown`](crate::io::AsyncWriteExt::shutdown). [`duplex`](crate::io::duplex)'s ends
/// do close when dropped.
///
/// # Panics
///
/// If `capacity` is 0.
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt, simplex};
///
/// # futures::executor::block_on(async {
/// let (mut reader, mut writer) = simplex(64);
/// writer.write_all(b"abc").await?;
/// writer.shutdown().await?;
/// let mut text = String::new();
/// reader.read_to_string(&mut text).await?;
/// assert_eq!(text, "abc");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[track_caller]
pub fn simplex(capacity: usize) -> (ReadHalf<SimplexStream>, WriteHalf<SimplexStream>) {
    split(SimplexStream::new_unsplit(capacity))
}

impl SimplexStream {
    /// A pipe that holds `capacity` bytes, as one value.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt, SimplexStream};
    ///
    /// # futures::executor::block_on(async {
    /// let mut pipe = SimplexStream::new_unsplit(8);
    /// pipe.write_u8(7).await?;
    /// assert_eq!(pipe.read_u8().await?, 7);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Panics
    ///
    /// If `capacity` is 0.
    #[track_caller]
    pub fn new_unsplit(capacity: usize) -> Self {
        assert!(capacity > 0, "a pipe needs a capacity of at least 1 byte, or no write could ever end");
        let bytes = VecDeque::new();
        Self { pipe: Mutex::new(Pipe { bytes, capacity, is_closed: false, reader: None, writer: None }) }
    }

    /// Reads what there is, or waits for the writer.
    pub(super) fn poll_read_shared(
        &self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll_end(End::Reader, cx, |pipe| {
            if pipe.bytes.is_empty() && !pipe.is_closed && buf.remaining() > 0 {
                return Poll::Pending;
            }
            pipe.take_into(buf);
            Poll::Ready(Ok(()))
        })
    }

    /// Writes what fits, or waits for the reader.
    pub(super) fn poll_write_shared(
        &self,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let is_empty = bufs.iter().all(|buf| buf.is_empty());
        self.poll_end(End::Writer, cx, |pipe| {
            if pipe.is_closed {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
            if pipe.room() == 0 && !is_empty {
                return Poll::Pending;
            }
            Poll::Ready(Ok(pipe.put_from(bufs)))
        })
    }

    /// Tries `operation`; wakes the other end if bytes moved, stores the waker of this one if it must wait.
    fn poll_end<T>(
        &self,
        end: End,
        cx: &mut Context<'_>,
        mut operation: impl FnMut(&mut Pipe) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let coop = ready!(coop::poll_proceed(cx));
        let mut clone = None;
        loop {
            let mut pipe = self.pipe.lock();
            let before = pipe.bytes.len();
            if let Poll::Ready(result) = operation(&mut pipe) {
                let has_moved = pipe.bytes.len() != before;
                let other = if has_moved { pipe.waker_of(end.other()).take() } else { None };
                drop(pipe);
                coop.made_progress();
                if let Some(waker) = other {
                    waker.wake();
                }
                return Poll::Ready(result);
            }
            let stored = pipe.waker_of(end);
            if stored.as_ref().is_some_and(|stored| stored.will_wake(cx.waker())) {
                return Poll::Pending;
            }
            if let Some(waker) = clone.take() {
                let replaced = stored.replace(waker);
                drop(pipe);
                drop(replaced);
                return Poll::Pending;
            }
            // A waker's clone is user code, so it is made outside the lock; then everything is looked at again.
            drop(pipe);
            clone = Some(cx.waker().clone());
        }
    }

    /// The writer is done: reads get the rest, then the end.
    pub(super) fn close_writer(&self) {
        self.close(|pipe| (VecDeque::new(), pipe.reader.take(), pipe.writer.take()));
    }

    /// The reader is gone: writes fail, and what is in the pipe is dropped.
    pub(super) fn close_reader(&self) {
        self.close(|pipe| (mem::take(&mut pipe.bytes), pipe.writer.take(), pipe.reader.take()));
    }

    /// Closes, wakes the first waker taken and drops the second, which is the closing end's own.
    fn close(&self, take: impl FnOnce(&mut Pipe) -> (VecDeque<u8>, Option<Waker>, Option<Waker>)) {
        let mut pipe = self.pipe.lock();
        pipe.is_closed = true;
        let (bytes, other, own) = take(&mut pipe);
        drop(pipe);
        drop((bytes, own));
        if let Some(waker) = other {
            waker.wake();
        }
    }
}

impl End {
    fn other(self) -> Self {
        match self {
            Self::Reader => Self::Writer,
            Self::Writer => Self::Reader,
        }
    }
}

impl Pipe {
    fn waker_of(&mut self, end: End) -> &mut Option<Waker> {
        match end {
            End::Reader => &mut self.reader,
            End::Writer => &mut self.writer,
        }
    }

    fn room(&self) -> usize {
        self.capacity - self.bytes.len()
    }

    fn take_into(&mut self, buf: &mut ReadBuf<'_>) {
        let count = self.bytes.len().min(buf.remaining());
        let (front, back) = self.bytes.as_slices();
        let of_front = count.min(front.len());
        buf.put_slice(&front[..of_front]);
        buf.put_slice(&back[..count - of_front]);
        self.bytes.drain(..count);
    }

    fn put_from(&mut self, bufs: &[IoSlice<'_>]) -> usize {
        let before = self.bytes.len();
        for buf in bufs {
            let count = buf.len().min(self.room());
            self.bytes.extend(&buf[..count]);
        }
        debug_assert!(self.bytes.len() <= self.capacity);
        self.bytes.len() - before
    }
}

impl AsyncRead for SimplexStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.poll_read_shared(cx, buf)
    }
}

impl AsyncWrite for SimplexStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_shared(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_shared(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.close_writer();
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for SimplexStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pipe = self.pipe.lock();
        f.debug_struct("SimplexStream")
            .field("buffered", &pipe.bytes.len())
            .field("capacity", &pipe.capacity)
            .field("is_closed", &pipe.is_closed)
            .finish()
    }
}
