//! What both ends of a watch channel share: the value, its version, and who waits; and [`Ref`], a look at the value.
//!
//! Not the rules of sending and seeing, which are the ends'. Invariants 1 and 2 of the module are kept here.

use std::fmt;
use std::ops::Deref;

use super::super::notify::Notify;
use crate::primitive::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use crate::primitive::sync::{RwLock, RwLockReadGuard};

/// No sender is left. The rest of the word is the version, so that one load shows both.
const CLOSED: u64 = 1;
/// One change.
const ONE_CHANGE: u64 = 2;

/// How many changes there were. It would take centuries to come round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version(u64);

impl Version {
    /// An older one, which the current version is not.
    pub(super) fn before(self) -> Self {
        Self(self.0.wrapping_sub(ONE_CHANGE))
    }
}

/// What both ends hold.
pub(super) struct Shared<T> {
    value: RwLock<T>,
    /// The version and CLOSED. The version is written under `value`'s write lock.
    word: AtomicU64,
    /// Notified after each change and after the close.
    changed: Notify,
    /// Notified when the last receiver goes.
    pub(super) deserted: Notify,
    pub(super) senders: AtomicUsize,
    pub(super) receivers: AtomicUsize,
}

impl<T> Shared<T> {
    /// With one sender and no receiver.
    pub(super) fn new(value: T) -> Self {
        Self {
            value: RwLock::new(value),
            word: AtomicU64::new(0),
            changed: Notify::new(),
            deserted: Notify::new(),
            senders: AtomicUsize::new(1),
            receivers: AtomicUsize::new(0),
        }
    }

    /// The current version, and whether no sender is left.
    pub(super) fn version(&self) -> (Version, bool) {
        // Ordering: Acquire pairs with the Release in `change` and `close`: what the sender did before is visible.
        let word = self.word.load(Ordering::Acquire);
        (Version(word & !CLOSED), word & CLOSED != 0)
    }

    /// Locks the value for reading, with its version (1).
    pub(super) fn read(&self) -> (RwLockReadGuard<'_, T>, Version) {
        let value = self.value.read();
        let (version, _) = self.version();
        (value, version)
    }

    /// Runs `change` on the value; if it answers true, that is a new version, of which all who wait are told.
    pub(super) fn change(&self, change: impl FnOnce(&mut T) -> bool) -> bool {
        let mut value = self.value.write();
        // If it panics, nothing counts as changed.
        let is_changed = change(&mut value);
        if is_changed {
            // Ordering: Release pairs with the Acquire in `version`.
            self.word.fetch_add(ONE_CHANGE, Ordering::Release);
        }
        drop(value);
        if is_changed {
            self.changed.notify_waiters();
        }
        is_changed
    }

    /// The last sender is gone.
    pub(super) fn close(&self) {
        // Ordering: Release pairs with the Acquire in `version`.
        self.word.fetch_or(CLOSED, Ordering::Release);
        self.changed.notify_waiters();
    }

    /// Waits for another version than `seen`, and gives it; none if there is none and no sender is left.
    pub(super) async fn next_version(&self, seen: Version) -> Option<Version> {
        loop {
            // Created before the look, so that a change in between counts (2).
            let notified = self.changed.notified();
            let (version, is_closed) = self.version();
            if version != seen {
                return Some(version);
            }
            if is_closed {
                return None;
            }
            notified.await;
        }
    }
}

/// A look at the value of a watch channel, which cannot be changed while it lasts.
///
/// Keep it short, and do not hold it over an await: senders wait for it, blocking their thread. A second look on the
/// same thread while a sender waits may never return.
///
/// ```
/// let (sender, receiver) = mini_runtime::sync::watch::channel(String::from("one"));
/// let look = receiver.borrow();
/// assert_eq!(look.len(), 3);
/// # drop(look);
/// # drop(sender);
/// ```
#[must_use = "the value is locked while a `Ref` lasts"]
pub struct Ref<'a, T> {
    value: RwLockReadGuard<'a, T>,
    has_changed: bool,
}

impl<'a, T> Ref<'a, T> {
    pub(super) fn new(value: RwLockReadGuard<'a, T>, has_changed: bool) -> Self {
        Self { value, has_changed }
    }

    /// Whether the receiver had not seen this value before. For a look of the sender's, false.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::watch::channel(1);
    /// sender.send(2).unwrap();
    /// assert!(receiver.borrow_and_update().has_changed());
    /// assert!(!receiver.borrow_and_update().has_changed());
    /// ```
    pub fn has_changed(&self) -> bool {
        self.has_changed
    }
}

impl<T> Deref for Ref<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Ref<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ref").field("value", &**self).field("has_changed", &self.has_changed).finish()
    }
}
