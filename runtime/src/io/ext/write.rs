//! `AsyncWriteExt`: the methods of every `AsyncWrite`.
//!
//! Nothing here buffers or flushes of itself: a writer that buffers keeps what it has until `flush`.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Buf;

use super::future::{IoFuture, Operation};
use super::numbers::{WriteNumber, for_each_number, write_number_methods};
use crate::io::AsyncWrite;
use crate::io::step::{checked_count, poll_write_some};

/// Buffers passed to one vectored write at most; Linux would take 1,024, most messages have few.
const MAX_SLICES: usize = 64;

/// The methods of every [`AsyncWrite`].
///
/// ```
/// use mini_runtime::io::AsyncWriteExt;
///
/// # futures::executor::block_on(async {
/// let mut target = Vec::new();
/// target.write_u16(0x6869).await?;
/// target.write_all(b" there").await?;
/// assert_eq!(target, b"hi there");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub trait AsyncWriteExt: AsyncWrite {
    /// Writes a beginning of `bytes` and answers its length.
    ///
    /// # Errors
    ///
    /// What the writer reports; nothing was written then.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a dropped future has written nothing.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncWriteExt;
    /// # futures::executor::block_on(async {
    /// let mut array = [0; 2];
    /// let mut target = std::io::Cursor::new(&mut array[..]);
    /// assert_eq!(target.write(b"abc").await?, 2);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> IoFuture<'a, Self, Write<'a>>
    where
        Self: Unpin,
    {
        IoFuture::new(self, Write { bytes })
    }

    /// As [`write`](Self::write), from several buffers in their order.
    ///
    /// # Errors
    ///
    /// As `write`.
    ///
    /// # Cancel safety
    ///
    /// As `write`.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncWriteExt;
    /// use std::io::IoSlice;
    ///
    /// # futures::executor::block_on(async {
    /// let mut target = Vec::new();
    /// target.write_vectored(&[IoSlice::new(b"ab"), IoSlice::new(b"c")]).await?;
    /// assert_eq!(target, b"abc");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn write_vectored<'a, 'b>(
        &'a mut self,
        bufs: &'a [IoSlice<'b>],
    ) -> IoFuture<'a, Self, WriteVectored<'a, 'b>>
    where
        Self: Unpin,
    {
        IoFuture::new(self, WriteVectored { bufs })
    }

    /// Writes a beginning of `buf`, advances it by that, and answers the count.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a dropped future has written nothing and left `buf` as it was.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncWriteExt;
    /// # futures::executor::block_on(async {
    /// let mut message = bytes::Bytes::from_static(b"abc");
    /// let mut array = [0; 2];
    /// std::io::Cursor::new(&mut array[..]).write_buf(&mut message).await?;
    /// assert_eq!((&array, &message[..]), (b"ab", &b"c"[..]));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn write_buf<'a, B: Buf>(&'a mut self, buf: &'a mut B) -> IoFuture<'a, Self, WriteBuf<'a, B>>
    where
        Self: Sized + Unpin,
    {
        IoFuture::new(self, WriteBuf { buf })
    }

    /// Writes all of `buf`, advancing it as it goes.
    ///
    /// # Errors
    ///
    /// `WriteZero` if the writer takes no more; else what it reports. `buf` then holds what was not written.
    ///
    /// # Cancel safety
    ///
    /// `buf` holds what was not written when the future is dropped, so the call can be repeated.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncWriteExt;
    /// # futures::executor::block_on(async {
    /// let mut message = bytes::Bytes::from_static(b"abc");
    /// let mut target = Vec::new();
    /// target.write_all_buf(&mut message).await?;
    /// assert_eq!((&target[..], message.len()), (&b"abc"[..], 0));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn write_all_buf<'a, B: Buf>(&'a mut self, buf: &'a mut B) -> IoFuture<'a, Self, WriteAllBuf<'a, B>>
    where
        Self: Sized + Unpin,
    {
        IoFuture::new(self, WriteAllBuf { buf })
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    ///
    /// `WriteZero` if the writer takes no more; else what it reports. Some of the bytes may be written.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: a dropped future may have written some of the bytes, and does not say how many.
    /// [`write_all_buf`](Self::write_all_buf) does.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncWriteExt;
    /// # futures::executor::block_on(async {
    /// let mut target = Vec::new();
    /// target.write_all(b"abc").await?;
    /// assert_eq!(target, b"abc");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn write_all<'a>(&'a mut self, bytes: &'a [u8]) -> IoFuture<'a, Self, WriteAll<'a>>
    where
        Self: Unpin,
    {
        IoFuture::new(self, WriteAll { bytes })
    }

    for_each_number!(write_number_methods);

    /// Sends what is buffered on its way.
    ///
    /// # Errors
    ///
    /// What the writer reports.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: calling it again goes on where it stopped.
    ///
    /// ```
    /// # use mini_runtime::io::{AsyncWriteExt, BufWriter};
    /// # futures::executor::block_on(async {
    /// let mut writer = BufWriter::new(Vec::new());
    /// writer.write_all(b"abc").await?;
    /// assert_eq!(writer.get_ref(), b"");
    /// writer.flush().await?;
    /// assert_eq!(writer.get_ref(), b"abc");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn flush(&mut self) -> IoFuture<'_, Self, Flush>
    where
        Self: Unpin,
    {
        IoFuture::new(self, Flush)
    }

    /// Flushes, then ends the stream: the other side reads what was written, then the end.
    ///
    /// # Errors
    ///
    /// What the writer reports.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: calling it again goes on where it stopped.
    ///
    /// ```
    /// # use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
    /// # futures::executor::block_on(async {
    /// let (mut client, mut server) = mini_runtime::io::duplex(8);
    /// client.shutdown().await?;
    /// assert_eq!(server.read(&mut [0; 8]).await?, 0);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[inline]
    fn shutdown(&mut self) -> IoFuture<'_, Self, Shutdown>
    where
        Self: Unpin,
    {
        IoFuture::new(self, Shutdown)
    }
}

impl<W: AsyncWrite + ?Sized> AsyncWriteExt for W {}

/// See [`AsyncWriteExt::write`].
#[derive(Debug)]
pub struct Write<'a> {
    bytes: &'a [u8],
}

impl<W: AsyncWrite + ?Sized> Operation<W> for Write<'_> {
    type Output = io::Result<usize>;

    #[inline]
    fn poll_on(&mut self, writer: Pin<&mut W>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        writer.poll_write(cx, self.bytes)
    }
}

/// See [`AsyncWriteExt::write_vectored`].
#[derive(Debug)]
pub struct WriteVectored<'a, 'b> {
    bufs: &'a [IoSlice<'b>],
}

impl<W: AsyncWrite + ?Sized> Operation<W> for WriteVectored<'_, '_> {
    type Output = io::Result<usize>;

    #[inline]
    fn poll_on(&mut self, writer: Pin<&mut W>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        writer.poll_write_vectored(cx, self.bufs)
    }
}

/// See [`AsyncWriteExt::write_buf`].
#[derive(Debug)]
pub struct WriteBuf<'a, B> {
    buf: &'a mut B,
}

impl<W: AsyncWrite + ?Sized, B: Buf> Operation<W> for WriteBuf<'_, B> {
    type Output = io::Result<usize>;

    #[inline]
    fn poll_on(&mut self, writer: Pin<&mut W>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if !self.buf.has_remaining() {
            return Poll::Ready(Ok(0));
        }
        poll_write_from(writer, cx, self.buf)
    }
}

/// See [`AsyncWriteExt::write_all_buf`].
#[derive(Debug)]
pub struct WriteAllBuf<'a, B> {
    buf: &'a mut B,
}

impl<W: AsyncWrite + ?Sized, B: Buf> Operation<W> for WriteAllBuf<'_, B> {
    type Output = io::Result<()>;

    #[inline]
    fn poll_on(&mut self, mut writer: Pin<&mut W>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.buf.has_remaining() {
            match ready!(poll_write_from(writer.as_mut(), cx, self.buf)) {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// Writes a beginning of `buf`, in one vectored call where the writer has one, and advances `buf` by it.
fn poll_write_from<W: AsyncWrite + ?Sized, B: Buf>(
    writer: Pin<&mut W>,
    cx: &mut Context<'_>,
    buf: &mut B,
) -> Poll<io::Result<usize>> {
    let count = if writer.is_write_vectored() {
        let mut slices = [IoSlice::new(&[]); MAX_SLICES];
        let used = buf.chunks_vectored(&mut slices);
        ready!(writer.poll_write_vectored(cx, &slices[..used]))?
    } else {
        ready!(writer.poll_write(cx, buf.chunk()))?
    };
    let count = checked_count(count, buf.remaining())?;
    buf.advance(count);
    Poll::Ready(Ok(count))
}

/// See [`AsyncWriteExt::write_all`].
#[derive(Debug)]
pub struct WriteAll<'a> {
    /// What is not written yet.
    bytes: &'a [u8],
}

impl<W: AsyncWrite + ?Sized> Operation<W> for WriteAll<'_> {
    type Output = io::Result<()>;

    #[inline]
    fn poll_on(&mut self, mut writer: Pin<&mut W>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.bytes.is_empty() {
            let count = ready!(poll_write_some(writer.as_mut(), cx, self.bytes))?;
            self.bytes = &self.bytes[count..];
        }
        Poll::Ready(Ok(()))
    }
}

/// See [`AsyncWriteExt::flush`].
#[derive(Debug)]
pub struct Flush;

impl<W: AsyncWrite + ?Sized> Operation<W> for Flush {
    type Output = io::Result<()>;

    #[inline]
    fn poll_on(&mut self, writer: Pin<&mut W>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        writer.poll_flush(cx)
    }
}

/// See [`AsyncWriteExt::shutdown`].
#[derive(Debug)]
pub struct Shutdown;

impl<W: AsyncWrite + ?Sized> Operation<W> for Shutdown {
    type Output = io::Result<()>;

    #[inline]
    fn poll_on(&mut self, writer: Pin<&mut W>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        writer.poll_shutdown(cx)
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
