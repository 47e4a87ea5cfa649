//! The reactor thread's sleep without limit, and how a worker that leaves its own sleep ends it: [`DeepSleep`].
//!
//! Not the nap between two looks (`watch`). The protocol:
//!
//! | the reactor thread | a worker that leaves its sleep, or a guest that comes |
//! |---|---|
//! | 1. sets `is_asleep` | 1. clears its bit in `Idle`, or says that it is present |
//! | 2. `fence(SeqCst)` | 2. `fence(SeqCst)` |
//! | 3. checks that all are parked | 3. reads `is_asleep`, and if it is set ends the sleep |
//!
//! Either it sees that a worker is awake, or the worker sees it asleep.

use crate::primitive::sync::atomic::{AtomicBool, Ordering, fence};

/// See the head of this file.
pub(super) struct DeepSleep {
    /// Whether the thread sleeps without limit, or is about to. Set by it, cleared by it or by who ends the sleep.
    is_asleep: AtomicBool,
}

impl DeepSleep {
    pub(super) fn new() -> Self {
        Self { is_asleep: AtomicBool::new(false) }
    }

    /// Steps 1 to 3 of the reactor thread; `are_all_parked` is the third. True: it may sleep.
    #[must_use]
    pub(super) fn announce(&self, are_all_parked: impl FnOnce() -> bool) -> bool {
        // Ordering: Relaxed; the fence orders it before the check, see the head.
        self.is_asleep.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        let is_allowed = are_all_parked();
        if !is_allowed {
            self.end();
        }
        is_allowed
    }

    /// The reactor thread is awake.
    pub(super) fn end(&self) {
        // Ordering: Relaxed; whoever still sees it set unparks once too often.
        self.is_asleep.store(false, Ordering::Relaxed);
    }

    /// Step 3 of a worker, whose fence comes before. True: the caller shall unpark the reactor thread.
    #[inline]
    #[must_use]
    pub(super) fn rouse(&self) -> bool {
        // Ordering: Relaxed load, see the fences at the head; the swap makes one of many rousers unpark.
        self.is_asleep.load(Ordering::Relaxed) && self.is_asleep.swap(false, Ordering::AcqRel)
    }
}
