//! [`Ahead`]: whether the tasks that a look has woken may run before those that were queued.
//!
//! What waits for a socket or a timer is short more often than what has a queue of its own making: beside tasks that
//! compute for 100 µs between their yields, a request would wait for one turn of all of them. Where the tasks stand is the
//! schedulers' business. The invariant: of the tasks that run while others are queued, at most half were let ahead, so that
//! busy sockets do not make the others stand still.

/// How far the tasks that were let ahead reach.
#[derive(Default)]
pub(crate) struct Ahead {
    /// The tick by which all of them have run.
    until: u64,
}

impl Ahead {
    /// Whether so many tasks, woken by a look just before `tick`, go ahead of the `queued` ones. Not unless as many of
    /// these have run since the last that went ahead.
    #[inline]
    pub(crate) fn admits(&mut self, tick: u64, queued: usize, woken: usize) -> bool {
        let woken = woken as u64;
        let is_admitted = queued > 0 && woken > 0 && self.until + woken <= tick;
        if is_admitted {
            self.until = tick + woken;
        }
        is_admitted
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn no_more_go_ahead_than_others_have_run() {
        let mut ahead = Ahead::default();
        assert!(ahead.admits(100, 5, 3), "ticks 100 to 102");
        assert!(!ahead.admits(103, 5, 1), "none of the others has run");
        assert!(ahead.admits(104, 5, 1), "the one of tick 103 has");
        assert!(!ahead.admits(107, 5, 3));
        assert!(ahead.admits(108, 5, 3));
    }

    #[test]
    fn with_nobody_to_overtake_nothing_is_counted() {
        let mut ahead = Ahead::default();
        assert!(!ahead.admits(10, 0, 9));
        assert!(!ahead.admits(10, 9, 0));
        assert!(ahead.admits(10, 1, 9));
    }
}
