//! `split`: any stream cut into a reading and a writing half that can go to different tasks.
//!
//! Sockets have halves of their own, which share without a lock. Here the two take turns: a half holds the
//! lock for one poll of the stream. That poll is user code under a lock of ours, the one place where it must
//! be, since the stream's methods demand exclusive access. A waker that, inside `wake`, polled the other half
//! would deadlock; executors schedule a task there and poll it later.
//!
//! The stream stands in a box of its own, so that it stays pinned without unsafe code.

use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::io::{AsyncRead, AsyncWrite, ReadBuf};
use crate::primitive::sync::{Arc, Mutex};

/// The reading half of a stream: [`split`].
pub struct ReadHalf<T> {
    shared: Arc<Shared<T>>,
}

/// The writing half of a stream: [`split`].
///
/// Dropping it does not shut the stream down.
pub struct WriteHalf<T> {
    shared: Arc<Shared<T>>,
}

/// What both halves hold.
struct Shared<T> {
    stream: Mutex<Pin<Box<T>>>,
    /// Asked once, at the split, so that it needs no lock.
    is_write_vectored: bool,
}

/// Cuts a stream into a reading and a writing half.
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # futures::executor::block_on(async {
/// let (client, mut server) = mini_runtime::io::duplex(64);
/// let (mut reader, mut writer) = mini_runtime::io::split(client);
/// writer.write_all(b"ping").await?;
/// server.write_all(b"pong").await?;
/// assert_eq!(reader.read_u32().await?.to_be_bytes(), *b"pong");
/// let _client = reader.unsplit(writer);
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub fn split<T: AsyncRead + AsyncWrite>(stream: T) -> (ReadHalf<T>, WriteHalf<T>) {
    let is_write_vectored = stream.is_write_vectored();
    let shared = Arc::new(Shared { stream: Mutex::new(Box::pin(stream)), is_write_vectored });
    (ReadHalf { shared: shared.clone() }, WriteHalf { shared })
}

impl<T> ReadHalf<T> {
    /// Whether both are halves of one stream.
    ///
    /// ```
    /// # use mini_runtime::io::{empty, split};
    /// let (reader, writer) = split(empty());
    /// let (_, other) = split(empty());
    /// assert!(reader.is_pair_of(&writer));
    /// assert!(!reader.is_pair_of(&other));
    /// ```
    pub fn is_pair_of(&self, other: &WriteHalf<T>) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// The stream again.
    ///
    /// Only for a stream that may be moved; one that may not stays where it was first polled:
    ///
    /// ```compile_fail,E0277
    /// # use mini_runtime::io::{empty, join, split};
    /// # use std::marker::PhantomPinned;
    /// fn put_together<T>(reader: mini_runtime::io::ReadHalf<T>, writer: mini_runtime::io::WriteHalf<T>) -> T {
    ///     reader.unsplit(writer) // `T: Unpin` is missing
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// If `writer` is a half of another stream.
    #[track_caller]
    pub fn unsplit(self, writer: WriteHalf<T>) -> T
    where
        T: Unpin,
    {
        assert!(
            self.is_pair_of(&writer),
            "`unsplit` of halves of two different streams; pass the `WriteHalf` that came from the same `split`"
        );
        drop(writer);
        let Ok(shared) = Arc::try_unwrap(self.shared) else {
            unreachable!("the two halves alone hold the stream");
        };
        *Pin::into_inner(shared.stream.into_inner())
    }
}

impl<T> WriteHalf<T> {
    /// Whether both are halves of one stream.
    pub fn is_pair_of(&self, other: &ReadHalf<T>) -> bool {
        other.is_pair_of(self)
    }
}

impl<T> Shared<T> {
    fn with_stream<R>(&self, poll: impl FnOnce(Pin<&mut T>) -> R) -> R {
        poll(self.stream.lock().as_mut())
    }
}

impl<T: AsyncRead> AsyncRead for ReadHalf<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.shared.with_stream(|stream| stream.poll_read(cx, buf))
    }
}

impl<T: AsyncWrite> AsyncWrite for WriteHalf<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.shared.with_stream(|stream| stream.poll_write(cx, buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.shared.with_stream(|stream| stream.poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        self.shared.is_write_vectored
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shared.with_stream(|stream| stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shared.with_stream(|stream| stream.poll_shutdown(cx))
    }
}

impl<T> fmt::Debug for ReadHalf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadHalf").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for WriteHalf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteHalf").finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::io::mock::{MockReader, MockWriter, give};
    use crate::io::{AsyncReadExt, AsyncWriteExt, duplex, empty, join};

    #[test]
    fn halves_on_two_threads_use_one_stream() {
        let (left, right) = duplex(3);
        let bytes = (0..=255).collect::<Vec<u8>>();
        let (mut reader, mut writer) = split(left);
        let (mut echo_reader, mut echo_writer) = split(right);
        let sent = bytes.clone();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                block_on(crate::io::copy(&mut echo_reader, &mut echo_writer)).unwrap();
                block_on(echo_writer.shutdown()).unwrap();
            });
            scope.spawn(move || {
                block_on(writer.write_all(&sent)).unwrap();
                block_on(writer.shutdown()).unwrap();
            });
            let mut read = Vec::new();
            block_on(reader.read_to_end(&mut read)).unwrap();
            assert_eq!(read, bytes);
        });
    }

    #[test]
    fn put_together_it_is_the_stream_it_was() {
        let stream = join(MockReader::new([give("ab")]), MockWriter::new([]).vectored());
        let (mut reader, mut writer) = split(stream);
        assert!(writer.is_write_vectored() && writer.is_pair_of(&reader));
        assert_eq!(block_on(reader.read_u8()).unwrap(), b'a');
        block_on(writer.write_all(b"x")).unwrap();
        let mut stream = reader.unsplit(writer);
        assert_eq!(block_on(stream.read_u8()).unwrap(), b'b');
        assert_eq!(stream.writer().written(), b"x");
    }

    #[test]
    #[should_panic(expected = "halves of two different streams")]
    fn foreign_halves_are_refused() {
        let (reader, _writer) = split(empty());
        let (_reader, writer) = split(empty());
        reader.unsplit(writer);
    }

    #[test]
    fn a_panic_in_the_stream_leaves_the_other_half_usable() {
        struct Panics;
        impl AsyncRead for Panics {
            fn poll_read(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                _: &mut ReadBuf<'_>,
            ) -> Poll<io::Result<()>> {
                panic!("reads panic")
            }
        }
        let (mut reader, mut writer) = split(join(Panics, Vec::new()));
        let read = std::panic::AssertUnwindSafe(|| block_on(reader.read_u8()));
        assert!(std::panic::catch_unwind(read).is_err());
        block_on(writer.write_all(b"still there")).unwrap();
    }
}
