//! The heap: how much of it is in use, and, where that is switched on, every allocation counted.
//!
//! [`Heap`] is the system's allocator with a counter before it; all binaries have it, so that all pay the same: one
//! load of a flag that never changes while work runs. What is in use is asked of the allocator itself, chunk headers
//! and rounding included, since that is what a program's memory grows by.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

static IS_COUNTING: AtomicBool = AtomicBool::new(false);
static MADE: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// The allocator of the suite's binaries.
pub struct Heap;

/// Allocations up to now.
#[derive(Debug, Clone, Copy)]
pub struct Count {
    /// How many were made, those that moved to another size included.
    pub made: u64,
    /// The bytes that were asked for.
    pub bytes: u64,
}

/// Counts from now on.
pub fn start_counting() {
    IS_COUNTING.store(true, Ordering::Relaxed);
}

/// Whether allocations are counted.
pub fn is_counting() -> bool {
    IS_COUNTING.load(Ordering::Relaxed)
}

/// What was counted up to now.
pub fn count() -> Count {
    Count { made: MADE.load(Ordering::Relaxed), bytes: BYTES.load(Ordering::Relaxed) }
}

/// Bytes that the allocator has handed out and not got back, over all its arenas.
pub fn bytes_in_use() -> u64 {
    // SAFETY: takes no argument and only reads the allocator's own state, under its locks.
    let info = unsafe { libc::mallinfo2() };
    (info.uordblks + info.hblkhd) as u64
}

fn note(layout: Layout) {
    if IS_COUNTING.load(Ordering::Relaxed) {
        MADE.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size() as u64, Ordering::Relaxed);
    }
}

// SAFETY: every call is the system allocator's own, with the caller's arguments; counting allocates nothing.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout);
        // SAFETY: the caller's contract is the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if let Ok(layout) = Layout::from_size_align(size, layout.align()) {
            note(layout);
        }
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
