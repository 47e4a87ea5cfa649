//! What a channel's only receiver does, which the bounded and the unbounded receiver wrap.
//!
//! Not public, and not its right to the head, which is in `ends`. The invariant: the channel closes when it goes, and
//! what was published is dropped then.

use std::task::{Context, Poll, ready};

use super::ends::Receiving;
use super::error::TryRecvError;
use crate::coop;

impl<T> Receiving<T> {
    pub(super) fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        let coop = ready!(coop::poll_proceed(context));
        let value = ready!(self.with_head(|channel, head| channel.poll_pop(head, Some(context.waker()))));
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
            let Some(value) = self.with_head(|channel, head| channel.pop(head)) else { break };
            buffer.push(value);
            count += 1;
        }
        Poll::Ready(count)
    }

    pub(super) async fn recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        std::future::poll_fn(|context| self.poll_recv_many(context, buffer, limit)).await
    }

    pub(super) fn try_recv(&mut self) -> Result<T, TryRecvError> {
        match self.with_head(|channel, head| channel.poll_pop(head, None)) {
            Poll::Ready(Some(value)) => Ok(value),
            Poll::Ready(None) => Err(TryRecvError::Disconnected),
            Poll::Pending => Err(TryRecvError::Empty),
        }
    }
}

impl<T> Drop for Receiving<T> {
    fn drop(&mut self) {
        self.channel().close();
        let mut rest = Rest(self);
        rest.drop_values();
        std::mem::forget(rest);
        // A task that is gone is not kept by a channel that its senders keep.
        self.channel().drop_receiver_waker();
    }
}

/// Values of a receiver that goes; those after one whose drop panics are dropped with this.
struct Rest<'r, T>(&'r mut Receiving<T>);

impl<T> Rest<'_, T> {
    /// What is published later is dropped with the channel.
    fn drop_values(&mut self) {
        while let Some(value) = self.0.with_head(|channel, head| channel.pop(head)) {
            drop(value);
        }
    }
}

impl<T> Drop for Rest<'_, T> {
    fn drop(&mut self) {
        self.drop_values();
    }
}
