//! [`TimerEntry`]: the tie of one future to the timers it waits in.
//!
//! Not the timer itself, which is in the wheel. The invariant: when the entry is dropped, its timer is in no wheel.

use std::fmt;
use std::io;
use std::task::Waker;
use std::time::{Duration, Instant};

use super::{Registrar, TimerState, Timers};
use crate::context;
use crate::time::clock;
use crate::time::wheel::Key;

/// A registered timer, cancelled on drop.
pub(crate) struct TimerEntry {
    timers: &'static Timers,
    key: Key,
}

impl TimerEntry {
    /// Registers with the timers of the runtime this thread is in. Outside any runtime, and in one whose timers are
    /// closed, registers with the timers of the process.
    ///
    /// # Errors
    ///
    /// The process's timers are needed, and the OS refuses their thread.
    pub(crate) fn register(deadline: Instant, waker: &Waker) -> io::Result<Self> {
        // Taken out: the waker's code, which registering runs, may itself ask for the context.
        if let Some((timers, registrar)) = context::timers() {
            if let Ok(key) = timers.register_as(registrar, deadline, waker) {
                return Ok(Self { timers, key });
            }
        }
        let timers = Timers::global()?;
        let key = timers.register(deadline, waker).expect("the process's timers are never closed");
        Ok(Self { timers, key })
    }

    /// As [`register`](Self::register), for a deadline that is `duration` after some instant between now and the
    /// next time that this thread looks at its timers.
    ///
    /// # Errors
    ///
    /// As [`register`](Self::register).
    pub(crate) fn register_after(duration: Duration, waker: &Waker) -> io::Result<Self> {
        // In tests with paused time an instant is exact.
        let here = if clock::was_any_paused() { None } else { context::timers() };
        if let Some((timers, Registrar::Driver)) = here {
            if let Ok(key) = timers.register_after(duration, waker) {
                return Ok(Self { timers, key });
            }
        }
        Self::register(clock::saturating_add(clock::now(), duration), waker)
    }

    /// See [`Timers::has_fired`].
    #[inline]
    pub(crate) fn has_fired(&self, deadline: Instant) -> bool {
        self.timers.has_fired(self.key, deadline)
    }

    /// See [`Timers::update_waker`].
    #[inline]
    pub(crate) fn update_waker(&self, waker: &Waker) -> TimerState {
        self.timers.update_waker(self.key, waker)
    }

    /// See [`Timers::reset`].
    pub(crate) fn reset(&self, deadline: Instant) -> TimerState {
        self.timers.reset(self.key, deadline)
    }

    /// Drops the entry of a timer that is known to be in no wheel any more.
    pub(crate) fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for TimerEntry {
    fn drop(&mut self) {
        self.timers.cancel(self.key);
    }
}

impl fmt::Debug for TimerEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimerEntry").field("key", &self.key).finish_non_exhaustive()
    }
}
