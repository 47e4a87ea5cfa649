//! How an [`AsyncFd`] is waited for: readiness and its guards, and calls of the user's that are repeated until they do
//! not block.
//!
//! What a guard may do is `guard`'s.

use super::{AsyncFd, AsyncFdReadyGuard, AsyncFdReadyMutGuard};
use crate::io::Interest;
use crate::reactor::entry::Direction;
use std::io;
use std::os::fd::AsRawFd;
use std::task::{Context, Poll, ready};

impl<T: AsRawFd> AsyncFd<T> {
    /// Waits for one of the interests. Any number of tasks may wait.
    ///
    /// ```
    /// use mini_net::io::Interest;
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let guard = fd.ready(Interest::READABLE | Interest::WRITABLE).await?;
    /// assert!(guard.ready().is_readable() || guard.ready().is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Only if the runtime that the descriptor was registered in has shut down.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: readiness is not used up by waiting.
    pub async fn ready(&self, interest: Interest) -> io::Result<AsyncFdReadyGuard<'_, T>> {
        let observed = self.registration.readiness(interest).await?;
        Ok(AsyncFdReadyGuard::new(self, observed))
    }

    /// [`ready`](Self::ready) whose guard lends the inner value for change.
    ///
    /// ```
    /// use mini_net::io::Interest;
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.ready_mut(Interest::READABLE).await?;
    /// let mut byte = [0];
    /// guard.get_inner_mut().read_exact(&mut byte)?;
    /// assert_eq!(&byte, b"x");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn ready_mut(&mut self, interest: Interest) -> io::Result<AsyncFdReadyMutGuard<'_, T>> {
        let observed = self.registration.readiness(interest).await?;
        Ok(AsyncFdReadyMutGuard::new(self, observed))
    }

    /// Waits until it can be read.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// assert!(fd.readable().await?.ready().is_readable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn readable(&self) -> io::Result<AsyncFdReadyGuard<'_, T>> {
        self.ready(Interest::READABLE).await
    }

    /// [`readable`](Self::readable) whose guard lends the inner value for change.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.readable_mut().await?;
    /// let mut byte = [0];
    /// guard.get_inner_mut().read_exact(&mut byte)?;
    /// assert_eq!(&byte, b"x");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn readable_mut(&mut self) -> io::Result<AsyncFdReadyMutGuard<'_, T>> {
        self.ready_mut(Interest::READABLE).await
    }

    /// Waits until it can be written.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// assert!(fd.writable().await?.ready().is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn writable(&self) -> io::Result<AsyncFdReadyGuard<'_, T>> {
        self.ready(Interest::WRITABLE).await
    }

    /// [`writable`](Self::writable) whose guard lends the inner value for change.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut guard = fd.writable_mut().await?;
    /// guard.get_inner_mut().write_all(b"y")?;
    /// let mut byte = [0];
    /// theirs.read_exact(&mut byte)?;
    /// assert_eq!(&byte, b"y");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    ///
    /// # Cancel safety
    ///
    /// As [`ready`](Self::ready).
    pub async fn writable_mut(&mut self) -> io::Result<AsyncFdReadyMutGuard<'_, T>> {
        self.ready_mut(Interest::WRITABLE).await
    }

    /// Ready to be read, or else the newest task that polled is woken when it is.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let guard = std::future::poll_fn(|cx| fd.poll_read_ready(cx)).await?;
    /// assert!(guard.ready().is_readable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_read_ready<'a>(&'a self, cx: &mut Context<'_>) -> Poll<io::Result<AsyncFdReadyGuard<'a, T>>> {
        let observed = ready!(self.registration.poll_ready(cx, Direction::Read))?;
        Poll::Ready(Ok(AsyncFdReadyGuard::new(self, observed.only(Direction::Read.states()))))
    }

    /// [`poll_read_ready`](Self::poll_read_ready) whose guard lends the inner value for change.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let ready = std::future::poll_fn(|cx| fd.poll_read_ready_mut(cx).map_ok(|guard| guard.ready())).await?;
    /// assert!(ready.is_readable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_read_ready_mut<'a>(
        &'a mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyMutGuard<'a, T>>> {
        let observed = ready!(self.registration.poll_ready(cx, Direction::Read))?;
        Poll::Ready(Ok(AsyncFdReadyMutGuard::new(self, observed.only(Direction::Read.states()))))
    }

    /// Ready to be written, or else the newest task that polled is woken when it is.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let guard = std::future::poll_fn(|cx| fd.poll_write_ready(cx)).await?;
    /// assert!(guard.ready().is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_write_ready<'a>(
        &'a self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyGuard<'a, T>>> {
        let observed = ready!(self.registration.poll_ready(cx, Direction::Write))?;
        Poll::Ready(Ok(AsyncFdReadyGuard::new(self, observed.only(Direction::Write.states()))))
    }

    /// [`poll_write_ready`](Self::poll_write_ready) whose guard lends the inner value for change.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let ready = std::future::poll_fn(|cx| fd.poll_write_ready_mut(cx).map_ok(|guard| guard.ready())).await?;
    /// assert!(ready.is_writable());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn poll_write_ready_mut<'a>(
        &'a mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyMutGuard<'a, T>>> {
        let observed = ready!(self.registration.poll_ready(cx, Direction::Write))?;
        Poll::Ready(Ok(AsyncFdReadyMutGuard::new(self, observed.only(Direction::Write.states()))))
    }

    /// Repeats `call` until it does not block, waiting in between.
    ///
    /// ```
    /// use mini_net::io::Interest;
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut byte = [0];
    /// let length = fd.async_io(Interest::READABLE, |mut stream| stream.read(&mut byte)).await?;
    /// assert_eq!((length, &byte), (1, b"x"));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// What `call` returns, but `WouldBlock` and `Interrupted`, after which it is called again; and an error if
    /// the runtime has shut down.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe as far as `call` is: it runs within one poll.
    pub async fn async_io<R>(
        &self,
        interest: Interest,
        mut call: impl FnMut(&T) -> io::Result<R>,
    ) -> io::Result<R> {
        self.registration.async_io(interest, || call(&self.inner)).await
    }

    /// [`async_io`](Self::async_io) that lends the inner value for change.
    ///
    /// ```
    /// use mini_net::io::Interest;
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// let mut byte = [0];
    /// let length = fd.async_io_mut(Interest::READABLE, |stream| stream.read(&mut byte)).await?;
    /// assert_eq!((length, &byte), (1, b"x"));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`async_io`](Self::async_io).
    ///
    /// # Cancel safety
    ///
    /// As [`async_io`](Self::async_io).
    pub async fn async_io_mut<R>(
        &mut self,
        interest: Interest,
        mut call: impl FnMut(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        let Self { registration, inner } = self;
        registration.async_io(interest, || call(inner)).await
    }

    /// Runs `call` if the interest is ready now; if it would block, the readiness is cleared.
    ///
    /// ```
    /// use mini_net::io::Interest;
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// drop(fd.readable().await?);
    /// let mut byte = [0];
    /// let length = fd.try_io(Interest::READABLE, |mut stream| stream.read(&mut byte))?;
    /// assert_eq!((length, &byte), (1, b"x"));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// `WouldBlock` when not ready; otherwise what `call` returns.
    pub fn try_io<R>(&self, interest: Interest, call: impl FnOnce(&T) -> io::Result<R>) -> io::Result<R> {
        self.registration.try_io(interest, || call(&self.inner))
    }

    /// [`try_io`](Self::try_io) that lends the inner value for change.
    ///
    /// ```
    /// use mini_net::io::Interest;
    /// # futures::executor::block_on(async {
    #[doc = fd_with_a_byte!()]
    ///
    /// drop(fd.readable().await?);
    /// let mut byte = [0];
    /// let length = fd.try_io_mut(Interest::READABLE, |stream| stream.read(&mut byte))?;
    /// assert_eq!((length, &byte), (1, b"x"));
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_io`](Self::try_io).
    pub fn try_io_mut<R>(
        &mut self,
        interest: Interest,
        call: impl FnOnce(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        let Self { registration, inner } = self;
        registration.try_io(interest, || call(inner))
    }
}
