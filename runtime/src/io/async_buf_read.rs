//! `AsyncBufRead`: a reader whose next bytes can be looked at before they are taken.
//!
//! Not a buffer itself; `BufReader` gives one to any reader. An implementor keeps this: bytes once shown and
//! not consumed are shown again by the next `poll_fill_buf`, at once.

use std::io;
use std::ops::DerefMut;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::AsyncRead;

/// Reads through an internal buffer.
///
/// To await lines and delimiters, use the methods of [`AsyncBufReadExt`](crate::io::AsyncBufReadExt).
///
/// ```
/// use std::pin::Pin;
/// use std::task::{Context, Poll, Waker};
/// use mini_runtime::io::AsyncBufRead;
///
/// let mut reader: &[u8] = b"rest";
/// let mut cx = Context::from_waker(Waker::noop());
/// Pin::new(&mut reader).consume(2);
/// let Poll::Ready(Ok(shown)) = Pin::new(&mut reader).poll_fill_buf(&mut cx) else { panic!() };
/// assert_eq!(shown, b"st");
/// ```
pub trait AsyncBufRead: AsyncRead {
    /// Shows the bytes at hand, reading more from the source if there are none.
    ///
    /// An empty slice is the end of the stream. `Pending` means that the task is woken when more may be there.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufRead;
    /// use std::future::poll_fn;
    /// use std::pin::Pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut reader = &b"mini"[..];
    /// let length = poll_fn(|cx| Pin::new(&mut reader).poll_fill_buf(cx).map_ok(<[u8]>::len)).await?;
    /// assert_eq!(length, 4);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// What the source reports.
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>>;

    /// Takes `amount` of the bytes last shown, so that they are not shown or read again.
    ///
    /// `amount` must not exceed what was shown; what happens then is the implementor's choice.
    ///
    /// ```
    /// use mini_runtime::io::AsyncBufRead;
    /// use std::pin::Pin;
    ///
    /// let mut reader = &b"mini"[..];
    /// Pin::new(&mut reader).consume(2);
    /// assert_eq!(reader, b"ni");
    /// ```
    fn consume(self: Pin<&mut Self>, amount: usize);
}

impl<T: AsyncBufRead + Unpin + ?Sized> AsyncBufRead for Box<T> {
    delegate_async_buf_read!(this => Pin::new(&mut **this.get_mut()));
}

impl<T: AsyncBufRead + Unpin + ?Sized> AsyncBufRead for &mut T {
    delegate_async_buf_read!(this => Pin::new(&mut **this.get_mut()));
}

impl<P: DerefMut<Target: AsyncBufRead>> AsyncBufRead for Pin<P> {
    delegate_async_buf_read!(this => this.as_deref_mut());
}

/// `consume` panics, as std's does, when told to take more than there is.
impl AsyncBufRead for &[u8] {
    #[inline]
    fn poll_fill_buf(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        Poll::Ready(Ok(*self))
    }

    #[inline]
    fn consume(self: Pin<&mut Self>, amount: usize) {
        let this = self.get_mut();
        *this = &this[amount..];
    }
}

impl<T: AsRef<[u8]> + Unpin> AsyncBufRead for io::Cursor<T> {
    #[inline]
    fn poll_fill_buf(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        Poll::Ready(io::BufRead::fill_buf(self.get_mut()))
    }

    #[inline]
    fn consume(self: Pin<&mut Self>, amount: usize) {
        io::BufRead::consume(self.get_mut(), amount);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn shown(mut reader: impl AsyncBufRead + Unpin) -> Vec<u8> {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        match Pin::new(&mut reader).poll_fill_buf(&mut cx) {
            Poll::Ready(Ok(bytes)) => bytes.to_vec(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_not_consumed_is_shown_again() {
        let mut slice: &[u8] = b"abc";
        assert_eq!(shown(slice), b"abc");
        Pin::new(&mut slice).consume(1);
        assert_eq!(shown(Box::new(slice)), b"bc");
        assert_eq!(shown(Pin::new(&mut slice)), b"bc");

        let mut cursor = io::Cursor::new("xyz");
        Pin::new(&mut cursor).consume(2);
        assert_eq!(shown(&mut cursor), b"z");
        Pin::new(&mut cursor).consume(1);
        assert_eq!(shown(&mut cursor), b"");
    }
}
