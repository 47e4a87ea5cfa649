//! [`Receiver`]: the receiving end of a bounded channel.
//!
//! Not the protocol, which is in `channel`. The invariant: there is one for each channel.

use std::fmt;
use std::task::{Context, Poll};

use super::super::blocking;
use super::ends::Receiving;
use super::error::TryRecvError;

/// Receives from a bounded channel, which closes when this is dropped.
///
/// ```
/// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
/// sender.try_send(1).unwrap();
/// assert_eq!(receiver.try_recv(), Ok(1));
/// ```
pub struct Receiver<T> {
    receiving: Receiving<T>,
}

impl<T> Receiver<T> {
    pub(super) fn new(receiving: Receiving<T>) -> Self {
        Self { receiving }
    }

    /// Waits for the next value; `None` once the channel is closed, or all senders are gone, and all values
    /// received.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no value is lost.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(8);
    /// sender.send(1).await.unwrap();
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
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(8);
    /// sender.send(1).await.unwrap();
    /// sender.send(2).await.unwrap();
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
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// assert!(receiver.try_recv().is_err());
    /// sender.try_send(1).unwrap();
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
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// std::thread::spawn(move || sender.blocking_send(1));
    /// assert_eq!(receiver.blocking_recv(), Some(1));
    /// assert_eq!(receiver.blocking_recv(), None);
    /// ```
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Option<T> {
        blocking::block_on("mpsc::Receiver::blocking_recv", self.recv())
    }

    /// [`recv_many`](Self::recv_many), blocking this thread.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await `recv_many` there.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// std::thread::spawn(move || sender.blocking_send(1));
    /// let mut buffer = Vec::new();
    /// assert_eq!(receiver.blocking_recv_many(&mut buffer, 10), 1);
    /// ```
    #[track_caller]
    pub fn blocking_recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        blocking::block_on("mpsc::Receiver::blocking_recv_many", self.recv_many(buffer, limit))
    }

    /// [`recv`](Self::recv) as a poll function; the newest context's task is woken.
    ///
    /// ```
    /// # use std::task::{Context, Poll, Waker};
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert!(receiver.poll_recv(&mut context).is_pending());
    /// sender.try_send(1).unwrap();
    /// assert_eq!(receiver.poll_recv(&mut context), Poll::Ready(Some(1)));
    /// ```
    pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.receiving.poll_recv(context)
    }

    /// [`recv_many`](Self::recv_many) as a poll function.
    ///
    /// ```
    /// # use std::task::{Context, Poll, Waker};
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// let (mut buffer, mut context) = (Vec::new(), Context::from_waker(Waker::noop()));
    /// sender.try_send(1).unwrap();
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

    /// Lets nobody send any more. What was sent, or has a place reserved, can still be received, and then
    /// comes `None`.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(8);
    /// sender.send(1).await.unwrap();
    /// receiver.close();
    /// assert!(sender.send(2).await.is_err());
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
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
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
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel(2);
    /// assert!(receiver.is_empty());
    /// sender.try_send(1).unwrap();
    /// assert!(!receiver.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Values sent and not received.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel(2);
    /// sender.try_send(1).unwrap();
    /// assert_eq!(receiver.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.receiving.channel().len()
    }

    /// Senders there are, not counting weak ones.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// let _second = sender.clone();
    /// assert_eq!(receiver.sender_strong_count(), 2);
    /// ```
    pub fn sender_strong_count(&self) -> usize {
        self.receiving.channel().strong_count()
    }

    /// Weak senders there are.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// let _weak = sender.downgrade();
    /// assert_eq!(receiver.sender_weak_count(), 1);
    /// ```
    pub fn sender_weak_count(&self) -> usize {
        self.receiving.channel().weak_count()
    }

    /// Places free for anybody now.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel(2);
    /// sender.try_send(1).unwrap();
    /// assert_eq!(receiver.capacity(), 1);
    /// ```
    pub fn capacity(&self) -> usize {
        self.receiving.channel().free_places()
    }

    /// Places in all.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// assert_eq!(receiver.max_capacity(), 2);
    /// # drop(sender);
    /// ```
    pub fn max_capacity(&self) -> usize {
        self.receiving.channel().capacity()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("len", &self.len()).finish_non_exhaustive()
    }
}
