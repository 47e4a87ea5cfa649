//! Tasks: a future on the heap with a state word, polled by whoever holds its `Runnable`.
//!
//! Not scheduling: where a `Runnable` waits and who runs it is the `scheduler`'s, which is told of each wake through
//! `Schedule`. Spawning stands with the runtime, above.
//!
//! A task is one allocation: `header` (the same for all), the future or its outcome, and a label (`cell`). The
//! `state` word holds the invariants. A `waker` and a `JoinHandle` each own a reference; a `Runnable`
//! owns none.
//!
//! Designs that were tried or weighed and rejected:
//!
//! - std's `Arc<Task>` with `ArcWake`: 16 bytes more a task and four more atomic operations in the life of a task that
//!   nobody waits for (its two counts cannot share the state word). `ArcWake` is used where a waker is not a task.
//! - A registry that every task passes at spawn and at its end, as in tokio: see `owned`.
//! - Flags for "scheduled" and "running", changed by compare-exchange: see `state`.

mod cell;
mod current;
mod error;
mod header;
mod id;
mod join;
mod label;
mod owned;
mod runnable;
mod state;
mod waker;

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;

pub use current::{id, location, name, try_id};
pub use error::JoinError;
pub use id::Id;
pub use join::{AbortHandle, JoinHandle};

pub(crate) use cell::{LocalSchedule, Schedule};
pub(crate) use header::Header;
pub(crate) use label::{Label, Name};
pub(crate) use owned::OwnedTasks;
pub(crate) use runnable::Runnable;

use std::future::Future;
use std::panic::Location;
use std::ptr::NonNull;

/// A new task: its `Runnable`, to be queued by the caller, and its handle.
///
/// `home` is the scheduler that the task belongs to. A task is not woken before its first poll, which binds it, so
/// that the promise of [`Schedule`] covers it from then on.
pub(crate) fn allocate<F, S, L>(
    future: F,
    label: L,
    home: &S,
    location: &'static Location<'static>,
) -> (Runnable<S>, JoinHandle<F::Output>)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
    S: Schedule,
    L: Label,
{
    let header = cell::TaskCell::<F, S, L>::allocate(future, label, NonNull::from(home), location);
    // SAFETY: a new task is scheduled, and has a reference and an interest for one handle; future and output are `Send`.
    unsafe { (Runnable::from_header(header), JoinHandle::from_header(header)) }
}

/// As [`allocate`], for a future that need not be `Send`.
pub(crate) fn allocate_local<F, S, L>(
    future: F,
    label: L,
    home: &S,
    location: &'static Location<'static>,
) -> (Runnable<S>, JoinHandle<F::Output>)
where
    F: Future + 'static,
    F::Output: 'static,
    S: LocalSchedule,
    L: Label,
{
    assert!(home.is_here(), "a task that is not `Send` is spawned on the thread where it will run");
    let header = cell::TaskCell::<F, S, L>::allocate(future, label, NonNull::from(home), location);
    // SAFETY: a new task is scheduled, and has a reference and an interest for one handle. We are on the thread on which
    // the scheduler runs and drops it, and a handle to an output that is not `Send` is not `Send` either.
    unsafe { (Runnable::from_header(header), JoinHandle::from_header(header)) }
}
