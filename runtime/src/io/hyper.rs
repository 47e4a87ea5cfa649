//! Reads into hyper's buffer without a copy: the one step of the hyper adapters that needs `unsafe`.
//!
//! Not the adapters, which are the facade's, in `mini::hyper`. hyper's cursor takes bytes in two ways: safely
//! from a slice, or by raw memory and a count. Rejected: the safe way. It reads into a buffer of ours first, so
//! that each byte of a body is copied once more, and no read is longer than that buffer, where hyper lets
//! its own grow to 400 KiB for fast senders.
//!
//! Invariant: hyper is told of just the bytes that the reader put into hyper's own memory.

use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll, ready};

use hyper::rt::ReadBufCursor;

use super::{AsyncRead, ReadBuf};

/// Reads what there is, up to the room in `cursor`.
///
/// # Errors
///
/// The reader's own; and one of kind `Other` if it put another buffer in the place of the one it was given.
///
/// ```
/// use hyper::rt::ReadBuf;
/// use std::future::poll_fn;
/// use std::pin::Pin;
///
/// # futures::executor::block_on(async {
/// let mut reader = &b"mini"[..];
/// let mut memory = [0; 8];
/// let mut hypers = ReadBuf::new(&mut memory);
/// poll_fn(|cx| mini_runtime::io::hyper::poll_read(Pin::new(&mut reader), cx, hypers.unfilled())).await?;
/// assert_eq!(hypers.filled(), b"mini");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub fn poll_read<R: AsyncRead + ?Sized>(
    reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    mut cursor: ReadBufCursor<'_>,
) -> Poll<super::Result<()>> {
    // SAFETY: hyper demands that no byte be made uninitialised again. `ReadBuf` writes bytes only, and demands
    // the same of whoever takes its memory raw.
    let room = unsafe { cursor.as_mut() };
    let start = room.as_ptr().cast::<u8>();
    let mut buf = ReadBuf::uninit(room);
    ready!(reader.poll_read(cx, &mut buf))?;

    // Safe code can assign another `ReadBuf` to the one it is lent; its bytes would not be in hyper's memory.
    let filled = buf.filled();
    if !ptr::eq(filled.as_ptr(), start) {
        return Poll::Ready(Err(super::Error::other("the reader replaced the buffer it was given")));
    }
    let count = filled.len();
    // SAFETY: `filled` begins where hyper's room does, as was just seen, and `ReadBuf` keeps the filled bytes
    // initialised and inside the memory it was made of. So hyper's next `count` bytes are initialised and within
    // its room.
    unsafe { cursor.advance(count) };
    Poll::Ready(Ok(()))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::mem::MaybeUninit;
    use std::task::Waker;

    use hyper::rt;

    use super::*;
    use crate::util::kept;

    #[test]
    fn bytes_arrive_in_hypers_memory_behind_those_already_there() {
        let mut memory = [MaybeUninit::uninit(); 8];
        let mut buf = rt::ReadBuf::uninit(&mut memory);
        buf.unfilled().put_slice(b"ab");
        let mut cx = Context::from_waker(Waker::noop());

        let mut reader: &[u8] = b"cdefghijk";
        assert!(poll_read(Pin::new(&mut reader), &mut cx, buf.unfilled()).is_ready());
        assert_eq!(buf.filled(), b"abcdefgh");
        assert_eq!(reader, b"ijk");
        // No room: nothing is read.
        assert!(poll_read(Pin::new(&mut reader), &mut cx, buf.unfilled()).is_ready());
        assert_eq!(reader, b"ijk");
    }

    #[test]
    fn a_reader_that_replaces_the_buffer_is_an_error() {
        struct Replaces;
        impl AsyncRead for Replaces {
            fn poll_read(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                buf: &mut ReadBuf<'_>,
            ) -> Poll<super::super::Result<()>> {
                *buf = ReadBuf::new(kept::buffer::<64>(0));
                buf.put_slice(&[1; 64]);
                Poll::Ready(Ok(()))
            }
        }
        let mut memory = [MaybeUninit::uninit(); 8];
        let mut buf = rt::ReadBuf::uninit(&mut memory);
        let mut cx = Context::from_waker(Waker::noop());
        let result = poll_read(Pin::new(&mut Replaces), &mut cx, buf.unfilled());
        assert!(matches!(result, Poll::Ready(Err(_))));
        assert!(buf.filled().is_empty());
    }
}
