//! Looking for work elsewhere: the injector, the peers' queues, and last the LIFO slots of stalled peers.
//!
//! Not the order among a worker's own places (`worker`). No more than half of the workers search at a time.
//!
//! A worker whose tasks are fine-grained keeps them: a stolen task that then runs for 100 ns costs twice that in cache
//! lines that change their core (a million tasks that do nothing, on two workers: 360 ns of CPU each when stolen eagerly,
//! 180 when not, and no faster by the clock). It invites a thief every half millisecond, so that long-lived tasks with
//! short polls spread all the same; and if it is stalled, it is relieved like any other.

use std::time::{Duration, Instant};

use crate::primitive::sync::atomic::Ordering;
use crate::queue::StealError;
use crate::scheduler::PACE;
use crate::task::Runnable;
use crate::util::rand::thread_rng_n;

use super::Shared;
use super::peer::Peer;
use super::worker::{Core, Worker};

/// How long a worker has to be in one poll before its LIFO slot may be taken from.
const STALL: Duration = Duration::from_micros(300).saturating_mul(PACE);

/// How many single tasks a worker takes from the injector at once. Their own worker's share, but no more than would
/// keep it busy while others starve.
const INJECTED_MAX: usize = 64;

/// What was seen of a peer, and when.
#[derive(Clone, Copy, Default)]
pub(crate) struct Observed {
    tick: u64,
    since: Option<Instant>,
}

impl Observed {
    /// Compares with what is seen now, and declares the peer stalled if its worker has not moved for long. True if
    /// it is stalled.
    pub(super) fn update(&mut self, shared: &Shared, peer: &Peer, now: Instant) -> bool {
        // Ordering: Relaxed; only compared with itself.
        let tick = peer.tick.load(Ordering::Relaxed);
        if tick != self.tick || self.since.is_none() || shared.idle.is_parked(peer.index) {
            *self = Self { tick, since: Some(now) };
            return false;
        }
        let is_stalled = self.since.is_some_and(|since| now.duration_since(since) >= STALL);
        if is_stalled {
            peer.stalled_tick.store(tick, Ordering::Relaxed);
        }
        is_stalled
    }
}

impl Worker {
    /// A task from anywhere but our own places.
    pub(super) fn search(&self, core: &mut Core) -> Option<Runnable<Peer>> {
        let idle = &self.shared.idle;
        if !core.is_searching {
            // A look first: to be counted, and counted out again, is two operations on a word that all share.
            if !self.is_work_visible() || !idle.try_start_searching() {
                return None;
            }
            core.is_searching = true;
        }
        self.steal(core).or_else(|| self.take_injected(core)).or_else(|| self.steal_from_stalled())
    }

    /// Half of what some peer has queued.
    fn steal(&self, core: &mut Core) -> Option<Runnable<Peer>> {
        let peers = &self.shared.peers;
        let start = thread_rng_n(peers.len() as u32) as usize;
        let (before, from_start) = peers.split_at(start);
        for peer in from_start.iter().chain(before) {
            let keeps_its_tasks = peer.keeps_its_tasks();
            if peer.index == self.index || (keeps_its_tasks && !self.is_invited()) {
                continue;
            }
            loop {
                match peer.stealer.steal_half_into(&mut core.queue) {
                    Ok(runnable) => {
                        if keeps_its_tasks {
                            self.peer().is_invited.store(false, Ordering::Relaxed);
                        }
                        return Some(runnable);
                    }
                    Err(StealError::Empty) => break,
                    Err(StealError::Busy) => std::hint::spin_loop(),
                }
            }
        }
        None
    }

    fn is_invited(&self) -> bool {
        // Ordering: Relaxed; set before we were unparked, or else we come too late for it, and are invited again.
        self.peer().is_invited.load(Ordering::Relaxed)
    }

    /// The task in the LIFO slot of a peer that does not come to run it.
    fn steal_from_stalled(&self) -> Option<Runnable<Peer>> {
        self.shared
            .peers
            .iter()
            .filter(|peer| peer.index != self.index && peer.is_stalled())
            .find_map(|peer| peer.lifo_slot.take())
    }

    /// A batch from the injector, or our share of its single tasks: the first to run, the others to our queue.
    #[inline]
    pub(super) fn take_injected(&self, core: &mut Core) -> Option<Runnable<Peer>> {
        if self.shared.injector.is_empty() { None } else { self.take_share_of_injected(core) }
    }

    fn take_share_of_injected(&self, core: &mut Core) -> Option<Runnable<Peer>> {
        let injector = &self.shared.injector;
        core.has_taken_injected = true;
        let share = (injector.singles_len() / self.shared.workers() + 1).min(INJECTED_MAX);
        let mut batch = injector.pop_batch().unwrap_or_default().into_iter();
        let mut first = batch.next();
        batch.for_each(|runnable| core.queue.push_back(runnable));
        for _ in 0..share.min(core.queue.remaining()) {
            let Some(runnable) = injector.pop() else { break };
            match first {
                None => first = Some(runnable),
                Some(_) => core.queue.push_back(runnable),
            }
        }
        first
    }

    /// Whether a peer or the injector has something that we could take.
    pub(super) fn is_work_visible(&self) -> bool {
        !self.shared.injector.is_empty()
            || self.shared.peers.iter().any(|peer| {
                (!peer.keeps_its_tasks() && !peer.stealer.is_empty())
                    || (peer.is_stalled() && !peer.lifo_slot.is_empty())
            })
    }
}
