//! A closure on the pool as a task, so that its handle is the same `JoinHandle` that a spawned future has.
//!
//! Not a second way to be scheduled: the task's future answers at its first poll, so nothing ever wakes it.

use std::fmt;
use std::future::Future;
use std::io;
use std::panic::Location;
use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::coop::{Budget, with_budget};
use crate::driver::{Unpark, operation_shut_down_error};
use crate::task::{JoinHandle, Label, OwnedTasks, Runnable, Schedule};
use crate::time::clock::SharedClock;

use super::pool::{Config, Job, Pool, Room, SpawnError};

/// Where blocking tasks are at home: nowhere, since they are never scheduled again.
pub(crate) struct BlockingHome {
    owned: OwnedTasks,
}

// SAFETY: no blocking task stays Pending, so none is ever bound; a static home outlives them anyhow.
unsafe impl Schedule for BlockingHome {
    unsafe fn schedule(_: NonNull<Self>, runnable: Runnable<Self>) {
        runnable.cancel();
    }

    fn reschedule(&self, runnable: Runnable<Self>) {
        runnable.cancel();
    }

    fn owned(&self) -> &OwnedTasks {
        &self.owned
    }
}

/// A closure as a future that answers at once.
struct Closure<F>(Option<F>);

impl<F> Unpin for Closure<F> {}

impl<F: FnOnce() -> T, T> Future for Closure<F> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        match self.0.take() {
            Some(closure) => Poll::Ready(closure()),
            None => unreachable!("a task that has answered is not polled again"),
        }
    }
}

/// A task on its way to a thread of the pool.
struct BlockingJob {
    runnable: Runnable<BlockingHome>,
    home: Arc<Home>,
}

/// What all jobs of a pool share.
struct Home {
    tasks: BlockingHome,
    clock: SharedClock,
    /// Ends the sleep of the scheduler that advances the clock, if there is one.
    unpark: Option<Arc<dyn Unpark>>,
}

impl Home {
    /// A job is over, and whoever waited for it was woken: before that a paused clock must not run ahead.
    fn job_ended(&self) {
        if self.clock.allow_auto_advance() {
            if let Some(unpark) = &self.unpark {
                unpark.unpark();
            }
        }
    }
}

impl Job for BlockingJob {
    fn run(self) {
        with_budget(Budget::unlimited(), || self.runnable.run(&self.home.tasks));
        self.home.job_ended();
    }

    fn cancel(self) {
        self.runnable.cancel();
        self.home.job_ended();
    }
}

/// The blocking pool of a runtime.
#[derive(Clone)]
pub(crate) struct BlockingPool {
    pool: Pool<BlockingJob>,
    home: Arc<Home>,
}

impl BlockingPool {
    /// `unpark` ends the sleep of the scheduler that advances the clock when it is paused.
    pub(crate) fn new(config: Config, clock: SharedClock, unpark: Option<Arc<dyn Unpark>>) -> Self {
        let tasks = BlockingHome { owned: OwnedTasks::new() };
        Self { pool: Pool::new(config), home: Arc::new(Home { tasks, clock, unpark }) }
    }

    /// Runs a closure on a thread of the pool. If the pool is closed the task is cancelled, as its handle will say.
    ///
    /// # Errors
    ///
    /// There is no thread, and none could be started.
    pub(crate) fn spawn<F, T, L>(
        &self,
        closure: F,
        label: L,
        location: &'static Location<'static>,
    ) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
        L: Label,
    {
        let (job, handle) = self.job(closure, label, location);
        match self.pool.spawn(job) {
            Ok(()) => Ok(handle),
            Err(SpawnError::Closed(job)) => {
                job.cancel();
                Ok(handle)
            }
            Err(SpawnError::NoThread(job, error)) => {
                job.cancel();
                Err(error)
            }
        }
    }

    /// [`spawn`](Self::spawn) for a closure that runs even if the pool is closed before it begins: somebody
    /// relies on it.
    ///
    /// # Errors
    ///
    /// As `spawn`, and that the pool is closed already.
    pub(crate) fn spawn_mandatory<F, T>(
        &self,
        closure: F,
        location: &'static Location<'static>,
    ) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let (job, handle) = self.job(closure, (), location);
        let (job, error) = match self.pool.spawn_mandatory(job) {
            Ok(()) => return Ok(handle),
            Err(SpawnError::Closed(job)) => (job, operation_shut_down_error()),
            Err(SpawnError::NoThread(job, error)) => (job, error),
        };
        job.cancel();
        Err(error)
    }

    /// A closure as a job of this pool, which is counted from now on.
    fn job<F, T, L>(
        &self,
        closure: F,
        label: L,
        location: &'static Location<'static>,
    ) -> (BlockingJob, JoinHandle<T>)
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
        L: Label,
    {
        let future = Closure(Some(closure));
        let (runnable, handle) = crate::task::allocate(future, label, &self.home.tasks, location);
        self.home.clock.inhibit_auto_advance();
        (BlockingJob { runnable, home: self.home.clone() }, handle)
    }

    /// Runs a scheduler's worker on a thread of the pool, beside as much blocking work as before. False: there is no
    /// thread.
    pub(crate) fn spawn_worker(&self, main: impl FnOnce() + Send + 'static) -> bool {
        /// Takes the room away again when the worker ends, or does not come to run.
        struct Lent(Pool<BlockingJob>);
        impl Drop for Lent {
            fn drop(&mut self) {
                self.0.change_room(Room::Less);
            }
        }
        self.pool.change_room(Room::More);
        let lent = Lent(self.pool.clone());
        let worker = move || {
            let _lent = lent;
            main();
        };
        self.spawn(worker, (), Location::caller()).is_ok()
    }

    /// Refuses jobs from now on and waits for those that run; false if the time ran out.
    pub(crate) fn shutdown(&self, limit: Option<Duration>) -> bool {
        self.pool.shutdown(limit)
    }

    /// Threads of the pool.
    pub(crate) fn threads(&self) -> usize {
        self.pool.num_threads()
    }
}

impl fmt::Debug for BlockingPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingPool").field("threads", &self.threads()).finish()
    }
}
