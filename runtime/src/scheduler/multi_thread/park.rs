//! How a worker that found nothing goes to sleep, and comes back.
//!
//! Not the sleep (`parker`) nor the argument that no wake is lost (`idle`); this is the order of steps.

use std::time::{Duration, Instant};

use crate::driver::seat::Sleeper;
use crate::primitive::sync::atomic::{Ordering, fence};
use crate::scheduler::{Hook, Hooks};

use super::idle::GUEST;
use super::worker::{Worker, without_current};

impl Worker {
    /// Sleeps until there may be something to do.
    pub(super) fn park(&self) {
        let shared = &self.shared;
        let Some(was_searching) = self.with_core(|core| std::mem::take(&mut core.is_searching)) else {
            return;
        };
        shared.idle.publish_parked(self.index, was_searching);
        let is_work_seen = self.index != GUEST && self.is_work_visible();
        let mut woken_at = None;
        if !(is_work_seen || self.is_called()) {
            Self::call_hook(&shared.hooks.on_thread_park);
            woken_at = self.sleep();
            Self::call_hook(&shared.hooks.on_thread_unpark);
        }
        let is_claimed = !shared.idle.retract_parked(self.index);
        if is_work_seen && !is_claimed {
            // Also if half of the workers search already: they have not found it, and we saw it.
            shared.idle.start_searching();
        }
        // Invariant 3 of the scheduler.
        fence(Ordering::SeqCst);
        shared.watch.rouse(shared.seat.as_ref());
        let timers = &self.peer().timers;
        // Nothing to do but to look at the clock, if there are no timers.
        if timers.next_deadline().is_some() {
            self.with_core(|core| core.is_collecting = true);
            timers.fire(woken_at.unwrap_or_else(Self::now));
        }
        let has_surplus = self.with_core(|core| {
            // Whoever claims a worker has counted it as searching.
            core.is_searching = is_claimed || is_work_seen;
            core.is_collecting = false;
            core.look.restart(core.tick);
            self.peer().publish_grain(false);
            core.queue.len() > 1
        });
        if has_surplus == Some(true) {
            shared.unpark_one();
        }
    }

    /// What a hook spawns goes to the injector, like a push from any thread: on this worker's own queue nobody would
    /// look for it while we sleep.
    fn call_hook(hook: &Option<Hook>) {
        if hook.is_some() {
            without_current(|| Hooks::call(hook));
        }
    }

    /// Whether this worker in particular has something to do. Not that the scheduler closes: of that it hears by the
    /// permit that `close` gives each worker after it has set the flag, and that only a sleep takes.
    fn is_called(&self) -> bool {
        self.index == GUEST && self.shared.main_woken.is_woken()
    }

    /// Returns the time at which it woke, unless there was no time to sleep.
    fn sleep(&self) -> Option<Instant> {
        let peer = self.peer();
        peer.timers.start();
        let now = Self::now();
        let timeout = match peer.timers.next_wakeup() {
            None => None,
            Some(deadline) => match deadline.checked_duration_since(now) {
                Some(timeout) if timeout > Duration::ZERO => Some(timeout),
                _ => return None,
            },
        };
        self.busy.park(&peer.counts, now);
        let seat = self.shared.seat.as_ref().filter(|_| self.index != GUEST);
        match seat.and_then(|seat| seat.try_take()) {
            Some(mut occupant) => {
                // What the turn wakes is collected; a peer is unparked for it by `park`, when we are no longer to be
                // had for that ourselves.
                self.with_core(|core| core.is_collecting = true);
                peer.parker.park_in_driver(&mut occupant, Sleeper::Worker, timeout);
            }
            None => peer.parker.park(timeout),
        }
        let now = Self::now();
        self.busy.unpark(&peer.counts, now);
        Some(now)
    }
}
