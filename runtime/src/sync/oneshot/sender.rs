//! [`Sender`]: the half of a oneshot channel that sends.
//!
//! Not the protocol, which is in `state` and `halves`. The invariant is that a sender sends once: sending takes it.

use std::fmt;
use std::task::{Context, Poll, ready};

use super::halves::SendingHalf;
use crate::coop;

/// The half that sends the value.
///
/// Dropped without a send, the receiver gets [`RecvError`](super::error::RecvError).
///
/// ```
/// # futures::executor::block_on(async {
/// let (sender, receiver) = mini_runtime::sync::oneshot::channel();
/// std::thread::spawn(move || sender.send(1));
/// assert_eq!(receiver.await, Ok(1));
/// # });
/// ```
pub struct Sender<T> {
    half: SendingHalf<T>,
}

impl<T> Unpin for Sender<T> {}

impl<T> Sender<T> {
    #[inline]
    pub(super) fn new(half: SendingHalf<T>) -> Self {
        Self { half }
    }

    /// Sends the value, or gives it back if the receiver closed or is gone.
    ///
    /// That it was sent does not say that it will be received: the receiver may go at any time.
    ///
    /// # Errors
    ///
    /// The value, if it cannot be received any more.
    ///
    /// ```
    /// use mini_runtime::sync::oneshot;
    ///
    /// let (sender, receiver) = oneshot::channel();
    /// drop(receiver);
    /// assert_eq!(sender.send(3), Err(3));
    /// ```
    pub fn send(self, value: T) -> Result<(), T> {
        self.half.send(value)
    }

    /// Whether the receiver closed or is gone.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::oneshot::channel::<()>();
    /// assert!(!sender.is_closed());
    /// receiver.close();
    /// assert!(sender.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.half.is_closed()
    }

    /// Waits until the receiver closes or goes, so that work whose result nobody wants may stop.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (mut sender, receiver) = mini_runtime::sync::oneshot::channel::<()>();
    /// drop(receiver);
    /// sender.closed().await;
    /// # });
    /// ```
    pub async fn closed(&mut self) {
        std::future::poll_fn(|context| self.poll_closed(context)).await;
    }

    /// [`closed`](Self::closed) as a poll function; the newest context's task is woken.
    ///
    /// ```
    /// # use std::task::{Context, Poll, Waker};
    /// let (mut sender, receiver) = mini_runtime::sync::oneshot::channel::<()>();
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert!(sender.poll_closed(&mut context).is_pending());
    /// drop(receiver);
    /// assert!(sender.poll_closed(&mut context).is_ready());
    /// ```
    pub fn poll_closed(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(coop::poll_proceed(context));
        if !self.half.register(context.waker()) {
            return Poll::Pending;
        }
        coop.made_progress();
        Poll::Ready(())
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("is_closed", &self.is_closed()).finish_non_exhaustive()
    }
}
