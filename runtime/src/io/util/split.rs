//! `split`: any stream cut into a reading and a writing half that can go to different tasks.
//!
//! Sockets have halves of their own, which share without a lock. Here the two take turns, a poll of the stream each,
//! and nobody waits for a lock: a half that finds the other at work stores its waker, which the other wakes when it
//! leaves. So the stream's poll, which is user code, holds up no thread, and a waker that polls the other half inside
//! `wake` finds it pending.
//!
//! Invariant, by which no wake is lost: a half stores its waker before its last look at the stream's lock, and the
//! other takes it after it let go of that. Both are read-modify-writes of the waker's state: the later one sees what
//! the earlier one's thread did before it, the waker there or the lock free.
//!
//! The stream stands in a box of its own, so that it stays pinned without unsafe code.

use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::io::{AsyncRead, AsyncWrite, ReadBuf};
use crate::primitive::sync::{Arc, Mutex};
use crate::util::{AtomicWaker, WakeBatch};

/// The reading half of a stream: [`split`].
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt, duplex, split};
///
/// # futures::executor::block_on(async {
/// let (near, mut far) = duplex(8);
/// let (mut reader, mut writer) = split(near);
/// writer.write_u8(7).await?;
/// far.write_u8(8).await?;
/// assert_eq!((far.read_u8().await?, reader.read_u8().await?), (7, 8));
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub struct ReadHalf<T> {
    shared: Arc<Shared<T>>,
}

/// The writing half of a stream: [`split`].
///
/// Dropping it does not shut the stream down.
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt, duplex, split};
///
/// # futures::executor::block_on(async {
/// let (near, mut far) = duplex(8);
/// let (mut reader, mut writer) = split(near);
/// writer.write_u8(7).await?;
/// far.write_u8(8).await?;
/// assert_eq!((far.read_u8().await?, reader.read_u8().await?), (7, 8));
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub struct WriteHalf<T> {
    shared: Arc<Shared<T>>,
}

/// What both halves hold.
struct Shared<T> {
    /// Only ever tried, so that no thread sleeps in it.
    stream: Mutex<Pin<Box<T>>>,
    /// Who found the writer at work. Stored by the reading half, woken by the writing one.
    reader: AtomicWaker,
    /// Who found the reader at work. Stored by the writing half, woken by the reading one.
    writer: AtomicWaker,
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
    let shared = Arc::new(Shared {
        stream: Mutex::new(Box::pin(stream)),
        reader: AtomicWaker::new(),
        writer: AtomicWaker::new(),
        is_write_vectored,
    });
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
    ///
    /// ```
    /// # use mini_runtime::io::{empty, split};
    /// let (reader, writer) = split(empty());
    /// assert!(writer.is_pair_of(&reader));
    /// ```
    pub fn is_pair_of(&self, other: &ReadHalf<T>) -> bool {
        other.is_pair_of(self)
    }
}

/// Wakes the half that waits here when a turn ends, also by a panic; through a batch, since its waker may panic too.
struct EndOfTurn<'s>(&'s AtomicWaker);

impl Drop for EndOfTurn<'_> {
    fn drop(&mut self) {
        if let Some(waker) = self.0.take() {
            let mut batch = WakeBatch::new();
            batch.push(waker);
            batch.wake_all();
        }
    }
}

impl<T> Shared<T> {
    /// Polls the stream, unless the half that waits in `other` is at work; then `own` is woken when it leaves.
    fn poll_stream<R>(
        &self,
        (own, other): (&AtomicWaker, &AtomicWaker),
        cx: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut T>, &mut Context<'_>) -> Poll<R>,
    ) -> Poll<R> {
        let stream = self.stream.try_lock().or_else(|| {
            own.register(cx.waker());
            self.stream.try_lock()
        });
        let Some(stream) = stream else { return Poll::Pending };
        let _end = EndOfTurn(other);
        // Bound after `_end`, so that the lock is free before the other half is woken: the invariant above.
        let mut stream = stream;
        poll(stream.as_mut(), cx)
    }

    fn poll_read_side<R>(
        &self,
        cx: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut T>, &mut Context<'_>) -> Poll<R>,
    ) -> Poll<R> {
        self.poll_stream((&self.reader, &self.writer), cx, poll)
    }

    fn poll_write_side<R>(
        &self,
        cx: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut T>, &mut Context<'_>) -> Poll<R>,
    ) -> Poll<R> {
        self.poll_stream((&self.writer, &self.reader), cx, poll)
    }
}

impl<T: AsyncRead> AsyncRead for ReadHalf<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.shared.poll_read_side(cx, |stream, cx| stream.poll_read(cx, buf))
    }
}

impl<T: AsyncWrite> AsyncWrite for WriteHalf<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.shared.poll_write_side(cx, |stream, cx| stream.poll_write(cx, buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.shared.poll_write_side(cx, |stream, cx| stream.poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        self.shared.is_write_vectored
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shared.poll_write_side(cx, |stream, cx| stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shared.poll_write_side(cx, |stream, cx| stream.poll_shutdown(cx))
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
    use std::cell::RefCell;
    use std::rc::Rc;

    use futures::executor::block_on;

    use super::*;
    use crate::io::mock::{MockReader, MockWriter, give};
    use crate::io::{AsyncReadExt, AsyncWriteExt, duplex, empty, join};
    use crate::util::test_waker::TestWaker;

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

    /// A stream whose reads hand control to the test in the middle.
    struct CallsBack<F>(F);

    impl<F: FnMut(&mut Context<'_>) + Unpin> AsyncRead for CallsBack<F> {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            (self.0)(cx);
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn a_half_polled_in_the_others_turn_is_pending_and_woken_when_that_ends() {
        type Writer = WriteHalf<Box<dyn Both>>;
        trait Both: AsyncRead + AsyncWrite + Unpin {}
        impl<T: AsyncRead + AsyncWrite + Unpin> Both for T {}

        let waker = TestWaker::new();
        let slot = Rc::new(RefCell::new(None::<Writer>));
        let in_turn = (slot.clone(), waker.waker());
        let calls_back = CallsBack(move |_: &mut Context<'_>| {
            let (slot, waker) = &in_turn;
            let mut writer = slot.borrow_mut();
            let writer = Pin::new(writer.as_mut().unwrap());
            assert!(writer.poll_write(&mut Context::from_waker(waker), b"x").is_pending());
        });
        let (mut reader, writer) = split(Box::new(join(calls_back, Vec::new())) as Box<dyn Both>);
        *slot.borrow_mut() = Some(writer);
        assert_eq!(block_on(reader.read(&mut [0])).unwrap(), 0);
        assert_eq!(waker.wakes(), 1);
        block_on(slot.borrow_mut().as_mut().unwrap().write_all(b"x")).unwrap();
        // The halves and the closure in the stream hold each other.
        drop(slot.borrow_mut().take());
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

#[cfg(all(test, loom))]
mod model {
    use loom::future::block_on;
    use loom::thread;

    use super::*;
    use crate::io::{AsyncReadExt, AsyncWriteExt, join};

    /// Each half takes its turns whenever it can: both come to their end, so no wake is lost between them.
    #[test]
    fn model_split_halves_take_turns() {
        loom::model(|| {
            let (mut reader, mut writer) = split(join(&b"ab"[..], Vec::new()));
            let thread = thread::spawn(move || {
                block_on(async {
                    writer.write_all(b"c").await.unwrap();
                    writer.flush().await.unwrap();
                });
                writer
            });
            let read = block_on(async { (reader.read_u8().await.unwrap(), reader.read_u8().await.unwrap()) });
            assert_eq!(read, (b'a', b'b'));
            let stream = reader.unsplit(thread.join().unwrap());
            assert_eq!(stream.writer(), b"c");
        });
    }
}
