//! What a worker counts of its own doings, for [`RuntimeMetrics`](crate::runtime::RuntimeMetrics): [`Counts`], and
//! the time that it is busy: [`BusyTime`].
//!
//! Nothing that a decision of the scheduler rests on. The invariant: the thread that acts as the worker alone writes,
//! so that a count costs a load and a store to a cache line that it has at hand; the clock is read where the worker is
//! about to make a system call anyway.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// See the head of this file. Read by anyone; the numbers of one worker need not be of the same moment.
pub(crate) struct Counts {
    /// Tasks that were spawned on the worker's own thread.
    spawned: AtomicU64,
    /// Tasks that the worker ran to their end.
    ended: AtomicU64,
    /// Sleeps begun and sleeps ended: odd while the worker sleeps.
    park_turns: AtomicU64,
    busy_ns: AtomicU64,
}

impl Counts {
    pub(crate) fn new() -> Self {
        Self {
            spawned: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            park_turns: AtomicU64::new(0),
            busy_ns: AtomicU64::new(0),
        }
    }

    /// A task was spawned here.
    #[inline]
    pub(crate) fn count_spawn(&self) {
        add(&self.spawned, 1);
    }

    /// A task came to its end here.
    #[inline]
    pub(crate) fn count_end(&self) {
        add(&self.ended, 1);
    }

    /// How often the worker went to sleep.
    pub(crate) fn parks(&self) -> u64 {
        self.park_turns().div_ceil(2)
    }

    /// How often it went to sleep or came back.
    pub(crate) fn park_turns(&self) -> u64 {
        // Ordering: Relaxed; a number for people.
        self.park_turns.load(Ordering::Relaxed)
    }

    /// How long it was not asleep.
    pub(crate) fn busy(&self) -> Duration {
        // Ordering: as above.
        Duration::from_nanos(self.busy_ns.load(Ordering::Relaxed))
    }
}

/// Adds to a count that nobody else writes.
#[inline]
fn add(count: &AtomicU64, more: u64) {
    // Ordering: Relaxed; see `Counts`: nothing follows from what a reader sees.
    count.store(count.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
}

/// How many tasks were spawned and have not ended, of the given workers and `outside`, where those are counted that no
/// worker spawned.
pub(crate) fn alive<'a>(counts: impl Iterator<Item = &'a Counts> + Clone, outside: u64) -> usize {
    // The ends first: what ends and begins meanwhile then makes the sum too high rather than negative.
    // Ordering: Relaxed; a number for people.
    let ended: u64 = counts.clone().map(|counts| counts.ended.load(Ordering::Relaxed)).sum();
    let spawned: u64 = counts.map(|counts| counts.spawned.load(Ordering::Relaxed)).sum();
    usize::try_from((spawned + outside).saturating_sub(ended)).unwrap_or(usize::MAX)
}

/// Since when a thread that acts as a worker has been busy. Its own, and gone with it.
pub(crate) struct BusyTime {
    since: Cell<Option<Instant>>,
}

impl BusyTime {
    pub(crate) fn new() -> Self {
        Self { since: Cell::new(None) }
    }

    /// The thread begins to act.
    pub(crate) fn start(&self, now: Instant) {
        self.since.set(Some(now));
    }

    /// It ceases to.
    pub(crate) fn stop(&self, counts: &Counts, now: Instant) {
        if let Some(since) = self.since.take() {
            let busy = now.saturating_duration_since(since).as_nanos();
            add(&counts.busy_ns, u64::try_from(busy).unwrap_or(u64::MAX));
        }
    }

    /// It sleeps.
    pub(crate) fn park(&self, counts: &Counts, now: Instant) {
        self.stop(counts, now);
        add(&counts.park_turns, 1);
    }

    /// It is back.
    pub(crate) fn unpark(&self, counts: &Counts, now: Instant) {
        add(&counts.park_turns, 1);
        self.start(now);
    }
}
