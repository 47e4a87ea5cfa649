//! The task that is being polled or dropped on this thread.
//!
//! Not the runtime that the thread is in (`context`).

use std::cell::Cell;
use std::panic::Location;
use std::ptr::NonNull;

use super::header::Header;
use super::id::Id;

thread_local_const! {
    /// Set around each poll and drop of a task; written and read by this thread alone.
    static CURRENT: Cell<Option<NonNull<Header>>> = Cell::new(None)
}

/// Runs `f` with `task` as the current one. `f` does not unwind.
#[inline]
pub(super) fn with_task<R>(task: NonNull<Header>, f: impl FnOnce() -> R) -> R {
    let previous = CURRENT.try_with(|current| current.replace(Some(task))).unwrap_or(None);
    let result = f();
    let _ = CURRENT.try_with(|current| current.set(previous));
    result
}

/// The id of the current task.
///
/// # Panics
///
/// Outside a task: `block_on` does not count as one.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let handle = mini_runtime::runtime::spawn(async { mini_runtime::task::id() });
/// let id = handle.id();
/// assert_eq!(handle.await.unwrap(), id);
/// # });
/// ```
#[track_caller]
pub fn id() -> Id {
    try_id().expect("no task on this thread; call this inside a spawned task (`block_on` is not one)")
}

/// The id of the current task, or `None` outside a task.
///
/// ```
/// assert!(mini_runtime::task::try_id().is_none());
/// ```
pub fn try_id() -> Option<Id> {
    CURRENT.try_with(Cell::get).unwrap_or(None).map(Id::of)
}

/// The name that the current task was given by `task::Builder::name`.
///
/// ```
/// assert!(mini_runtime::task::name().is_none());
/// ```
pub fn name() -> Option<String> {
    let task = CURRENT.try_with(Cell::get).unwrap_or(None)?;
    // SAFETY: the current task is alive while it is polled or dropped, and the name with it.
    unsafe { (task.as_ref().vtable.name)(task).map(|name| name.as_ref().to_owned()) }
}

/// Where the current task was spawned.
///
/// ```
/// assert!(mini_runtime::task::location().is_none());
/// ```
pub fn location() -> Option<&'static Location<'static>> {
    let task = CURRENT.try_with(Cell::get).unwrap_or(None)?;
    // SAFETY: the current task is alive while it is polled or dropped.
    Some(unsafe { task.as_ref() }.location)
}
