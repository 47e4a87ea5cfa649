//! Whether the main future is to be polled: [`MainWoken`].
//!
//! Not its waker (`guest`). The protocol, and why no wake is lost:
//!
//! | the one that wakes the main future | the guest |
//! |---|---|
//! | 1. sets the flag; if it was set, another does the rest | 1. sets its bit in `Idle` |
//! | 2. `fence(SeqCst)` | 2. `fence(SeqCst)` |
//! | 3. reads the guest's bit, and if it is set unparks it | 3. reads the flag, and if it is set does not sleep |
//!
//! The bit is read, not claimed: a claim would count the guest as searching while it polls the main future, and all
//! who push meanwhile would rely on it.

use crate::primitive::sync::atomic::{AtomicBool, Ordering};

/// See the head of this file.
pub(crate) struct MainWoken {
    /// Set by wakers on any thread, taken by the guest.
    is_woken: AtomicBool,
}

impl MainWoken {
    pub(super) fn new() -> Self {
        Self { is_woken: AtomicBool::new(false) }
    }

    /// Sets the flag for a first poll, which nobody waits for.
    pub(super) fn start(&self) {
        self.is_woken.store(true, Ordering::Relaxed);
    }

    /// Step 1 of a waker. False: it was set.
    #[must_use]
    pub(super) fn wake(&self) -> bool {
        // Ordering: Release hands over what came before the wake, also of a second one; `take` acquires it.
        !self.is_woken.swap(true, Ordering::AcqRel)
    }

    /// Whether the flag is set. For the guest's third step its fence comes before.
    pub(super) fn is_woken(&self) -> bool {
        self.is_woken.load(Ordering::Relaxed)
    }

    /// Takes the flag; the guest then polls.
    #[inline]
    pub(super) fn take(&self) -> bool {
        // Ordering: a Relaxed load to spare a running worker the swap; Acquire pairs with the wake's Release.
        self.is_woken() && self.is_woken.swap(false, Ordering::Acquire)
    }
}
