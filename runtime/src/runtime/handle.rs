//! [`Handle`]: a runtime seen from anywhere, a cheap clone.
//!
//! Not an owner: handles do not keep a runtime running, and what is spawned on one that has ended is cancelled.

use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::pin::pin;
use std::sync::{Arc, Weak};

use futures_task::{FutureObj, Spawn, SpawnError};

use crate::context::{self, EnterGuard, NoContext, Parts, Role};
use crate::scheduler::{Scheduler, current_thread, multi_thread};
use crate::task::JoinHandle;

use super::spawn::spawn_blocking_on;
use super::{Id, RuntimeFlavor, RuntimeMetrics};

/// Spawns onto a runtime from anywhere.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// let handle = runtime.handle().clone();
/// let answer = std::thread::spawn(move || {
///     let task = handle.spawn(async { 42 });
///     handle.block_on(task).unwrap()
/// });
/// assert_eq!(answer.join().unwrap(), 42);
/// ```
#[derive(Clone)]
pub struct Handle {
    parts: Arc<Parts>,
}

impl Handle {
    pub(super) fn new_cyclic(parts: impl FnOnce(&Weak<Parts>) -> Parts) -> Self {
        Self { parts: Arc::new_cyclic(parts) }
    }

    pub(super) fn downgrade(&self) -> Weak<Parts> {
        Arc::downgrade(&self.parts)
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The runtime that this thread is in.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::Handle::current();
    /// assert_eq!(handle.spawn(async { 42 }).await.unwrap(), 42);
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn current() -> Self {
        match Self::try_current() {
            Ok(handle) => handle,
            Err(error) => panic!("{error}"),
        }
    }

    /// The runtime that this thread is in.
    ///
    /// ```
    /// use mini_runtime::runtime::Handle;
    ///
    /// assert!(Handle::try_current().is_err());
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// runtime.block_on(async { assert!(Handle::try_current().is_ok()) });
    /// ```
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn try_current() -> Result<Self, TryCurrentError> {
        context::with_parts(|parts| Self { parts: parts.clone() }).map_err(|cause| TryCurrentError { cause })
    }

    /// Makes this runtime the thread's current one, as long as the guard lives.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// let handle = runtime.handle().clone();
    /// let guard = handle.enter();
    /// let task = mini_runtime::runtime::spawn(async { 42 });
    /// drop(guard);
    /// assert_eq!(runtime.block_on(task).unwrap(), 42);
    /// ```
    pub fn enter(&self) -> EnterGuard<'_> {
        context::enter(self.parts.clone())
    }

    /// Spawns a future as a task.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// let task = runtime.handle().spawn(async { 42 });
    /// assert_eq!(runtime.block_on(task).unwrap(), 42);
    /// ```
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.parts.scheduler.spawn(future, (), Location::caller())
    }

    /// Runs a closure that may block on a thread kept for that.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// let sum = runtime.handle().spawn_blocking(|| (1..=1000).sum::<u64>());
    /// assert_eq!(runtime.block_on(sum).unwrap(), 500_500);
    /// ```
    ///
    /// # Panics
    ///
    /// If the OS refuses a first thread.
    #[track_caller]
    pub fn spawn_blocking<F, T>(&self, f: F) -> JoinHandle<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        spawn_blocking_on(&self.parts.blocking, f, (), Location::caller())
    }

    /// Runs a future to its end on this thread.
    ///
    /// On a current-thread runtime this thread runs the tasks as well, unless another already does. The future itself is
    /// on no worker, and may [`block_in_place`](super::block_in_place); that of `Runtime::block_on` counts as one of
    /// worker 0.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// assert_eq!(runtime.handle().block_on(async { 42 }), 42);
    /// ```
    ///
    /// # Panics
    ///
    /// On a thread that already drives a runtime; and if the future panics.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        match &self.parts.scheduler {
            Scheduler::MultiThread(_) => self.drive(future),
            Scheduler::CurrentThread(_) => {
                // This thread may run the tasks as well; but the future is on no worker.
                let mut future = pin!(future);
                self.drive(poll_fn(|cx| context::with_role(Role::Visited, || future.as_mut().poll(cx))))
            }
        }
    }

    /// `block_on` of the runtime's own: on a current-thread runtime the future counts as one of worker 0.
    #[track_caller]
    pub(super) fn drive<F: Future>(&self, future: F) -> F::Output {
        context::drive("`block_on`", || {
            let _guard = self.enter();
            match &self.parts.scheduler {
                Scheduler::CurrentThread(shared) => current_thread::block_on(shared, future),
                Scheduler::MultiThread(shared) => multi_thread::block_on(shared, future),
            }
        })
    }

    /// Which scheduler the runtime has.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// use mini_runtime::runtime::RuntimeFlavor;
    ///
    /// let runtime = Builder::<NoDriver>::new_current_thread().build()?;
    /// assert_eq!(runtime.handle().runtime_flavor(), RuntimeFlavor::CurrentThread);
    /// # Ok(())
    /// # }
    /// ```
    pub fn runtime_flavor(&self) -> RuntimeFlavor {
        match &self.parts.scheduler {
            Scheduler::CurrentThread(_) => RuntimeFlavor::CurrentThread,
            Scheduler::MultiThread(_) => RuntimeFlavor::MultiThread,
        }
    }

    /// What tells this runtime from others.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// use mini_runtime::runtime::Handle;
    ///
    /// assert_eq!(Handle::current().id(), Handle::current().id());
    /// # });
    /// ```
    pub fn id(&self) -> Id {
        self.parts.id
    }

    /// The name that [`Builder::name`](super::Builder::name) gave it.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().name("requests").build()?;
    /// assert_eq!(runtime.handle().name(), Some("requests"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn name(&self) -> Option<&str> {
        self.parts.name.as_deref()
    }

    /// What the runtime counts of itself.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let metrics = mini_runtime::runtime::Handle::current().metrics();
    /// assert!(metrics.num_workers() >= 1);
    /// # });
    /// ```
    pub fn metrics(&self) -> RuntimeMetrics {
        RuntimeMetrics::new(self.clone())
    }
}

// A panic leaves nothing of a runtime half done: what it touches is behind locks that a panic does not poison.
impl UnwindSafe for Handle {}
impl RefUnwindSafe for Handle {}

impl Spawn for Handle {
    #[track_caller]
    fn spawn_obj(&self, future: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        drop(self.spawn(future));
        Ok(())
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("scheduler", &self.parts.scheduler).finish_non_exhaustive()
    }
}

/// There is no runtime on this thread.
///
/// ```
/// let error = mini_runtime::runtime::Handle::try_current().unwrap_err();
/// assert!(error.is_missing_context());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TryCurrentError {
    cause: NoContext,
}

impl TryCurrentError {
    pub(super) fn new(cause: NoContext) -> Self {
        Self { cause }
    }

    /// Whether the thread has entered no runtime.
    ///
    /// ```
    /// let error = mini_runtime::runtime::Handle::try_current().unwrap_err();
    /// assert!(error.is_missing_context());
    /// ```
    pub fn is_missing_context(&self) -> bool {
        self.cause == NoContext::Missing
    }

    /// Whether the thread is ending, and what it had entered is gone.
    ///
    /// ```
    /// let error = mini_runtime::runtime::Handle::try_current().unwrap_err();
    /// assert!(!error.is_thread_local_destroyed());
    /// ```
    pub fn is_thread_local_destroyed(&self) -> bool {
        self.cause == NoContext::ThreadLocalDestroyed
    }
}

impl fmt::Display for TryCurrentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.cause {
            NoContext::Missing => {
                "no `mini` runtime on this thread; call this inside `block_on` or `#[mini::main]`, \
                 or enter one with `Handle::enter`"
            }
            NoContext::ThreadLocalDestroyed => {
                "no `mini` runtime on this thread any more: it is ending, and its thread-locals are gone"
            }
        })
    }
}

impl Error for TryCurrentError {}
