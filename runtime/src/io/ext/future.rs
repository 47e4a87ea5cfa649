//! `IoFuture`: the one future behind the methods of the four extension traits.
//!
//! Not nameable by users; it is `Send`, `Sync` and `Unpin` whenever the stream and the arguments are, also
//! where only `R: AsyncReadExt` is known of the stream.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What a method does with a stream, and how far it has come.
pub trait Operation<S: ?Sized> {
    /// What the method answers.
    type Output;

    /// Goes as far as the stream allows now.
    fn poll_on(&mut self, stream: Pin<&mut S>, cx: &mut Context<'_>) -> Poll<Self::Output>;
}

/// An operation under way on a borrowed stream.
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct IoFuture<'a, S: ?Sized, O> {
    stream: &'a mut S,
    operation: O,
}

impl<'a, S: ?Sized, O> IoFuture<'a, S, O> {
    #[inline]
    pub(super) fn new(stream: &'a mut S, operation: O) -> Self {
        Self { stream, operation }
    }
}

impl<S: Unpin + ?Sized, O: Operation<S> + Unpin> Future for IoFuture<'_, S, O> {
    type Output = O::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<O::Output> {
        let this = self.get_mut();
        this.operation.poll_on(Pin::new(&mut *this.stream), cx)
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

    fn is_sendable(_: impl Send + Sync + Unpin) {}

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
    fn method_futures_are_send_sync_and_unpin() {
        methods_of_generic_streams_can_be_spawned(crate::io::BufStream::new(std::io::Cursor::new(vec![])));
    }
}
