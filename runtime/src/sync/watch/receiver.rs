//! [`Receiver`]: the end of a watch channel that sees the value and waits for changes.
//!
//! Not the notifying. The invariant: `seen` is the version of the last value that this receiver took note of, or an
//! older one; what is newer counts as changed.

use std::fmt;

use super::error::RecvError;
use super::shared::{Ref, Shared, Version};
use crate::coop;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::Ordering;

/// Sees the newest value. A clone has seen what this one has.
///
/// ```
/// let (sender, receiver) = mini_runtime::sync::watch::channel(1);
/// let second = receiver.clone();
/// sender.send(2).unwrap();
/// assert_eq!((*receiver.borrow(), *second.borrow()), (2, 2));
/// ```
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
    seen: Version,
}

impl<T> Receiver<T> {
    /// A receiver more, which has seen the present value.
    pub(super) fn new(shared: &Arc<Shared<T>>) -> Self {
        Self::with_version(shared, shared.version().0)
    }

    fn with_version(shared: &Arc<Shared<T>>, seen: Version) -> Self {
        // Ordering: Relaxed, a plain count; only its fall to zero tells anybody anything.
        shared.receivers.fetch_add(1, Ordering::Relaxed);
        Self { shared: Arc::clone(shared), seen }
    }

    /// Looks at the value, which does not count as seen by it. See [`Ref`] for what must not be done meanwhile.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::watch::channel(1);
    /// sender.send(2).unwrap();
    /// assert_eq!(*receiver.borrow(), 2);
    /// assert!(receiver.has_changed().unwrap());
    /// ```
    pub fn borrow(&self) -> Ref<'_, T> {
        let (value, version) = self.shared.read();
        Ref::new(value, version != self.seen)
    }

    /// Looks at the value, which counts as seen. See [`Ref`] for what must not be done meanwhile.
    ///
    /// In a loop with [`changed`](Self::changed) take this: a value that came between the two is not reported again.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::watch::channel(1);
    /// sender.send(2).unwrap();
    /// assert_eq!(*receiver.borrow_and_update(), 2);
    /// assert!(!receiver.has_changed().unwrap());
    /// ```
    pub fn borrow_and_update(&mut self) -> Ref<'_, T> {
        let (value, version) = self.shared.read();
        let has_changed = version != self.seen;
        self.seen = version;
        Ref::new(value, has_changed)
    }

    /// Whether there is a value that this receiver has not seen.
    ///
    /// # Errors
    ///
    /// If all senders are gone, seen or not.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::watch::channel(1);
    /// assert_eq!(receiver.has_changed(), Ok(false));
    /// sender.send(2).unwrap();
    /// assert_eq!(receiver.has_changed(), Ok(true));
    /// drop(sender);
    /// assert!(receiver.has_changed().is_err());
    /// ```
    pub fn has_changed(&self) -> Result<bool, RecvError> {
        match self.shared.version() {
            (_, true) => Err(RecvError(())),
            (version, false) => Ok(version != self.seen),
        }
    }

    /// Whether all senders are gone; the last value may still be unseen.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::watch::channel(1);
    /// drop(sender);
    /// assert!(receiver.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.shared.version().1
    }

    /// Lets the present value count as not seen, so that the next [`changed`](Self::changed) returns at once.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (_sender, mut receiver) = mini_runtime::sync::watch::channel(1);
    /// receiver.mark_changed();
    /// receiver.changed().await.unwrap();
    /// # });
    /// ```
    pub fn mark_changed(&mut self) {
        self.seen = self.shared.version().0.before();
    }

    /// Lets the present value count as seen.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::watch::channel(1);
    /// sender.send(2).unwrap();
    /// receiver.mark_unchanged();
    /// assert_eq!(receiver.has_changed(), Ok(false));
    /// ```
    pub fn mark_unchanged(&mut self) {
        self.seen = self.shared.version().0;
    }

    /// Waits for a value that this receiver has not seen, which counts as seen then.
    ///
    /// # Errors
    ///
    /// If all senders are gone and the last value was seen.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no change is lost.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::watch::channel(0);
    /// std::thread::spawn(move || (1..=9).for_each(|value| sender.send(value).unwrap()));
    /// let mut last = 0;
    /// while receiver.changed().await.is_ok() {
    ///     let newest = *receiver.borrow_and_update();
    ///     assert!(newest > last);
    ///     last = newest;
    /// }
    /// assert_eq!(last, 9);
    /// # });
    /// ```
    pub async fn changed(&mut self) -> Result<(), RecvError> {
        self.seen = coop::cooperative(self.shared.next_version(self.seen)).await.ok_or(RecvError(()))?;
        Ok(())
    }

    /// Waits for a value that `is_wanted`, which may be the present one, and looks at it. It counts as seen, like
    /// those that were not wanted.
    ///
    /// The closure runs under the value's lock: it must be short, and not send on this channel. See [`Ref`] for what
    /// must not be done while the result lasts.
    ///
    /// # Errors
    ///
    /// If all senders are gone and the last value is not wanted.
    ///
    /// # Panics
    ///
    /// Hands on a panic of `is_wanted`.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the next call looks at the present value again.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = mini_runtime::sync::watch::channel(0);
    /// std::thread::spawn(move || (1..=9).for_each(|value| drop(sender.send(value))));
    /// assert!(*receiver.wait_for(|value| *value > 5).await.unwrap() > 5);
    /// # });
    /// ```
    pub async fn wait_for(&mut self, is_wanted: impl FnMut(&T) -> bool) -> Result<Ref<'_, T>, RecvError> {
        coop::cooperative(self.wait_for_wanted(is_wanted)).await
    }

    async fn wait_for_wanted(
        &mut self,
        mut is_wanted: impl FnMut(&T) -> bool,
    ) -> Result<Ref<'_, T>, RecvError> {
        loop {
            {
                let (value, version) = self.shared.read();
                let has_changed = version != self.seen;
                self.seen = version;
                if is_wanted(&value) {
                    return Ok(Ref::new(value, has_changed));
                }
            }
            // The loop, not this, takes note of the version: the value is looked at again.
            if self.shared.next_version(self.seen).await.is_none() {
                return Err(RecvError(()));
            }
        }
    }

    /// Whether both see the same value.
    ///
    /// ```
    /// let (_sender, receiver) = mini_runtime::sync::watch::channel(1);
    /// assert!(receiver.same_channel(&receiver.clone()));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        Self::with_version(&self.shared, self.seen)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        // Ordering: AcqRel, so that who sees that nobody is left sees what each receiver did.
        if self.shared.receivers.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.shared.deserted.notify_waiters();
        }
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("seen", &self.seen).finish_non_exhaustive()
    }
}
