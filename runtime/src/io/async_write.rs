//! `AsyncWrite`: something bytes can be written to.
//!
//! Not the methods to await; those are `AsyncWriteExt`'s. An implementor keeps this: `Ready(Ok(n))` has taken
//! exactly the first `n` bytes it was given, and `Pending` none.

use std::io::{self, IoSlice};
use std::ops::DerefMut;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Writes bytes without blocking.
///
/// To await a write, use the methods of [`AsyncWriteExt`](crate::io::AsyncWriteExt).
///
/// ```
/// use std::pin::Pin;
/// use std::task::{Context, Poll};
/// use mini_runtime::io::{AsyncWrite, AsyncWriteExt};
///
/// #[derive(Default)]
/// struct Counter(usize);
///
/// impl AsyncWrite for Counter {
///     fn poll_write(
///         mut self: Pin<&mut Self>,
///         _cx: &mut Context<'_>,
///         buf: &[u8],
///     ) -> Poll<std::io::Result<usize>> {
///         self.0 += buf.len();
///         Poll::Ready(Ok(buf.len()))
///     }
///     fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
///         Poll::Ready(Ok(()))
///     }
///     fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
///         Poll::Ready(Ok(()))
///     }
/// }
///
/// # futures::executor::block_on(async {
/// let mut counter = Counter::default();
/// counter.write_all(b"four").await?;
/// assert_eq!(counter.0, 4);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub trait AsyncWrite {
    /// Tries to write a beginning of `buf`, and answers its length.
    ///
    /// `Ready(Ok(0))` for a `buf` that is not empty usually means that the writer takes no more, ever.
    /// `Pending` has written nothing, and the task is woken when a further try is worthwhile.
    ///
    /// ```
    /// use mini_runtime::io::AsyncWrite;
    /// use std::future::poll_fn;
    /// use std::pin::Pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = Vec::new();
    /// assert_eq!(poll_fn(|cx| Pin::new(&mut writer).poll_write(cx, b"mini")).await?, 4);
    /// assert_eq!(writer, b"mini");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// What the target reports; nothing was written then.
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>>;

    /// Tries to send what is buffered on its way.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncWrite, AsyncWriteExt, BufWriter};
    /// use std::future::poll_fn;
    /// use std::pin::Pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = BufWriter::new(Vec::new());
    /// writer.write_all(b"mini").await?;
    /// poll_fn(|cx| Pin::new(&mut writer).poll_flush(cx)).await?;
    /// assert_eq!(writer.get_ref(), b"mini");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// What the target reports; some of the bytes may have gone.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Tries to end the stream: flushes, then tells the other side that nothing more follows.
    ///
    /// Called until it answers `Ready`. Writes after it may fail. A stream that only seems to end, such as
    /// one written to a file, treats it as a flush.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncReadExt, AsyncWrite, duplex};
    /// use std::future::poll_fn;
    /// use std::pin::Pin;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut near, mut far) = duplex(8);
    /// poll_fn(|cx| Pin::new(&mut near).poll_shutdown(cx)).await?;
    /// assert_eq!(far.read(&mut [0]).await?, 0);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// What the target reports.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// As [`poll_write`](Self::poll_write), from several buffers in their order.
    ///
    /// Unless implemented otherwise, it writes from the first buffer that is not empty.
    ///
    /// # Errors
    ///
    /// As `poll_write`.
    ///
    /// ```
    /// use mini_runtime::io::AsyncWrite;
    /// use std::future::poll_fn;
    /// use std::io::IoSlice;
    /// use std::pin::Pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = Vec::new();
    /// let parts = [IoSlice::new(b"head, "), IoSlice::new(b"body")];
    /// let count = poll_fn(|cx| Pin::new(&mut writer).poll_write_vectored(cx, &parts)).await?;
    /// assert_eq!((count, &writer[..]), (10, &b"head, body"[..]));
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first: &[u8] = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[], |buf| buf);
        self.poll_write(cx, first)
    }

    /// Whether [`poll_write_vectored`](Self::poll_write_vectored) is worth more than a loop of `poll_write`.
    ///
    /// ```
    /// use mini_runtime::io::AsyncWrite;
    ///
    /// assert!(Vec::new().is_write_vectored());
    /// ```
    fn is_write_vectored(&self) -> bool {
        false
    }
}

impl<T: AsyncWrite + Unpin + ?Sized> AsyncWrite for Box<T> {
    delegate_async_write!(this => Pin::new(&mut **this.get_mut()), shared => &**shared);
}

impl<T: AsyncWrite + Unpin + ?Sized> AsyncWrite for &mut T {
    delegate_async_write!(this => Pin::new(&mut **this.get_mut()), shared => &**shared);
}

impl<P: DerefMut<Target: AsyncWrite>> AsyncWrite for Pin<P> {
    delegate_async_write!(this => this.as_deref_mut(), shared => &**shared);
}

/// Targets in memory: std's own `Write` never blocks there.
macro_rules! write_to_memory {
    ($($target:ty),*) => {$(
        impl AsyncWrite for $target {
            #[inline]
            fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
                Poll::Ready(io::Write::write(self.get_mut(), buf))
            }

            #[inline]
            fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
                Poll::Ready(Ok(()))
            }

            #[inline]
            fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
                Poll::Ready(Ok(()))
            }

            #[inline]
            fn poll_write_vectored(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                bufs: &[IoSlice<'_>],
            ) -> Poll<io::Result<usize>> {
                Poll::Ready(io::Write::write_vectored(self.get_mut(), bufs))
            }

            #[inline]
            fn is_write_vectored(&self) -> bool {
                true
            }
        }
    )*};
}

write_to_memory!(
    Vec<u8>,
    io::Cursor<&mut [u8]>,
    io::Cursor<&mut Vec<u8>>,
    io::Cursor<Vec<u8>>,
    io::Cursor<Box<[u8]>>
);

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn write(mut writer: impl AsyncWrite + Unpin, bytes: &[u8]) -> usize {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        match Pin::new(&mut writer).poll_write(&mut cx, bytes) {
            Poll::Ready(Ok(count)) => count,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn memory_takes_bytes_where_std_would_put_them() {
        let mut vec = vec![9];
        assert_eq!(write(&mut vec, b"ab"), 2);
        assert_eq!(write(Pin::new(&mut vec), b"c"), 1);
        assert_eq!(vec, [9, b'a', b'b', b'c']);

        let mut array = [0; 3];
        let mut cursor = io::Cursor::new(&mut array[..]);
        assert_eq!(write(&mut cursor, b"ab"), 2);
        assert_eq!(write(&mut cursor, b"cd"), 1, "a full slice takes a part");
        assert_eq!(write(&mut cursor, b"d"), 0, "then nothing");
        assert_eq!(&array, b"abc");

        let mut cursor = io::Cursor::new(vec![0; 2]);
        cursor.set_position(1);
        assert_eq!(write(Box::new(&mut cursor), b"xyz"), 3);
        assert_eq!(cursor.into_inner(), b"\0xyz");
    }

    #[test]
    fn pointers_pass_vectored_writes_on() {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut boxed = Box::new(Vec::new());
        assert!(boxed.is_write_vectored());
        let bufs = [IoSlice::new(b"ab"), IoSlice::new(b""), IoSlice::new(b"c")];
        assert!(matches!(Pin::new(&mut boxed).poll_write_vectored(&mut cx, &bufs), Poll::Ready(Ok(3))));
        assert_eq!(**boxed, *b"abc");
    }

    #[test]
    fn a_writer_without_vectored_writes_takes_the_first_buffer_that_is_not_empty() {
        struct Plain(Vec<u8>);
        impl AsyncWrite for Plain {
            fn poll_write(
                mut self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                buf: &[u8],
            ) -> Poll<io::Result<usize>> {
                Pin::new(&mut self.0).poll_write(cx, buf)
            }
            fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
                Poll::Ready(Ok(()))
            }
            fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
                Poll::Ready(Ok(()))
            }
        }
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut plain = Plain(Vec::new());
        let bufs = [IoSlice::new(b""), IoSlice::new(b"xy"), IoSlice::new(b"z")];
        assert!(matches!(Pin::new(&mut plain).poll_write_vectored(&mut cx, &bufs), Poll::Ready(Ok(2))));
        assert!(matches!(Pin::new(&mut plain).poll_write_vectored(&mut cx, &[]), Poll::Ready(Ok(0))));
        assert_eq!(plain.0, b"xy");
        assert!(!plain.is_write_vectored());
    }
}
