//! The user's side of a task: [`JoinHandle`], which awaits its output, and [`AbortHandle`], which can only end it.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker, ready};

use crate::coop;
use crate::util::guarded;

use super::cell::release;
use super::error::JoinError;
use super::header::Header;
use super::id::Id;
use super::state::DropHandle;
use super::waker::schedule_if;

/// Awaits a task's output. Dropping it detaches the task, which goes on.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let handle = mini_runtime::runtime::spawn(async { 6 * 7 });
/// assert_eq!(handle.await.unwrap(), 42);
/// # });
/// ```
///
/// # Panics
///
/// If polled again after it answered.
///
/// # Cancel safety
///
/// Cancel safe: awaiting `&mut handle` again later gives the output.
pub struct JoinHandle<T> {
    header: NonNull<Header>,
    /// The output was taken; a completed task leaves it to us until then (invariant 5 of `state`).
    is_consumed: bool,
    output: PhantomData<T>,
}

// SAFETY: the handle moves a `T` from the thread that ran the task to its own, and touches the rest of the task only
// through the state word.
unsafe impl<T: Send> Send for JoinHandle<T> {}
// SAFETY: shared, the handle gives access to the state word only.
unsafe impl<T: Send> Sync for JoinHandle<T> {}

impl<T> Unpin for JoinHandle<T> {}
impl<T> UnwindSafe for JoinHandle<T> {}
impl<T> RefUnwindSafe for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// # Safety
    ///
    /// Takes over the reference and the join interest of a new task whose output is a `T`.
    pub(super) unsafe fn from_header(header: NonNull<Header>) -> Self {
        Self { header, is_consumed: false, output: PhantomData }
    }

    fn task(&self) -> &Header {
        // SAFETY: our reference keeps it alive.
        unsafe { self.header.as_ref() }
    }

    /// Asks for the task to be dropped at its next point of suspension. It has no effect on a task that is over.
    ///
    /// The handle then answers with an error that [`is_cancelled`](JoinError::is_cancelled), unless the task
    /// completed first.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
    /// handle.abort();
    /// assert!(handle.await.unwrap_err().is_cancelled());
    /// # });
    /// ```
    pub fn abort(&self) {
        // SAFETY: our reference keeps the task alive.
        unsafe { schedule_if(self.header, self.task().state.cancel()) };
    }

    /// Whether the task is over, its future dropped.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
    /// assert!(!handle.is_finished());
    /// handle.abort();
    /// while !handle.is_finished() {
    ///     mini_runtime::runtime::yield_now().await;
    /// }
    /// # });
    /// ```
    pub fn is_finished(&self) -> bool {
        self.task().state.load().is_complete()
    }

    /// The task's id.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(async { mini_runtime::task::id() });
    /// let id = handle.id();
    /// assert_eq!(handle.await.unwrap(), id);
    /// # });
    /// ```
    pub fn id(&self) -> Id {
        Id::of(self.header)
    }

    /// A handle that can abort the task but does not await it.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
    /// let abort = handle.abort_handle();
    /// abort.abort();
    /// assert!(handle.await.is_err());
    /// # });
    /// ```
    pub fn abort_handle(&self) -> AbortHandle {
        self.task().state.add_reference();
        AbortHandle { header: self.header }
    }

    /// Stores the waker of whoever waits. False: the task completed meanwhile.
    fn store_waker(&self, waker: &Waker) -> bool {
        let task = self.task();
        let snapshot = task.state.load();
        if snapshot.is_complete() {
            return false;
        }
        if snapshot.has_join_waker() {
            // SAFETY: shared and read-only (invariant 4).
            let is_current =
                task.join_waker.with(|slot| unsafe { (*slot).as_ref() }.is_some_and(|w| w.will_wake(waker)));
            if is_current {
                return true;
            }
            if !task.state.unset_join_waker() {
                return false;
            }
        }
        let waker = waker.clone();
        // SAFETY: JOIN_WAKER is clear, so the slot is ours (invariant 4).
        let former = task.join_waker.with_mut(|slot| unsafe { (*slot).replace(waker) });
        let is_stored = task.state.set_join_waker();
        drop(former);
        is_stored
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        assert!(
            !self.is_consumed,
            "this JoinHandle has already given its task's output; do not poll it again"
        );
        let coop = ready!(coop::poll_proceed(cx));
        if self.store_waker(cx.waker()) {
            return Poll::Pending;
        }
        coop.made_progress();
        self.is_consumed = true;
        let mut output = MaybeUninit::<Self::Output>::uninit();
        // SAFETY: the task is complete, JOIN_INTEREST was ours and the output was not taken (invariant 5).
        unsafe {
            (self.task().vtable.take_output)(self.header, NonNull::from(&mut output).cast());
            Poll::Ready(output.assume_init())
        }
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let task = self.task();
        match task.state.drop_handle() {
            DropHandle::Released => return,
            DropHandle::DropWaker => {
                // SAFETY: the slot is ours again (invariant 4).
                let waker = task.join_waker.with_mut(|slot| unsafe { (*slot).take() });
                guarded(|| drop(waker));
            }
            DropHandle::DropOutput if !self.is_consumed => {
                // SAFETY: complete, and the output is ours (invariant 5).
                unsafe { (task.vtable.drop_output)(self.header) };
            }
            DropHandle::DropOutput => {}
        }
        // SAFETY: our reference.
        unsafe { release(self.header) };
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("id", &self.id()).finish_non_exhaustive()
    }
}

/// Can abort a task, without awaiting it.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
/// let abort = handle.abort_handle();
/// abort.abort();
/// assert!(handle.await.is_err());
/// assert!(abort.is_finished());
/// # });
/// ```
pub struct AbortHandle {
    header: NonNull<Header>,
}

// SAFETY: it touches the state word only, and schedules through the task's scheduler, from any thread.
unsafe impl Send for AbortHandle {}
// SAFETY: as above.
unsafe impl Sync for AbortHandle {}

impl UnwindSafe for AbortHandle {}
impl RefUnwindSafe for AbortHandle {}

impl AbortHandle {
    /// As [`JoinHandle::abort`].
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
    /// let abort = handle.abort_handle();
    /// abort.abort();
    /// assert!(handle.await.unwrap_err().is_cancelled());
    /// # });
    /// ```
    pub fn abort(&self) {
        // SAFETY: our reference keeps the task alive.
        unsafe { schedule_if(self.header, self.header.as_ref().state.cancel()) };
    }

    /// As [`JoinHandle::is_finished`].
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
    /// let abort = handle.abort_handle();
    /// assert!(!abort.is_finished());
    /// abort.abort();
    /// assert!(handle.await.is_err());
    /// assert!(abort.is_finished());
    /// # });
    /// ```
    pub fn is_finished(&self) -> bool {
        // SAFETY: our reference keeps the task alive.
        unsafe { self.header.as_ref() }.state.load().is_complete()
    }

    /// As [`JoinHandle::id`].
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
    /// let abort = handle.abort_handle();
    /// assert_eq!(abort.id(), handle.id());
    /// # });
    /// ```
    pub fn id(&self) -> Id {
        Id::of(self.header)
    }
}

impl Clone for AbortHandle {
    fn clone(&self) -> Self {
        // SAFETY: our reference keeps the task alive.
        unsafe { self.header.as_ref() }.state.add_reference();
        Self { header: self.header }
    }
}

impl Drop for AbortHandle {
    fn drop(&mut self) {
        // SAFETY: our reference.
        unsafe { release(self.header) };
    }
}

impl fmt::Debug for AbortHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortHandle").field("id", &self.id()).finish()
    }
}
