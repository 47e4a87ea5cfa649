//! What a busy worker does about every 50 µs between tasks: [`Worker::look`].
//!
//! Not when: that is `LookTimer`'s. Beside its own timers, the driver and the injector, a worker looks after what is
//! stranded behind a stalled peer.

use std::time::{Duration, Instant};

use super::worker::Worker;
use crate::scheduler::PACE;

/// How long a worker whose only task yields waits for the reactor thread to end its turn. It takes a thread switch, and
/// comes to that only if no worker has polled for a while.
const HURRY: Duration = Duration::from_millis(1).saturating_mul(PACE);

/// How many tasks a busy worker takes from the queue of a stalled one at a look.
const RELIEVED_MAX: usize = 32;

impl Worker {
    /// Reads the clock, and if it is time serves timers, the driver, the injector and stalled peers.
    #[cold]
    pub(super) fn look(&self) {
        let now = Self::now();
        let is_asked_for = self.with_core(|core| core.look.is_asked_for()) == Some(true);
        if self.with_core(|core| core.look.read(core.tick, now)) != Some(true) {
            return;
        }
        self.collect_ahead(|| {
            self.peer().timers.fire(now);
            let Some(seat) = &self.shared.seat else { return };
            match seat.try_take() {
                Some(mut occupant) => occupant.look(),
                None if is_asked_for => seat.hurry_watcher(HURRY),
                None => {}
            }
        });
        self.relieve_stalled(now);
        self.take_turns();
        self.share(now);
    }

    /// Our queue may never run dry: one task and one batch from the injector join its end, unless we came there by
    /// ourselves, and so does one batch that overflowed.
    fn take_turns(&self) {
        let injector = &self.shared.injector;
        self.with_core(|core| {
            if !std::mem::take(&mut core.has_taken_injected) && !injector.is_empty() {
                let (single, batch) = (injector.pop(), injector.pop_batch());
                for runnable in single.into_iter().chain(batch.into_iter().flatten()) {
                    core.queue.push_back(runnable);
                }
            }
            core.queue.rotate();
        });
    }

    /// Unparks a peer if there is more than we run at once; seldom, if the tasks are short.
    fn share(&self, now: Instant) {
        let peer = self.peer();
        let is_fine_grained = self.with_core(|core| {
            let is_fine_grained = core.look.is_fine_grained();
            peer.publish_grain(is_fine_grained);
            let is_due = core.queue.len() > 1 && (!is_fine_grained || core.look.is_share_due(now));
            is_due.then_some(is_fine_grained)
        });
        match is_fine_grained.flatten() {
            Some(true) => self.shared.invite_one(),
            Some(false) => self.shared.unpark_one(),
            None => {}
        }
    }

    /// Takes over what is stranded behind a peer that is in one poll for too long: the timers that are due, the task in
    /// its LIFO slot, some of its queue and a batch that overflowed, which otherwise only workers without work of their
    /// own would take.
    fn relieve_stalled(&self, now: Instant) {
        for peer in &self.shared.peers {
            if peer.index == self.index {
                continue;
            }
            let is_stalled = self.with_core(|core| core.observed[peer.index].update(&self.shared, peer, now))
                == Some(true);
            if !is_stalled {
                continue;
            }
            self.collect(|| peer.timers.fire(now));
            self.with_core(|core| {
                let queued = std::iter::from_fn(|| peer.stealer.steal_one().ok()).take(RELIEVED_MAX);
                let overflowed = peer.stealer.steal_overflow().into_iter().flatten();
                for runnable in peer.lifo_slot.take().into_iter().chain(queued).chain(overflowed) {
                    core.queue.push_back(runnable);
                }
            });
        }
    }
}
