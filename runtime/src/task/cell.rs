//! The memory of a task: header, future or output, and name, in one allocation; and the operations that need the
//! future's type.
//!
//! Not the decisions: who may do what when is settled by `state`, whose invariants are cited here by number.
//! Every call of user code (poll, drop, a joiner's waker) goes through `catch_unwind` here, with no lock held.
//!
//! The task is counted by its own state word rather than by std's `Arc`: one word holds flags, wakes and references,
//! so that ending a task that nobody waits for yet is a single atomic operation, and a task is 16 bytes smaller.

use std::any::Any;
use std::future::Future;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::{AtomicPtr, Ordering};
use crate::util::guarded;

use super::error::JoinError;
use super::header::{Header, Links, Vtable};
use super::id::Id;
use super::label::Label;
use super::owned::OwnedTasks;
use super::runnable::Runnable;
use super::state::{Completed, EndPending, Outcome, StartPoll, State};
use super::{current, waker};

/// What a panic carries.
pub(crate) type Payload = Box<dyn Any + Send + 'static>;

/// Where tasks go when they are woken.
///
/// A task holds a plain pointer to its scheduler, not a counted one. The implementor promises that it
/// outlives every incomplete task that was bound to its [`OwnedTasks`], which it does by cancelling
/// and awaiting them all before it goes.
///
/// # Safety
///
/// The promise above.
pub(crate) unsafe trait Schedule: Sized + Send + Sync + 'static {
    /// Queues a runnable that a wake brought into being, on whatever thread.
    ///
    /// As soon as the runnable is queued, the task may end and the scheduler with it: an implementor that goes on
    /// to touch the scheduler on a foreign thread must count it first. That count may be the last to go, which is why
    /// `home` is a pointer: a reference would have to be valid until the call returns.
    ///
    /// # Safety
    ///
    /// `home` is alive up to the moment in which the runnable is queued, run or dropped.
    unsafe fn schedule(home: NonNull<Self>, runnable: Runnable<Self>);

    /// Queues a runnable that was woken during its own poll, on the thread that polled it.
    fn reschedule(&self, runnable: Runnable<Self>);

    /// The list of the tasks that were polled on the calling worker and stayed Pending.
    fn owned(&self) -> &OwnedTasks;
}

/// A scheduler for tasks that need not be `Send`.
///
/// # Safety
///
/// It runs and drops its tasks on the one thread for which `is_here` is true.
pub(crate) unsafe trait LocalSchedule: Schedule {
    /// Whether the calling thread is that of the tasks.
    fn is_here(&self) -> bool;
}

/// Future, output, panic or nothing: the state word says which.
union Stage<F, T> {
    future: ManuallyDrop<F>,
    output: ManuallyDrop<T>,
    /// Boxed twice to be one word.
    payload: ManuallyDrop<Box<Payload>>,
}

#[repr(C)]
pub(super) struct TaskCell<F: Future, S, L> {
    header: Header,
    /// Access by invariants 1 and 5.
    stage: UnsafeCell<Stage<F, F::Output>>,
    label: L,
    scheduler: PhantomData<S>,
}

impl<F: Future, S: Schedule, L: Label> TaskCell<F, S, L> {
    const VTABLE: Vtable = Vtable {
        run: Self::run,
        cancel: Self::cancel,
        schedule: Self::schedule,
        take_output: Self::take_output,
        drop_output: Self::drop_output,
        dealloc: Self::dealloc,
        name: Self::name,
    };

    /// Allocates a task, scheduled, with a life reference and one for a `JoinHandle`.
    pub(super) fn allocate(
        future: F,
        label: L,
        home: NonNull<S>,
        location: &'static Location<'static>,
    ) -> NonNull<Header> {
        let cell = Box::new(Self {
            header: Header {
                state: State::new(),
                vtable: &Self::VTABLE,
                home: AtomicPtr::new(home.as_ptr().cast()),
                links: UnsafeCell::new(Links::default()),
                join_waker: UnsafeCell::new(None),
                location,
            },
            stage: UnsafeCell::new(Stage { future: ManuallyDrop::new(future) }),
            label,
            scheduler: PhantomData,
        });
        // The header is the first field of a `repr(C)` struct; the pointer keeps the right to the whole.
        NonNull::from(Box::leak(cell)).cast()
    }

    /// The cell around a header.
    ///
    /// # Safety
    ///
    /// The header belongs to a live cell of this very type.
    unsafe fn of<'a>(header: NonNull<Header>) -> &'a Self {
        // SAFETY: by contract; only shared references to a cell are ever made.
        unsafe { header.cast::<Self>().as_ref() }
    }

    /// # Safety
    ///
    /// The caller owns the task's `Runnable` and gives it up; `home` is the address of the `S` that runs it.
    unsafe fn run(header: NonNull<Header>, home: NonNull<()>) -> bool {
        // SAFETY: the `Runnable` keeps the cell alive (invariant 2); the vtable is that of its type.
        let cell = unsafe { Self::of(header) };
        let wakes = match cell.header.state.start_poll() {
            StartPoll::Poll(wakes) => wakes,
            StartPoll::Cancelled => {
                // SAFETY: the `Runnable` is passed on.
                unsafe { Self::cancel(header) };
                return true;
            }
        };
        // SAFETY: the task outlives the poll (invariant 2), and so the borrowed waker.
        let waker = unsafe { waker::borrowed(header) };
        let mut context = Context::from_waker(&waker);
        let poll = current::with_task(header, || {
            catch_unwind(AssertUnwindSafe(|| {
                let on_unwind = DropFuture(cell);
                let poll = cell.stage.with_mut(|stage| {
                    // SAFETY: the owner of the `Runnable` has the future to itself (invariant 1), and it is never
                    // moved out of the cell.
                    let future = unsafe { Pin::new_unchecked(&mut *(*stage).future) };
                    future.poll(&mut context)
                });
                std::mem::forget(on_unwind);
                poll
            }))
        });
        match poll {
            Ok(Poll::Pending) => {
                // SAFETY: by contract.
                let home = unsafe { home.cast::<S>().as_ref() };
                if !wakes.is_bound() {
                    // Ordering: Relaxed; a waker that still sees the former home finds the same scheduler there.
                    cell.header.home.store(std::ptr::from_ref(home).cast_mut().cast(), Ordering::Relaxed);
                    if !home.owned().bind(header) {
                        // SAFETY: the `Runnable` is passed on.
                        unsafe { Self::cancel(header) };
                        return true;
                    }
                }
                if cell.header.state.end_pending(wakes) == EndPending::Reschedule {
                    // SAFETY: a wake is left, so the `Runnable` goes on to exist (invariant 1).
                    home.reschedule(unsafe { Runnable::from_header(header) });
                }
                return false;
            }
            // SAFETY: the `Runnable` is passed on.
            Ok(Poll::Ready(output)) => unsafe { Self::finish(header, output) },
            Err(payload) => {
                let outcome = cell.store_payload(payload);
                // SAFETY: the future was dropped when the panic passed it, and the outcome is stored.
                unsafe { Self::complete(header, outcome) };
            }
        }
        true
    }

    /// # Safety
    ///
    /// The caller owns the task's `Runnable` and gives it up.
    unsafe fn cancel(header: NonNull<Header>) {
        // SAFETY: as in `run`.
        let cell = unsafe { Self::of(header) };
        // SAFETY: the future is there and ours alone (invariant 1).
        let outcome = match unsafe { cell.drop_future() } {
            Ok(()) => Outcome::Cancelled,
            Err(payload) => cell.store_payload(payload),
        };
        // SAFETY: the future is dropped and the outcome stored.
        unsafe { Self::complete(header, outcome) }
    }

    /// # Safety
    ///
    /// The caller owns the task's `Runnable` and gives it up.
    unsafe fn finish(header: NonNull<Header>, output: F::Output) {
        // SAFETY: as in `run`.
        let cell = unsafe { Self::of(header) };
        // A panic in the drop of a future that has already answered does not take the answer back.
        // SAFETY: the future is there and ours alone (invariant 1).
        if let Err(payload) = unsafe { cell.drop_future() } {
            guarded(|| drop(payload));
        }
        cell.stage.with_mut(|stage| {
            // SAFETY: ours alone, and what was there is dropped.
            unsafe { stage.write(Stage { output: ManuallyDrop::new(output) }) };
        });
        // SAFETY: the future is dropped and the outcome stored.
        unsafe { Self::complete(header, Outcome::Returned) }
    }

    /// # Safety
    ///
    /// The stage holds the future, and the caller has it to itself.
    unsafe fn drop_future(&self) -> Result<(), Payload> {
        let header = NonNull::from(self).cast();
        current::with_task(header, || {
            catch_unwind(AssertUnwindSafe(|| {
                self.stage.with_mut(|stage| {
                    // SAFETY: by contract.
                    unsafe { ManuallyDrop::drop(&mut (*stage).future) };
                });
            }))
        })
    }

    fn store_payload(&self, payload: Payload) -> Outcome {
        self.stage.with_mut(|stage| {
            // SAFETY: called by the owner of the `Runnable` after it dropped the future (invariant 1).
            unsafe { stage.write(Stage { payload: ManuallyDrop::new(Box::new(payload)) }) };
        });
        Outcome::Panicked
    }

    /// Takes no reference to the cell, which may be freed before it returns.
    ///
    /// # Safety
    ///
    /// The caller owns the `Runnable`; the future is dropped and the outcome stored.
    unsafe fn complete(header: NonNull<Header>, outcome: Outcome) {
        // SAFETY: as in `run`, until the life reference goes.
        let cell = unsafe { Self::of(header) };
        match cell.header.state.complete(outcome) {
            Completed::Released => return,
            Completed::JoinerWillLook => {}
            Completed::WakeJoiner => {
                guarded(|| {
                    cell.header.join_waker.with(|slot| {
                        // SAFETY: the slot is shared and read-only (invariant 4).
                        let waker = unsafe { (*slot).as_ref() };
                        if let Some(waker) = waker {
                            waker.wake_by_ref();
                        }
                    });
                });
            }
            // SAFETY: the output is ours (invariant 5).
            Completed::DropOutput => unsafe { Self::drop_output(header) },
        }
        if cell.header.state.is_bound() {
            let home = cell.header.home.load(Ordering::Relaxed).cast::<S>();
            // SAFETY: a bound task's scheduler is alive until the task has left its list (see `Schedule`).
            unsafe { (*home).owned().remove(header) };
        }
        // SAFETY: the life reference goes (invariant 2).
        unsafe { release(header) };
    }

    /// # Safety
    ///
    /// The task is alive, and a wake has just brought the `Runnable` into being for the caller.
    unsafe fn schedule(header: NonNull<Header>) {
        // SAFETY: by contract.
        let cell = unsafe { Self::of(header) };
        let home = cell.header.home.load(Ordering::Relaxed).cast::<S>();
        // SAFETY: the task is incomplete and was polled before, so it is bound, and its scheduler alive as long as it
        // is (see `Schedule`); a home is never null.
        unsafe { S::schedule(NonNull::new_unchecked(home), Runnable::from_header(header)) };
    }

    /// # Safety
    ///
    /// The task is complete, its outcome is the caller's and was not taken, and `to` points to room for a
    /// `Result<F::Output, JoinError>`.
    unsafe fn take_output(header: NonNull<Header>, to: NonNull<()>) {
        // SAFETY: by contract.
        let cell = unsafe { Self::of(header) };
        let id = Id::of(header);
        let outcome = cell.header.state.load().outcome();
        let result = cell.stage.with_mut(|stage| match outcome {
            // SAFETY: the state word says that this field was stored, and the caller takes it once.
            Outcome::Returned => Ok(unsafe { ManuallyDrop::take(&mut (*stage).output) }),
            Outcome::Panicked => {
                // SAFETY: as above.
                let payload = unsafe { ManuallyDrop::take(&mut (*stage).payload) };
                Err(JoinError::panic(id, *payload))
            }
            Outcome::Cancelled => Err(JoinError::cancelled(id)),
        });
        // SAFETY: by contract.
        unsafe { to.cast::<Result<F::Output, JoinError>>().write(result) };
    }

    /// # Safety
    ///
    /// The task is complete, and its outcome is the caller's and was not taken.
    unsafe fn drop_output(header: NonNull<Header>) {
        // SAFETY: by contract.
        let cell = unsafe { Self::of(header) };
        let outcome = cell.header.state.load().outcome();
        current::with_task(header, || {
            guarded(|| {
                cell.stage.with_mut(|stage| match outcome {
                    // SAFETY: the state word says that this field was stored, and the caller drops it once.
                    Outcome::Returned => unsafe { ManuallyDrop::drop(&mut (*stage).output) },
                    // SAFETY: as above.
                    Outcome::Panicked => unsafe { ManuallyDrop::drop(&mut (*stage).payload) },
                    Outcome::Cancelled => {}
                });
            });
        });
    }

    /// # Safety
    ///
    /// The last reference is gone.
    unsafe fn dealloc(header: NonNull<Header>) {
        // SAFETY: allocated as this type in `allocate`, and nobody refers to it any more.
        let cell = unsafe { Box::from_raw(header.cast::<Self>().as_ptr()) };
        // SAFETY: as above.
        let waker = cell.header.join_waker.with_mut(|slot| unsafe { (*slot).take() });
        guarded(|| drop(waker));
    }

    /// # Safety
    ///
    /// The task is alive, for as long as the caller uses the name.
    unsafe fn name(header: NonNull<Header>) -> Option<NonNull<str>> {
        // SAFETY: by contract.
        unsafe { Self::of(header) }.label.name().map(NonNull::from)
    }
}

/// Drops the future while a panic of its poll passes by, as locals are dropped: what it holds, such as a std mutex's
/// guard, sees that the thread is panicking.
struct DropFuture<'a, F: Future, S: Schedule, L: Label>(&'a TaskCell<F, S, L>);

impl<F: Future, S: Schedule, L: Label> Drop for DropFuture<'_, F, S, L> {
    fn drop(&mut self) {
        // A second panic goes no further, or it would end the process.
        // SAFETY: its poll panicked, so the future is there, and ours alone (invariant 1).
        if let Err(payload) = unsafe { self.0.drop_future() } {
            guarded(|| drop(payload));
        }
    }
}

/// Gives a reference up, and frees the task with the last.
///
/// # Safety
///
/// The caller owns a reference.
pub(super) unsafe fn release(header: NonNull<Header>) {
    // SAFETY: the caller's reference keeps the header alive so far; with the last one the cell is ours.
    unsafe {
        if header.as_ref().state.drop_reference() {
            (header.as_ref().vtable.dealloc)(header);
        }
    }
}
