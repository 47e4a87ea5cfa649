//! Who runs which task, and where: the schedulers, one module each.
//!
//! Not the runtime that a user holds (`runtime`), which puts a scheduler, a driver, a clock and a blocking pool
//! together.

mod ahead;
pub(crate) mod counts;
pub(crate) mod current_thread;
mod look_timer;
pub(crate) mod multi_thread;
pub(crate) mod threads;
mod worker_parker;

use std::future::Future;
use std::panic::Location;
use std::sync::Arc;

use crate::context;
use crate::task::{JoinHandle, Label};
use crate::time::timers::SharedTimers;
use crate::util::guarded;

use counts::Counts;

/// What the scheduler's short times are multiplied by. Miri runs this code a hundred times as slowly and more: without
/// it every worker would look stalled there, and the others do nothing but relieve it.
const PACE: u32 = if cfg!(miri) { 100 } else { 1 };

/// One of the schedulers.
#[derive(Clone, Debug)]
pub(crate) enum Scheduler {
    CurrentThread(Arc<current_thread::Shared>),
    MultiThread(Arc<multi_thread::Shared>),
}

impl Scheduler {
    /// Spawns a task.
    #[inline]
    pub(crate) fn spawn<F, L>(
        &self,
        future: F,
        label: L,
        location: &'static Location<'static>,
    ) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
        L: Label,
    {
        match self {
            Self::CurrentThread(shared) => shared.spawn(future, label, location),
            Self::MultiThread(shared) => shared.spawn(future, label, location),
        }
    }

    /// How many workers run at the same time.
    pub(crate) fn workers(&self) -> usize {
        match self {
            Self::CurrentThread(_) => 1,
            Self::MultiThread(shared) => shared.workers(),
        }
    }

    /// Tasks that were spawned and are not over.
    pub(crate) fn alive_tasks(&self) -> usize {
        match self {
            Self::CurrentThread(shared) => shared.alive_tasks(),
            Self::MultiThread(shared) => shared.alive_tasks(),
        }
    }

    /// Tasks in the injector.
    pub(crate) fn injected_tasks(&self) -> usize {
        match self {
            Self::CurrentThread(shared) => shared.injected_tasks(),
            Self::MultiThread(shared) => shared.injected_tasks(),
        }
    }

    /// What the worker of this number counts; they begin with zero.
    #[track_caller]
    pub(crate) fn counts(&self, worker: usize) -> &Counts {
        let workers = self.workers();
        assert!(
            worker < workers,
            "there is no worker {worker}; the runtime has {workers}, counted from zero"
        );
        match self {
            Self::CurrentThread(shared) => shared.counts(),
            Self::MultiThread(shared) => shared.counts(worker),
        }
    }
}

/// The number of the worker that this thread acts as.
pub(crate) fn worker_index() -> Option<usize> {
    if current_thread::is_driving_any() {
        return (!context::is_visited()).then_some(0);
    }
    multi_thread::worker_index_here()
}

/// The timers of the worker that this thread acts as.
#[inline]
pub(crate) fn worker_timers() -> Option<SharedTimers> {
    multi_thread::timers_here()
}

/// A function of the user's, called at a certain point in the life of a thread.
pub(crate) type Hook = Arc<dyn Fn() + Send + Sync>;

/// What the user wants to be told of. A hook that panics is reported by the panic hook and otherwise ignored.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) on_thread_start: Option<Hook>,
    pub(crate) on_thread_stop: Option<Hook>,
    pub(crate) on_thread_park: Option<Hook>,
    pub(crate) on_thread_unpark: Option<Hook>,
}

impl Hooks {
    pub(crate) fn call(hook: &Option<Hook>) {
        if let Some(hook) = hook {
            guarded(|| hook());
        }
    }

    pub(crate) fn before_park(&self) {
        Self::call(&self.on_thread_park);
    }

    pub(crate) fn after_unpark(&self) {
        Self::call(&self.on_thread_unpark);
    }
}
