//! The storage of an mpsc channel: a list of blocks of slots, written by many senders and read by one
//! receiver.
//!
//! Not the admission: who may claim a position, and when, is `word`'s and `channel`'s concern. Here and in
//! `ends` is all the unsafe code of mpsc.
//!
//! A position is a lap and an offset: the block, and the slot in it. The last offset of a lap,
//! [`BLOCK_SLOTS`], is no slot; a tail that stands on it says that the next block is being linked. The layout
//! is crossbeam's `SegQueue`'s, made simpler by the single receiver, who alone frees blocks.
//!
//! # Invariants
//!
//! 1. `tail_block` is the block of the tail's lap whenever the tail is on a slot: it is stored before the
//!    tail leaves [`BLOCK_SLOTS`]. A claim that succeeds on a tail therefore owns that slot of that block.
//! 2. A sender touches a block only between its claim and the `is_ready` of its slot, which is its last
//!    touch. The claimer of the last slot links the next block before that. So the receiver may reuse a block
//!    whose slots it has all read.
//! 3. A slot's value is there exactly while `is_ready`; the receiver takes it out and clears the flag.

use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

/// Positions of one lap, a power of two. Small in models, so that they cross blocks.
pub(super) const LAP: u64 = if cfg!(loom) { 4 } else { 32 };
/// Slots of one block: one position of the lap is none.
pub(super) const BLOCK_SLOTS: u64 = LAP - 1;

struct Slot<T> {
    /// Set by the sender after the value, cleared by the receiver (3).
    is_ready: AtomicBool,
    value: UnsafeCell<MaybeUninit<T>>,
}

/// A block of slots.
pub(super) struct Block<T> {
    /// Set by the claimer of the last slot (2).
    next: AtomicPtr<Block<T>>,
    slots: [Slot<T>; BLOCK_SLOTS as usize],
}

impl<T> Block<T> {
    fn allocate() -> NonNull<Self> {
        let slots = std::array::from_fn(|_| Slot {
            is_ready: AtomicBool::new(false),
            value: UnsafeCell::new(MaybeUninit::uninit()),
        });
        NonNull::from(Box::leak(Box::new(Self { next: AtomicPtr::new(ptr::null_mut()), slots })))
    }

    /// # Safety
    ///
    /// The block must be from `allocate`, in no list, with no value in it.
    unsafe fn free(block: NonNull<Self>) {
        // SAFETY: by the caller's contract.
        drop(unsafe { Box::from_raw(block.as_ptr()) });
    }
}

/// The senders' end.
pub(super) struct Tail<T> {
    /// The block of the tail's lap (1).
    block: AtomicPtr<Block<T>>,
    /// A block the receiver has emptied, for the next lap; null if there is none.
    spare: AtomicPtr<Block<T>>,
}

/// The receiver's end: `&mut` is the receiver's alone.
pub(super) struct Head<T> {
    block: NonNull<Block<T>>,
    position: u64,
}

// SAFETY: both ends only hand values from the thread that wrote the slot to the one that reads it.
unsafe impl<T: Send> Send for Tail<T> {}
// SAFETY: as above; `&Tail` never gives out `&T`.
unsafe impl<T: Send> Sync for Tail<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for Head<T> {}

/// A slot that belongs to whoever claimed it, until [`publish`](Self::publish).
#[must_use = "a claimed slot that is not published stops the receiver"]
pub(super) struct Claim<T> {
    block: NonNull<Block<T>>,
    offset: usize,
}

/// A block got ready before a claim of a last slot; goes back if the claim fails.
pub(super) struct NextBlock<T>(Option<NonNull<Block<T>>>);

impl<T> NextBlock<T> {
    pub(super) const fn none() -> Self {
        Self(None)
    }
}

impl<T> Drop for NextBlock<T> {
    fn drop(&mut self) {
        if let Some(block) = self.0 {
            // SAFETY: it was never linked.
            unsafe { Block::free(block) };
        }
    }
}

/// An empty list.
pub(super) fn block_list<T>() -> (Tail<T>, Head<T>) {
    let block = Block::allocate();
    let tail = Tail { block: AtomicPtr::new(block.as_ptr()), spare: AtomicPtr::new(ptr::null_mut()) };
    (tail, Head { block, position: 0 })
}

impl<T> Tail<T> {
    /// Gets ready to claim `position`, which is on a slot: reads the block, and has the next one at hand if
    /// the slot is the last.
    #[inline]
    pub(super) fn prepare(&self, position: u64, next: &mut NextBlock<T>) -> *mut Block<T> {
        if position % LAP + 1 == BLOCK_SLOTS && next.0.is_none() {
            // Ordering: Acquire pairs with the Release in `recycle`, which cleared the block.
            let spare = self.spare.swap(ptr::null_mut(), Ordering::Acquire);
            next.0 = Some(NonNull::new(spare).unwrap_or_else(Block::allocate));
        }
        // Ordering: Acquire pairs with the Release in `claimed`.
        self.block.load(Ordering::Acquire)
    }

    /// The claim of `position` succeeded. `advance` moves the tail from [`BLOCK_SLOTS`] to the next lap.
    ///
    /// # Safety
    ///
    /// `block` and `next` must come from a `prepare` for this position, between whose read of the tail and
    /// the claim the tail did not change, and the claim must be the caller's.
    #[inline]
    pub(super) unsafe fn claimed(
        &self,
        position: u64,
        block: *mut Block<T>,
        next: &mut NextBlock<T>,
        advance: impl FnOnce(),
    ) -> Claim<T> {
        // SAFETY: the list always has a block.
        let block = unsafe { NonNull::new_unchecked(block) };
        if position % LAP + 1 == BLOCK_SLOTS {
            let linked = next.0.take().map_or(ptr::null_mut(), NonNull::as_ptr);
            debug_assert!(!linked.is_null());
            // Ordering: Release publishes the block's content; then `advance`, also a Release, says that it
            // is there (1).
            self.block.store(linked, Ordering::Release);
            advance();
            // Ordering: Release; the receiver reads it after this slot's `is_ready` (2).
            // SAFETY: our slot is not published, so the block is alive (2).
            unsafe { block.as_ref() }.next.store(linked, Ordering::Release);
        }
        Claim { block, offset: (position % LAP) as usize }
    }
}

impl<T> Claim<T> {
    /// Puts the value into the slot for the receiver.
    #[inline]
    pub(super) fn publish(self, value: T) {
        // SAFETY: the slot is not published, so the block is alive (2).
        let slot = unsafe { &self.block.as_ref().slots[self.offset] };
        // SAFETY: the slot is ours by the claim and empty (3).
        slot.value.with_mut(|cell| unsafe { (*cell).write(value) });
        // Ordering: Release hands the value to the Acquire in `pop`.
        slot.is_ready.store(true, Ordering::Release);
    }
}

impl<T> Head<T> {
    /// Where the next value is or will be.
    #[inline]
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Takes the next value, if its sender has published it.
    #[inline]
    pub(super) fn pop(&mut self, tail: &Tail<T>) -> Option<T> {
        let offset = self.position % LAP;
        // SAFETY: the receiver's block is alive until the receiver leaves it, below.
        let slot = unsafe { &self.block.as_ref().slots[offset as usize] };
        // Ordering: Acquire pairs with the Release in `publish`.
        if !slot.is_ready.load(Ordering::Acquire) {
            return None;
        }
        // SAFETY: the value is there (3), and the flag is cleared before it could be read again.
        let value = slot.value.with(|cell| unsafe { (*cell).assume_init_read() });
        // Ordering: Relaxed, the slot is used again only after `recycle`.
        slot.is_ready.store(false, Ordering::Relaxed);
        self.position += 1;
        if offset + 1 == BLOCK_SLOTS {
            self.position += 1;
            self.leave_block(tail);
        }
        Some(value)
    }

    /// The last slot was read: goes to the next block and gives this one to the senders.
    fn leave_block(&mut self, tail: &Tail<T>) {
        // SAFETY: as in `pop`.
        let next = unsafe { self.block.as_ref() }.next.load(Ordering::Acquire);
        let next = NonNull::new(next).expect("the last slot is published after the next block is linked");
        let emptied = std::mem::replace(&mut self.block, next);
        // SAFETY: all its slots were published and read, so nobody touches it (2).
        unsafe { emptied.as_ref() }.next.store(ptr::null_mut(), Ordering::Relaxed);
        // Ordering: Release pairs with the Acquire in `prepare`.
        let kept = tail.spare.compare_exchange(
            ptr::null_mut(),
            emptied.as_ptr(),
            Ordering::Release,
            Ordering::Relaxed,
        );
        if kept.is_err() {
            // SAFETY: as above, and it is in no list.
            unsafe { Block::free(emptied) };
        }
    }

    /// Frees all blocks. Values still in them are lost, not dropped: `pop` them before.
    ///
    /// # Safety
    ///
    /// No sender may use `tail` any more, and neither end may be used again.
    pub(super) unsafe fn free(&mut self, tail: &Tail<T>) {
        let mut block = Some(self.block);
        while let Some(current) = block {
            // SAFETY: the caller is alone with the list, and each block is reached once.
            block = NonNull::new(unsafe { current.as_ref() }.next.load(Ordering::Acquire));
            // SAFETY: as above.
            unsafe { Block::free(current) };
        }
        if let Some(spare) = NonNull::new(tail.spare.swap(ptr::null_mut(), Ordering::Acquire)) {
            // SAFETY: a spare block is in no list.
            unsafe { Block::free(spare) };
        }
    }
}
