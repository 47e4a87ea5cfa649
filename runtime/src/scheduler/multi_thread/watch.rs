//! The reactor thread: it owns the duty to poll, and watches that no worker's state keeps others waiting.
//!
//! Not the usual poller: an idle worker borrows the seat and sleeps in the driver itself, which spares a lone
//! request two thread switches. Correctness rests on this thread alone; with the borrowing taken out, all still works.
//!
//! It naps, 1 ms at first and up to 10 ms while all is well, and at each look:
//!
//! - polls the driver, if nobody has since the last look: then the nap takes place in the driver;
//! - fires the timers of stalled workers, and unparks a worker to take over what is queued behind them;
//! - fires the timers that belong to no worker.
//!
//! It sleeps without limit (an idle process makes no syscalls) only when all workers are parked, one of them or itself
//! in the driver; how a worker that wakes ends that sleep is written at `deep_sleep`.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use crate::driver::Unpark;
use crate::driver::seat::{Seat, Sleeper};
use crate::time::clock::SharedClock;
use crate::time::timers::{Lease, SharedTimers};

use super::Shared;
use super::deep_sleep::DeepSleep;
use super::idle::GUEST;
use super::search::Observed;
use crate::scheduler::PACE;
use crate::scheduler::worker_parker::WorkerParker;

const NAP_MIN: Duration = Duration::from_millis(1).saturating_mul(PACE);
const NAP_MAX: Duration = Duration::from_millis(10).saturating_mul(PACE);

/// What the reactor thread shares with the workers.
pub(crate) struct Watch {
    parker: WorkerParker,
    deep_sleep: DeepSleep,
    /// Sleeps that were first polled outside the workers.
    timers: Lease,
}

impl Watch {
    pub(super) fn new(shared: Weak<Shared>, clock: SharedClock) -> Self {
        Self {
            parker: WorkerParker::new(),
            deep_sleep: DeepSleep::new(),
            timers: Lease::new(clock, Some(Arc::new(UnparkWatch(shared)))),
        }
    }

    pub(super) fn timers(&self) -> SharedTimers {
        self.timers.timers()
    }

    /// Step 3 of a worker that leaves its sleep. The fence comes before.
    #[inline]
    pub(super) fn rouse(&self, seat: Option<&Seat>) {
        if self.deep_sleep.rouse() {
            self.parker.unpark(seat);
        }
    }

    /// Ends any sleep or nap.
    pub(super) fn rouse_to_leave(&self, seat: Option<&Seat>) {
        self.parker.unpark(seat);
    }
}

/// Ends the reactor thread's sleep when a timer outside the workers became the earliest.
struct UnparkWatch(Weak<Shared>);

impl Unpark for UnparkWatch {
    fn unpark(&self) {
        if let Some(shared) = self.0.upgrade() {
            shared.watch.parker.unpark(shared.seat.as_ref());
        }
    }
}

/// The reactor thread's own state.
pub(super) struct Watcher {
    shared: Arc<Shared>,
    nap: Duration,
    /// The seat's count of turns at the last look.
    turns: u64,
    /// Whether the last nap took place in the driver: the next does not, so that workers come to the seat.
    was_in_driver: bool,
    /// Whether the last sleep was shorter than a nap: that nobody has polled meanwhile then says little.
    was_short: bool,
    observed: Vec<Observed>,
}

impl Watcher {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let observed = vec![Observed::default(); shared.peers.len()];
        Self { shared, nap: NAP_MIN, turns: 0, was_in_driver: false, was_short: false, observed }
    }

    /// Watches until the scheduler closes.
    pub(super) fn run(mut self) {
        while !self.shared.is_closed() {
            let now = Instant::now();
            self.fire_unowned(now);
            let has_relieved = self.relieve_stalled(now);
            let was_deep = self.sleep();
            self.nap = if has_relieved || was_deep { NAP_MIN } else { (self.nap * 2).min(NAP_MAX) };
        }
    }

    /// Fires the timers that no worker looks after.
    fn fire_unowned(&self, now: Instant) {
        self.shared.watch.timers.fire(now);
        if !self.shared.idle.is_guest_present() {
            self.shared.peers[GUEST].timers.fire(now);
        }
    }

    /// Sees to what waits behind workers that are in one poll for too long. True if there was anything.
    fn relieve_stalled(&mut self, now: Instant) -> bool {
        let shared = &*self.shared;
        let is_guest_present = shared.idle.is_guest_present();
        let (mut is_any_stalled, mut has_fired) = (false, false);
        for (peer, observed) in shared.peers.iter().zip(&mut self.observed) {
            if (peer.index == GUEST && !is_guest_present) || !observed.update(shared, peer, now) {
                continue;
            }
            is_any_stalled = true;
            has_fired |= peer.timers.fire(now) > 0;
        }
        let has_work = !shared.injector.is_empty() || shared.peers.iter().any(|peer| peer.has_queued());
        if !(is_any_stalled && has_work) {
            return has_fired;
        }
        if let Some(index) = shared.idle.claim(shared.in_driver()) {
            shared.unpark(index);
        }
        true
    }

    /// Naps, or sleeps until roused: true for the latter.
    fn sleep(&mut self) -> bool {
        let shared = Arc::clone(&self.shared);
        let (seat, watch) = (shared.seat.as_ref(), &shared.watch);
        let turns = seat.map_or(0, Seat::turns);
        let is_worker_in_driver = seat.is_some_and(|seat| seat.sleeper() == Some(Sleeper::Worker));
        let is_unchanged = std::mem::replace(&mut self.turns, turns) == turns;
        let mut occupant = match seat {
            Some(seat) if is_unchanged && !is_worker_in_driver && !self.was_in_driver => seat.try_take(),
            _ => None,
        };
        let may_sleep_deep = occupant.is_some() || seat.is_none() || (is_worker_in_driver && is_unchanged);
        // A worker that wakes every millisecond would end each sleep without limit by a futex call.
        let is_deep = may_sleep_deep && !self.was_short && self.announce_deep_sleep();

        let now = Instant::now();
        let deadline = self.next_deadline().map(|deadline| deadline.saturating_duration_since(now));
        let limit = if is_deep { None } else { Some(self.nap) };
        let timeout = match (deadline, limit) {
            (Some(deadline), Some(limit)) => Some(deadline.min(limit)),
            (deadline, limit) => deadline.or(limit),
        };
        self.was_in_driver = occupant.is_some();
        match &mut occupant {
            _ if timeout == Some(Duration::ZERO) || shared.is_closed() => {}
            Some(occupant) => watch.parker.park_in_driver(occupant, Sleeper::Watcher, timeout),
            None => watch.parker.park(timeout),
        }
        drop(occupant);
        if self.was_in_driver {
            self.turns = seat.map_or(0, Seat::turns);
        }
        watch.deep_sleep.end();
        self.was_short = now.elapsed() < self.nap;
        is_deep
    }

    fn announce_deep_sleep(&self) -> bool {
        let idle = &self.shared.idle;
        self.shared.watch.deep_sleep.announce(|| {
            let absent = (!idle.is_guest_present()).then_some(GUEST);
            idle.are_all_parked(absent) && !self.shared.is_closed()
        })
    }

    /// The first of the timers that no worker looks after.
    fn next_deadline(&self) -> Option<Instant> {
        let outside = self.shared.watch.timers.next_deadline();
        let guest = match self.shared.idle.is_guest_present() {
            true => None,
            false => self.shared.peers[GUEST].timers.next_deadline(),
        };
        match (outside, guest) {
            (Some(outside), Some(guest)) => Some(outside.min(guest)),
            (outside, guest) => outside.or(guest),
        }
    }
}
