//! One place where panics of user code (a waker, a drop) stop: [`guarded`].
//!
//! Not for polls, whose panics are kept for the joiner.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `f` and stops a panic of it, which the panic hook has reported by then. The payload's drop may panic in its turn;
/// what that leaves is leaked, so that this comes to an end.
#[inline]
pub fn guarded(f: impl FnOnce()) {
    let Err(payload) = catch_unwind(AssertUnwindSafe(f)) else { return };
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
}
