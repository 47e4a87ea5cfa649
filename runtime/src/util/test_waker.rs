//! A waker for tests that counts what is done with it and panics where it is told to.
//!
//! Not for models: its counters are plain atomics that loom does not see.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{RawWaker, RawWakerVTable, Waker};

/// Which of a waker's functions panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Clone,
    Wake,
    Drop,
}

#[derive(Debug, Default)]
struct Counts {
    wakes: AtomicUsize,
    clones: AtomicUsize,
    made: AtomicUsize,
    dropped: AtomicUsize,
    fault: Option<Fault>,
}

/// The test's side of a counting waker.
#[derive(Debug)]
pub(crate) struct TestWaker(Arc<Counts>);

impl TestWaker {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    pub(crate) fn with_fault(fault: Fault) -> Self {
        Self(Arc::new(Counts { fault: Some(fault), ..Counts::default() }))
    }

    pub(crate) fn waker(&self) -> Waker {
        self.0.made.fetch_add(1, Ordering::SeqCst);
        // SAFETY: the pointer came from `Arc::into_raw` and the table's functions keep its count, as RawWaker
        // asks.
        unsafe { Waker::from_raw(RawWaker::new(Arc::into_raw(Arc::clone(&self.0)).cast(), &TABLE)) }
    }

    pub(crate) fn wakes(&self) -> usize {
        self.0.wakes.load(Ordering::SeqCst)
    }

    pub(crate) fn clones(&self) -> usize {
        self.0.clones.load(Ordering::SeqCst)
    }

    /// Wakers made or cloned and neither woken by value nor dropped.
    pub(crate) fn alive(&self) -> usize {
        self.0.made.load(Ordering::SeqCst) + self.clones() - self.0.dropped.load(Ordering::SeqCst)
    }
}

/// Drops a waker that may panic then.
pub(crate) fn discard(waker: Waker) {
    let _ = std::panic::catch_unwind(|| drop(waker));
}

static TABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: `data` is from `Arc::into_raw`, and the waker being cloned keeps it alive.
    let counts = unsafe { &*data.cast::<Counts>() };
    assert_ne!(counts.fault, Some(Fault::Clone), "the test's waker panics in clone");
    counts.clones.fetch_add(1, Ordering::SeqCst);
    // SAFETY: as above.
    unsafe { Arc::increment_strong_count(data.cast::<Counts>()) };
    RawWaker::new(data, &TABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: waking by value gives up the waker's own count.
    let counts = unsafe { Arc::from_raw(data.cast::<Counts>()) };
    counts.wakes.fetch_add(1, Ordering::SeqCst);
    counts.dropped.fetch_add(1, Ordering::SeqCst);
    assert_ne!(counts.fault, Some(Fault::Wake), "the test's waker panics in wake");
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the waker keeps its count.
    let counts = unsafe { &*data.cast::<Counts>() };
    counts.wakes.fetch_add(1, Ordering::SeqCst);
    assert_ne!(counts.fault, Some(Fault::Wake), "the test's waker panics in wake");
}

unsafe fn drop_waker(data: *const ()) {
    // SAFETY: dropping gives up the waker's own count.
    let counts = unsafe { Arc::from_raw(data.cast::<Counts>()) };
    counts.dropped.fetch_add(1, Ordering::SeqCst);
    if counts.fault == Some(Fault::Drop) && !std::thread::panicking() {
        panic!("the test's waker panics in drop");
    }
}
