//! `Empty`: a stream that is at its end and forgets what is written to it.
//!
//! Always ready, and so spends the task's budget.

use std::io::{self, IoSlice, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::poll_spend;
use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};

/// A stream without bytes: [`empty`].
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, empty};
///
/// # futures::executor::block_on(async {
/// assert_eq!(empty().read(&mut [0; 8]).await?, 0);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Empty(());

/// A reader at its end, a writer that forgets, and a file of no length.
///
/// ```
/// use mini_runtime::io::AsyncReadExt;
///
/// # futures::executor::block_on(async {
/// let mut text = String::new();
/// mini_runtime::io::empty().read_to_string(&mut text).await?;
/// assert_eq!(text, "");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub fn empty() -> Empty {
    Empty(())
}

impl AsyncRead for Empty {
    #[inline]
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        poll_spend(cx).map(Ok)
    }
}

impl AsyncBufRead for Empty {
    #[inline]
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        ready!(poll_spend(cx));
        Poll::Ready(Ok(&[]))
    }

    #[inline]
    fn consume(self: Pin<&mut Self>, _: usize) {}
}

impl AsyncSeek for Empty {
    fn start_seek(self: Pin<&mut Self>, _: SeekFrom) -> io::Result<()> {
        Ok(())
    }

    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        poll_spend(cx).map(|()| Ok(0))
    }
}

forgets_writes!(Empty);

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::io::mock::yields_under_budget;
    use crate::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

    #[test]
    fn it_has_no_bytes_and_takes_any() {
        let mut stream = empty();
        assert_eq!(block_on(stream.read(&mut [0; 4])).unwrap(), 0);
        assert_eq!(block_on(stream.fill_buf()).unwrap(), b"");
        assert_eq!(block_on(stream.seek(SeekFrom::End(9))).unwrap(), 0);
        assert_eq!(block_on(stream.write(b"abc")).unwrap(), 3);
        let slices = [IoSlice::new(b"ab"), IoSlice::new(b"c")];
        assert_eq!(block_on(stream.write_vectored(&slices)).unwrap(), 3);
        block_on(stream.shutdown()).unwrap();
    }

    #[test]
    fn loops_over_it_yield() {
        let loops = async {
            for _ in 0..1000 {
                empty().read(&mut [0]).await.unwrap();
                empty().fill_buf().await.unwrap();
                empty().write(b"a").await.unwrap();
                empty().flush().await.unwrap();
            }
        };
        assert_eq!(yields_under_budget(loops), 4000 / 128);
    }
}
