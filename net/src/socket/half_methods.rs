//! The methods of the halves of a connection, the same for borrowed and owned ones, of TCP and Unix sockets.
//!
//! They only pass on to the stream, whose method of the same name says more. `halves` calls the two macros.

/// The methods of a reading half, and its `AsyncRead`.
///
/// `$setup` is a macro that gives code for the examples, which makes the two ends of a connection, `ours` and `theirs`;
/// `$split` is the code that makes the halves.
macro_rules! reading_half {
    ($half:ty, $stream:ident, $address:ty, $setup:ident, $split:literal) => {
        impl $half {
            /// Waits for one of the interests and tells which states hold.
            ///
            /// ```
            /// use mini_net::io::Interest;
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// let ready = reading.ready(Interest::READABLE | Interest::WRITABLE).await?;
            /// assert!(ready.is_readable() || ready.is_writable());
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As the method of this name of the stream.
            ///
            /// # Cancel safety
            ///
            /// Cancel safe: readiness is not used up by waiting.
            pub async fn ready(&self, interest: crate::io::Interest) -> std::io::Result<crate::io::Ready> {
                self.stream.ready(interest).await
            }

            /// Waits until something can be read, an error or the end included.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// theirs.writable().await?;
            /// theirs.try_write(b"hello")?;
            /// reading.readable().await?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As the method of this name of the stream.
            ///
            /// # Cancel safety
            ///
            /// Cancel safe: readiness is not used up by waiting.
            pub async fn readable(&self) -> std::io::Result<()> {
                self.stream.readable().await
            }

            /// Reads what is there. 0: the peer has closed its side, or the buffer is empty.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// theirs.writable().await?;
            /// theirs.try_write(b"hello")?;
            /// let mut room = [0; 16];
            /// let length = loop {
            ///     reading.readable().await?;
            ///     match reading.try_read(&mut room) {
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
            /// As the method of this name of the stream.
            pub fn try_read(&self, buf: &mut [u8]) -> std::io::Result<usize> {
                self.stream.try_read(buf)
            }

            /// `try_read` into several buffers, one after the other.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// theirs.writable().await?;
            /// theirs.try_write(b"hello")?;
            /// let mut room = [0; 16];
            /// let length = loop {
            ///     reading.readable().await?;
            ///     match reading.try_read_vectored(&mut [std::io::IoSliceMut::new(&mut room)]) {
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
            /// As the method of this name of the stream.
            pub fn try_read_vectored(&self, bufs: &mut [std::io::IoSliceMut<'_>]) -> std::io::Result<usize> {
                self.stream.try_read_vectored(bufs)
            }

            /// `try_read` into the spare room of a growing buffer, which is not zeroed first.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// theirs.writable().await?;
            /// theirs.try_write(b"hello")?;
            /// let mut room = Vec::with_capacity(16);
            /// let length = loop {
            ///     reading.readable().await?;
            ///     match reading.try_read_buf(&mut room) {
            ///         Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            ///         result => break result?,
            ///     }
            /// };
            /// assert_eq!((length, &room[..]), (5, &b"hello"[..]));
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As the method of this name of the stream.
            pub fn try_read_buf<B: bytes::BufMut>(&self, buf: &mut B) -> std::io::Result<usize> {
                self.stream.try_read_buf(buf)
            }

            /// The other end's address.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// let _peer = reading.peer_addr()?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's.
            pub fn peer_addr(&self) -> std::io::Result<$address> {
                self.stream.peer_addr()
            }

            /// This end's address.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// let _own = reading.local_addr()?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's.
            pub fn local_addr(&self) -> std::io::Result<$address> {
                self.stream.local_addr()
            }
        }

        impl mini_runtime::io::AsyncRead for $half {
            fn poll_read(
                self: std::pin::Pin<&mut Self>,
                cx: &mut std::task::Context<'_>,
                buf: &mut mini_runtime::io::ReadBuf<'_>,
            ) -> std::task::Poll<std::io::Result<()>> {
                self.stream.poll_read_shared(cx, buf)
            }
        }

        impl AsRef<$stream> for $half {
            fn as_ref(&self) -> &$stream {
                &self.stream
            }
        }
    };
}

/// The methods of a writing half, and its `AsyncWrite`.
///
/// `$setup` is a macro that gives code for the examples, which makes the two ends of a connection, `ours` and `theirs`;
/// `$split` is the code that makes the halves.
macro_rules! writing_half {
    ($half:ty, $stream:ident, $address:ty, $setup:ident, $split:literal) => {
        impl $half {
            /// Waits for one of the interests and tells which states hold.
            ///
            /// ```
            /// use mini_net::io::Interest;
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// let ready = writing.ready(Interest::READABLE | Interest::WRITABLE).await?;
            /// assert!(ready.is_readable() || ready.is_writable());
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As the method of this name of the stream.
            ///
            /// # Cancel safety
            ///
            /// Cancel safe: readiness is not used up by waiting.
            pub async fn ready(&self, interest: crate::io::Interest) -> std::io::Result<crate::io::Ready> {
                self.stream.ready(interest).await
            }

            /// Waits until something can be written.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// writing.writable().await?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As the method of this name of the stream.
            ///
            /// # Cancel safety
            ///
            /// Cancel safe: readiness is not used up by waiting.
            pub async fn writable(&self) -> std::io::Result<()> {
                self.stream.writable().await
            }

            /// Writes what there is room for.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// writing.writable().await?;
            /// assert_eq!(writing.try_write(b"hello")?, 5);
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As the method of this name of the stream.
            pub fn try_write(&self, buf: &[u8]) -> std::io::Result<usize> {
                self.stream.try_write(buf)
            }

            /// `try_write` from several buffers, one after the other.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// writing.writable().await?;
            /// let bufs = [std::io::IoSlice::new(b"he"), std::io::IoSlice::new(b"llo")];
            /// assert_eq!(writing.try_write_vectored(&bufs)?, 5);
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// As the method of this name of the stream.
            pub fn try_write_vectored(&self, bufs: &[std::io::IoSlice<'_>]) -> std::io::Result<usize> {
                self.stream.try_write_vectored(bufs)
            }

            /// The other end's address.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// let _peer = writing.peer_addr()?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's.
            pub fn peer_addr(&self) -> std::io::Result<$address> {
                self.stream.peer_addr()
            }

            /// This end's address.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            #[doc = concat!("let (mut reading, mut writing) = ", $split, ";")]
            ///
            /// let _own = writing.local_addr()?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's.
            pub fn local_addr(&self) -> std::io::Result<$address> {
                self.stream.local_addr()
            }
        }

        write_through!($half, |half| half.stream);

        impl AsRef<$stream> for $half {
            fn as_ref(&self) -> &$stream {
                &self.stream
            }
        }
    };
}
