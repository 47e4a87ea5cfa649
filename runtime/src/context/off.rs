//! Stands in for `context` when the feature `rt` is off: no thread is ever in a runtime.

use std::any::Any;
use std::sync::Arc;

/// What resources of the current runtime's driver register themselves with: always `None` without the feature `rt`.
///
/// ```
/// assert!(mini_runtime::context::io_handle().is_none());
/// ```
pub fn io_handle() -> Option<Arc<dyn Any + Send + Sync>> {
    None
}

/// Without a runtime every thread may block.
#[allow(dead_code)] // Its callers depend on the features.
pub(crate) fn assert_may_block(_what: &str) {}

/// Without a runtime there are only the process-wide timers.
#[cfg(feature = "time")]
pub(crate) fn timers() -> Option<(crate::time::timers::SharedTimers, crate::time::timers::Registrar)> {
    None
}

/// Without a runtime there is only the system's clock.
#[cfg(feature = "time")]
pub(crate) fn with_clock<R>(f: impl FnOnce(Option<&crate::time::clock::SharedClock>) -> R) -> R {
    f(None)
}
