//! The ring of slots that both ends of a broadcast channel share, with its tail and those who wait for it.
//!
//! Not the ends themselves, which say when a value is sent and passed. The invariants are those of the module, 1 and
//! 2 above all.

use super::super::notify::Notify;
use super::super::wait_queue::WaitQueue;
use crate::primitive::sync::Mutex;
use crate::primitive::sync::atomic::AtomicUsize;

/// The most values a channel can hold.
const MAX_CAPACITY: usize = usize::MAX >> 1;

/// Outcome of a waiting receiver: look again.
const WOKEN: u8 = 0;

/// One place of the ring.
pub(super) struct Slot<T> {
    /// The position whose value this is, or was; the position is stored plus one, zero for never written.
    pub(super) written: u64,
    /// Receivers that have yet to pass it (2).
    pub(super) remaining: usize,
    pub(super) value: Option<T>,
}

/// What the queue's lock guards.
#[derive(Debug)]
pub(super) struct Tail {
    /// Of the next value to be sent.
    pub(super) position: u64,
    pub(super) receivers: usize,
    /// No sender is left: see `Shared::senders`.
    pub(super) is_closed: bool,
}

impl Tail {
    /// Why a receiver found no value at `next`, which goes to the oldest there is (3).
    pub(super) fn without_value(&self, next: &mut u64, slots: usize) -> NoValue {
        if *next == self.position {
            return if self.is_closed { NoValue::Closed } else { NoValue::Empty };
        }
        let missed = missed(*next, self.position, slots);
        *next += missed;
        if missed > 0 { NoValue::Missed(missed) } else { NoValue::LookAgain }
    }
}

/// Why a receiver found no value in its slot.
#[must_use]
pub(super) enum NoValue {
    /// It was sent between two looks.
    LookAgain,
    /// So many were overwritten.
    Missed(u64),
    /// None is there yet.
    Empty,
    /// None will come.
    Closed,
}

/// How many values from `next` on are no more in the ring, whose tail is at `tail`.
pub(super) fn missed(next: u64, tail: u64, slots: usize) -> u64 {
    tail.saturating_sub(slots as u64).saturating_sub(next)
}

/// What all ends hold.
pub(super) struct Shared<T> {
    /// A power of two, so that a position finds its slot by a mask.
    pub(super) slots: Box<[Mutex<Slot<T>>]>,
    /// The tail, and receivers waiting for its next value.
    pub(super) queue: WaitQueue<Tail, ()>,
    /// `Sender`s; the last to go closes.
    pub(super) senders: AtomicUsize,
    pub(super) weak_senders: AtomicUsize,
    /// Notified when the last receiver goes.
    pub(super) deserted: Notify,
}

impl<T> Shared<T> {
    /// The shared part of a channel with one sender and no receiver.
    #[track_caller]
    pub(super) fn new(capacity: usize) -> Self {
        assert!(
            capacity > 0,
            "a broadcast channel needs room for one value; ask for a capacity of at least 1"
        );
        assert!(
            capacity <= MAX_CAPACITY,
            "a broadcast channel holds at most usize::MAX / 2 values; ask for less"
        );
        let slots = (0..capacity.next_power_of_two())
            .map(|_| Mutex::new(Slot { written: 0, remaining: 0, value: None }))
            .collect();
        Self {
            slots,
            queue: WaitQueue::new(Tail { position: 0, receivers: 0, is_closed: false }),
            senders: AtomicUsize::new(1),
            weak_senders: AtomicUsize::new(0),
            deserted: Notify::new(),
        }
    }

    pub(super) fn slot(&self, position: u64) -> &Mutex<Slot<T>> {
        &self.slots[position as usize & (self.slots.len() - 1)]
    }

    /// Wakes all receivers that wait now; `change` is what they will see.
    pub(super) fn wake_all(&self, change: impl FnOnce(&mut Tail)) {
        self.queue.wake_all(WOKEN, change);
    }

    /// A receiver passes the value at `position`: `look` sees it, and the last to pass takes it out.
    ///
    /// `Err` if the slot holds an older value or a newer one.
    pub(super) fn pass<R>(&self, position: u64, look: impl FnOnce(&T) -> R) -> Result<(R, Option<T>), ()> {
        let mut slot = self.slot(position).lock();
        if slot.written != position + 1 {
            return Err(());
        }
        // Counted first, so that a panic of `look`, a clone, does not keep the value for ever.
        slot.remaining -= 1;
        let result = slot.value.as_ref().map(look);
        let value = if slot.remaining == 0 { slot.value.take() } else { None };
        drop(slot);
        result.map(|result| (result, value)).ok_or(())
    }
}
