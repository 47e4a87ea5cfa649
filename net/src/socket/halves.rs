//! The halves of a connection, the same for TCP and Unix sockets: borrowed ones, for two futures of one task, and owned
//! ones, for two tasks.
//!
//! They only pass on to the stream. Invariant: both owned halves of one split hold the same `Arc`, and nobody else does,
//! so `reunite` can tell halves of different streams apart, and gets the stream itself back.

/// `ReadHalf`, `WriteHalf`, `OwnedReadHalf`, `OwnedWriteHalf` and `ReuniteError` of a stream.
///
/// `$setup` is a macro that gives code for the examples, which makes the two ends of a connection, `ours` and `theirs`.
macro_rules! halves {
    ($stream:ident, $address:ty, $setup:ident) => {
        /// The reading half that `split` lends.
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
        /// assert_eq!(&room, b"in");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        #[derive(Debug)]
        pub struct ReadHalf<'a> {
            pub(super) stream: &'a $stream,
        }

        /// The writing half that `split` lends.
        ///
        /// Dropping it closes nothing; `AsyncWriteExt::shutdown` does.
        ///
        /// ```
        /// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// let (_reading, mut writing) = ours.split();
        /// writing.write_all(b"out").await?;
        /// writing.shutdown().await?;
        /// let mut heard = Vec::new();
        /// theirs.read_to_end(&mut heard).await?;
        /// assert_eq!(heard, b"out");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        #[derive(Debug)]
        pub struct WriteHalf<'a> {
            pub(super) stream: &'a $stream,
        }

        /// The reading half that `into_split` makes.
        ///
        /// ```
        /// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// let (mut reading, writing) = ours.into_split();
        /// drop(writing); // the reading half goes on
        /// theirs.write_all(b"in").await?;
        /// drop(theirs);
        /// let mut heard = Vec::new();
        /// reading.read_to_end(&mut heard).await?;
        /// assert_eq!(heard, b"in");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        #[derive(Debug)]
        pub struct OwnedReadHalf {
            pub(super) stream: std::sync::Arc<$stream>,
        }

        /// The writing half that `into_split` makes. Dropping it closes the writing direction.
        ///
        /// ```
        /// use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
        /// # futures::executor::block_on(async {
        #[doc = $setup!()]
        ///
        /// let (_reading, mut writing) = ours.into_split();
        /// writing.write_all(b"all").await?;
        /// drop(writing);
        /// let mut heard = Vec::new();
        /// theirs.read_to_end(&mut heard).await?;
        /// assert_eq!(heard, b"all");
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        #[derive(Debug)]
        pub struct OwnedWriteHalf {
            pub(super) stream: std::sync::Arc<$stream>,
            /// False once it was shut down, or will not be.
            pub(super) shuts_down_on_drop: bool,
        }

        /// The halves are of different streams; they are in here, unchanged.
        ///
        /// ```
        /// # futures::executor::block_on(async {
        /// # let one = {
        #[doc = $setup!()]
        /// # (ours, theirs)
        /// # };
        /// # let two = {
        #[doc = $setup!()]
        /// # (ours, theirs)
        /// # };
        /// let (reading, writing) = one.0.into_split();
        /// let (_, foreign) = two.0.into_split();
        /// let error = reading.reunite(foreign).unwrap_err();
        /// assert!(error.0.reunite(writing).is_ok());
        /// # Ok::<(), std::io::Error>(())
        /// # }).unwrap();
        /// ```
        #[derive(Debug)]
        pub struct ReuniteError(pub OwnedReadHalf, pub OwnedWriteHalf);

        impl std::fmt::Display for ReuniteError {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the halves are not of the same stream")
            }
        }

        impl std::error::Error for ReuniteError {}

        fn reunite(reading: OwnedReadHalf, writing: OwnedWriteHalf) -> Result<$stream, ReuniteError> {
            if !std::sync::Arc::ptr_eq(&reading.stream, &writing.stream) {
                return Err(ReuniteError(reading, writing));
            }
            writing.forget();
            match std::sync::Arc::into_inner(reading.stream) {
                Some(stream) => Ok(stream),
                None => unreachable!("only the two halves hold the stream"),
            }
        }

        impl OwnedReadHalf {
            /// Puts the halves together again.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// let (reading, writing) = ours.into_split();
            /// let ours = reading.reunite(writing).expect("halves of one stream");
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// [`ReuniteError`], with both halves in it, if they are of different streams.
            pub fn reunite(self, other: OwnedWriteHalf) -> Result<$stream, ReuniteError> {
                reunite(self, other)
            }
        }

        impl OwnedWriteHalf {
            /// Puts the halves together again.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// let (reading, writing) = ours.into_split();
            /// let ours = writing.reunite(reading).expect("halves of one stream");
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// [`ReuniteError`], with both halves in it, if they are of different streams.
            pub fn reunite(self, other: OwnedReadHalf) -> Result<$stream, ReuniteError> {
                reunite(other, self)
            }

            /// Drops this half without closing the writing direction.
            ///
            /// ```
            /// # futures::executor::block_on(async {
            #[doc = $setup!()]
            ///
            /// let (reading, writing) = ours.into_split();
            /// writing.forget();
            /// // The peer sees no end before `reading` is dropped, too.
            /// drop(reading);
            /// theirs.readable().await?;
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            pub fn forget(mut self) {
                self.shuts_down_on_drop = false;
            }

            /// What `AsyncWrite` closes; once is enough.
            fn close(&mut self) -> std::io::Result<()> {
                self.stream.shut_down_writing()?;
                self.shuts_down_on_drop = false;
                Ok(())
            }
        }

        impl Drop for OwnedWriteHalf {
            fn drop(&mut self) {
                if self.shuts_down_on_drop {
                    // The peer may be gone already; there is nobody to tell.
                    let _ = self.stream.shut_down_writing();
                }
            }
        }

        impl WriteHalf<'_> {
            /// What `AsyncWrite` closes.
            fn close(&mut self) -> std::io::Result<()> {
                self.stream.shut_down_writing()
            }
        }

        reading_half!(ReadHalf<'_>, $stream, $address, $setup, "ours.split()");
        reading_half!(OwnedReadHalf, $stream, $address, $setup, "ours.into_split()");
        writing_half!(WriteHalf<'_>, $stream, $address, $setup, "ours.split()");
        writing_half!(OwnedWriteHalf, $stream, $address, $setup, "ours.into_split()");
    };
}
