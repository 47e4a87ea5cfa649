//! One place where panics of user code (a waker, a drop, a hook) stop: [`guarded`].
//!
//! Not for polls, whose panics are kept for the joiner.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `f` answers, or `None` if it panicked, which the panic hook has reported by then.
///
/// ```
/// use mini_runtime::util::guarded;
///
/// assert_eq!(guarded(|| 42), Some(42));
/// assert_eq!(guarded(|| -> u32 { panic!("a waker of the user's") }), None);
/// ```
#[inline]
pub fn guarded<R>(f: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(result) => Some(result),
        Err(payload) => {
            drop_payload(payload);
            None
        }
    }
}

/// A payload's drop may panic in its turn, and the drop of what that leaves too; what then is left is leaked, so that
/// this comes to an end.
#[cold]
fn drop_payload(payload: Box<dyn Any + Send>) {
    let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) else { return };
    let Err(third) = catch_unwind(AssertUnwindSafe(|| drop(second))) else { return };
    std::mem::forget(third);
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::panic::panic_any;

    /// Panics as often as it says, each drop with a payload that does it once less.
    struct PanicsInDrop(u32);

    impl Drop for PanicsInDrop {
        fn drop(&mut self) {
            if self.0 > 0 {
                panic_any(PanicsInDrop(self.0 - 1));
            }
        }
    }

    #[test]
    fn what_does_not_panic_answers() {
        assert_eq!(guarded(|| 42), Some(42));
    }

    #[test]
    fn a_payload_that_panics_in_its_drop_is_dropped_and_so_is_what_it_leaves() {
        for drops in 0..2 {
            assert_eq!(guarded(|| panic_any(PanicsInDrop(drops))), None::<()>);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "what is left in the end is leaked")]
    fn payloads_that_panic_without_end_come_to_one() {
        assert_eq!(guarded(|| panic_any(PanicsInDrop(u32::MAX))), None::<()>);
    }
}
