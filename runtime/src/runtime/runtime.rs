//! [`Runtime`]: the owner. When it goes, its tasks are cancelled and its threads end.

use std::fmt;
use std::future::Future;
use std::io;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::time::{Duration, Instant};

use crate::context::{self, EnterGuard};
use crate::driver::DriverSource;
use crate::scheduler::Scheduler;
use crate::task::JoinHandle;

use super::{Builder, Handle, NoDriver, RuntimeMetrics};

/// Workers, timers, a reactor and a blocking pool.
///
/// Dropping it cancels every task at its next point of suspension, and waits until the threads have ended; a task or
/// closure that never returns keeps it waiting. See [`Runtime::shutdown_timeout`] and
/// [`Runtime::shutdown_background`].
///
/// ```
/// use mini_runtime::runtime::{Builder, NoDriver};
///
/// # fn main() -> std::io::Result<()> {
/// let runtime = Builder::<NoDriver>::new_current_thread().build()?;
/// let answer = runtime.block_on(async {
///     let task = mini_runtime::runtime::spawn(async { 42 });
///     task.await
/// });
/// assert_eq!(answer.unwrap(), 42);
/// # Ok(())
/// # }
/// ```
///
/// # Panics
///
/// When dropped on a thread that drives a runtime: it would have to wait there.
pub struct Runtime<D = NoDriver> {
    handle: Handle,
    is_shut_down: bool,
    driver: PhantomData<fn() -> D>,
}

impl Runtime<NoDriver> {
    /// A multi-thread runtime without I/O.
    ///
    /// ```
    /// let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    pub fn new_bare() -> io::Result<Self> {
        Builder::new_multi_thread().build()
    }
}

impl<D: DriverSource> Runtime<D> {
    /// A multi-thread runtime with everything enabled.
    ///
    /// ```
    /// use mini_runtime::runtime::{NoDriver, Runtime};
    ///
    /// let runtime = Runtime::<NoDriver>::new().unwrap();
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Builder::build`].
    pub fn new() -> io::Result<Self> {
        Builder::new_multi_thread().enable_all().build()
    }
}

impl<D> Runtime<D> {
    pub(super) fn new_from(handle: Handle) -> Self {
        Self { handle, is_shut_down: false, driver: PhantomData }
    }

    /// A handle to this runtime.
    ///
    /// ```
    /// let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// let handle = runtime.handle().clone();
    /// assert_eq!(handle.block_on(async { 42 }), 42);
    /// ```
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// As [`Handle::metrics`].
    ///
    /// ```
    /// let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// assert_eq!(runtime.metrics().num_alive_tasks(), 0);
    /// let _task = runtime.spawn(std::future::pending::<()>());
    /// assert_eq!(runtime.metrics().num_alive_tasks(), 1);
    /// ```
    pub fn metrics(&self) -> RuntimeMetrics {
        self.handle.metrics()
    }

    /// As [`Handle::spawn`].
    ///
    /// ```
    /// let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// let task = runtime.spawn(async { 6 * 7 }); // Runs on a worker from now on.
    /// assert_eq!(runtime.block_on(task).unwrap(), 42);
    /// ```
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.handle.spawn(future)
    }

    /// As [`Handle::spawn_blocking`].
    ///
    /// ```
    /// let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// let task = runtime.spawn_blocking(|| std::fs::read_to_string("/nowhere"));
    /// assert!(runtime.block_on(task).unwrap().is_err());
    /// ```
    #[track_caller]
    pub fn spawn_blocking<F, T>(&self, f: F) -> JoinHandle<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.handle.spawn_blocking(f)
    }

    /// As [`Handle::block_on`].
    ///
    /// ```
    /// let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// let text = String::from("borrowed");
    /// let length = runtime.block_on(async { text.len() });
    /// assert_eq!(length, 8);
    /// ```
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.handle.drive(future)
    }

    /// As [`Handle::enter`].
    ///
    /// ```
    /// let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// let guard = runtime.enter();
    /// let task = mini_runtime::runtime::spawn(async { 42 }); // Would panic without the guard.
    /// drop(guard);
    /// assert_eq!(runtime.block_on(task).unwrap(), 42);
    /// ```
    pub fn enter(&self) -> EnterGuard<'_> {
        self.handle.enter()
    }

    /// Ends the runtime, and waits for its threads for at most `limit`. What has not ended by then goes on, unwatched.
    ///
    /// ```
    /// let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// let (stop, until_stopped) = std::sync::mpsc::channel::<()>();
    /// runtime.spawn_blocking(move || until_stopped.recv());
    /// runtime.shutdown_timeout(std::time::Duration::from_millis(1)); // The closure goes on.
    /// drop(stop);
    /// ```
    pub fn shutdown_timeout(mut self, limit: Duration) {
        self.is_shut_down = true;
        shut_down(&self.handle, Some(limit));
    }

    /// Ends the runtime without waiting. May be called on a thread that drives one.
    ///
    /// ```
    /// let outer = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// outer.block_on(async {
    ///     let inner = mini_runtime::runtime::Runtime::new_bare().unwrap();
    ///     inner.shutdown_background(); // Dropped here, it would panic.
    /// });
    /// ```
    pub fn shutdown_background(self) {
        self.shutdown_timeout(Duration::ZERO);
    }
}

/// Close, drain, join.
pub(super) fn shut_down(handle: &Handle, limit: Option<Duration>) {
    let parts = handle.parts();
    let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    match &parts.scheduler {
        Scheduler::CurrentThread(shared) => {
            // The dropped futures are still in their runtime's context.
            let _guard = handle.enter();
            shared.shutdown();
        }
        Scheduler::MultiThread(shared) => {
            shared.close();
            shared.join(limit);
        }
    }
    let left = match (limit, deadline) {
        (Some(_), Some(deadline)) => Some(deadline.saturating_duration_since(Instant::now())),
        _ => None,
    };
    parts.blocking.shutdown(left);
}

impl<D> Drop for Runtime<D> {
    fn drop(&mut self) {
        if self.is_shut_down {
            return;
        }
        if context::is_driving() {
            // To wait here would hold up the tasks of this thread, perhaps for ever.
            shut_down(&self.handle, Some(Duration::ZERO));
            if !std::thread::panicking() {
                panic!(
                    "a runtime was dropped on a thread that drives one, where it may not wait for its own threads; \
                     drop it outside async code, or call `shutdown_background`"
                );
            }
            return;
        }
        shut_down(&self.handle, None);
    }
}

impl<D> UnwindSafe for Runtime<D> {}
impl<D> RefUnwindSafe for Runtime<D> {}

impl<D> fmt::Debug for Runtime<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("handle", &self.handle).finish()
    }
}
