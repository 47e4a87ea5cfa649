//! The proof that a task is scheduled: whoever holds a [`Runnable`] has the future to itself.
//!
//! Not a reference: it owns none, the task's own life reference keeps it valid until it is run (invariant 2 of
//! `state`). It is never lost: dropped unrun, it cancels the task.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::cell::Schedule;
use super::header::Header;

/// A scheduled task, at most one per task. One word.
pub(crate) struct Runnable<S: Schedule> {
    header: NonNull<Header>,
    scheduler: PhantomData<S>,
}

// SAFETY: the future behind it is `Send`, or the scheduler `S` runs and drops it on one thread only, to which it may
// be handed from any other.
unsafe impl<S: Schedule> Send for Runnable<S> {}

impl<S: Schedule> Runnable<S> {
    /// # Safety
    ///
    /// The task is scheduled by a wake that has no `Runnable` yet, and its scheduler is an `S`.
    #[inline]
    pub(super) unsafe fn from_header(header: NonNull<Header>) -> Self {
        Self { header, scheduler: PhantomData }
    }

    /// Polls the future once, and does what follows from the answer. True: the task is over.
    #[inline]
    pub(crate) fn run(self, scheduler: &S) -> bool {
        let header = self.into_header();
        // SAFETY: we own the `Runnable` and give it up; the address is that of an `S`.
        unsafe { (header.as_ref().vtable.run)(header, NonNull::from(scheduler).cast()) }
    }

    /// Whether the task stayed Pending three times already.
    #[inline]
    pub(crate) fn is_seasoned(&self) -> bool {
        // SAFETY: the `Runnable` keeps the task alive (invariant 2 of `state`).
        unsafe { self.header.as_ref() }.state.is_seasoned()
    }

    /// Drops the future instead.
    pub(crate) fn cancel(self) {
        drop(self);
    }

    fn into_header(self) -> NonNull<Header> {
        ManuallyDrop::new(self).header
    }

    /// As a pointer, for a queue of atomics.
    #[inline]
    pub(crate) fn into_raw(self) -> *mut Header {
        self.into_header().as_ptr()
    }

    /// # Safety
    ///
    /// `raw` came from [`Runnable::into_raw`] of the same `S`, and is turned back once.
    #[inline]
    pub(crate) unsafe fn from_raw(raw: *mut Header) -> Self {
        // SAFETY: by contract; `into_raw` never gives null.
        Self { header: unsafe { NonNull::new_unchecked(raw) }, scheduler: PhantomData }
    }
}

impl<S: Schedule> Drop for Runnable<S> {
    fn drop(&mut self) {
        // SAFETY: we own the `Runnable` and give it up.
        unsafe { (self.header.as_ref().vtable.cancel)(self.header) };
    }
}

impl<S: Schedule> std::fmt::Debug for Runnable<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Runnable").field(&self.header).finish()
    }
}
