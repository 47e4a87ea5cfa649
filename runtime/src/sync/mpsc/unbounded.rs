//! The unbounded channel: sending never waits, and memory is the only bound.
//!
//! Not for a peer that may be faster than its receiver for long: nothing holds it back. The protocol is in
//! `channel`.

use std::fmt;
use std::task::{Context, Poll};

use super::super::blocking;
use super::channel::Channel;
use super::ends::Receiving;
use super::error::{SendError, TryRecvError};
use crate::primitive::sync::Arc;

/// Makes a channel without a bound.
///
/// ```
/// # futures::executor::block_on(async {
/// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
/// sender.send(1).unwrap();
/// assert_eq!(receiver.recv().await, Some(1));
/// # });
/// ```
pub fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {
    let receiving = Receiving::new(None);
    (UnboundedSender { channel: Arc::clone(receiving.channel()) }, UnboundedReceiver { receiving })
}

/// Sends into an unbounded channel. Clones send into the same one.
///
/// ```
/// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
/// sender.clone().send(1).unwrap();
/// assert_eq!(receiver.try_recv(), Ok(1));
/// ```
pub struct UnboundedSender<T> {
    channel: Arc<Channel<T>>,
}

/// Receives from an unbounded channel, which closes when this is dropped.
///
/// ```
/// let (sender, receiver) = mini_runtime::sync::mpsc::unbounded_channel();
/// drop(receiver);
/// assert!(sender.send(1).is_err());
/// ```
pub struct UnboundedReceiver<T> {
    receiving: Receiving<T>,
}

impl<T> UnboundedSender<T> {
    /// Sends the value, at once.
    ///
    /// # Errors
    ///
    /// The value, if the receiver closed or is gone.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// sender.send(1).unwrap();
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// drop(receiver);
    /// assert_eq!(sender.send(2).unwrap_err().0, 2);
    /// ```
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        // Without a bound the channel is never full.
        self.channel.try_send(value).map_err(|(_, value)| SendError(value))
    }

    /// Waits until the receiver closes or goes, so that work for it may stop.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, receiver) = mini_runtime::sync::mpsc::unbounded_channel::<()>();
    /// drop(receiver);
    /// sender.closed().await;
    /// # });
    /// ```
    pub async fn closed(&self) {
        self.channel.closed().await;
    }

    /// Whether the receiver closed or is gone.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
    /// assert!(!sender.is_closed());
    /// drop(receiver);
    /// assert!(sender.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.channel.is_closed()
    }

    /// Whether both send into the same channel.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
    /// assert!(sender.same_channel(&sender.clone()));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.channel, &other.channel)
    }

    /// A sender that does not keep the channel open.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::unbounded_channel::<()>();
    /// let weak = sender.downgrade();
    /// assert!(weak.upgrade().is_some());
    /// drop(sender);
    /// assert!(weak.upgrade().is_none());
    /// ```
    pub fn downgrade(&self) -> WeakUnboundedSender<T> {
        self.channel.add_weak();
        WeakUnboundedSender { channel: Arc::clone(&self.channel) }
    }

    /// Senders there are, not counting weak ones.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
    /// assert_eq!(sender.clone().strong_count(), 2);
    /// ```
    pub fn strong_count(&self) -> usize {
        self.channel.strong_count()
    }

    /// Weak senders there are.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
    /// let _weak = sender.downgrade();
    /// assert_eq!(sender.weak_count(), 1);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.channel.weak_count()
    }
}

impl<T> Clone for UnboundedSender<T> {
    fn clone(&self) -> Self {
        self.channel.add_sender();
        Self { channel: Arc::clone(&self.channel) }
    }
}

impl<T> Drop for UnboundedSender<T> {
    fn drop(&mut self) {
        self.channel.drop_sender();
    }
}

impl<T> fmt::Debug for UnboundedSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnboundedSender").field("is_closed", &self.is_closed()).finish_non_exhaustive()
    }
}

/// A sender that does not keep the channel open; [`upgrade`](Self::upgrade) it to send.
///
/// ```
/// let (sender, receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
/// let weak = sender.downgrade();
/// drop(sender);
/// assert!(receiver.is_closed() && weak.upgrade().is_none());
/// ```
pub struct WeakUnboundedSender<T> {
    channel: Arc<Channel<T>>,
}

impl<T> WeakUnboundedSender<T> {
    /// A sender, unless all are gone.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// let weak = sender.downgrade();
    /// weak.upgrade().unwrap().send(1).unwrap();
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// ```
    pub fn upgrade(&self) -> Option<UnboundedSender<T>> {
        self.channel.revive_sender().then(|| UnboundedSender { channel: Arc::clone(&self.channel) })
    }

    /// Senders there are, not counting weak ones.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
    /// assert_eq!(sender.downgrade().strong_count(), 1);
    /// ```
    pub fn strong_count(&self) -> usize {
        self.channel.strong_count()
    }

    /// Weak senders there are.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
    /// assert_eq!(sender.downgrade().weak_count(), 1);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.channel.weak_count()
    }
}

impl<T> Clone for WeakUnboundedSender<T> {
    fn clone(&self) -> Self {
        self.channel.add_weak();
        Self { channel: Arc::clone(&self.channel) }
    }
}

impl<T> Drop for WeakUnboundedSender<T> {
    fn drop(&mut self) {
        self.channel.drop_weak();
    }
}

impl<T> fmt::Debug for WeakUnboundedSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakUnboundedSender").finish_non_exhaustive()
    }
}

impl<T> UnboundedReceiver<T> {
    /// Waits for the next value; `None` once the channel is closed, or all senders are gone, and all values
    /// received.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no value is lost.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// sender.send(1).unwrap();
    /// drop(sender);
    /// assert_eq!(receiver.recv().await, Some(1));
    /// assert_eq!(receiver.recv().await, None);
    /// # });
    /// ```
    pub async fn recv(&mut self) -> Option<T> {
        self.receiving.recv().await
    }

    /// Waits for a value and appends it and those that are there after it, up to `limit`, to `buffer`.
    ///
    /// Says how many; zero as for the `None` of [`recv`](Self::recv), or if `limit` is zero.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no value is lost.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// sender.send(1).unwrap();
    /// sender.send(2).unwrap();
    /// let mut buffer = Vec::new();
    /// assert_eq!(receiver.recv_many(&mut buffer, 10).await, 2);
    /// # });
    /// ```
    pub async fn recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        self.receiving.recv_many(buffer, limit).await
    }

    /// Takes the next value if it is there.
    ///
    /// A value behind one that another thread is just sending counts as not there yet.
    ///
    /// # Errors
    ///
    /// [`TryRecvError`] says whether a value may still come.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// assert!(receiver.try_recv().is_err());
    /// sender.send(1).unwrap();
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// ```
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        self.receiving.try_recv()
    }

    /// Blocks this thread until a value comes; `None` as for [`recv`](Self::recv).
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await [`recv`](Self::recv) there.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// std::thread::spawn(move || sender.send(1));
    /// assert_eq!(receiver.blocking_recv(), Some(1));
    /// assert_eq!(receiver.blocking_recv(), None);
    /// ```
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Option<T> {
        blocking::block_on("mpsc::UnboundedReceiver::blocking_recv", self.recv())
    }

    /// [`recv_many`](Self::recv_many), blocking this thread.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await `recv_many` there.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// std::thread::spawn(move || sender.send(1));
    /// let mut buffer = Vec::new();
    /// assert_eq!(receiver.blocking_recv_many(&mut buffer, 10), 1);
    /// ```
    #[track_caller]
    pub fn blocking_recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        blocking::block_on("mpsc::UnboundedReceiver::blocking_recv_many", self.recv_many(buffer, limit))
    }

    /// [`recv`](Self::recv) as a poll function; the newest context's task is woken.
    ///
    /// ```
    /// # use std::task::{Context, Poll, Waker};
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert!(receiver.poll_recv(&mut context).is_pending());
    /// sender.send(1).unwrap();
    /// assert_eq!(receiver.poll_recv(&mut context), Poll::Ready(Some(1)));
    /// ```
    pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.receiving.poll_recv(context)
    }

    /// [`recv_many`](Self::recv_many) as a poll function.
    ///
    /// ```
    /// # use std::task::{Context, Poll, Waker};
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// let (mut buffer, mut context) = (Vec::new(), Context::from_waker(Waker::noop()));
    /// sender.send(1).unwrap();
    /// assert_eq!(receiver.poll_recv_many(&mut context, &mut buffer, 10), Poll::Ready(1));
    /// ```
    pub fn poll_recv_many(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut Vec<T>,
        limit: usize,
    ) -> Poll<usize> {
        self.receiving.poll_recv_many(context, buffer, limit)
    }

    /// Lets nobody send any more. What was sent can still be received, and then comes `None`.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// sender.send(1).unwrap();
    /// receiver.close();
    /// assert!(sender.send(2).is_err());
    /// assert_eq!(receiver.recv().await, Some(1));
    /// assert_eq!(receiver.recv().await, None);
    /// # });
    /// ```
    pub fn close(&mut self) {
        self.receiving.channel().close();
    }

    /// Whether nobody can send any more: closed, or all senders gone.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
    /// assert!(!receiver.is_closed());
    /// drop(sender);
    /// assert!(receiver.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.receiving.channel().is_closed_for_receiver()
    }

    /// Whether no value is there.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// assert!(receiver.is_empty());
    /// sender.send(1).unwrap();
    /// assert!(!receiver.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Values sent and not received.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::unbounded_channel();
    /// sender.send(1).unwrap();
    /// assert_eq!(receiver.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.receiving.channel().len()
    }

    /// Senders there are, not counting weak ones.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
    /// let _second = sender.clone();
    /// assert_eq!(receiver.sender_strong_count(), 2);
    /// ```
    pub fn sender_strong_count(&self) -> usize {
        self.receiving.channel().strong_count()
    }

    /// Weak senders there are.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::unbounded_channel::<u32>();
    /// let _weak = sender.downgrade();
    /// assert_eq!(receiver.sender_weak_count(), 1);
    /// ```
    pub fn sender_weak_count(&self) -> usize {
        self.receiving.channel().weak_count()
    }
}

impl<T> fmt::Debug for UnboundedReceiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnboundedReceiver").field("len", &self.len()).finish_non_exhaustive()
    }
}
