//! `AsyncRead`: something bytes can be read from.
//!
//! Not the methods to await; those are `AsyncReadExt`'s. An implementor keeps this: on `Pending` nothing was
//! put into the buffer and the newest waker was stored.

use std::io;
use std::ops::DerefMut;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::ReadBuf;

/// Reads bytes without blocking.
///
/// To await a read, use the methods of [`AsyncReadExt`](crate::io::AsyncReadExt).
///
/// ```
/// use std::pin::Pin;
/// use std::task::{Context, Poll};
/// use mini_runtime::io::{AsyncRead, AsyncReadExt, ReadBuf};
///
/// struct Ones;
///
/// impl AsyncRead for Ones {
///     fn poll_read(
///         self: Pin<&mut Self>,
///         _cx: &mut Context<'_>,
///         buf: &mut ReadBuf<'_>,
///     ) -> Poll<std::io::Result<()>> {
///         buf.initialize_unfilled().fill(1);
///         buf.advance(buf.remaining());
///         Poll::Ready(Ok(()))
///     }
/// }
///
/// # futures::executor::block_on(async {
/// assert_eq!(Ones.read_u16().await?, 0x0101);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub trait AsyncRead {
    /// Tries to put bytes into `buf`.
    ///
    /// `Ready(Ok(()))` with nothing added to a buffer that had room is the end of the stream. `Pending` adds
    /// nothing, and the task is woken when a further try is worthwhile.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncRead, ReadBuf};
    /// use std::future::poll_fn;
    /// use std::pin::Pin;
    ///
    /// # futures::executor::block_on(async {
    /// let (mut reader, mut bytes) = (&b"mini"[..], [0; 8]);
    /// let mut buf = ReadBuf::new(&mut bytes);
    /// poll_fn(|cx| Pin::new(&mut reader).poll_read(cx, &mut buf)).await?;
    /// assert_eq!(buf.filled(), b"mini");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// What the source reports; nothing is added then.
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>>;
}

impl<T: AsyncRead + Unpin + ?Sized> AsyncRead for Box<T> {
    delegate_async_read!(this => Pin::new(&mut **this.get_mut()));
}

impl<T: AsyncRead + Unpin + ?Sized> AsyncRead for &mut T {
    delegate_async_read!(this => Pin::new(&mut **this.get_mut()));
}

impl<P: DerefMut<Target: AsyncRead>> AsyncRead for Pin<P> {
    delegate_async_read!(this => this.as_deref_mut());
}

/// Reading takes bytes off the front.
impl AsyncRead for &[u8] {
    #[inline]
    fn poll_read(self: Pin<&mut Self>, _cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let (taken, rest) = this.split_at(this.len().min(buf.remaining()));
        buf.put_slice(taken);
        *this = rest;
        Poll::Ready(Ok(()))
    }
}

/// Reading starts at the cursor's position; a position beyond the end reads nothing.
impl<T: AsRef<[u8]> + Unpin> AsyncRead for io::Cursor<T> {
    fn poll_read(self: Pin<&mut Self>, _cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let bytes = this.get_ref().as_ref();
        let start = usize::try_from(this.position()).unwrap_or(usize::MAX).min(bytes.len());
        let end = start + (bytes.len() - start).min(buf.remaining());
        buf.put_slice(&bytes[start..end]);
        if end > start {
            this.set_position(end as u64);
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn read(mut reader: impl AsyncRead + Unpin, size: usize) -> Vec<u8> {
        let mut bytes = vec![0; size];
        let mut buf = ReadBuf::new(&mut bytes);
        let mut cx = Context::from_waker(std::task::Waker::noop());
        assert!(matches!(Pin::new(&mut reader).poll_read(&mut cx, &mut buf), Poll::Ready(Ok(()))));
        buf.filled().to_vec()
    }

    #[test]
    fn slices_and_cursors_and_pointers_to_them_read_from_their_front() {
        let mut slice: &[u8] = b"abcdef";
        let by_reference: &mut &[u8] = &mut slice;
        assert_eq!(read(by_reference, 2), b"ab");
        assert_eq!(read(Pin::new(&mut slice), 1), b"c");
        assert_eq!(read(Box::new(slice), 9), b"def");
        assert_eq!(read(&b""[..], 4), b"");

        let mut cursor = io::Cursor::new(vec![1, 2, 3]);
        assert_eq!(read(&mut cursor, 2), [1, 2]);
        assert_eq!(read(&mut cursor, 2), [3]);
        assert_eq!(read(&mut cursor, 2), []);
    }

    #[test]
    fn a_cursor_beyond_its_end_reads_nothing_and_stays_there() {
        for position in [4, u64::MAX] {
            let mut cursor = io::Cursor::new([0u8; 3]);
            cursor.set_position(position);
            assert_eq!(read(&mut cursor, 2), []);
            assert_eq!(cursor.position(), position);
        }
    }
}
