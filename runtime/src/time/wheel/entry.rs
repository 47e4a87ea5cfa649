//! What the wheel keeps of one value: [`Entry`], and the [`Key`] by which its owner finds it again.
//!
//! Not the list it is in: the links are here, but only [`Slot`](super::slot::Slot) changes them. The invariant: an
//! entry that is in the storage is in the list of exactly the slot its `position` names, between two calls of the
//! wheel.

use super::level::Position;
use super::slot::NONE;

/// Names one insertion into one wheel, for ever: after its value is gone, it finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    index: u32,
    generation: u64,
}

impl Key {
    pub(super) fn new(index: u32, generation: u64) -> Self {
        Self { index, generation }
    }

    pub(super) fn index(self) -> u32 {
        self.index
    }

    pub(in crate::time) fn generation(self) -> u64 {
        self.generation
    }
}

/// One value and its place; 48 bytes when the value is a waker.
#[derive(Debug)]
pub(super) struct Entry<T> {
    value: T,
    /// Or a duration, while `position` is [`Position::UNSTARTED`].
    deadline: u64,
    /// Not a u32: at a million timers a second one would be used twice within 72 minutes, and a key kept that
    /// long would hit a stranger's timer.
    generation: u64,
    previous: u32,
    next: u32,
    /// Kept, not worked out from the deadline: `elapsed` has moved since the entry was filed.
    position: Position,
}

/// Three entries in two cache lines, and the storage's own mark hides in the waker's niche.
const _: () = assert!(size_of::<Option<Entry<std::task::Waker>>>() <= 48);

impl<T> Entry<T> {
    /// An entry that is the last of the slot at `position`, after `previous`.
    #[inline]
    pub(super) fn new(deadline: u64, generation: u64, value: T, position: Position, previous: u32) -> Self {
        Self { value, deadline, generation, previous, next: NONE, position }
    }

    /// Makes it the last of the slot at `position`, after `previous`.
    #[inline]
    pub(super) fn set_place(&mut self, position: Position, previous: u32) {
        self.position = position;
        self.previous = previous;
        self.next = NONE;
    }

    /// The entries before and after it.
    #[inline]
    pub(super) fn neighbours(&self) -> (u32, u32) {
        (self.previous, self.next)
    }

    pub(super) fn deadline(&self) -> u64 {
        self.deadline
    }

    pub(super) fn set_deadline(&mut self, deadline: u64) {
        self.deadline = deadline;
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }

    pub(super) fn next(&self) -> u32 {
        self.next
    }

    pub(super) fn set_previous(&mut self, previous: u32) {
        self.previous = previous;
    }

    pub(super) fn set_next(&mut self, next: u32) {
        self.next = next;
    }

    pub(super) fn value_mut(&mut self) -> &mut T {
        &mut self.value
    }

    pub(super) fn into_value(self) -> T {
        self.value
    }
}
