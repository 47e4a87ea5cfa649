//! When a busy worker looks up from its tasks: [`LookTimer`].
//!
//! Not on every n-th task, which with long tasks is seldom and with short ones often: sockets, timers and the injector
//! are looked at by **time**. The clock itself is read by a number of tasks that adapts to how long they take, so that
//! a task of 100 ns does not pay for a reading of 25 ns.
//!
//! One thing is not left to time: a task that yields (and not merely wakes itself) with nobody to yield to, because it waits for something outside,
//! gets a look at its first yield, its second running, its fourth, its eighth and so on. A look at each, as a scheduler
//! does that sleeps for no time then, would be a system call a yield.

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
    /// The tick of the last yield with nothing else to run, and how many there were running.
    lone_yield_tick: u64,
    lone_yields: u64,
    /// Whether the next reading is a look, whatever the time.
    is_asked_for: bool,
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
            lone_yield_tick: 0,
            lone_yields: 0,
            is_asked_for: false,
        }
    }

    /// Whether the clock is to be read at this tick.
    #[inline]
    pub(crate) fn is_due(&self, tick: u64) -> bool {
        tick >= self.due_tick
    }

    /// Whether the next reading is a look because a task yields to nobody.
    pub(crate) fn is_asked_for(&self) -> bool {
        self.is_asked_for
    }

    /// Takes a reading of the clock, and tells whether it is time to look.
    pub(crate) fn read(&mut self, tick: u64, now: Instant) -> bool {
        let is_asked_for = std::mem::take(&mut self.is_asked_for);
        if let Some((last, last_tick)) = self.last_reading {
            let elapsed = now.duration_since(last);
            self.is_fine_grained = u128::from(tick - last_tick) * FINE_GRAIN.as_nanos() > elapsed.as_nanos();
            if is_asked_for {
                // It came early; the interval was not tried.
            } else if elapsed > LOOK_EVERY {
                self.interval = (self.interval / 2).max(1);
            } else if elapsed < LOOK_EVERY / 4 {
                self.interval = (self.interval * 2).min(INTERVAL_MAX);
            }
        }
        self.last_reading = Some((now, tick));
        self.due_tick = tick + self.interval;
        let is_time =
            is_asked_for || self.last_look.is_none_or(|last| now.duration_since(last) >= LOOK_EVERY);
        if is_time {
            self.last_look = Some(now);
        }
        is_time
    }

    /// The task that ran at this tick has yielded, and nothing else is there to run.
    #[inline]
    pub(crate) fn yielded_to_nobody(&mut self, tick: u64) {
        let is_running = tick == self.lone_yield_tick + 1;
        self.lone_yields = if is_running { self.lone_yields + 1 } else { 1 };
        self.lone_yield_tick = tick;
        if self.lone_yields.is_power_of_two() {
            self.due_tick = tick;
            self.is_asked_for = true;
        }
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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// At which of so many yields running a look follows, by a clock that stands still.
    fn looks(timer: &mut LookTimer, ticks: std::ops::RangeInclusive<u64>) -> Vec<u64> {
        let now = Instant::now();
        let first = *ticks.start();
        ticks
            .filter(|&tick| {
                timer.yielded_to_nobody(tick);
                timer.is_due(tick + 1) && timer.read(tick + 1, now)
            })
            .map(|tick| tick + 1 - first)
            .collect()
    }

    #[test]
    fn a_task_that_yields_to_nobody_gets_a_look_soon_and_then_ever_more_seldom() {
        let mut timer = LookTimer::new();
        assert!(timer.read(0, Instant::now()), "the first");
        assert_eq!(looks(&mut timer, 1..=100), [1, 2, 4, 8, 16, 32, 64]);
        // Something else ran.
        assert_eq!(looks(&mut timer, 102..=109), [1, 2, 4, 8]);
    }

    #[test]
    fn looks_that_are_asked_for_say_nothing_of_the_interval() {
        let mut timer = LookTimer::new();
        assert!(timer.read(0, Instant::now()));
        looks(&mut timer, 1..=4);
        assert_eq!(timer.interval, LookTimer::new().interval);
    }
}
