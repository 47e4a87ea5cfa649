//! The name that a machine gives a task: [`Id`].
//!
//! Not a sequence number. It is the task's address, so that neither a spawn nor a task pays for it; as with tokio, ids
//! are unique among the tasks that exist, and one may be used again when its task and all handles to it are gone.

use std::fmt;
use std::num::NonZeroU64;
use std::ptr::NonNull;

use super::header::Header;

/// Identifies a task among those that exist.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let first = mini_runtime::runtime::spawn(async {});
/// let second = mini_runtime::runtime::spawn(async {});
/// assert_ne!(first.id(), second.id());
/// # });
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(NonZeroU64);

impl Id {
    pub(super) fn of(task: NonNull<Header>) -> Self {
        // Lossless: no target has pointers of more than 64 bits.
        Self(task.addr().try_into().unwrap_or(NonZeroU64::MAX))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({:x})", self.0)
    }
}
