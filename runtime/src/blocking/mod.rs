//! Work that may block its thread, run beside the scheduler's workers.
//!
//! Not for work that waits on an fd or a timer: that is what tasks are for. The invariant: whatever runs here
//! holds up no worker.

mod operation;
#[allow(dead_code)] // Some of its accessors serve metrics and `fs`.
pub(crate) mod pool;
mod task;

pub(crate) use operation::Operation;
pub(crate) use pool::Config;
pub(crate) use task::BlockingPool;
