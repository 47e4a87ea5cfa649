//! [`Clock`]: what a runtime takes for the time, so that tests may stop it and move it by hand.
//!
//! Not a source of wakes: moving the clock fires nothing by itself. The invariant: a clock never goes backwards,
//! and one that was never paused is the system's monotonic clock.

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use crate::primitive::sync::atomic::{AtomicUsize, Ordering, fence};
use crate::primitive::sync::{Arc, Mutex};

/// Set by the first pause of any clock in the process, never cleared: as long as nobody tests with paused time,
/// reading a clock costs one relaxed load more than reading the system's.
///
/// std's own type, not the shim's: loom's cannot be a constant, and nothing depends on its order.
static WAS_ANY_PAUSED: AtomicBool = AtomicBool::new(false);

/// What stands for a duration too long to add: 30 years, within range on every platform.
const FAR_FUTURE: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The time by the clock of the runtime this thread is in, or by the system's.
#[inline]
pub(crate) fn now() -> Instant {
    if was_any_paused() {
        crate::context::with_clock(|clock| clock.map_or_else(Instant::now, |clock| clock.now()))
    } else {
        Instant::now()
    }
}

/// `start + duration`, or 30 years after `start` where that cannot be told.
pub(crate) fn saturating_add(start: Instant, duration: Duration) -> Instant {
    // A system whose clock stands within 30 years of its type's end has no later instant to offer.
    start.checked_add(duration).or_else(|| start.checked_add(FAR_FUTURE)).unwrap_or(start)
}

/// Whether any clock of this process was ever paused.
#[inline]
pub(crate) fn was_any_paused() -> bool {
    // Ordering: Relaxed. Who pauses a clock sees its own store; others learn of the clock itself through the lock
    // in it, or by being spawned after the pause.
    WAS_ANY_PAUSED.load(Ordering::Relaxed)
}

/// A clock as its users hold it.
pub(crate) type SharedClock = Arc<Clock>;

/// The time of one runtime.
#[derive(Debug)]
pub(crate) struct Clock {
    /// Locked by whoever reads or moves the clock, once any clock was paused.
    state: Mutex<State>,
    /// Blocking closures that are queued or run: what they wait for takes real time. Written by the blocking pool,
    /// read by the scheduler that would advance a paused clock.
    blocking: AtomicUsize,
}

#[derive(Debug)]
struct State {
    /// What this clock showed when it last started or stopped.
    base: Instant,
    /// When, by the system, it last started; `None` while it is paused.
    running_since: Option<Instant>,
}

/// The clock is not in the state that the call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClockError {
    /// It is paused already.
    Paused,
    /// It runs.
    Running,
}

impl Clock {
    /// A clock that shows the system's time and runs, or stands still if `paused`.
    pub(crate) fn new(paused: bool) -> Arc<Clock> {
        let now = Instant::now();
        if paused {
            // Ordering: see `was_any_paused`.
            WAS_ANY_PAUSED.store(true, Ordering::Relaxed);
        }
        Arc::new(Self {
            state: Mutex::new(State { base: now, running_since: (!paused).then_some(now) }),
            blocking: AtomicUsize::new(0),
        })
    }

    /// What the clock shows.
    #[inline]
    pub(crate) fn now(&self) -> Instant {
        if was_any_paused() { self.state.lock().now() } else { Instant::now() }
    }

    /// Whether the clock stands still.
    #[allow(dead_code)] // Called by the current-thread scheduler.
    pub(crate) fn is_paused(&self) -> bool {
        was_any_paused() && self.state.lock().running_since.is_none()
    }

    /// A blocking closure was queued: a paused clock must not run ahead of it.
    pub(crate) fn inhibit_auto_advance(&self) {
        // Ordering: Relaxed; who spawned the closure sees its own count.
        self.blocking.fetch_add(1, Ordering::Relaxed);
    }

    /// A blocking closure has ended, and whoever waited for it was woken. True if the clock stands still: its
    /// scheduler, which may have seen the count and gone to sleep in between, is then to be unparked.
    pub(crate) fn allow_auto_advance(&self) -> bool {
        // Ordering: the fence pairs with the one in `pause`: either we see the pause, or who paused sees our count.
        self.blocking.fetch_sub(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        self.is_paused()
    }

    /// Whether a paused clock may jump to the next timer when there is nothing else to do.
    pub(crate) fn may_auto_advance(&self) -> bool {
        self.blocking.load(Ordering::Relaxed) == 0
    }

    /// Stops the clock where it is.
    pub(crate) fn pause(&self) -> Result<(), ClockError> {
        // Ordering: see `was_any_paused`.
        WAS_ANY_PAUSED.store(true, Ordering::Relaxed);
        let mut state = self.state.lock();
        if state.running_since.is_none() {
            return Err(ClockError::Paused);
        }
        state.base = state.now();
        state.running_since = None;
        drop(state);
        // Ordering: pairs with the fence in `allow_auto_advance`.
        fence(Ordering::SeqCst);
        Ok(())
    }

    /// Lets a paused clock run on from what it shows.
    pub(crate) fn resume(&self) -> Result<(), ClockError> {
        let mut state = self.state.lock();
        if state.running_since.is_some() {
            return Err(ClockError::Running);
        }
        state.running_since = Some(Instant::now());
        Ok(())
    }

    /// Moves a paused clock forward.
    pub(crate) fn advance(&self, duration: Duration) -> Result<(), ClockError> {
        let mut state = self.state.lock();
        if state.running_since.is_some() {
            return Err(ClockError::Running);
        }
        state.base = saturating_add(state.base, duration);
        Ok(())
    }

    /// Moves a paused clock forward to `instant`, for a scheduler with nothing to do before it. A clock that runs,
    /// or is past it, stays as it is.
    #[allow(dead_code)] // Called by the current-thread scheduler.
    pub(crate) fn advance_to(&self, instant: Instant) {
        let mut state = self.state.lock();
        if state.running_since.is_none() {
            state.base = state.base.max(instant);
        }
    }
}

impl State {
    fn now(&self) -> Instant {
        match self.running_since {
            Some(since) => self.base + since.elapsed(),
            None => self.base,
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_paused_clock_moves_by_hand_alone() {
        let clock = Clock::new(true);
        let start = clock.now();
        assert!(clock.is_paused());
        assert_eq!(clock.pause(), Err(ClockError::Paused));
        assert_eq!(clock.advance(Duration::from_secs(86_400)), Ok(()));
        assert_eq!(clock.now() - start, Duration::from_secs(86_400));
        clock.advance_to(start);
        assert_eq!(clock.now() - start, Duration::from_secs(86_400), "it went backwards");
        clock.advance_to(start + Duration::from_secs(86_401));
        assert_eq!(clock.now() - start, Duration::from_secs(86_401));
    }

    #[test]
    fn a_resumed_clock_runs_on_from_what_it_showed() {
        let clock = Clock::new(false);
        assert_eq!(clock.resume(), Err(ClockError::Running));
        assert_eq!(clock.advance(Duration::ZERO), Err(ClockError::Running));
        assert_eq!(clock.pause(), Ok(()));
        assert_eq!(clock.advance(Duration::from_secs(100)), Ok(()));
        let paused_at = clock.now();
        assert_eq!(clock.resume(), Ok(()));
        let resumed = clock.now();
        assert!(resumed >= paused_at && resumed - paused_at < Duration::from_secs(50));
        assert!(resumed > Instant::now() + Duration::from_secs(50));
        clock.advance_to(resumed + Duration::from_secs(1000));
        assert!(clock.now() < resumed + Duration::from_secs(500), "a running clock was moved");
        while clock.now() == resumed {
            std::hint::spin_loop();
        }
    }

    #[test]
    fn a_move_beyond_all_time_ends_in_the_far_future() {
        let clock = Clock::new(true);
        let start = clock.now();
        for _ in 0..3 {
            assert_eq!(clock.advance(Duration::MAX), Ok(()));
        }
        assert!(clock.now() > start + Duration::from_secs(86_400));
    }
}
