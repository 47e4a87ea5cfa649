//! [`Sender`] and [`WeakSender`]: the sending ends of a bounded channel.
//!
//! Not the protocol, which is in `channel` and `admit`. The invariant: the channel counts each `Sender`, and each
//! permit that owns one.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;

use super::super::blocking;
use super::admit::Admit;
use super::channel::{Channel, Refusal};
use super::error::{SendError, TrySendError};
use super::permit::{OwnedPermit, Permit, PermitIterator};
use crate::primitive::sync::Arc;

/// Sends into a bounded channel. Clones send into the same one.
///
/// ```
/// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
/// sender.clone().try_send(1).unwrap();
/// assert_eq!(receiver.try_recv(), Ok(1));
/// ```
pub struct Sender<T> {
    pub(super) channel: Arc<Channel<T>>,
}

impl<T> Sender<T> {
    pub(super) fn new(channel: Arc<Channel<T>>) -> Self {
        Self { channel }
    }

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
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// sender.send(1).await.unwrap();
    /// assert_eq!(receiver.recv().await, Some(1));
    /// # });
    /// ```
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
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// std::thread::spawn(move || sender.blocking_send(1).unwrap());
    /// assert_eq!(receiver.recv().await, Some(1));
    /// # });
    /// ```
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
        Ok(Permit::new(&self.channel))
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
        Ok(PermitIterator::new(&self.channel, count))
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
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// let permit = sender.clone().reserve_owned().await.unwrap();
    /// assert_eq!(sender.capacity(), 1);
    /// permit.send(1);
    /// assert_eq!(receiver.recv().await, Some(1));
    /// # });
    /// ```
    pub async fn reserve_owned(self) -> Result<OwnedPermit<T>, SendError<()>> {
        Admit::new(&self.channel, 1).await.map_err(|_| SendError(()))?;
        Ok(OwnedPermit::new(self))
    }

    /// Keeps room for the permit, if there is room and nobody waits.
    ///
    /// # Errors
    ///
    /// [`TrySendError`] says why not.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// let permit = sender.try_reserve().unwrap();
    /// permit.send(1);
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// ```
    pub fn try_reserve(&self) -> Result<Permit<'_, T>, TrySendError<()>> {
        self.channel.try_reserve(1).map_err(|refusal| refused(refusal, ()))?;
        Ok(Permit::new(&self.channel))
    }

    /// Keeps room for `count` values, if there is room and nobody waits.
    ///
    /// # Errors
    ///
    /// [`TrySendError`] says why not.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel(2);
    /// assert!(sender.try_reserve_many(3).is_err());
    /// sender.try_reserve_many(2).unwrap().for_each(|permit| permit.send(1));
    /// assert_eq!(receiver.len(), 2);
    /// ```
    pub fn try_reserve_many(&self, count: usize) -> Result<PermitIterator<'_, T>, TrySendError<()>> {
        self.channel.try_reserve(count).map_err(|refusal| refused(refusal, ()))?;
        Ok(PermitIterator::new(&self.channel, count))
    }

    /// [`try_reserve`](Self::try_reserve) with a permit that owns the sender.
    ///
    /// # Errors
    ///
    /// [`TrySendError`] says why not, and has the sender.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// let sender = sender.try_reserve_owned().unwrap().send(1);
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// # drop(sender);
    /// ```
    pub fn try_reserve_owned(self) -> Result<OwnedPermit<T>, TrySendError<Self>> {
        match self.channel.try_reserve(1) {
            Ok(()) => Ok(OwnedPermit::new(self)),
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
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// assert_eq!(sender.max_capacity(), 2);
    /// ```
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
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
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
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// assert!(sender.same_channel(&sender.clone()));
    /// ```
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
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// assert_eq!(sender.clone().strong_count(), 2);
    /// ```
    pub fn strong_count(&self) -> usize {
        self.channel.strong_count()
    }

    /// Weak senders there are.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// let _weak = sender.downgrade();
    /// assert_eq!(sender.weak_count(), 1);
    /// ```
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
///
/// ```
/// let (sender, receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
/// let weak = sender.downgrade();
/// drop(sender);
/// assert!(receiver.is_closed() && weak.upgrade().is_none());
/// ```
pub struct WeakSender<T> {
    channel: Arc<Channel<T>>,
}

impl<T> WeakSender<T> {
    /// A sender, unless all are gone.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// let weak = sender.downgrade();
    /// weak.upgrade().unwrap().try_send(1).unwrap();
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// ```
    pub fn upgrade(&self) -> Option<Sender<T>> {
        self.channel.revive_sender().then(|| Sender { channel: Arc::clone(&self.channel) })
    }

    /// Senders there are, not counting weak ones.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// assert_eq!(sender.downgrade().strong_count(), 1);
    /// ```
    pub fn strong_count(&self) -> usize {
        self.channel.strong_count()
    }

    /// Weak senders there are.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// assert_eq!(sender.downgrade().weak_count(), 1);
    /// ```
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

fn refused<T>(refusal: Refusal, value: T) -> TrySendError<T> {
    match refusal {
        Refusal::Full => TrySendError::Full(value),
        Refusal::Closed => TrySendError::Closed(value),
    }
}
