//! [`AtomicWaker`]: one waker, stored by the task that waits and taken by whoever has news for it, without a
//! lock.
//!
//! Not a queue: a second task that registers takes the place of the first. The invariant is that a wake which
//! follows a registration, or runs beside it, is never lost: either the waking side takes the waker, or the
//! registering side sees that it was woken and wakes itself.
//!
//! # The protocol
//!
//! The state word has two bits, and whoever turns WAITING into one of them alone touches the slot:
//!
//! | state | slot belongs to | who leaves it |
//! |---|---|---|
//! | WAITING | nobody | either side, by setting its bit |
//! | REGISTERING | the registering task | it clears the bit by compare-exchange |
//! | WAKING | the waking thread | it clears the bit |
//! | REGISTERING and WAKING | the registering task | it takes the waker, clears both and wakes it itself |
//!
//! Neither side ever waits for the other. The algorithm is that of futures-rs' `AtomicWaker` (Carl Lerche).

use std::fmt;
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind, resume_unwind};
use std::task::Waker;

use crate::primitive::cell::UnsafeCell;
use crate::primitive::hint;
use crate::primitive::sync::atomic::{AtomicU8, Ordering};

/// Nobody is in the slot.
const WAITING: u8 = 0;
/// A task is storing its waker.
const REGISTERING: u8 = 0b01;
/// A thread is taking the waker; set together with [`REGISTERING`] it is an order to the registering task.
const WAKING: u8 = 0b10;

/// One stored waker, registered and woken from any threads without a lock.
///
/// Register first, then look at the condition that is waited for; the other side changes the condition first,
/// then wakes. Wakes may be spurious: a registration that meets another registration or a wake wakes its own
/// task.
///
/// ```
/// use mini_runtime::util::AtomicWaker;
/// use std::future::poll_fn;
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use std::task::Poll;
///
/// let shared = Arc::new((AtomicWaker::new(), AtomicBool::new(false)));
/// let other = Arc::clone(&shared);
/// let thread = std::thread::spawn(move || {
///     other.1.store(true, Ordering::Release);
///     other.0.wake();
/// });
/// futures::executor::block_on(poll_fn(|cx| {
///     shared.0.register(cx.waker());
///     if shared.1.load(Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
/// }));
/// thread.join().unwrap();
/// ```
pub struct AtomicWaker {
    /// Which side is in the slot; written by both.
    state: AtomicU8,
    /// The newest waker; touched only by the side whose bit `state` shows, as the table above says.
    slot: UnsafeCell<Option<Waker>>,
}

// SAFETY: the slot is touched by one thread at a time, the one that won the state word (table above), and
// `Waker` itself is Send and Sync.
unsafe impl Send for AtomicWaker {}
// SAFETY: as for Send.
unsafe impl Sync for AtomicWaker {}

// A waker that panics leaves the slot as the state word says.
impl UnwindSafe for AtomicWaker {}
impl RefUnwindSafe for AtomicWaker {}

impl AtomicWaker {
    /// An empty one.
    ///
    /// ```
    /// use mini_runtime::util::AtomicWaker;
    ///
    /// static CONNECTED: AtomicWaker = AtomicWaker::new();
    /// CONNECTED.wake(); // Nobody waits yet: nothing happens.
    /// ```
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        Self { state: AtomicU8::new(WAITING), slot: UnsafeCell::new(None) }
    }

    /// An empty one; loom's atomics cannot be constants.
    #[doc(hidden)]
    #[cfg(loom)]
    pub fn new() -> Self {
        Self { state: AtomicU8::new(WAITING), slot: UnsafeCell::new(None) }
    }

    /// Stores a clone of `waker` in place of the former one, unless that one wakes the same task.
    ///
    /// Of two registrations at the same time one is stored, and the task of the other is woken so that it may
    /// try again.
    ///
    /// # Panics
    ///
    /// Hands on a panic of the waker's clone, drop or wake. The `AtomicWaker` stays usable; after a panic in
    /// clone it holds what it held before.
    ///
    /// ```
    /// use mini_runtime::util::AtomicWaker;
    /// use std::future::poll_fn;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use std::task::Poll;
    ///
    /// let (waker, is_done) = (AtomicWaker::new(), AtomicBool::new(false));
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| {
    ///         is_done.store(true, Ordering::Release);
    ///         waker.wake();
    ///     });
    ///     futures::executor::block_on(poll_fn(|cx| {
    ///         // First the waker, then the look: what comes after the look finds the waker.
    ///         waker.register(cx.waker());
    ///         if is_done.load(Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
    ///     }));
    /// });
    /// ```
    pub fn register(&self, waker: &Waker) {
        // Ordering: Acquire pairs with the Release that last cleared a bit, so that the slot's former
        // content, and whatever a wake before us announced, are visible. The same holds when we fail, before
        // we wake.
        match self.state.compare_exchange(WAITING, REGISTERING, Ordering::Acquire, Ordering::Acquire) {
            Ok(_) => self.store(waker),
            // A wake or another registration is under way, a few instructions from its end; it may have read
            // the slot already. Polling again is always right.
            Err(_) => {
                waker.wake_by_ref();
                hint::spin_loop();
            }
        }
    }

    /// The part of `register` that owns the slot.
    #[inline]
    fn store(&self, waker: &Waker) {
        // SAFETY: we set REGISTERING, so the slot is ours until we clear it.
        let is_stored =
            self.slot.with(|slot| unsafe { (*slot).as_ref().is_some_and(|stored| stored.will_wake(waker)) });
        let mut former = None;
        let mut panic = None;
        if !is_stored {
            // User code: it must not leave REGISTERING behind.
            match catch_unwind(AssertUnwindSafe(|| waker.clone())) {
                // SAFETY: as above.
                Ok(new) => former = self.slot.with_mut(|slot| unsafe { (*slot).replace(new) }),
                Err(payload) => panic = Some(payload),
            }
        }
        // Ordering: Release hands the slot to the next who sets a bit. Acquire on failure pairs with the
        // Release of the `fetch_or` in `take`: the task we wake below sees what that side announced.
        let released =
            self.state.compare_exchange(REGISTERING, WAITING, Ordering::Release, Ordering::Acquire);
        if released.is_err() {
            // SAFETY: both bits are set, and then the slot still belongs to us.
            let newest = self.slot.with_mut(|slot| unsafe { (*slot).take() });
            // Ordering: Release hands the slot on; Acquire takes over every wake that came since.
            self.state.swap(WAITING, Ordering::AcqRel);
            if let Some(newest) = newest {
                newest.wake();
            }
        }
        // After the slot is free, since it is user code.
        drop(former);
        if let Some(payload) = panic {
            resume_unwind(payload);
        }
    }

    /// Wakes the stored waker, if there is one, and forgets it.
    ///
    /// # Panics
    ///
    /// Hands on a panic of the waker; the `AtomicWaker` is empty and usable then.
    ///
    /// ```
    /// use futures::task::{ArcWake, waker};
    /// use mini_runtime::util::AtomicWaker;
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
    /// let cell = AtomicWaker::new();
    /// cell.register(&waker(count.clone()));
    /// cell.wake();
    /// cell.wake(); // Nobody is there any more.
    /// assert_eq!(count.0.load(Ordering::Relaxed), 1);
    /// ```
    #[inline]
    pub fn wake(&self) {
        if let Some(waker) = self.take() {
            waker.wake();
        }
    }

    /// Takes the stored waker out without waking it.
    ///
    /// `None` also when a registration is under way, whose task is then woken by itself, or when another
    /// thread is just taking the waker.
    ///
    /// ```
    /// use mini_runtime::util::AtomicWaker;
    /// use std::task::Waker;
    ///
    /// let cell = AtomicWaker::new();
    /// cell.register(Waker::noop());
    /// assert!(cell.take().is_some());
    /// assert!(cell.take().is_none());
    /// ```
    pub fn take(&self) -> Option<Waker> {
        // Ordering: Release publishes what the caller announces to the registration that reads this bit, now
        // or later; Acquire pairs with the Release of the registration whose waker we take.
        match self.state.fetch_or(WAKING, Ordering::AcqRel) {
            WAITING => {
                // SAFETY: we alone turned WAITING into WAKING, so the slot is ours until we clear the bit.
                let waker = self.slot.with_mut(|slot| unsafe { (*slot).take() });
                // Ordering: Release hands the empty slot to the next registration, and, being a
                // read-modify-write, carries on what concurrent wakes released.
                self.state.fetch_and(!WAKING, Ordering::Release);
                waker
            }
            _ => None,
        }
    }
}

impl Default for AtomicWaker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for AtomicWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicWaker").finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::util::test_waker::{Fault, TestWaker};

    #[test]
    fn the_newest_waker_is_woken_once() {
        let cell = AtomicWaker::new();
        let (first, second) = (TestWaker::new(), TestWaker::new());
        cell.register(&first.waker());
        cell.register(&second.waker());
        cell.wake();
        cell.wake();
        assert_eq!((first.wakes(), second.wakes()), (0, 1));
        assert_eq!((first.alive(), second.alive()), (0, 0));
    }

    #[test]
    fn the_same_waker_is_not_cloned_again() {
        let cell = AtomicWaker::new();
        let test = TestWaker::new();
        let waker = test.waker();
        cell.register(&waker);
        let clones = test.clones();
        cell.register(&waker);
        assert_eq!(test.clones(), clones);
        drop((cell, waker));
        assert_eq!(test.alive(), 0);
    }

    #[test]
    fn a_waker_that_panics_in_clone_leaves_the_former_one() {
        let cell = AtomicWaker::new();
        let (good, bad) = (TestWaker::new(), TestWaker::with_fault(Fault::Clone));
        cell.register(&good.waker());
        let waker = bad.waker();
        assert!(catch_unwind(AssertUnwindSafe(|| cell.register(&waker))).is_err());
        cell.wake();
        assert_eq!(good.wakes(), 1);
    }

    #[test]
    fn a_waker_that_panics_in_drop_or_wake_leaves_it_usable() {
        let cell = AtomicWaker::new();
        let good = TestWaker::new();
        let bad = TestWaker::with_fault(Fault::Drop);
        let waker = bad.waker();
        cell.register(&waker);
        assert!(catch_unwind(AssertUnwindSafe(|| cell.register(&good.waker()))).is_err());
        assert!(catch_unwind(AssertUnwindSafe(|| drop(waker))).is_err());
        cell.wake();
        assert_eq!(good.wakes(), 1);

        let bad = TestWaker::with_fault(Fault::Wake);
        cell.register(&bad.waker());
        assert!(catch_unwind(AssertUnwindSafe(|| cell.wake())).is_err());
        cell.register(&good.waker());
        cell.wake();
        assert_eq!(good.wakes(), 2);
    }
}

#[cfg(all(test, loom))]
mod model {
    use super::*;
    use crate::primitive::sync::Arc;
    use crate::primitive::sync::atomic::AtomicUsize;
    use crate::primitive::thread;
    use std::future::poll_fn;
    use std::task::Poll;

    /// A wake beside a registration is not lost, from one or two wakers.
    #[test]
    fn model_atomic_waker_two_wakes() {
        loom::model(|| {
            let shared = Arc::new((AtomicWaker::new(), AtomicUsize::new(0)));
            for _ in 0..2 {
                let shared = shared.clone();
                thread::spawn(move || {
                    shared.1.fetch_add(1, Ordering::Relaxed);
                    shared.0.wake();
                });
            }
            loom::future::block_on(poll_fn(|cx| {
                shared.0.register(cx.waker());
                // Relaxed on purpose: the waker itself must carry the news.
                if shared.1.load(Ordering::Relaxed) == 2 { Poll::Ready(()) } else { Poll::Pending }
            }));
        });
    }

    /// Two tasks that register at once: both finish, since the one that was not stored is woken to try again.
    #[test]
    fn model_atomic_waker_two_registrations() {
        loom::model(|| {
            let cell = Arc::new(AtomicWaker::new());
            let other = {
                let cell = cell.clone();
                thread::spawn(move || cell.register(std::task::Waker::noop()))
            };
            cell.register(std::task::Waker::noop());
            other.join().unwrap();
            assert!(cell.take().is_some());
        });
    }
}
