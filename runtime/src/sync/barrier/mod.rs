//! [`Barrier`]: tasks that wait until a number of them has arrived.
//!
//! Not a countdown: when the last has arrived it starts anew. The invariants:
//!
//! 1. `arrived` is the number of those who arrived since the last were let go, fewer than `count` outside the lock.
//! 2. Who arrives last takes all who wait out of the queue under the same lock, so that nobody who arrives later goes
//!    with them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use super::wait_queue::{Phase, Wait, WaitQueue};
use crate::coop;

/// Outcome of a waiter: all have arrived.
const LET_GO: u8 = 0;

/// Lets tasks go on together, once so many have arrived.
///
/// ```
/// use mini_runtime::sync::Barrier;
/// use std::sync::Arc;
///
/// # futures::executor::block_on(async {
/// let barrier = Arc::new(Barrier::new(2));
/// let other = Arc::clone(&barrier);
/// let other = std::thread::spawn(move || futures::executor::block_on(other.wait()));
/// let mine = barrier.wait().await;
/// assert_ne!(mine.is_leader(), other.join().unwrap().is_leader());
/// # });
/// ```
pub struct Barrier {
    /// How many must arrive; one at least.
    count: usize,
    /// Those who wait, and how many have arrived (1).
    queue: WaitQueue<usize, ()>,
}

/// What a task is told when it goes on.
///
/// ```
/// # futures::executor::block_on(async {
/// let result = mini_runtime::sync::Barrier::new(1).wait().await;
/// assert!(result.is_leader());
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// Whether this task arrived last; of those that go on together one is told so.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// assert!(mini_runtime::sync::Barrier::new(1).wait().await.is_leader());
    /// # });
    /// ```
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Barrier {
    /// A barrier that lets tasks go when `count` have arrived; zero counts as one.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// mini_runtime::sync::Barrier::new(1).wait().await;
    /// # });
    /// ```
    pub fn new(count: usize) -> Self {
        Self { count: count.max(1), queue: WaitQueue::new(0) }
    }

    /// Waits until all have arrived, this one included.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: it has arrived with the first poll, and is counted though it is dropped then.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let barrier = mini_runtime::sync::Barrier::new(2);
    /// let (first, second) = futures::join!(barrier.wait(), barrier.wait());
    /// assert_eq!((first.is_leader(), second.is_leader()), (false, true));
    /// # });
    /// ```
    pub async fn wait(&self) -> BarrierWaitResult {
        Arrival { barrier: self, is_leader: None, wait: Wait::new(&self.queue) }.await
    }
}

pin_project_lite::pin_project! {
    /// The future of [`Barrier::wait`].
    struct Arrival<'b> {
        barrier: &'b Barrier,
        // Once arrived, whether as the last.
        is_leader: Option<bool>,
        #[pin]
        wait: Wait<'b, usize, ()>,
    }
}

impl Arrival<'_> {
    /// Arrives, and says whether as the last; otherwise it is queued.
    fn arrive(self: Pin<&mut Self>, waker: &Waker) -> bool {
        let this = self.project();
        // Cloned, and dropped where it is not used, without the lock, since it is user code.
        let waker = waker.clone();
        let mut guard = this.wait.as_ref().lock();
        let is_leader = guard.state + 1 == this.barrier.count;
        if is_leader {
            guard.state = 0;
            guard.wake_all(LET_GO);
        } else {
            guard.state += 1;
            guard.push_back(waker, ());
        }
        is_leader
    }
}

impl Future for Arrival<'_> {
    type Output = BarrierWaitResult;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let is_leader = match self.is_leader {
            Some(is_leader) => is_leader,
            None => {
                // Budget or not: the others shall not wait for it.
                let is_leader = self.as_mut().arrive(context.waker());
                *self.as_mut().project().is_leader = Some(is_leader);
                if !is_leader {
                    return Poll::Pending;
                }
                true
            }
        };
        let coop = ready!(coop::poll_proceed(context));
        if !is_leader && self.project().wait.as_ref().update_waker(context.waker()) == Phase::Queued {
            return Poll::Pending;
        }
        coop.made_progress();
        Poll::Ready(BarrierWaitResult(is_leader))
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier").field("count", &self.count).finish_non_exhaustive()
    }
}

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;
