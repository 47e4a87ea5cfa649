//! [`WakeBatch`]: wakers gathered under a lock and woken after it is released.
//!
//! Not a queue: it holds at most 32 and its owner empties it between two turns of the lock. Its invariant is
//! that every waker pushed is woken or dropped exactly once, whatever the others do.

use std::fmt;
use std::mem::MaybeUninit;
use std::task::Waker;

use super::guarded;
use super::prefetch::prefetch;

/// How many wakers a batch takes: 512 bytes on the stack, and enough to make the lock's cost small beside
/// them. Not initialised before they are filled: 32 empty options, made and dropped, were 130 instructions in every
/// turn of the reactor.
const CAPACITY: usize = 32;

/// Up to 32 wakers that are woken together, outside the lock under which they were gathered.
///
/// A panic in one waker is swallowed, after the panic hook has reported it: it must neither cost the others
/// their wake nor unwind into a thread that drives sockets or timers.
///
/// ```
/// use mini_runtime::util::WakeBatch;
/// use std::task::Waker;
///
/// let mut batch = WakeBatch::new();
/// while batch.can_push() {
///     batch.push(Waker::noop().clone());
/// }
/// batch.wake_all();
/// assert!(batch.can_push());
/// ```
pub struct WakeBatch {
    /// Those in `start..end` are there.
    wakers: [MaybeUninit<Waker>; CAPACITY],
    start: usize,
    end: usize,
}

impl WakeBatch {
    /// An empty batch.
    ///
    /// ```
    /// let batch = mini_runtime::util::WakeBatch::new();
    /// assert!(batch.can_push());
    /// ```
    #[inline]
    pub const fn new() -> Self {
        Self { wakers: [const { MaybeUninit::uninit() }; CAPACITY], start: 0, end: 0 }
    }

    /// Whether there is room for one more.
    ///
    /// ```
    /// let mut batch = mini_runtime::util::WakeBatch::new();
    /// let mut count = 0;
    /// while batch.can_push() {
    ///     batch.push(std::task::Waker::noop().clone());
    ///     count += 1;
    /// }
    /// assert_eq!(count, 32);
    /// ```
    #[inline]
    pub fn can_push(&self) -> bool {
        self.end < CAPACITY
    }

    /// Takes `waker` in.
    ///
    /// # Panics
    ///
    /// If the batch is full; ask [`can_push`](Self::can_push) and call [`wake_all`](Self::wake_all) in
    /// between.
    ///
    /// ```
    /// use mini_runtime::util::WakeBatch;
    /// use std::sync::Mutex;
    /// use std::task::Waker;
    ///
    /// let waiting = Mutex::new(vec![Waker::noop().clone(), Waker::noop().clone()]);
    /// let mut batch = WakeBatch::new();
    /// // Under the lock wakers are only moved; what they do happens after it.
    /// waiting.lock().unwrap().drain(..).for_each(|waker| batch.push(waker));
    /// batch.wake_all();
    /// ```
    #[inline]
    #[track_caller]
    pub fn push(&mut self, waker: Waker) {
        assert!(self.can_push(), "the wake batch is full; call `wake_all` when `can_push` says no");
        // A task that has slept is in no cache any more: those of a batch come from memory side by side, while the
        // others are gathered, and not one after the other as each is woken.
        prefetch(waker.data());
        self.wakers[self.end].write(waker);
        self.end += 1;
    }

    /// Wakes all and leaves the batch empty. Call it without a lock.
    ///
    /// ```
    /// use futures::task::{ArcWake, waker};
    /// use mini_runtime::util::WakeBatch;
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU32, Ordering};
    ///
    /// struct Count(AtomicU32);
    ///
    /// impl ArcWake for Count {
    ///     fn wake_by_ref(this: &Arc<Self>) {
    ///         this.0.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// }
    ///
    /// let count = Arc::new(Count(AtomicU32::new(0)));
    /// let mut batch = WakeBatch::new();
    /// batch.push(waker(count.clone()));
    /// batch.push(waker(count.clone()));
    /// batch.wake_all();
    /// assert_eq!(count.0.load(Ordering::Relaxed), 2);
    /// ```
    #[inline]
    pub fn wake_all(&mut self) {
        while let Some(waker) = self.pop() {
            guarded(|| waker.wake());
        }
    }

    /// The oldest waker. With the last one all the room is free again.
    #[inline]
    fn pop(&mut self) -> Option<Waker> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            return None;
        }
        self.start += 1;
        // SAFETY: it was in `start..end`, so it was written; it is out of that range now, so nobody takes it again.
        Some(unsafe { self.wakers[self.start - 1].assume_init_read() })
    }
}

impl Drop for WakeBatch {
    /// Drops what was not woken, one panic not stopping the next drop.
    fn drop(&mut self) {
        while let Some(waker) = self.pop() {
            guarded(|| drop(waker));
        }
    }
}

impl Default for WakeBatch {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for WakeBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WakeBatch").field("length", &(self.end - self.start)).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::util::test_waker::{Fault, TestWaker};

    #[test]
    fn a_panicking_waker_does_not_cost_the_others_their_wake() {
        let (good, bad) = (TestWaker::new(), TestWaker::with_fault(Fault::Wake));
        let mut batch = WakeBatch::new();
        batch.push(good.waker());
        batch.push(bad.waker());
        batch.push(good.waker());
        batch.wake_all();
        assert_eq!((good.wakes(), bad.wakes()), (2, 1));
        batch.push(good.waker());
        batch.wake_all();
        assert_eq!((good.wakes(), good.alive()), (3, 0));
    }

    #[test]
    fn dropping_a_batch_drops_every_waker_and_wakes_none() {
        let (good, bad) = (TestWaker::new(), TestWaker::with_fault(Fault::Drop));
        let mut batch = WakeBatch::new();
        batch.push(bad.waker());
        batch.push(good.waker());
        drop(batch);
        assert_eq!((good.wakes(), good.alive(), bad.alive()), (0, 0, 0));
    }

    #[test]
    #[should_panic(expected = "call `wake_all`")]
    fn a_full_batch_names_the_cure() {
        let mut batch = WakeBatch::new();
        for _ in 0..=CAPACITY {
            batch.push(Waker::noop().clone());
        }
    }
}
