//! [`WaiterList`]: the tasks that wait on one source besides the two that its single wakers hold.
//!
//! Most sources never need it, so it costs two words until its first use. It decides nothing about readiness:
//! [`IoEntry`](super::entry::IoEntry) does. Invariants:
//! 1. No waker is cloned, woken or dropped under the list's lock: the callers hand them in and out.
//! 2. The word's WAITERS bit is set exactly while the list is not empty; both change under the lock.
//!
//! Rejected: an intrusive list in the futures themselves. It saves the allocation but needs unsafe code and
//! pinned nodes; a source on which many tasks wait again and again keeps its list, so it allocates once.

use super::readiness::{Readiness, ReadinessWord};
use crate::io::Ready;
use crate::primitive::Mutex;
use mini_runtime::util::WakeBatch;
use slab::Slab;
use std::task::Waker;

/// Empty lists of at most this capacity stay allocated.
const KEPT_CAPACITY: usize = 4;

/// Any number of waiting tasks.
#[derive(Debug)]
pub(crate) struct WaiterList(Mutex<Option<Box<Slab<Waiter>>>>);

/// One task that waits.
#[derive(Debug)]
struct Waiter {
    /// The states that end the wait.
    states: Ready,
    /// Taken by the event that ends the wait; the future puts a new one if it polls again.
    waker: Option<Waker>,
}

/// What became of [`WaiterList::enlist`].
#[derive(Debug)]
#[must_use]
pub(crate) enum Enlisted {
    /// The waiter is in the list under this key. The displaced waker, if any, is for the caller to drop.
    Waiting { key: usize, displaced: Option<Waker> },
    /// It is ready already: the waiter is not in the list. Its wakers are for the caller to drop.
    Ready { readiness: Readiness, unused: [Option<Waker>; 2] },
}

impl WaiterList {
    /// An empty list, unallocated.
    pub(crate) fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Puts a waiter in, or gives the one under `key` a new waker, unless its wait is over.
    pub(crate) fn enlist(
        &self,
        word: &ReadinessWord,
        states: Ready,
        key: Option<usize>,
        waker: Waker,
    ) -> Enlisted {
        let mut list = self.0.lock();
        let waiters = list.get_or_insert_default();
        let (key, displaced) = match key {
            Some(key) => (key, waiters[key].waker.replace(waker)),
            None => (waiters.insert(Waiter { states, waker: Some(waker) }), None),
        };
        let readiness = word.announce_waiter();
        if !readiness.satisfies(states) {
            return Enlisted::Waiting { key, displaced };
        }
        let unused = waiters.remove(key).waker;
        Self::tidy(&mut list, word);
        Enlisted::Ready { readiness, unused: [unused, displaced] }
    }

    /// Takes a waiter out. Its waker is for the caller to drop.
    pub(crate) fn remove(&self, word: &ReadinessWord, key: usize) -> Option<Waker> {
        let mut list = self.0.lock();
        let waker = list.as_mut()?.try_remove(key)?.waker;
        Self::tidy(&mut list, word);
        waker
    }

    /// Moves the wakers of those who wait for `states` into `batch`. False: the batch is full, more may remain.
    pub(crate) fn take_wakers(&self, states: Ready, is_shut_down: bool, batch: &mut WakeBatch) -> bool {
        let mut list = self.0.lock();
        let Some(waiters) = list.as_mut() else { return true };
        for (_, waiter) in waiters.iter_mut() {
            if !(is_shut_down || waiter.states.intersects(states)) {
                continue;
            }
            if !batch.can_push() {
                return false;
            }
            if let Some(waker) = waiter.waker.take() {
                batch.push(waker);
            }
        }
        true
    }

    /// Drops every waiter: the source is gone, so what is left was forgotten by its futures.
    pub(crate) fn drop_all(&self) {
        let forgotten = self.0.lock().take();
        drop(forgotten);
    }

    /// Keeps invariant 2, and gives back the memory of a list that grew.
    fn tidy(list: &mut Option<Box<Slab<Waiter>>>, word: &ReadinessWord) {
        if list.as_ref().is_some_and(|waiters| waiters.is_empty()) {
            word.retract_waiters();
            if list.as_ref().is_some_and(|waiters| waiters.capacity() > KEPT_CAPACITY) {
                *list = None;
            }
        }
    }
}
