//! What a busy worker does about every 50 µs between tasks: [`Worker::look`].
//!
//! Not when: that is `LookTimer`'s. Beside its own timers, the driver and the injector, a worker looks after what is
//! stranded behind a stalled peer.

use std::time::Instant;

use super::worker::Worker;

/// How many tasks a busy worker takes from the queue of a stalled one at a look.
const RELIEVED_MAX: usize = 32;

impl Worker {
    /// Reads the clock, and if it is time serves timers, the driver, the injector and stalled peers.
    #[cold]
    pub(super) fn look(&self) {
        let now = Self::now();
        if self.with_core(|core| core.look.read(core.tick, now)) != Some(true) {
            return;
        }
        self.collect(|| {
            self.peer().timers.fire(now);
            if let Some(mut occupant) = self.shared.seat.as_ref().and_then(|seat| seat.try_take()) {
                occupant.look();
            }
        });
        self.relieve_stalled(now);
        self.take_turn_of_injector();
        if self.with_core(|core| core.queue.len() > 1) == Some(true) {
            self.shared.unpark_one();
        }
    }

    /// One task and one batch from the injector join the end of our queue, which may never run dry. What no longer
    /// fits goes back as a batch in its turn, so that all go round.
    fn take_turn_of_injector(&self) {
        let injector = &self.shared.injector;
        self.with_core(|core| {
            let (single, batch) = (injector.pop(), injector.pop_batch());
            for runnable in single.into_iter().chain(batch.into_iter().flatten()) {
                self.push_back(core, runnable);
            }
        });
    }

    /// Takes over what is stranded behind a peer that is in one poll for too long: the timers that are due, the task in
    /// its LIFO slot, and some of its queue, which otherwise only workers without work of their own would take from.
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
                for runnable in peer.lifo_slot.take().into_iter().chain(queued) {
                    self.push_back(core, runnable);
                }
            });
        }
    }
}
