//! How the `blocking_*` calls of this module wait: on the calling thread, where that is allowed.
//!
//! Not a runtime: nothing else runs on the thread meanwhile. The invariant is that no thread that drives tasks
//! sleeps here.

use std::future::Future;

/// Drives `future` on this thread; `what` names the caller's call in the panic of a thread that must not
/// block.
#[track_caller]
pub(super) fn block_on<F: Future>(what: &str, future: F) -> F::Output {
    crate::context::assert_may_block(what);
    crate::park::block_on_thread(future)
}
