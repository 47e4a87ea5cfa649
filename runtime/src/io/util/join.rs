//! `Join`: a reader and a writer made one stream.
//!
//! The opposite of `split`; the two need have nothing to do with each other.

use std::pin::Pin;

use pin_project_lite::pin_project;

use crate::io::{AsyncBufRead, AsyncRead, AsyncWrite};

pin_project! {
    /// A reader and a writer as one stream: [`join`].
    ///
    /// ```
    /// use mini_runtime::io::join;
    ///
    /// let stream = join(&b"mini"[..], Vec::new());
    /// assert_eq!(stream.reader(), b"mini");
    /// ```
    #[derive(Debug)]
    pub struct Join<R, W> {
        #[pin]
        reader: R,
        #[pin]
        writer: W,
    }
}

/// Makes one stream of a reader and a writer.
///
/// ```
/// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # futures::executor::block_on(async {
/// let mut stream = mini_runtime::io::join(&b"question"[..], Vec::new());
/// let mut text = String::new();
/// stream.read_to_string(&mut text).await?;
/// stream.write_all(b"answer").await?;
/// assert_eq!((text.as_str(), &stream.writer()[..]), ("question", &b"answer"[..]));
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
pub fn join<R: AsyncRead, W: AsyncWrite>(reader: R, writer: W) -> Join<R, W> {
    Join { reader, writer }
}

impl<R, W> Join<R, W> {
    /// The two again.
    ///
    /// ```
    /// use mini_runtime::io::join;
    ///
    /// let stream = join(&b"mini"[..], Vec::new());
    /// let (reader, writer) = stream.into_inner();
    /// assert_eq!((reader, writer.len()), (&b"mini"[..], 0));
    /// ```
    pub fn into_inner(self) -> (R, W) {
        (self.reader, self.writer)
    }

    /// The reader.
    ///
    /// ```
    /// use mini_runtime::io::join;
    ///
    /// let stream = join(&b"mini"[..], Vec::new());
    /// assert_eq!(stream.reader(), b"mini");
    /// ```
    pub fn reader(&self) -> &R {
        &self.reader
    }

    /// The writer.
    ///
    /// ```
    /// use mini_runtime::io::join;
    ///
    /// let stream = join(&b"mini"[..], Vec::new());
    /// assert!(stream.writer().is_empty());
    /// ```
    pub fn writer(&self) -> &W {
        &self.writer
    }

    /// The reader.
    ///
    /// ```
    /// use mini_runtime::io::join;
    ///
    /// let mut stream = join(&b"mini"[..], Vec::new());
    /// *stream.reader_mut() = b"other";
    /// assert_eq!(stream.reader(), b"other");
    /// ```
    pub fn reader_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// The writer.
    ///
    /// ```
    /// use mini_runtime::io::join;
    ///
    /// let mut stream = join(&b"mini"[..], Vec::new());
    /// stream.writer_mut().push(7);
    /// assert_eq!(stream.writer(), &[7]);
    /// ```
    pub fn writer_mut(&mut self) -> &mut W {
        &mut self.writer
    }

    /// The reader, pinned.
    ///
    /// ```
    /// use mini_runtime::io::join;
    /// use std::pin::Pin;
    ///
    /// let mut stream = join(&b"mini"[..], Vec::new());
    /// assert_eq!(*Pin::new(&mut stream).reader_pin_mut(), b"mini");
    /// ```
    pub fn reader_pin_mut(self: Pin<&mut Self>) -> Pin<&mut R> {
        self.project().reader
    }

    /// The writer, pinned.
    ///
    /// ```
    /// use mini_runtime::io::join;
    /// use std::pin::Pin;
    ///
    /// let mut stream = join(&b"mini"[..], Vec::new());
    /// Pin::new(&mut stream).writer_pin_mut().push(7);
    /// assert_eq!(stream.writer(), &[7]);
    /// ```
    pub fn writer_pin_mut(self: Pin<&mut Self>) -> Pin<&mut W> {
        self.project().writer
    }
}

impl<R: AsyncRead, W> AsyncRead for Join<R, W> {
    delegate_async_read!(this => this.project().reader);
}

impl<R: AsyncBufRead, W> AsyncBufRead for Join<R, W> {
    delegate_async_buf_read!(this => this.project().reader);
}

impl<R, W: AsyncWrite> AsyncWrite for Join<R, W> {
    delegate_async_write!(this => this.project().writer, shared => &shared.writer);
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;

    use super::*;
    use crate::io::mock::{Event, MockReader, MockWriter, give};
    use crate::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

    #[test]
    fn each_call_reaches_its_half() {
        let reader = BufReader::new(MockReader::new([give("abc")]));
        let mut stream = join(reader, MockWriter::new([]).vectored());
        assert!(stream.is_write_vectored());
        assert_eq!(block_on(stream.read_u8()).unwrap(), b'a');
        assert_eq!(block_on(stream.fill_buf()).unwrap(), b"bc");
        block_on(stream.write_vectored(&[std::io::IoSlice::new(b"x"), std::io::IoSlice::new(b"y")])).unwrap();
        block_on(stream.flush()).unwrap();
        block_on(stream.shutdown()).unwrap();
        let (_, writer) = stream.into_inner();
        assert_eq!(writer.events, [Event::Wrote(b"xy".to_vec()), Event::Flushed, Event::ShutDown]);
    }
}
