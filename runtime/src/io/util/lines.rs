//! `Lines`: the lines of a buffered reader, one at a time.
//!
//! Not bounded in the length of a line. The part of a line read so far lives here, not in the future, so a
//! dropped `next_line` loses nothing.

use std::future::poll_fn;
use std::io;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::io::AsyncBufRead;
use crate::io::ext::poll_read_until;

pin_project! {
    /// Lines without their endings: [`AsyncBufReadExt::lines`](crate::io::AsyncBufReadExt::lines).
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut lines = (&b"one\ntwo"[..]).lines();
    /// assert_eq!(lines.next_line().await?.as_deref(), Some("one"));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[derive(Debug)]
    #[must_use = "lines are read by `next_line` alone"]
    pub struct Lines<R> {
        #[pin]
        reader: R,
        // The line under way.
        line: Vec<u8>,
        // Bytes read for it; the counter that `poll_read_until` wants kept.
        total: usize,
    }
}

impl<R> Lines<R> {
    pub(in crate::io) fn new(reader: R) -> Self {
        Self { reader, line: Vec::new(), total: 0 }
    }

    /// The reader.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    ///
    /// assert_eq!((&b"one"[..]).lines().get_ref(), b"one");
    /// ```
    pub fn get_ref(&self) -> &R {
        &self.reader
    }

    /// The reader. The part of a line that was read already is not in it any more.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    ///
    /// let mut lines = (&b"one"[..]).lines();
    /// *lines.get_mut() = b"two";
    /// assert_eq!(lines.into_inner(), b"two");
    /// ```
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// The reader. The part of a line that was read already is lost.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    ///
    /// assert_eq!((&b"one"[..]).lines().into_inner(), b"one");
    /// ```
    pub fn into_inner(self) -> R {
        self.reader
    }
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// The next line, without its `\n` or `\r\n`; None at the end. A last line needs no ending.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut lines = (&b"one\ntwo"[..]).lines();
    /// let mut seen = Vec::new();
    /// while let Some(line) = lines.next_line().await? {
    ///     seen.push(line);
    /// }
    /// assert_eq!(seen, ["one", "two"]);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidData` if the line is not UTF-8: it is skipped, and the next call reads the one after it. Else
    /// what the reader reports.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the part that was read stays for the next call.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next_line(cx)).await
    }
}

impl<R: AsyncBufRead> Lines<R> {
    /// As [`next_line`](Self::next_line), polled.
    ///
    /// # Errors
    ///
    /// As `next_line`.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    /// use std::future::poll_fn;
    /// use std::pin::pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut lines = pin!((&b"one\ntwo"[..]).lines());
    /// assert_eq!(poll_fn(|cx| lines.as_mut().poll_next_line(cx)).await?.as_deref(), Some("one"));
    /// assert_eq!(poll_fn(|cx| lines.as_mut().poll_next_line(cx)).await?.as_deref(), Some("two"));
    /// assert_eq!(poll_fn(|cx| lines.as_mut().poll_next_line(cx)).await?, None);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn poll_next_line(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<Option<String>>> {
        let this = self.project();
        ready!(poll_read_until(this.reader, cx, b'\n', this.line, this.total))?;
        if this.line.is_empty() {
            return Poll::Ready(Ok(None));
        }
        let mut line = mem::take(this.line);
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
        }
        // The error holds the line's bytes, for whoever can make something of them.
        let line =
            String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Poll::Ready(Ok(Some(line)))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::io::mock::{MockReader, Step, give, poll_once};
    use crate::io::{AsyncBufReadExt, BufReader};

    fn lines(steps: impl IntoIterator<Item = Step>) -> Lines<BufReader<MockReader>> {
        BufReader::new(MockReader::new(steps)).lines()
    }

    #[test]
    fn endings_are_cut_off_also_where_a_read_splits_them() {
        let mut lines = lines([give("a\r"), Step::Pending, give("\n\r\nb\rc\r\r\n\nlast\r")]);
        for expected in ["a", "", "b\rc\r", "", "last\r"] {
            assert_eq!(block_on(lines.next_line()).unwrap().as_deref(), Some(expected));
        }
        assert_eq!(block_on(lines.next_line()).unwrap(), None);
    }

    #[test]
    fn a_dropped_call_and_an_error_lose_nothing_of_the_line() {
        let mut lines =
            lines([give("a"), Step::Pending, give("b"), Step::Fail(io::ErrorKind::TimedOut), give("c\n")]);
        assert!(poll_once(lines.next_line()).is_pending());
        assert_eq!(block_on(lines.next_line()).unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(block_on(lines.next_line()).unwrap().as_deref(), Some("abc"));
    }

    #[test]
    fn a_line_that_is_no_text_is_skipped() {
        let mut lines = lines([give(b"\xff\xfe\nok\n")]);
        let error = block_on(lines.next_line()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        let bytes =
            error.into_inner().unwrap().downcast::<std::string::FromUtf8Error>().unwrap().into_bytes();
        assert_eq!(bytes, b"\xff\xfe");
        assert_eq!(block_on(lines.next_line()).unwrap().as_deref(), Some("ok"));
    }
}
