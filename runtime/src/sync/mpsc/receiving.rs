//! The receiving half, which the bounded and the unbounded receiver wrap.
//!
//! Not public. The invariant: there is one `Receiving` per channel, so that its `&mut` is the right to the
//! head.

use std::task::{Context, Poll, ready};

use super::channel::Channel;
use super::error::TryRecvError;
use crate::coop;
use crate::primitive::sync::Arc;

/// The only receiver of a channel; closes it when dropped.
pub(super) struct Receiving<T> {
    pub(super) channel: Arc<Channel<T>>,
}

impl<T> Receiving<T> {
    pub(super) fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        let coop = ready!(coop::poll_proceed(context));
        // SAFETY: ours is the only receiver, borrowed mutably.
        let value = ready!(unsafe { self.channel.poll_pop(Some(context.waker())) });
        coop.made_progress();
        Poll::Ready(value)
    }

    pub(super) async fn recv(&mut self) -> Option<T> {
        std::future::poll_fn(|context| self.poll_recv(context)).await
    }

    /// Appends up to `limit` values, at least one; zero says that nothing can come any more, or a limit of
    /// zero.
    pub(super) fn poll_recv_many(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut Vec<T>,
        limit: usize,
    ) -> Poll<usize> {
        if limit == 0 {
            return Poll::Ready(0);
        }
        let Some(first) = ready!(self.poll_recv(context)) else { return Poll::Ready(0) };
        buffer.push(first);
        let mut count = 1;
        while count < limit {
            // SAFETY: as in `poll_recv`.
            let Some(value) = (unsafe { self.channel.pop() }) else { break };
            buffer.push(value);
            count += 1;
        }
        Poll::Ready(count)
    }

    pub(super) async fn recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        std::future::poll_fn(|context| self.poll_recv_many(context, buffer, limit)).await
    }

    pub(super) fn try_recv(&mut self) -> Result<T, TryRecvError> {
        // SAFETY: as in `poll_recv`.
        match unsafe { self.channel.poll_pop(None) } {
            Poll::Ready(Some(value)) => Ok(value),
            Poll::Ready(None) => Err(TryRecvError::Disconnected),
            Poll::Pending => Err(TryRecvError::Empty),
        }
    }
}

impl<T> Drop for Receiving<T> {
    fn drop(&mut self) {
        self.channel.close();
        // SAFETY: as in `poll_recv`. What is published later is dropped with the channel.
        while let Some(value) = unsafe { self.channel.pop() } {
            drop(value);
        }
    }
}
