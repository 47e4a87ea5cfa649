//! When a busy worker looks up from its tasks: [`LookTimer`].
//!
//! Not on every n-th task, which with long tasks is seldom and with short ones often: sockets, timers and the injector
//! are looked at by **time**. The clock itself is read by a number of tasks that adapts to how long they take, so that
//! a task of 100 ns does not pay for a reading of 25 ns.

use std::time::{Duration, Instant};

/// How long a worker runs its own tasks without looking up.
const LOOK_EVERY: Duration = Duration::from_micros(50);

/// The most tasks between two readings of the clock.
const INTERVAL_MAX: u64 = 256;

/// When to read the clock next, and when it was last time to look.
pub(crate) struct LookTimer {
    due_tick: u64,
    interval: u64,
    last_reading: Option<Instant>,
    last_look: Option<Instant>,
}

impl LookTimer {
    pub(crate) fn new() -> Self {
        Self { due_tick: 0, interval: 8, last_reading: None, last_look: None }
    }

    /// Whether the clock is to be read at this tick.
    #[inline]
    pub(crate) fn is_due(&self, tick: u64) -> bool {
        tick >= self.due_tick
    }

    /// Takes a reading of the clock, and tells whether it is time to look.
    pub(crate) fn read(&mut self, tick: u64, now: Instant) -> bool {
        if let Some(last) = self.last_reading {
            let elapsed = now.duration_since(last);
            if elapsed > LOOK_EVERY {
                self.interval = (self.interval / 2).max(1);
            } else if elapsed < LOOK_EVERY / 4 {
                self.interval = (self.interval * 2).min(INTERVAL_MAX);
            }
        }
        self.last_reading = Some(now);
        self.due_tick = tick + self.interval;
        let is_time = self.last_look.is_none_or(|last| now.duration_since(last) >= LOOK_EVERY);
        if is_time {
            self.last_look = Some(now);
        }
        is_time
    }

    /// The worker has just looked at everything because it had nothing to run.
    pub(crate) fn restart(&mut self, tick: u64) {
        self.due_tick = tick + self.interval;
        self.last_reading = None;
    }
}
