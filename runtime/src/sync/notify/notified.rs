//! [`Notified`] and [`OwnedNotified`]: the futures that wait for a notification.
//!
//! Not the notifying. The invariants are those of the parent, above all the second: what a dropped future received
//! and did not return goes on.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use super::super::wait_queue::{OwnedWait, Phase, Wait};
use super::{ALL, Notify, State};
use crate::coop;

/// A place in the queue of a [`Notify`].
type Place<'q> = Wait<'q, State, ()>;

/// How far a future is, beside its place in the queue.
#[derive(Debug)]
struct Progress {
    /// The round of its creation (3).
    round: u64,
    /// It returned Ready, or took its notification by `enable`.
    is_done: bool,
}

impl Progress {
    fn new(notify: &Notify) -> Self {
        Self { round: notify.queue.lock().state.round, is_done: false }
    }

    /// Without a waker a place that is in the queue keeps the one it has.
    fn poll(&mut self, mut wait: Pin<&mut Place<'_>>, waker: Option<&Waker>) -> Poll<()> {
        let result = if self.is_done { Poll::Ready(()) } else { self.poll_place(wait.as_mut(), waker) };
        self.is_done = result.is_ready();
        result
    }

    fn poll_place(&self, wait: Pin<&mut Place<'_>>, waker: Option<&Waker>) -> Poll<()> {
        let wait = wait.into_ref();
        let phase = wait.phase();
        if let Phase::Done(_) = phase {
            return Poll::Ready(());
        }
        // Cloned and, where it is not used, dropped without the lock: it is user code.
        let new = (phase == Phase::Idle).then(|| waker.unwrap_or(Waker::noop()).clone());
        let mut guard = wait.lock();
        let is_notified = match guard.phase() {
            Phase::Done(_) => true,
            _ if guard.state.round != self.round => true,
            Phase::Idle => std::mem::take(&mut guard.state.has_permit),
            Phase::Queued => false,
        };
        if is_notified {
            let former = guard.leave();
            drop(guard);
            drop(former);
            return Poll::Ready(());
        }
        if let Some(new) = new {
            guard.push_back(new, ());
            return Poll::Pending;
        }
        drop(guard);
        match waker.map(|waker| wait.update_waker(waker)) {
            Some(Phase::Done(_)) => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }

    /// The future is dropped.
    fn leave(&self, wait: Pin<&mut Place<'_>>, notify: &Notify) {
        if self.is_done || wait.phase() == Phase::Idle {
            return;
        }
        let wait = wait.into_ref();
        let mut guard = wait.lock();
        let phase = guard.phase();
        let waker = guard.leave();
        drop(guard);
        // (2), before the waker is dropped, which may panic.
        match phase {
            Phase::Done(outcome) if outcome != ALL => notify.notify(outcome),
            _ => {}
        }
        drop(waker);
    }
}

pin_project_lite::pin_project! {
    /// The future of [`Notify::notified`]. Polled after it completed, it stays ready.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let notify = mini_runtime::sync::Notify::new();
    /// let notified: mini_runtime::sync::futures::Notified<'_> = notify.notified();
    /// notify.notify_waiters();
    /// notified.await;
    /// # });
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Notified<'a> {
        notify: &'a Notify,
        progress: Progress,
        #[pin]
        wait: Wait<'a, State, ()>,
    }

    impl PinnedDrop for Notified<'_> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            this.progress.leave(this.wait, this.notify);
        }
    }
}

pin_project_lite::pin_project! {
    /// The future of [`Notify::notified_owned`]. Polled after it completed, it stays ready.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// use mini_runtime::sync::{Notify, futures::OwnedNotified};
    /// use std::sync::Arc;
    ///
    /// let notify = Arc::new(Notify::new());
    /// let notified: OwnedNotified = Arc::clone(&notify).notified_owned();
    /// notify.notify_waiters();
    /// notified.await;
    /// # });
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct OwnedNotified {
        progress: Progress,
        #[pin]
        wait: OwnedWait<Notify, State, ()>,
    }

    impl PinnedDrop for OwnedNotified {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let (wait, notify) = this.wait.parts();
            this.progress.leave(wait, notify);
        }
    }
}

impl<'a> Notified<'a> {
    pub(super) fn new(notify: &'a Notify) -> Self {
        Self { notify, progress: Progress::new(notify), wait: Wait::new(&notify.queue) }
    }

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
        let this = self.project();
        this.progress.poll(this.wait, None).is_ready()
    }
}

impl OwnedNotified {
    pub(super) fn new(notify: Arc<Notify>) -> Self {
        Self { progress: Progress::new(&notify), wait: OwnedWait::new(notify, |notify| &notify.queue) }
    }

    /// Joins the queue without a task to wake, and says whether it is notified already; see
    /// [`Notified::enable`].
    ///
    /// ```
    /// # use std::{pin::pin, sync::Arc};
    /// let notify = Arc::new(mini_runtime::sync::Notify::new());
    /// let mut notified = pin!(Arc::clone(&notify).notified_owned());
    /// assert!(!notified.as_mut().enable());
    /// notify.notify_one();
    /// assert!(notified.as_mut().enable());
    /// ```
    pub fn enable(self: Pin<&mut Self>) -> bool {
        let this = self.project();
        this.progress.poll(this.wait.parts().0, None).is_ready()
    }
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(coop::poll_proceed(context));
        let this = self.project();
        ready!(this.progress.poll(this.wait, Some(context.waker())));
        coop.made_progress();
        Poll::Ready(())
    }
}

impl Future for OwnedNotified {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(coop::poll_proceed(context));
        let this = self.project();
        ready!(this.progress.poll(this.wait.parts().0, Some(context.waker())));
        coop.made_progress();
        Poll::Ready(())
    }
}
