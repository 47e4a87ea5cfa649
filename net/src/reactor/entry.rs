//! [`IoEntry`]: what the poll and the tasks share of one source: its readiness word and who waits for it.
//!
//! It knows no file descriptor and no mio, so that the models can run it. The two sides:
//!
//! | the poll | a task |
//! |---|---|
//! | 1. store the event in the word | 1. store the waker (slot, or list and WAITERS bit) |
//! | 2. take the wakers (slots; list if WAITERS was set) | 2. look at the word once more |
//! | 3. wake them, under no lock | 3. sleep if it is still not ready |
//!
//! Why no wake is lost: a slot's `take` and `register` are read-modify-writes of one word. If `register` comes
//! second it acquires what `take` released, so the task's look (2) sees the event; if it comes first, `take` finds
//! the waker. For the list the readiness word itself plays that part (invariant 3 of `readiness`).
//! The models are `model::an_event_during_poll_ready_wakes_or_is_seen` and its siblings.

use super::readiness::{Ending, Readiness, ReadinessWord, Wake};
use super::waiters::{Enlisted, WaiterList};
use crate::io::{Interest, Ready};
use mini_runtime::util::{AtomicWaker, WakeBatch};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The shared state of one registered source.
#[derive(Debug)]
pub(crate) struct IoEntry {
    /// Written by the poll and by clears; read by all.
    word: ReadinessWord,
    /// The task of `poll_read` and its like; the newest wins.
    reader: AtomicWaker,
    /// The task of `poll_write` and its like; the newest wins.
    writer: AtomicWaker,
    /// The tasks of `ready().await` and its like; each has its own place.
    waiters: WaiterList,
}

/// Which of the two single wakers a poll uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Reading and accepting.
    Read,
    /// Writing and connecting.
    Write,
}

impl Direction {
    /// The states that end a wait in this direction. An error ends a wait for reading: the read returns it.
    #[inline]
    pub(crate) const fn states(self) -> Ready {
        match self {
            Self::Read => Ready::satisfying(Interest::READABLE.add(Interest::ERROR)),
            Self::Write => Ready::satisfying(Interest::WRITABLE),
        }
    }
}

impl IoEntry {
    /// An entry that starts with `ready` set.
    pub(crate) fn new(ready: Ready, ending: Ending) -> Self {
        Self {
            word: ReadinessWord::new(ready, ending),
            reader: AtomicWaker::new(),
            writer: AtomicWaker::new(),
            waiters: WaiterList::new(),
        }
    }

    /// What is known now.
    #[inline]
    pub(crate) fn observe(&self) -> Readiness {
        self.word.observe()
    }

    /// Takes away what was observed, unless something newer came.
    #[inline]
    pub(crate) fn clear(&self, observed: Readiness) {
        self.word.clear(observed);
    }

    /// The poll's step 1.
    #[inline]
    pub(crate) fn store_event(&self, ready: Ready) -> Wake {
        self.word.store_event(ready)
    }

    /// The reactor's last event.
    pub(crate) fn shut_down(&self) -> Wake {
        self.word.shut_down()
    }

    /// The poll's step 2: moves the wakers that `ready` concerns into `batch`.
    ///
    /// False: the batch was full; wake it and call again. With SHUTDOWN stored it takes them all.
    #[inline]
    pub(crate) fn take_wakers(&self, ready: Ready, wake: Wake, batch: &mut WakeBatch) -> bool {
        let is_shut_down = self.word.observe().is_shut_down();
        for (slot, direction) in [(&self.reader, Direction::Read), (&self.writer, Direction::Write)] {
            if !(is_shut_down || ready.intersects(direction.states())) {
                continue;
            }
            if !batch.can_push() {
                return false;
            }
            if let Some(waker) = slot.take() {
                batch.push(waker);
            }
        }
        match wake {
            Wake::Slots => true,
            Wake::SlotsAndList => self.waiters.take_wakers(ready, is_shut_down, batch),
        }
    }

    /// Ready, or else the task's waker is in the direction's slot.
    ///
    /// Ready also when the reactor has shut down; the caller tells by the readiness.
    #[inline]
    pub(crate) fn poll_ready(&self, cx: &mut Context<'_>, direction: Direction) -> Poll<Readiness> {
        let states = direction.states();
        let readiness = self.word.observe();
        if readiness.satisfies(states) {
            return Poll::Ready(readiness);
        }
        let slot = match direction {
            Direction::Read => &self.reader,
            Direction::Write => &self.writer,
        };
        slot.register(cx.waker());
        let readiness = self.word.observe();
        if readiness.satisfies(states) { Poll::Ready(readiness) } else { Poll::Pending }
    }

    /// Waits for `states` with a place of its own in the list.
    pub(crate) fn wait(&self, states: Ready) -> Wait<'_> {
        Wait { entry: self, states, key: None }
    }

    /// Drops every waker: the source is gone, and a waker left here would keep its task alive.
    pub(crate) fn drop_wakers(&self) {
        drop(self.reader.take());
        drop(self.writer.take());
        self.waiters.drop_all();
    }
}

/// The future of [`IoEntry::wait`]. Dropping it gives its place up.
#[derive(Debug)]
pub(crate) struct Wait<'a> {
    entry: &'a IoEntry,
    states: Ready,
    /// The place in the list, while there is one.
    key: Option<usize>,
}

impl Future for Wait<'_> {
    type Output = Readiness;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Readiness> {
        let this = &mut *self;
        let readiness = this.entry.word.observe();
        if readiness.satisfies(this.states) {
            this.leave();
            return Poll::Ready(readiness);
        }
        // Cloned before the lock: a waker's clone is the user's code.
        let waker = cx.waker().clone();
        match this.entry.waiters.enlist(&this.entry.word, this.states, this.key, waker) {
            Enlisted::Waiting { key, displaced } => {
                this.key = Some(key);
                drop(displaced);
                Poll::Pending
            }
            Enlisted::Ready { readiness, unused } => {
                this.key = None;
                drop(unused);
                Poll::Ready(readiness)
            }
        }
    }
}

impl Wait<'_> {
    fn leave(&mut self) {
        if let Some(key) = self.key.take() {
            drop(self.entry.waiters.remove(&self.entry.word, key));
        }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_small_and_not_over_aligned() {
        assert!(size_of::<IoEntry>() <= 96, "{}", size_of::<IoEntry>());
        assert!(align_of::<IoEntry>() <= 64);
    }

    #[test]
    fn every_waiter_of_a_direction_is_taken_over_several_batches() {
        let entry = IoEntry::new(Ready::EMPTY, Ending::Final);
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut waits: Vec<_> = (0..100).map(|_| entry.wait(Direction::Read.states())).collect();
        for wait in &mut waits {
            assert!(Pin::new(wait).poll(&mut cx).is_pending());
        }
        let wake = entry.store_event(Ready::READABLE);
        assert_eq!(wake, Wake::SlotsAndList);
        let mut turns = 1;
        let mut batch = WakeBatch::new();
        while !entry.take_wakers(Ready::READABLE, wake, &mut batch) {
            batch.wake_all();
            turns += 1;
        }
        batch.wake_all();
        assert_eq!(turns, 4);
        for wait in &mut waits {
            assert!(Pin::new(wait).poll(&mut cx).is_ready());
        }
        assert_eq!(entry.store_event(Ready::READABLE), Wake::Slots);
    }
}
