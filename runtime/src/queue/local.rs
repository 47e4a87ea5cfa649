//! A worker's own queue: a ring of 256, pushed and popped by its owner, stolen from by halves; and behind it the batches
//! that overflowed.
//!
//! Not a stack: it is first in, first out at both ends. Not a ring that grows: what does not fit leaves it as one
//! batch of 129, and comes back when the ring has run dry, or when the owner asks for it ([`LocalQueue::rotate`]), so that
//! a ring that never runs dry keeps no item waiting for ever. The batches stay with the worker, but are stolen like the ring;
//! passed through a queue that all share, as tokio and Go have it, tasks of 100 ns change their worker for nothing. No
//! bound: a task exists once in all queues together.
//!
//! The slots are atomics, so that a stealer may read a slot that is being reused: its claim on the head then fails,
//! and the reading is thrown away. Source: the run queue of Go's scheduler (Vyukov, 2012). tokio's ring keeps a second
//! head, for claims under way; copying before the claim needs none.
//!
//! Invariants:
//!
//! 1. `head <= tail <= head + CAPACITY`; the items are those in `head..tail`. Positions count up and do not wrap in
//!    practice (2^64), so a claim never mistakes one round for another.
//! 2. Only the owner writes `tail` and slots; whoever moves `head` by compare-exchange owns what it passed.

use crate::primitive::queue::SegQueue;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use crossbeam_utils::CachePadded;

use super::item::Item;

/// Small where schedules are explored, so that it overflows and its positions go round.
const CAPACITY: usize = if cfg!(any(loom, miri)) { 4 } else { 256 };

struct Ring<T: Item> {
    /// Where the next pop takes. Moved by the owner and by stealers.
    head: CachePadded<AtomicUsize>,
    /// Where the next push goes. Written by the owner, read by stealers.
    tail: CachePadded<AtomicUsize>,
    /// Written by the owner, read by all.
    slots: Box<[AtomicPtr<T::Pointee>; CAPACITY]>,
    /// What did not fit. Pushed by the owner, popped by all.
    overflow: SegQueue<Vec<T>>,
}

impl<T: Item> Ring<T> {
    fn slot(&self, position: usize) -> &AtomicPtr<T::Pointee> {
        &self.slots[position % CAPACITY]
    }

    fn read(&self, position: usize) -> *mut T::Pointee {
        // Ordering: Relaxed; the Acquire of `tail`, or being the owner, made the slot visible.
        self.slot(position).load(Ordering::Relaxed)
    }

    fn head(&self) -> usize {
        // Ordering: Relaxed; whoever goes by it claims it by compare-exchange, or only compares it.
        self.head.load(Ordering::Relaxed)
    }

    /// Without what overflowed.
    fn len(&self) -> usize {
        // Ordering: Acquire of the head first, so that the tail read later is not behind it.
        let head = self.head.load(Ordering::Acquire);
        self.tail.load(Ordering::Acquire).saturating_sub(head)
    }

    fn is_empty(&self) -> bool {
        self.len() == 0 && self.overflow.is_empty()
    }

    /// Takes the first item of a batch and puts the others into the ring, which is empty. For the owner.
    fn refill(&self, batch: Vec<T>) -> Option<T> {
        let tail = self.tail.load(Ordering::Relaxed);
        // Ordering: as in `push_back`.
        let head = self.head.load(Ordering::Acquire);
        debug_assert!(tail - head + batch.len() <= CAPACITY, "the ring is empty");
        let mut batch = batch.into_iter();
        let first = batch.next();
        let mut position = tail;
        for item in batch {
            self.slot(position).store(item.into_raw(), Ordering::Relaxed);
            position += 1;
        }
        // Ordering: Release publishes the slots to stealers.
        self.tail.store(position, Ordering::Release);
        first
    }
}

impl<T: Item> Drop for Ring<T> {
    fn drop(&mut self) {
        let head = self.head.load(Ordering::Relaxed);
        let tail = self.tail.load(Ordering::Relaxed);
        for position in head..tail {
            // SAFETY: we are alone, and the items between head and tail are owned by the ring (invariant 1).
            drop(unsafe { T::from_raw(self.read(position)) });
        }
    }
}

/// The owner's end.
pub(crate) struct LocalQueue<T: Item> {
    ring: Arc<Ring<T>>,
    /// Whether a batch came back by itself since the last `rotate`.
    has_refilled: bool,
    /// Where the ring's head was at the last `rotate`, or would have been but for an overflow since.
    rotated_head: usize,
}

/// Everyone else's end.
pub(crate) struct Stealer<T: Item> {
    ring: Arc<Ring<T>>,
}

// SAFETY: the ring hands out each item once (invariant 2), and items are `Send`.
unsafe impl<T: Item> Send for LocalQueue<T> {}
// SAFETY: as above.
unsafe impl<T: Item> Send for Stealer<T> {}
// SAFETY: as above; a stealer's methods may run on many threads.
unsafe impl<T: Item> Sync for Stealer<T> {}

/// Why nothing was stolen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StealError {
    /// There was nothing.
    Empty,
    /// Someone else was faster; there may be more.
    Busy,
}

/// A queue and the means to steal from it.
pub(crate) fn local_queue<T: Item>() -> (LocalQueue<T>, Stealer<T>) {
    let slots = (0..CAPACITY).map(|_| AtomicPtr::new(std::ptr::null_mut())).collect::<Vec<_>>();
    let Ok(slots) = slots.try_into() else { unreachable!("the vector has CAPACITY elements") };
    let ring = Arc::new(Ring {
        head: CachePadded::new(AtomicUsize::new(0)),
        tail: CachePadded::new(AtomicUsize::new(0)),
        slots,
        overflow: SegQueue::new(),
    });
    (LocalQueue { ring: ring.clone(), has_refilled: false, rotated_head: 0 }, Stealer { ring })
}

impl<T: Item> LocalQueue<T> {
    /// Puts an item at the back of the ring. If that is full, its older half and the item become a batch.
    #[inline]
    pub(crate) fn push_back(&mut self, item: T) {
        let ring = &*self.ring;
        // Ordering: Relaxed; the tail is ours. Acquire pairs with the Release of a stealer's claim: it has read the
        // slots that we now write again.
        let tail = ring.tail.load(Ordering::Relaxed);
        let head = ring.head.load(Ordering::Acquire);
        if tail - head < CAPACITY {
            ring.slot(tail).store(item.into_raw(), Ordering::Relaxed);
            // Ordering: Release publishes the slot to stealers.
            ring.tail.store(tail + 1, Ordering::Release);
        } else {
            self.push_overflow(item, head);
        }
    }

    #[cold]
    fn push_overflow(&mut self, item: T, head: usize) {
        let half = CAPACITY / 2;
        let Some(mut batch) = self.claim(head, half) else {
            // A stealer made room; it took at least one.
            return self.push_back(item);
        };
        batch.push(item);
        self.ring.overflow.push(batch);
        self.rotated_head += half;
    }

    /// Takes the oldest `count` items, the first of which is at `head`; none if a stealer took that one.
    fn claim(&mut self, head: usize, count: usize) -> Option<Vec<T>> {
        // Ordering: Release as for a stealer's claim; the items are our own, so there is nothing to acquire.
        self.ring.head.compare_exchange(head, head + count, Ordering::Release, Ordering::Relaxed).ok()?;
        let mut items = Vec::with_capacity(count + 1);
        // Read after the claim: nobody but we writes the slots.
        // SAFETY: the claim made them ours (invariant 2).
        items.extend((head..head + count).map(|position| unsafe { T::from_raw(self.ring.read(position)) }));
        Some(items)
    }

    /// Brings the oldest batch that overflowed back into the ring, at its end, unless one came back by itself since the
    /// last call. If it does not fit, it changes places with all that the ring holds.
    ///
    /// So what is too much for the ring stands in lines, each in its order, and the lines take turns. A line whose turn
    /// it is has its first item popped before the next, and one that is pushed again goes to the line's end: every item
    /// comes to the front. To let the ring overflow here instead does not do: the last of a batch of 129 then overflows
    /// each time, and is never popped.
    pub(crate) fn rotate(&mut self) {
        let is_untouched = self.remaining() < CAPACITY && self.ring.head() == self.rotated_head;
        if std::mem::take(&mut self.has_refilled) || is_untouched {
            return;
        }
        let Some(batch) = self.ring.overflow.pop() else { return };
        while batch.len() > self.remaining() {
            let (head, count) = (self.ring.head(), self.ring.len());
            if let Some(line) = self.claim(head, count).filter(|line| !line.is_empty()) {
                self.ring.overflow.push(line);
            }
        }
        batch.into_iter().for_each(|item| self.push_back(item));
        self.rotated_head = self.ring.head();
    }

    /// Takes the oldest item.
    #[inline]
    pub(crate) fn pop_front(&mut self) -> Option<T> {
        let ring = &*self.ring;
        // Ordering: Relaxed; the tail is ours, and so were the writes of the slots.
        let tail = ring.tail.load(Ordering::Relaxed);
        let mut head = ring.head.load(Ordering::Relaxed);
        while head != tail {
            let raw = ring.read(head);
            // Ordering: Release keeps the reading before the claim; on failure the newer head needs no more.
            match ring.head.compare_exchange_weak(head, head + 1, Ordering::Release, Ordering::Relaxed) {
                // SAFETY: the claim made it ours (invariant 2).
                Ok(_) => return Some(unsafe { T::from_raw(raw) }),
                Err(actual) => head = actual,
            }
        }
        if ring.overflow.is_empty() { None } else { self.pop_overflow() }
    }

    #[cold]
    fn pop_overflow(&mut self) -> Option<T> {
        self.has_refilled = true;
        self.ring.refill(self.ring.overflow.pop()?)
    }

    /// How many items the ring holds; stealers may make it fewer at any time.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.ring.len()
    }

    /// How many more items fit into the ring at least.
    pub(crate) fn remaining(&self) -> usize {
        CAPACITY - self.ring.len()
    }
}

impl<T: Item> Stealer<T> {
    /// Moves half of the ring, rounded up, or if it is empty a batch that overflowed, into `destination`, except one item,
    /// which it returns. `destination` has to be empty.
    pub(crate) fn steal_half_into(&self, destination: &mut LocalQueue<T>) -> Result<T, StealError> {
        let (from, to) = (&*self.ring, &*destination.ring);
        // Ordering: Acquire of the head first, then of the tail, which publishes the slots.
        let head = from.head.load(Ordering::Acquire);
        let available = from.tail.load(Ordering::Acquire).saturating_sub(head);
        if available == 0 {
            let batch = from.overflow.pop().ok_or(StealError::Empty)?;
            return to.refill(batch).ok_or(StealError::Empty);
        }
        if available > CAPACITY {
            // The head was read long before the tail.
            return Err(StealError::Busy);
        }
        let count = available - available / 2;
        // Ordering: the tail is the caller's own. Acquire as in `push_back`: it is needed, not only asserted upon,
        // because we are about to write slots that stealers have read.
        let to_tail = to.tail.load(Ordering::Relaxed);
        let to_head = to.head.load(Ordering::Acquire);
        debug_assert_eq!(to_head, to_tail, "the destination is empty");
        let first = from.read(head);
        for offset in 1..count {
            // Not published until the claim has succeeded.
            to.slot(to_tail + offset - 1).store(from.read(head + offset), Ordering::Relaxed);
        }
        // Ordering: Release pairs with the owner's Acquire in `push_back`: our readings come before its reuse of
        // the slots. Acquire: the items' contents, which the owner published with the tail.
        if from.head.compare_exchange(head, head + count, Ordering::AcqRel, Ordering::Relaxed).is_err() {
            return Err(StealError::Busy);
        }
        // Ordering: Release publishes the slots to other stealers.
        to.tail.store(to_tail + count - 1, Ordering::Release);
        // SAFETY: the claim made it ours (invariant 2).
        Ok(unsafe { T::from_raw(first) })
    }

    /// Takes the oldest batch that overflowed. For a thief that has work of its own.
    pub(crate) fn steal_overflow(&self) -> Option<Vec<T>> {
        self.ring.overflow.pop()
    }

    /// Takes the oldest item of the ring. For a thief that has work of its own.
    pub(crate) fn steal_one(&self) -> Result<T, StealError> {
        // Ordering: as in `steal_half_into`.
        let head = self.ring.head.load(Ordering::Acquire);
        if self.ring.tail.load(Ordering::Acquire).saturating_sub(head) == 0 {
            return Err(StealError::Empty);
        }
        let raw = self.ring.read(head);
        match self.ring.head.compare_exchange(head, head + 1, Ordering::AcqRel, Ordering::Relaxed) {
            // SAFETY: the claim made it ours (invariant 2).
            Ok(_) => Ok(unsafe { T::from_raw(raw) }),
            Err(_) => Err(StealError::Busy),
        }
    }

    /// Whether there was nothing to steal just now.
    pub(crate) fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// How many items the ring held just now.
    pub(crate) fn len(&self) -> usize {
        self.ring.len()
    }
}
