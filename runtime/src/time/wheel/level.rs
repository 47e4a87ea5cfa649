//! [`Level`]: one digit of a deadline, as slots; and [`Position`], the level and slot an instant belongs in.
//!
//! Knows nothing of `elapsed` but what it is told. The invariant: bit `i` of `occupied` is set if and only if slot
//! `i` has an entry, and bit `w` of `words` if and only if word `w` of `occupied` is not zero.

use slab::Slab;

use super::entry::Entry;
use super::slot::Slot;

/// Enough digits for every `u64`.
pub(super) const LEVELS: usize = 9;

/// The digits in which a deadline is read, the finest first: the lowest bit of each, and how many bits it has.
///
/// The fourth is wide, so that what is due within a second, which is most of what ever fires, is filed once and then
/// taken out: a million sleeps of up to a second moved down twice each with digits of six bits, a cache miss a move.
const DIGITS: [(u32, u32); LEVELS] =
    [(0, 6), (6, 7), (13, 7), (20, 10), (30, 7), (37, 7), (44, 7), (51, 7), (58, 6)];

/// Words of an occupancy map, for the widest digit.
const WORDS: usize = 1 << (10 - u64::BITS.ilog2());

/// The level of the digit that a bit belongs to.
const LEVEL_OF_BIT: [u8; 64] = {
    let mut levels = [0; 64];
    let mut level = 0;
    while level < LEVELS {
        let (first, bits) = DIGITS[level];
        let mut bit = first;
        while bit < first + bits {
            levels[bit as usize] = level as u8;
            bit += 1;
        }
        level += 1;
    }
    levels
};

/// Where an entry lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    level: u8,
    slot: u16,
}

impl Position {
    /// Where entries lie that have no deadline yet.
    pub(super) const UNSTARTED: Self = Self { level: u8::MAX, slot: 0 };

    pub(super) fn new(level: u32, slot: u32) -> Self {
        debug_assert!((level as usize) < LEVELS && slot < 1 << DIGITS[level as usize].1);
        Self { level: level as u8, slot: slot as u16 }
    }

    /// Where `deadline` belongs when it is `elapsed`: at the level of the highest digit in which the two differ,
    /// in the slot of that digit. What is overdue belongs in the lowest level, in the slot of `elapsed`.
    #[inline]
    pub(super) fn of(deadline: u64, elapsed: u64) -> Self {
        let instant = deadline.max(elapsed);
        // The lowest bit stands in for "no digit differs", which belongs in level 0 too.
        let highest_bit = ((instant ^ elapsed) | 1).ilog2();
        let level = LEVEL_OF_BIT[highest_bit as usize];
        let (first_bit, bits) = DIGITS[level as usize];
        let slot = (instant >> first_bit) as u32 & ((1 << bits) - 1);
        Self::new(u32::from(level), slot)
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
        let (first_bit, bits) = DIGITS[self.level as usize];
        // The top level has no higher digit: its shift is beyond the word.
        let higher_digits = u64::MAX.checked_shl(first_bit + bits).unwrap_or(0);
        (elapsed & higher_digits) | (u64::from(self.slot) << first_bit)
    }

    /// The last instant of this slot, whose first is `start`.
    #[inline]
    pub(super) fn last_instant(self, start: u64) -> u64 {
        start | ((1 << DIGITS[self.level as usize].0) - 1)
    }
}

/// The slots of one digit.
#[derive(Debug)]
pub(super) struct Level {
    /// Which words of `occupied` are not zero.
    words: u16,
    /// One bit a slot.
    occupied: [u64; WORDS],
    slots: Box<[Slot]>,
}

impl Level {
    /// Every level, with no entry. 31 KiB, most of it the wide one.
    pub(super) fn all() -> [Self; LEVELS] {
        DIGITS.map(|(_, bits)| Self {
            words: 0,
            occupied: [0; WORDS],
            slots: vec![Slot::new(); 1 << bits].into(),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words == 0
    }

    pub(super) fn slot(&self, slot: u32) -> &Slot {
        &self.slots[slot as usize]
    }

    /// The number of the occupied slot that comes first. The level must not be empty.
    #[inline]
    pub(super) fn first_occupied(&self) -> u32 {
        debug_assert!(!self.is_empty());
        // All occupied slots of a level lie in one turn of it, so the lowest number is the earliest.
        let word = self.words.trailing_zeros();
        word * u64::BITS + self.occupied[word as usize].trailing_zeros()
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
        self.occupied[(slot / u64::BITS) as usize] |= 1 << (slot % u64::BITS);
        self.words |= 1 << (slot / u64::BITS);
        self.slots[slot as usize].append(entries, index, deadline)
    }

    /// Closes the gap of an entry of `slot`; see [`Slot::detach`].
    #[inline]
    pub(super) fn detach<T>(&mut self, entries: &mut Slab<Entry<T>>, slot: u32, neighbours: (u32, u32)) {
        let list = &mut self.slots[slot as usize];
        list.detach(entries, neighbours);
        if list.is_empty() {
            self.note_empty(slot);
        }
    }

    /// Empties `slot` and returns its oldest entry, from which the others are reached.
    pub(super) fn take_slot(&mut self, slot: u32) -> u32 {
        self.note_empty(slot);
        self.slots[slot as usize].take()
    }

    #[inline]
    fn note_empty(&mut self, slot: u32) {
        let word = &mut self.occupied[(slot / u64::BITS) as usize];
        *word &= !(1 << (slot % u64::BITS));
        if *word == 0 {
            self.words &= !(1 << (slot / u64::BITS));
        }
    }
}
