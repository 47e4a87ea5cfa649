//! TEMP stub: the runtime a thread is in.
use std::any::Any;
use std::sync::Arc;

/// stub
pub fn io_handle() -> Option<Arc<dyn Any + Send + Sync>> {
    None
}
