//! [`ReadinessWord`]: what the poll last said of one source, in one atomic word.
//!
//! It wakes nobody; its transitions tell the caller whom to wake. The bits:
//!
//! | bits | meaning | set by | cleared by |
//! |---|---|---|---|
//! | 0..8 | the states of [`Ready`] | the poll | [`clear`](ReadinessWord::clear); the closed ones only if PASSING |
//! | 8 | WAITERS: the entry's waiter list is not empty | a waiter, under the list's lock | the last waiter, under the same lock |
//! | 9 | SHUTDOWN: the reactor is gone | the reactor's drop | never |
//! | 10 | PASSING: a closed state of this source may pass | its making | never |
//! | 32..64 | generation: how many events were stored | the poll | never |
//!
//! Invariants:
//! 1. A clear takes away only what its caller had observed: if an event was stored since, the generation differs
//!    and the clear does nothing. (32 bits: 2^32 events would have to pass between one call and its clear.)
//! 2. SHUTDOWN, once set, stays; so do closed states, unless PASSING is set. (A connection that has ended is ended for
//!    good. A datagram socket merely had an error, and a named pipe gets another writer: if such a state stayed, a call
//!    that would block would be tried again and again.)
//! 3. WAITERS and the states are in one word, so that in the word's order either the waiter's announcement comes
//!    first and the event sees WAITERS, or the event comes first and the announcement sees its states.

use crate::io::Ready;
use crate::primitive::atomic::{AtomicU64, Ordering};

const STATES: u64 = 0xff;
const WAITERS: u64 = 1 << 8;
const SHUTDOWN: u64 = 1 << 9;
const PASSING: u64 = 1 << 10;
const GENERATION_SHIFT: u32 = 32;

/// The word; one to a source.
#[derive(Debug)]
pub(crate) struct ReadinessWord(AtomicU64);

/// One look at the word; the receipt that [`ReadinessWord::clear`] asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Readiness(u64);

/// Whether the closed states of a source are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As a connection's: once closed, closed for good.
    Final,
    /// As a datagram socket's or a named pipe's: what closed it may pass.
    Passing,
}

/// Whom the poll has to wake after it stored an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(crate) enum Wake {
    /// The two single wakers.
    Slots,
    /// The two single wakers and the list.
    SlotsAndList,
}

impl Readiness {
    /// The states seen.
    #[inline]
    pub(crate) fn ready(self) -> Ready {
        Ready::from_bits((self.0 & STATES) as u8)
    }

    /// Whether the reactor is gone.
    #[inline]
    pub(crate) fn is_shut_down(self) -> bool {
        self.0 & SHUTDOWN != 0
    }

    /// Whether a wait for `states` is over.
    #[inline]
    pub(crate) fn satisfies(self, states: Ready) -> bool {
        self.ready().intersects(states) || self.is_shut_down()
    }

    /// The same observation with fewer states, so that a clear spares the others.
    #[inline]
    pub(crate) fn only(self, states: Ready) -> Self {
        Self(self.0 & !STATES | u64::from((self.ready() & states).bits()))
    }

    fn generation(self) -> u32 {
        (self.0 >> GENERATION_SHIFT) as u32
    }
}

impl Wake {
    fn of(word: u64) -> Self {
        if word & WAITERS != 0 { Self::SlotsAndList } else { Self::Slots }
    }
}

impl ReadinessWord {
    /// A word that starts with `ready` set, as if by an event.
    pub(crate) fn new(ready: Ready, ending: Ending) -> Self {
        let passing = match ending {
            Ending::Final => 0,
            Ending::Passing => PASSING,
        };
        Self(AtomicU64::new(u64::from(ready.bits()) | passing))
    }

    /// What is known now.
    #[inline]
    pub(crate) fn observe(&self) -> Readiness {
        // Ordering: Acquire pairs with the Release of `store_event`: who sees an event's states also sees what
        // the thread that polled did before.
        Readiness(self.0.load(Ordering::Acquire))
    }

    /// Adds an event's states and counts it.
    pub(crate) fn store_event(&self, ready: Ready) -> Wake {
        // Ordering: Release pairs with the Acquire in `observe` and `announce_waiter`. Seeing WAITERS needs no
        // Acquire: the list is read under its lock, and a poll that sees the bit takes that lock after the waiter,
        // who held it while setting the bit.
        Wake::of(self.update(|word| {
            let generation = ((word >> GENERATION_SHIFT) as u32).wrapping_add(1);
            let kept = word & u64::from(u32::MAX);
            u64::from(generation) << GENERATION_SHIFT | kept | u64::from(ready.bits())
        }))
    }

    /// Takes away the observed states, unless an event came since (invariant 1).
    pub(crate) fn clear(&self, observed: Readiness) {
        let kept = if observed.0 & PASSING != 0 { Ready::EMPTY } else { Ready::CLOSED };
        let cleared = u64::from((observed.ready() - kept).bits());
        // Ordering: the caller observes the word again before it sleeps, so the clear itself orders nothing.
        // Release comes with the shared loop.
        self.update(|word| {
            if Readiness(word).generation() == observed.generation() { word & !cleared } else { word }
        });
    }

    /// Says that the reactor is gone.
    pub(crate) fn shut_down(&self) -> Wake {
        // Ordering: the bit is all there is to tell; the wakers and the list order the wake.
        Wake::of(self.0.fetch_or(SHUTDOWN, Ordering::Relaxed))
    }

    /// Says that the list has a waiter, and tells what came before the saying. Call it under the list's lock.
    pub(crate) fn announce_waiter(&self) -> Readiness {
        // Ordering: Acquire as in `observe`. The waiter itself is published by the list's lock.
        Readiness(self.0.fetch_or(WAITERS, Ordering::Acquire))
    }

    /// Says that the list is empty. Call it under the list's lock.
    pub(crate) fn retract_waiters(&self) {
        // Ordering: the list's lock orders this against the next announcement; nothing is published.
        self.0.fetch_and(!WAITERS, Ordering::Relaxed);
    }

    /// Replaces the word by `next` of it, and returns what it was.
    #[inline]
    fn update(&self, next: impl Fn(u64) -> u64) -> u64 {
        let mut word = self.0.load(Ordering::Relaxed);
        loop {
            let changed = next(word);
            if changed == word {
                return word;
            }
            // Ordering: see the callers. On failure the loop starts anew with the word it read.
            match self.0.compare_exchange_weak(word, changed, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return word,
                Err(current) => word = current,
            }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a random test does to the word.
    #[derive(Debug, Clone)]
    enum Step {
        Event(Ready),
        Observe,
        Clear { receipt: usize, states: Ready },
        Announce,
        Retract,
        ShutDown,
    }

    fn states() -> impl Strategy<Value = Ready> {
        any::<u8>().prop_map(Ready::from_bits)
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => states().prop_map(Step::Event),
            4 => Just(Step::Observe),
            4 => (any::<usize>(), states()).prop_map(|(receipt, states)| Step::Clear { receipt, states }),
            1 => Just(Step::Announce),
            1 => Just(Step::Retract),
            1 => Just(Step::ShutDown),
        ]
    }

    /// The word as one would write it without atomics: each state remembers nothing, the event count decides.
    #[derive(Default)]
    struct Model {
        ready: u8,
        events: u32,
        has_waiters: bool,
        is_shut_down: bool,
    }

    proptest! {
        #[test]
        fn the_word_does_what_the_model_does(
            steps in proptest::collection::vec(step(), 0..64),
            ending in prop_oneof![Just(Ending::Final), Just(Ending::Passing)],
        ) {
            let word = ReadinessWord::new(Ready::EMPTY, ending);
            let kept = if ending == Ending::Final { Ready::CLOSED.bits() } else { 0 };
            let mut model = Model::default();
            let mut receipts = vec![(word.observe(), 0, 0)];
            for step in steps {
                match step {
                    Step::Event(ready) => {
                        let wake = word.store_event(ready);
                        prop_assert_eq!(wake == Wake::SlotsAndList, model.has_waiters);
                        model.ready |= ready.bits();
                        model.events += 1;
                    }
                    Step::Observe => receipts.push((word.observe(), model.ready, model.events)),
                    Step::Clear { receipt, states } => {
                        let (observed, ready, events) = receipts[receipt % receipts.len()];
                        word.clear(observed.only(states));
                        if events == model.events {
                            model.ready &= !(ready & states.bits() & !kept);
                        }
                    }
                    Step::Announce => {
                        let before = word.announce_waiter();
                        prop_assert_eq!(before.ready().bits(), model.ready);
                        model.has_waiters = true;
                    }
                    Step::Retract => {
                        word.retract_waiters();
                        model.has_waiters = false;
                    }
                    Step::ShutDown => {
                        let _ = word.shut_down();
                        model.is_shut_down = true;
                    }
                }
                let now = word.observe();
                prop_assert_eq!(now.ready().bits(), model.ready);
                prop_assert_eq!(now.is_shut_down(), model.is_shut_down);
            }
        }
    }

    #[test]
    fn a_clear_after_two_hundred_and_fifty_six_events_is_still_stale() {
        let word = ReadinessWord::new(Ready::READABLE, Ending::Final);
        let observed = word.observe();
        for _ in 0..256 {
            let _ = word.store_event(Ready::READABLE);
        }
        word.clear(observed);
        assert!(word.observe().ready().is_readable());
    }

    #[test]
    fn the_generation_wraps_without_touching_the_states() {
        let word = ReadinessWord(AtomicU64::new(u64::from(u32::MAX) << GENERATION_SHIFT));
        let _ = word.store_event(Ready::WRITABLE);
        assert_eq!(word.observe().generation(), 0);
        assert_eq!(word.observe().ready(), Ready::WRITABLE);
    }
}
