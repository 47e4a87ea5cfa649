//! [`Permits`]: a counter of permits with a fair queue, on which `Semaphore`, `Mutex`, `RwLock` and `OnceCell` stand.
//!
//! Not public, and without guards: what is acquired here must be released by the caller.
//!
//! # The protocol
//!
//! One word holds the permits and two flags. Without waiters, acquire and release are one compare-exchange
//! each.
//!
//! 1. While WAITERS is set there are no permits in the word: what is released goes to the waiters, under the
//!    lock, and nobody can overtake them. So a waiter takes what there is when it joins, and gathers the rest
//!    as it comes.
//! 2. WAITERS is set and cleared under the lock, and is set exactly while the queue is not empty (outside the
//!    lock).
//! 3. CLOSED is set under the lock, is never cleared, and there are no waiters after it. Who is refused because of it
//!    sees what the closer did before.
//!
//! A releaser that misses WAITERS has its compare-exchange before the one that set it, which then saw the
//! permits.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use super::wait_queue::{Locked, Phase, Wait, WaitQueue};
use crate::coop;
use crate::primitive::sync::MutexGuard;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::util::WakeBatch;

/// No more acquires succeed.
const CLOSED: usize = 0b01;
/// Someone waits; then the permits in the word are zero.
const WAITERS: usize = 0b10;
/// One permit.
const ONE: usize = 0b100;

/// Outcome of a waiter: it has all its permits.
const GRANTED: u8 = 0;
/// Outcome of a waiter: closed; what it had gathered went back.
const REFUSED: u8 = 1;

/// Why an acquire did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Closed,
    NoPermits,
}

/// What a waiter asked for and what it still lacks; both in permits.
#[derive(Debug)]
pub(super) struct Request {
    asked: usize,
    lacking: usize,
}

/// A fair counter of permits.
#[derive(Debug)]
pub(super) struct Permits {
    /// Permits and flags.
    word: AtomicUsize,
    queue: WaitQueue<(), Request>,
}

type Queue<'p> = MutexGuard<'p, Locked<(), Request>>;

impl Permits {
    /// The most there can be: tokio's number, and it leaves the word's flags their bits.
    pub(super) const MAX: usize = usize::MAX >> 3;

    #[cfg(not(loom))]
    pub(super) const fn new(permits: usize) -> Self {
        Self { word: AtomicUsize::new(permits * ONE), queue: WaitQueue::new(()) }
    }

    #[cfg(loom)]
    pub(super) fn new(permits: usize) -> Self {
        Self { word: AtomicUsize::new(permits * ONE), queue: WaitQueue::new(()) }
    }

    /// Closed from the start.
    #[cfg(not(loom))]
    pub(super) const fn closed() -> Self {
        Self { word: AtomicUsize::new(CLOSED), queue: WaitQueue::new(()) }
    }

    #[cfg(loom)]
    pub(super) fn closed() -> Self {
        Self { word: AtomicUsize::new(CLOSED), queue: WaitQueue::new(()) }
    }

    /// Permits that nobody has.
    pub(super) fn available(&self) -> usize {
        // Ordering: Acquire, so that who sees the permits sees what their releaser did.
        self.word.load(Ordering::Acquire) / ONE
    }

    pub(super) fn is_closed(&self) -> bool {
        // Ordering: Acquire pairs with the Release in `close`.
        self.word.load(Ordering::Acquire) & CLOSED != 0
    }

    /// Takes `count` permits if they are there and nobody waits.
    #[inline]
    pub(super) fn try_acquire(&self, count: usize) -> Result<(), Refusal> {
        // Ordering: Acquire, here and where the exchange fails, pairs with the Release in `close` (3).
        let mut word = self.word.load(Ordering::Acquire);
        loop {
            if word & CLOSED != 0 {
                return Err(Refusal::Closed);
            }
            // With waiters the word has no permits (1), so this also keeps us from overtaking them.
            if word / ONE < count {
                return Err(Refusal::NoPermits);
            }
            // Ordering: Acquire pairs with the Release of whoever released these permits.
            match self.word.compare_exchange_weak(
                word,
                word - count * ONE,
                Ordering::Acquire,
                Ordering::Acquire,
            ) {
                Ok(_) => return Ok(()),
                Err(actual) => word = actual,
            }
        }
    }

    /// Waits for `count` permits, in turn.
    #[inline]
    pub(super) fn acquire(&self, count: usize) -> Acquire<'_> {
        Acquire { permits: self, count, progress: Progress::Asking, wait: Wait::new(&self.queue) }
    }

    /// Puts `count` permits back, to those who wait first.
    ///
    /// # Panics
    ///
    /// If there would be more than [`MAX`](Self::MAX).
    #[inline]
    #[track_caller]
    pub(super) fn release(&self, count: usize) {
        if count > 0 && !self.put_back(count) {
            self.hand_out(self.queue.lock(), count);
        }
    }

    /// Adds to the word unless someone waits, and then answers false.
    #[inline]
    #[track_caller]
    fn put_back(&self, count: usize) -> bool {
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            if word & WAITERS != 0 {
                return false;
            }
            assert!(
                count <= Self::MAX - word / ONE,
                "a semaphore holds at most Semaphore::MAX_PERMITS permits; add fewer"
            );
            // Ordering: Release pairs with the Acquire in `try_acquire` and `join`: who takes the permit sees
            // what its former owner did.
            match self.word.compare_exchange_weak(
                word,
                word + count * ONE,
                Ordering::Release,
                Ordering::Relaxed,
            ) {
                Ok(_) => return true,
                Err(actual) => word = actual,
            }
        }
    }

    /// Gives `count` permits to those who wait and the rest to the word, then wakes.
    #[track_caller]
    fn hand_out<'p>(&'p self, mut queue: Queue<'p>, mut count: usize) {
        // One permit makes at most one waiter content, the usual case and a mutex's only one.
        if count == 1 {
            let waker = self.give(&mut queue, &mut count);
            drop(queue);
            if let Some(waker) = waker {
                waker.wake();
            }
            return;
        }
        let mut batch = WakeBatch::new();
        loop {
            while batch.can_push() {
                match self.give(&mut queue, &mut count) {
                    Some(waker) => batch.push(waker),
                    None => {
                        drop(queue);
                        batch.wake_all();
                        return;
                    }
                }
            }
            drop(queue);
            batch.wake_all();
            queue = self.queue.lock();
        }
    }

    /// Gives of `count` until one waiter is content, and returns its waker; `None` once nothing is left to
    /// give.
    #[track_caller]
    fn give(&self, queue: &mut Queue<'_>, count: &mut usize) -> Option<Waker> {
        while *count > 0 {
            let is_content = queue.with_front(|request| {
                let given = request.lacking.min(*count);
                request.lacking -= given;
                *count -= given;
                request.lacking == 0
            });
            match is_content {
                Some(true) => {
                    let waker = queue.finish_front(GRANTED);
                    if queue.is_empty() {
                        self.clear_waiters();
                    }
                    return waker;
                }
                // It took all there was.
                Some(false) => debug_assert!(*count == 0),
                None => {
                    // Nobody waits, and under the lock nobody starts to.
                    let is_put = self.put_back(*count);
                    debug_assert!(is_put);
                    *count = 0;
                }
            }
        }
        None
    }

    /// The queue is empty; called under the lock.
    fn clear_waiters(&self) {
        // Ordering: Release, so that who reads this word sees what happened under the lock before.
        self.word.fetch_and(!WAITERS, Ordering::Release);
    }

    /// Takes up to `count` permits away for good and says how many it were.
    pub(super) fn forget(&self, count: usize) -> usize {
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            let taken = count.min(word / ONE);
            if taken == 0 {
                return 0;
            }
            // Ordering: Acquire, as for an acquire.
            match self.word.compare_exchange_weak(
                word,
                word - taken * ONE,
                Ordering::Acquire,
                Ordering::Relaxed,
            ) {
                Ok(_) => return taken,
                Err(actual) => word = actual,
            }
        }
    }

    /// Refuses all who wait and all who come.
    pub(super) fn close(&self) {
        let mut batch = WakeBatch::new();
        let mut queue = self.queue.lock();
        // Ordering: Release pairs with the Acquire in `is_closed`.
        self.word.fetch_or(CLOSED, Ordering::Release);
        let mut gathered = 0;
        // Nobody joins after CLOSED, so this ends.
        while let Some(partial) = queue.with_front(|request| request.asked - request.lacking) {
            gathered += partial;
            batch.push(queue.finish_front(REFUSED).expect("the front was there"));
            if !batch.can_push() {
                drop(queue);
                batch.wake_all();
                queue = self.queue.lock();
            }
        }
        self.clear_waiters();
        if gathered > 0 {
            self.put_back(gathered);
        }
        drop(queue);
        batch.wake_all();
    }
}

/// How far an acquire is.
#[derive(Debug)]
enum Progress {
    /// What it has is in its place in the queue.
    Asking,
    /// It has its permits, and the caller has not: the task's budget is spent.
    Granted,
    /// The permits were returned to the caller, or refused.
    Done,
}

pin_project_lite::pin_project! {
    /// The future of [`Permits::acquire`]. What it was granted and did not return goes on when it is dropped.
    #[derive(Debug)]
    pub(super) struct Acquire<'p> {
        permits: &'p Permits,
        count: usize,
        progress: Progress,
        #[pin]
        wait: Wait<'p, (), Request>,
    }

    impl PinnedDrop for Acquire<'_> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            match this.progress {
                Progress::Asking => leave(this.permits, this.wait.as_ref(), *this.count),
                Progress::Granted => this.permits.release(*this.count),
                Progress::Done => {}
            }
        }
    }
}

/// A waiter goes away: what it has goes to the next.
fn leave(permits: &Permits, wait: Pin<&Wait<'_, (), Request>>, count: usize) {
    match wait.phase() {
        Phase::Idle | Phase::Done(REFUSED) => return,
        Phase::Done(_) => return permits.release(count),
        Phase::Queued => {}
    }
    let mut guard = wait.lock();
    let Some(waker) = guard.leave() else {
        drop(guard);
        // It was finished just before the lock.
        if wait.phase() == Phase::Done(GRANTED) {
            permits.release(count);
        }
        return;
    };
    let gathered = guard.with_payload(|request| request.asked - request.lacking).unwrap_or(0);
    if guard.is_empty() {
        permits.clear_waiters();
    }
    drop(guard);
    // Released before the waker is dropped, which may panic.
    permits.release(gathered);
    drop(waker);
}

impl Acquire<'_> {
    #[inline]
    fn poll_permits(mut self: Pin<&mut Self>, waker: &Waker) -> Poll<Result<(), Refusal>> {
        let this = self.as_mut().project();
        let phase = match this.wait.phase() {
            Phase::Idle => None,
            Phase::Queued => Some(this.wait.as_ref().update_waker(waker)),
            done => Some(done),
        };
        match phase {
            None => match this.permits.try_acquire(*this.count) {
                Err(Refusal::NoPermits) => self.join(waker),
                result => Poll::Ready(result),
            },
            Some(Phase::Done(GRANTED)) => Poll::Ready(Ok(())),
            Some(Phase::Done(_)) => Poll::Ready(Err(Refusal::Closed)),
            Some(_) => Poll::Pending,
        }
    }

    /// Takes the permits, or joins the queue with what there is.
    fn join(self: Pin<&mut Self>, waker: &Waker) -> Poll<Result<(), Refusal>> {
        let this = self.project();
        // Cloned without the lock, since it is user code; so is the drop of what was not used, below.
        let waker = waker.clone();
        let mut guard = this.wait.as_ref().lock();
        let mut word = this.permits.word.load(Ordering::Relaxed);
        let lacking = loop {
            if word & CLOSED != 0 {
                drop(guard);
                return Poll::Ready(Err(Refusal::Closed));
            }
            let taken = (word / ONE).min(*this.count);
            let lacking = *this.count - taken;
            let flag = if lacking > 0 { WAITERS } else { 0 };
            // Ordering: Acquire pairs with the Release of those who released what we take.
            match this.permits.word.compare_exchange_weak(
                word,
                (word - taken * ONE) | flag,
                Ordering::Acquire,
                Ordering::Relaxed,
            ) {
                Ok(_) => break lacking,
                Err(actual) => word = actual,
            }
        };
        if lacking == 0 {
            drop(guard);
            return Poll::Ready(Ok(()));
        }
        guard.push_back(waker, Request { asked: *this.count, lacking });
        Poll::Pending
    }
}

impl Future for Acquire<'_> {
    type Output = Result<(), Refusal>;

    /// The turn comes before the budget: a task that has none left is queued, or keeps its permits, until it has.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = match self.progress {
            Progress::Granted => Ok(()),
            _ => ready!(self.as_mut().poll_permits(context.waker())),
        };
        if result.is_ok() {
            *self.as_mut().project().progress = Progress::Granted;
        }
        let coop = ready!(coop::poll_proceed(context));
        *self.as_mut().project().progress = Progress::Done;
        coop.made_progress();
        // A close that came after the grant, but before the caller looked, counts.
        if result.is_ok() && self.permits.is_closed() {
            self.permits.release(self.count);
            return Poll::Ready(Err(Refusal::Closed));
        }
        Poll::Ready(result)
    }
}

#[cfg(all(test, loom))]
mod model;
