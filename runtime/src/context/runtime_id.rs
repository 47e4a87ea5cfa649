//! What tells runtimes apart: [`RuntimeId`], which is `runtime::Id` to its users.
//!
//! Not a key to anything: nothing is found by it. Invariant: no two runtimes of a process have the same one, though one
//! be gone when the other is made.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

static LAST: AtomicU64 = AtomicU64::new(0);

/// Identifies a runtime, or a `LocalSet`, among all of the process.
///
/// ```
/// use mini_runtime::runtime::Runtime;
///
/// let (first, second) = (Runtime::new_bare().unwrap(), Runtime::new_bare().unwrap());
/// assert_ne!(first.handle().id(), second.handle().id());
/// assert_eq!(first.handle().id(), first.handle().clone().id());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RuntimeId(NonZeroU64);

impl RuntimeId {
    /// One that nobody has.
    pub(crate) fn next() -> Self {
        // Ordering: Relaxed; that each addition gives another number is all that is asked.
        let last = LAST.fetch_add(1, Ordering::Relaxed);
        // A count of 64 bits does not come round.
        Self(NonZeroU64::MIN.saturating_add(last))
    }
}

impl fmt::Display for RuntimeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for RuntimeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.0)
    }
}
