//! [`LocalRuntime`]: a current-thread runtime that never leaves its thread, so that its tasks need not be `Send`.

use std::fmt;
use std::future::Future;
use std::io;
use std::marker::PhantomData;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use crate::context::{EnterGuard, Parts};
use crate::driver::DriverSource;
use crate::scheduler::{Scheduler, current_thread};
use crate::task::{JoinHandle, Label};

use super::runtime::shut_down;
use super::{Builder, Handle, LocalOptions, NoDriver, RuntimeMetrics};

/// A runtime for futures that are not `Send`. Made by [`Builder::build_local`](super::Builder::build_local).
///
/// ```
/// use std::rc::Rc;
/// use mini_runtime::runtime::{Builder, NoDriver, spawn_local};
///
/// # fn main() -> std::io::Result<()> {
/// let runtime = Builder::<NoDriver>::new_current_thread().build_local(Default::default())?;
/// let answer = runtime.block_on(async {
///     let shared = Rc::new(42);
///     spawn_local(async move { *shared }).await
/// });
/// assert_eq!(answer.unwrap(), 42);
/// # Ok(())
/// # }
/// ```
pub struct LocalRuntime<D = NoDriver> {
    handle: Handle,
    is_shut_down: bool,
    driver: PhantomData<fn() -> D>,
    /// Neither `Send` nor `Sync`.
    thread: PhantomData<*mut ()>,
}

impl<D: DriverSource> LocalRuntime<D> {
    /// One with everything enabled.
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver};
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Builder::build_local`].
    pub fn new() -> io::Result<Self> {
        Builder::new_current_thread().enable_all().build_local(LocalOptions::default())
    }
}

impl<D> LocalRuntime<D> {
    pub(super) fn new_from(handle: Handle) -> Self {
        Self { handle, is_shut_down: false, driver: PhantomData, thread: PhantomData }
    }

    /// A handle to this runtime. What is spawned through it has to be `Send`, for it may be used on any thread.
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver};
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// let task = runtime.handle().spawn(async { 42 });
    /// assert_eq!(runtime.block_on(task).unwrap(), 42);
    /// ```
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// As [`Handle::metrics`].
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver};
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// assert_eq!(runtime.metrics().num_alive_tasks(), 0);
    /// let _task = runtime.spawn_local(std::future::pending::<()>());
    /// assert_eq!(runtime.metrics().num_alive_tasks(), 1);
    /// ```
    pub fn metrics(&self) -> RuntimeMetrics {
        self.handle.metrics()
    }

    /// Spawns a future as a task on this thread.
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver};
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// let task = runtime.spawn_local(async { std::rc::Rc::new(42) });
    /// assert_eq!(*runtime.block_on(task).unwrap(), 42);
    /// ```
    #[track_caller]
    pub fn spawn_local<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        match spawn_on_local_runtime(self.handle.parts(), future, (), Location::caller()) {
            Ok(handle) => handle,
            Err(_) => unreachable!("a LocalRuntime is on the thread that owns it"),
        }
    }

    /// As [`Handle::spawn_blocking`].
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver};
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// let task = runtime.spawn_blocking(|| (1..=20_u64).product::<u64>());
    /// assert_eq!(runtime.block_on(task).unwrap(), 2_432_902_008_176_640_000);
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
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver, spawn_local};
    /// use std::rc::Rc;
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// let words = Rc::new(["one", "two"]);
    /// let count = runtime.block_on(async {
    ///     let words = words.clone();
    ///     spawn_local(async move { words.len() }).await
    /// });
    /// assert_eq!(count.unwrap(), 2);
    /// ```
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.handle.drive(future)
    }

    /// As [`Handle::enter`].
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver, spawn_local};
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// let guard = runtime.enter();
    /// let task = spawn_local(async { std::rc::Rc::new(42) });
    /// drop(guard);
    /// assert_eq!(*runtime.block_on(task).unwrap(), 42);
    /// ```
    pub fn enter(&self) -> EnterGuard<'_> {
        self.handle.enter()
    }

    /// As [`Runtime::shutdown_timeout`](super::Runtime::shutdown_timeout).
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver};
    /// use std::sync::mpsc::channel;
    /// use std::time::Duration;
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// let (release, stuck) = channel::<()>();
    /// runtime.spawn_blocking(move || stuck.recv());
    /// runtime.shutdown_timeout(Duration::from_millis(10)); // Returns though the closure is still there.
    /// drop(release);
    /// ```
    pub fn shutdown_timeout(mut self, limit: Duration) {
        self.is_shut_down = true;
        shut_down(&self.handle, Some(limit));
    }

    /// As [`Runtime::shutdown_background`](super::Runtime::shutdown_background).
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver};
    /// use std::sync::mpsc::channel;
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// let (release, stuck) = channel::<()>();
    /// runtime.spawn_blocking(move || stuck.recv());
    /// runtime.shutdown_background(); // Does not wait for the closure.
    /// drop(release);
    /// ```
    pub fn shutdown_background(self) {
        self.shutdown_timeout(Duration::ZERO);
    }
}

/// Spawns onto a local runtime, or gives the future back if `parts` are of another kind or thread.
pub(super) fn spawn_on_local_runtime<F, L>(
    parts: &Parts,
    future: F,
    label: L,
    location: &'static Location<'static>,
) -> Result<JoinHandle<F::Output>, (F, L)>
where
    F: Future + 'static,
    F::Output: 'static,
    L: Label,
{
    match local_scheduler(parts) {
        Some(shared) => Ok(shared.spawn_local(future, label, location)),
        None => Err((future, label)),
    }
}

fn local_scheduler(parts: &Parts) -> Option<&Arc<current_thread::Shared>> {
    match &parts.scheduler {
        Scheduler::CurrentThread(shared) if shared.is_local_here() => Some(shared),
        _ => None,
    }
}

impl<D> Drop for LocalRuntime<D> {
    fn drop(&mut self) {
        if !self.is_shut_down {
            shut_down(&self.handle, None);
        }
    }
}

impl<D> UnwindSafe for LocalRuntime<D> {}
impl<D> RefUnwindSafe for LocalRuntime<D> {}

impl<D> fmt::Debug for LocalRuntime<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalRuntime").field("handle", &self.handle).finish_non_exhaustive()
    }
}
