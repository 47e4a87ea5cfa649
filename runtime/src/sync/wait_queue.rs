//! [`WaitQueue`]: the one queue in which tasks of this module wait for their turn, and [`Wait`], a place in
//! it.
//!
//! Not a synchronisation tool by itself: what is waited for is the state `S` that stands under the same lock,
//! and the payload `T` that each waiter brings; semaphore, notify, mpsc and broadcast give them their
//! meaning. It is intrusive: the node lives in the waiting future, so that waiting allocates nothing.
//!
//! # Invariants
//!
//! 1. The links, waker and payload of a node are touched only under the queue's lock.
//! 2. A node's phase is QUEUED exactly while it is in one of the queue's two lists. It becomes QUEUED, and
//!    stops being so, under the lock.
//! 3. Whoever finishes a node (phase done, with an outcome) took its waker out and unlinked it before, and
//!    does not touch it afterwards: the owner, who sees the outcome without the lock, may free it at once.
//! 4. A node that is QUEUED does not move and is not freed: it is pinned, and its drop unlinks it under the
//!    lock.
//!
//! No user code runs under the lock: wakers are cloned before it is taken and dropped or woken after.
//!
//! Two lists, since waking all in batches lets the lock go in between: [`Locked::detach_all`] moves all who
//! wait now into the second list, so that those who come later are not taken for them. A node is unlinked
//! alike from either, because an end node is known by comparing it with the heads and tails of both.

use std::marker::PhantomPinned;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::Waker;

use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::{AtomicU8, Ordering};
use crate::primitive::sync::{Mutex, MutexGuard};
use crate::util::WakeBatch;

/// Phase: in no list, nothing decided.
const IDLE: u8 = 0;
/// Phase: in a list.
const QUEUED: u8 = 1;
/// Phases from here on are outcomes: `DONE + outcome`.
const DONE: u8 = 2;

/// The waiters of one tool, and its state `S` under the same lock.
#[derive(Debug)]
pub(crate) struct WaitQueue<S, T> {
    locked: Mutex<Locked<S, T>>,
}

/// What the lock guards.
#[derive(Debug)]
pub(crate) struct Locked<S, T> {
    /// The tool's own state.
    pub(crate) state: S,
    /// Who waits, oldest first.
    waiting: List<T>,
    /// Who is to be woken by a `detach_all` under way, oldest first.
    detached: List<T>,
}

/// A doubly linked list of pinned nodes; every pointer in it is to a QUEUED node (invariants 2 and 4).
#[derive(Debug)]
struct List<T> {
    head: Option<NonNull<Waiter<T>>>,
    tail: Option<NonNull<Waiter<T>>>,
}

impl<T> List<T> {
    const fn new() -> Self {
        Self { head: None, tail: None }
    }
}

// SAFETY: the lists hold pointers to nodes that are touched under this lock only (invariant 1), by whichever
// thread has it; their wakers are Send, and T must be.
unsafe impl<S: Send, T: Send> Send for Locked<S, T> {}

/// A node.
#[derive(Debug)]
struct Waiter<T> {
    /// IDLE, QUEUED or an outcome; written under the lock, but for the owner's way from an outcome back to
    /// IDLE.
    phase: AtomicU8,
    /// Touched under the lock (invariant 1).
    links: UnsafeCell<Links<T>>,
    /// A node in a list must not move. This also tells the compiler that `&mut` to the owner is not the only
    /// way here.
    _pinned: PhantomPinned,
}

#[derive(Debug)]
struct Links<T> {
    previous: Option<NonNull<Waiter<T>>>,
    next: Option<NonNull<Waiter<T>>>,
    /// `Some` exactly while QUEUED.
    waker: Option<Waker>,
    /// `Some` from the first push on.
    payload: Option<T>,
}

// SAFETY: the links are guarded by the queue's lock (invariant 1), the phase is atomic.
unsafe impl<T: Send> Send for Waiter<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Waiter<T> {}

/// Where a [`Wait`] stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// In no list.
    Idle,
    /// In a list.
    Queued,
    /// Taken out of the list by another side, which left this outcome.
    Done(u8),
}

impl<S, T> WaitQueue<S, T> {
    /// An empty queue.
    #[cfg(not(loom))]
    pub(crate) const fn new(state: S) -> Self {
        Self { locked: Mutex::new(Locked { state, waiting: List::new(), detached: List::new() }) }
    }

    /// An empty queue.
    #[cfg(loom)]
    pub(crate) fn new(state: S) -> Self {
        Self { locked: Mutex::new(Locked { state, waiting: List::new(), detached: List::new() }) }
    }

    /// Takes the lock. Run no user code while it is held.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Locked<S, T>> {
        self.locked.lock()
    }

    /// Changes the state, and finishes and wakes all who waited until then.
    pub(crate) fn wake_all(&self, outcome: u8, change: impl FnOnce(&mut S)) {
        let mut queue = self.lock();
        change(&mut queue.state);
        self.wake_waiting(queue, outcome);
    }

    /// Finishes and wakes all who wait, and lets go of the lock for it.
    fn wake_waiting<'q>(&'q self, mut queue: MutexGuard<'q, Locked<S, T>>, outcome: u8) {
        let mut batch = WakeBatch::new();
        queue.detach_all();
        while let Some(waker) = queue.finish_detached(outcome) {
            batch.push(waker);
            if !batch.can_push() {
                drop(queue);
                batch.wake_all();
                queue = self.lock();
            }
        }
        drop(queue);
        batch.wake_all();
    }
}

impl<S, T> Locked<S, T> {
    /// Whether nobody waits; the detached do not count.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.head.is_none()
    }

    /// Shows the payload of the one who has waited longest.
    pub(crate) fn with_front<R>(&mut self, look: impl FnOnce(&mut T) -> R) -> Option<R> {
        let node = self.waiting.head?;
        // SAFETY: a node in a list is alive (invariant 4) and we hold the lock (invariant 1).
        unsafe { node.as_ref() }.links.with_mut(|links| unsafe { (*links).payload.as_mut() }.map(look))
    }

    /// Finishes the one who has waited longest and returns its waker.
    pub(crate) fn finish_front(&mut self, outcome: u8) -> Option<Waker> {
        self.waiting.head.map(|node| self.finish(node, outcome))
    }

    /// Finishes the one who came last and returns its waker.
    pub(crate) fn finish_back(&mut self, outcome: u8) -> Option<Waker> {
        self.waiting.tail.map(|node| self.finish(node, outcome))
    }

    /// Sets all who wait now apart from those who come later; [`finish_detached`](Self::finish_detached)
    /// takes them one by one. A second call adds to those of the first.
    pub(crate) fn detach_all(&mut self) {
        let (Some(head), Some(tail)) = (self.waiting.head.take(), self.waiting.tail.take()) else { return };
        match self.detached.tail {
            None => self.detached.head = Some(head),
            Some(last) => {
                link(last, |links| links.next = Some(head));
                link(head, |links| links.previous = Some(last));
            }
        }
        self.detached.tail = Some(tail);
    }

    /// Finishes the next of the detached and returns its waker.
    pub(crate) fn finish_detached(&mut self, outcome: u8) -> Option<Waker> {
        self.detached.head.map(|node| self.finish(node, outcome))
    }

    /// Unlinks `node`, which is in one of the lists, leaves the outcome, and lets go of it (invariant 3).
    fn finish(&mut self, node: NonNull<Waiter<T>>, outcome: u8) -> Waker {
        let waker = self.unlink(node);
        // SAFETY: the node is alive until its owner sees the store below.
        let phase = unsafe { &node.as_ref().phase };
        // Ordering: Release pairs with the Acquire in `Wait::phase`; the owner sees all we did, and that we
        // are gone.
        phase.store(DONE + outcome, Ordering::Release);
        waker
    }

    /// Adds a node at the end of those who wait.
    fn push_back(&mut self, node: NonNull<Waiter<T>>, waker: Waker, payload: T) {
        let last = self.waiting.tail.replace(node);
        link(node, |links| {
            links.previous = last;
            links.next = None;
            links.waker = Some(waker);
            links.payload = Some(payload);
        });
        match last {
            None => self.waiting.head = Some(node),
            Some(last) => link(last, |links| links.next = Some(node)),
        }
    }

    /// Takes a node out of the list it is in, with its waker.
    fn unlink(&mut self, node: NonNull<Waiter<T>>) -> Waker {
        let (previous, next, waker) =
            link(node, |links| (links.previous.take(), links.next.take(), links.waker.take()));
        match previous {
            Some(previous) => link(previous, |links| links.next = next),
            None if self.waiting.head == Some(node) => self.waiting.head = next,
            None => self.detached.head = next,
        }
        match next {
            Some(next) => link(next, |links| links.previous = previous),
            None if self.waiting.tail == Some(node) => self.waiting.tail = previous,
            None => self.detached.tail = previous,
        }
        waker.expect("a queued waiter has a waker")
    }
}

/// Works on the links of a node. Called only by `Locked`, whose `&mut` shows that the lock is held.
fn link<T, R>(node: NonNull<Waiter<T>>, work: impl FnOnce(&mut Links<T>) -> R) -> R {
    // SAFETY: the caller has the lock and the node from a list, or from its owner who is borrowed for the
    // call, so it is alive (invariant 4) and nobody else touches its links (invariant 1). `work` does not
    // reach another link.
    unsafe { node.as_ref() }.links.with_mut(|links| work(unsafe { &mut *links }))
}

/// A place in a [`WaitQueue`], part of the future that waits. Leaves the queue when dropped.
#[derive(Debug)]
pub(crate) struct Wait<'q, S, T> {
    queue: &'q WaitQueue<S, T>,
    node: Waiter<T>,
}

impl<'q, S, T> Wait<'q, S, T> {
    /// A place that is in no list yet.
    #[inline]
    pub(crate) fn new(queue: &'q WaitQueue<S, T>) -> Self {
        let links = Links { previous: None, next: None, waker: None, payload: None };
        let node =
            Waiter { phase: AtomicU8::new(IDLE), links: UnsafeCell::new(links), _pinned: PhantomPinned };
        Self { queue, node }
    }

    /// Where it stands; an outcome does not change any more, the rest is sure only under the lock.
    #[inline]
    pub(crate) fn phase(&self) -> Phase {
        // Ordering: Acquire pairs with the Release in `finish`.
        match self.node.phase.load(Ordering::Acquire) {
            IDLE => Phase::Idle,
            QUEUED => Phase::Queued,
            done => Phase::Done(done - DONE),
        }
    }

    /// The owner took note of the outcome; the place may be used again.
    pub(crate) fn reset(self: Pin<&mut Self>) {
        debug_assert!(self.phase() != Phase::Queued);
        // Ordering: Relaxed, nobody else has the node now (invariant 3).
        self.node.phase.store(IDLE, Ordering::Relaxed);
    }

    /// Takes the queue's lock for work on this place.
    pub(crate) fn lock(self: Pin<&Self>) -> WaitGuard<'_, S, T> {
        let this = self.get_ref();
        WaitGuard { queue: this.queue, locked: this.queue.lock(), node: &this.node }
    }

    /// Keeps the stored waker the newest, and says where the place stands.
    pub(crate) fn update_waker(self: Pin<&Self>, waker: &Waker) -> Phase {
        let is_stored = {
            let mut guard = self.lock();
            if guard.phase() != Phase::Queued {
                return guard.phase();
            }
            guard.with_links(|links| links.waker.as_ref().is_some_and(|stored| stored.will_wake(waker)))
        };
        if is_stored {
            return Phase::Queued;
        }
        // Cloned and dropped without the lock, since both are user code.
        let mut changed = Some(waker.clone());
        let mut guard = self.lock();
        let phase = guard.phase();
        if phase == Phase::Queued {
            guard.with_links(|links| std::mem::swap(&mut links.waker, &mut changed));
        }
        drop(guard);
        drop(changed);
        phase
    }
}

impl<S, T> Drop for Wait<'_, S, T> {
    fn drop(&mut self) {
        if self.phase() == Phase::Queued {
            let mut guard = WaitGuard { queue: self.queue, locked: self.queue.lock(), node: &self.node };
            let waker = guard.leave();
            drop(guard);
            drop(waker);
        }
    }
}

pin_project_lite::pin_project! {
    /// A [`Wait`] that keeps its queue alive, which is part of what an `Arc` holds.
    #[derive(Debug)]
    pub(crate) struct OwnedWait<O, S: 'static, T: 'static> {
        // Stands before the owner, and so is dropped before it.
        #[pin]
        wait: Wait<'static, S, T>,
        owner: Arc<O>,
    }
}

impl<O, S, T> OwnedWait<O, S, T> {
    /// A place in the queue that `queue_of` finds in `owner`, in no list yet.
    pub(crate) fn new(owner: Arc<O>, queue_of: impl for<'o> FnOnce(&'o O) -> &'o WaitQueue<S, T>) -> Self {
        let queue = NonNull::from(queue_of(&owner));
        // SAFETY: the queue lives as long as the owner may be borrowed, and that is as long as we have its Arc,
        // which keeps it in its place. The place goes first, and lends the queue to nobody for longer.
        let wait = Wait::new(unsafe { queue.as_ref() });
        Self { wait, owner }
    }

    /// The place and its owner.
    pub(crate) fn parts(self: Pin<&mut Self>) -> (Pin<&mut Wait<'static, S, T>>, &Arc<O>) {
        let this = self.project();
        (this.wait, this.owner)
    }
}

/// The queue's lock, held for the owner of one place in it.
pub(crate) struct WaitGuard<'w, S, T> {
    queue: &'w WaitQueue<S, T>,
    locked: MutexGuard<'w, Locked<S, T>>,
    node: &'w Waiter<T>,
}

impl<S, T> WaitGuard<'_, S, T> {
    /// Where the place stands; certain, and fixed while the lock is held.
    pub(crate) fn phase(&self) -> Phase {
        // Ordering: Relaxed, changes come under this lock.
        match self.node.phase.load(Ordering::Relaxed) {
            IDLE => Phase::Idle,
            QUEUED => Phase::Queued,
            done => Phase::Done(done - DONE),
        }
    }

    /// Goes to the end of the queue.
    ///
    /// # Panics
    ///
    /// If the place is not idle, which would be a bug of this module.
    pub(crate) fn push_back(&mut self, waker: Waker, payload: T) {
        assert!(self.phase() == Phase::Idle, "a waiter is queued once");
        self.locked.push_back(NonNull::from(self.node), waker, payload);
        // Ordering: Relaxed, readers without the lock only take it as a hint.
        self.node.phase.store(QUEUED, Ordering::Relaxed);
    }

    /// Leaves the queue, if still in it, and is idle; the waker is to be dropped after the lock.
    pub(crate) fn leave(&mut self) -> Option<Waker> {
        if self.phase() != Phase::Queued {
            return None;
        }
        let waker = self.locked.unlink(NonNull::from(self.node));
        self.node.phase.store(IDLE, Ordering::Relaxed);
        Some(waker)
    }

    /// Finishes and wakes all who wait, and lets go of the lock for it.
    pub(crate) fn wake_all(self, outcome: u8) {
        self.queue.wake_waiting(self.locked, outcome);
    }

    /// Shows the payload, if there is one.
    pub(crate) fn with_payload<R>(&mut self, look: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.with_links(|links| links.payload.as_mut().map(look))
    }

    fn with_links<R>(&mut self, work: impl FnOnce(&mut Links<T>) -> R) -> R {
        link(NonNull::from(self.node), work)
    }
}

impl<S, T> Deref for WaitGuard<'_, S, T> {
    type Target = Locked<S, T>;
    fn deref(&self) -> &Locked<S, T> {
        &self.locked
    }
}

impl<S, T> DerefMut for WaitGuard<'_, S, T> {
    fn deref_mut(&mut self) -> &mut Locked<S, T> {
        &mut self.locked
    }
}
