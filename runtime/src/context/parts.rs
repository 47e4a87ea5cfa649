//! What a runtime is made of, as far as its threads need to find it: [`Parts`].
//!
//! Not the owner: `runtime` makes them, starts them and ends them.

use std::any::Any;
use std::sync::Arc;

use crate::blocking::BlockingPool;
use crate::scheduler::Scheduler;
use crate::time::clock::SharedClock;
use crate::time::timers::SharedTimers;

/// A scheduler, a blocking pool, a clock, and perhaps I/O.
pub(crate) struct Parts {
    pub(crate) scheduler: Scheduler,
    pub(crate) blocking: BlockingPool,
    /// What resources register themselves with, if I/O is enabled.
    pub(crate) io: Option<Arc<dyn Any + Send + Sync>>,
    pub(crate) clock: SharedClock,
}

impl Parts {
    /// The wheel for sleeps of threads that are no workers.
    pub(crate) fn timers(&self) -> SharedTimers {
        match &self.scheduler {
            Scheduler::CurrentThread(shared) => shared.timers().clone(),
            Scheduler::MultiThread(shared) => shared.outside_timers().clone(),
        }
    }
}
