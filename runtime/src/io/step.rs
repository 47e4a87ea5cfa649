//! The single steps that the loops of `ext` and `util` are made of: one read, one write.
//!
//! Not public: what users call is built on these. Each holds the line against implementors that break the
//! traits' contract: a count that cannot be true never makes us index beyond a buffer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::{AsyncRead, AsyncWrite, ReadBuf};

/// Reads into a slice and answers how much of it was filled.
#[inline]
pub(super) fn poll_read_slice<R: AsyncRead + ?Sized>(
    reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    slice: &mut [u8],
) -> Poll<io::Result<usize>> {
    let capacity = slice.len();
    let mut buf = ReadBuf::new(slice);
    ready!(reader.poll_read(cx, &mut buf))?;
    // A reader may put a longer ReadBuf of its own in the place of ours.
    Poll::Ready(Ok(buf.filled().len().min(capacity)))
}

/// As [`poll_read_slice`], tried again for as long as the source reports `Interrupted`.
#[inline]
pub(super) fn poll_read_uninterrupted<R: AsyncRead + ?Sized>(
    mut reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    slice: &mut [u8],
) -> Poll<io::Result<usize>> {
    loop {
        match ready!(poll_read_slice(reader.as_mut(), cx, slice)) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return Poll::Ready(result),
        }
    }
}

/// Writes at least one byte of `buf`, which is not empty: the step of every loop that writes everything.
///
/// `Interrupted` is tried again, nothing written is `WriteZero`.
#[inline]
pub(super) fn poll_write_some<W: AsyncWrite + ?Sized>(
    mut writer: Pin<&mut W>,
    cx: &mut Context<'_>,
    buf: &[u8],
) -> Poll<io::Result<usize>> {
    debug_assert!(!buf.is_empty());
    loop {
        match ready!(writer.as_mut().poll_write(cx, buf)) {
            Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            Ok(count) => return Poll::Ready(checked_count(count, buf.len())),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Poll::Ready(Err(error)),
        }
    }
}

/// The count that a writer answered for `offered` bytes, if it can be believed.
#[inline]
pub(super) fn checked_count(count: usize, offered: usize) -> io::Result<usize> {
    if count <= offered { Ok(count) } else { Err(incredible(count, offered)) }
}

#[cold]
fn incredible(count: usize, offered: usize) -> io::Error {
    io::Error::other(format!("writer claims {count} bytes written of the {offered} it was given"))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::util::kept;

    #[test]
    fn a_reader_that_swaps_the_buffer_cannot_overstate_the_count() {
        struct Swap;
        impl AsyncRead for Swap {
            fn poll_read(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                buf: &mut ReadBuf<'_>,
            ) -> Poll<io::Result<()>> {
                *buf = ReadBuf::new(kept::buffer::<64>(7));
                buf.advance(64);
                Poll::Ready(Ok(()))
            }
        }
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let count = poll_read_slice(Pin::new(&mut Swap), &mut cx, &mut [0; 3]);
        assert!(matches!(count, Poll::Ready(Ok(3))));
    }

    #[test]
    fn an_incredible_count_is_an_error() {
        assert_eq!(checked_count(3, 3).unwrap(), 3);
        assert_eq!(
            checked_count(4, 3).unwrap_err().to_string(),
            "writer claims 4 bytes written of the 3 it was given"
        );
    }
}
