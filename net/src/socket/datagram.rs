//! The methods that send and receive datagrams, the same for UDP and Unix sockets but for their addresses.
//!
//! One macro, besides `readiness`. Each method is one system call, tried first and awaited only if it would block; a
//! datagram is received whole or cut, never in two.

/// `send`, `recv`, `recv_from` and their variants that poll, try, and fill growing buffers.
///
/// `$setup` is a macro that gives code for the examples, which makes two connected sockets, `ours` and `theirs`; `$address` is the type of
/// an address, and `$to_address` makes one of socket2's.
macro_rules! datagram_methods {
    ($setup:ident, $address:ty, $to_address:path) => {
        /// Sends a datagram to the peer that the socket is connected to. Any number of tasks may.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// assert_eq!(ours.send(b"hello").await?, 5);
        /// let mut room = [0; 16];
        /// let length = theirs.recv(&mut room).await?;
        /// assert_eq!(&room[..length], b"hello");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's; among them that of an earlier datagram that the peer refused (`ConnectionRefused`).
        ///
        /// # Cancel safety
        ///
        /// Cancel safe: if the future is dropped before it is ready, nothing was sent.
        pub async fn send(&self, buf: &[u8]) -> std::io::Result<usize> {
            let socket = self.registration.source();
            self.registration.async_io(crate::io::Interest::WRITABLE, || socket.send_bytes(buf)).await
        }

        /// [`send`](Self::send) for futures of your own: the newest task that polled to send is woken.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// assert_eq!(std::future::poll_fn(|cx| ours.poll_send(cx, b"hello")).await?, 5);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`send`](Self::send).
        pub fn poll_send(
            &self,
            cx: &mut std::task::Context<'_>,
            buf: &[u8],
        ) -> std::task::Poll<std::io::Result<usize>> {
            let socket = self.registration.source();
            self.registration.poll_io(cx, crate::reactor::entry::Direction::Write, || socket.send_bytes(buf))
        }

        /// [`send`](Self::send) that does not wait.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// ours.writable().await?;
        /// assert_eq!(ours.try_send(b"hello")?, 5);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// `WouldBlock` if there is no room; otherwise as [`send`](Self::send).
        pub fn try_send(&self, buf: &[u8]) -> std::io::Result<usize> {
            let socket = self.registration.source();
            self.registration.try_call(crate::io::Interest::WRITABLE, || socket.send_bytes(buf))
        }

        /// Receives one datagram. Of one that is longer than the buffer the rest is lost; one may be empty.
        ///
        /// A connected socket receives from its peer only.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"too long").await?;
        /// let mut room = [0; 3];
        /// assert_eq!(ours.recv(&mut room).await?, 3);
        /// assert_eq!(&room, b"too");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// The OS's; among them that of a datagram that the peer refused (`ConnectionRefused`).
        ///
        /// # Cancel safety
        ///
        /// Cancel safe: a datagram is taken only by the poll that returns it.
        pub async fn recv(&self, buf: &mut [u8]) -> std::io::Result<usize> {
            let socket = self.registration.source();
            let mut buf = mini_runtime::io::ReadBuf::new(buf);
            let receive = || crate::socket::receive::receive(socket, &mut buf);
            self.registration.async_io(crate::socket::RECEIVE, receive).await
        }

        /// [`recv`](Self::recv) for futures of your own: the newest task that polled to receive is woken.
        ///
        /// ```
        /// use mini_runtime::io::ReadBuf;
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"hello").await?;
        /// let mut room = [0; 16];
        /// let mut buf = ReadBuf::new(&mut room);
        /// std::future::poll_fn(|cx| ours.poll_recv(cx, &mut buf)).await?;
        /// assert_eq!(buf.filled(), b"hello");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`recv`](Self::recv).
        pub fn poll_recv(
            &self,
            cx: &mut std::task::Context<'_>,
            buf: &mut mini_runtime::io::ReadBuf<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            let socket = self.registration.source();
            let receive = || crate::socket::receive::receive(socket, buf);
            self.registration.poll_io(cx, crate::reactor::entry::Direction::Read, receive).map_ok(|_| ())
        }

        /// [`recv`](Self::recv) that does not wait.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"hello").await?;
        /// let mut room = [0; 16];
        /// ours.readable().await?;
        /// assert_eq!(ours.try_recv(&mut room)?, 5);
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// `WouldBlock` if there is nothing; otherwise as [`recv`](Self::recv).
        pub fn try_recv(&self, buf: &mut [u8]) -> std::io::Result<usize> {
            let socket = self.registration.source();
            let mut buf = mini_runtime::io::ReadBuf::new(buf);
            let receive = || crate::socket::receive::receive(socket, &mut buf);
            self.registration.try_call(crate::socket::RECEIVE, receive)
        }

        /// [`recv`](Self::recv) into the spare room of a growing buffer, which is not zeroed first.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"hello").await?;
        /// let mut buf = Vec::with_capacity(16);
        /// assert_eq!(ours.recv_buf(&mut buf).await?, 5);
        /// assert_eq!(buf, b"hello");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`recv`](Self::recv).
        ///
        /// # Cancel safety
        ///
        /// As [`recv`](Self::recv).
        pub async fn recv_buf<B: bytes::BufMut>(&self, buf: &mut B) -> std::io::Result<usize> {
            let socket = self.registration.source();
            let receive = || crate::socket::receive::receive_chunk(socket, buf);
            self.registration.async_io(crate::socket::RECEIVE, receive).await
        }

        /// [`recv_buf`](Self::recv_buf) that does not wait.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"hello").await?;
        /// let mut buf = Vec::with_capacity(16);
        /// ours.readable().await?;
        /// assert_eq!(ours.try_recv_buf(&mut buf)?, 5);
        /// assert_eq!(buf, b"hello");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`try_recv`](Self::try_recv).
        pub fn try_recv_buf<B: bytes::BufMut>(&self, buf: &mut B) -> std::io::Result<usize> {
            let socket = self.registration.source();
            let receive = || crate::socket::receive::receive_chunk(socket, buf);
            self.registration.try_call(crate::socket::RECEIVE, receive)
        }

        /// [`recv`](Self::recv) that also tells who sent.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"hello").await?;
        /// let mut room = [0; 16];
        /// let (length, sender) = ours.recv_from(&mut room).await?;
        /// assert_eq!(&room[..length], b"hello");
        /// assert_eq!(format!("{sender:?}"), format!("{:?}", theirs.local_addr()?));
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`recv`](Self::recv).
        ///
        /// # Cancel safety
        ///
        /// As [`recv`](Self::recv).
        pub async fn recv_from(&self, buf: &mut [u8]) -> std::io::Result<(usize, $address)> {
            let socket = self.registration.source();
            let mut buf = mini_runtime::io::ReadBuf::new(buf);
            let receive = || crate::socket::receive::receive_from(socket, &mut buf);
            let (length, address) = self.registration.async_io(crate::socket::RECEIVE, receive).await?;
            Ok((length, $to_address(&address)?))
        }

        /// [`recv_from`](Self::recv_from) for futures of your own: the newest task that polled to receive is woken.
        ///
        /// ```
        /// use mini_runtime::io::ReadBuf;
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"hello").await?;
        /// let mut room = [0; 16];
        /// let mut buf = ReadBuf::new(&mut room);
        /// let _sender = std::future::poll_fn(|cx| ours.poll_recv_from(cx, &mut buf)).await?;
        /// assert_eq!(buf.filled(), b"hello");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`recv`](Self::recv).
        pub fn poll_recv_from(
            &self,
            cx: &mut std::task::Context<'_>,
            buf: &mut mini_runtime::io::ReadBuf<'_>,
        ) -> std::task::Poll<std::io::Result<$address>> {
            let socket = self.registration.source();
            let receive = || crate::socket::receive::receive_from(socket, buf);
            self.registration
                .poll_io(cx, crate::reactor::entry::Direction::Read, receive)
                .map(|received| $to_address(&received?.1))
        }

        /// [`recv_from`](Self::recv_from) that does not wait.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"hello").await?;
        /// let mut room = [0; 16];
        /// ours.readable().await?;
        /// let (length, _sender) = ours.try_recv_from(&mut room)?;
        /// assert_eq!(&room[..length], b"hello");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`try_recv`](Self::try_recv).
        pub fn try_recv_from(&self, buf: &mut [u8]) -> std::io::Result<(usize, $address)> {
            let socket = self.registration.source();
            let mut buf = mini_runtime::io::ReadBuf::new(buf);
            let receive = || crate::socket::receive::receive_from(socket, &mut buf);
            let (length, address) = self.registration.try_call(crate::socket::RECEIVE, receive)?;
            Ok((length, $to_address(&address)?))
        }

        /// [`recv_from`](Self::recv_from) into the spare room of a growing buffer, which is not zeroed first.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"hello").await?;
        /// let mut buf = Vec::with_capacity(16);
        /// let (length, _sender) = ours.recv_buf_from(&mut buf).await?;
        /// assert_eq!((length, &buf[..]), (5, &b"hello"[..]));
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`recv`](Self::recv).
        ///
        /// # Cancel safety
        ///
        /// As [`recv`](Self::recv).
        pub async fn recv_buf_from<B: bytes::BufMut>(
            &self,
            buf: &mut B,
        ) -> std::io::Result<(usize, $address)> {
            let socket = self.registration.source();
            let receive = || crate::socket::receive::receive_chunk_from(socket, buf);
            let (length, address) = self.registration.async_io(crate::socket::RECEIVE, receive).await?;
            Ok((length, $to_address(&address)?))
        }

        /// [`recv_buf_from`](Self::recv_buf_from) that does not wait.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// theirs.send(b"hello").await?;
        /// let mut buf = Vec::with_capacity(16);
        /// ours.readable().await?;
        /// let (length, _sender) = ours.try_recv_buf_from(&mut buf)?;
        /// assert_eq!((length, &buf[..]), (5, &b"hello"[..]));
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        ///
        /// # Errors
        ///
        /// As [`try_recv`](Self::try_recv).
        pub fn try_recv_buf_from<B: bytes::BufMut>(&self, buf: &mut B) -> std::io::Result<(usize, $address)> {
            let socket = self.registration.source();
            let receive = || crate::socket::receive::receive_chunk_from(socket, buf);
            let (length, address) = self.registration.try_call(crate::socket::RECEIVE, receive)?;
            Ok((length, $to_address(&address)?))
        }
    };
}
