//! The state word of a task: flags, a count of wakes and a count of references, in one atomic.
//!
//! Not the task's memory: who may touch which field of the task is decided here and obeyed in `cell`.
//!
//! ```text
//!   63            32 31           8 7            0
//!  +----------------+--------------+--------------+
//!  |   references   |    wakes     |    flags     |
//!  +----------------+--------------+--------------+
//! ```
//!
//! A wake is one `fetch_add`; a run is one load before the poll and one `fetch_sub` after it, which takes away the
//! wakes that the run answered. Whatever is left came during the poll, so the task is polled again. Source of
//! the wake count: the executor of nexosim (Barral, 2022). tokio and async-task use a compare-exchange loop
//! for each of the three steps.
//!
//! Invariants, cited by number in `cell`, `join` and `runnable`:
//!
//! 1. While COMPLETE is clear, `wakes > 0` if and only if a `Runnable` exists or is being run; there is at most one.
//!    Its owner has the future to itself.
//! 2. One reference, the *life reference*, belongs to the task itself until it completes. It is what keeps a
//!    `Runnable` valid, which owns no reference of its own.
//! 3. COMPLETE is set once, by the owner of the `Runnable`, after the future is dropped and the output stored. No
//!    `Runnable` comes into being after that.
//! 4. JOIN_WAKER clear: the join waker's slot belongs to the `JoinHandle`. JOIN_WAKER set: it is shared and
//!    read-only, and with COMPLETE set it stays so until the task is freed.
//! 5. COMPLETE set: the output belongs to the `JoinHandle` if JOIN_INTEREST was set at that moment, else to the one
//!    that completed the task.
//! 6. The task is *bound* as soon as PENDINGS is above zero, which the first poll that stays Pending makes it: it stands in the
//!    list of its owner (`owned`), or stood there.
//!
//! | CANCELLED | COMPLETE | wakes | meaning |
//! |---|---|---|---|
//! | 0 | 0 | 0 | idle: waits for a wake |
//! | 0 | 0 | > 0 | scheduled, or running |
//! | 1 | 0 | > 0 | will be dropped instead of polled by whoever holds the `Runnable` |
//! | 1 | 0 | 0 | for an instant, between the two steps of an abort |
//! | any | 1 | any | over; exactly one of RETURNED, PANICKED or neither (cancelled) says how |

use crate::primitive::sync::atomic::{AtomicU64, Ordering};

const COMPLETE: u64 = 1 << 0;
const CANCELLED: u64 = 1 << 1;
const JOIN_INTEREST: u64 = 1 << 2;
const JOIN_WAKER: u64 = 1 << 3;
const RETURNED: u64 = 1 << 4;
const PANICKED: u64 = 1 << 5;
/// How many polls stayed Pending, up to three.
const PENDING: u64 = 1 << 6;
const PENDING_MASK: u64 = 3 << 6;

const WAKE: u64 = 1 << 8;
const WAKE_MASK: u64 = 0xff_ffff << 8;
/// With this many unanswered wakes a further one is not counted. A quarter of the field, so that it would take some
/// ten million threads in the middle of a wake to overflow it.
#[cfg(not(loom))]
const WAKE_LIMIT: u64 = WAKE << 22;
/// Small enough for a model to reach, large enough that two wakers do not.
#[cfg(loom)]
const WAKE_LIMIT: u64 = WAKE * 3;

const REFERENCE: u64 = 1 << 32;
/// Above this many references we abort, as std's `Arc` does: the count would overflow next.
const REFERENCE_LIMIT: u64 = 1 << 63;

/// A reading of the state word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Snapshot(u64);

impl Snapshot {
    pub(crate) fn is_complete(self) -> bool {
        self.0 & COMPLETE != 0
    }
    pub(crate) fn is_cancelled(self) -> bool {
        self.0 & CANCELLED != 0
    }
    pub(crate) fn has_join_waker(self) -> bool {
        self.0 & JOIN_WAKER != 0
    }
    fn wakes(self) -> u64 {
        self.0 & WAKE_MASK
    }
    fn references(self) -> u64 {
        self.0 >> 32
    }

    /// How a complete task ended.
    pub(crate) fn outcome(self) -> Outcome {
        debug_assert!(self.is_complete());
        if self.0 & RETURNED != 0 {
            Outcome::Returned
        } else if self.0 & PANICKED != 0 {
            Outcome::Panicked
        } else {
            Outcome::Cancelled
        }
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("flags", &format_args!("{:#09b}", self.0 & 0xff))
            .field("wakes", &(self.wakes() >> 8))
            .field("references", &self.references())
            .finish()
    }
}

/// How a task ended, which is also what its cell holds from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The output.
    Returned,
    /// The payload of the panic.
    Panicked,
    /// Nothing.
    Cancelled,
}

impl Outcome {
    fn bits(self) -> u64 {
        match self {
            Self::Returned => RETURNED,
            Self::Panicked => PANICKED,
            Self::Cancelled => 0,
        }
    }
}

/// What the owner of a `Runnable` shall do with it.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum StartPoll {
    /// Poll the future, then hand `Wakes` to [`State::end_pending`].
    Poll(Wakes),
    /// Drop the future.
    Cancelled,
}

/// The wakes that a poll answers, and whether the task was bound when it began.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wakes {
    seen: u64,
    pendings: u64,
}

impl Wakes {
    pub(crate) fn is_bound(&self) -> bool {
        self.pendings != 0
    }
}

/// What follows a poll that stayed Pending.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EndPending {
    /// The task waits for a wake; the `Runnable` is used up.
    Idle,
    /// A wake came during the poll; the `Runnable` goes back into a queue.
    Reschedule,
}

/// What the caller of a wake shall do.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum WakeAction {
    /// The `Runnable` came into being and is yours to schedule.
    Schedule,
    /// Nothing.
    Nothing,
    /// Yours was the last reference.
    Dealloc,
}

/// What the one that completed a task shall do for its joiner.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Completed {
    /// The life reference is already given back and a `JoinHandle` holds another: touch nothing more.
    Released,
    /// Wake the join waker.
    WakeJoiner,
    /// A `JoinHandle` exists but has stored no waker.
    JoinerWillLook,
    /// Nobody will come for the output: drop it.
    DropOutput,
}

/// What a dropped `JoinHandle` shall do.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DropHandle {
    /// All done: the reference is given back too.
    Released,
    /// The slot is yours again: drop the waker in it, then the reference.
    DropWaker,
    /// The task is complete: drop the output unless it was taken, then the reference.
    DropOutput,
}

/// See the head of this file.
pub(crate) struct State(AtomicU64);

impl State {
    /// Scheduled, with a life reference and a `JoinHandle`'s.
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new((2 * REFERENCE) | WAKE | JOIN_INTEREST))
    }

    // Ordering: Acquire, so that a reader that sees COMPLETE sees the output.
    pub(crate) fn load(&self) -> Snapshot {
        Snapshot(self.0.load(Ordering::Acquire))
    }

    /// Called by the owner of the `Runnable`, once for each time it was scheduled.
    #[inline]
    pub(crate) fn start_poll(&self) -> StartPoll {
        // Ordering: Acquire pairs with the Release in `wake_by_ref` and `wake_by_value`: the poll sees what the
        // wakers that it answers did before.
        let snapshot = Snapshot(self.0.load(Ordering::Acquire));
        debug_assert!(!snapshot.is_complete(), "invariant 3");
        if snapshot.is_cancelled() {
            return StartPoll::Cancelled;
        }
        debug_assert!(snapshot.wakes() > 0, "invariant 1");
        let mut seen = snapshot.wakes();
        if seen >= WAKE_LIMIT {
            // There may be wakes that were not counted, which this poll need not see: one is left unanswered, so that
            // another poll follows.
            seen -= WAKE;
        }
        StartPoll::Poll(Wakes { seen, pendings: snapshot.0 & PENDING_MASK })
    }

    /// After a poll that stayed Pending. The task is bound by now (invariant 6).
    #[inline]
    pub(crate) fn end_pending(&self, wakes: Wakes) -> EndPending {
        let counted = if wakes.pendings == PENDING_MASK { 0 } else { PENDING };
        let change = wakes.seen - counted;
        // Ordering: Release hands the future to whoever runs it next; Acquire as in `start_poll`.
        let previous = Snapshot(self.0.fetch_sub(change, Ordering::AcqRel));
        debug_assert!(previous.wakes() >= wakes.seen && !previous.is_complete(), "invariant 1");
        if previous.wakes() == wakes.seen { EndPending::Idle } else { EndPending::Reschedule }
    }

    /// Wakes without giving up a reference.
    #[inline]
    pub(crate) fn wake_by_ref(&self) -> WakeAction {
        // Ordering: Release pairs with the Acquire in `start_poll`. Relaxed would do for the check of COMPLETE:
        // completion is final, and a completed task needs no wake.
        let snapshot = Snapshot(self.0.load(Ordering::Relaxed));
        if snapshot.is_complete() || (snapshot.wakes() >= WAKE_LIMIT && self.is_wake_pending()) {
            return WakeAction::Nothing;
        }
        let previous = Snapshot(self.0.fetch_add(WAKE, Ordering::AcqRel));
        if previous.wakes() == 0 && !previous.is_complete() {
            WakeAction::Schedule
        } else {
            WakeAction::Nothing
        }
    }

    /// Whether so many wakes are unanswered that one more need not be counted: `start_poll` then leaves one of them
    /// unanswered, so a poll is still to come that sees what the caller did.
    #[cold]
    fn is_wake_pending(&self) -> bool {
        let mut current = self.0.load(Ordering::Relaxed);
        while Snapshot(current).wakes() >= WAKE_LIMIT {
            // Ordering: Release as for a wake that is counted. An exchange for the same value, because a load would
            // publish nothing.
            match self.0.compare_exchange_weak(current, current, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(actual) => current = actual,
            }
        }
        false
    }

    /// Wakes and gives the caller's reference up, in one step.
    #[inline]
    pub(crate) fn wake_by_value(&self) -> WakeAction {
        let snapshot = Snapshot(self.0.load(Ordering::Relaxed));
        if snapshot.wakes() >= WAKE_LIMIT || snapshot.is_complete() {
            let action = self.wake_by_ref();
            debug_assert!(action != WakeAction::Schedule || !snapshot.is_complete());
            return match (action, self.drop_reference()) {
                (WakeAction::Schedule, _) => WakeAction::Schedule,
                (_, true) => WakeAction::Dealloc,
                (_, false) => WakeAction::Nothing,
            };
        }
        // Ordering: Release pairs with `start_poll`; Acquire for the case that we deallocate.
        let previous = Snapshot(self.0.fetch_sub(REFERENCE - WAKE, Ordering::AcqRel));
        if previous.is_complete() {
            if previous.references() == 1 { WakeAction::Dealloc } else { WakeAction::Nothing }
        } else if previous.wakes() == 0 {
            // Invariant 2: the life reference keeps the task while we schedule it.
            WakeAction::Schedule
        } else {
            WakeAction::Nothing
        }
    }

    /// Asks for the task to be dropped. If the answer is `Schedule`, the caller schedules it to that end.
    pub(crate) fn cancel(&self) -> WakeAction {
        // Ordering: AcqRel; whoever sees the flag through the wake that follows sees what came before the abort.
        let previous = Snapshot(self.0.fetch_or(CANCELLED, Ordering::AcqRel));
        if previous.is_complete() || previous.is_cancelled() {
            return WakeAction::Nothing;
        }
        self.wake_by_ref()
    }

    /// Sets COMPLETE. The caller holds the `Runnable`, has dropped the future and stored the output.
    #[inline]
    pub(crate) fn complete(&self, outcome: Outcome) -> Completed {
        let current = self.0.load(Ordering::Relaxed);
        if current & (JOIN_INTEREST | JOIN_WAKER | PENDING_MASK) == JOIN_INTEREST {
            // The common case in one step: a handle exists, nobody waits yet, and there is no list to leave. The
            // handle's own reference keeps the count above zero.
            let next = (current | COMPLETE | outcome.bits()) - REFERENCE;
            // Ordering: Release publishes the output to the handle's Acquire load.
            if self.0.compare_exchange(current, next, Ordering::Release, Ordering::Relaxed).is_ok() {
                return Completed::Released;
            }
        }
        // Ordering: Release publishes the output; Acquire makes the joiner's waker visible (invariant 4).
        let previous = Snapshot(self.0.fetch_or(COMPLETE | outcome.bits(), Ordering::AcqRel));
        debug_assert!(!previous.is_complete(), "invariant 3");
        if previous.0 & JOIN_INTEREST == 0 {
            Completed::DropOutput
        } else if previous.has_join_waker() {
            Completed::WakeJoiner
        } else {
            Completed::JoinerWillLook
        }
    }

    /// Whether three polls stayed Pending, so that the task may be expected to be short once more. For the owner of
    /// the `Runnable`.
    pub(crate) fn is_seasoned(&self) -> bool {
        // Ordering: Relaxed; counted by earlier runs, which happen before this one.
        self.0.load(Ordering::Relaxed) & PENDING_MASK == PENDING_MASK
    }

    /// Whether the task was bound to a list. For the one that completed it.
    pub(crate) fn is_bound(&self) -> bool {
        // Ordering: Relaxed; the flag was set by an earlier run, which happens before this one.
        self.0.load(Ordering::Relaxed) & PENDING_MASK != 0
    }

    /// Publishes the waker that the `JoinHandle` stored. False: the task completed meanwhile, and the slot is
    /// still the handle's.
    pub(crate) fn set_join_waker(&self) -> bool {
        // Ordering: Release hands the slot over (invariant 4); Acquire shows the output if we came too late.
        let previous = Snapshot(self.0.fetch_or(JOIN_WAKER, Ordering::AcqRel));
        debug_assert!(!previous.has_join_waker());
        !previous.is_complete()
    }

    /// Takes the slot back, to replace the waker. False: the task completed meanwhile, and the slot is not the
    /// handle's any more.
    pub(crate) fn unset_join_waker(&self) -> bool {
        let mut current = self.0.load(Ordering::Acquire);
        loop {
            if current & COMPLETE != 0 {
                return false;
            }
            // Ordering: Acquire takes the slot back; on failure it shows the output.
            match self.0.compare_exchange_weak(
                current,
                current & !JOIN_WAKER,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return true,
                Err(actual) => current = actual,
            }
        }
    }

    /// The `JoinHandle` goes.
    pub(crate) fn drop_handle(&self) -> DropHandle {
        let mut current = self.0.load(Ordering::Acquire);
        loop {
            if current & COMPLETE != 0 {
                return DropHandle::DropOutput;
            }
            let has_waker = current & JOIN_WAKER != 0;
            let mut next = current & !(JOIN_INTEREST | JOIN_WAKER);
            if !has_waker {
                // Cannot be the last: the task is not complete (invariant 2).
                next -= REFERENCE;
            }
            // Ordering: AcqRel; Acquire takes the slot back, or on failure shows the output.
            match self.0.compare_exchange_weak(current, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) if has_waker => return DropHandle::DropWaker,
                Ok(_) => return DropHandle::Released,
                Err(actual) => current = actual,
            }
        }
    }

    /// One more reference.
    #[inline]
    pub(crate) fn add_reference(&self) {
        // Ordering: Relaxed, as in std's `Arc`: a new reference is made from one that is already ours.
        if self.0.fetch_add(REFERENCE, Ordering::Relaxed) >= REFERENCE_LIMIT {
            // More than two thousand million wakers were leaked; going on would free a task in use.
            std::process::abort();
        }
    }

    /// One reference less. True: it was the last, and the caller frees the task.
    #[inline]
    #[must_use]
    pub(crate) fn drop_reference(&self) -> bool {
        // Ordering: as in std's `Arc`: Release before, Acquire for the one that frees.
        Snapshot(self.0.fetch_sub(REFERENCE, Ordering::AcqRel)).references() == 1
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.load().fmt(f)
    }
}
