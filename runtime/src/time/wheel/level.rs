//! [`Level`]: one digit of a deadline, as 64 slots; and [`Position`], the level and slot an instant belongs in.
//!
//! Knows nothing of `elapsed` but what it is told. The invariant: bit `i` of `occupied` is set if and only if slot
//! `i` has an entry.

use slab::Slab;

use super::entry::Entry;
use super::slot::Slot;

/// Bits in a digit.
const DIGIT_BITS: u32 = 6;
/// Slots in a level: as many as an occupancy map of one word can tell.
const SLOTS: usize = 1 << DIGIT_BITS;
/// Enough digits for every `u64`.
pub(super) const LEVELS: usize = u64::BITS.div_ceil(DIGIT_BITS) as usize;

/// Where an entry lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    level: u8,
    slot: u8,
}

impl Position {
    pub(super) fn new(level: u32, slot: u32) -> Self {
        debug_assert!((level as usize) < LEVELS && (slot as usize) < SLOTS);
        Self { level: level as u8, slot: slot as u8 }
    }

    /// Where `deadline` belongs when it is `elapsed`: at the level of the highest digit in which the two differ,
    /// in the slot of that digit. What is overdue belongs in the lowest level, in the slot of `elapsed`.
    #[inline]
    pub(super) fn of(deadline: u64, elapsed: u64) -> Self {
        let instant = deadline.max(elapsed);
        // The lowest bit stands in for "no digit differs", which belongs in level 0 too.
        let highest_bit = ((instant ^ elapsed) | 1).ilog2();
        let level = highest_bit / DIGIT_BITS;
        let slot = (instant >> (level * DIGIT_BITS)) as u32 % SLOTS as u32;
        Self::new(level, slot)
    }

    #[inline]
    pub(super) fn level(self) -> u32 {
        u32::from(self.level)
    }

    #[inline]
    pub(super) fn slot(self) -> u32 {
        u32::from(self.slot)
    }

    /// The first instant of this slot, given that it agrees with `elapsed` in every higher digit.
    #[inline]
    pub(super) fn start(self, elapsed: u64) -> u64 {
        // The top level has no higher digit: its shift is beyond the word.
        let higher_digits = u64::MAX.checked_shl((self.level() + 1) * DIGIT_BITS).unwrap_or(0);
        (elapsed & higher_digits) | (u64::from(self.slot) << (self.level() * DIGIT_BITS))
    }

    /// The last instant of this slot, whose first is `start`.
    #[inline]
    pub(super) fn last_instant(self, start: u64) -> u64 {
        start | ((1 << (self.level() * DIGIT_BITS)) - 1)
    }
}

/// The slots of one digit.
#[derive(Debug)]
pub(super) struct Level {
    /// One bit a slot.
    occupied: u64,
    slots: [Slot; SLOTS],
}

impl Level {
    /// A level with no entry.
    pub(super) const fn new() -> Self {
        Self { occupied: 0, slots: [Slot::new(); SLOTS] }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.occupied == 0
    }

    pub(super) fn slot(&self, slot: u32) -> &Slot {
        &self.slots[slot as usize]
    }

    /// The number of the occupied slot that comes first. The level must not be empty.
    #[inline]
    pub(super) fn first_occupied(&self) -> u32 {
        debug_assert!(!self.is_empty());
        // All occupied slots of a level lie in one turn of it, so the lowest number is the earliest.
        self.occupied.trailing_zeros()
    }

    /// Appends the entry at `index` to `slot`; see [`Slot::append`].
    #[inline]
    #[must_use = "the entry's own link is the caller's to set"]
    pub(super) fn append<T>(
        &mut self,
        entries: &mut Slab<Entry<T>>,
        slot: u32,
        index: u32,
        deadline: u64,
    ) -> u32 {
        self.occupied |= 1 << slot;
        self.slots[slot as usize].append(entries, index, deadline)
    }

    /// Closes the gap of an entry of `slot`; see [`Slot::detach`].
    #[inline]
    pub(super) fn detach<T>(&mut self, entries: &mut Slab<Entry<T>>, slot: u32, neighbours: (u32, u32)) {
        let list = &mut self.slots[slot as usize];
        list.detach(entries, neighbours);
        if list.is_empty() {
            self.occupied &= !(1 << slot);
        }
    }

    /// Empties `slot` and returns its oldest entry, from which the others are reached.
    pub(super) fn take_slot(&mut self, slot: u32) -> u32 {
        self.occupied &= !(1 << slot);
        std::mem::replace(&mut self.slots[slot as usize], Slot::new()).head()
    }
}
