//! `BufStream`: a stream buffered in both directions.
//!
//! No logic of its own: a `BufReader` around a `BufWriter`.

use std::pin::Pin;

use pin_project_lite::pin_project;

use super::{BufReader, BufWriter};
use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite};

pin_project! {
    /// Reads ahead from a stream and collects small writes to it.
    ///
    /// Flush it before dropping it, as a [`BufWriter`].
    ///
    /// ```
    /// use mini_runtime::io::{AsyncBufReadExt, AsyncWriteExt, BufStream};
    ///
    /// # futures::executor::block_on(async {
    /// let (client, server) = mini_runtime::io::duplex(64);
    /// let (mut client, mut server) = (BufStream::new(client), BufStream::new(server));
    /// client.write_all(b"hello\n").await?;
    /// client.flush().await?;
    /// let mut line = String::new();
    /// server.read_line(&mut line).await?;
    /// assert_eq!(line, "hello\n");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[derive(Debug)]
    pub struct BufStream<S> {
        #[pin]
        inner: BufReader<BufWriter<S>>,
    }
}

impl<S: AsyncRead + AsyncWrite> BufStream<S> {
    /// Buffers up to 8 KiB each way.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt, BufStream, duplex};
    ///
    /// # futures::executor::block_on(async {
    /// let (near, mut far) = duplex(8);
    /// let mut stream = BufStream::new(near);
    /// far.write_all(b"x").await?;
    /// assert_eq!(stream.read_u8().await?, b'x');
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn new(stream: S) -> Self {
        Self { inner: BufReader::new(BufWriter::new(stream)) }
    }

    /// Buffers up to so many bytes each way.
    ///
    /// ```
    /// use mini_runtime::io::{AsyncBufReadExt, AsyncWriteExt, BufStream, duplex};
    ///
    /// # futures::executor::block_on(async {
    /// let (near, mut far) = duplex(8);
    /// let mut stream = BufStream::with_capacity(2, 2, near);
    /// far.write_all(b"mini").await?;
    /// assert_eq!(stream.fill_buf().await?, b"mi");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    ///
    /// # Panics
    ///
    /// If `reader_capacity` is 0.
    #[track_caller]
    pub fn with_capacity(reader_capacity: usize, writer_capacity: usize, stream: S) -> Self {
        Self {
            inner: BufReader::with_capacity(
                reader_capacity,
                BufWriter::with_capacity(writer_capacity, stream),
            ),
        }
    }

    /// The stream.
    ///
    /// ```
    /// use mini_runtime::io::{BufStream, join, sink};
    ///
    /// let stream = BufStream::new(join(&b"mini"[..], sink()));
    /// assert_eq!(stream.get_ref().reader(), b"mini");
    /// ```
    pub fn get_ref(&self) -> &S {
        self.inner.get_ref().get_ref()
    }

    /// The stream. Using it directly skips what was read ahead and overtakes what is buffered.
    ///
    /// ```
    /// use mini_runtime::io::{BufStream, join, sink};
    ///
    /// let mut stream = BufStream::new(join(&b"mini"[..], sink()));
    /// *stream.get_mut().reader_mut() = b"other";
    /// assert_eq!(stream.get_ref().reader(), b"other");
    /// ```
    pub fn get_mut(&mut self) -> &mut S {
        self.inner.get_mut().get_mut()
    }

    /// The stream, pinned.
    ///
    /// ```
    /// use mini_runtime::io::{BufStream, join, sink};
    /// use std::pin::Pin;
    ///
    /// let mut stream = BufStream::new(join(&b"mini"[..], sink()));
    /// assert_eq!(*Pin::new(&mut stream).get_pin_mut().reader_pin_mut(), b"mini");
    /// ```
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut S> {
        self.project().inner.get_pin_mut().get_pin_mut()
    }

    /// The stream. What is buffered in either direction is lost.
    ///
    /// ```
    /// use mini_runtime::io::{BufStream, join, sink};
    ///
    /// let stream = BufStream::new(join(&b"mini"[..], sink()));
    /// assert_eq!(stream.into_inner().into_inner().0, b"mini");
    /// ```
    pub fn into_inner(self) -> S {
        self.inner.into_inner().into_inner()
    }
}

impl<S> From<BufReader<BufWriter<S>>> for BufStream<S> {
    fn from(inner: BufReader<BufWriter<S>>) -> Self {
        Self { inner }
    }
}

/// Turns the two inside out; what both hold stays.
impl<S> From<BufWriter<BufReader<S>>> for BufStream<S> {
    fn from(outer: BufWriter<BufReader<S>>) -> Self {
        let BufWriter { inner: reader, buffer, written, seek } = outer;
        let BufReader { inner, buffer: read_ahead, start, end, seek: reader_seek } = reader;
        let writer = BufWriter { inner, buffer, written, seek };
        Self { inner: BufReader { inner: writer, buffer: read_ahead, start, end, seek: reader_seek } }
    }
}

impl<S: AsyncRead + AsyncWrite> AsyncRead for BufStream<S> {
    delegate_async_read!(this => this.project().inner);
}

impl<S: AsyncRead + AsyncWrite> AsyncBufRead for BufStream<S> {
    delegate_async_buf_read!(this => this.project().inner);
}

impl<S: AsyncRead + AsyncWrite> AsyncWrite for BufStream<S> {
    delegate_async_write!(this => this.project().inner, shared => &shared.inner);
}

impl<S: AsyncRead + AsyncWrite + AsyncSeek> AsyncSeek for BufStream<S> {
    delegate_async_seek!(this => this.project().inner);
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::io::mock::{MockReader, MockWriter, SlowSeek, give};
    use crate::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt, SeekFrom, join};

    #[test]
    fn turning_the_buffers_inside_out_keeps_their_bytes() {
        let stream = join(MockReader::new([give("abc")]), MockWriter::new([]));
        let mut outer = BufWriter::new(BufReader::new(stream));
        block_on(outer.write_all(b"xyz")).unwrap();
        assert_eq!(block_on(outer.get_mut().read_u8()).unwrap(), b'a');
        let mut stream = BufStream::from(outer);
        assert_eq!(block_on(stream.fill_buf()).unwrap(), b"bc");
        block_on(stream.flush()).unwrap();
        assert_eq!(stream.into_inner().writer().written(), b"xyz");
    }

    #[test]
    fn a_seek_writes_out_and_drops_what_was_read_ahead() {
        let mut stream = BufStream::with_capacity(4, 4, SlowSeek::new(*b"012345"));
        block_on(stream.read_u8()).unwrap();
        assert_eq!(block_on(stream.seek(SeekFrom::Current(0))).unwrap(), 1);
        block_on(stream.write_all(b"x")).unwrap();
        assert_eq!(block_on(stream.rewind()).unwrap(), 0);
        let mut text = String::new();
        block_on(stream.read_to_string(&mut text)).unwrap();
        assert_eq!(text, "0x2345");
    }
}
