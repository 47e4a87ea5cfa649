//! [`Sleep`]: the future that completes at a deadline, on which all others of this module stand.
//!
//! Not a timer by itself: it enters a wheel when it is first polled and found too early, and leaves it when it is
//! dropped. The invariant: it is never ready before its deadline, by the clock of the runtime that polls it.

use std::future::Future;
use std::io;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use super::timers::{TimerEntry, TimerState};
use super::{Instant, clock};
use crate::coop;

/// Waits until `duration` has passed from now.
///
/// A duration too long to be told waits 30 years. It is never early; how late it is depends on the OS and on what
/// the thread is doing, and is usually well under a millisecond.
///
/// ```
/// use mini_runtime::time::{Duration, Instant, sleep};
///
/// # futures::executor::block_on(async {
/// let start = Instant::now();
/// sleep(Duration::from_millis(5)).await;
/// assert!(start.elapsed() >= Duration::from_millis(5));
/// # });
/// ```
///
/// # Cancel safety
///
/// Cancel safe: dropping the future cancels the timer, and nothing else happens.
pub fn sleep(duration: Duration) -> Sleep {
    sleep_until(Instant::now().saturating_add(duration))
}

/// Waits until `deadline`. One that has passed is ready at the first poll.
///
/// ```
/// use mini_runtime::time::{Duration, Instant, sleep_until};
///
/// # futures::executor::block_on(async {
/// let deadline = Instant::now() + Duration::from_millis(5);
/// sleep_until(deadline).await;
/// assert!(Instant::now() >= deadline);
/// # });
/// ```
///
/// # Cancel safety
///
/// Cancel safe: dropping the future cancels the timer, and nothing else happens.
pub fn sleep_until(deadline: Instant) -> Sleep {
    Sleep {
        due: Due::At(deadline),
        entry: None,
        is_begun: false,
        is_unchecked: false,
        _pinned: PhantomPinned,
    }
}

/// Waits until `duration` has passed from its first poll, or shortly after that. Such a sleep reads no clock if it is
/// dropped soon. Its `deadline` is not known, and not asked for: it is for [`timeout`](super::timeout()) alone.
#[inline]
pub(super) fn sleep_from_first_poll(duration: Duration) -> Sleep {
    // One expression that makes the sleep, with its fields in registers until then: one that is made elsewhere is copied,
    // and a copy of what was just written in pieces costs more than all else here.
    let due = match clock::was_any_paused() {
        false => Due::After(duration),
        true => Due::At(deadline_after(duration)),
    };
    Sleep { due, entry: None, is_begun: false, is_unchecked: false, _pinned: PhantomPinned }
}

/// In tests with paused time an instant is exact.
#[cold]
fn deadline_after(duration: Duration) -> Instant {
    Instant::now().saturating_add(duration)
}

/// When a sleep ends.
#[derive(Debug, Clone, Copy)]
enum Due {
    At(Instant),
    /// So long after its first poll; zero once that is over.
    After(Duration),
}

pin_project_lite::pin_project! {
    /// The future of [`sleep`] and [`sleep_until`].
    ///
    /// It works inside a runtime of ours and outside any. Inside, the runtime's timers wake it; outside, a thread of
    /// the process, `mini-timer`, does. Where the OS refuses that thread the sleep is still right but asks to be
    /// polled again and again, and each poll tries to start the thread.
    ///
    /// Not `Unpin`: pin it, with `std::pin::pin!` or `Box::pin`, to poll it by reference or to reset it.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, sleep};
    /// use std::pin::pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut nap = pin!(sleep(Duration::from_millis(1)));
    /// nap.as_mut().await;
    /// assert!(nap.is_elapsed());
    /// # });
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Sleep {
        due: Due,
        // Some from the first Pending on. Never touched by another thread: what is shared is behind its lock.
        entry: Option<TimerEntry>,
        // It was polled or reset.
        is_begun: bool,
        // Set by `reset`, or when the timer was registered too late; cleared by the next poll, which asks the clock.
        is_unchecked: bool,
        // Keeps the door open for a timer that lies inside the future.
        #[pin]
        _pinned: PhantomPinned,
    }
}

const _: () = assert!(size_of::<Sleep>() <= 64);

impl Sleep {
    /// The instant this waits for.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant, sleep_until};
    /// let deadline = Instant::now() + Duration::from_secs(1);
    /// assert_eq!(sleep_until(deadline).deadline(), deadline);
    /// ```
    pub fn deadline(&self) -> Instant {
        match self.due {
            Due::At(deadline) => deadline,
            // No user gets hold of such a sleep.
            Due::After(duration) => Instant::now().saturating_add(duration),
        }
    }

    /// Whether the deadline has passed, of a sleep that was polled or reset: one that nobody has waited for yet has not
    /// begun to elapse. A sleep that waits is woken, and then ready, shortly afterwards.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, sleep};
    /// use std::pin::pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut nap = pin!(sleep(Duration::ZERO));
    /// assert!(!nap.is_elapsed());
    /// nap.as_mut().await;
    /// assert!(nap.is_elapsed());
    /// # });
    /// ```
    pub fn is_elapsed(&self) -> bool {
        self.is_begun && self.due.has_come()
    }

    /// Gives this sleep another deadline, whether it has completed or not.
    ///
    /// Cheaper than a new one. A task that waits for it is woken at the new deadline without a further poll; one
    /// that was woken already must poll it again.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant, sleep};
    /// use std::pin::pin;
    ///
    /// # futures::executor::block_on(async {
    /// let mut nap = pin!(sleep(Duration::MAX));
    /// nap.as_mut().reset(Instant::now() + Duration::from_millis(1));
    /// nap.await;
    /// # });
    /// ```
    pub fn reset(self: Pin<&mut Self>, deadline: Instant) {
        let this = self.project();
        *this.due = Due::At(deadline);
        *this.is_begun = true;
        *this.is_unchecked = true;
        let state = this.entry.as_ref().map(|entry| entry.reset(deadline.into_std()));
        if matches!(state, Some(TimerState::Fired | TimerState::Closed)) {
            *this.entry = None;
        }
    }
}

impl Due {
    fn has_come(self) -> bool {
        match self {
            Self::At(deadline) => clock::now() >= deadline.into_std(),
            Self::After(duration) => duration.is_zero(),
        }
    }

    /// Whether the timer is known to have fired, without a lock: most that are polled have. It takes a miss of every cache to
    /// look for the timer in the wheel.
    fn is_fired(self, entry: &TimerEntry) -> bool {
        match self {
            Self::At(deadline) => entry.has_fired(deadline.into_std()),
            Self::After(_) => false,
        }
    }

    fn register(self, waker: &Waker) -> io::Result<TimerEntry> {
        match self {
            Self::At(deadline) => TimerEntry::register(deadline.into_std(), waker),
            Self::After(duration) => TimerEntry::register_after(duration, waker),
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(coop::poll_proceed(cx));
        let this = self.project();
        *this.is_begun = true;
        let is_unchecked = std::mem::take(this.is_unchecked);
        if let Some(entry) = this.entry.take() {
            if !is_unchecked && this.due.is_fired(&entry) {
                entry.forget();
                coop.made_progress();
                return Poll::Ready(());
            }
            match entry.update_waker(cx.waker()) {
                // While the timer waits the clock is not asked: reading it costs more than all else here, and a task
                // that polls many futures comes by often.
                TimerState::Waiting if !(is_unchecked && this.due.has_come()) => {
                    *this.entry = Some(entry);
                    return Poll::Pending;
                }
                TimerState::Waiting => drop(entry),
                // Nor is it asked now: whoever fired it has.
                TimerState::Fired => {
                    entry.forget();
                    if matches!(this.due, Due::After(_)) {
                        *this.due = Due::After(Duration::ZERO);
                    }
                    coop.made_progress();
                    return Poll::Ready(());
                }
                // Before the deadline, maybe: it moves to where it is polled now.
                TimerState::Closed => entry.forget(),
            }
        }
        if this.due.has_come() {
            coop.made_progress();
            return Poll::Ready(());
        }
        match this.due.register(cx.waker()) {
            Ok(entry) => {
                *this.is_unchecked = this.due.is_fired(&entry);
                *this.entry = Some(entry);
            }
            // No thread to wait in: keep asking, but let whoever may be about to free one run first.
            Err(_) => {
                std::thread::yield_now();
                cx.waker().wake_by_ref();
            }
        }
        Poll::Pending
    }
}
