//! A thread's sleep: [`Parker`] puts the one thread that owns it to sleep, [`Unparker`]s end that sleep from
//! anywhere.
//!
//! Not `std::thread::park`: its permit belongs to the thread, and user code on that thread may take it. Each
//! parker here has a permit of its own, so two sleeps on one thread never steal from each other.
//!
//! Invariants:
//!
//! 1. At most one permit is stored. An unpark stores it, a park takes it; no unpark is lost, and any number of
//!    them before one park count as one.
//! 2. PARKED is written only by the owner, under `lock`, before it waits on `wakeup`. So an unparker that saw
//!    PARKED and then took the lock notifies an owner that is waiting, or one that no longer needs it.
//! 3. What happened before an unpark is visible after the park that took its permit, or any permit stored since.
//!
//! | state | who may write it | from |
//! |---|---|---|
//! | EMPTY | the owner | NOTIFIED (takes the permit), PARKED (its time ran out) |
//! | PARKED | the owner, under `lock` | EMPTY |
//! | NOTIFIED | any unparker | EMPTY, PARKED, NOTIFIED |
//!
//! The three states are those of `std::sys::sync::thread_parking`.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_task::{ArcWake, waker_ref};

use crate::primitive::sync::atomic::{AtomicU32, Ordering};
use crate::primitive::sync::{Arc, Condvar, Mutex};

/// No permit is stored and nobody sleeps.
const EMPTY: u32 = 0;
/// The owner waits on the condition variable, or is about to, under the lock.
const PARKED: u32 = 1;
/// A permit is stored.
const NOTIFIED: u32 = 2;

/// The sleeping side. Only its owner parks, hence `&mut self`.
#[derive(Debug)]
pub(crate) struct Parker {
    shared: Arc<Shared>,
}

/// The waking side: cheap to clone, usable from any thread, also after the parker is gone.
#[derive(Debug, Clone)]
pub(crate) struct Unparker {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// EMPTY, PARKED or NOTIFIED; see the table above.
    state: AtomicU32,
    /// Guards no data: it closes the gap between writing PARKED and waiting (invariant 2).
    lock: Mutex<()>,
    /// Waited on by the owner alone.
    wakeup: Condvar,
}

#[allow(dead_code)] // Which of these is reached depends on the features.
impl Parker {
    /// A parker with no permit stored.
    pub(crate) fn new() -> Self {
        let shared = Shared { state: AtomicU32::new(EMPTY), lock: Mutex::new(()), wakeup: Condvar::new() };
        Self { shared: Arc::new(shared) }
    }

    /// The other side of this parker.
    pub(crate) fn unparker(&self) -> Unparker {
        Unparker { shared: Arc::clone(&self.shared) }
    }

    /// Sleeps until a permit is there, and takes it. Returns at once if one is stored.
    pub(crate) fn park(&mut self) {
        if self.take_permit() {
            return;
        }
        let shared = &*self.shared;
        let mut guard = shared.lock.lock();
        if !shared.announce() {
            return;
        }
        loop {
            guard = shared.wakeup.wait(guard);
            if shared.take_permit() {
                return;
            }
            // The condition variable woke for no reason, or for an unpark whose permit an earlier park took.
        }
    }

    /// Sleeps like [`park`](Self::park), but for `timeout` at most. May return early for no reason.
    ///
    /// When it returns no permit is stored: one that came as the time ran out was taken.
    pub(crate) fn park_timeout(&mut self, timeout: Duration) {
        if self.take_permit() {
            return;
        }
        let shared = &*self.shared;
        let guard = shared.lock.lock();
        if !shared.announce() {
            return;
        }
        let _guard = shared.wakeup.wait_timeout(guard, timeout);
        // Ordering: Acquire pairs with the Release in `unpark`, should this swap be what takes its permit.
        shared.state.swap(EMPTY, Ordering::Acquire);
    }

    /// Takes the permit if one is stored, without sleeping.
    pub(crate) fn take_permit(&mut self) -> bool {
        self.shared.take_permit()
    }
}

impl Shared {
    fn take_permit(&self) -> bool {
        // Ordering: Acquire pairs with the Release in `unpark` (invariant 3). On failure nothing was learnt.
        self.state.compare_exchange(NOTIFIED, EMPTY, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Writes PARKED, with the lock held. False: a permit was there, and is now taken.
    #[must_use]
    fn announce(&self) -> bool {
        // Ordering: Relaxed on success, for PARKED publishes nothing: the unparker that sees it takes the lock.
        // On failure the swap below reads the permit.
        match self.state.compare_exchange(EMPTY, PARKED, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => true,
            Err(observed) => {
                debug_assert_eq!(observed, NOTIFIED, "a parker is parked by its one owner");
                // Ordering: Acquire pairs with the Release in `unpark`. A swap, not a store: it must read the
                // newest permit, or what the last unparker wrote before it might stay unseen.
                self.state.swap(EMPTY, Ordering::Acquire);
                false
            }
        }
    }
}

impl Unparker {
    /// Stores the permit, and ends the sleep under way if there is one. Takes a lock only in that case.
    pub(crate) fn unpark(&self) {
        let shared = &*self.shared;
        // Ordering: Release pairs with the Acquire of whoever takes the permit. It is a swap even where a permit
        // is stored already: as an RMW it continues the release sequence of the permit it replaces, so the
        // owner sees what every unparker did, not the last one only.
        if shared.state.swap(NOTIFIED, Ordering::Release) == PARKED {
            // Invariant 2: past this lock the owner waits. Released first, so that the owner need not wait for it.
            drop(shared.lock.lock());
            shared.wakeup.notify_one();
        }
    }
}

/// A waker that unparks one thread. On std's `Arc`, as `ArcWake` asks.
struct ThreadWaker(Unparker);

impl ArcWake for ThreadWaker {
    fn wake_by_ref(this: &std::sync::Arc<Self>) {
        this.0.unpark();
    }
}

/// Drives `future` on the calling thread, which sleeps in a parker between polls.
///
/// No runtime is entered and no budget limits it. The parker is new each time, so a nested call cannot take the
/// outer one's wakes.
pub(crate) fn block_on_thread<F: Future>(future: F) -> F::Output {
    let mut parker = Parker::new();
    let thread_waker = std::sync::Arc::new(ThreadWaker(parker.unparker()));
    let waker = waker_ref(&thread_waker);
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        // A spent budget of the task that surrounds this call would answer Pending for ever.
        let polled =
            crate::coop::with_budget(crate::coop::Budget::unlimited(), || future.as_mut().poll(&mut cx));
        match polled {
            Poll::Ready(output) => return output,
            Poll::Pending => parker.park(),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests;

#[cfg(all(test, loom))]
mod model;
