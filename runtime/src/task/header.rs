//! The part of a task that has the same shape for every future: what queues, wakers and lists hold on to.
//!
//! Not the future itself: that stands behind the header in the same allocation (`cell`), reached through the
//! [`Vtable`].

use std::panic::Location;
use std::ptr::NonNull;
use std::task::Waker;

use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::AtomicPtr;

use super::state::State;

/// A task without the type of its future. 64 bytes on 64-bit machines.
#[repr(C)]
pub(crate) struct Header {
    /// Flags, wakes, references.
    pub(super) state: State,
    /// What to do with the cell behind this header. Never changes.
    pub(super) vtable: &'static Vtable,
    /// The scheduler (an `S: Schedule`) that the task goes back to. Written by the holder of the `Runnable` when it
    /// binds the task, read by wakers on any thread.
    pub(super) home: AtomicPtr<()>,
    /// Neighbours in the owner's list. Read and written under that list's lock alone.
    pub(super) links: UnsafeCell<Links>,
    /// Who waits for the output. Access by invariant 4 of `state`.
    pub(super) join_waker: UnsafeCell<Option<Waker>>,
    /// Where the task was spawned. Never changes.
    pub(super) location: &'static Location<'static>,
}

/// Neighbours in the list of an owner.
#[derive(Default)]
pub(super) struct Links {
    pub(super) previous: Option<NonNull<Header>>,
    pub(super) next: Option<NonNull<Header>>,
}

/// The operations that depend on the future's type; `cell` says what each requires.
pub(crate) struct Vtable {
    /// Runs the `Runnable`, for the scheduler at the given address. True: the task is over.
    pub(super) run: unsafe fn(NonNull<Header>, NonNull<()>) -> bool,
    /// Drops the future instead of running it.
    pub(super) cancel: unsafe fn(NonNull<Header>),
    /// Gives a new `Runnable` to its scheduler.
    pub(super) schedule: unsafe fn(NonNull<Header>),
    /// Moves the outcome to the given address of a `Result<T, JoinError>`.
    pub(super) take_output: unsafe fn(NonNull<Header>, NonNull<()>),
    /// Drops the outcome.
    pub(super) drop_output: unsafe fn(NonNull<Header>),
    /// Frees the memory.
    pub(super) dealloc: unsafe fn(NonNull<Header>),
    /// The name given to `task::Builder`.
    pub(super) name: unsafe fn(NonNull<Header>) -> Option<NonNull<str>>,
}
