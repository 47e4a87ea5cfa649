//! [`Notify`]: tells one task, or all that wait now, that something happened.
//!
//! Not a channel: it carries nothing, and what happened is in state of the user's. A `notify_one` that finds
//! nobody is kept as one permit.
//!
//! # Invariants
//!
//! 1. A permit is stored only while nobody waits; so who waits has no permit to take.
//! 2. A notification of one that a dropped `Notified` received and did not return goes on to the next.
//! 3. `round` counts the calls of `notify_waiters`; a `Notified` that sees another round than that of its
//!    creation is notified, whether or not the caller came to its node yet.

mod notified;

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use super::wait_queue::WaitQueue;

pub use notified::{Notified, OwnedNotified};

/// Outcome: notified by `notify_one`.
const ONE: u8 = 0;
/// Outcome: notified by `notify_last`.
const LAST: u8 = 1;
/// Outcome: notified by `notify_waiters`.
const ALL: u8 = 2;

/// What the queue's lock guards.
#[derive(Debug)]
struct State {
    /// A `notify_one` is stored (1).
    has_permit: bool,
    /// Calls of `notify_waiters` so far (3).
    round: u64,
}

/// Wakes tasks that wait for something to happen.
///
/// ```
/// use mini_runtime::sync::Notify;
///
/// # futures::executor::block_on(async {
/// let notify = Notify::new();
/// notify.notify_one();
/// notify.notified().await; // takes the stored permit
/// # });
/// ```
#[derive(Debug)]
pub struct Notify {
    queue: WaitQueue<State, ()>,
}

// No panic leaves the queue half done: wakers run outside its lock.
impl UnwindSafe for Notify {}
impl RefUnwindSafe for Notify {}

impl Notify {
    /// One without a permit.
    ///
    /// ```
    /// # use std::{future::Future, pin::pin, task::{Context, Waker}};
    /// let notify = mini_runtime::sync::Notify::new();
    /// assert!(pin!(notify.notified()).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    /// ```
    pub fn new() -> Self {
        Self { queue: WaitQueue::new(State { has_permit: false, round: 0 }) }
    }

    /// [`new`](Self::new) for statics.
    ///
    /// ```
    /// static CHANGED: mini_runtime::sync::Notify = mini_runtime::sync::Notify::const_new();
    /// CHANGED.notify_one();
    /// ```
    #[cfg(not(loom))]
    pub const fn const_new() -> Self {
        Self { queue: WaitQueue::new(State { has_permit: false, round: 0 }) }
    }

    /// Waits for a notification.
    ///
    /// A `notify_waiters` counts from this call on, not only from the first poll; for `notify_one`, the
    /// future joins the queue when it is polled or [enabled](Notified::enable).
    ///
    /// # Cancel safety
    ///
    /// A dropped future loses its place in the queue; a notification of one that it had received goes to the
    /// next.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let notify = mini_runtime::sync::Notify::new();
    /// let notified = notify.notified();
    /// notify.notify_waiters();
    /// notified.await;
    /// # });
    /// ```
    pub fn notified(&self) -> Notified<'_> {
        Notified::new(self)
    }

    /// [`notified`](Self::notified) with a future that borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// As `notified`.
    ///
    /// ```
    /// use mini_runtime::sync::Notify;
    /// use std::sync::Arc;
    ///
    /// let notify = Arc::new(Notify::new());
    /// let notified = Arc::clone(&notify).notified_owned();
    /// let waiter = std::thread::spawn(move || futures::executor::block_on(notified));
    /// notify.notify_one();
    /// waiter.join().unwrap();
    /// ```
    pub fn notified_owned(self: Arc<Self>) -> OwnedNotified {
        OwnedNotified::new(self)
    }

    /// Notifies the task that has waited longest, or stores one permit for the next that comes.
    ///
    /// Two calls with nobody waiting store one permit.
    ///
    /// ```
    /// # use std::task::{Context, Poll, Waker};
    /// # use std::{future::Future, pin::pin};
    /// let notify = mini_runtime::sync::Notify::new();
    /// notify.notify_one();
    /// notify.notify_one();
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert!(pin!(notify.notified()).poll(&mut context).is_ready());
    /// assert!(pin!(notify.notified()).poll(&mut context).is_pending());
    /// ```
    pub fn notify_one(&self) {
        self.notify(ONE);
    }

    /// As [`notify_one`](Self::notify_one), but of those who wait the one who came last.
    ///
    /// ```
    /// # use std::{future::Future, pin::pin, task::{Context, Waker}};
    /// let notify = mini_runtime::sync::Notify::new();
    /// let mut context = Context::from_waker(Waker::noop());
    /// let (mut first, mut last) = (pin!(notify.notified()), pin!(notify.notified()));
    /// assert!(first.as_mut().poll(&mut context).is_pending());
    /// assert!(last.as_mut().poll(&mut context).is_pending());
    /// notify.notify_last();
    /// assert!(first.poll(&mut context).is_pending());
    /// assert!(last.poll(&mut context).is_ready());
    /// ```
    pub fn notify_last(&self) {
        self.notify(LAST);
    }

    fn notify(&self, outcome: u8) {
        let waker = {
            let mut queue = self.queue.lock();
            let waker =
                if outcome == LAST { queue.finish_back(outcome) } else { queue.finish_front(outcome) };
            if waker.is_none() {
                queue.state.has_permit = true;
            }
            waker
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Notifies all whose `Notified` was created before this call. Stores nothing.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let notify = mini_runtime::sync::Notify::new();
    /// let (first, second) = (notify.notified(), notify.notified());
    /// notify.notify_waiters();
    /// first.await;
    /// second.await;
    /// # });
    /// ```
    pub fn notify_waiters(&self) {
        self.notify_waiters_of(|| ());
    }

    /// As [`notify_waiters`](Self::notify_waiters), of what `change` does under the queue's lock, which keeps it from
    /// other such calls.
    pub(super) fn notify_waiters_of(&self, change: impl FnOnce()) {
        self.queue.wake_all(ALL, |state| {
            change();
            state.round += 1;
        });
    }
}

impl Default for Notify {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(all(test, loom))]
mod model;
