//! Adapters between the traits of this module and those of the `futures-io` crate, both ways.
//!
//! No buffering and no logic but that of the seek, whose shapes differ: ours asks and then waits, theirs does
//! both in one call that is repeated with the same position.

use std::io::{self, IoSlice, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};

pin_project! {
    /// Has the `futures-io` traits if `T` has ours, and ours if `T` has those.
    ///
    /// Made by [`CompatExt::compat`] and [`FuturesCompatExt::compat_mini`].
    ///
    /// ```
    /// use futures::io::AsyncReadExt;
    /// use mini_runtime::io::compat::{Compat, CompatExt};
    ///
    /// /// A library's function that knows the traits of `futures-io` only.
    /// async fn length(mut reader: impl futures::io::AsyncRead + Unpin) -> std::io::Result<usize> {
    ///     reader.read_to_end(&mut Vec::new()).await
    /// }
    ///
    /// # futures::executor::block_on(async {
    /// let ours: Compat<&[u8]> = (&b"abc"[..]).compat();
    /// assert_eq!(length(ours).await?, 3);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[derive(Debug)]
    pub struct Compat<T> {
        #[pin]
        inner: T,
        // The seek under way.
        seek: Option<SeekFrom>,
        // Where the last seek ended.
        position: u64,
    }
}

impl<T> Compat<T> {
    fn new(inner: T) -> Self {
        Self { inner, seek: None, position: 0 }
    }

    /// The stream.
    ///
    /// ```
    /// use mini_runtime::io::compat::CompatExt;
    ///
    /// assert_eq!((&b"abc"[..]).compat().get_ref(), b"abc");
    /// ```
    pub fn get_ref(&self) -> &T {
        &self.inner
    }

    /// The stream.
    ///
    /// ```
    /// use mini_runtime::io::compat::CompatExt;
    ///
    /// let mut cursor = std::io::Cursor::new(b"abc").compat();
    /// cursor.get_mut().set_position(1);
    /// assert_eq!(cursor.get_ref().position(), 1);
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// The stream again.
    ///
    /// ```
    /// use futures::io::AsyncReadExt;
    /// use mini_runtime::io::compat::CompatExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut reader = (&b"abc"[..]).compat();
    /// reader.read_exact(&mut [0]).await?;
    /// assert_eq!(reader.into_inner(), b"bc");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn into_inner(self) -> T {
        self.inner
    }
}

/// Gives a stream with the traits of this module those of `futures-io`.
///
/// ```
/// use futures::io::AsyncReadExt;
/// use mini_runtime::io::compat::CompatExt;
///
/// # futures::executor::block_on(async {
/// let ours = std::io::Cursor::new(b"abc");
/// let mut text = String::new();
/// ours.compat().read_to_string(&mut text).await?;
/// assert_eq!(text, "abc");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub trait CompatExt: Sized {
    /// Wraps the stream.
    ///
    /// ```
    /// use futures::io::AsyncWriteExt;
    /// use mini_runtime::io::compat::CompatExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = Vec::new().compat();
    /// writer.write_all(b"abc").await?;
    /// assert_eq!(writer.into_inner(), b"abc");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn compat(self) -> Compat<Self> {
        Compat::new(self)
    }
}

impl<T> CompatExt for T {}

/// Gives a stream with the traits of `futures-io` those of this module.
///
/// ```
/// use mini_runtime::io::AsyncReadExt;
/// use mini_runtime::io::compat::FuturesCompatExt;
///
/// # futures::executor::block_on(async {
/// let theirs = futures::io::Cursor::new(b"abc");
/// let mut text = String::new();
/// theirs.compat_mini().read_to_string(&mut text).await?;
/// assert_eq!(text, "abc");
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub trait FuturesCompatExt: Sized {
    /// Wraps the stream.
    ///
    /// ```
    /// use mini_runtime::io::AsyncWriteExt;
    /// use mini_runtime::io::compat::FuturesCompatExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut writer = futures::io::AllowStdIo::new(Vec::new()).compat_mini();
    /// writer.write_u16(0x6d69).await?;
    /// assert_eq!(writer.into_inner().into_inner(), b"mi");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    fn compat_mini(self) -> Compat<Self> {
        Compat::new(self)
    }
}

impl<T> FuturesCompatExt for T {}

// Ours to theirs.

impl<T: AsyncRead> futures_io::AsyncRead for Compat<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        let offered = buf.len();
        let mut buf = ReadBuf::new(buf);
        ready!(self.project().inner.poll_read(cx, &mut buf))?;
        // A reader may put a longer ReadBuf of its own in the place of ours.
        Poll::Ready(Ok(buf.filled().len().min(offered)))
    }
}

impl<T: AsyncBufRead> futures_io::AsyncBufRead for Compat<T> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        self.project().inner.poll_fill_buf(cx)
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        self.project().inner.consume(amount);
    }
}

/// `poll_close` shuts the stream down.
impl<T: AsyncWrite> futures_io::AsyncWrite for Compat<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.project().inner.poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.project().inner.poll_write_vectored(cx, bufs)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().inner.poll_flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().inner.poll_shutdown(cx)
    }
}

impl<T: AsyncSeek> futures_io::AsyncSeek for Compat<T> {
    fn poll_seek(self: Pin<&mut Self>, cx: &mut Context<'_>, position: SeekFrom) -> Poll<io::Result<u64>> {
        let mut this = self.project();
        // Another position means that the future of the seek under way was dropped: that one ends first.
        if *this.seek != Some(position) {
            ready!(this.inner.as_mut().poll_complete(cx))?;
            *this.seek = None;
            this.inner.as_mut().start_seek(position)?;
            *this.seek = Some(position);
        }
        let result = ready!(this.inner.poll_complete(cx));
        *this.seek = None;
        Poll::Ready(result)
    }
}

// Theirs to ours.

impl<T: futures_io::AsyncRead> AsyncRead for Compat<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let slice = buf.initialize_unfilled();
        let offered = slice.len();
        let count = ready!(self.project().inner.poll_read(cx, slice))?;
        if count > offered {
            let message = format!("reader claims {count} bytes read into the {offered} it was given");
            return Poll::Ready(Err(io::Error::other(message)));
        }
        buf.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl<T: futures_io::AsyncBufRead> AsyncBufRead for Compat<T> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        self.project().inner.poll_fill_buf(cx)
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        self.project().inner.consume(amount);
    }
}

/// `poll_shutdown` closes the stream.
impl<T: futures_io::AsyncWrite> AsyncWrite for Compat<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.project().inner.poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.project().inner.poll_write_vectored(cx, bufs)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().inner.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().inner.poll_close(cx)
    }
}

impl<T: futures_io::AsyncSeek> AsyncSeek for Compat<T> {
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        *self.project().seek = Some(position);
        Ok(())
    }

    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        let this = self.project();
        if let Some(position) = *this.seek {
            let result = ready!(this.inner.poll_seek(cx, position));
            *this.seek = None;
            *this.position = result?;
        }
        Poll::Ready(Ok(*this.position))
    }
}

#[cfg(all(test, not(loom), feature = "io-util"))]
mod tests {
    use futures::executor::block_on;
    use futures::io::{
        AsyncBufReadExt as _, AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _,
        BufReader as TheirBufReader, Cursor as TheirCursor,
    };

    use super::*;
    use crate::io::mock::{Event, MockReader, MockWriter, SlowSeek, Step, give, poll_once};
    use crate::io::{self as ours, BufReader};

    #[test]
    fn their_methods_read_our_streams() {
        let steps = [give("one\ntw"), Step::Pending, give("o\n3")];
        let mut reader = BufReader::new(MockReader::new(steps)).compat();
        let mut line = String::new();
        block_on(reader.read_line(&mut line)).unwrap();
        let mut rest = Vec::new();
        block_on(reader.read_to_end(&mut rest)).unwrap();
        assert_eq!((line.as_str(), &rest[..]), ("one\n", &b"two\n3"[..]));
    }

    #[test]
    fn their_methods_write_to_our_streams_and_close_shuts_down() {
        let mut writer = MockWriter::new([Step::Accept(1), Step::Pending]).vectored().compat();
        block_on(writer.write_all(b"abc")).unwrap();
        let slices = [IoSlice::new(b"x"), IoSlice::new(b"y")];
        assert_eq!(block_on(writer.write_vectored(&slices)).unwrap(), 2);
        block_on(writer.close()).unwrap();
        let writer = writer.into_inner();
        assert_eq!((writer.written(), writer.events.last()), (b"abcxy".to_vec(), Some(&Event::ShutDown)));
        assert_eq!(block_on(futures::io::copy(&b"abc"[..], &mut Vec::new().compat())).unwrap(), 3);
    }

    #[test]
    fn their_seek_moves_our_streams_also_after_a_dropped_one() {
        let mut file = SlowSeek::new(*b"012345").compat();
        assert!(poll_once(file.seek(SeekFrom::Start(4))).is_pending());
        assert_eq!(block_on(file.seek(SeekFrom::Current(1))).unwrap(), 5);
        assert_eq!(block_on(file.seek(SeekFrom::Current(-2))).unwrap(), 3);
        assert_eq!(file.get_ref().seeks.len(), 3, "each was asked once");
        assert!(block_on(file.seek(SeekFrom::Current(-9))).is_err());
        let mut byte = [0];
        block_on(file.read_exact(&mut byte)).unwrap();
        assert_eq!(byte, *b"3");
    }

    #[test]
    fn our_methods_work_on_their_streams() {
        block_on(async {
            use ours::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

            let theirs = TheirBufReader::with_capacity(2, TheirCursor::new(&b"one\ntwo"[..]));
            let mut reader = theirs.compat_mini();
            let mut line = String::new();
            AsyncBufReadExt::read_line(&mut reader, &mut line).await.unwrap();
            let mut rest = Vec::new();
            AsyncReadExt::read_to_end(&mut reader, &mut rest).await.unwrap();
            assert_eq!((line.as_str(), &rest[..]), ("one\n", &b"two"[..]));

            let mut file = TheirCursor::new(vec![0; 4]).compat_mini();
            assert_eq!(AsyncSeekExt::seek(&mut file, SeekFrom::End(-1)).await.unwrap(), 3);
            AsyncWriteExt::write_all(&mut file, b"xyz").await.unwrap();
            AsyncWriteExt::shutdown(&mut file).await.unwrap();
            assert_eq!(AsyncSeekExt::stream_position(&mut file).await.unwrap(), 6);
            assert!(AsyncSeekExt::seek(&mut file, SeekFrom::Current(-7)).await.is_err());
            assert_eq!(file.into_inner().into_inner(), b"\0\0\0xyz");
        });
    }

    #[test]
    fn a_pipe_survives_both_adapters() {
        let (left, right) = ours::duplex(3);
        let (mut left, mut right) = (left.compat(), right.compat().compat_mini());
        block_on(async {
            let send = async {
                futures::AsyncWriteExt::write_all(&mut left, b"through both").await.unwrap();
                left.close().await.unwrap();
            };
            let mut text = String::new();
            let receive = ours::AsyncReadExt::read_to_string(&mut right, &mut text);
            let ((), received) = futures::join!(send, receive);
            received.unwrap();
            assert_eq!(text, "through both");
        });
    }

    #[test]
    fn a_reader_of_theirs_that_overstates_its_count_is_an_error_not_a_panic() {
        struct Boast;
        impl futures_io::AsyncRead for Boast {
            fn poll_read(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                buf: &mut [u8],
            ) -> Poll<io::Result<usize>> {
                Poll::Ready(Ok(buf.len() + 1))
            }
        }
        let error = block_on(ours::AsyncReadExt::read(&mut Boast.compat_mini(), &mut [0; 2])).unwrap_err();
        assert_eq!(error.to_string(), "reader claims 3 bytes read into the 2 it was given");
    }
}
