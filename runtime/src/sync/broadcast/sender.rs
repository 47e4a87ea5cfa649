//! [`Sender`] and [`WeakSender`]: the ends of a broadcast channel that send.
//!
//! Not the ring, which is in `ring`. The invariant: `senders` is the number of `Sender`s, and the last to go closes.

use std::fmt;

use super::Receiver;
use super::error::SendError;
use super::ring::Shared;
use crate::coop;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::Ordering;

/// Sends to all receivers. Clones send into the same channel.
///
/// ```
/// let (sender, mut receiver) = mini_runtime::sync::broadcast::channel(4);
/// sender.clone().send(1).unwrap();
/// assert_eq!(receiver.try_recv(), Ok(1));
/// ```
pub struct Sender<T> {
    shared: Arc<Shared<T>>,
}

/// A sender that does not keep the channel open; [`upgrade`](Self::upgrade) it to send.
///
/// ```
/// let (sender, receiver) = mini_runtime::sync::broadcast::channel::<u32>(4);
/// let weak = sender.downgrade();
/// drop(sender);
/// assert!(receiver.is_closed() && weak.upgrade().is_none());
/// ```
pub struct WeakSender<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Sender<T> {
    /// A channel without a receiver yet.
    ///
    /// # Panics
    ///
    /// As [`channel`](super::channel()).
    ///
    /// ```
    /// let sender = mini_runtime::sync::broadcast::Sender::<u32>::new(4);
    /// assert!(sender.send(1).is_err());
    /// ```
    #[track_caller]
    pub fn new(capacity: usize) -> Self {
        Self { shared: Arc::new(Shared::new(capacity)) }
    }

    /// Sends to all receivers of now, and says how many they are. Some may yet miss it, or go.
    ///
    /// # Errors
    ///
    /// The value, if there is no receiver; a later send may succeed.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel(4);
    /// assert_eq!(sender.send(1), Ok(1));
    /// drop(receiver);
    /// assert_eq!(sender.send(2).unwrap_err().0, 2);
    /// ```
    pub fn send(&self, value: T) -> Result<usize, SendError<T>> {
        let mut replaced = None;
        let mut value = Some(value);
        let mut receivers = 0;
        self.shared.wake_all(|tail| {
            receivers = tail.receivers;
            if receivers == 0 {
                return;
            }
            let mut slot = self.shared.slot(tail.position).lock();
            replaced = std::mem::replace(&mut slot.value, value.take());
            slot.written = tail.position + 1;
            slot.remaining = receivers;
            tail.position += 1;
        });
        // User code, hence after the locks.
        drop(replaced);
        match value {
            Some(value) => Err(SendError(value)),
            None => Ok(receivers),
        }
    }

    /// A receiver of what is sent from now on.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::broadcast::channel(4);
    /// sender.send(1).unwrap();
    /// let mut late = sender.subscribe();
    /// sender.send(2).unwrap();
    /// assert_eq!(late.try_recv(), Ok(2));
    /// ```
    pub fn subscribe(&self) -> Receiver<T> {
        Receiver::new(&self.shared)
    }

    /// A sender that does not keep the channel open.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::broadcast::channel(4);
    /// let weak = sender.downgrade();
    /// weak.upgrade().unwrap().send(1).unwrap();
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// ```
    pub fn downgrade(&self) -> WeakSender<T> {
        // Ordering: Relaxed, a plain count.
        self.shared.weak_senders.fetch_add(1, Ordering::Relaxed);
        WeakSender { shared: Arc::clone(&self.shared) }
    }

    /// Values that some receiver has yet to see.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::broadcast::channel(4);
    /// sender.send(1).unwrap();
    /// sender.send(2).unwrap();
    /// assert_eq!(sender.len(), 2);
    /// receiver.try_recv().unwrap();
    /// assert_eq!(sender.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        let queue = self.shared.queue.lock();
        let tail = queue.state.position;
        // Receivers pass in order, so the slots still wanted are the newest ones.
        let oldest = tail.saturating_sub(self.shared.slots.len() as u64);
        let (mut low, mut high) = (oldest, tail);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.shared.slot(middle).lock().remaining == 0 { low = middle + 1 } else { high = middle }
        }
        (tail - low) as usize
    }

    /// Whether no receiver has a value to see.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::broadcast::channel(4);
    /// sender.send(1).unwrap();
    /// assert!(!sender.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Receivers there are.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel::<u32>(4);
    /// let _second = sender.subscribe();
    /// assert_eq!(sender.receiver_count(), 2);
    /// # drop(receiver);
    /// ```
    pub fn receiver_count(&self) -> usize {
        self.shared.queue.lock().state.receivers
    }

    /// Whether both send into the same channel.
    ///
    /// ```
    /// let sender = mini_runtime::sync::broadcast::Sender::<u32>::new(4);
    /// assert!(sender.same_channel(&sender.clone()));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Waits until there is no receiver.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel::<u32>(4);
    /// drop(receiver);
    /// sender.closed().await;
    /// # });
    /// ```
    pub async fn closed(&self) {
        coop::cooperative(self.wait_until_deserted()).await;
    }

    async fn wait_until_deserted(&self) {
        loop {
            let notified = self.shared.deserted.notified();
            // Created before the look, so that a drop in between counts.
            if self.receiver_count() == 0 {
                return;
            }
            notified.await;
        }
    }

    /// Senders there are, not counting weak ones.
    ///
    /// ```
    /// let sender = mini_runtime::sync::broadcast::Sender::<u32>::new(4);
    /// assert_eq!(sender.clone().strong_count(), 2);
    /// ```
    pub fn strong_count(&self) -> usize {
        self.shared.senders.load(Ordering::Acquire)
    }

    /// Weak senders there are.
    ///
    /// ```
    /// let sender = mini_runtime::sync::broadcast::Sender::<u32>::new(4);
    /// let _weak = sender.downgrade();
    /// assert_eq!(sender.weak_count(), 1);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.shared.weak_senders.load(Ordering::Acquire)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        // Ordering: Relaxed, the count is not zero while we have a sender.
        self.shared.senders.fetch_add(1, Ordering::Relaxed);
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        // Ordering: AcqRel, so that the end comes after what all senders sent.
        if self.shared.senders.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.shared.wake_all(|tail| tail.is_closed = true);
        }
    }
}

impl<T> WeakSender<T> {
    /// A sender, unless all are gone.
    ///
    /// ```
    /// let sender = mini_runtime::sync::broadcast::Sender::<u32>::new(4);
    /// let weak = sender.downgrade();
    /// assert!(weak.upgrade().is_some());
    /// drop(sender);
    /// assert!(weak.upgrade().is_none());
    /// ```
    pub fn upgrade(&self) -> Option<Sender<T>> {
        // Ordering: Acquire, as for an upgrade of a Weak.
        self.shared
            .senders
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, |count| (count > 0).then(|| count + 1))
            .ok()
            .map(|_| Sender { shared: Arc::clone(&self.shared) })
    }

    /// Senders there are, not counting weak ones.
    ///
    /// ```
    /// let sender = mini_runtime::sync::broadcast::Sender::<u32>::new(4);
    /// assert_eq!(sender.downgrade().strong_count(), 1);
    /// ```
    pub fn strong_count(&self) -> usize {
        self.shared.senders.load(Ordering::Acquire)
    }

    /// Weak senders there are.
    ///
    /// ```
    /// let sender = mini_runtime::sync::broadcast::Sender::<u32>::new(4);
    /// assert_eq!(sender.downgrade().weak_count(), 1);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.shared.weak_senders.load(Ordering::Acquire)
    }
}

impl<T> Clone for WeakSender<T> {
    fn clone(&self) -> Self {
        self.shared.weak_senders.fetch_add(1, Ordering::Relaxed);
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> Drop for WeakSender<T> {
    fn drop(&mut self) {
        self.shared.weak_senders.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for WeakSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakSender").finish_non_exhaustive()
    }
}
