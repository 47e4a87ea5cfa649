//! `AsyncSeekExt`: the methods of every `AsyncSeek`.
//!
//! Not a cursor of its own. A seek first waits for one that an earlier, dropped future left under way.

use std::io::{self, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::future::{IoFuture, Operation};
use crate::io::AsyncSeek;

/// The methods of every [`AsyncSeek`].
///
/// ```
/// use std::io::{Cursor, SeekFrom};
/// use mini_runtime::io::{AsyncReadExt, AsyncSeekExt};
///
/// # futures::executor::block_on(async {
/// let mut file = Cursor::new(b"0123456789");
/// file.seek(SeekFrom::End(-3)).await?;
/// assert_eq!(file.read_u8().await?, b'7');
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub trait AsyncSeekExt: AsyncSeek {
    /// Moves the position and answers the new one, counted from the start.
    ///
    /// # Errors
    ///
    /// For a position before the start, and what the stream reports.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the position may or may not have moved when the future is dropped.
    ///
    /// ```
    /// # use std::io::{Cursor, SeekFrom};
    /// # use mini_runtime::io::AsyncSeekExt;
    /// # futures::executor::block_on(async {
    /// let mut file = Cursor::new([0; 10]);
    /// assert_eq!(file.seek(SeekFrom::Current(4)).await?, 4);
    /// assert!(file.seek(SeekFrom::Current(-5)).await.is_err());
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn seek(&mut self, position: SeekFrom) -> IoFuture<'_, Self, Seek>
    where
        Self: Unpin,
    {
        IoFuture::new(self, Seek { request: Some(position) })
    }

    /// Moves to the start: `seek(SeekFrom::Start(0))`.
    ///
    /// # Errors
    ///
    /// As [`seek`](Self::seek).
    ///
    /// ```
    /// # use mini_runtime::io::AsyncSeekExt;
    /// # futures::executor::block_on(async {
    /// let mut file = std::io::Cursor::new([0; 10]);
    /// file.set_position(7);
    /// assert_eq!(file.rewind().await?, 0);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn rewind(&mut self) -> IoFuture<'_, Self, Seek>
    where
        Self: Unpin,
    {
        self.seek(SeekFrom::Start(0))
    }

    /// Answers the position: `seek(SeekFrom::Current(0))`.
    ///
    /// # Errors
    ///
    /// As [`seek`](Self::seek).
    ///
    /// ```
    /// # use mini_runtime::io::AsyncSeekExt;
    /// # futures::executor::block_on(async {
    /// let mut file = std::io::Cursor::new([0; 10]);
    /// file.set_position(7);
    /// assert_eq!(file.stream_position().await?, 7);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn stream_position(&mut self) -> IoFuture<'_, Self, Seek>
    where
        Self: Unpin,
    {
        self.seek(SeekFrom::Current(0))
    }
}

impl<S: AsyncSeek + ?Sized> AsyncSeekExt for S {}

/// See [`AsyncSeekExt::seek`].
#[derive(Debug)]
pub struct Seek {
    /// What is asked, until the stream was asked it.
    request: Option<SeekFrom>,
}

impl<S: AsyncSeek + ?Sized> Operation<S> for Seek {
    type Output = io::Result<u64>;

    fn poll_on(&mut self, mut stream: Pin<&mut S>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        if let Some(position) = self.request {
            ready!(stream.as_mut().poll_complete(cx))?;
            self.request = None;
            stream.as_mut().start_seek(position)?;
        }
        stream.poll_complete(cx)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::io::mock::{SlowSeek, poll_once};

    #[test]
    fn a_seek_waits_for_the_one_a_dropped_future_left_behind() {
        let mut file = SlowSeek::new(*b"abcdef");
        assert!(poll_once(file.seek(SeekFrom::Start(4))).is_pending());
        assert_eq!(block_on(file.seek(SeekFrom::Current(1))).unwrap(), 5);
        assert_eq!(block_on(file.stream_position()).unwrap(), 5);
        assert_eq!(block_on(file.rewind()).unwrap(), 0);
        assert!(block_on(file.seek(SeekFrom::Current(-1))).is_err());
        assert_eq!(block_on(file.seek(SeekFrom::End(0))).unwrap(), 6, "an error leaves no seek under way");
    }
}
