//! `Take`: a reader that ends after so many bytes of another.
//!
//! At its limit it does not ask the source any more, which might wait for bytes that nobody wants.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::io::{AsyncBufRead, AsyncRead, ReadBuf};

pin_project! {
    /// Reads at most so many bytes: [`AsyncReadExt::take`](crate::io::AsyncReadExt::take).
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut text = String::new();
    /// (&b"mini"[..]).take(2).read_to_string(&mut text).await?;
    /// assert_eq!(text, "mi");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[derive(Debug)]
    #[must_use = "readers do nothing unless read from"]
    pub struct Take<R> {
        #[pin]
        inner: R,
        // Not `limit`, since the projection would clash with the method.
        left: u64,
    }
}

impl<R> Take<R> {
    pub(in crate::io) fn new(inner: R, limit: u64) -> Self {
        Self { inner, left: limit }
    }

    /// How many bytes may still be read.
    ///
    /// ```
    /// # use mini_runtime::io::AsyncReadExt;
    /// # futures::executor::block_on(async {
    /// let mut reader = (&b"abc"[..]).take(2);
    /// reader.read_u8().await?;
    /// assert_eq!(reader.limit(), 1);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn limit(&self) -> u64 {
        self.left
    }

    /// Sets how many bytes may still be read, whatever was read before.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// # futures::executor::block_on(async {
    /// let mut take = (&b"mini"[..]).take(2);
    /// take.set_limit(3);
    /// let mut text = String::new();
    /// take.read_to_string(&mut text).await?;
    /// assert_eq!(text, "min");
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    pub fn set_limit(&mut self, limit: u64) {
        self.left = limit;
    }

    /// The source.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// let take = (&b"mini"[..]).take(2);
    /// assert_eq!(take.get_ref(), b"mini");
    /// ```
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// The source. What is read from it directly does not count.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// let mut take = (&b"mini"[..]).take(2);
    /// *take.get_mut() = b"other";
    /// assert_eq!(take.into_inner(), b"other");
    /// ```
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.inner
    }

    /// The source, pinned.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    /// use std::pin::Pin;
    ///
    /// let mut take = (&b"mini"[..]).take(2);
    /// assert_eq!(*Pin::new(&mut take).get_pin_mut(), b"mini");
    /// ```
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut R> {
        self.project().inner
    }

    /// The source.
    ///
    /// ```
    /// use mini_runtime::io::AsyncReadExt;
    ///
    /// let take = (&b"mini"[..]).take(2);
    /// assert_eq!(take.into_inner(), b"mini");
    /// ```
    pub fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: AsyncRead> AsyncRead for Take<R> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.project();
        if *this.left == 0 {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let limit = usize::try_from(*this.left).unwrap_or(usize::MAX);
        ready!(buf.lend(limit, |lent| this.inner.poll_read(cx, lent))?)?;
        *this.left -= (buf.filled().len() - before) as u64;
        Poll::Ready(Ok(()))
    }
}

impl<R: AsyncBufRead> AsyncBufRead for Take<R> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.project();
        if *this.left == 0 {
            return Poll::Ready(Ok(&[]));
        }
        let available = ready!(this.inner.poll_fill_buf(cx))?;
        let limit = usize::try_from(*this.left).unwrap_or(usize::MAX);
        Poll::Ready(Ok(&available[..available.len().min(limit)]))
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        let this = self.project();
        // More than was shown would take bytes beyond the limit.
        let amount = usize::try_from(*this.left).unwrap_or(usize::MAX).min(amount);
        *this.left -= amount as u64;
        this.inner.consume(amount);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use futures::executor::block_on;
    use proptest::prelude::*;

    use crate::io::mock::{MockReader, Step, bytes_and_reads, cases, give};
    use crate::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

    #[test]
    fn at_its_limit_it_does_not_ask_the_source() {
        let mut take = BufReader::new(MockReader::new([give("ab"), Step::Stall])).take(2);
        let mut bytes = Vec::new();
        assert_eq!(block_on(take.read_to_end(&mut bytes)).unwrap(), 2);
        assert_eq!(block_on(take.fill_buf()).unwrap(), b"");
        assert_eq!(bytes, b"ab");
    }

    #[test]
    fn a_limit_beyond_the_end_is_no_limit_and_can_be_set_anew() {
        let mut take = (&b"abc"[..]).take(u64::MAX);
        assert_eq!(block_on(take.read_u8()).unwrap(), b'a');
        take.set_limit(1);
        let mut bytes = Vec::new();
        block_on(take.read_to_end(&mut bytes)).unwrap();
        assert_eq!((&bytes[..], take.limit(), take.into_inner()), (&b"b"[..], 0, &b"c"[..]));
    }

    #[test]
    fn consuming_beyond_the_limit_leaves_what_lies_behind_it() {
        let mut take = (&b"abc"[..]).take(2);
        assert_eq!(block_on(take.fill_buf()).unwrap(), b"ab");
        AsyncBufReadExt::consume(&mut take, 3);
        assert_eq!(take.into_inner(), b"c");
    }

    proptest! {
        #![proptest_config(cases())]

        #[test]
        fn it_reads_a_prefix((bytes, steps) in bytes_and_reads(), limit in 0usize..220) {
            let prefix = &bytes[..limit.min(bytes.len())];
            let take = || BufReader::with_capacity(4, MockReader::new(steps.clone())).take(limit as u64);
            let mut read = Vec::new();
            block_on(take().read_to_end(&mut read)).unwrap();
            prop_assert_eq!(&read[..], prefix);
            read.clear();
            let mut take = take();
            while block_on(take.read_until(b'\n', &mut read)).unwrap() > 0 {}
            prop_assert_eq!(&read[..], prefix);
            prop_assert_eq!(take.limit(), (limit - prefix.len()) as u64);
        }
    }
}
