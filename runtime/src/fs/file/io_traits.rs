//! Reading, writing and seeking a [`File`] by polls.
//!
//! Each loop waits for the job under way, takes in how it ended, and starts what is wanted. What an earlier operation
//! left behind is reported to whoever can make sense of it: a write's error to writers, a failed seek to whoever
//! would read or write at the wrong place because of it.

use std::io::{self, IoSlice, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::File;
use super::inner::{Ended, Inner};
use crate::coop;
use crate::io::blocking::Push;
use crate::io::{AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};
use crate::primitive::sync::atomic::Ordering;

impl AsyncRead for File {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // Ordering: Relaxed; see `publish`.
        let is_private = this.is_private.load(Ordering::Relaxed);
        let inner = this.inner.get_mut();
        let mut has_read = false;
        loop {
            match ready!(inner.poll_settle(cx)) {
                Ended::Idle => {}
                Ended::Read(result) => {
                    result?;
                    has_read = true;
                }
                Ended::Write(Ok(())) | Ended::Seek(Ok(_)) | Ended::SetLen(_) => {}
                Ended::Write(Err(error)) => inner.keep_write_error(error),
                Ended::Seek(Err(error)) => return Poll::Ready(Err(error)),
            }
            // A read that brought nothing has found the end.
            if has_read || !inner.unread().is_empty() || buf.remaining() == 0 {
                let coop = ready!(coop::poll_proceed(cx));
                inner.unread().put_into(buf);
                coop.made_progress();
                return Poll::Ready(Ok(()));
            }
            inner.start_read(&this.std, buf.remaining(), this.max_buf_size, is_private)?;
        }
    }
}

impl AsyncWrite for File {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let max = this.max_buf_size;
        let inner = this.inner.get_mut();
        inner.take_write_error()?;
        if bufs.iter().all(|buf| buf.is_empty()) {
            return Poll::Ready(Ok(0));
        }
        let coop = ready!(coop::poll_proceed(cx));
        loop {
            match inner.push_write(cx, bufs, max) {
                Push::Accepted(count) => {
                    coop.made_progress();
                    return Poll::Ready(Ok(count));
                }
                Push::Full => return Poll::Pending,
                Push::Ended => {}
            }
            match ready!(inner.poll_settle(cx)) {
                Ended::Idle => {
                    let count = inner.start_write(&this.std, bufs, max)?;
                    coop.made_progress();
                    return Poll::Ready(Ok(count));
                }
                Ended::Write(result) => result?,
                Ended::Seek(result) => {
                    result?;
                }
                Ended::Read(_) | Ended::SetLen(_) => {}
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().inner.get_mut().poll_flush(cx)
    }

    /// As a flush: only dropping the file closes it.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}

impl Inner {
    /// Waits for the write under way, if there is one.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.take_write_error()?;
        match ready!(self.poll_settle(cx)) {
            Ended::Write(result) => Poll::Ready(result),
            Ended::Idle | Ended::Read(_) | Ended::Seek(_) | Ended::SetLen(_) => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncSeek for File {
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        let this = self.get_mut();
        this.inner.get_mut().start_seek(&this.std, position)
    }

    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        let inner = self.get_mut().inner.get_mut();
        loop {
            match ready!(inner.poll_settle(cx)) {
                Ended::Idle => return Poll::Ready(Ok(inner.position)),
                Ended::Seek(result) => return Poll::Ready(result),
                Ended::Write(Err(error)) => inner.keep_write_error(error),
                Ended::Read(_) | Ended::Write(Ok(())) | Ended::SetLen(_) => {}
            }
        }
    }
}
