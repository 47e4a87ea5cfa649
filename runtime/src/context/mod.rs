//! The runtime that a thread is in, and whether it may block there.
//!
//! Not the worker that a thread acts as: each scheduler keeps that for itself. The invariant: what is entered last is
//! left first, and a thread drives one runtime at a time.

mod parts;
mod runtime_id;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use crate::scheduler::{self, Scheduler};
use crate::time::clock::SharedClock;
use crate::time::timers::{Registrar, SharedTimers};

pub(crate) use parts::Parts;
pub use runtime_id::RuntimeId;

thread_local_const! {
    /// The runtimes that this thread has entered, the current one last.
    static ENTERED: RefCell<Vec<Rc<Entered>>> = RefCell::new(Vec::new())
}

thread_local_const! {
    /// What this thread is doing for a runtime.
    static ROLE: Cell<Role> = Cell::new(Role::Free)
}

/// A runtime that was entered. Counted for this thread alone, so that to look at it touches no shared count.
struct Entered(Arc<Parts>);

/// What a thread is doing for a runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing: it may block, and drive a runtime.
    Free,
    /// It drives tasks: to block would hold them up.
    Driving,
    /// It drives tasks, but just now polls a future that is none and came from outside (`Handle::block_on`): it is no
    /// worker meanwhile.
    Visited,
}

/// As long as it lives, the thread is in the context of the runtime that was entered.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// let guard = runtime.enter();
/// let task = mini_runtime::runtime::spawn(async { 1 + 1 });
/// drop(guard);
/// assert_eq!(runtime.block_on(task).unwrap(), 2);
/// ```
#[must_use = "the context is left when the guard is dropped"]
pub struct EnterGuard<'a> {
    // Held for its drop.
    _leave: Leave,
    runtime: PhantomData<&'a Arc<Parts>>,
}

/// Leaves what was entered. A type of its own, so that a guard whose runtime has moved away does no harm in going out
/// of scope: what it does then has nothing to do with what it borrows.
struct Leave {
    depth: usize,
    /// Not `Send`: the context is this thread's. But a reference to it may go anywhere.
    thread: PhantomData<std::sync::MutexGuard<'static, ()>>,
}

impl fmt::Debug for EnterGuard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnterGuard").finish_non_exhaustive()
    }
}

impl Drop for Leave {
    #[track_caller]
    fn drop(&mut self) {
        let (left, depth) = ENTERED
            .try_with(|entered| {
                let mut entered = entered.borrow_mut();
                let depth = entered.len();
                (entered.pop(), depth)
            })
            .unwrap_or((None, self.depth));
        // Outside the borrow: the last handle may drop a runtime's remains.
        drop(left);
        if depth != self.depth && !std::thread::panicking() {
            panic!(
                "an `EnterGuard` was dropped before one that was made after it; drop them in reverse order"
            );
        }
    }
}

/// Makes `parts` the thread's current runtime. On a thread whose locals are gone it has no effect.
pub(crate) fn enter(parts: Arc<Parts>) -> EnterGuard<'static> {
    let depth = ENTERED
        .try_with(|entered| {
            let mut entered = entered.borrow_mut();
            entered.push(Rc::new(Entered(parts)));
            entered.len()
        })
        .unwrap_or(0);
    EnterGuard { _leave: Leave { depth, thread: PhantomData }, runtime: PhantomData }
}

/// Why there is no current runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoContext {
    /// None was entered on this thread.
    Missing,
    /// The thread is ending, and its locals are gone.
    ThreadLocalDestroyed,
}

/// Calls `f` with the current runtime. `f` may run user code, which may enter and leave: hence the count.
#[inline]
pub(crate) fn with_parts<R>(f: impl FnOnce(&Arc<Parts>) -> R) -> Result<R, NoContext> {
    match ENTERED.try_with(|entered| entered.borrow().last().cloned()) {
        Ok(Some(entered)) => Ok(f(&entered.0)),
        Ok(None) => Err(NoContext::Missing),
        Err(_) => Err(NoContext::ThreadLocalDestroyed),
    }
}

/// What resources of the current runtime's driver register themselves with: `None` outside a runtime, and in one
/// without I/O.
///
/// ```
/// assert!(mini_runtime::context::io_handle().is_none());
/// ```
pub fn io_handle() -> Option<Arc<dyn Any + Send + Sync>> {
    with_parts(|parts| parts.io.clone()).ok().flatten()
}

/// The timers to which a sleep polled here belongs, and whether this thread drives them: those of the worker that this
/// thread is, or else of the runtime that it is in.
#[allow(dead_code)] // For the feature `time`.
#[inline]
pub(crate) fn timers() -> Option<(SharedTimers, Registrar)> {
    match scheduler::worker_timers() {
        Some(timers) => Some((timers, Registrar::Driver)),
        None => with_parts(|parts| parts.timers()).ok(),
    }
}

/// Calls `f` with the clock of the runtime that this thread is in, if it is one that may be moved: on a multi-thread
/// runtime nobody could say when all are idle.
pub(crate) fn with_clock<R>(f: impl FnOnce(Option<&SharedClock>) -> R) -> R {
    let clock = with_parts(|parts| match &parts.scheduler {
        Scheduler::CurrentThread(_) => Some(parts.clock.clone()),
        Scheduler::MultiThread(_) => None,
    });
    f(clock.ok().flatten().as_ref())
}

/// Panics if this thread drives tasks, which `what` would hold up.
#[track_caller]
pub(crate) fn assert_may_block(what: &str) {
    if is_driving() {
        panic!(
            "{what} blocks its thread, and this thread is driving a `mini` runtime's tasks; \
             use the async form, or move the call to `spawn_blocking` or `block_in_place`"
        );
    }
}

/// Makes this thread one that drives tasks, for the length of `f`.
#[track_caller]
pub(crate) fn drive<R>(what: &str, f: impl FnOnce() -> R) -> R {
    if is_driving() {
        panic!(
            "{what} would drive a runtime from a thread that already drives one; \
             `.await` the future instead, or move the call to `spawn_blocking` or `block_in_place`"
        );
    }
    with_role(Role::Driving, f)
}

/// Whether this thread drives tasks.
pub(crate) fn is_driving() -> bool {
    matches!(ROLE.try_with(Cell::get), Ok(Role::Driving | Role::Visited))
}

/// Whether it drives tasks, and just now polls a future that is none.
pub(crate) fn is_visited() -> bool {
    matches!(ROLE.try_with(Cell::get), Ok(Role::Visited))
}

/// Gives this thread another role for the length of `f`, also on unwind.
pub(crate) fn with_role<R>(role: Role, f: impl FnOnce() -> R) -> R {
    struct Restore(Role);
    impl Drop for Restore {
        fn drop(&mut self) {
            let _ = ROLE.try_with(|cell| cell.set(self.0));
        }
    }
    let _restore = Restore(ROLE.try_with(|cell| cell.replace(role)).unwrap_or(Role::Free));
    f()
}
