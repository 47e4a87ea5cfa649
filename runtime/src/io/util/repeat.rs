//! `Repeat`: a reader of one byte without end.
//!
//! Always ready, and so spends the task's budget.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::BufMut;

use super::poll_spend;
use crate::io::{AsyncRead, ReadBuf};

/// A reader of one byte without end: [`repeat`].
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, repeat};
///
/// # futures::executor::block_on(async {
/// assert_eq!(repeat(7).read_u16().await?, 0x0707);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Repeat {
    byte: u8,
}

/// A reader that fills every buffer with `byte`.
///
/// ```
/// use mini_runtime::io::AsyncReadExt;
///
/// # futures::executor::block_on(async {
/// assert_eq!(mini_runtime::io::repeat(1).read_u32().await?, 0x0101_0101);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub fn repeat(byte: u8) -> Repeat {
    Repeat { byte }
}

impl AsyncRead for Repeat {
    #[inline]
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        ready!(poll_spend(cx));
        buf.put_bytes(self.byte, buf.remaining());
        Poll::Ready(Ok(()))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::io::AsyncReadExt;
    use crate::io::mock::yields_under_budget;

    #[test]
    fn loops_over_it_yield_and_read_its_byte() {
        let loops = async {
            for _ in 0..1000 {
                let mut buf = [0; 5];
                assert_eq!(repeat(7).read(&mut buf).await.unwrap(), 5);
                assert_eq!(buf, [7; 5]);
            }
        };
        assert_eq!(yields_under_budget(loops), 1000 / 128);
    }
}
