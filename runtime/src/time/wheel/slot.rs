//! [`Slot`]: the entries whose deadlines share all digits down to one level's, as a doubly linked list.
//!
//! Not a container: the entries are in the wheel's storage, and the list is of their indices, so that removal
//! needs neither a search nor unsafe. The invariant: `earliest` is never later than any deadline in the list.

use slab::Slab;

use super::entry::Entry;

/// The index of no entry.
pub(super) const NONE: u32 = u32::MAX;

/// A list of entries, oldest first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    head: u32,
    tail: u32,
    /// The least deadline that was pushed since the slot was last empty. Removals do not raise it, for that
    /// would take a search. Without meaning while the slot is empty.
    earliest: u64,
}

impl Slot {
    /// A slot with no entry.
    pub(super) const fn new() -> Self {
        Self { head: NONE, tail: NONE, earliest: 0 }
    }

    /// Empties the slot and returns its oldest entry, from which the others are reached.
    pub(super) fn take(&mut self) -> u32 {
        std::mem::replace(self, Self::new()).head
    }

    pub(super) fn is_empty(&self) -> bool {
        self.head == NONE
    }

    /// The oldest entry.
    pub(super) fn head(&self) -> u32 {
        self.head
    }

    /// A lower bound of the deadlines in the slot.
    pub(super) fn earliest(&self) -> u64 {
        self.earliest
    }

    /// Appends the entry at `index`, which is in no list, and returns the entry before it. The caller notes that
    /// one in the entry, which need not be in the storage yet.
    #[inline]
    #[must_use = "the entry's own link is the caller's to set"]
    pub(super) fn append<T>(&mut self, entries: &mut Slab<Entry<T>>, index: u32, deadline: u64) -> u32 {
        let previous = std::mem::replace(&mut self.tail, index);
        if previous == NONE {
            self.head = index;
            self.earliest = deadline;
        } else {
            entries[previous as usize].set_next(index);
            self.earliest = self.earliest.min(deadline);
        }
        previous
    }

    /// Closes the gap of an entry of this list that stood between `previous` and `next`. The entry itself is not
    /// touched, and may be out of the storage already.
    #[inline]
    pub(super) fn detach<T>(&mut self, entries: &mut Slab<Entry<T>>, (previous, next): (u32, u32)) {
        if previous == NONE {
            self.head = next;
        } else {
            entries[previous as usize].set_next(next);
        }
        if next == NONE {
            self.tail = previous;
        } else {
            entries[next as usize].set_previous(previous);
        }
    }
}
