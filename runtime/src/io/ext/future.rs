//! `IoFuture`: the one future behind the methods of the four extension traits.
//!
//! Not nameable by users; it is `Send` and `Sync` whenever the stream and the arguments are, also where only
//! `R: AsyncReadExt` is known of the stream. It is never `Unpin`, though it could be: as in tokio, so that nobody comes
//! to rest on it, and the future of an async method may take its place.

use std::fmt;
use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

/// What a method does with a stream, and how far it has come.
pub trait Operation<S: ?Sized> {
    /// What the method answers.
    type Output;

    /// Goes as far as the stream allows now.
    fn poll_on(&mut self, stream: Pin<&mut S>, cx: &mut Context<'_>) -> Poll<Self::Output>;
}

pin_project! {
    /// An operation under way on a borrowed stream.
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct IoFuture<'a, S: ?Sized, O> {
        stream: &'a mut S,
        operation: O,
        #[pin]
        pinned: PhantomPinned,
    }
}

impl<'a, S: ?Sized, O> IoFuture<'a, S, O> {
    #[inline]
    pub(super) fn new(stream: &'a mut S, operation: O) -> Self {
        Self { stream, operation, pinned: PhantomPinned }
    }
}

impl<S: Unpin + ?Sized, O: Operation<S>> Future for IoFuture<'_, S, O> {
    type Output = O::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<O::Output> {
        let this = self.project();
        this.operation.poll_on(Pin::new(&mut **this.stream), cx)
    }
}

impl<S: ?Sized, O> fmt::Debug for IoFuture<'_, S, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IoFuture").finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use crate::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

    fn is_sendable(_: impl Send + Sync) {}

    /// The bounds a user writes; that this compiles is the test.
    fn methods_of_generic_streams_can_be_spawned<S>(mut stream: S)
    where
        S: AsyncReadExt + AsyncWriteExt + AsyncBufReadExt + AsyncSeekExt + Send + Sync + Unpin,
    {
        is_sendable(stream.read(&mut []));
        is_sendable(stream.read_exact(&mut []));
        is_sendable(stream.read_u64_le());
        is_sendable(stream.read_to_string(&mut String::new()));
        is_sendable(stream.read_line(&mut String::new()));
        is_sendable(stream.fill_buf());
        is_sendable(stream.write_all(&[]));
        is_sendable(stream.write_f32(0.0));
        is_sendable(stream.shutdown());
        is_sendable(stream.rewind());
    }

    #[test]
    fn method_futures_are_send_and_sync() {
        methods_of_generic_streams_can_be_spawned(crate::io::BufStream::new(std::io::Cursor::new(vec![])));
    }
}
