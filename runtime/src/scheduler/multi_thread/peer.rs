//! The part of a worker that others may touch: [`Peer`].
//!
//! Not the worker itself (`worker`), whose own state nobody else sees. A peer is also what a task calls home: the
//! peer of the worker that bound it.

use std::ptr::NonNull;
use std::sync::Weak;

use crate::driver::Unpark;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use crate::queue::{LifoSlot, Stealer};
use crate::task::{OwnedTasks, Runnable, Schedule};
use crate::time::timers::Lease;

use super::Shared;
use super::worker;
use crate::scheduler::counts::Counts;
use crate::scheduler::worker_parker::WorkerParker;

/// See the head of this file.
pub(crate) struct Peer {
    pub(super) index: usize,
    /// The scheduler that this is a part of.
    pub(super) shared: Weak<Shared>,
    /// The other end of the worker's queue.
    pub(super) stealer: Stealer<Runnable<Peer>>,
    /// Filled by the worker; emptied by it, or by others once it is stalled.
    pub(super) lifo_slot: LifoSlot<Runnable<Peer>>,
    /// The worker's sleep.
    pub(super) parker: WorkerParker,
    /// The sleeps that were first polled on this worker. Fired by it, or by others once they are overdue.
    pub(super) timers: Lease,
    /// The tasks that were first polled on this worker and stayed Pending.
    pub(super) owned: OwnedTasks,
    /// Counts the worker's polls. Written by it alone; read by whoever looks for stalls.
    pub(super) tick: AtomicU64,
    /// Written by the worker alone, like `tick`, beside which it lies.
    pub(super) counts: Counts,
    /// The tick at which somebody found the worker stalled; it is so as long as `tick` has the same value.
    pub(super) stalled_tick: AtomicU64,
    /// Whether the worker's tasks are too short to be worth stealing; see `search`. Written by it, read by thieves.
    pub(super) is_fine_grained: AtomicBool,
    /// Whether a busy worker has asked this one to take some of its short tasks all the same. Set by that one, cleared by
    /// the worker when it has.
    pub(super) is_invited: AtomicBool,
}

impl Peer {
    /// Whether the worker was found in one poll for too long, and still is.
    pub(super) fn is_stalled(&self) -> bool {
        // Ordering: Relaxed; a hint, which costs a task its warm place at worst.
        self.stalled_tick.load(Ordering::Relaxed) == self.tick.load(Ordering::Relaxed)
    }

    /// Tells thieves whether the worker's tasks are short. For the worker.
    #[inline]
    pub(super) fn publish_grain(&self, is_fine_grained: bool) {
        // Ordering: Relaxed; see `keeps_its_tasks`. Read first, as it seldom changes.
        if self.is_fine_grained.load(Ordering::Relaxed) != is_fine_grained {
            self.is_fine_grained.store(is_fine_grained, Ordering::Relaxed);
        }
    }

    /// Whether a thief should leave this worker's queue alone; a hint.
    #[inline]
    pub(super) fn keeps_its_tasks(&self) -> bool {
        // Ordering: Relaxed; a stale answer costs a late or a needless move of tasks.
        self.is_fine_grained.load(Ordering::Relaxed) && !self.is_stalled()
    }

    /// Whether there is anything to take from this worker.
    pub(super) fn has_queued(&self) -> bool {
        !self.stealer.is_empty() || !self.lifo_slot.is_empty()
    }
}

// SAFETY: peers live in `Shared`, which every worker holds, and the last worker to leave goes only when all owned
// lists are empty (`shutdown`), so a bound task's peer outlives it. `schedule` counts the scheduler before it queues.
unsafe impl Schedule for Peer {
    unsafe fn schedule(home: NonNull<Self>, runnable: Runnable<Self>) {
        // SAFETY: the peer is alive while we have the runnable; this reference is not used after that.
        let shared = unsafe { &home.as_ref().shared };
        let Some(runnable) = worker::schedule_here(shared.as_ptr(), runnable) else { return };
        match shared.upgrade() {
            Some(shared) => shared.push_remote(runnable),
            // The last worker has left: there is nobody to run it.
            None => runnable.cancel(),
        }
    }

    fn reschedule(&self, runnable: Runnable<Self>) {
        let Some(runnable) = worker::reschedule_here(self.shared.as_ptr(), runnable) else { return };
        match self.shared.upgrade() {
            Some(shared) => shared.push_remote(runnable),
            None => runnable.cancel(),
        }
    }

    fn owned(&self) -> &OwnedTasks {
        &self.owned
    }
}

/// Ends a worker's sleep when another thread gave one of its timers an earlier deadline: a sleep that moved with its
/// task, and was reset there.
pub(super) struct UnparkPeer {
    shared: Weak<Shared>,
    index: usize,
}

impl UnparkPeer {
    pub(super) fn new(shared: Weak<Shared>, index: usize) -> Self {
        Self { shared, index }
    }
}

impl Unpark for UnparkPeer {
    fn unpark(&self) {
        if worker::is_current(self.shared.as_ptr(), self.index) {
            return;
        }
        let Some(shared) = self.shared.upgrade() else { return };
        // The fence in `Timers` and the one in `Idle::publish_parked`: a worker whose bit we do not see reads the
        // deadline before it sleeps.
        if shared.idle.is_parked(self.index) {
            shared.unpark(self.index);
        } else if self.index == super::idle::GUEST && !shared.idle.is_guest_present() {
            shared.watch.rouse_to_leave(shared.seat.as_ref());
        }
    }
}

impl std::fmt::Debug for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Peer")
            .field("index", &self.index)
            .field("queued", &self.stealer.len())
            .field("owned", &self.owned.len())
            .finish_non_exhaustive()
    }
}
