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

    /// Appends the entry at `index`, which is in no list.
    pub(super) fn push<T>(&mut self, entries: &mut Slab<Entry<T>>, index: u32) {
        let entry = &mut entries[index as usize];
        entry.set_previous(self.tail);
        entry.set_next(NONE);
        let deadline = entry.deadline();
        if self.tail == NONE {
            self.head = index;
            self.earliest = deadline;
        } else {
            entries[self.tail as usize].set_next(index);
            self.earliest = self.earliest.min(deadline);
        }
        self.tail = index;
    }

    /// Takes the entry at `index`, which is in this list, out of it.
    pub(super) fn unlink<T>(&mut self, entries: &mut Slab<Entry<T>>, index: u32) {
        let entry = &entries[index as usize];
        let (previous, next) = (entry.previous(), entry.next());
        if previous == NONE {
            debug_assert_eq!(self.head, index, "the entry is in another slot");
            self.head = next;
        } else {
            entries[previous as usize].set_next(next);
        }
        if next == NONE {
            debug_assert_eq!(self.tail, index, "the entry is in another slot");
            self.tail = previous;
        } else {
            entries[next as usize].set_previous(previous);
        }
    }
}
