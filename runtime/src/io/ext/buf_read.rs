//! `AsyncBufReadExt`: the methods of every `AsyncBufRead`.
//!
//! Not bounded: a line may be as long as the peer likes, so who reads from one puts a `take` before it.

use std::fmt;
use std::future::Future;
use std::io;
use std::marker::PhantomPinned;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::find_byte::find_byte;
use super::future::{IoFuture, Operation};
use super::text::Text;
use crate::io::AsyncBufRead;
use crate::io::util::{Lines, Split};

/// The methods of every [`AsyncBufRead`].
///
/// ```
/// use mini_runtime::io::{AsyncBufReadExt, BufReader};
///
/// # futures::executor::block_on(async {
/// let mut lines = BufReader::new(&b"one\ntwo"[..]).lines();
/// assert_eq!(lines.next_line().await?.as_deref(), Some("one"));
/// assert_eq!(lines.next_line().await?.as_deref(), Some("two"));
/// assert_eq!(lines.next_line().await?, None);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub trait AsyncBufReadExt: AsyncBufRead {
    /// Reads to the end of `buf` up to and with the next `delimiter`, or to the end of the stream, and answers
    /// how many bytes that were: 0 at the end of the stream.
    ///
    /// # Errors
    ///
    /// What the stream reports; `buf` keeps what was read before.
    ///
    /// # Cancel safety
    ///
    /// A dropped future leaves a part of the segment in `buf`; calling again with the same `buf` goes on.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncBufReadExt;
    /// # futures::executor::block_on(async {
    /// let mut reader: &[u8] = b"a;bc";
    /// let mut buf = Vec::new();
    /// assert_eq!(reader.read_until(b';', &mut buf).await?, 2);
    /// assert_eq!(reader.read_until(b';', &mut buf).await?, 2);
    /// assert_eq!(buf, b"a;bc");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn read_until<'a>(&'a mut self, delimiter: u8, buf: &'a mut Vec<u8>) -> IoFuture<'a, Self, ReadUntil<'a>>
    where
        Self: Unpin,
    {
        IoFuture::new(self, ReadUntil { delimiter, buf, total: 0 })
    }

    /// Reads a line, with its `\n`, to the end of `text` and answers how many bytes that were: 0 at the end of
    /// the stream.
    ///
    /// # Errors
    ///
    /// `InvalidData` if the line is not UTF-8: it is lost, and `text` as it was before. Else what the stream
    /// reports, with what was read before it in `text` if that is UTF-8.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: a dropped future loses the part of the line it had read. What `text` held before
    /// stays. Use [`lines`](Self::lines), which is cancel safe.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncBufReadExt;
    /// # futures::executor::block_on(async {
    /// let mut reader: &[u8] = b"one\r\ntwo";
    /// let mut text = String::new();
    /// assert_eq!(reader.read_line(&mut text).await?, 5);
    /// assert_eq!(text, "one\r\n");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn read_line<'a>(&'a mut self, text: &'a mut String) -> IoFuture<'a, Self, ReadLine<'a>>
    where
        Self: Unpin,
    {
        IoFuture::new(self, ReadLine { text: Text::new(text), total: 0 })
    }

    /// The segments between `delimiter`s, without them.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncBufReadExt;
    /// # futures::executor::block_on(async {
    /// let mut segments = AsyncBufReadExt::split(&b"a;b"[..], b';');
    /// assert_eq!(segments.next_segment().await?, Some(b"a".to_vec()));
    /// assert_eq!(segments.next_segment().await?, Some(b"b".to_vec()));
    /// assert_eq!(segments.next_segment().await?, None);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn split(self, delimiter: u8) -> Split<Self>
    where
        Self: Sized + Unpin,
    {
        Split::new(self, delimiter)
    }

    /// The lines, without their `\n` or `\r\n`.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncBufReadExt;
    /// # futures::executor::block_on(async {
    /// let mut lines = AsyncBufReadExt::lines(&b"one\r\n\n"[..]);
    /// assert_eq!(lines.next_line().await?.as_deref(), Some("one"));
    /// assert_eq!(lines.next_line().await?.as_deref(), Some(""));
    /// assert_eq!(lines.next_line().await?, None);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn lines(self) -> Lines<Self>
    where
        Self: Sized,
    {
        Lines::new(self)
    }

    /// Shows the bytes at hand, reading more if there are none. Empty means the end of the stream.
    ///
    /// Follow with [`consume`](Self::consume).
    ///
    /// # Errors
    ///
    /// What the stream reports.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a dropped future has taken nothing.
    ///
    /// ```
    /// # use mini_runtime::io::{AsyncBufReadExt, BufReader};
    /// # futures::executor::block_on(async {
    /// let mut reader = BufReader::new(&b"abc"[..]);
    /// assert_eq!(reader.fill_buf().await?, b"abc");
    /// reader.consume(2);
    /// assert_eq!(reader.fill_buf().await?, b"c");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn fill_buf(&mut self) -> FillBuf<'_, Self>
    where
        Self: Unpin,
    {
        FillBuf { reader: Some(self), pinned: PhantomPinned }
    }

    /// Takes `amount` of the bytes that [`fill_buf`](Self::fill_buf) showed.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut reader = &b"mini"[..];
    /// let length = reader.fill_buf().await?.len();
    /// reader.consume(length / 2);
    /// assert_eq!(reader, b"ni");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn consume(&mut self, amount: usize)
    where
        Self: Unpin,
    {
        AsyncBufRead::consume(Pin::new(self), amount);
    }
}

impl<R: AsyncBufRead + ?Sized> AsyncBufReadExt for R {}

/// Reads up to and with `delimiter`, and answers what `total` has become. `total` counts over several polls
/// and is 0 again after.
pub(in crate::io) fn poll_read_until<R: AsyncBufRead + ?Sized>(
    mut reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    delimiter: u8,
    buf: &mut Vec<u8>,
    total: &mut usize,
) -> Poll<io::Result<usize>> {
    loop {
        let available = match ready!(reader.as_mut().poll_fill_buf(cx)) {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Poll::Ready(Err(error)),
        };
        let found = find_byte(delimiter, available);
        let used = found.map_or(available.len(), |index| index + 1);
        buf.extend_from_slice(&available[..used]);
        reader.as_mut().consume(used);
        *total += used;
        if found.is_some() || used == 0 {
            return Poll::Ready(Ok(mem::take(total)));
        }
    }
}

/// See [`AsyncBufReadExt::read_until`].
#[derive(Debug)]
pub struct ReadUntil<'a> {
    delimiter: u8,
    buf: &'a mut Vec<u8>,
    total: usize,
}

impl<R: AsyncBufRead + ?Sized> Operation<R> for ReadUntil<'_> {
    type Output = io::Result<usize>;

    fn poll_on(&mut self, reader: Pin<&mut R>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        poll_read_until(reader, cx, self.delimiter, self.buf, &mut self.total)
    }
}

/// See [`AsyncBufReadExt::read_line`].
#[derive(Debug)]
pub struct ReadLine<'a> {
    text: Text<'a>,
    total: usize,
}

impl<R: AsyncBufRead + ?Sized> Operation<R> for ReadLine<'_> {
    type Output = io::Result<usize>;

    fn poll_on(&mut self, reader: Pin<&mut R>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let result = ready!(poll_read_until(reader, cx, b'\n', &mut self.text.bytes, &mut self.total));
        let appended = self.text.finish();
        // A failed stream says more than that the half line before it is no text.
        let count = result?;
        Poll::Ready(appended.map(|()| count))
    }
}

pin_project! {
    /// See [`AsyncBufReadExt::fill_buf`]. Not an `IoFuture`, since what it answers borrows from the stream.
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct FillBuf<'a, R: ?Sized> {
        // None once it has answered.
        reader: Option<&'a mut R>,
        #[pin]
        pinned: PhantomPinned,
    }
}

impl<'a, R: AsyncBufRead + Unpin + ?Sized> Future for FillBuf<'a, R> {
    type Output = io::Result<&'a [u8]>;

    /// # Panics
    ///
    /// If polled after it answered.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let reader = this.reader.as_mut().expect("`fill_buf` polled after it answered; await it once");
        let is_end = ready!(Pin::new(&mut **reader).poll_fill_buf(cx))?.is_empty();
        let Some(reader) = this.reader.take().filter(|_| !is_end) else {
            return Poll::Ready(Ok(&[]));
        };
        // The borrow checker does not let a borrow of one branch end in the other, so the bytes are asked for
        // twice. The second answer is at hand, by the contract of the trait.
        match Pin::new(reader).poll_fill_buf(cx) {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => Poll::Ready(Err(io::Error::other("reader took back the bytes it had shown"))),
        }
    }
}

impl<R: ?Sized> fmt::Debug for FillBuf<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FillBuf").finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
