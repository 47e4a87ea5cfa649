//! The bounded channel: senders wait while it is full.
//!
//! Not the protocol, which is in `channel`. The invariant here: each permit stands for as many reserved
//! places as it says, and gives those back that it did not use.

use std::fmt;
use std::future::poll_fn;
use std::iter::FusedIterator;
use std::pin::pin;
use std::task::{Context, Poll};

use super::super::blocking;
use super::channel::{Admit, Channel, Refusal};
use super::error::{SendError, TryRecvError, TrySendError};
use super::receiving::Receiving;
use crate::primitive::sync::Arc;

/// Makes a channel in which at most `capacity` values wait.
///
/// Memory is taken as values come, in blocks of 31. At most 2^20 - 1 places can be reserved by permits at one
/// time.
///
/// # Panics
///
/// If `capacity` is zero or more than [`Semaphore::MAX_PERMITS`](crate::sync::Semaphore::MAX_PERMITS).
///
/// ```
/// # futures::executor::block_on(async {
/// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(8);
/// std::thread::spawn(move || sender.blocking_send("hello"));
/// assert_eq!(receiver.recv().await, Some("hello"));
/// assert_eq!(receiver.recv().await, None);
/// # });
/// ```
#[track_caller]
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    assert!(capacity > 0, "an mpsc channel needs room for one value; ask for a capacity of at least 1");
    assert!(
        capacity <= super::super::Semaphore::MAX_PERMITS,
        "an mpsc channel's capacity is at most Semaphore::MAX_PERMITS; ask for less, or take unbounded_channel"
    );
    let channel = Arc::new(Channel::new(Some(capacity)));
    (Sender { channel: Arc::clone(&channel) }, Receiver { receiving: Receiving { channel } })
}

/// Sends into a bounded channel. Clones send into the same one.
pub struct Sender<T> {
    channel: Arc<Channel<T>>,
}

/// Receives from a bounded channel, which closes when this is dropped.
pub struct Receiver<T> {
    receiving: Receiving<T>,
}

impl<T> Sender<T> {
    /// Sends the value, waiting in turn while the channel is full.
    ///
    /// # Errors
    ///
    /// The value, if the receiver closed or is gone.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped before it completes, the value was not sent and is dropped;
    /// [`reserve`](Self::reserve) first to keep it.
    pub async fn send(&self, value: T) -> Result<(), SendError<T>> {
        let mut value = Some(value);
        let mut admit = pin!(Admit::new(&self.channel, 1));
        let result = poll_fn(|context| admit.as_mut().poll_send(context, &mut value)).await;
        match (result, value) {
            (Err(_), Some(value)) => Err(SendError(value)),
            _ => Ok(()),
        }
    }

    /// Sends the value if there is room and nobody waits.
    ///
    /// # Errors
    ///
    /// [`TrySendError`] says why not, and has the value.
    ///
    /// ```
    /// use mini_runtime::sync::mpsc::{self, TrySendError};
    ///
    /// let (sender, receiver) = mpsc::channel(1);
    /// sender.try_send(1).unwrap();
    /// assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
    /// drop(receiver);
    /// assert_eq!(sender.try_send(3), Err(TrySendError::Closed(3)));
    /// ```
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        self.channel.try_send(value).map_err(|(refusal, value)| refused(refusal, value))
    }

    /// [`send`](Self::send), blocking this thread.
    ///
    /// # Errors
    ///
    /// As `send`.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await `send` there.
    #[track_caller]
    pub fn blocking_send(&self, value: T) -> Result<(), SendError<T>> {
        blocking::block_on("mpsc::Sender::blocking_send", self.send(value))
    }

    /// Waits for room and keeps it for the permit.
    ///
    /// # Errors
    ///
    /// If the receiver closed or is gone.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe, but a task that is cancelled loses its place in the queue.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(1);
    /// let permit = sender.reserve().await.unwrap();
    /// assert!(sender.try_send(1).is_err());
    /// permit.send(2);
    /// assert_eq!(receiver.recv().await, Some(2));
    /// # });
    /// ```
    pub async fn reserve(&self) -> Result<Permit<'_, T>, SendError<()>> {
        Admit::new(&self.channel, 1).await.map_err(|_| SendError(()))?;
        Ok(Permit { channel: &self.channel })
    }

    /// Waits for room for `count` values at once.
    ///
    /// # Errors
    ///
    /// If the receiver closed or is gone, or so many places there are not.
    ///
    /// # Cancel safety
    ///
    /// As [`reserve`](Self::reserve).
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel(4);
    /// for (value, permit) in sender.reserve_many(3).await.unwrap().enumerate() {
    ///     permit.send(value);
    /// }
    /// assert_eq!(receiver.len(), 3);
    /// # });
    /// ```
    pub async fn reserve_many(&self, count: usize) -> Result<PermitIterator<'_, T>, SendError<()>> {
        if count > self.channel.max_reserved() {
            return Err(SendError(()));
        }
        Admit::new(&self.channel, count).await.map_err(|_| SendError(()))?;
        Ok(PermitIterator { channel: &self.channel, count })
    }

    /// [`reserve`](Self::reserve) with a permit that owns the sender.
    ///
    /// # Errors
    ///
    /// If the receiver closed or is gone.
    ///
    /// # Cancel safety
    ///
    /// The sender is dropped with the future; clone it before.
    pub async fn reserve_owned(self) -> Result<OwnedPermit<T>, SendError<()>> {
        Admit::new(&self.channel, 1).await.map_err(|_| SendError(()))?;
        Ok(OwnedPermit { sender: Some(self) })
    }

    /// Keeps room for the permit, if there is room and nobody waits.
    ///
    /// # Errors
    ///
    /// [`TrySendError`] says why not.
    pub fn try_reserve(&self) -> Result<Permit<'_, T>, TrySendError<()>> {
        self.channel.try_reserve(1).map_err(|refusal| refused(refusal, ()))?;
        Ok(Permit { channel: &self.channel })
    }

    /// Keeps room for `count` values, if there is room and nobody waits.
    ///
    /// # Errors
    ///
    /// [`TrySendError`] says why not.
    pub fn try_reserve_many(&self, count: usize) -> Result<PermitIterator<'_, T>, TrySendError<()>> {
        self.channel.try_reserve(count).map_err(|refusal| refused(refusal, ()))?;
        Ok(PermitIterator { channel: &self.channel, count })
    }

    /// [`try_reserve`](Self::try_reserve) with a permit that owns the sender.
    ///
    /// # Errors
    ///
    /// [`TrySendError`] says why not, and has the sender.
    pub fn try_reserve_owned(self) -> Result<OwnedPermit<T>, TrySendError<Self>> {
        match self.channel.try_reserve(1) {
            Ok(()) => Ok(OwnedPermit { sender: Some(self) }),
            Err(refusal) => Err(refused(refusal, self)),
        }
    }

    /// Places free for anybody now.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel(2);
    /// sender.try_send(()).unwrap();
    /// assert_eq!((sender.capacity(), sender.max_capacity()), (1, 2));
    /// ```
    pub fn capacity(&self) -> usize {
        self.channel.free_places()
    }

    /// Places in all.
    pub fn max_capacity(&self) -> usize {
        self.channel.capacity()
    }

    /// Waits until the receiver closes or goes, so that work for it may stop.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel::<()>(1);
    /// drop(receiver);
    /// sender.closed().await;
    /// # });
    /// ```
    pub async fn closed(&self) {
        self.channel.closed().await;
    }

    /// Whether the receiver closed or is gone.
    pub fn is_closed(&self) -> bool {
        self.channel.is_closed()
    }

    /// Whether both send into the same channel.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.channel, &other.channel)
    }

    /// A sender that does not keep the channel open.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<()>(1);
    /// let weak = sender.downgrade();
    /// assert!(weak.upgrade().is_some());
    /// drop(sender);
    /// assert!(weak.upgrade().is_none());
    /// ```
    pub fn downgrade(&self) -> WeakSender<T> {
        self.channel.add_weak();
        WeakSender { channel: Arc::clone(&self.channel) }
    }

    /// Senders there are, not counting weak ones.
    pub fn strong_count(&self) -> usize {
        self.channel.strong_count()
    }

    /// Weak senders there are.
    pub fn weak_count(&self) -> usize {
        self.channel.weak_count()
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.channel.add_sender();
        Self { channel: Arc::clone(&self.channel) }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.channel.drop_sender();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("is_closed", &self.is_closed()).finish_non_exhaustive()
    }
}

/// A sender that does not keep the channel open; [`upgrade`](Self::upgrade) it to send.
pub struct WeakSender<T> {
    channel: Arc<Channel<T>>,
}

impl<T> WeakSender<T> {
    /// A sender, unless all are gone.
    pub fn upgrade(&self) -> Option<Sender<T>> {
        self.channel.revive_sender().then(|| Sender { channel: Arc::clone(&self.channel) })
    }

    /// Senders there are, not counting weak ones.
    pub fn strong_count(&self) -> usize {
        self.channel.strong_count()
    }

    /// Weak senders there are.
    pub fn weak_count(&self) -> usize {
        self.channel.weak_count()
    }
}

impl<T> Clone for WeakSender<T> {
    fn clone(&self) -> Self {
        self.channel.add_weak();
        Self { channel: Arc::clone(&self.channel) }
    }
}

impl<T> Drop for WeakSender<T> {
    fn drop(&mut self) {
        self.channel.drop_weak();
    }
}

impl<T> fmt::Debug for WeakSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakSender").finish_non_exhaustive()
    }
}

impl<T> Receiver<T> {
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
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        self.receiving.try_recv()
    }

    /// Blocks this thread until a value comes; `None` as for [`recv`](Self::recv).
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await [`recv`](Self::recv) there.
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Option<T> {
        blocking::block_on("mpsc::Receiver::blocking_recv", self.recv())
    }

    /// [`recv_many`](Self::recv_many), blocking this thread.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await `recv_many` there.
    #[track_caller]
    pub fn blocking_recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        blocking::block_on("mpsc::Receiver::blocking_recv_many", self.recv_many(buffer, limit))
    }

    /// [`recv`](Self::recv) as a poll function; the newest context's task is woken.
    pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.receiving.poll_recv(context)
    }

    /// [`recv_many`](Self::recv_many) as a poll function.
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
        self.receiving.channel.close();
    }

    /// Whether nobody can send any more: closed, or all senders gone.
    pub fn is_closed(&self) -> bool {
        self.receiving.channel.is_closed_for_receiver()
    }

    /// Whether no value is there.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Values sent and not received.
    pub fn len(&self) -> usize {
        self.receiving.channel.len()
    }

    /// Senders there are, not counting weak ones.
    pub fn sender_strong_count(&self) -> usize {
        self.receiving.channel.strong_count()
    }

    /// Weak senders there are.
    pub fn sender_weak_count(&self) -> usize {
        self.receiving.channel.weak_count()
    }

    /// Places free for anybody now.
    pub fn capacity(&self) -> usize {
        self.receiving.channel.free_places()
    }

    /// Places in all.
    pub fn max_capacity(&self) -> usize {
        self.receiving.channel.capacity()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("len", &self.len()).finish_non_exhaustive()
    }
}

fn refused<T>(refusal: Refusal, value: T) -> TrySendError<T> {
    match refusal {
        Refusal::Full => TrySendError::Full(value),
        Refusal::Closed => TrySendError::Closed(value),
    }
}

/// A reserved place; given back when dropped without a send.
#[must_use = "a reserved place is given back when the permit is dropped"]
pub struct Permit<'a, T> {
    channel: &'a Channel<T>,
}

impl<T> Permit<'_, T> {
    /// Sends the value into the reserved place. Succeeds always; it is lost if the receiver is gone.
    pub fn send(self, value: T) {
        self.channel.send_reserved(value);
        std::mem::forget(self);
    }
}

impl<T> Drop for Permit<'_, T> {
    fn drop(&mut self) {
        self.channel.release(1);
    }
}

impl<T> fmt::Debug for Permit<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}

/// Reserved places, as permits one by one; those not taken are given back when dropped.
#[must_use = "reserved places are given back when the iterator is dropped"]
pub struct PermitIterator<'a, T> {
    channel: &'a Channel<T>,
    count: usize,
}

impl<'a, T> Iterator for PermitIterator<'a, T> {
    type Item = Permit<'a, T>;

    fn next(&mut self) -> Option<Permit<'a, T>> {
        self.count = self.count.checked_sub(1)?;
        Some(Permit { channel: self.channel })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.count, Some(self.count))
    }
}

impl<T> ExactSizeIterator for PermitIterator<'_, T> {}
impl<T> FusedIterator for PermitIterator<'_, T> {}

impl<T> Drop for PermitIterator<'_, T> {
    fn drop(&mut self) {
        self.channel.release(self.count);
    }
}

impl<T> fmt::Debug for PermitIterator<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PermitIterator").field("count", &self.count).finish_non_exhaustive()
    }
}

/// A reserved place with the sender; given back when dropped without a send.
#[must_use = "a reserved place is given back when the permit is dropped"]
pub struct OwnedPermit<T> {
    /// `None` once used.
    sender: Option<Sender<T>>,
}

impl<T> OwnedPermit<T> {
    /// Sends the value into the reserved place and gives the sender back.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(1);
    /// let sender = sender.reserve_owned().await.unwrap().send(1);
    /// assert_eq!(receiver.recv().await, Some(1));
    /// # drop(sender);
    /// # });
    /// ```
    pub fn send(mut self, value: T) -> Sender<T> {
        let sender = self.sender.take().expect("a permit is used once");
        sender.channel.send_reserved(value);
        sender
    }

    /// Gives the place and the sender back.
    pub fn release(mut self) -> Sender<T> {
        let sender = self.sender.take().expect("a permit is used once");
        sender.channel.release(1);
        sender
    }

    /// Whether both send into the same channel.
    pub fn same_channel(&self, other: &Self) -> bool {
        match (&self.sender, &other.sender) {
            (Some(sender), Some(other)) => sender.same_channel(other),
            _ => false,
        }
    }

    /// Whether it sends into the same channel as `sender`.
    pub fn same_channel_as_sender(&self, sender: &Sender<T>) -> bool {
        self.sender.as_ref().is_some_and(|own| own.same_channel(sender))
    }
}

impl<T> Drop for OwnedPermit<T> {
    fn drop(&mut self) {
        if let Some(sender) = self.sender.take() {
            sender.channel.release(1);
        }
    }
}

impl<T> fmt::Debug for OwnedPermit<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedPermit").finish_non_exhaustive()
    }
}
