//! [`Sender`]: the end of a watch channel that changes the value.
//!
//! Not the wait for changes. The invariant: `senders` is the number of `Sender`s, and the last to go closes.

use std::fmt;

use super::error::SendError;
use super::receiver::Receiver;
use super::shared::{Ref, Shared};
use crate::coop;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::Ordering;

/// Changes the value. Clones change the same one.
///
/// ```
/// let (sender, receiver) = mini_runtime::sync::watch::channel(1);
/// sender.clone().send(2).unwrap();
/// assert_eq!(*receiver.borrow(), 2);
/// ```
pub struct Sender<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Sender<T> {
    pub(super) fn of(shared: Arc<Shared<T>>) -> Self {
        Self { shared }
    }

    /// A channel without a receiver yet.
    ///
    /// ```
    /// let sender = mini_runtime::sync::watch::Sender::new(1);
    /// assert_eq!(*sender.subscribe().borrow(), 1);
    /// ```
    pub fn new(initial: T) -> Self {
        Self::of(Arc::new(Shared::new(initial)))
    }

    /// Replaces the value and wakes the receivers.
    ///
    /// # Errors
    ///
    /// The value, if there is no receiver; then the old one stays. [`send_replace`](Self::send_replace) does not
    /// mind.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::watch::channel(1);
    /// sender.send(2).unwrap();
    /// assert_eq!(*receiver.borrow(), 2);
    /// drop(receiver);
    /// assert!(sender.send(3).is_err());
    /// assert_eq!(*sender.borrow(), 2);
    /// ```
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        if self.is_closed() {
            return Err(SendError(value));
        }
        self.send_replace(value);
        Ok(())
    }

    /// Replaces the value, with or without receivers, wakes those there are, and gives the former value back.
    ///
    /// ```
    /// let sender = mini_runtime::sync::watch::Sender::new(1);
    /// assert_eq!(sender.send_replace(2), 1);
    /// ```
    pub fn send_replace(&self, mut value: T) -> T {
        self.send_modify(|current| std::mem::swap(current, &mut value));
        value
    }

    /// Changes the value in place and wakes the receivers, of which there may be none.
    ///
    /// The closure runs under the value's lock: it must be short, and not look at this channel.
    ///
    /// # Panics
    ///
    /// Hands on a panic of `modify`; what it did stays, and nobody is told of it.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::watch::channel(vec![1]);
    /// sender.send_modify(|list| list.push(2));
    /// assert_eq!(*receiver.borrow(), [1, 2]);
    /// ```
    pub fn send_modify(&self, modify: impl FnOnce(&mut T)) {
        self.shared.change(|value| {
            modify(value);
            true
        });
    }

    /// Lets `modify` change the value in place, and wakes the receivers if it says that it did; answers the same.
    ///
    /// The closure runs under the value's lock: it must be short, and not look at this channel.
    ///
    /// # Panics
    ///
    /// As [`send_modify`](Self::send_modify).
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::watch::channel(5);
    /// let raise = |to: u32| sender.send_if_modified(|value| {
    ///     let is_higher = to > *value;
    ///     *value = to.max(*value);
    ///     is_higher
    /// });
    /// assert!(!raise(4) && !receiver.has_changed().unwrap());
    /// assert!(raise(6) && receiver.has_changed().unwrap());
    /// ```
    pub fn send_if_modified(&self, modify: impl FnOnce(&mut T) -> bool) -> bool {
        self.shared.change(modify)
    }

    /// Looks at the value. See [`Ref`] for what must not be done meanwhile.
    ///
    /// ```
    /// assert_eq!(*mini_runtime::sync::watch::Sender::new(1).borrow(), 1);
    /// ```
    pub fn borrow(&self) -> Ref<'_, T> {
        Ref::new(self.shared.read().0, false)
    }

    /// A receiver that counts the present value as seen.
    ///
    /// ```
    /// let sender = mini_runtime::sync::watch::Sender::new(1);
    /// let receiver = sender.subscribe();
    /// assert!(!receiver.has_changed().unwrap());
    /// sender.send(2).unwrap();
    /// assert!(receiver.has_changed().unwrap());
    /// ```
    pub fn subscribe(&self) -> Receiver<T> {
        Receiver::new(&self.shared)
    }

    /// Waits until there is no receiver.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, receiver) = mini_runtime::sync::watch::channel(1);
    /// std::thread::spawn(move || drop(receiver));
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
            if self.is_closed() {
                return;
            }
            notified.await;
        }
    }

    /// Whether there is no receiver.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::watch::channel(1);
    /// assert!(!sender.is_closed());
    /// drop(receiver);
    /// assert!(sender.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.receiver_count() == 0
    }

    /// Receivers there are.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::watch::channel(1);
    /// let _second = receiver.clone();
    /// assert_eq!(sender.receiver_count(), 2);
    /// ```
    pub fn receiver_count(&self) -> usize {
        // Ordering: Acquire pairs with the Release of a receiver's drop.
        self.shared.receivers.load(Ordering::Acquire)
    }

    /// Senders there are.
    ///
    /// ```
    /// let sender = mini_runtime::sync::watch::Sender::new(1);
    /// let _second = sender.clone();
    /// assert_eq!(sender.sender_count(), 2);
    /// ```
    pub fn sender_count(&self) -> usize {
        self.shared.senders.load(Ordering::Acquire)
    }

    /// Whether both change the same value.
    ///
    /// ```
    /// let sender = mini_runtime::sync::watch::Sender::new(1);
    /// assert!(sender.same_channel(&sender.clone()));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
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
        // Ordering: AcqRel, so that the close comes after what all senders did.
        if self.shared.senders.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.shared.close();
        }
    }
}

impl<T: Default> Default for Sender<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("version", &self.shared.version().0).finish_non_exhaustive()
    }
}
