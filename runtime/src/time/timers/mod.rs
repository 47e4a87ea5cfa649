//! [`Timers`]: a wheel of wakers that one thread drives and any thread may use.
//!
//! Not a thread, and it reads no clock but to say when it began: a worker, the reactor's thread or the `mini-timer`
//! thread asks [`Timers::next_deadline`], sleeps, and calls [`Timers::fire`]. A lock around each wheel rather than
//! one wheel for all: its owner takes it without contention, and others can still cancel, or fire the timers of an
//! owner that is stuck.
//!
//! Invariants:
//!
//! 1. No foreign code runs under the lock: wakers are cloned before it is taken, and woken or dropped after it is
//!    released.
//! 2. `earliest` is written under the lock alone and is never later than the earliest deadline in the wheel.
//! 3. After `is_closed` is set no waker enters the wheel, and every waker that was in it is woken.
//! 4. `fired_until` is written under the lock alone and never falls during a lease. A timer that was registered with a
//!    deadline after it is out of the wheel once `fired_until` has reached that deadline.
//! 5. A timer without a deadline (see [`Timers::register_after`]) gets one from a reading of the clock that is taken
//!    under the lock, and so after the timer was registered: it is never early. While there is one, `earliest` is 0.
//!
//! How a thread that sleeps until `earliest` learns of an earlier timer (both sides are in `model.rs`):
//!
//! | the thread that registers | the thread that is about to sleep |
//! |---|---|
//! | stores the lower `earliest` | says that it is about to sleep |
//! | `fence(SeqCst)` | `fence(SeqCst)` |
//! | calls [`Unpark::unpark`], which may look whether anybody sleeps | reads `earliest`, sleeps no longer than it says |
//!
//! One of the two fences comes first, and the side of the other sees what the first wrote: either the sleeper reads
//! the new deadline, or the registering thread sees a sleeper and unparks it.

mod entry;
mod global;
mod lease;

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;

use std::fmt;
use std::task::Waker;
use std::time::{Duration, Instant};

use crate::driver::Unpark;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use crate::primitive::sync::{Arc, Mutex};
use crate::time::clock::{self, Clock};
use crate::time::wheel::{Key, UNSTARTED, Wheel};
use crate::util::WakeBatch;

pub(crate) use entry::TimerEntry;
#[allow(unused_imports)] // Without a scheduler nobody leases.
pub(crate) use lease::Lease;

/// `earliest` when the wheel is empty.
const NO_DEADLINE: u64 = u64::MAX;

/// How long after timers have fired a driver sleeps at least, if it sleeps for timers. To sleep and to come back costs as
/// much as to fire a dozen of them: 100,000 sleeps within a second cost two thirds of what they did without it. At
/// 100 µs each woke its worker 0.22 times and was 70 µs late in the middle, at this 0.16 times and 95 µs.
const GATHERING: Duration = Duration::from_micros(150);

/// Timers as their users find them: never freed, so that a sleep need not count them (see [`Lease`]).
pub(crate) type SharedTimers = &'static Timers;

/// The timers of one worker, or of all who sleep outside any runtime.
pub(crate) struct Timers {
    /// Whose they are. Written between two leases, locked to be read by threads that do not drive these timers.
    tenant: Mutex<Tenant>,
    /// The wheel's instant 0. Its unit is the nanosecond, so it reaches 584 years further.
    origin: Instant,
    /// A lower bound of the deadlines in the wheel (invariant 2), or [`NO_DEADLINE`]. Read without the lock.
    earliest: AtomicU64,
    /// The timer that `earliest` stood for was cancelled, so that a better bound may be had. Written under the lock.
    is_estimate: AtomicBool,
    /// The instant up to which all was fired (invariant 4). Read without the lock.
    fired_until: AtomicU64,
    /// When timers fired last. A hint, for `next_wakeup` alone.
    last_fired: AtomicU64,
    /// The first generation of the lease under way: an earlier key's timer was closed. Written under the lock.
    first_generation: AtomicU64,
    state: Mutex<State>,
}

struct State {
    wheel: Wheel<Waker>,
    is_closed: bool,
}

/// Whom timers serve.
struct Tenant {
    /// By which the deadlines of these timers are meant.
    clock: Arc<Clock>,
    /// Ends the sleep of the thread that drives these timers.
    unpark: Option<std::sync::Arc<dyn Unpark>>,
}

/// Who asks for a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registrar {
    /// The thread that drives these timers. It looks at `earliest` itself before it sleeps.
    Driver,
    /// Any other thread.
    Foreign,
}

/// What has become of a registered timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a timer that is gone wakes nobody"]
pub(crate) enum TimerState {
    /// It will wake its waker.
    Waiting,
    /// Its deadline has come, and its waker was woken.
    Fired,
    /// Its `Timers` were closed, and its waker was woken.
    Closed,
}

/// These timers take no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Closed;

impl Timers {
    /// Timers by `clock`, with none waiting. `unpark` is called, outside the lock, whenever a deadline comes in
    /// that is earlier than what [`next_deadline`](Self::next_deadline) said before.
    pub(crate) fn new(clock: Arc<Clock>, unpark: Option<std::sync::Arc<dyn Unpark>>) -> Self {
        let origin = clock.now();
        Self {
            tenant: Mutex::new(Tenant { clock, unpark }),
            origin,
            earliest: AtomicU64::new(NO_DEADLINE),
            is_estimate: AtomicBool::new(false),
            fired_until: AtomicU64::new(0),
            last_fired: AtomicU64::new(0),
            first_generation: AtomicU64::new(0),
            state: Mutex::new(State { wheel: Wheel::new(), is_closed: false }),
        }
    }

    /// As [`new`](Self::new), never freed.
    fn leaked(clock: Arc<Clock>, unpark: Option<std::sync::Arc<dyn Unpark>>) -> &'static Self {
        Box::leak(Box::new(Self::new(clock, unpark)))
    }

    /// The present, by the clock of these timers.
    pub(crate) fn now(&self) -> Instant {
        self.tenant.lock().clock.now()
    }

    /// When [`fire`](Self::fire) should be called next; `None` if nothing is waiting.
    ///
    /// Never later than the earliest deadline, and not earlier but for cancelled timers, and timers that have not
    /// [started](Self::start), for which it is some instant that has come. Does not wait for the lock.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        // Ordering: Relaxed. A stale `true` costs a look, a stale `false` leaves a bound that is low but right.
        if self.is_estimate.load(Ordering::Relaxed) {
            if let Some(state) = self.state.try_lock() {
                self.publish(&state);
            }
        }
        // Ordering: Relaxed. Who is about to sleep has a fence before this load; see the table above.
        match self.earliest.load(Ordering::Relaxed) {
            NO_DEADLINE => None,
            nanoseconds => Some(self.instant(nanoseconds)),
        }
    }

    /// How long a driver should sleep: until [`next_deadline`](Self::next_deadline), but no sooner than [`GATHERING`] after
    /// timers fired last, so that dense ones fire together.
    pub(crate) fn next_wakeup(&self) -> Option<Instant> {
        let deadline = self.next_deadline()?;
        // Ordering: Relaxed; a stale value costs a wakeup more.
        match self.last_fired.load(Ordering::Relaxed) {
            0 => Some(deadline),
            last_fired => Some(deadline.max(self.instant(last_fired.saturating_add(nanoseconds(GATHERING))))),
        }
    }

    /// Wakes every timer whose deadline is `now` or before, and returns how many they were.
    ///
    /// At most 32 at a time are taken under the lock and woken outside it. Any thread may call it at any time.
    pub(crate) fn fire(&self, now: Instant) -> usize {
        let now = self.nanoseconds(now);
        // Ordering: Relaxed. Whoever brings an earlier deadline unparks the thread that calls this.
        if now < self.earliest.load(Ordering::Relaxed) {
            return 0;
        }
        let fired = self.wake_until(now, |state, is_drained| {
            if is_drained {
                self.publish(state);
                // Ordering: Release pairs with the Acquire in `has_fired`, which then sees whose lease this is. Relaxed for
                // the load: every store is made under the lock. Two fires may come here in the other order.
                let fired_until = now.max(self.fired_until.load(Ordering::Relaxed));
                self.fired_until.store(fired_until, Ordering::Release);
            }
        });
        if fired > 0 {
            // Ordering: Relaxed; a hint.
            self.last_fired.store(now, Ordering::Relaxed);
        }
        fired
    }

    /// Whether the timer of that key, which was registered with this deadline and not reset, has fired: false if it has
    /// not, or if it is not known without the lock.
    ///
    /// False just after it was registered: true at any later time (invariant 4).
    #[inline]
    pub(crate) fn has_fired(&self, key: Key, deadline: Instant) -> bool {
        // Ordering: Acquire pairs with the Release in `fire`; if that belongs to a later lease than the key, the load of
        // `first_generation` that follows says so.
        self.nanoseconds(deadline) <= self.fired_until.load(Ordering::Acquire)
            && key.generation() >= self.first_generation.load(Ordering::Relaxed)
    }

    /// Gives every timer that has none its deadline. For a driver that is about to sleep: `fire` does it too.
    pub(crate) fn start(&self) {
        // Ordering: Relaxed; the driver registered them itself, or has the wheel from whoever did.
        if self.earliest.load(Ordering::Relaxed) == 0 {
            let mut state = self.state.lock();
            self.start_in(&mut state);
            self.publish(&state);
        }
    }

    /// Wakes all that wait and takes no more. A [`Sleep`](crate::time::Sleep) that was waiting here registers anew
    /// in whatever context polls it next.
    #[allow(dead_code)] // Called by the schedulers.
    pub(crate) fn close(&self) {
        // The end of all time: the wheel is of no use afterwards, and none is needed.
        self.wake_until(u64::MAX, |state, is_drained| {
            state.is_closed = true;
            if is_drained {
                self.publish(state);
            }
        });
    }

    /// Adds a timer that wakes `waker` at `deadline`; one that has passed is woken by the next `fire`.
    pub(crate) fn register(&self, deadline: Instant, waker: &Waker) -> Result<Key, Closed> {
        self.register_as(Registrar::Foreign, deadline, waker)
    }

    /// As [`register`](Self::register), which need not be announced if the driver itself asks.
    pub(crate) fn register_as(
        &self,
        registrar: Registrar,
        deadline: Instant,
        waker: &Waker,
    ) -> Result<Key, Closed> {
        let deadline = self.nanoseconds(deadline);
        // Declared before the guard, so that a refused waker is dropped after the lock is released.
        let waker = waker.clone();
        let mut state = self.state.lock();
        if state.is_closed {
            return Err(Closed);
        }
        let key = state.wheel.insert(deadline, waker);
        let is_earlier = self.lower_earliest(deadline);
        drop(state);
        if is_earlier && registrar == Registrar::Foreign {
            self.announce();
        }
        Ok(key)
    }

    /// Adds a timer that wakes `waker` when `duration` has passed since the next time its driver looks at the clock,
    /// which is within some 50 µs, and before it sleeps. For the driver alone.
    ///
    /// Most timers are cancelled before: they cost no reading of the clock, which is half of what the others cost.
    pub(crate) fn register_after(&self, duration: Duration, waker: &Waker) -> Result<Key, Closed> {
        let duration = nanoseconds(duration);
        // Declared before the guard, as in `register`.
        let waker = waker.clone();
        let mut state = self.state.lock();
        if state.is_closed {
            return Err(Closed);
        }
        let key = state.wheel.insert_unstarted(duration, waker);
        // Ordering: Relaxed, as in `lower_earliest`. The caller is the one who reads it before a sleep.
        if self.earliest.load(Ordering::Relaxed) != 0 {
            self.earliest.store(0, Ordering::Relaxed);
        }
        Ok(key)
    }

    /// Makes the timer wake `waker` from now on.
    pub(crate) fn update_waker(&self, key: Key, waker: &Waker) -> TimerState {
        let mut state = self.state.lock();
        match state.wheel.get_mut(key) {
            Some(current) if current.will_wake(waker) => return TimerState::Waiting,
            Some(_) => {}
            None => return self.whereabouts(&state, key),
        }
        drop(state);
        // The clone is foreign code, so the lock was released for it; the timer may have fired meanwhile.
        let mut waker = waker.clone();
        let mut state = self.state.lock();
        let whereabouts = match state.wheel.get_mut(key) {
            Some(current) => {
                std::mem::swap(current, &mut waker);
                TimerState::Waiting
            }
            None => self.whereabouts(&state, key),
        };
        drop(state);
        drop(waker);
        whereabouts
    }

    /// Gives the timer another deadline.
    pub(crate) fn reset(&self, key: Key, deadline: Instant) -> TimerState {
        let deadline = self.nanoseconds(deadline);
        let mut state = self.state.lock();
        let Some(former) = state.wheel.reset(key, deadline) else { return self.whereabouts(&state, key) };
        self.note_removal(former, &state);
        let is_earlier = self.lower_earliest(deadline);
        drop(state);
        if is_earlier {
            self.announce();
        }
        TimerState::Waiting
    }

    /// Takes the timer out, if it has not fired. Its waker will not be woken by a `fire` that begins afterwards;
    /// one under way may have taken it already.
    pub(crate) fn cancel(&self, key: Key) {
        let mut state = self.state.lock();
        let Some((deadline, waker)) = state.wheel.remove(key) else { return };
        self.note_removal(deadline, &state);
        drop(state);
        drop(waker);
    }

    /// Takes wakers that are due at `now` out in batches and wakes them. `under_lock` is called once for each time
    /// the lock is held, and told whether nothing is left.
    fn wake_until(&self, now: u64, mut under_lock: impl FnMut(&mut State, bool)) -> usize {
        let mut batch = WakeBatch::new();
        let mut count = 0;
        let mut is_drained = false;
        while !is_drained {
            let mut state = self.state.lock();
            self.start_in(&mut state);
            while batch.can_push() && !is_drained {
                match state.wheel.pop_expired(now) {
                    Some(waker) => {
                        batch.push(waker);
                        count += 1;
                    }
                    None => is_drained = true,
                }
            }
            under_lock(&mut state, is_drained);
            drop(state);
            batch.wake_all();
        }
        count
    }

    /// See [`start`](Self::start).
    fn start_in(&self, state: &mut State) {
        if state.wheel.has_unstarted() {
            // Invariant 5. A driver's context has the clock of its timers, and who fires for a stalled one has the
            // system's, as it has.
            state.wheel.start(self.nanoseconds(clock::now()));
        }
    }

    /// Publishes what the wheel says. The caller holds the lock.
    fn publish(&self, state: &State) {
        let earliest = match state.wheel.has_unstarted() {
            true => 0,
            false => state.wheel.next_deadline().unwrap_or(NO_DEADLINE),
        };
        // Ordering: Relaxed, both; see `next_deadline`. A bound that rises need not be seen soon.
        self.earliest.store(earliest, Ordering::Relaxed);
        self.is_estimate.store(false, Ordering::Relaxed);
    }

    /// A deadline has come in; whether it is the earliest now. The caller holds the lock.
    #[must_use = "the sleeper must learn of it"]
    fn lower_earliest(&self, deadline: u64) -> bool {
        // Ordering: Relaxed; every store is made under the lock that the caller holds.
        let is_earlier = deadline < self.earliest.load(Ordering::Relaxed);
        if is_earlier {
            // Ordering: Relaxed; the fence in `announce` follows.
            self.earliest.store(deadline, Ordering::Relaxed);
            self.is_estimate.store(false, Ordering::Relaxed);
        }
        is_earlier
    }

    /// A deadline has gone. The caller holds the lock.
    ///
    /// It is not worked out what is the earliest now: the next timer would often lower it again, and have to
    /// announce it. Whoever is about to sleep asks for it.
    fn note_removal(&self, deadline: u64, state: &State) {
        let is_bound = match deadline {
            UNSTARTED => !state.wheel.has_unstarted(),
            // Ordering: Relaxed, as in `lower_earliest` and `next_deadline`.
            deadline => deadline == self.earliest.load(Ordering::Relaxed),
        };
        if is_bound {
            self.is_estimate.store(true, Ordering::Relaxed);
        }
    }

    /// Tells the thread that drives these timers that `earliest` is lower now. Call it without the lock.
    #[cold]
    fn announce(&self) {
        let unpark = self.tenant.lock().unpark.clone();
        if let Some(unpark) = unpark {
            // Ordering: pairs with the fence of whoever is about to sleep; see the table above.
            fence(Ordering::SeqCst);
            unpark.unpark();
        }
    }

    /// What has become of a timer that is not in the wheel.
    fn whereabouts(&self, state: &State, key: Key) -> TimerState {
        // Ordering: Relaxed; written under the lock that the caller holds.
        let is_of_former_lease = key.generation() < self.first_generation.load(Ordering::Relaxed);
        if state.is_closed || is_of_former_lease { TimerState::Closed } else { TimerState::Fired }
    }

    /// The wheel's number for `instant`: 0 for what was before `origin`, the last but one for what is too far.
    fn nanoseconds(&self, instant: Instant) -> u64 {
        nanoseconds(instant.saturating_duration_since(self.origin)).min(NO_DEADLINE - 1)
    }

    /// The inverse of `nanoseconds`.
    fn instant(&self, nanoseconds: u64) -> Instant {
        crate::time::clock::saturating_add(self.origin, Duration::from_nanos(nanoseconds))
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(u64::from(duration.subsec_nanos()))
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers").field("next_deadline", &self.next_deadline()).finish_non_exhaustive()
    }
}
