//! What a runtime is made of, as far as its threads need to find it: [`Parts`].
//!
//! Not the owner: `runtime` makes them, starts them and ends them.

use std::any::Any;
use std::sync::Arc;

use crate::blocking::BlockingPool;
use crate::scheduler::Scheduler;
use crate::time::clock::SharedClock;
use crate::time::timers::{Registrar, SharedTimers};

use super::RuntimeId;

/// A scheduler, a blocking pool, a clock, and perhaps I/O.
pub(crate) struct Parts {
    pub(crate) id: RuntimeId,
    /// The one that the user gave it.
    pub(crate) name: Option<Box<str>>,
    pub(crate) scheduler: Scheduler,
    pub(crate) blocking: BlockingPool,
    /// What resources register themselves with, if I/O is enabled.
    pub(crate) io: Option<Arc<dyn Any + Send + Sync>>,
    pub(crate) clock: SharedClock,
}

impl Parts {
    /// The timers for sleeps of a thread that is no worker, and whether it drives them.
    pub(crate) fn timers(&self) -> (SharedTimers, Registrar) {
        match &self.scheduler {
            Scheduler::CurrentThread(shared) if shared.is_driven_here() => {
                (shared.timers(), Registrar::Driver)
            }
            Scheduler::CurrentThread(shared) => (shared.timers(), Registrar::Foreign),
            Scheduler::MultiThread(shared) => (shared.outside_timers(), Registrar::Foreign),
        }
    }
}
