//! [`EntryTable`]: the entries of a reactor by token.
//!
//! No mio here either. One lock guards the slab; an event finds its entry under it, and wakers are woken outside
//! it. Invariants:
//! 1. An event whose registration was released finds nothing, or the entry that nobody owns any more; never the
//!    entry that came after it under the same key (the generation in the token differs).
//! 2. A release takes no lock, so a source may be dropped anywhere, in a waker's drop during a turn too. Its key
//!    is free for reuse after the poll under way, when [`free_released`](EntryTable::free_released) runs.
//! 3. After `close` every entry is shut down, and no entry is accepted.
//!
//! The queue of released keys holds no more than there were registrations; `insert` empties it when it is long,
//! so that it stays short also if nobody polls.

use super::entry::IoEntry;
use super::readiness::Wake;
use super::token::Token;
use crate::io::Ready;
use crate::primitive::atomic::{AtomicUsize, Ordering};
use crate::primitive::{Mutex, MutexGuard, SegQueue};
use mini_runtime::driver::shut_down_error;
use mini_runtime::util::WakeBatch;
use slab::Slab;
use std::io;
use std::sync::Arc;

/// With more released entries than this, `insert` frees them first.
const RELEASED_LIMIT: usize = 256;

/// Every entry of one reactor.
#[derive(Debug)]
pub(crate) struct EntryTable {
    slots: Mutex<Slots>,
    /// Keys to free: pushed by whoever drops a source, popped under the lock of `slots`.
    released: SegQueue<usize>,
    /// About how many keys `released` holds.
    released_count: AtomicUsize,
}

#[derive(Debug)]
struct Slots {
    entries: Slab<Slot>,
    /// The generation of the next entry; wraps.
    next_generation: u32,
    is_closed: bool,
}

#[derive(Debug)]
struct Slot {
    token: Token,
    entry: Arc<IoEntry>,
}

impl EntryTable {
    /// An empty table.
    pub(crate) fn new() -> Self {
        Self {
            slots: Mutex::new(Slots { entries: Slab::new(), next_generation: 0, is_closed: false }),
            released: SegQueue::new(),
            released_count: AtomicUsize::new(0),
        }
    }

    /// Gives an entry its token. Fails once the reactor is gone, or when no key is left.
    pub(crate) fn insert(&self, entry: Arc<IoEntry>) -> io::Result<Token> {
        let mut slots = self.slots.lock();
        // Ordering: a hint; a stale count frees a little sooner or later.
        if self.released_count.load(Ordering::Relaxed) > RELEASED_LIMIT {
            self.free_released_in(&mut slots);
        }
        if slots.is_closed {
            return Err(shut_down_error());
        }
        let key = slots.entries.vacant_key();
        if key > Token::MAX_KEY {
            return Err(io::Error::other("no more sources can be registered with this reactor"));
        }
        let token = Token::new(key, slots.next_generation);
        slots.next_generation = slots.next_generation.wrapping_add(1);
        slots.entries.insert(Slot { token, entry });
        Ok(token)
    }

    /// Gives a token back. Call it once, after the source was deregistered and its wakers dropped.
    pub(crate) fn release(&self, token: Token) {
        // Ordering: a hint, see `insert`.
        self.released_count.fetch_add(1, Ordering::Relaxed);
        self.released.push(token.key());
    }

    /// Frees what was released; for after a poll.
    pub(crate) fn free_released(&self) {
        // Ordering: a hint, see `insert`; what it misses is freed after the next poll.
        if self.released_count.load(Ordering::Relaxed) != 0 {
            self.free_released_in(&mut self.slots.lock());
        }
    }

    fn free_released_in(&self, slots: &mut Slots) {
        let mut freed = 0;
        while let Some(key) = self.released.pop() {
            // No user code: the wakers were dropped before the release.
            slots.entries.try_remove(key);
            freed += 1;
        }
        self.released_count.fetch_sub(freed, Ordering::Relaxed);
    }

    /// Stores the events of a poll and wakes whom they concern.
    pub(crate) fn dispatch(&self, events: impl Iterator<Item = (Token, Ready)>) {
        let mut batch = WakeBatch::new();
        let mut slots = self.slots.lock();
        for (token, ready) in events {
            let Some(entry) = slots.get(token) else { continue };
            let wake = entry.store_event(ready);
            if !entry.take_wakers(ready, wake, &mut batch) {
                slots = self.take_other_wakers(slots, token, ready, wake, &mut batch);
            }
        }
        drop(slots);
        batch.wake_all();
    }

    /// Shuts every entry down and refuses new ones.
    pub(crate) fn close(&self) {
        let mut slots = self.slots.lock();
        slots.is_closed = true;
        let tokens: Vec<Token> = slots.entries.iter().map(|(_, slot)| slot.token).collect();
        let mut batch = WakeBatch::new();
        for token in tokens {
            let Some(entry) = slots.get(token) else { continue };
            let wake = entry.shut_down();
            if !entry.take_wakers(Ready::ALL, wake, &mut batch) {
                slots = self.take_other_wakers(slots, token, Ready::ALL, wake, &mut batch);
            }
        }
        drop(slots);
        batch.wake_all();
    }

    /// The batch is full: wakes it, with the lock given up, and moves those wakers of the entry into it that are left.
    #[cold]
    fn take_other_wakers<'a>(
        &'a self,
        mut slots: MutexGuard<'a, Slots>,
        token: Token,
        ready: Ready,
        wake: Wake,
        batch: &mut WakeBatch,
    ) -> MutexGuard<'a, Slots> {
        loop {
            drop(slots);
            batch.wake_all();
            slots = self.slots.lock();
            match slots.get(token) {
                Some(entry) if !entry.take_wakers(ready, wake, batch) => {}
                _ => return slots,
            }
        }
    }

    /// How many entries there are, released ones that are not yet freed included.
    #[cfg(all(test, not(loom)))]
    pub(crate) fn len(&self) -> usize {
        self.slots.lock().entries.len()
    }
}

impl Slots {
    /// The entry that holds this very token.
    #[inline]
    fn get(&self, token: Token) -> Option<&IoEntry> {
        self.entries.get(token.key()).filter(|slot| slot.token == token).map(|slot| &*slot.entry)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::reactor::entry::Direction;
    use crate::reactor::readiness::Ending;
    use std::task::{Context, Waker};

    fn entry() -> Arc<IoEntry> {
        Arc::new(IoEntry::new(Ready::EMPTY, Ending::Final))
    }

    #[test]
    fn a_stale_event_does_not_reach_the_next_holder_of_the_key() {
        let table = EntryTable::new();
        let old = table.insert(entry()).unwrap();
        table.release(old);
        table.free_released();
        let next = entry();
        let token = table.insert(Arc::clone(&next)).unwrap();
        assert_eq!(old.key(), token.key());
        table.dispatch([(old, Ready::READABLE)].into_iter());
        assert!(next.observe().ready().is_empty());
        table.dispatch([(token, Ready::READABLE)].into_iter());
        assert!(next.observe().ready().is_readable());
    }

    #[test]
    fn a_key_is_not_reused_before_the_poll_under_way_is_over() {
        let table = EntryTable::new();
        let old = table.insert(entry()).unwrap();
        table.release(old);
        assert_ne!(table.insert(entry()).unwrap().key(), old.key());
    }

    #[test]
    fn released_entries_are_freed_also_when_nobody_polls() {
        let table = EntryTable::new();
        for _ in 0..3 * RELEASED_LIMIT {
            table.release(table.insert(entry()).unwrap());
        }
        assert!(table.len() <= RELEASED_LIMIT + 2, "{}", table.len());
    }

    #[test]
    fn close_ends_every_wait_and_refuses_new_entries() {
        let table = EntryTable::new();
        let waiting = entry();
        table.insert(Arc::clone(&waiting)).unwrap();
        let mut cx = Context::from_waker(Waker::noop());
        assert!(waiting.poll_ready(&mut cx, Direction::Read).is_pending());
        table.close();
        assert!(waiting.poll_ready(&mut cx, Direction::Read).is_ready());
        assert!(waiting.observe().is_shut_down());
        assert!(table.insert(entry()).is_err());
    }
}
