//! The fairness allowance: each poll of a task may complete 128 operations of ours before they answer Pending.
//!
//! Not preemption: a future that never touches a socket, channel or timer of ours is not limited. The invariant
//! is that every leaf future of ours calls [`poll_proceed`] before it completes, and gives the unit back when it
//! stays Pending.
//!
//! The idea and the number are tokio's (`tokio::task::coop`).

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Operations a task may complete within one poll.
const INITIAL: u8 = 128;

thread_local_const! {
    /// Written and read by this thread alone. `None` is no limit.
    static BUDGET: Cell<Budget> = Cell::new(Budget::unlimited())
}

thread_local_const! {
    /// Whether a task has yielded here since it was last asked.
    static HAS_YIELDED: Cell<bool> = Cell::new(false)
}

/// The current task is about to wake itself so that others run, and not because it has more to do.
#[inline]
pub(crate) fn note_yield() {
    let _ = HAS_YIELDED.try_with(|cell| cell.set(true));
}

/// Whether a task has yielded on this thread since this was last asked.
#[inline]
pub(crate) fn take_yield() -> bool {
    HAS_YIELDED.try_with(|cell| cell.take()).unwrap_or(false)
}

/// What is left of the allowance of the current poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget(Option<u8>);

impl Budget {
    /// The allowance a poll starts with.
    pub(crate) const fn initial() -> Self {
        Self(Some(INITIAL))
    }

    /// No limit: outside tasks and inside [`unconstrained`].
    pub(crate) const fn unlimited() -> Self {
        Self(None)
    }
}

/// Puts the former budget back when dropped.
#[derive(Debug)]
pub(crate) struct BudgetGuard(Budget);

impl Drop for BudgetGuard {
    fn drop(&mut self) {
        set(self.0);
    }
}

/// Runs `f` under `budget`, then restores what was there, also on unwind.
#[inline]
pub(crate) fn with_budget<R>(budget: Budget, f: impl FnOnce() -> R) -> R {
    let _guard = BudgetGuard(set(budget));
    f()
}

/// Sets the thread's budget and returns the former one. A thread whose locals are gone has no limit.
#[inline]
pub(crate) fn set(budget: Budget) -> Budget {
    BUDGET.try_with(|cell| cell.replace(budget)).unwrap_or(Budget::unlimited())
}

/// Whether the current task may still complete an operation in this poll.
///
/// ```
/// assert!(mini_runtime::coop::has_budget_remaining());
/// ```
#[inline]
pub fn has_budget_remaining() -> bool {
    BUDGET.try_with(|cell| cell.get().0 != Some(0)).unwrap_or(true)
}

/// Gives the unit taken by [`poll_proceed`] back when dropped, unless progress was made.
///
/// ```
/// use mini_runtime::coop;
/// use std::task::{Context, Poll, Waker};
///
/// let mut context = Context::from_waker(Waker::noop());
/// let Poll::Ready(unit) = coop::poll_proceed(&mut context) else { panic!("there is budget") };
/// drop(unit); // The operation would have to wait: the unit is not spent.
/// ```
#[derive(Debug)]
#[must_use = "call made_progress() when the operation completed"]
pub struct RestoreOnPending {
    former: Option<Budget>,
    /// Not `Send`: the budget is this thread's.
    thread: PhantomData<*mut ()>,
}

impl RestoreOnPending {
    #[inline]
    fn new(former: Option<Budget>) -> Self {
        Self { former, thread: PhantomData }
    }
}

impl RestoreOnPending {
    /// The operation completed: the unit stays spent.
    ///
    /// ```
    /// use std::task::{Context, Poll, Waker};
    ///
    /// let mut context = Context::from_waker(Waker::noop());
    /// if let Poll::Ready(unit) = mini_runtime::coop::poll_proceed(&mut context) {
    ///     unit.made_progress();
    /// }
    /// ```
    #[inline]
    pub fn made_progress(mut self) {
        self.former = None;
    }
}

impl Drop for RestoreOnPending {
    #[inline]
    fn drop(&mut self) {
        if let Some(budget) = self.former {
            set(budget);
        }
    }
}

/// Takes one unit of the current poll's budget. With none left it wakes the task and answers Pending.
///
/// Call it first in the `poll` of a leaf future; call [`RestoreOnPending::made_progress`] when the operation
/// completes, and drop the guard otherwise.
///
/// ```
/// use std::task::{Context, Poll};
///
/// fn poll_mine(cx: &mut Context<'_>, value: Option<u32>) -> Poll<u32> {
///     let coop = std::task::ready!(mini_runtime::coop::poll_proceed(cx));
///     match value {
///         Some(value) => {
///             coop.made_progress();
///             Poll::Ready(value)
///         }
///         None => Poll::Pending,
///     }
/// }
/// # let mut cx = Context::from_waker(std::task::Waker::noop());
/// # assert_eq!(poll_mine(&mut cx, Some(1)), Poll::Ready(1));
/// ```
#[inline]
pub fn poll_proceed(cx: &mut Context<'_>) -> Poll<RestoreOnPending> {
    let budget = BUDGET.try_with(Cell::get).unwrap_or(Budget::unlimited());
    match budget.0 {
        None => Poll::Ready(RestoreOnPending::new(None)),
        Some(0) => {
            note_yield();
            cx.waker().wake_by_ref();
            Poll::Pending
        }
        Some(left) => {
            set(Budget(Some(left - 1)));
            Poll::Ready(RestoreOnPending::new(Some(budget)))
        }
    }
}

/// Spends one unit of budget, if any is left, for an operation that did not ask first.
///
/// ```
/// mini_runtime::coop::spend();
/// ```
#[inline]
pub fn spend() {
    let _ = BUDGET.try_with(|cell| cell.set(Budget(cell.get().0.map(|left| left.saturating_sub(1)))));
}

pin_project_lite::pin_project! {
    /// The future of [`cooperative`].
    ///
    /// ```
    /// let future = mini_runtime::coop::cooperative(async { 42 });
    /// assert_eq!(futures::executor::block_on(future), 42);
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Coop<F> {
        #[pin]
        future: F,
    }
}

impl<F> fmt::Debug for Coop<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coop").finish_non_exhaustive()
    }
}

impl<F: Future> Future for Coop<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let coop = ready!(poll_proceed(cx));
        let output = ready!(self.project().future.poll(cx));
        coop.made_progress();
        Poll::Ready(output)
    }
}

/// Makes a future one leaf to the budget: to complete it spends a unit, so that a loop over such that are always ready
/// yields all the same. For futures that rest on nothing of ours.
///
/// ```
/// # use futures::executor::block_on;
/// # block_on(async {
/// let answer = mini_runtime::coop::cooperative(async { 42 }).await;
/// assert_eq!(answer, 42);
/// # });
/// ```
///
/// # Cancel safety
///
/// As that of `future`.
pub fn cooperative<F: Future>(future: F) -> Coop<F> {
    Coop { future }
}

/// Spends one unit of budget, and yields to the scheduler if none is left.
///
/// For long loops that touch nothing of ours.
///
/// ```
/// # use futures::executor::block_on;
/// # block_on(async {
/// for chunk in [1, 2, 3] {
///     let _ = chunk * 2;
///     mini_runtime::coop::consume_budget().await;
/// }
/// # });
/// ```
///
/// # Cancel safety
///
/// Cancel safe: it holds no state.
pub async fn consume_budget() {
    std::future::poll_fn(|cx| {
        let coop = ready!(poll_proceed(cx));
        coop.made_progress();
        Poll::Ready(())
    })
    .await;
}

pin_project_lite::pin_project! {
    /// The future of [`unconstrained`].
    ///
    /// ```
    /// let future = mini_runtime::coop::unconstrained(async { 42 });
    /// assert_eq!(futures::executor::block_on(future), 42);
    /// ```
    pub struct Unconstrained<F> {
        #[pin]
        future: F,
    }
}

impl<F> fmt::Debug for Unconstrained<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unconstrained").finish_non_exhaustive()
    }
}

impl<F: Future> Future for Unconstrained<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let future = self.project().future;
        with_budget(Budget::unlimited(), || future.poll(cx))
    }
}

/// Takes a future out of the budget: its operations never yield of themselves.
///
/// ```
/// # use futures::executor::block_on;
/// # block_on(async {
/// let answer = mini_runtime::coop::unconstrained(async { 42 }).await;
/// assert_eq!(answer, 42);
/// # });
/// ```
pub fn unconstrained<F>(future: F) -> Unconstrained<F> {
    Unconstrained { future }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_spent_budget_answers_pending_and_pending_gives_back() {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        with_budget(Budget::initial(), || {
            for _ in 0..INITIAL {
                let Poll::Ready(coop) = poll_proceed(&mut cx) else { panic!("budget spent early") };
                coop.made_progress();
            }
            assert!(!has_budget_remaining());
            assert!(poll_proceed(&mut cx).is_pending());
        });
        with_budget(Budget::initial(), || {
            for _ in 0..1000 {
                let Poll::Ready(_coop) = poll_proceed(&mut cx) else { panic!("unit not given back") };
            }
        });
        assert!(has_budget_remaining());
    }
}
