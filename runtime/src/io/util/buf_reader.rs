//! `BufReader`: a reader that reads ahead, so that many small reads cost few calls of the source.
//!
//! Not a limit on what is read. The invariant is `start <= end <= buffer.len()`, with the bytes read ahead in
//! `buffer[start..end]`; the source stands `end - start` bytes behind where the user is.

use std::fmt;
use std::io::{self, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::DEFAULT_CAPACITY;
use crate::io::step::poll_read_slice;
use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};

pin_project! {
    /// Reads ahead from another reader. Writes and seeks pass through to it.
    ///
    /// Bytes read ahead are lost when the `BufReader` is dropped or taken apart.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncBufReadExt, BufReader};
    ///
    /// # futures::executor::block_on(async {
    /// let mut reader = BufReader::new(&b"one\ntwo"[..]);
    /// let mut line = String::new();
    /// reader.read_line(&mut line).await?;
    /// assert_eq!(line, "one\n");
    /// assert_eq!(reader.buffer(), b"two");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub struct BufReader<R> {
        #[pin]
        pub(super) inner: R,
        pub(super) buffer: Box<[u8]>,
        pub(super) start: usize,
        pub(super) end: usize,
        pub(super) seek: SeekState,
    }
}

/// How far a seek has come.
#[derive(Debug, Clone, Copy)]
pub(super) enum SeekState {
    Idle,
    /// Asked of us, not yet of the source.
    Requested(SeekFrom),
    /// Under way in the source. If `then` is set, it only drops what was read ahead, and another follows.
    UnderWay {
        then: Option<i64>,
    },
}

impl<R: AsyncRead> BufReader<R> {
    /// Reads ahead up to 8 KiB.
    ///
    /// ```
    /// use mini_runtime::io::BufReader;
    ///
    /// let reader = BufReader::new(&b"mini"[..]);
    /// assert!(reader.buffer().is_empty());
    /// ```
    pub fn new(inner: R) -> Self {
        Self::with_capacity(DEFAULT_CAPACITY, inner)
    }

    /// Reads ahead up to `capacity` bytes.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncBufReadExt, BufReader};
    ///
    /// # futures::executor::block_on(async {
    /// let mut reader = BufReader::with_capacity(2, &b"mini"[..]);
    /// assert_eq!(reader.fill_buf().await?, b"mi");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Panics
    ///
    /// If `capacity` is 0: such a reader could not tell the end from having no room.
    #[track_caller]
    pub fn with_capacity(capacity: usize, inner: R) -> Self {
        assert!(capacity > 0, "a `BufReader`'s capacity must be greater than zero: give it at least 1");
        let buffer = vec![0; capacity].into_boxed_slice();
        Self { inner, buffer, start: 0, end: 0, seek: SeekState::Idle }
    }

    /// The source.
    ///
    /// ```
    /// use mini_runtime::io::BufReader;
    ///
    /// assert_eq!(BufReader::new(&b"mini"[..]).get_ref(), b"mini");
    /// ```
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// The source. Reading from it directly skips what was read ahead.
    ///
    /// ```
    /// use mini_runtime::io::BufReader;
    ///
    /// let mut reader = BufReader::new(&b"mini"[..]);
    /// *reader.get_mut() = b"other";
    /// assert_eq!(reader.into_inner(), b"other");
    /// ```
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.inner
    }

    /// The source, pinned.
    ///
    /// ```
    /// use mini_runtime::io::BufReader;
    /// use std::pin::Pin;
    ///
    /// let mut reader = BufReader::new(&b"mini"[..]);
    /// assert_eq!(*Pin::new(&mut reader).get_pin_mut(), b"mini");
    /// ```
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut R> {
        self.project().inner
    }

    /// The source. What was read ahead is lost.
    ///
    /// ```
    /// use mini_runtime::io::BufReader;
    ///
    /// assert_eq!(BufReader::new(&b"mini"[..]).into_inner(), b"mini");
    /// ```
    pub fn into_inner(self) -> R {
        self.inner
    }

    /// What was read ahead. Never reads.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncReadExt, BufReader};
    ///
    /// # futures::executor::block_on(async {
    /// let mut reader = BufReader::new(&b"mini"[..]);
    /// reader.read_u8().await?;
    /// assert_eq!(reader.buffer(), b"ini");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn buffer(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }
}

impl<R: AsyncRead> AsyncRead for BufReader<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // With nothing read ahead, a read as large as the buffer gains nothing from going through it.
        if self.start == self.end && buf.remaining() >= self.buffer.len() {
            return self.project().inner.poll_read(cx, buf);
        }
        let available = ready!(self.as_mut().poll_fill_buf(cx))?;
        let count = available.len().min(buf.remaining());
        buf.put_slice(&available[..count]);
        self.consume(count);
        Poll::Ready(Ok(()))
    }
}

impl<R: AsyncRead> AsyncBufRead for BufReader<R> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.project();
        if *this.start == *this.end {
            *this.end = ready!(poll_read_slice(this.inner, cx, this.buffer))?;
            *this.start = 0;
        }
        Poll::Ready(Ok(&this.buffer[*this.start..*this.end]))
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        let this = self.project();
        *this.start = this.start.saturating_add(amount).min(*this.end);
    }
}

/// A seek drops what was read ahead, even where the new position lies within it.
impl<R: AsyncRead + AsyncSeek> AsyncSeek for BufReader<R> {
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        *self.project().seek = SeekState::Requested(position);
        Ok(())
    }

    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        let mut this = self.project();
        loop {
            match *this.seek {
                SeekState::Idle => return this.inner.poll_complete(cx),
                SeekState::Requested(position) => {
                    // An error forgets the request.
                    *this.seek = SeekState::Idle;
                    let (position, then) = in_source(position, *this.end - *this.start);
                    this.inner.as_mut().start_seek(position)?;
                    *this.seek = SeekState::UnderWay { then };
                }
                SeekState::UnderWay { then } => {
                    let result = ready!(this.inner.as_mut().poll_complete(cx));
                    *this.seek = SeekState::Idle;
                    let position = result?;
                    (*this.start, *this.end) = (0, 0);
                    match then {
                        None => return Poll::Ready(Ok(position)),
                        Some(offset) => *this.seek = SeekState::Requested(SeekFrom::Current(offset)),
                    }
                }
            }
        }
    }
}

/// What `position` is for the source, which is `ahead` bytes further than the user is; and the offset of a
/// second seek, if one number cannot say it.
fn in_source(position: SeekFrom, ahead: usize) -> (SeekFrom, Option<i64>) {
    let SeekFrom::Current(offset) = position else {
        return (position, None);
    };
    // No buffer is longer than `isize::MAX` bytes.
    let ahead = ahead as i64;
    match offset.checked_sub(ahead) {
        Some(offset) => (SeekFrom::Current(offset), None),
        None => (SeekFrom::Current(-ahead), Some(offset)),
    }
}

impl<R: AsyncRead + AsyncWrite> AsyncWrite for BufReader<R> {
    delegate_async_write!(this => this.project().inner, shared => &shared.inner);
}

impl<R: fmt::Debug> fmt::Debug for BufReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BufReader")
            .field("reader", &self.inner)
            .field("buffer", &format_args!("{}/{}", self.end - self.start, self.buffer.len()))
            .finish()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::io::mock::{MockReader, SlowSeek, Step, give};
    use crate::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt};

    #[test]
    fn small_reads_share_one_call_and_large_ones_bypass_the_buffer() {
        let mut reader = BufReader::with_capacity(4, MockReader::new([give("abcdefghij")]));
        let mut small = [0; 2];
        block_on(reader.read_exact(&mut small)).unwrap();
        block_on(reader.read_exact(&mut small)).unwrap();
        assert_eq!((small, reader.get_ref().polls), (*b"cd", 1));
        let mut large = [0; 6];
        assert_eq!(block_on(reader.read(&mut large)).unwrap(), 6);
        assert_eq!((large, reader.get_ref().polls, reader.buffer()), (*b"efghij", 2, &b""[..]));
    }

    #[test]
    fn what_was_read_ahead_comes_before_an_error_and_survives_it() {
        let mut reader = BufReader::with_capacity(
            4,
            MockReader::new([give("ab"), Step::Fail(io::ErrorKind::BrokenPipe), give("cd")]),
        );
        assert_eq!(block_on(reader.read_u8()).unwrap(), b'a');
        let mut rest = Vec::new();
        assert!(block_on(reader.read_to_end(&mut rest)).is_err());
        block_on(reader.read_to_end(&mut rest)).unwrap();
        assert_eq!(rest, b"bcd");
    }

    #[test]
    fn relative_seeks_count_from_where_the_user_is() {
        let mut reader = BufReader::with_capacity(4, SlowSeek::new(*b"0123456789"));
        assert_eq!(block_on(reader.read_u8()).unwrap(), b'0');
        assert_eq!(block_on(reader.seek(SeekFrom::Current(2))).unwrap(), 3);
        assert_eq!(reader.get_ref().seeks, [SeekFrom::Current(-1)], "three bytes were read ahead");
        assert_eq!(block_on(reader.read_u8()).unwrap(), b'3');
        assert_eq!(block_on(reader.stream_position()).unwrap(), 4);
        assert_eq!(block_on(reader.seek(SeekFrom::End(-1))).unwrap(), 9);
        assert_eq!(block_on(reader.read_u8()).unwrap(), b'9');
        assert_eq!(block_on(reader.rewind()).unwrap(), 0);
        assert!(block_on(reader.seek(SeekFrom::Current(-1))).is_err());
        assert_eq!(block_on(reader.fill_buf()).unwrap(), b"0123", "a failed seek is forgotten");
    }

    #[test]
    fn a_relative_seek_that_one_offset_cannot_say_takes_two() {
        assert_eq!(in_source(SeekFrom::Current(i64::MIN + 3), 3), (SeekFrom::Current(i64::MIN), None));
        assert_eq!(
            in_source(SeekFrom::Current(i64::MIN + 2), 3),
            (SeekFrom::Current(-3), Some(i64::MIN + 2))
        );
        assert_eq!(in_source(SeekFrom::Start(7), 3), (SeekFrom::Start(7), None));

        let mut reader = BufReader::with_capacity(4, SlowSeek::new(*b"0123456789"));
        block_on(reader.read_u8()).unwrap();
        assert!(block_on(reader.seek(SeekFrom::Current(i64::MIN))).is_err(), "before the start");
        assert_eq!(reader.get_ref().seeks, [SeekFrom::Current(-3), SeekFrom::Current(i64::MIN)]);
        assert_eq!(block_on(reader.read_u8()).unwrap(), b'1');
    }

    #[test]
    fn consuming_more_than_was_shown_stops_at_its_end() {
        let mut reader = BufReader::new(&b"ab"[..]);
        block_on(reader.fill_buf()).unwrap();
        AsyncBufReadExt::consume(&mut reader, usize::MAX);
        assert_eq!(reader.buffer(), b"");
    }

    #[test]
    #[should_panic(expected = "at least 1")]
    fn a_capacity_of_zero_panics() {
        BufReader::with_capacity(0, &b""[..]);
    }
}
