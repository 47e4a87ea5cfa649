//! Stands in for `time` when that feature is off: no timers, and the system's clock.
//!
//! Not a reduced version of it: it has just the names that the schedulers use, and nothing is ever due.

/// The system's clock.
pub(crate) mod clock {
    use std::time::Instant;

    use crate::primitive::sync::Arc;

    /// A clock as its users hold it.
    pub(crate) type SharedClock = Arc<Clock>;

    /// Shows the system's time.
    pub(crate) struct Clock;

    impl Clock {
        pub(crate) fn new(_is_paused: bool) -> SharedClock {
            Arc::new(Self)
        }
        pub(crate) fn now(&self) -> Instant {
            Instant::now()
        }
        pub(crate) fn is_paused(&self) -> bool {
            false
        }
        pub(crate) fn may_auto_advance(&self) -> bool {
            false
        }
        pub(crate) fn inhibit_auto_advance(&self) {}
        pub(crate) fn allow_auto_advance(&self) -> bool {
            false
        }
        pub(crate) fn advance_to(&self, _deadline: Instant) {}
    }
}

/// No timers.
pub(crate) mod timers {
    use std::time::Instant;

    use crate::driver::Unpark;

    use super::clock::SharedClock;

    /// Timers as their users find them.
    pub(crate) type SharedTimers = &'static Timers;

    /// Nothing is ever due.
    pub(crate) struct Timers;

    /// Who asks for a timer: nobody.
    pub(crate) enum Registrar {
        Driver,
        Foreign,
    }

    /// The timers of a scheduler.
    pub(crate) struct Lease(Timers);

    impl Lease {
        pub(crate) fn new(_clock: SharedClock, _unpark: Option<std::sync::Arc<dyn Unpark>>) -> Self {
            Self(Timers)
        }
        pub(crate) fn timers(&self) -> SharedTimers {
            &Timers
        }
    }

    impl std::ops::Deref for Lease {
        type Target = Timers;

        fn deref(&self) -> &Timers {
            &self.0
        }
    }

    impl Timers {
        pub(crate) fn next_deadline(&self) -> Option<Instant> {
            None
        }
        pub(crate) fn next_wakeup(&self) -> Option<Instant> {
            None
        }
        pub(crate) fn fire(&self, _now: Instant) -> usize {
            0
        }
        pub(crate) fn start(&self) {}
        pub(crate) fn close(&self) {}
    }
}
