//! [`Receiver`]: the half of a oneshot channel that waits for the value, and a future.
//!
//! Not the protocol, which is in `state` and `halves`. The invariant: what the channel comes to, value or error, is
//! handed out once.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::super::blocking;
use super::error::{RecvError, TryRecvError};
use super::halves::ReceivingHalf;
use super::state::{CLOSED, DONE, VALUE};
use crate::coop;

/// The half that waits for the value: a future.
///
/// # Panics
///
/// If it is polled again after it completed.
///
/// # Cancel safety
///
/// `&mut Receiver` is a future too; dropping it in a `select!` loses nothing.
///
/// ```
/// # futures::executor::block_on(async {
/// let (sender, mut receiver) = mini_runtime::sync::oneshot::channel();
/// sender.send(1).unwrap();
/// assert_eq!((&mut receiver).await, Ok(1));
/// # });
/// ```
pub struct Receiver<T> {
    half: ReceivingHalf<T>,
}

impl<T> Unpin for Receiver<T> {}

impl<T> Receiver<T> {
    #[inline]
    pub(super) fn new(half: ReceivingHalf<T>) -> Self {
        Self { half }
    }

    /// Takes no value that was not sent yet: later sends fail. What was sent can still be received.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::oneshot::channel();
    /// receiver.close();
    /// assert_eq!(sender.send(1), Err(1));
    /// assert!(receiver.try_recv().is_err());
    /// ```
    pub fn close(&mut self) {
        self.half.close();
    }

    /// Takes the value if it is there.
    ///
    /// # Errors
    ///
    /// [`TryRecvError::Empty`] if it may still come, [`TryRecvError::Closed`] if not.
    ///
    /// ```
    /// use mini_runtime::sync::oneshot::{self, TryRecvError};
    ///
    /// let (sender, mut receiver) = oneshot::channel();
    /// assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
    /// sender.send(5).unwrap();
    /// assert_eq!(receiver.try_recv(), Ok(5));
    /// assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    /// ```
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        match self.half.word() {
            Some(word) if word & (DONE | CLOSED) == 0 => Err(TryRecvError::Empty),
            // After a close of our own without a value it cannot come any more: that was handed out with this.
            Some(_) => self.half.take().ok_or(TryRecvError::Closed),
            None => Err(TryRecvError::Closed),
        }
    }

    /// Whether the value, or the error, was handed out already, so that a poll would panic.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::oneshot::channel();
    /// sender.send(()).unwrap();
    /// assert!(!receiver.is_terminated());
    /// receiver.try_recv().unwrap();
    /// assert!(receiver.is_terminated());
    /// ```
    pub fn is_terminated(&self) -> bool {
        self.half.word().is_none()
    }

    /// Whether no value is there to take.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::oneshot::channel();
    /// assert!(receiver.is_empty());
    /// sender.send(()).unwrap();
    /// assert!(!receiver.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.half.word().is_none_or(|word| word & VALUE == 0)
    }

    /// Blocks this thread until the value comes.
    ///
    /// # Errors
    ///
    /// [`RecvError`] if the sender went without sending.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await the receiver there.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::oneshot::channel();
    /// std::thread::spawn(move || sender.send(7));
    /// assert_eq!(receiver.blocking_recv(), Ok(7));
    /// ```
    #[track_caller]
    pub fn blocking_recv(self) -> Result<T, RecvError> {
        blocking::block_on("oneshot::Receiver::blocking_recv", self)
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let coop = ready!(coop::poll_proceed(context));
        let half = &mut self.half;
        let word = half.word().expect("a oneshot receiver was polled after it completed; await it once");
        // If we closed before anything was sent, nothing can come.
        if word & (DONE | CLOSED) == 0 && half.register(context.waker()).is_ok() {
            return Poll::Pending;
        }
        coop.made_progress();
        Poll::Ready(half.take().ok_or(RecvError(())))
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("is_terminated", &self.is_terminated()).finish_non_exhaustive()
    }
}
