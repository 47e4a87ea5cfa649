//! [`Interval`]: ticks at a fixed period.
//!
//! Not a stream and not a task: a tick happens when somebody asks for it, and what becomes of those that nobody
//! asked for in time is [`MissedTickBehavior`]'s matter. The invariant: no tick is given before it is due.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::Instant;
use super::sleep::{Sleep, sleep_until};
use std::future::Future;

/// A tick less late than this is not a missed one, so that the ordinary lateness of a thread shifts no schedule.
const GRACE: Duration = Duration::from_millis(5);

/// Ticks now, and then every `period`.
///
/// ```
/// use mini_runtime::time::{Duration, Instant, interval};
///
/// # futures::executor::block_on(async {
/// let start = Instant::now();
/// let mut every = interval(Duration::from_millis(2));
/// every.tick().await; // at once
/// every.tick().await;
/// every.tick().await;
/// assert!(start.elapsed() >= Duration::from_millis(4));
/// # });
/// ```
///
/// # Panics
///
/// If `period` is zero.
#[track_caller]
pub fn interval(period: Duration) -> Interval {
    interval_at(Instant::now(), period)
}

/// Ticks at `start`, and then every `period`.
///
/// ```
/// use mini_runtime::time::{Duration, Instant, interval_at};
///
/// # futures::executor::block_on(async {
/// let start = Instant::now() + Duration::from_millis(2);
/// let mut every = interval_at(start, Duration::from_millis(3));
/// assert_eq!(every.tick().await, start);
/// assert_eq!(every.tick().await, start + Duration::from_millis(3));
/// # });
/// ```
///
/// # Panics
///
/// If `period` is zero.
#[track_caller]
pub fn interval_at(start: Instant, period: Duration) -> Interval {
    assert!(
        !period.is_zero(),
        "an interval needs a period longer than zero; use `task::yield_now` in a loop to run as often as possible"
    );
    Interval {
        delay: Box::pin(sleep_until(start)),
        period,
        missed_tick_behavior: MissedTickBehavior::default(),
    }
}

/// What an [`Interval`] does once ticks have been missed, because nobody asked for them in time.
///
/// A tick counts as missed when it is given more than 5 ms, or more than its period, after it was due.
///
/// With a period of 50 ms and a second tick that is asked for 70 ms late, at 120 ms (each dot is 10 ms):
///
/// ```text
/// due:    0....50....100....150....200....250
/// Burst:  0............120 120..150..200..250    at once until it has caught up
/// Delay:  0............120........170........220 a full period after the late one
/// Skip:   0............120..150..200..250        on at the next multiple of the period
/// ```
///
/// ```
/// use mini_runtime::time::{Duration, MissedTickBehavior, interval};
/// let mut every = interval(Duration::from_millis(50));
/// assert_eq!(every.missed_tick_behavior(), MissedTickBehavior::Burst);
/// every.set_missed_tick_behavior(MissedTickBehavior::Skip);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissedTickBehavior {
    /// Gives the missed ticks without a pause, until it has caught up with the schedule.
    #[default]
    Burst,
    /// Shifts the schedule: the next tick comes one period after the late one was given.
    Delay,
    /// Leaves the missed ticks out and keeps to the schedule: the next tick comes at the next multiple of the
    /// period, counted from the start.
    Skip,
}

impl MissedTickBehavior {
    /// When the tick after the one that was due at `due` comes, given that it is `now`, which is not before `due`.
    fn next(self, due: Instant, now: Instant, period: Duration) -> Instant {
        if now <= due.saturating_add(GRACE.min(period)) {
            return due.saturating_add(period);
        }
        match self {
            Self::Burst => due.saturating_add(period),
            Self::Delay => now.saturating_add(period),
            Self::Skip => now.saturating_add(period - remainder(now - due, period)),
        }
    }
}

/// `dividend % divisor`.
fn remainder(dividend: Duration, divisor: Duration) -> Duration {
    let nanoseconds = dividend.as_nanos() % divisor.as_nanos();
    // Less than the divisor, so both parts fit.
    Duration::new((nanoseconds / 1_000_000_000) as u64, (nanoseconds % 1_000_000_000) as u32)
}

/// Ticks at a fixed period; made by [`interval`] and [`interval_at`].
///
/// ```
/// use mini_runtime::time::{Duration, Instant, interval};
///
/// # futures::executor::block_on(async {
/// let start = Instant::now();
/// let mut ticks = interval(Duration::from_millis(1));
/// ticks.tick().await; // At once.
/// ticks.tick().await;
/// assert!(start.elapsed() >= Duration::from_millis(1));
/// # });
/// ```
#[derive(Debug)]
pub struct Interval {
    /// Waits for the next tick. Boxed, so that the interval may be moved.
    delay: Pin<Box<Sleep>>,
    period: Duration,
    missed_tick_behavior: MissedTickBehavior,
}

impl Interval {
    /// Waits for the next tick, and returns when it was due.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant, interval};
    ///
    /// # futures::executor::block_on(async {
    /// let mut every = interval(Duration::from_millis(1));
    /// let first = every.tick().await;
    /// let second = every.tick().await;
    /// assert_eq!(second - first, Duration::from_millis(1));
    /// # });
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a tick that was not returned is returned by the next call.
    pub async fn tick(&mut self) -> Instant {
        poll_fn(|cx| self.poll_tick(cx)).await
    }

    /// Looks for the next tick; the waker of the last call is woken when it is due.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, interval};
    /// use std::task::{Context, Poll, Waker};
    ///
    /// let mut every = interval(Duration::from_secs(60));
    /// let mut cx = Context::from_waker(Waker::noop());
    /// assert!(every.poll_tick(&mut cx).is_ready());
    /// assert!(every.poll_tick(&mut cx).is_pending());
    /// ```
    pub fn poll_tick(&mut self, cx: &mut Context<'_>) -> Poll<Instant> {
        ready!(self.delay.as_mut().poll(cx));
        let due = self.delay.deadline();
        let next = self.missed_tick_behavior.next(due, Instant::now(), self.period);
        self.delay.as_mut().reset(next);
        Poll::Ready(due)
    }

    /// Starts over: the next tick comes one period from now.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant, interval};
    ///
    /// # futures::executor::block_on(async {
    /// let mut every = interval(Duration::from_millis(5));
    /// let now = Instant::now();
    /// every.reset();
    /// assert!(every.tick().await >= now + Duration::from_millis(5));
    /// # });
    /// ```
    pub fn reset(&mut self) {
        self.reset_after(self.period);
    }

    /// Starts over: the next tick comes at once.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, interval};
    ///
    /// # futures::executor::block_on(async {
    /// let mut every = interval(Duration::from_secs(3600));
    /// every.tick().await;
    /// every.reset_immediately();
    /// every.tick().await;
    /// # });
    /// ```
    pub fn reset_immediately(&mut self) {
        self.reset_after(Duration::ZERO);
    }

    /// Starts over: the next tick comes after `after`, the others each a period later.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, interval};
    ///
    /// # futures::executor::block_on(async {
    /// let mut every = interval(Duration::from_secs(3600));
    /// every.tick().await;
    /// every.reset_after(Duration::from_millis(1));
    /// every.tick().await;
    /// # });
    /// ```
    pub fn reset_after(&mut self, after: Duration) {
        self.reset_at(Instant::now().saturating_add(after));
    }

    /// Starts over: the next tick comes at `deadline`, the others each a period later.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, Instant, interval};
    ///
    /// # futures::executor::block_on(async {
    /// let mut every = interval(Duration::from_secs(3600));
    /// let deadline = Instant::now() + Duration::from_millis(1);
    /// every.reset_at(deadline);
    /// assert_eq!(every.tick().await, deadline);
    /// # });
    /// ```
    pub fn reset_at(&mut self, deadline: Instant) {
        self.delay.as_mut().reset(deadline);
    }

    /// What is done about missed ticks.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, MissedTickBehavior, interval};
    ///
    /// let ticks = interval(Duration::from_secs(1));
    /// assert_eq!(ticks.missed_tick_behavior(), MissedTickBehavior::Burst);
    /// ```
    pub fn missed_tick_behavior(&self) -> MissedTickBehavior {
        self.missed_tick_behavior
    }

    /// Chooses what is done about missed ticks; see [`MissedTickBehavior`] for an example.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, MissedTickBehavior, interval};
    ///
    /// let mut ticks = interval(Duration::from_secs(1));
    /// ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    /// assert_eq!(ticks.missed_tick_behavior(), MissedTickBehavior::Skip);
    /// ```
    pub fn set_missed_tick_behavior(&mut self, behavior: MissedTickBehavior) {
        self.missed_tick_behavior = behavior;
    }

    /// The time between two ticks.
    ///
    /// ```
    /// use mini_runtime::time::{Duration, interval};
    /// assert_eq!(interval(Duration::from_secs(1)).period(), Duration::from_secs(1));
    /// ```
    pub fn period(&self) -> Duration {
        self.period
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// What is given when, by an interval of 50 ms whose second tick is asked for only at 170 ms, as
    /// (due, given) in milliseconds from the start.
    fn schedule(behavior: MissedTickBehavior) -> Vec<(u64, u64)> {
        let start = Instant::now();
        let (mut due, mut now) = (start, start);
        let mut given = Vec::new();
        for turn in 0..6 {
            now = now.max(due).max(if turn == 1 { start + ms(170) } else { start });
            given.push(((due - start).as_millis() as u64, (now - start).as_millis() as u64));
            due = behavior.next(due, now, ms(50));
        }
        given
    }

    #[test]
    fn burst_catches_up_delay_shifts_and_skip_leaves_out() {
        assert_eq!(
            schedule(MissedTickBehavior::Burst),
            [(0, 0), (50, 170), (100, 170), (150, 170), (200, 200), (250, 250)]
        );
        assert_eq!(
            schedule(MissedTickBehavior::Delay),
            [(0, 0), (50, 170), (220, 220), (270, 270), (320, 320), (370, 370)]
        );
        assert_eq!(
            schedule(MissedTickBehavior::Skip),
            [(0, 0), (50, 170), (200, 200), (250, 250), (300, 300), (350, 350)]
        );
    }

    #[test]
    fn a_tick_within_its_grace_shifts_nothing() {
        let due = Instant::now();
        for behavior in [MissedTickBehavior::Burst, MissedTickBehavior::Delay, MissedTickBehavior::Skip] {
            assert_eq!(behavior.next(due, due + ms(5), ms(50)), due + ms(50));
            // A period shorter than the grace has been missed when it is over.
            assert_eq!(behavior.next(due, due + ms(1), ms(1)), due + ms(1));
        }
        assert_eq!(MissedTickBehavior::Skip.next(due, due + ms(3), ms(2)), due + ms(4));
        assert_eq!(MissedTickBehavior::Skip.next(due, due + ms(100), ms(50)), due + ms(150));
        assert_eq!(MissedTickBehavior::Delay.next(due, due + ms(6), ms(50)), due + ms(56));
    }

    #[test]
    fn a_period_beyond_all_time_ticks_once() {
        for behavior in [MissedTickBehavior::Burst, MissedTickBehavior::Delay, MissedTickBehavior::Skip] {
            let due = Instant::now();
            assert!(behavior.next(due, due, Duration::MAX) > due + ms(1_000_000));
            assert!(behavior.next(due, due + ms(1_000), Duration::MAX) > due + ms(1_000_000));
        }
        let mut every = interval(Duration::MAX);
        let mut cx = Context::from_waker(std::task::Waker::noop());
        assert!(every.poll_tick(&mut cx).is_ready());
        assert!(every.poll_tick(&mut cx).is_pending());
        every.reset();
        assert!(every.poll_tick(&mut cx).is_pending());
    }

    #[test]
    #[should_panic(expected = "use `task::yield_now`")]
    fn a_period_of_zero_names_the_cure() {
        let _ = interval(Duration::ZERO);
    }
}
