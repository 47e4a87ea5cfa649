//! One place where panics of user code (a waker, a drop) stop: [`guarded`].
//!
//! Not for polls, whose panics are kept for the joiner.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `f` and stops a panic of it. The panic hook has reported it by then; the payload is leaked, because its drop
/// could panic again.
#[inline]
pub fn guarded(f: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(f)) {
        std::mem::forget(payload);
    }
}
