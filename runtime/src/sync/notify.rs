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

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use super::wait_queue::{Phase, Wait, WaitQueue};
use crate::coop;
use crate::util::WakeBatch;

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

impl Notify {
    /// One without a permit.
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
    pub fn notified(&self) -> Notified<'_> {
        let round = self.queue.lock().state.round;
        Notified { notify: self, round, is_done: false, wait: Wait::new(&self.queue) }
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
        let mut batch = WakeBatch::new();
        let mut queue = self.queue.lock();
        queue.state.round += 1;
        queue.detach_all();
        while let Some(waker) = queue.finish_detached(ALL) {
            batch.push(waker);
            if !batch.can_push() {
                drop(queue);
                batch.wake_all();
                queue = self.queue.lock();
            }
        }
        drop(queue);
        batch.wake_all();
    }
}

impl Default for Notify {
    fn default() -> Self {
        Self::new()
    }
}

pin_project_lite::pin_project! {
    /// The future of [`Notify::notified`].
    ///
    /// # Panics
    ///
    /// Not when polled after it completed: it stays ready.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Notified<'a> {
        notify: &'a Notify,
        // The round of its creation (3).
        round: u64,
        // It returned Ready, or took its notification by `enable`.
        is_done: bool,
        #[pin]
        wait: Wait<'a, State, ()>,
    }

    impl PinnedDrop for Notified<'_> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if *this.is_done || this.wait.phase() == Phase::Idle {
                return;
            }
            let mut guard = this.wait.as_ref().lock();
            let phase = guard.phase();
            let waker = guard.leave();
            drop(guard);
            // (2), before the waker is dropped, which may panic.
            match phase {
                Phase::Done(outcome) if outcome != ALL => this.notify.notify(outcome),
                _ => {}
            }
            drop(waker);
        }
    }
}

impl Notified<'_> {
    /// Joins the queue without a task to wake, and says whether it is notified already.
    ///
    /// After it a `notify_one` goes to this future, so that the state can be looked at before the await.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use std::pin::pin;
    ///
    /// let notify = mini_runtime::sync::Notify::new();
    /// let mut notified = pin!(notify.notified());
    /// assert!(!notified.as_mut().enable());
    /// notify.notify_one();
    /// notified.await;
    /// # });
    /// ```
    pub fn enable(self: Pin<&mut Self>) -> bool {
        self.poll_notified(None).is_ready()
    }

    /// Without a waker a place that is in the queue keeps the one it has.
    fn poll_notified(self: Pin<&mut Self>, waker: Option<&Waker>) -> Poll<()> {
        let this = self.project();
        if *this.is_done {
            return Poll::Ready(());
        }
        if let Phase::Done(_) = this.wait.phase() {
            *this.is_done = true;
            return Poll::Ready(());
        }
        // Cloned and, where it is not used, dropped without the lock: it is user code.
        let is_idle = this.wait.phase() == Phase::Idle;
        let new = is_idle.then(|| waker.unwrap_or(Waker::noop()).clone());
        let mut guard = this.wait.as_ref().lock();
        let is_notified = match guard.phase() {
            Phase::Done(_) => true,
            _ if guard.state.round != *this.round => true,
            Phase::Idle => std::mem::take(&mut guard.state.has_permit),
            Phase::Queued => false,
        };
        if is_notified {
            let former = guard.leave();
            drop(guard);
            *this.is_done = true;
            drop(former);
            return Poll::Ready(());
        }
        if let Some(new) = new {
            guard.push_back(new, ());
            return Poll::Pending;
        }
        drop(guard);
        match waker.map(|waker| this.wait.as_ref().update_waker(waker)) {
            Some(Phase::Done(_)) => {
                *this.is_done = true;
                Poll::Ready(())
            }
            _ => Poll::Pending,
        }
    }
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(coop::poll_proceed(context));
        ready!(self.poll_notified(Some(context.waker())));
        coop.made_progress();
        Poll::Ready(())
    }
}

#[cfg(all(test, loom))]
mod model {
    use super::*;
    use crate::primitive::sync::Arc;
    use crate::primitive::thread;
    use loom::future::block_on;

    /// A notification of one that meets the drop of a waiter reaches the other waiter.
    #[test]
    fn model_notify_one_against_drop() {
        loom::model(|| {
            let notify = Arc::new(Notify::new());
            let notifier = {
                let notify = notify.clone();
                thread::spawn(move || notify.notify_one())
            };
            {
                let mut dropped = Box::pin(notify.notified());
                let mut context = Context::from_waker(Waker::noop());
                if dropped.as_mut().poll(&mut context).is_ready() {
                    notify.notify_one();
                }
            }
            block_on(notify.notified());
            notifier.join().unwrap();
        });
    }

    /// Both waiters of before the call are notified, and one of them goes away meanwhile.
    #[test]
    fn model_notify_waiters_against_drop() {
        loom::model(|| {
            let notify = Arc::new(Notify::new());
            let mut first = Box::pin(notify.notified());
            let mut second = Box::pin(notify.notified());
            let mut context = Context::from_waker(Waker::noop());
            assert!(first.as_mut().poll(&mut context).is_pending());
            assert!(second.as_mut().poll(&mut context).is_pending());
            let notifier = {
                let notify = notify.clone();
                thread::spawn(move || notify.notify_waiters())
            };
            drop(first);
            block_on(second);
            notifier.join().unwrap();
            let mut late = Box::pin(notify.notified());
            assert!(late.as_mut().poll(&mut context).is_pending());
        });
    }
}
