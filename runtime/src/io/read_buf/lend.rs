//! Lending a part of one buffer to a reader as a `ReadBuf`, and believing what the reader says about it.
//!
//! A `&mut ReadBuf` may be overwritten by a whole other `ReadBuf` in safe code. So before the counts found in
//! it are believed about *our* memory, it is shown to be ours still.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::BufMut;

use super::ReadBuf;
use crate::io::AsyncRead;

impl ReadBuf<'_> {
    /// Lets `fill` work on at most `limit` bytes of the unfilled part, and counts as filled what it filled.
    ///
    /// # Errors
    ///
    /// If `fill` put another buffer in the place of the one it was lent. Nothing counts as filled then.
    pub(in crate::io) fn lend<T>(
        &mut self,
        limit: usize,
        fill: impl FnOnce(&mut ReadBuf<'_>) -> T,
    ) -> io::Result<T> {
        let mut lent = self.take(limit);
        let identity = lent.identity();
        let result = fill(&mut lent);
        lent.check_identity(identity)?;
        // The lent part kept R1 by itself, so it holds for the whole again.
        let (filled, initialized) = (lent.filled, lent.initialized);
        self.initialized = self.initialized.max(self.filled + initialized);
        self.filled += filled;
        Ok(result)
    }

    /// What tells this buffer's memory from any other live one: two exclusive borrows of the same place and
    /// length, not both empty, cannot coexist.
    fn identity(&self) -> (*const MaybeUninit<u8>, usize) {
        (self.buf.as_ptr(), self.buf.len())
    }

    /// That this buffer still is the one of which `before` was taken.
    fn check_identity(&self, before: (*const MaybeUninit<u8>, usize)) -> io::Result<()> {
        if self.identity() == before {
            return Ok(());
        }
        Err(io::Error::other("reader put another buffer in the place of the one it was lent"))
    }
}

/// Reads at most `limit` bytes to the end of `target` and answers how many; 0 if it has no room.
///
/// # Errors
///
/// The reader's, or that it swapped the buffer. `target` is unchanged then.
pub(in crate::io) fn poll_read_buf<R: AsyncRead + ?Sized, B: BufMut + ?Sized>(
    reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    target: &mut B,
    limit: usize,
) -> Poll<io::Result<usize>> {
    if !target.has_remaining_mut() {
        return Poll::Ready(Ok(0));
    }
    let chunk = target.chunk_mut();
    // SAFETY: the slice goes into a ReadBuf alone, which makes no initialised byte uninitialised.
    let chunk = unsafe { chunk.as_uninit_slice_mut() };
    let length = chunk.len().min(limit);
    let mut buf = ReadBuf::uninit(&mut chunk[..length]);
    let identity = buf.identity();
    ready!(reader.poll_read(cx, &mut buf))?;
    buf.check_identity(identity)?;
    let count = buf.filled;
    // SAFETY: `buf` is the one over `target`'s chunk, as just checked, and its first `count` bytes are
    // filled, hence initialised by R1. Nothing touched `target` since `chunk_mut`.
    unsafe { target.advance_mut(count) };
    Poll::Ready(Ok(count))
}
