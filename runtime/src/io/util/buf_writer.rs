//! `BufWriter`: a writer that collects small writes into large ones.
//!
//! Not flushed when dropped, since a drop cannot wait: what is buffered then is lost. The invariant is
//! `written <= buffer.len() <= buffer.capacity()`, where the first `written` bytes have gone already, and the
//! buffer never grows.

use std::fmt;
use std::io::{self, IoSlice, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::DEFAULT_CAPACITY;
use crate::io::step::poll_write_some;
use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite};

pin_project! {
    /// Collects small writes into large ones to another writer. Reads pass through to it.
    ///
    /// Call [`flush`](crate::io::AsyncWriteExt::flush) or [`shutdown`](crate::io::AsyncWriteExt::shutdown)
    /// before dropping it: what is still buffered is lost otherwise.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncWriteExt, BufWriter};
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = BufWriter::new(Vec::new());
    /// writer.write_all(b"ab").await?;
    /// writer.write_all(b"c").await?;
    /// assert_eq!(writer.buffer(), b"abc");
    /// writer.flush().await?;
    /// assert_eq!(writer.into_inner(), b"abc");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub struct BufWriter<W> {
        #[pin]
        pub(super) inner: W,
        pub(super) buffer: Vec<u8>,
        pub(super) written: usize,
        pub(super) seek: SeekState,
    }
}

/// How far a seek has come.
#[derive(Debug, Clone, Copy)]
pub(super) enum SeekState {
    Idle,
    /// Asked of us, not yet of the target: the buffer goes first.
    Requested(SeekFrom),
    UnderWay,
}

impl<W: AsyncWrite> BufWriter<W> {
    /// Collects up to 8 KiB.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncWriteExt, BufWriter};
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = BufWriter::new(Vec::new());
    /// writer.write_all(b"mini").await?;
    /// assert!(writer.get_ref().is_empty());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn new(inner: W) -> Self {
        Self::with_capacity(DEFAULT_CAPACITY, inner)
    }

    /// Collects up to `capacity` bytes. With 0, every write passes through.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncWriteExt, BufWriter};
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = BufWriter::with_capacity(2, Vec::new());
    /// writer.write_all(b"mini").await?; // Does not fit: it goes through.
    /// assert_eq!(writer.get_ref(), b"mini");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn with_capacity(capacity: usize, inner: W) -> Self {
        Self { inner, buffer: Vec::with_capacity(capacity), written: 0, seek: SeekState::Idle }
    }

    /// The target.
    ///
    /// ```
    /// use mini_runtime::io::BufWriter;
    ///
    /// assert_eq!(BufWriter::new(b"mini".to_vec()).get_ref(), b"mini");
    /// ```
    pub fn get_ref(&self) -> &W {
        &self.inner
    }

    /// The target. Writing to it directly overtakes what is buffered.
    ///
    /// ```
    /// use mini_runtime::io::BufWriter;
    ///
    /// let mut writer = BufWriter::new(Vec::new());
    /// writer.get_mut().push(7);
    /// assert_eq!(writer.get_ref(), &[7]);
    /// ```
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.inner
    }

    /// The target, pinned.
    ///
    /// ```
    /// use mini_runtime::io::BufWriter;
    /// use std::pin::Pin;
    ///
    /// let mut writer = BufWriter::new(Vec::new());
    /// Pin::new(&mut writer).get_pin_mut().push(7);
    /// assert_eq!(writer.get_ref(), &[7]);
    /// ```
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut W> {
        self.project().inner
    }

    /// The target. What is buffered is lost.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncWriteExt, BufWriter};
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = BufWriter::new(Vec::new());
    /// writer.write_all(b"mini").await?;
    /// writer.flush().await?; // Otherwise the bytes are lost.
    /// assert_eq!(writer.into_inner(), b"mini");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn into_inner(self) -> W {
        self.inner
    }

    /// What has not gone to the target yet.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncWriteExt, BufWriter};
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = BufWriter::new(Vec::new());
    /// writer.write_all(b"mini").await?;
    /// assert_eq!(writer.buffer(), b"mini");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn buffer(&self) -> &[u8] {
        &self.buffer[self.written..]
    }

    fn room(&self) -> usize {
        self.buffer.capacity() - self.buffer.len()
    }

    /// A write that fills the buffer or does not fit into it.
    fn poll_write_full(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if buf.len() > self.room() {
            ready!(self.as_mut().poll_write_out(cx))?;
        }
        let this = self.project();
        if buf.len() >= this.buffer.capacity() {
            return this.inner.poll_write(cx, buf);
        }
        this.buffer.extend_from_slice(buf);
        Poll::Ready(Ok(buf.len()))
    }

    /// Writes the buffer out. What was written stays so when it stops at Pending or an error.
    fn poll_write_out(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut this = self.project();
        while *this.written < this.buffer.len() {
            let rest = &this.buffer[*this.written..];
            *this.written += ready!(poll_write_some(this.inner.as_mut(), cx, rest))?;
        }
        this.buffer.clear();
        *this.written = 0;
        Poll::Ready(Ok(()))
    }
}

impl<W: AsyncWrite> AsyncWrite for BufWriter<W> {
    #[inline]
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        // Strictly less, so that a buffer of no room is never used, also where `buf` is empty.
        if buf.len() < self.room() {
            self.project().buffer.extend_from_slice(buf);
            return Poll::Ready(Ok(buf.len()));
        }
        self.poll_write_full(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let total = bufs.iter().fold(0usize, |total, buf| total.saturating_add(buf.len()));
        if total > self.room() {
            ready!(self.as_mut().poll_write_out(cx))?;
        }
        let this = self.project();
        let capacity = this.buffer.capacity();
        if total >= capacity {
            if this.inner.is_write_vectored() {
                return this.inner.poll_write_vectored(cx, bufs);
            }
            // Such a target takes one buffer a call, so small ones are better served through ours.
            let first = bufs.iter().find(|buf| !buf.is_empty());
            if let Some(first) = first.filter(|first| first.len() >= capacity) {
                return this.inner.poll_write(cx, first);
            }
        }
        let before = this.buffer.len();
        for buf in bufs {
            let room = capacity - this.buffer.len();
            this.buffer.extend_from_slice(&buf[..buf.len().min(room)]);
        }
        Poll::Ready(Ok(this.buffer.len() - before))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_write_out(cx))?;
        self.project().inner.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_write_out(cx))?;
        self.project().inner.poll_shutdown(cx)
    }
}

/// A seek writes the buffer out first.
impl<W: AsyncWrite + AsyncSeek> AsyncSeek for BufWriter<W> {
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        *self.project().seek = SeekState::Requested(position);
        Ok(())
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        if let SeekState::Requested(position) = self.seek {
            ready!(self.as_mut().poll_write_out(cx))?;
            let this = self.as_mut().project();
            // An error forgets the request.
            *this.seek = SeekState::Idle;
            this.inner.start_seek(position)?;
            *this.seek = SeekState::UnderWay;
        }
        let this = self.project();
        let result = ready!(this.inner.poll_complete(cx));
        *this.seek = SeekState::Idle;
        Poll::Ready(result)
    }
}

impl<W: AsyncWrite + AsyncRead> AsyncRead for BufWriter<W> {
    delegate_async_read!(this => this.project().inner);
}

impl<W: AsyncWrite + AsyncBufRead> AsyncBufRead for BufWriter<W> {
    delegate_async_buf_read!(this => this.project().inner);
}

impl<W: fmt::Debug> fmt::Debug for BufWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BufWriter")
            .field("writer", &self.inner)
            .field("buffer", &format_args!("{}/{}", self.buffer.len() - self.written, self.buffer.capacity()))
            .finish()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;
    use proptest::prelude::*;

    use super::*;
    use crate::io::mock::{Event, MockWriter, SlowSeek, Step, cases, poll_once, writes};
    use crate::io::{AsyncSeekExt, AsyncWriteExt};

    fn wrote(bytes: &[u8]) -> Event {
        Event::Wrote(bytes.to_vec())
    }

    #[test]
    fn small_writes_are_collected_and_large_ones_go_straight_through() {
        let mut writer = BufWriter::with_capacity(4, MockWriter::new([]));
        for bytes in [&b"ab"[..], b"cd", b"e", b"123456"] {
            block_on(writer.write_all(bytes)).unwrap();
        }
        block_on(writer.flush()).unwrap();
        block_on(writer.shutdown()).unwrap();
        let expected = [wrote(b"abcd"), wrote(b"e"), wrote(b"123456"), Event::Flushed, Event::ShutDown];
        assert_eq!(writer.into_inner().events, expected);
    }

    #[test]
    fn an_error_keeps_what_was_not_written() {
        let mut writer = BufWriter::with_capacity(
            8,
            MockWriter::new([Step::Accept(2), Step::Fail(io::ErrorKind::BrokenPipe), Step::Accept(0)]),
        );
        block_on(writer.write_all(b"abcd")).unwrap();
        assert_eq!(block_on(writer.flush()).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(writer.buffer(), b"cd");
        assert_eq!(block_on(writer.flush()).unwrap_err().kind(), io::ErrorKind::WriteZero);
        block_on(writer.flush()).unwrap();
        assert_eq!(writer.get_ref().written(), b"abcd");
    }

    #[test]
    fn a_write_that_waits_for_room_takes_nothing() {
        let mut writer = BufWriter::with_capacity(4, MockWriter::new([Step::Accept(1), Step::Stall]));
        block_on(writer.write_all(b"abc")).unwrap();
        assert!(poll_once(writer.write(b"de")).is_pending());
        assert_eq!(writer.buffer(), b"bc");
        writer.get_mut().steps.clear();
        block_on(writer.write_all(b"de")).unwrap();
        block_on(writer.flush()).unwrap();
        assert_eq!(writer.get_ref().written(), b"abcde");
    }

    #[test]
    fn vectored_writes_are_collected_too_and_pass_through_when_they_are_large() {
        let slices = [IoSlice::new(b""), IoSlice::new(b"ab"), IoSlice::new(b"cdef")];
        let mut writer = BufWriter::with_capacity(4, MockWriter::new([]).vectored());
        assert_eq!(block_on(writer.write_vectored(&slices[..2])).unwrap(), 2);
        assert_eq!(block_on(writer.write_vectored(&slices)).unwrap(), 6);
        assert_eq!(writer.get_ref().events, [wrote(b"ab"), wrote(b"abcdef")]);

        let mut writer = BufWriter::with_capacity(4, MockWriter::new([]));
        assert_eq!(block_on(writer.write_vectored(&slices)).unwrap(), 4, "what the buffer holds");
        assert_eq!(block_on(writer.write_vectored(&slices[2..])).unwrap(), 4);
        assert_eq!(writer.get_ref().events, [wrote(b"abcd"), wrote(b"cdef")]);
        assert_eq!(block_on(writer.write_vectored(&[])).unwrap(), 0);
    }

    #[test]
    fn a_seek_writes_the_buffer_out_first() {
        let mut writer = BufWriter::new(SlowSeek::new(*b"......"));
        block_on(writer.write_all(b"ab")).unwrap();
        assert_eq!(block_on(writer.seek(SeekFrom::Current(1))).unwrap(), 3);
        block_on(writer.write_all(b"d")).unwrap();
        assert!(block_on(writer.seek(SeekFrom::Current(-9))).is_err());
        assert_eq!(block_on(writer.rewind()).unwrap(), 0);
        assert_eq!(writer.get_ref().file.get_ref(), b"ab.d..");
    }

    proptest! {
        #![proptest_config(cases())]

        #[test]
        fn the_target_gets_all_bytes_in_order(
            chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..12), 0..24),
            capacity in 0usize..10,
            steps in writes(),
            vectored in any::<bool>(),
        ) {
            let mut target = MockWriter::new(steps);
            target.vectored = vectored;
            let mut writer = BufWriter::with_capacity(capacity, target);
            for pair in chunks.chunks(2) {
                let slices = pair.iter().map(|chunk| IoSlice::new(chunk)).collect::<Vec<_>>();
                let mut all = &pair.concat()[..];
                if let Ok(count) = block_on(writer.write_vectored(&slices)) {
                    all = &all[count..];
                }
                block_on(writer.write_all(all)).unwrap();
                prop_assert!(writer.buffer.len() <= capacity);
            }
            block_on(writer.flush()).unwrap();
            prop_assert_eq!(writer.into_inner().written(), chunks.concat());
        }
    }
}
