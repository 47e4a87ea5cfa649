//! `AsyncSeek`: a stream whose position can be moved.
//!
//! Not one poll call but two, since a seek may take a blocking operation: `start_seek` hands the request in,
//! `poll_complete` waits for it. An implementor keeps this: with no request open, `poll_complete` answers
//! at once.

use std::io::{self, SeekFrom};
use std::ops::DerefMut;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Moves the position of a stream.
///
/// To await a seek, use the methods of [`AsyncSeekExt`](crate::io::AsyncSeekExt).
///
/// ```
/// use std::io::{Cursor, SeekFrom};
/// use std::pin::Pin;
/// use mini_runtime::io::AsyncSeek;
///
/// let mut cursor = Cursor::new([0u8; 8]);
/// Pin::new(&mut cursor).start_seek(SeekFrom::End(-2))?;
/// assert_eq!(cursor.position(), 6);
/// # std::io::Result::Ok(())
/// ```
pub trait AsyncSeek {
    /// Asks for a seek. Another one must not be under way: wait for it by [`poll_complete`](Self::poll_complete).
    ///
    /// ```
    /// use mini_runtime::io::AsyncSeek;
    /// use std::future::poll_fn;
    /// use std::pin::Pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut cursor = std::io::Cursor::new(b"mini");
    /// Pin::new(&mut cursor).start_seek(std::io::SeekFrom::End(-1))?;
    /// assert_eq!(poll_fn(|cx| Pin::new(&mut cursor).poll_complete(cx)).await?, 3);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// If the request cannot be taken, for one because the position would be negative.
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()>;

    /// Waits for the seek under way and answers the new position, counted from the start.
    ///
    /// With no seek under way it answers at once; the number is then the implementor's choice.
    ///
    /// ```
    /// use mini_runtime::io::AsyncSeek;
    /// use std::future::poll_fn;
    /// use std::pin::Pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut cursor = std::io::Cursor::new(b"mini");
    /// // Without a seek it says where the cursor is.
    /// assert_eq!(poll_fn(|cx| Pin::new(&mut cursor).poll_complete(cx)).await?, 0);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// What the source reports.
    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>>;
}

impl<T: AsyncSeek + Unpin + ?Sized> AsyncSeek for Box<T> {
    delegate_async_seek!(this => Pin::new(&mut **this.get_mut()));
}

impl<T: AsyncSeek + Unpin + ?Sized> AsyncSeek for &mut T {
    delegate_async_seek!(this => Pin::new(&mut **this.get_mut()));
}

impl<P: DerefMut<Target: AsyncSeek>> AsyncSeek for Pin<P> {
    delegate_async_seek!(this => this.as_deref_mut());
}

impl<T: AsRef<[u8]> + Unpin> AsyncSeek for io::Cursor<T> {
    #[inline]
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        io::Seek::seek(self.get_mut(), position).map(drop)
    }

    #[inline]
    fn poll_complete(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Poll::Ready(Ok(self.position()))
    }
}
