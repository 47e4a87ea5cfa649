//! A hierarchical timing wheel: values filed under a deadline, taken out when it has passed.
//!
//! Pure data: no clock, no waker, no lock, no unsafe. An instant is a `u64` of the caller's unit (ours is the
//! nanosecond since the wheel was made), and time is what the caller says it is.
//!
//! The algorithm is scheme 7 of Varghese and Lauck, *Hashed and Hierarchical Timing Wheels* (SOSP 1987). Nine
//! [`Level`]s of [`Slot`]s read a deadline as nine digits, so the whole range of `u64` has a place and nothing need be
//! parked beyond the top. An entry lies at the level of the highest digit in which its deadline differs from
//! `elapsed`; insert, remove and reset are O(1), and an entry moves down at most eight times.
//!
//! A value may also be filed under a duration that is counted from the next [`Wheel::start`]. Most timeouts of a network
//! service are gone by then, and so cost no reading of the clock.
//!
//! Invariants:
//!
//! 1. `elapsed` never falls, and never passes an instant that [`Wheel::pop_expired`] was not told has come.
//! 2. An entry at level `L` agrees with `elapsed` in every digit above `L`. So whatever is in level `L` is due
//!    before whatever is in a higher level, and within a level the slots stand in the order of time.
//! 3. Every occupied slot lies after the one `elapsed` is in, with two exceptions in which all is overdue: the slot
//!    of `elapsed` in level 0, and the slot that is being drained, of which `elapsed` is the last instant.
//! 4. A bit of an occupancy map is set if and only if what it stands for is not empty.
//! 5. A [`Key`] names one insertion for ever: generations are 64 bits wide and never used twice.
//!
//! Rejected: coarse instants (a tick of 2^15 ns with deadlines rounded up), which saves two levels, but makes every
//! timer late by its rounding and a paused clock inexact; [`DRAINED_WHOLE`] spares the moves that the fine levels would
//! cost. A binary heap: removal is O(log n) with a random access at each step, and most
//! timers of a network service are removed, not fired.

mod entry;
mod level;
mod slot;

#[cfg(all(test, not(loom)))]
mod tests;

use std::fmt;

use slab::Slab;

use entry::Entry;
pub(crate) use entry::Key;
use level::{LEVELS, Level, Position};

/// The highest level whose slots, once past as a whole, are drained as they stand, without sorting their entries
/// into the levels below. With nanoseconds its slots are 2^20 ns (1.05 ms) wide: who comes that late finds no order
/// worth the moves.
const DRAINED_WHOLE: u32 = 3;

/// What stands for the deadline of a value that has none yet.
pub(crate) const UNSTARTED: u64 = u64::MAX;

/// The deadline of what would be due later.
const LAST_DEADLINE: u64 = u64::MAX - 1;

/// Values, each filed under a deadline.
///
/// Expiry is incremental: each [`pop_expired`](Self::pop_expired) leaves the wheel complete, so a caller may take
/// a few values under a lock, release it, and go on later, while others insert and remove in between.
pub(crate) struct Wheel<T> {
    /// Every entry, at a stable index; the lists of the slots run through it. It grows to the largest number of
    /// timers there ever were at once, and keeps that memory.
    entries: Slab<Entry<T>>,
    levels: Box<[Level; LEVELS]>,
    /// The entries that have a duration in place of a deadline, up to the next `start`.
    unstarted: slot::Slot,
    /// Bit `L` is set if level `L` has an occupied slot (invariant 4).
    occupied: u16,
    /// The instant up to which expiry has been worked out (invariant 1).
    elapsed: u64,
    /// What the next insertion's key will carry (invariant 5).
    next_generation: u64,
}

impl<T> Wheel<T> {
    /// An empty wheel at instant 0.
    pub(crate) fn new() -> Self {
        Self {
            entries: Slab::new(),
            levels: Box::new(Level::all()),
            unstarted: slot::Slot::new(),
            occupied: 0,
            elapsed: 0,
            next_generation: 0,
        }
    }

    /// How many values are in the wheel.
    #[allow(dead_code)] // The tests' window; a wheel in use is asked for its next deadline.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no value is in the wheel.
    #[allow(dead_code)] // The tests' window; a wheel in use is asked for its next deadline.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Files `value` under `deadline`. A deadline that has passed is due at once.
    ///
    /// # Panics
    ///
    /// With 2^32 - 1 values in the wheel, which is 190 GiB of them.
    pub(crate) fn insert(&mut self, deadline: u64, value: T) -> Key {
        let index = self.vacant_index();
        let (position, previous) = self.append(index, deadline);
        self.store(index, deadline, value, position, previous)
    }

    /// Files `value` under what the next [`start`](Self::start) says is the present, plus `duration`. Until then it
    /// has no deadline: neither [`pop_expired`](Self::pop_expired) nor [`next_deadline`](Self::next_deadline) sees it.
    ///
    /// # Panics
    ///
    /// As [`insert`](Self::insert).
    pub(crate) fn insert_unstarted(&mut self, duration: u64, value: T) -> Key {
        let index = self.vacant_index();
        let previous = self.unstarted.append(&mut self.entries, index, duration);
        self.store(index, duration, value, Position::UNSTARTED, previous)
    }

    /// Whether any value waits for `start`.
    pub(crate) fn has_unstarted(&self) -> bool {
        !self.unstarted.is_empty()
    }

    /// Gives every value that has none its deadline, counted from `now`.
    pub(crate) fn start(&mut self, now: u64) {
        let mut index = self.unstarted.take();
        while index != slot::NONE {
            let entry = &mut self.entries[index as usize];
            let (next, deadline) = (entry.next(), now.saturating_add(entry.deadline()).min(LAST_DEADLINE));
            entry.set_deadline(deadline);
            self.link(index, deadline);
            index = next;
        }
    }

    /// The generation of the next key: all former keys have a lower one.
    pub(crate) fn next_generation(&self) -> u64 {
        self.next_generation
    }

    /// Begins anew at instant 0, which only an empty wheel can, and gives the memory of its entries back. Keys of
    /// before stay stale.
    pub(crate) fn restart(&mut self) {
        debug_assert!(self.is_empty());
        self.entries = Slab::new();
        self.elapsed = 0;
    }

    fn vacant_index(&self) -> u32 {
        u32::try_from(self.entries.vacant_key())
            .ok()
            .filter(|index| *index != slot::NONE)
            .expect("2^32 - 1 timers are waiting; drop some before adding more")
    }

    /// Stores an entry that its slot knows of already.
    #[inline]
    fn store(&mut self, index: u32, deadline: u64, value: T, position: Position, previous: u32) -> Key {
        let generation = self.next_generation;
        self.next_generation += 1;
        let stored = self.entries.insert(Entry::new(deadline, generation, value, position, previous));
        debug_assert_eq!(stored, index as usize);
        Key::new(index, generation)
    }

    /// Takes out the value of `key`, with its deadline, which is [`UNSTARTED`] if it had none yet; `None` if it was
    /// popped or removed before.
    pub(crate) fn remove(&mut self, key: Key) -> Option<(u64, T)> {
        self.entry(key)?;
        Some(self.take(key.index()))
    }

    /// The value of `key`; `None` if it was popped or removed before.
    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        match self.entries.get_mut(key.index() as usize) {
            Some(entry) if entry.generation() == key.generation() => Some(entry.value_mut()),
            _ => None,
        }
    }

    /// Files the value of `key` under another deadline, and returns the former one as [`remove`](Self::remove) does.
    /// The key stays good. `None` if the value was popped or removed before.
    pub(crate) fn reset(&mut self, key: Key, deadline: u64) -> Option<u64> {
        let entry = self.entry(key)?;
        let former = Self::deadline_of(entry);
        self.detach(entry.position(), entry.neighbours());
        self.entries[key.index() as usize].set_deadline(deadline);
        self.link(key.index(), deadline);
        Some(former)
    }

    /// Takes out one value whose deadline is `now` or before, or says that there is none left.
    ///
    /// Never a value whose deadline is after `now`. Values come out in the order of their deadlines, except that
    /// those within the same aligned 2^20 instants may come in any order; equal deadlines usually come in the
    /// order of insertion. A `now` earlier than a former one counts as the instant already reached.
    ///
    /// O(1), but for the slots that `now` has entered and whose entries move down a level: each entry does so at
    /// most eight times in its life, and a slot's all do in one call.
    pub(crate) fn pop_expired(&mut self, now: u64) -> Option<T> {
        // Two callers may have read the clock in one order and come here in the other.
        let now = now.max(self.elapsed);
        while let Some((position, start)) = self.first_slot() {
            if start > now {
                break;
            }
            let last = position.last_instant(start);
            if position.level() <= DRAINED_WHOLE && last <= now {
                // To its end, not its start: what is inserted before the slot is empty must not come to lie in
                // front of what is left in it.
                debug_assert!(last >= self.elapsed, "invariant 1");
                self.elapsed = last;
                let head = self.slot(position).head();
                return Some(self.take(head).1);
            }
            debug_assert!(start > self.elapsed, "invariant 3");
            self.elapsed = start;
            self.cascade(position);
        }
        self.elapsed = now;
        None
    }

    /// When to call [`pop_expired`](Self::pop_expired) next; `None` if and only if no value has a deadline.
    ///
    /// Never later than the earliest deadline that is still to come; if one has come already, some instant that
    /// has come. Once `pop_expired` has said that there is none left, it is the earliest deadline exactly, unless
    /// an entry that was the earliest of its slot has been removed or reset: then it may be earlier, though not
    /// before that slot begins. The `pop_expired` that finds nothing at such an instant makes the bound grow, so
    /// a caller who sleeps until `next_deadline` and pops, again and again, wakes for nothing at most once a
    /// level, and never spins.
    pub(crate) fn next_deadline(&self) -> Option<u64> {
        // Invariant 2: nothing comes before the first slot.
        self.first_slot().map(|(position, _)| self.slot(position).earliest())
    }

    /// The entry of `key`, if the key is not stale.
    fn entry(&self, key: Key) -> Option<&Entry<T>> {
        self.entries.get(key.index() as usize).filter(|entry| entry.generation() == key.generation())
    }

    fn slot(&self, position: Position) -> &slot::Slot {
        self.levels[position.level() as usize].slot(position.slot())
    }

    /// The occupied slot that comes first, and the instant at which it begins.
    fn first_slot(&self) -> Option<(Position, u64)> {
        if self.occupied == 0 {
            return None;
        }
        let level = self.occupied.trailing_zeros();
        let slot = self.levels[level as usize].first_occupied();
        let position = Position::new(level, slot);
        let start = position.start(self.elapsed);
        debug_assert!(start > self.elapsed || position.last_instant(start) == self.elapsed, "invariant 3");
        Some((position, start))
    }

    /// Makes room for the entry at `index` at the end of the slot that `deadline` belongs in; returns that slot and
    /// the entry before it.
    #[inline]
    fn append(&mut self, index: u32, deadline: u64) -> (Position, u32) {
        let position = Position::of(deadline, self.elapsed);
        self.occupied |= 1 << position.level();
        let level = &mut self.levels[position.level() as usize];
        (position, level.append(&mut self.entries, position.slot(), index, deadline))
    }

    /// Puts the entry at `index`, which is in no slot, in the one that `deadline` belongs in.
    fn link(&mut self, index: u32, deadline: u64) {
        let (position, previous) = self.append(index, deadline);
        self.entries[index as usize].set_place(position, previous);
    }

    /// Closes the gap of an entry of the slot at `position`.
    #[inline]
    fn detach(&mut self, position: Position, neighbours: (u32, u32)) {
        if position == Position::UNSTARTED {
            return self.unstarted.detach(&mut self.entries, neighbours);
        }
        let level = &mut self.levels[position.level() as usize];
        level.detach(&mut self.entries, position.slot(), neighbours);
        if level.is_empty() {
            self.occupied &= !(1 << position.level());
        }
    }

    /// Takes the entry at `index` out of its slot and of the storage.
    fn take(&mut self, index: u32) -> (u64, T) {
        let entry = self.entries.remove(index as usize);
        self.detach(entry.position(), entry.neighbours());
        (Self::deadline_of(&entry), entry.into_value())
    }

    #[inline]
    fn deadline_of(entry: &Entry<T>) -> u64 {
        if entry.position() == Position::UNSTARTED { UNSTARTED } else { entry.deadline() }
    }

    /// Files the entries of the slot at `position`, which `elapsed` is in, anew: each lands in a lower level.
    fn cascade(&mut self, position: Position) {
        let level = &mut self.levels[position.level() as usize];
        let mut index = level.take_slot(position.slot());
        if level.is_empty() {
            self.occupied &= !(1 << position.level());
        }
        while index != slot::NONE {
            let entry = &self.entries[index as usize];
            let (next, deadline) = (entry.next(), entry.deadline());
            self.link(index, deadline);
            debug_assert!(self.entries[index as usize].position().level() < position.level(), "invariant 2");
            index = next;
        }
    }
}

impl<T> fmt::Debug for Wheel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wheel")
            .field("len", &self.entries.len())
            .field("elapsed", &self.elapsed)
            .field("next_deadline", &self.next_deadline())
            .finish_non_exhaustive()
    }
}
