//! [`JoinSet`]: many tasks, joined in the order in which they end.
//!
//! Not a scheduler: its tasks run on the runtime as any other. The invariant: an entry's key is in the ready queue
//! whenever its handle may have an answer that nobody has looked for.

mod spawn;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_task::{ArcWake, waker_ref};
use slab::Slab;

use crate::primitive::queue::SegQueue;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};
use crate::task::{AbortHandle, Id, JoinError, JoinHandle};
use crate::util::AtomicWaker;

/// Tasks that end with the set: dropping it aborts them.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let mut set = mini_runtime::runtime::JoinSet::new();
/// for number in 0..10 {
///     set.spawn(async move { number * number });
/// }
/// let mut sum = 0;
/// while let Some(result) = set.join_next().await {
///     sum += result.unwrap();
/// }
/// assert_eq!(sum, 285);
/// # });
/// ```
pub struct JoinSet<T> {
    entries: Slab<Entry<T>>,
    ready: Arc<Ready>,
}

struct Entry<T> {
    handle: JoinHandle<T>,
    waker: Arc<EntryWaker>,
}

/// What the wakers of the entries share with the set.
struct Ready {
    keys: SegQueue<usize>,
    joiner: AtomicWaker,
}

/// Wakes the joiner on behalf of one entry. A key may outlive its entry; the next one under it is then polled in vain.
struct EntryWaker {
    key: usize,
    /// Whether the key is in the queue.
    is_queued: AtomicBool,
    ready: Arc<Ready>,
}

impl EntryWaker {
    fn queue(&self) {
        // Ordering: AcqRel; the joiner's swap in `poll_join_next_with_id` sees what came before.
        if !self.is_queued.swap(true, Ordering::AcqRel) {
            self.ready.keys.push(self.key);
        }
    }
}

impl ArcWake for EntryWaker {
    fn wake_by_ref(this: &Arc<Self>) {
        this.queue();
        this.ready.joiner.wake();
    }
}

impl<T> JoinSet<T> {
    /// An empty set.
    ///
    /// ```
    /// let set = mini_runtime::runtime::JoinSet::<()>::new();
    /// assert!(set.is_empty());
    /// ```
    pub fn new() -> Self {
        let ready = Arc::new(Ready { keys: SegQueue::new(), joiner: AtomicWaker::new() });
        Self { entries: Slab::new(), ready }
    }

    /// How many tasks are in the set, ended ones that were not joined included.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// set.spawn(async {});
    /// assert_eq!(set.len(), 1);
    /// set.join_next().await;
    /// assert_eq!(set.len(), 0);
    /// # });
    /// ```
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// assert!(set.is_empty());
    /// set.spawn(async {});
    /// assert!(!set.is_empty());
    /// # });
    /// ```
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn insert(&mut self, handle: JoinHandle<T>) -> AbortHandle {
        let abort = handle.abort_handle();
        let slot = self.entries.vacant_entry();
        let waker = Arc::new(EntryWaker {
            key: slot.key(),
            is_queued: AtomicBool::new(false),
            ready: self.ready.clone(),
        });
        // The next join polls it and leaves the waker there.
        waker.queue();
        slot.insert(Entry { handle, waker });
        abort
    }

    /// Waits for the next task to end, or answers `None` if the set is empty.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// set.spawn(async { 1 });
    /// set.spawn(async { 2 });
    /// let mut sum = 0;
    /// while let Some(result) = set.join_next().await {
    ///     sum += result.unwrap();
    /// }
    /// assert_eq!(sum, 3);
    /// # });
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no task is taken out.
    pub async fn join_next(&mut self) -> Option<Result<T, JoinError>> {
        poll_fn(|cx| self.poll_join_next(cx)).await
    }

    /// As [`JoinSet::join_next`], with the task's id.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// let task = set.spawn(async { 1 });
    /// let (id, output) = set.join_next_with_id().await.unwrap().unwrap();
    /// assert_eq!((id, output), (task.id(), 1));
    /// # });
    /// ```
    pub async fn join_next_with_id(&mut self) -> Option<Result<(Id, T), JoinError>> {
        poll_fn(|cx| self.poll_join_next_with_id(cx)).await
    }

    /// A task that has already ended, if any.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// set.spawn(std::future::pending::<()>());
    /// assert!(set.try_join_next().is_none());
    /// assert_eq!(set.len(), 1);
    /// # });
    /// ```
    pub fn try_join_next(&mut self) -> Option<Result<T, JoinError>> {
        self.try_join_next_with_id().map(|result| result.map(|(_, output)| output))
    }

    /// As [`JoinSet::try_join_next`], with the task's id.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// let task = set.spawn(async { 1 });
    /// while !task.is_finished() {
    ///     mini_runtime::runtime::yield_now().await;
    /// }
    /// assert_eq!(set.try_join_next_with_id().unwrap().unwrap(), (task.id(), 1));
    /// assert!(set.try_join_next_with_id().is_none());
    /// # });
    /// ```
    pub fn try_join_next_with_id(&mut self) -> Option<Result<(Id, T), JoinError>> {
        let mut context = Context::from_waker(std::task::Waker::noop());
        let queued = self.ready.keys.len();
        let poll = || self.poll_ready(&mut context, queued);
        match crate::coop::with_budget(crate::coop::Budget::unlimited(), poll) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }

    /// Polls for the next task to end. `Ready(None)` if the set is empty.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// set.spawn(async { 1 });
    /// let result = std::future::poll_fn(|cx| set.poll_join_next(cx)).await;
    /// assert_eq!(result.unwrap().unwrap(), 1);
    /// # });
    /// ```
    pub fn poll_join_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, JoinError>>> {
        self.poll_join_next_with_id(cx).map(|answer| answer.map(|result| result.map(|(_, output)| output)))
    }

    /// As [`JoinSet::poll_join_next`], with the task's id.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// let task = set.spawn(std::future::pending::<()>());
    /// task.abort();
    /// let result = std::future::poll_fn(|cx| set.poll_join_next_with_id(cx)).await;
    /// assert_eq!(result.unwrap().unwrap_err().id(), task.id());
    /// # });
    /// ```
    pub fn poll_join_next_with_id(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(Id, T), JoinError>>> {
        if self.entries.is_empty() {
            return Poll::Ready(None);
        }
        // Before the waker of the last poll is dropped, which is user code and may end tasks of ours.
        let queued = self.ready.keys.len();
        self.ready.joiner.register(cx.waker());
        self.poll_ready(cx, queued).map(Some)
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>, queued: usize) -> Poll<Result<(Id, T), JoinError>> {
        // Once around: what is queued meanwhile wakes us again.
        for _ in 0..queued {
            let Some(key) = self.ready.keys.pop() else { break };
            let Some(entry) = self.entries.get_mut(key) else { continue };
            // Ordering: AcqRel pairs with the swap in `queue`.
            entry.waker.is_queued.swap(false, Ordering::AcqRel);
            let id = entry.handle.id();
            let waker = waker_ref(&entry.waker);
            let poll = Pin::new(&mut entry.handle).poll(&mut Context::from_waker(&waker));
            if let Poll::Ready(result) = poll {
                self.entries.remove(key);
                return Poll::Ready(result.map(|output| (id, output)));
            }
        }
        if !self.ready.keys.is_empty() {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    /// Aborts all tasks. They stay in the set until they are joined.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// set.spawn(std::future::pending::<()>());
    /// set.abort_all();
    /// assert!(set.join_next().await.unwrap().unwrap_err().is_cancelled());
    /// # });
    /// ```
    pub fn abort_all(&mut self) {
        for (_, entry) in &self.entries {
            entry.handle.abort();
        }
    }

    /// Takes all tasks out of the set and lets them go on.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// let (done, wait) = futures::channel::oneshot::channel();
    /// set.spawn(async { done.send(1) });
    /// set.detach_all();
    /// assert!(set.is_empty());
    /// assert_eq!(wait.await, Ok(1));
    /// # });
    /// ```
    pub fn detach_all(&mut self) {
        self.entries.clear();
    }

    /// Aborts all tasks and waits until they have ended.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// set.spawn(std::future::pending::<()>());
    /// set.shutdown().await;
    /// assert!(set.is_empty());
    /// # });
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the tasks are aborted either way.
    pub async fn shutdown(&mut self) {
        self.abort_all();
        while self.join_next().await.is_some() {}
    }

    /// Waits for all tasks, and returns their outputs in the order in which they ended.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let set: mini_runtime::runtime::JoinSet<u32> = (1..4).map(std::future::ready).collect();
    /// let mut outputs = set.join_all().await;
    /// outputs.sort();
    /// assert_eq!(outputs, [1, 2, 3]);
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// If a task panicked, with its payload, or was cancelled. The others are then aborted.
    pub async fn join_all(mut self) -> Vec<T> {
        let mut outputs = Vec::with_capacity(self.len());
        while let Some(result) = self.join_next().await {
            match result.map_err(JoinError::try_into_panic) {
                Ok(output) => outputs.push(output),
                Err(Ok(payload)) => std::panic::resume_unwind(payload),
                Err(Err(error)) => panic!("{error}"),
            }
        }
        outputs
    }
}

impl<T> Drop for JoinSet<T> {
    fn drop(&mut self) {
        self.abort_all();
    }
}

impl<T> Default for JoinSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for JoinSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinSet").field("len", &self.len()).finish()
    }
}
