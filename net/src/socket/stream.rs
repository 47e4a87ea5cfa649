//! The methods that move the bytes of a connection, the same for TCP and Unix sockets.
//!
//! One macro, besides `readiness`. Each method is one system call, tried first and awaited only if it would block. A
//! read or write of nothing is done at once and says nothing about the connection.

/// `try_read`, `try_write` and their variants, `split`, `into_split`, `AsyncRead` and `AsyncWrite`.
///
/// `$setup` is a macro that gives code for the examples, which makes the two ends of a connection, `ours` and `theirs`.
/// The types of the halves must be in scope.
macro_rules! stream_methods {
    ($stream:ident, $setup:ident) => {
        impl $stream {
            /// Reads what is there. 0: the peer has closed its side, or the buffer is empty.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// theirs.writable().await?;
            /// theirs.try_write(b"hello")?;
            /// let mut room = [0; 16];
            /// let length = loop {
            ///     ours.readable().await?;
            ///     match ours.try_read(&mut room) {
            ///         Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            ///         result => break result?,
            ///     }
            /// };
            /// assert_eq!(&room[..length], b"hello");
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// `WouldBlock` if there is nothing; otherwise the OS's.
            pub fn try_read(&self, buf: &mut [u8]) -> std::io::Result<usize> {
                if buf.is_empty() {
                    return Ok(0);
                }
                let mut buf = mini_runtime::io::ReadBuf::new(buf);
                let read = || crate::socket::receive::receive(self.registration.source(), &mut buf);
                self.registration.try_call(crate::io::Interest::READABLE, read)
            }

            /// [`try_read`](Self::try_read) into several buffers, one after the other.
            ///
            /// ```
            /// use std::io::IoSliceMut;
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// theirs.writable().await?;
            /// theirs.try_write(b"hello")?;
            /// let (mut first, mut second) = ([0; 2], [0; 8]);
            /// let length = loop {
            ///     ours.readable().await?;
            ///     let mut room = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
            ///     match ours.try_read_vectored(&mut room) {
            ///         Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            ///         result => break result?,
            ///     }
            /// };
            /// assert_eq!((length, &first, &second[..3]), (5, b"he", &b"llo"[..]));
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As [`try_read`](Self::try_read).
            pub fn try_read_vectored(&self, bufs: &mut [std::io::IoSliceMut<'_>]) -> std::io::Result<usize> {
                if bufs.iter().all(|buf| buf.is_empty()) {
                    return Ok(0);
                }
                let mut stream = self.registration.source();
                let read = || std::io::Read::read_vectored(&mut stream, bufs);
                self.registration.try_call(crate::io::Interest::READABLE, read)
            }

            /// [`try_read`](Self::try_read) into the spare room of a growing buffer, which is not zeroed first.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// theirs.writable().await?;
            /// theirs.try_write(b"hello")?;
            /// let mut room = Vec::with_capacity(16);
            /// while room.is_empty() {
            ///     ours.readable().await?;
            ///     match ours.try_read_buf(&mut room) {
            ///         Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            ///         result => assert_eq!(result?, 5),
            ///     }
            /// }
            /// assert_eq!(room, b"hello");
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As [`try_read`](Self::try_read).
            pub fn try_read_buf<B: bytes::BufMut>(&self, buf: &mut B) -> std::io::Result<usize> {
                if buf.chunk_mut().len() == 0 {
                    return Ok(0);
                }
                let read = || crate::socket::receive::receive_chunk(self.registration.source(), buf);
                self.registration.try_call(crate::io::Interest::READABLE, read)
            }

            /// Writes what there is room for.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// ours.writable().await?;
            /// assert_eq!(ours.try_write(b"hello")?, 5);
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// `WouldBlock` if there is no room; `BrokenPipe` or `ConnectionReset` if the peer is gone; the OS's.
            pub fn try_write(&self, buf: &[u8]) -> std::io::Result<usize> {
                if buf.is_empty() {
                    return Ok(0);
                }
                let write = || self.registration.source().send_bytes(buf);
                self.registration.try_call(crate::io::Interest::WRITABLE, write)
            }

            /// [`try_write`](Self::try_write) from several buffers, one after the other.
            ///
            /// ```
            /// use std::io::IoSlice;
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// ours.writable().await?;
            /// assert_eq!(ours.try_write_vectored(&[IoSlice::new(b"he"), IoSlice::new(b"llo")])?, 5);
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As [`try_write`](Self::try_write).
            pub fn try_write_vectored(&self, bufs: &[std::io::IoSlice<'_>]) -> std::io::Result<usize> {
                if bufs.iter().all(|buf| buf.is_empty()) {
                    return Ok(0);
                }
                let write = || self.registration.source().send_buffers(bufs);
                self.registration.try_call(crate::io::Interest::WRITABLE, write)
            }

            #[inline]
            pub(super) fn poll_read_shared(
                &self,
                cx: &mut std::task::Context<'_>,
                buf: &mut mini_runtime::io::ReadBuf<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                let length = buf.remaining();
                if length == 0 {
                    return std::task::Poll::Ready(Ok(()));
                }
                let stream = self.registration.source();
                let read = || crate::socket::receive::receive(stream, buf);
                let direction = crate::reactor::entry::Direction::Read;
                self.registration.poll_transfer(cx, direction, length, read).map_ok(|_| ())
            }

            #[inline]
            pub(super) fn poll_write_shared(
                &self,
                cx: &mut std::task::Context<'_>,
                buf: &[u8],
            ) -> std::task::Poll<std::io::Result<usize>> {
                if buf.is_empty() {
                    return std::task::Poll::Ready(Ok(0));
                }
                let write = || self.registration.source().send_bytes(buf);
                let direction = crate::reactor::entry::Direction::Write;
                self.registration.poll_transfer(cx, direction, buf.len(), write)
            }

            pub(super) fn poll_write_vectored_shared(
                &self,
                cx: &mut std::task::Context<'_>,
                bufs: &[std::io::IoSlice<'_>],
            ) -> std::task::Poll<std::io::Result<usize>> {
                let length = bufs.iter().map(|buf| buf.len()).sum();
                if length == 0 {
                    return std::task::Poll::Ready(Ok(0));
                }
                let write = || self.registration.source().send_buffers(bufs);
                let direction = crate::reactor::entry::Direction::Write;
                self.registration.poll_transfer(cx, direction, length, write)
            }

            /// Closes the writing direction, for both ends to see; what was written is sent first.
            pub(super) fn shut_down_writing(&self) -> std::io::Result<()> {
                match self.registration.source().shutdown(std::net::Shutdown::Write) {
                    // The peer closed first: there is nothing left to close.
                    Err(error) if error.kind() == std::io::ErrorKind::NotConnected => Ok(()),
                    result => result,
                }
            }

            /// Lends a reading and a writing half, for two futures of one task.
            ///
            /// ```
            /// use futures::future::try_join;
            /// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// theirs.write_all(b"in").await?;
            /// let (mut reading, mut writing) = ours.split();
            /// let mut room = [0; 2];
            /// try_join(reading.read_exact(&mut room), writing.write_all(b"out")).await?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            pub fn split(&mut self) -> (ReadHalf<'_>, WriteHalf<'_>) {
                (ReadHalf { stream: &*self }, WriteHalf { stream: &*self })
            }

            /// Makes a reading and a writing half that own the stream together, for two tasks.
            ///
            /// Dropping the writing half closes the writing direction.
            ///
            /// ```
            /// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// let (reading, mut writing) = ours.into_split();
            /// writing.write_all(b"all").await?;
            /// drop(writing);
            /// let mut heard = Vec::new();
            /// theirs.read_to_end(&mut heard).await?;
            /// assert_eq!(heard, b"all");
            /// drop(reading);
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            pub fn into_split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
                let stream = std::sync::Arc::new(self);
                let reading = OwnedReadHalf { stream: std::sync::Arc::clone(&stream) };
                (reading, OwnedWriteHalf { stream, shuts_down_on_drop: true })
            }
        }

        impl mini_runtime::io::AsyncRead for $stream {
            #[inline]
            fn poll_read(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                buf: &mut mini_runtime::io::ReadBuf<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                self.poll_read_shared(cx, buf)
            }
        }

        impl $stream {
            /// What `AsyncWrite` closes.
            fn close(&mut self) -> std::io::Result<()> {
                self.shut_down_writing()
            }
        }

        write_through!($stream, |stream| stream);

        impl AsRef<Self> for $stream {
            fn as_ref(&self) -> &Self {
                self
            }
        }
    };
}

/// `AsyncWrite` for a stream, or what holds one. There is nothing to flush: a socket keeps no buffer on this side.
macro_rules! write_through {
    ($writer:ty, |$this:ident| $stream:expr) => {
        impl mini_runtime::io::AsyncWrite for $writer {
            #[inline]
            fn poll_write(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                buf: &[u8],
            ) -> std::task::Poll<std::io::Result<usize>> {
                let $this = &*self;
                $stream.poll_write_shared(cx, buf)
            }

            fn poll_write_vectored(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                bufs: &[std::io::IoSlice<'_>],
            ) -> std::task::Poll<std::io::Result<usize>> {
                let $this = &*self;
                $stream.poll_write_vectored_shared(cx, bufs)
            }

            fn is_write_vectored(&self) -> bool {
                true
            }

            fn poll_flush(
                self: std::pin::Pin<&mut Self>,
                _cx: &mut std::task::Context<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                std::task::Poll::Ready(Ok(()))
            }

            /// Closes the writing direction; what was written is sent first.
            fn poll_shutdown(
                self: std::pin::Pin<&mut Self>,
                _cx: &mut std::task::Context<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                std::task::Poll::Ready(self.get_mut().close())
            }
        }
    };
}
