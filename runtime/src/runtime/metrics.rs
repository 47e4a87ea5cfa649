//! [`RuntimeMetrics`]: numbers about a runtime, to be read at any time.
//!
//! Not the counting, which each worker does for itself (`scheduler::counts`). No invariant holds between two of these
//! numbers: they are read one after the other while the runtime goes on.

use std::fmt;
use std::time::Duration;

use super::Handle;

/// What a runtime counts of itself.
///
/// Always there, and too cheap to be turned off. It does not keep the runtime alive; when that has ended the numbers stay
/// as they were, and no task is left.
///
/// ```
/// use mini_runtime::runtime::{Builder, NoDriver, spawn};
///
/// # fn main() -> std::io::Result<()> {
/// let runtime = Builder::<NoDriver>::new_current_thread().build()?;
/// let metrics = runtime.metrics();
/// assert_eq!(metrics.num_alive_tasks(), 0);
/// let task = runtime.spawn(std::future::pending::<()>());
/// assert_eq!(metrics.num_alive_tasks(), 1);
/// assert_eq!(metrics.global_queue_depth(), 1);
/// # drop(task);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RuntimeMetrics {
    handle: Handle,
}

impl RuntimeMetrics {
    pub(super) fn new(handle: Handle) -> Self {
        Self { handle }
    }

    /// How many workers there are: one on a current-thread runtime, else as many as
    /// [`Builder::worker_threads`](super::Builder::worker_threads) says.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().worker_threads(3).build()?;
    /// assert_eq!(runtime.metrics().num_workers(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn num_workers(&self) -> usize {
        self.handle.parts().scheduler.workers()
    }

    /// How many tasks were spawned and have not come to their end. Blocking work and the tasks of a `LocalSet` do not
    /// count.
    ///
    /// A task that somebody has just awaited may still be counted for a moment.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// use mini_runtime::runtime::{Handle, spawn};
    ///
    /// let task = spawn(std::future::pending::<()>());
    /// assert_eq!(Handle::current().metrics().num_alive_tasks(), 1);
    /// task.abort();
    /// # });
    /// ```
    pub fn num_alive_tasks(&self) -> usize {
        self.handle.parts().scheduler.alive_tasks()
    }

    /// How many tasks wait in the queue that all workers share: those that were spawned or woken by a thread that is no
    /// worker of this runtime.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().build()?;
    /// runtime.spawn(async {}); // From outside, and nobody runs it yet.
    /// assert_eq!(runtime.metrics().global_queue_depth(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn global_queue_depth(&self) -> usize {
        self.handle.parts().scheduler.injected_tasks()
    }

    /// How long the worker was not asleep, up to when it last went to sleep: the time since is not yet in it.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    /// use std::time::{Duration, Instant};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().build()?;
    /// let start = Instant::now();
    /// runtime.block_on(async { std::hint::black_box(1) });
    /// let busy = runtime.metrics().worker_total_busy_duration(0);
    /// assert!(busy > Duration::ZERO && busy <= start.elapsed());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker: they are numbered from zero.
    #[track_caller]
    pub fn worker_total_busy_duration(&self, worker: usize) -> Duration {
        self.handle.parts().scheduler.counts(worker).busy()
    }

    /// How often the worker went to sleep for want of anything to do.
    ///
    /// ```
    /// # use mini_runtime::runtime::{Builder, NoDriver};
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().build()?;
    /// runtime.block_on(async { mini_runtime::runtime::spawn_blocking(|| ()).await }).unwrap();
    /// assert_eq!(runtime.metrics().worker_park_unpark_count(0), 2 * runtime.metrics().worker_park_count(0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_park_count(&self, worker: usize) -> u64 {
        self.handle.parts().scheduler.counts(worker).parks()
    }

    /// How often the worker went to sleep or came back: odd while it sleeps.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().build()?;
    /// assert_eq!(runtime.metrics().worker_park_unpark_count(0) % 2, 0); // It does not sleep.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_park_unpark_count(&self, worker: usize) -> u64 {
        self.handle.parts().scheduler.counts(worker).park_turns()
    }
}

impl fmt::Debug for RuntimeMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuntimeMetrics")
            .field("num_workers", &self.num_workers())
            .field("num_alive_tasks", &self.num_alive_tasks())
            .field("global_queue_depth", &self.global_queue_depth())
            .finish_non_exhaustive()
    }
}
