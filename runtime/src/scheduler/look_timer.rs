//! When a busy worker looks up from its tasks: [`LookTimer`].
//!
//! Not on every n-th task, which with long tasks is seldom and with short ones often: sockets, timers and the injector
//! are looked at by **time**. The clock itself is read by a number of tasks that adapts to how long they take, so that
//! a task of 100 ns does not pay for a reading of 25 ns.

use std::time::{Duration, Instant};

use super::PACE;

/// How long a worker runs its own tasks without looking up.
const LOOK_EVERY: Duration = Duration::from_micros(50).saturating_mul(PACE);

/// The most tasks between two readings of the clock.
const INTERVAL_MAX: u64 = 128;

/// Tasks that take less than this, on average between two readings, are fine-grained: to move one to another worker
/// costs more than to run it (two to four cache lines that change their core, at 50 to 100 ns).
const FINE_GRAIN: Duration = Duration::from_nanos(300).saturating_mul(PACE);

/// How often a worker with fine-grained tasks shares them all the same.
const SHARE_EVERY: Duration = Duration::from_micros(500).saturating_mul(PACE);

/// When to read the clock next, when it was last time to look, and what the readings say of the tasks.
pub(crate) struct LookTimer {
    due_tick: u64,
    interval: u64,
    /// The last reading and its tick, if the worker has been busy since.
    last_reading: Option<(Instant, u64)>,
    last_look: Option<Instant>,
    last_share: Option<Instant>,
    is_fine_grained: bool,
}

impl LookTimer {
    pub(crate) fn new() -> Self {
        Self {
            due_tick: 0,
            interval: 8,
            last_reading: None,
            last_look: None,
            last_share: None,
            is_fine_grained: false,
        }
    }

    /// Whether the clock is to be read at this tick.
    #[inline]
    pub(crate) fn is_due(&self, tick: u64) -> bool {
        tick >= self.due_tick
    }

    /// Takes a reading of the clock, and tells whether it is time to look.
    pub(crate) fn read(&mut self, tick: u64, now: Instant) -> bool {
        if let Some((last, last_tick)) = self.last_reading {
            let elapsed = now.duration_since(last);
            self.is_fine_grained = u128::from(tick - last_tick) * FINE_GRAIN.as_nanos() > elapsed.as_nanos();
            if elapsed > LOOK_EVERY {
                self.interval = (self.interval / 2).max(1);
            } else if elapsed < LOOK_EVERY / 4 {
                self.interval = (self.interval * 2).min(INTERVAL_MAX);
            }
        }
        self.last_reading = Some((now, tick));
        self.due_tick = tick + self.interval;
        let is_time = self.last_look.is_none_or(|last| now.duration_since(last) >= LOOK_EVERY);
        if is_time {
            self.last_look = Some(now);
        }
        is_time
    }

    /// Whether the tasks between the last two readings were short. What is not known is not short.
    #[inline]
    pub(crate) fn is_fine_grained(&self) -> bool {
        self.is_fine_grained
    }

    /// Whether it is time to share fine-grained tasks, at a look that takes place `now`.
    pub(crate) fn is_share_due(&mut self, now: Instant) -> bool {
        let is_due = self.last_share.is_none_or(|last| now.duration_since(last) >= SHARE_EVERY);
        if is_due {
            self.last_share = Some(now);
        }
        is_due
    }

    /// The worker has just looked at everything because it had nothing to run. What it runs next may be anything.
    #[inline]
    pub(crate) fn restart(&mut self, tick: u64) {
        self.due_tick = tick + self.interval;
        self.last_reading = None;
        self.is_fine_grained = false;
    }
}
