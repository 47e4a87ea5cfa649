//! The halves of a [`TcpStream`]; what they add to those of every stream is looking without taking.

use super::stream::TcpStream;
use mini_runtime::io::ReadBuf;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

halves!(TcpStream, SocketAddr, tcp_pair);

/// `peek` and `poll_peek` of a reading half.
macro_rules! peeking_half {
    ($half:ty, $split:literal) => {
        impl $half {
            /// Reads without taking, as [`TcpStream::peek`] does.
            ///
            /// ```
            /// use mini_runtime::io::AsyncWriteExt;
            /// # futures::executor::block_on(async {
            #[doc = tcp_pair!()]
            #[doc = concat!("let (mut reading, _writing) = ", $split, ";")]
            ///
            /// theirs.write_all(b"hello").await?;
            /// assert_ne!(reading.peek(&mut [0; 16]).await?, 0);
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's.
            ///
            /// # Cancel safety
            ///
            /// Cancel safe: nothing is taken.
            pub async fn peek(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                self.stream.peek(buf).await
            }

            /// Reads without taking, as [`TcpStream::poll_peek`] does.
            ///
            /// ```
            /// use mini_runtime::io::{AsyncWriteExt, ReadBuf};
            /// # futures::executor::block_on(async {
            #[doc = tcp_pair!()]
            #[doc = concat!("let (mut reading, _writing) = ", $split, ";")]
            ///
            /// theirs.write_all(b"hello").await?;
            /// let mut room = [0; 16];
            /// let mut buf = ReadBuf::new(&mut room);
            /// assert_ne!(std::future::poll_fn(|cx| reading.poll_peek(cx, &mut buf)).await?, 0);
            /// # Ok::<(), std::io::Error>(())
            /// # }).unwrap();
            /// ```
            ///
            /// # Errors
            ///
            /// The OS's.
            pub fn poll_peek(
                &mut self,
                cx: &mut Context<'_>,
                buf: &mut ReadBuf<'_>,
            ) -> Poll<io::Result<usize>> {
                self.stream.poll_peek(cx, buf)
            }
        }
    };
}

peeking_half!(ReadHalf<'_>, "ours.split()");
peeking_half!(OwnedReadHalf, "ours.into_split()");
