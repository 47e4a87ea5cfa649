//! [`Permit`], [`PermitIterator`] and [`OwnedPermit`]: reserved places of a bounded channel.
//!
//! Not the reservation itself, which is in `admit`. The invariant: each permit stands for as many reserved places as
//! it says, and gives those back that it did not use.

use std::fmt;
use std::iter::FusedIterator;

use super::channel::Channel;
use super::sender::Sender;

/// A reserved place; given back when dropped without a send.
///
/// ```
/// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(1);
/// let permit = sender.try_reserve().unwrap();
/// assert_eq!(sender.capacity(), 0);
/// drop(permit);
/// assert_eq!(sender.capacity(), 1);
/// ```
#[must_use = "a reserved place is given back when the permit is dropped"]
pub struct Permit<'a, T> {
    channel: &'a Channel<T>,
}

impl<'a, T> Permit<'a, T> {
    /// For a place that is reserved.
    pub(super) fn new(channel: &'a Channel<T>) -> Self {
        Self { channel }
    }

    /// Sends the value into the reserved place. Succeeds always; it is lost if the receiver is gone.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(2);
    /// sender.try_reserve().unwrap().send(1);
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// ```
    pub fn send(self, value: T) {
        let channel = self.channel;
        // Before the send: the place is used even if the receiver's waker panics.
        std::mem::forget(self);
        channel.send_reserved(value);
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
///
/// ```
/// let (sender, receiver) = mini_runtime::sync::mpsc::channel(4);
/// let mut permits = sender.try_reserve_many(3).unwrap();
/// permits.next().unwrap().send(1);
/// drop(permits);
/// assert_eq!((receiver.len(), sender.capacity()), (1, 3));
/// ```
#[must_use = "reserved places are given back when the iterator is dropped"]
pub struct PermitIterator<'a, T> {
    channel: &'a Channel<T>,
    count: usize,
}

impl<'a, T> PermitIterator<'a, T> {
    /// For `count` places that are reserved.
    pub(super) fn new(channel: &'a Channel<T>, count: usize) -> Self {
        Self { channel, count }
    }
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
///
/// ```
/// let (sender, mut receiver) = mini_runtime::sync::mpsc::channel(1);
/// let permit = sender.try_reserve_owned().unwrap();
/// std::thread::spawn(move || drop(permit.send(1)));
/// assert_eq!(receiver.blocking_recv(), Some(1));
/// ```
#[must_use = "a reserved place is given back when the permit is dropped"]
pub struct OwnedPermit<T> {
    /// `None` once used.
    sender: Option<Sender<T>>,
}

impl<T> OwnedPermit<T> {
    /// For a place that is reserved.
    pub(super) fn new(sender: Sender<T>) -> Self {
        Self { sender: Some(sender) }
    }

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
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(1);
    /// let sender = sender.try_reserve_owned().unwrap().release();
    /// assert_eq!(sender.capacity(), 1);
    /// ```
    pub fn release(mut self) -> Sender<T> {
        let sender = self.sender.take().expect("a permit is used once");
        sender.channel.release(1);
        sender
    }

    /// Whether both send into the same channel.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(2);
    /// let first = sender.clone().try_reserve_owned().unwrap();
    /// assert!(first.same_channel(&sender.try_reserve_owned().unwrap()));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        match (&self.sender, &other.sender) {
            (Some(sender), Some(other)) => sender.same_channel(other),
            _ => false,
        }
    }

    /// Whether it sends into the same channel as `sender`.
    ///
    /// ```
    /// let (sender, _receiver) = mini_runtime::sync::mpsc::channel::<u32>(1);
    /// let permit = sender.clone().try_reserve_owned().unwrap();
    /// assert!(permit.same_channel_as_sender(&sender));
    /// ```
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
