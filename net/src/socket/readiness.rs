//! The methods that wait for a socket to be ready, and that let the user's own calls in between.
//!
//! One macro, for all sockets. What is ready is `reactor`'s to know.

/// `ready`, `readable`, `writable`, the polls of the two directions, `try_io`, `async_io` and `take_error`.
///
/// `$setup` is a macro that gives code for the examples, which makes two connected sockets, `ours` and `theirs`; `$receive` is what ends a
/// wait of `readable`.
macro_rules! readiness_methods {
    ($setup:ident, $receive:expr, $poll_read_ready:ident, $poll_write_ready:ident) => {
        /// Waits for one of the interests and tells which states hold. Any number of tasks may.
        ///
        /// A hint: the call that follows may still say `WouldBlock`.
        ///
        /// ```
        /// use mini_net::io::Interest;
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// let ready = ours.ready(Interest::READABLE | Interest::WRITABLE).await?;
        /// assert!(ready.is_readable() || ready.is_writable());
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// Only if the runtime that the socket was opened in has shut down.
        ///
        /// # Cancel safety
        ///
        /// Cancel safe: readiness is not used up by waiting.
        pub async fn ready(&self, interest: crate::io::Interest) -> std::io::Result<crate::io::Ready> {
            Ok(self.registration.readiness(interest).await?.ready())
        }

        /// Waits until something can be received, an error or the end included.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.writable().await?;
        /// socket2::SockRef::from(&theirs).send(b"hello")?;
        /// ours.readable().await?;
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
        pub async fn readable(&self) -> std::io::Result<()> {
            self.registration.readiness($receive).await.map(|_| ())
        }

        /// Waits until something can be sent.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// ours.writable().await?;
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
        pub async fn writable(&self) -> std::io::Result<()> {
            self.registration.readiness(crate::io::Interest::WRITABLE).await.map(|_| ())
        }

        /// Something can be received, or else the newest task that polled to receive is woken when it can.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        #[doc = concat!("std::future::poll_fn(|cx| theirs.", stringify!($poll_write_ready), "(cx)).await?;")]
        /// socket2::SockRef::from(&theirs).send(b"hello")?;
        #[doc = concat!("std::future::poll_fn(|cx| ours.", stringify!($poll_read_ready), "(cx)).await?;")]
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`ready`](Self::ready).
        pub fn $poll_read_ready(
            &self,
            cx: &mut std::task::Context<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            self.registration.poll_ready(cx, crate::reactor::entry::Direction::Read).map_ok(|_| ())
        }

        /// Something can be sent, or else the newest task that polled to send is woken when it can.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        #[doc = concat!("std::future::poll_fn(|cx| ours.", stringify!($poll_write_ready), "(cx)).await?;")]
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`ready`](Self::ready).
        pub fn $poll_write_ready(
            &self,
            cx: &mut std::task::Context<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            self.registration.poll_ready(cx, crate::reactor::entry::Direction::Write).map_ok(|_| ())
        }

        /// Runs a call of your own on the socket if the interest is ready; clears the readiness if it would block.
        ///
        /// The call must be one that the interest names, on this socket, and return `WouldBlock` only if the socket
        /// did.
        ///
        /// ```
        /// use mini_net::io::Interest;
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// ours.writable().await?;
        /// let sent = ours.try_io(Interest::WRITABLE, || socket2::SockRef::from(&ours).send(b"hello"))?;
        /// assert_eq!(sent, 5);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// `WouldBlock` if not ready; otherwise what the call returns.
        pub fn try_io<R>(
            &self,
            interest: crate::io::Interest,
            call: impl FnOnce() -> std::io::Result<R>,
        ) -> std::io::Result<R> {
            self.registration.try_io(interest, || self.registration.source().try_io(call))
        }

        /// Repeats a call of your own on the socket until it does not block, waiting in between.
        ///
        /// ```
        /// use mini_net::io::Interest;
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// let send = || socket2::SockRef::from(&ours).send(b"hello");
        /// assert_eq!(ours.async_io(Interest::WRITABLE, send).await?, 5);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// What the call returns, but `WouldBlock` and `Interrupted`, after which it is repeated; and an error if the
        /// runtime has shut down.
        ///
        /// # Cancel safety
        ///
        /// Cancel safe as far as the call is: it runs within one poll.
        pub async fn async_io<R>(
            &self,
            interest: crate::io::Interest,
            mut call: impl FnMut() -> std::io::Result<R>,
        ) -> std::io::Result<R> {
            self.registration.async_io(interest, || self.registration.source().try_io(&mut call)).await
        }

        /// Takes the error that waits on the socket (`SO_ERROR`), if any.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// assert!(ours.take_error()?.is_none());
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's, if it cannot be asked.
        pub fn take_error(&self) -> std::io::Result<Option<std::io::Error>> {
            self.registration.source().take_error()
        }
    };
}
