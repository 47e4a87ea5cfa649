//! `block_in_place` within the future of `Handle::block_on`: the thread lays the core down, for others in `block_on` to
//! take, and takes it back if it is still there.
//!
//! Not for tasks: the one thread that may run the others would be blocked with them. A future that came from outside
//! has no such claim on its thread, which only happens to drive.

use super::{CURRENT, Driving};

/// Runs `f` on this thread, which is polling a future that is no task, and meanwhile drives nothing.
pub(crate) fn block_in_place<R>(f: impl FnOnce() -> R) -> R {
    CURRENT.with(|current| {
        current.with(|driving| {
            let _take_back = driving.filter(|driving| driving.has_core()).map(TakeBack::new);
            current.unset(f)
        })
    })
}

/// Takes the core back, also after a panic.
struct TakeBack<'a>(&'a Driving);

impl<'a> TakeBack<'a> {
    fn new(driving: &'a Driving) -> Self {
        driving.lay_down();
        Self(driving)
    }
}

impl Drop for TakeBack<'_> {
    fn drop(&mut self) {
        self.0.take_back();
    }
}
