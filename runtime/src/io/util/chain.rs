//! `Chain`: one reader after another.
//!
//! The first one is left for good when it shows its end; it is not asked again even if it would have more.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::io::{AsyncBufRead, AsyncRead, ReadBuf};

pin_project! {
    /// Reads from one reader, then from another: [`AsyncReadExt::chain`](crate::io::AsyncReadExt::chain).
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut text = String::new();
    /// (&b"mi"[..]).chain(&b"ni"[..]).read_to_string(&mut text).await?;
    /// assert_eq!(text, "mini");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[derive(Debug)]
    #[must_use = "readers do nothing unless read from"]
    pub struct Chain<T, U> {
        #[pin]
        first: T,
        #[pin]
        second: U,
        is_first_done: bool,
    }
}

impl<T, U> Chain<T, U> {
    pub(in crate::io) fn new(first: T, second: U) -> Self {
        Self { first, second, is_first_done: false }
    }

    /// Both readers.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// let chain = (&b"mi"[..]).chain(&b"ni"[..]);
    /// assert_eq!(chain.get_ref(), (&&b"mi"[..], &&b"ni"[..]));
    /// ```
    pub fn get_ref(&self) -> (&T, &U) {
        (&self.first, &self.second)
    }

    /// Both readers.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// let mut chain = (&b"mi"[..]).chain(&b"ni"[..]);
    /// *chain.get_mut().0 = b"ma";
    /// assert_eq!(chain.into_inner().0, b"ma");
    /// ```
    pub fn get_mut(&mut self) -> (&mut T, &mut U) {
        (&mut self.first, &mut self.second)
    }

    /// Both readers, pinned.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    /// use std::pin::Pin;
    ///
    /// let mut chain = (&b"mi"[..]).chain(&b"ni"[..]);
    /// assert_eq!(*Pin::new(&mut chain).get_pin_mut().1, b"ni");
    /// ```
    pub fn get_pin_mut(self: Pin<&mut Self>) -> (Pin<&mut T>, Pin<&mut U>) {
        let this = self.project();
        (this.first, this.second)
    }

    /// Both readers.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// let chain = (&b"mi"[..]).chain(&b"ni"[..]);
    /// assert_eq!(chain.into_inner(), (&b"mi"[..], &b"ni"[..]));
    /// ```
    pub fn into_inner(self) -> (T, U) {
        (self.first, self.second)
    }
}

impl<T: AsyncRead, U: AsyncRead> AsyncRead for Chain<T, U> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.project();
        if !*this.is_first_done {
            let room = buf.remaining();
            ready!(this.first.poll_read(cx, buf))?;
            // Nothing read into no room is not the end.
            if buf.remaining() < room || room == 0 {
                return Poll::Ready(Ok(()));
            }
            *this.is_first_done = true;
        }
        this.second.poll_read(cx, buf)
    }
}

impl<T: AsyncBufRead, U: AsyncBufRead> AsyncBufRead for Chain<T, U> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.project();
        if !*this.is_first_done {
            let available = ready!(this.first.poll_fill_buf(cx))?;
            if !available.is_empty() {
                return Poll::Ready(Ok(available));
            }
            *this.is_first_done = true;
        }
        this.second.poll_fill_buf(cx)
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        let this = self.project();
        if *this.is_first_done { this.second.consume(amount) } else { this.first.consume(amount) }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;
    use proptest::prelude::*;

    use crate::io::mock::{MockReader, Step, bytes_and_reads, cases, give};
    use crate::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

    #[test]
    fn an_empty_buffer_does_not_end_the_first_reader() {
        let mut chain = MockReader::new([give("a"), Step::Pending]).chain(MockReader::new([give("b")]));
        assert_eq!(block_on(chain.read(&mut [])).unwrap(), 0);
        let mut text = String::new();
        block_on(chain.read_to_string(&mut text)).unwrap();
        assert_eq!(text, "ab");
    }

    #[test]
    fn a_line_may_cross_the_seam() {
        let mut chain = AsyncReadExt::chain(&b"one\ntw"[..], &b"o\n"[..]).lines();
        assert_eq!(block_on(chain.next_line()).unwrap().unwrap(), "one");
        assert_eq!(block_on(chain.next_line()).unwrap().unwrap(), "two");
    }

    proptest! {
        #![proptest_config(cases())]

        #[test]
        fn it_reads_what_both_read((one, one_steps) in bytes_and_reads(), (two, two_steps) in bytes_and_reads()) {
            let both = [one, two].concat();
            let chain = || {
                let first = BufReader::with_capacity(3, MockReader::new(one_steps.clone()));
                first.chain(BufReader::with_capacity(5, MockReader::new(two_steps.clone())))
            };
            let mut read = Vec::new();
            block_on(chain().read_to_end(&mut read)).unwrap();
            prop_assert_eq!(&read, &both);
            read.clear();
            let mut chain = chain();
            while block_on(chain.read_until(b'\n', &mut read)).unwrap() > 0 {}
            prop_assert_eq!(&read, &both);
        }
    }
}
