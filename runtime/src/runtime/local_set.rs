//! [`LocalSet`]: tasks that need not be `Send`, on one thread, within any runtime or none.
//!
//! Not a thread: its tasks run when the set is polled. The invariant: a task of the set is polled and dropped on the
//! thread that made the set, wherever it is woken or aborted.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::thread::ThreadId;
use std::time::Duration;

use pin_project_lite::pin_project;

use crate::context;
use crate::coop::{Budget, with_budget};
use crate::primitive::sync::Mutex;
use crate::task::{JoinHandle, Label, LocalSchedule, OwnedTasks, Runnable, Schedule};
use crate::util::AtomicWaker;

use super::local_runtime::spawn_on_local_runtime;
use super::{Id, Runtime};

/// How many tasks one poll of the set runs before it lets the others of its runtime run.
const TASKS_PER_POLL: usize = 61;

thread_local_const! {
    /// The sets that this thread has entered, the current one last.
    static ENTERED: RefCell<Vec<Rc<Entered>>> = RefCell::new(Vec::new())
}

/// A set that a thread has entered.
struct Entered {
    shared: Arc<Shared>,
    /// Whether the set is being polled there: it then looks at its queue again before it is left.
    is_polled: bool,
}

/// What the set shares with its tasks' wakers.
struct Shared {
    this: Weak<Shared>,
    /// The thread that made the set.
    owner: ThreadId,
    /// Scheduled tasks. Pushed to from any thread, popped on the set's own.
    queue: Mutex<VecDeque<Runnable<Shared>>>,
    owned: OwnedTasks,
    /// Whoever polls the set.
    poller: AtomicWaker,
}

// SAFETY: the set is dropped on its thread, which waits there until the owned list is empty; `schedule` counts
// `Shared` before it queues. Runnables are run and dropped by the set alone.
unsafe impl Schedule for Shared {
    unsafe fn schedule(home: NonNull<Self>, runnable: Runnable<Self>) {
        // While a bound task exists so does the set, and with it a count to clone.
        // SAFETY: the set is alive while we have the runnable; this reference is not used after that.
        match unsafe { home.as_ref() }.this.upgrade() {
            Some(this) => this.push(runnable),
            None => runnable.cancel(),
        }
    }

    fn reschedule(&self, runnable: Runnable<Self>) {
        self.queue.lock().push_back(runnable);
    }

    fn owned(&self) -> &OwnedTasks {
        &self.owned
    }
}

// SAFETY: the set, which is not `Send`, alone runs and drops its tasks.
unsafe impl LocalSchedule for Shared {
    fn is_here(&self) -> bool {
        self.owner == std::thread::current().id()
    }
}

impl Shared {
    fn push(self: &Arc<Self>, runnable: Runnable<Self>) {
        self.queue.lock().push_back(runnable);
        if !is_polled_here(self) {
            self.poller.wake();
        }
    }
}

/// Whether this thread is polling any set.
pub(super) fn is_any_polled_here() -> bool {
    ENTERED
        .try_with(|entered| entered.try_borrow().is_ok_and(|entered| entered.iter().any(|one| one.is_polled)))
        .unwrap_or(false)
}

/// Whether this thread is polling the set, which then looks at the queue again by itself. To have entered it is not
/// enough.
fn is_polled_here(shared: &Arc<Shared>) -> bool {
    ENTERED
        .try_with(|entered| {
            entered.try_borrow().is_ok_and(|entered| {
                entered.last().is_some_and(|last| last.is_polled && Arc::ptr_eq(&last.shared, shared))
            })
        })
        .unwrap_or(false)
}

/// A set of tasks that need not be `Send`.
///
/// It makes progress while it is awaited, or inside [`LocalSet::run_until`] and [`LocalSet::block_on`]. Dropped, it
/// drops its tasks.
///
/// ```
/// use std::rc::Rc;
/// use mini_runtime::runtime::{LocalSet, Runtime, spawn_local};
///
/// let runtime = Runtime::new_bare().unwrap();
/// let set = LocalSet::new();
/// let answer = set.block_on(&runtime, async {
///     let shared = Rc::new(42);
///     spawn_local(async move { *shared }).await.unwrap()
/// });
/// assert_eq!(answer, 42);
/// ```
pub struct LocalSet {
    id: Id,
    shared: Arc<Shared>,
    /// Neither `Send` nor `Sync`.
    thread: PhantomData<*mut ()>,
}

/// As long as it lives, [`spawn_local`] on this thread spawns into the set.
///
/// ```
/// use mini_runtime::runtime::{LocalSet, spawn_local};
///
/// let set = LocalSet::new();
/// let guard = set.enter();
/// let task = spawn_local(async { std::rc::Rc::new(1) });
/// drop(guard);
/// assert_eq!(*futures::executor::block_on(set.run_until(task)).unwrap(), 1);
/// ```
#[must_use = "the set is left when the guard is dropped"]
pub struct LocalEnterGuard {
    thread: PhantomData<*mut ()>,
}

impl fmt::Debug for LocalEnterGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalEnterGuard").finish_non_exhaustive()
    }
}

impl Drop for LocalEnterGuard {
    fn drop(&mut self) {
        let left = ENTERED.try_with(|entered| entered.borrow_mut().pop());
        drop(left);
    }
}

impl LocalSet {
    /// An empty set, on this thread.
    ///
    /// ```
    /// let set = mini_runtime::runtime::LocalSet::new();
    /// futures::executor::block_on(set); // Nothing to do.
    /// ```
    pub fn new() -> Self {
        let shared = Arc::new_cyclic(|this: &Weak<Shared>| Shared {
            this: this.clone(),
            owner: std::thread::current().id(),
            queue: Mutex::new(VecDeque::new()),
            owned: OwnedTasks::new(),
            poller: AtomicWaker::new(),
        });
        Self { id: Id::next(), shared, thread: PhantomData }
    }

    /// What tells this set from others, and from runtimes.
    ///
    /// ```
    /// use mini_runtime::runtime::LocalSet;
    /// assert_ne!(LocalSet::new().id(), LocalSet::new().id());
    /// ```
    pub fn id(&self) -> Id {
        self.id
    }

    /// Makes this set the thread's current one, as long as the guard lives.
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalSet, spawn_local};
    ///
    /// let set = LocalSet::new();
    /// let task = {
    ///     let _guard = set.enter();
    ///     spawn_local(async { 1 })
    /// };
    /// assert_eq!(futures::executor::block_on(set.run_until(task)).unwrap(), 1);
    /// ```
    pub fn enter(&self) -> LocalEnterGuard {
        self.enter_to(false)
    }

    fn enter_to(&self, is_polled: bool) -> LocalEnterGuard {
        let entry = Rc::new(Entered { shared: self.shared.clone(), is_polled });
        let _ = ENTERED.try_with(|entered| entered.borrow_mut().push(entry));
        LocalEnterGuard { thread: PhantomData }
    }

    /// Spawns a task into the set. It runs when the set is next polled.
    ///
    /// ```
    /// let set = mini_runtime::runtime::LocalSet::new();
    /// let task = set.spawn_local(async { 1 });
    /// assert_eq!(futures::executor::block_on(set.run_until(task)).unwrap(), 1);
    /// ```
    #[track_caller]
    pub fn spawn_local<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        spawn_into(&self.shared, future, (), Location::caller())
    }

    /// Runs the set's tasks on a runtime, on this thread, until `future` is done.
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalSet, Runtime, spawn_local};
    ///
    /// let runtime = Runtime::new_bare().unwrap();
    /// let answer = LocalSet::new().block_on(&runtime, async { spawn_local(async { 42 }).await.unwrap() });
    /// assert_eq!(answer, 42);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`Runtime::block_on`].
    #[track_caller]
    pub fn block_on<D, F: Future>(&self, runtime: &Runtime<D>, future: F) -> F::Output {
        runtime.block_on(self.run_until(future))
    }

    /// Runs the set's tasks until `future` is done.
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalSet, spawn_local};
    ///
    /// let set = LocalSet::new();
    /// let answer = futures::executor::block_on(set.run_until(async { spawn_local(async { 42 }).await.unwrap() }));
    /// assert_eq!(answer, 42);
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Cancel safe as far as `future` is; the set's tasks go on when it is next polled.
    pub async fn run_until<F: Future>(&self, future: F) -> F::Output {
        RunUntil { set: self, future }.await
    }

    /// Runs some of the tasks that are ready. True: there are more.
    fn tick(&self) -> bool {
        for _ in 0..TASKS_PER_POLL {
            let Some(runnable) = self.pop() else { return false };
            with_budget(Budget::initial(), || runnable.run(&self.shared));
        }
        !self.shared.queue.lock().is_empty()
    }

    fn pop(&self) -> Option<Runnable<Shared>> {
        self.shared.queue.lock().pop_front()
    }
}

/// The set is done when all its tasks are.
impl Future for LocalSet {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.shared.poller.register(cx.waker());
        let _guard = self.enter_to(true);
        if self.tick() {
            cx.waker().wake_by_ref();
            Poll::Pending
        } else if self.shared.owned.len() == 0 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

pin_project! {
    /// The future of [`LocalSet::run_until`].
    struct RunUntil<'a, F> {
        set: &'a LocalSet,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for RunUntil<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.set.shared.poller.register(cx.waker());
        let _guard = this.set.enter_to(true);
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(output);
        }
        if this.set.tick() {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Drop for LocalSet {
    fn drop(&mut self) {
        let _guard = self.enter_to(true);
        self.shared.owned.close_and_cancel();
        loop {
            while let Some(runnable) = self.pop() {
                runnable.cancel();
            }
            if self.shared.owned.len() == 0 && self.shared.queue.lock().is_empty() {
                break;
            }
            // Some waker on another thread has brought a runnable into being and not yet queued it.
            std::thread::sleep(Duration::from_micros(50));
        }
    }
}

impl Default for LocalSet {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for LocalSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalSet").field("owned", &self.shared.owned).finish_non_exhaustive()
    }
}

fn spawn_into<F, L>(
    shared: &Arc<Shared>,
    future: F,
    label: L,
    location: &'static Location<'static>,
) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
    L: Label,
{
    let (runnable, handle) = crate::task::allocate_local(future, label, &**shared, location);
    if shared.owned.is_closed() {
        // The set is gone, and was left entered: nobody will poll it.
        runnable.cancel();
    } else {
        shared.push(runnable);
    }
    handle
}

/// Spawns a task that need not be `Send` into the `LocalSet` or `LocalRuntime` that this thread is in.
///
/// ```
/// use mini_runtime::runtime::{LocalSet, spawn_local};
///
/// let set = LocalSet::new();
/// futures::executor::block_on(set.run_until(async {
///     let task = spawn_local(async { std::rc::Rc::new(1) });
///     assert_eq!(*task.await.unwrap(), 1);
/// }));
/// ```
///
/// # Panics
///
/// Outside both.
#[track_caller]
pub fn spawn_local<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    spawn_labelled(future, (), Location::caller())
}

#[track_caller]
pub(super) fn spawn_labelled<F, L>(
    future: F,
    label: L,
    location: &'static Location<'static>,
) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
    L: Label,
{
    let current = ENTERED.try_with(|entered| entered.borrow().last().cloned()).unwrap_or(None);
    if let Some(current) = current {
        return spawn_into(&current.shared, future, label, location);
    }
    let spawned = context::with_parts(|parts| spawn_on_local_runtime(parts, future, label, location));
    match spawned {
        Ok(Ok(handle)) => handle,
        _ => panic!(
            "no place for tasks that are not `Send` on this thread; call this inside `LocalSet::run_until` \
             or on a `LocalRuntime` (`#[mini::main(flavor = \"local\")]`)"
        ),
    }
}
