//! The free functions that spawn onto the runtime of the calling thread.

use std::future::Future;
use std::io;
use std::panic::Location;
use std::sync::OnceLock;

use crate::blocking::{self, BlockingPool, Operation};
use crate::context::{self, Role};
use crate::coop::{Budget, with_budget};
use crate::scheduler::{Scheduler, current_thread, multi_thread};
use crate::task::{JoinHandle, Label};
use crate::time::clock::Clock;

use super::handle::TryCurrentError;

/// Spawns a future as a task of the runtime that this thread is in. It starts at once, awaited or not.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let task = mini_runtime::runtime::spawn(async { 40 + 2 });
/// assert_eq!(task.await.unwrap(), 42);
/// # });
/// ```
///
/// # Panics
///
/// Outside a runtime.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let location = Location::caller();
    match context::with_parts(|parts| parts.scheduler.spawn(future, (), location)) {
        Ok(handle) => handle,
        Err(cause) => panic!("{}", TryCurrentError::new(cause)),
    }
}

/// Runs a closure that may block on a thread kept for that.
///
/// An abort takes effect only before the closure has begun.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let sum = mini_runtime::runtime::spawn_blocking(|| (1..=1000).sum::<u64>());
/// assert_eq!(sum.await.unwrap(), 500_500);
/// # });
/// ```
///
/// # Panics
///
/// Outside a runtime, and if the OS refuses a first thread.
#[track_caller]
pub fn spawn_blocking<F, T>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let location = Location::caller();
    match context::with_parts(|parts| spawn_blocking_on(&parts.blocking, f, (), location)) {
        Ok(handle) => handle,
        Err(cause) => panic!("{}", TryCurrentError::new(cause)),
    }
}

#[track_caller]
pub(super) fn spawn_blocking_on<F, T, L>(
    pool: &BlockingPool,
    f: F,
    label: L,
    location: &'static Location<'static>,
) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
    L: Label,
{
    match pool.spawn(f, label, location) {
        Ok(handle) => handle,
        Err(error) => panic!("the OS refused a thread for blocking work: {error}; lift the limit on threads"),
    }
}

/// Runs a closure that may block, on the pool of the runtime that this thread is in, or on a process-wide one outside
/// any. For what has to work under every executor, such as name lookup.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// let length = futures::executor::block_on(mini_runtime::runtime::run_blocking(|| "mini".len()))?;
/// assert_eq!(length, 4);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// The OS refused a thread, the runtime shut down, or the closure panicked.
#[track_caller]
pub fn run_blocking<F, T>(f: F) -> impl Future<Output = io::Result<T>> + Send
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    static PROCESS_WIDE: OnceLock<BlockingPool> = OnceLock::new();
    let location = Location::caller();
    let pool = context::with_parts(|parts| parts.blocking.clone()).unwrap_or_else(|_| {
        PROCESS_WIDE
            .get_or_init(|| BlockingPool::new(blocking::Config::new(), Clock::new(false), None))
            .clone()
    });
    let spawned = pool.spawn(f, (), location);
    async move { Operation::new(spawned?).await }
}

/// [`spawn_blocking`] for an operation whose caller has an error to put the OS's refusal of a thread into.
///
/// # Errors
///
/// The OS refused a first thread.
///
/// # Panics
///
/// Outside a runtime.
#[track_caller]
pub(crate) fn spawn_operation<F, T>(f: F) -> io::Result<Operation<T>>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let location = Location::caller();
    match context::with_parts(|parts| parts.blocking.spawn(f, (), location)) {
        Ok(spawned) => spawned.map(Operation::new),
        Err(cause) => panic!("{}", TryCurrentError::new(cause)),
    }
}

/// [`spawn_operation`] for one that is carried out even if the runtime ends before it begins.
///
/// # Errors
///
/// The runtime has ended already, or the OS refused a first thread.
///
/// # Panics
///
/// Outside a runtime.
#[track_caller]
pub(crate) fn spawn_mandatory_operation<F, T>(f: F) -> io::Result<Operation<T>>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let location = Location::caller();
    match context::with_parts(|parts| parts.blocking.spawn_mandatory(f, location)) {
        Ok(spawned) => spawned.map(Operation::new),
        Err(cause) => panic!("{}", TryCurrentError::new(cause)),
    }
}

/// Runs a closure that blocks on this thread, after handing the worker that the thread is to another one.
///
/// Cheaper than [`spawn_blocking`] in nothing but that the closure may borrow.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let text = String::from("borrowed");
/// let length = mini_runtime::runtime::block_in_place(|| text.len());
/// assert_eq!(length, 8);
/// # });
/// ```
///
/// # Panics
///
/// On a current-thread runtime, but for the future of `Handle::block_on`, and within a `LocalSet`: there is no other
/// thread to go on with the tasks.
#[track_caller]
pub fn block_in_place<F, R>(f: F) -> R
where
    F: FnOnce() -> R,
{
    if !context::is_driving() {
        return f();
    }
    if super::local_set::is_any_polled_here() {
        panic!(
            "`block_in_place` cannot be called within a `LocalSet`: its other tasks cannot leave this thread, and would \
             be blocked with it; use `spawn_blocking`"
        );
    }
    // Whoever drives futures in there by hand is not told to yield by the task's budget.
    let f = || with_budget(Budget::unlimited(), || context::with_role(Role::Free, f));
    if context::is_visited() {
        return current_thread::block_in_place(f);
    }
    let Ok(pool) = context::with_parts(|parts| match &parts.scheduler {
        Scheduler::MultiThread(_) => Some(parts.blocking.clone()),
        Scheduler::CurrentThread(_) => None,
    }) else {
        return f();
    };
    let Some(pool) = pool else {
        panic!(
            "`block_in_place` needs a multi-thread runtime: on this one nobody else could run the tasks meanwhile; \
             use `spawn_blocking`"
        );
    };
    multi_thread::block_in_place(|main| pool.spawn_worker(move || context::with_role(Role::Driving, main)), f)
}
