//! `AsyncReadExt`: the methods of every `AsyncRead`.
//!
//! Not a place for waiting: each method polls the reader and nothing else.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::BufMut;

use super::future::{IoFuture, Operation};
use super::numbers::{ReadNumber, for_each_number, read_number_methods};
use super::read_to_end::Appending;
use super::text::Text;
use crate::io::AsyncRead;
use crate::io::read_buf::poll_read_buf;
use crate::io::step::{poll_read_slice, poll_read_uninterrupted};
use crate::io::util::{Chain, Take};

/// The methods of every [`AsyncRead`].
///
/// ```
/// use mini_runtime::io::AsyncReadExt;
///
/// # futures::executor::block_on(async {
/// let mut reader: &[u8] = b"two words";
/// let mut word = [0; 3];
/// reader.read_exact(&mut word).await?;
/// assert_eq!(&word, b"two");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub trait AsyncReadExt: AsyncRead {
    /// A reader of this one's bytes, then `next`'s.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut text = String::new();
    /// (&b"one"[..]).chain(&b"two"[..]).read_to_string(&mut text).await?;
    /// assert_eq!(text, "onetwo");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn chain<R: AsyncRead>(self, next: R) -> Chain<Self, R>
    where
        Self: Sized,
    {
        Chain::new(self, next)
    }

    /// A reader that ends after `limit` bytes of this one.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut bytes = Vec::new();
    /// mini_runtime::io::repeat(7).take(3).read_to_end(&mut bytes).await?;
    /// assert_eq!(bytes, [7, 7, 7]);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn take(self, limit: u64) -> Take<Self>
    where
        Self: Sized,
    {
        Take::new(self, limit)
    }

    /// Reads some bytes into the start of `buf` and answers how many.
    ///
    /// 0 means the end of the stream, or an empty `buf`. What lies behind the count is unspecified.
    ///
    /// # Errors
    ///
    /// What the stream reports; nothing was read then.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a dropped future has read nothing.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut buf = [0; 8];
    /// let count = (&b"abc"[..]).read(&mut buf).await?;
    /// assert_eq!(&buf[..count], b"abc");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn read<'a>(&'a mut self, buf: &'a mut [u8]) -> IoFuture<'a, Self, Read<'a>>
    where
        Self: Unpin,
    {
        IoFuture::new(self, Read { buf })
    }

    /// Reads some bytes to the end of `buf` and answers how many.
    ///
    /// 0 means the end of the stream, or that `buf` has no room. A `Vec` or `BytesMut` makes some.
    ///
    /// # Errors
    ///
    /// What the stream reports; nothing was read then.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a dropped future has read nothing.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut vec = vec![b'>'];
    /// (&b"abc"[..]).read_buf(&mut vec).await?;
    /// assert_eq!(vec, b">abc");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn read_buf<'a, B: BufMut + ?Sized>(&'a mut self, buf: &'a mut B) -> IoFuture<'a, Self, ReadInto<'a, B>>
    where
        Self: Unpin,
    {
        IoFuture::new(self, ReadInto { buf })
    }

    /// Fills the whole of `buf` and answers its length.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` if the stream ends first; else what it reports. `buf` then holds some of the bytes.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: a dropped future may have read some of the bytes.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncReadExt, ErrorKind};
    ///
    /// # futures::executor::block_on(async {
    /// let mut reader: &[u8] = b"abc";
    /// let mut buf = [0; 2];
    /// reader.read_exact(&mut buf).await?;
    /// assert_eq!(&buf, b"ab");
    /// assert_eq!(reader.read_exact(&mut buf).await.unwrap_err().kind(), ErrorKind::UnexpectedEof);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn read_exact<'a>(&'a mut self, buf: &'a mut [u8]) -> IoFuture<'a, Self, ReadExact<'a>>
    where
        Self: Unpin,
    {
        IoFuture::new(self, ReadExact { buf, filled: 0 })
    }

    /// Reads everything up to the end of the stream to the end of `buf` and answers how many bytes that were.
    ///
    /// # Errors
    ///
    /// What the stream reports; `buf` keeps what was read before.
    ///
    /// # Cancel safety
    ///
    /// `buf` keeps what was read, so nothing is lost; only the count is.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut vec = vec![1];
    /// assert_eq!((&[2, 3][..]).read_to_end(&mut vec).await?, 2);
    /// assert_eq!(vec, [1, 2, 3]);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn read_to_end<'a>(&'a mut self, buf: &'a mut Vec<u8>) -> IoFuture<'a, Self, ReadToEnd<'a>>
    where
        Self: Unpin,
    {
        let progress = Appending::new(buf);
        IoFuture::new(self, ReadToEnd { buf, progress })
    }

    /// Reads text up to the end of the stream to the end of `text` and answers how many bytes that were.
    ///
    /// # Errors
    ///
    /// `InvalidData` if it is not UTF-8; else what the stream reports. `text` is as it was before then.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: a dropped future loses what it read. What `text` held before stays.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncReadExt, ErrorKind};
    ///
    /// # futures::executor::block_on(async {
    /// let mut text = String::from("grüne ");
    /// "Äpfel".as_bytes().read_to_string(&mut text).await?;
    /// assert_eq!(text, "grüne Äpfel");
    ///
    /// let error = (&[0xff][..]).read_to_string(&mut text).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidData);
    /// assert_eq!(text, "grüne Äpfel");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn read_to_string<'a>(&'a mut self, text: &'a mut String) -> IoFuture<'a, Self, ReadToString<'a>>
    where
        Self: Unpin,
    {
        let text = Text::new(text);
        let progress = Appending::new(&text.bytes);
        IoFuture::new(self, ReadToString { text, progress })
    }

    for_each_number!(read_number_methods);
}

impl<R: AsyncRead + ?Sized> AsyncReadExt for R {}

/// See [`AsyncReadExt::read`].
#[derive(Debug)]
pub struct Read<'a> {
    buf: &'a mut [u8],
}

impl<R: AsyncRead + ?Sized> Operation<R> for Read<'_> {
    type Output = io::Result<usize>;

    #[inline]
    fn poll_on(&mut self, reader: Pin<&mut R>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        poll_read_slice(reader, cx, self.buf)
    }
}

/// See [`AsyncReadExt::read_buf`].
#[derive(Debug)]
pub struct ReadInto<'a, B: ?Sized> {
    buf: &'a mut B,
}

impl<R: AsyncRead + ?Sized, B: BufMut + ?Sized> Operation<R> for ReadInto<'_, B> {
    type Output = io::Result<usize>;

    #[inline]
    fn poll_on(&mut self, reader: Pin<&mut R>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        poll_read_buf(reader, cx, self.buf, usize::MAX)
    }
}

/// See [`AsyncReadExt::read_exact`].
#[derive(Debug)]
pub struct ReadExact<'a> {
    buf: &'a mut [u8],
    /// How much of it was read.
    filled: usize,
}

impl<R: AsyncRead + ?Sized> Operation<R> for ReadExact<'_> {
    type Output = io::Result<usize>;

    #[inline]
    fn poll_on(&mut self, mut reader: Pin<&mut R>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        while self.filled < self.buf.len() {
            match ready!(poll_read_uninterrupted(reader.as_mut(), cx, &mut self.buf[self.filled..]))? {
                0 => return Poll::Ready(Err(early_end())),
                count => self.filled += count,
            }
        }
        Poll::Ready(Ok(self.filled))
    }
}

#[cold]
fn early_end() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the stream ended before the buffer was full")
}

/// See [`AsyncReadExt::read_to_end`].
#[derive(Debug)]
pub struct ReadToEnd<'a> {
    buf: &'a mut Vec<u8>,
    progress: Appending,
}

impl<R: AsyncRead + ?Sized> Operation<R> for ReadToEnd<'_> {
    type Output = io::Result<usize>;

    fn poll_on(&mut self, reader: Pin<&mut R>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.progress.poll(reader, cx, self.buf)
    }
}

/// See [`AsyncReadExt::read_to_string`].
#[derive(Debug)]
pub struct ReadToString<'a> {
    text: Text<'a>,
    progress: Appending,
}

impl<R: AsyncRead + ?Sized> Operation<R> for ReadToString<'_> {
    type Output = io::Result<usize>;

    fn poll_on(&mut self, reader: Pin<&mut R>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let count = ready!(self.progress.poll(reader, cx, &mut self.text.bytes))?;
        self.text.finish()?;
        Poll::Ready(Ok(count))
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
