//! The `Waker` of a task: a pointer to its header, owning one reference.
//!
//! Not the borrowed waker that a poll gets: that one owns nothing (futures-task's `WakerRef`), so that a poll which
//! stores no waker counts nothing.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::task::{RawWaker, RawWakerVTable, Waker};

use futures_task::WakerRef;

use super::cell::release;
use super::header::Header;
use super::state::WakeAction;

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

/// A waker for the length of a poll, without a reference of its own.
///
/// # Safety
///
/// The task outlives the result.
#[inline]
pub(super) unsafe fn borrowed<'a>(header: NonNull<Header>) -> WakerRef<'a> {
    // SAFETY: the functions of the vtable honour the contract of `RawWaker`: they are thread-safe, and each takes the
    // header's address that `clone` and this function give them.
    let waker = unsafe { Waker::new(header.as_ptr().cast_const().cast(), &VTABLE) };
    WakerRef::new_unowned(ManuallyDrop::new(waker))
}

fn header(data: *const ()) -> NonNull<Header> {
    debug_assert!(!data.is_null());
    // SAFETY: only `borrowed` and `clone` make wakers with this vtable, from a `NonNull`.
    unsafe { NonNull::new_unchecked(data.cast_mut().cast()) }
}

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the waker that is cloned keeps the task alive.
    unsafe { header(data).as_ref() }.state.add_reference();
    RawWaker::new(data, &VTABLE)
}

unsafe fn wake(data: *const ()) {
    let header = header(data);
    // SAFETY: the waker keeps the task alive up to the wake; the vtable lives for ever.
    let (vtable, action) = unsafe { (header.as_ref().vtable, header.as_ref().state.wake_by_value()) };
    match action {
        // SAFETY: the `Runnable` is ours to schedule; it keeps the task alive.
        WakeAction::Schedule => unsafe { (vtable.schedule)(header) },
        // SAFETY: ours was the last reference.
        WakeAction::Dealloc => unsafe { (vtable.dealloc)(header) },
        WakeAction::Nothing => {}
    }
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the waker keeps the task alive.
    unsafe { schedule_if(header(data), header(data).as_ref().state.wake_by_ref()) };
}

unsafe fn drop_waker(data: *const ()) {
    // SAFETY: the waker's reference.
    unsafe { release(header(data)) };
}

/// Schedules the task if the wake asks for it.
///
/// # Safety
///
/// The caller keeps the task alive; `action` is the answer of its state word.
pub(super) unsafe fn schedule_if(header: NonNull<Header>, action: WakeAction) {
    if action == WakeAction::Schedule {
        // SAFETY: the `Runnable` came into being for us.
        unsafe { (header.as_ref().vtable.schedule)(header) };
    }
}
