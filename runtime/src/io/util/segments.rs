//! `Split`: the segments of a buffered reader between delimiters, one at a time.
//!
//! Not `io::split`, which cuts a stream into its two directions. Not bounded in the length of a segment. The
//! part read so far lives here, so a dropped `next_segment` loses nothing.

use std::future::poll_fn;
use std::io;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::io::AsyncBufRead;
use crate::io::ext::poll_read_until;

pin_project! {
    /// Segments without their delimiter: [`AsyncBufReadExt::split`](crate::io::AsyncBufReadExt::split).
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut segments = AsyncBufReadExt::split(&b"one,two"[..], b',');
    /// assert_eq!(segments.next_segment().await?.as_deref(), Some(&b"one"[..]));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[derive(Debug)]
    #[must_use = "segments are read by `next_segment` alone"]
    pub struct Split<R> {
        #[pin]
        reader: R,
        delimiter: u8,
        // The segment under way.
        segment: Vec<u8>,
        // Bytes read for it; the counter that `poll_read_until` wants kept.
        total: usize,
    }
}

impl<R> Split<R> {
    pub(in crate::io) fn new(reader: R, delimiter: u8) -> Self {
        Self { reader, delimiter, segment: Vec::new(), total: 0 }
    }
}

impl<R: AsyncBufRead + Unpin> Split<R> {
    /// The next segment, without its delimiter; None at the end. A last segment needs none.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut segments = AsyncBufReadExt::split(&b"one,two"[..], b',');
    /// let mut count = 0;
    /// while let Some(segment) = segments.next_segment().await? {
    ///     count += segment.len();
    /// }
    /// assert_eq!(count, 6);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// What the reader reports.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the part that was read stays for the next call.
    pub async fn next_segment(&mut self) -> io::Result<Option<Vec<u8>>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next_segment(cx)).await
    }
}

impl<R: AsyncBufRead> Split<R> {
    /// As [`next_segment`](Self::next_segment), polled.
    ///
    /// # Errors
    ///
    /// As `next_segment`.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    /// use std::future::poll_fn;
    /// use std::pin::pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut segments = pin!(std::io::Cursor::new("a;b").split(b';'));
    /// assert_eq!(poll_fn(|cx| segments.as_mut().poll_next_segment(cx)).await?.as_deref(), Some(&b"a"[..]));
    /// assert_eq!(poll_fn(|cx| segments.as_mut().poll_next_segment(cx)).await?.as_deref(), Some(&b"b"[..]));
    /// assert_eq!(poll_fn(|cx| segments.as_mut().poll_next_segment(cx)).await?, None);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn poll_next_segment(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Option<Vec<u8>>>> {
        let this = self.project();
        ready!(poll_read_until(this.reader, cx, *this.delimiter, this.segment, this.total))?;
        if this.segment.is_empty() {
            return Poll::Ready(Ok(None));
        }
        let mut segment = mem::take(this.segment);
        if segment.last() == Some(this.delimiter) {
            segment.pop();
        }
        Poll::Ready(Ok(Some(segment)))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;

    use crate::io::mock::{MockReader, Step, give, poll_once};
    use crate::io::{AsyncBufReadExt, BufReader};

    #[test]
    fn segments_may_be_empty_and_the_last_needs_no_delimiter() {
        let reader = MockReader::new([give(";a;"), Step::Pending, give(";b")]);
        let mut segments = BufReader::new(reader).split(b';');
        for expected in [&b""[..], b"a", b"", b"b"] {
            assert_eq!(block_on(segments.next_segment()).unwrap().as_deref(), Some(expected));
        }
        assert_eq!(block_on(segments.next_segment()).unwrap(), None);
    }

    #[test]
    fn a_dropped_call_loses_nothing_of_the_segment() {
        let mut segments =
            BufReader::new(MockReader::new([give("a"), Step::Pending, give("b;")])).split(b';');
        assert!(poll_once(segments.next_segment()).is_pending());
        assert_eq!(block_on(segments.next_segment()).unwrap().as_deref(), Some(&b"ab"[..]));
    }
}
