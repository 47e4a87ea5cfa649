//! [`TimerEntry`]: the tie of one future to the timers it waits in.
//!
//! Not the timer itself, which is in the wheel. The invariant: when the entry is dropped, its timer is in no wheel.

use std::fmt;
use std::io;
use std::task::Waker;
use std::time::Instant;

use super::{TimerState, Timers};
use crate::context;
use crate::primitive::sync::Arc;
use crate::time::wheel::Key;

/// A registered timer, cancelled on drop.
pub(crate) struct TimerEntry {
    timers: Arc<Timers>,
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
        // Cloned out: the waker's code, which registering runs, may itself ask for the context.
        if let Some(timers) = context::with_timers(|timers| timers.cloned()) {
            if let Ok(key) = timers.register(deadline, waker) {
                return Ok(Self { timers, key });
            }
        }
        let timers = Timers::global()?;
        let key = timers.register(deadline, waker).expect("the process's timers are never closed");
        Ok(Self { timers, key })
    }

    /// Whether `deadline` has come, by the clock of the timers this is registered with.
    #[inline]
    pub(crate) fn has_come(&self, deadline: Instant) -> bool {
        self.timers.now() >= deadline
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
