//! `AsyncRead` and `AsyncWrite` for [`TcpStream`], on `&self` so that the halves share them.
//!
//! One task a direction, as the traits ask; for more, see `readable` and `try_read`. A read or write of nothing
//! is done at once and says nothing about the connection.

use super::stream::TcpStream;
use crate::reactor::entry::Direction;
use crate::socket::{Socket, receive};
use mini_runtime::io::{AsyncRead, AsyncWrite, ReadBuf};
use std::io::{self, IoSlice, Write};
use std::net::Shutdown;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

impl TcpStream {
    /// Reads without taking, or else the newest task that polled to read is woken when there is something.
    ///
    /// # Errors
    ///
    /// The OS's.
    pub fn poll_peek(&self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<usize>> {
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(0));
        }
        let stream = self.registration.source();
        self.registration.poll_io(cx, Direction::Read, || receive::peek(stream, buf))
    }

    #[inline]
    pub(super) fn poll_read_shared(
        &self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let length = buf.remaining();
        if length == 0 {
            return Poll::Ready(Ok(()));
        }
        let stream = self.registration.source();
        let read = || receive::receive(stream, buf);
        ready!(self.registration.poll_transfer(cx, Direction::Read, length, read))?;
        Poll::Ready(Ok(()))
    }

    #[inline]
    pub(super) fn poll_write_shared(&self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if buf.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let mut stream = self.registration.source();
        self.registration.poll_transfer(cx, Direction::Write, buf.len(), || stream.write(buf))
    }

    pub(super) fn poll_write_vectored_shared(
        &self,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length = bufs.iter().map(|buf| buf.len()).sum();
        if length == 0 {
            return Poll::Ready(Ok(0));
        }
        let stream = self.registration.source();
        self.registration.poll_transfer(cx, Direction::Write, length, || stream.send_buffers(bufs))
    }
}

impl AsyncRead for TcpStream {
    #[inline]
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.poll_read_shared(cx, buf)
    }
}

impl AsyncWrite for TcpStream {
    #[inline]
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_shared(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored_shared(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// Nothing to do: the socket keeps no buffer on this side.
    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Closes the writing direction; what was written is sent first.
    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.shut_down(Shutdown::Write))
    }
}
