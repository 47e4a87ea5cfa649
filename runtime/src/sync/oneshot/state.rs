//! The word of a oneshot channel: who sent, closed, waits and is gone.
//!
//! Not what the word hands over, which is in `halves`. Each transition is one read-modify-write and answers with
//! what its caller has to do.
//!
//! | bit | set by | meaning, and what it hands over |
//! |---|---|---|
//! | DONE | sender | it sent or gave up; with VALUE, the value now belongs to the receiver |
//! | VALUE | sender, with DONE | there is a value |
//! | SENDER_GONE | sender, with DONE, after it, or after CLOSED | the sender touches the allocation no more |
//! | CLOSED | receiver | it takes no value that is not there yet |
//! | RECEIVER_GONE | receiver, with CLOSED or after | the receiver touches the allocation no more |
//! | RECEIVER_WAKER | receiver | its waker is stored; the sender may read it once it set DONE |
//! | SENDER_WAKER | sender | its waker is stored; the receiver may read it once it set CLOSED |
//!
//! # Invariants
//!
//! 1. DONE and CLOSED are set by read-modify-writes that see the other: of a send and a close, the first
//!    wins. A value is sent only if CLOSED was not set, and then the receiver takes or drops it: VALUE
//!    implies DONE, and the receiver never goes without looking at VALUE.
//! 2. A waker cell is written by its own side while its WAKER bit is clear. While the bit is set the other
//!    side may read it from DONE (or CLOSED) on until it sets its GONE bit; so its own side clears the bit,
//!    and sees neither, before it writes.
//! 3. The side that sees the other's GONE bit when it goes frees the allocation; at that time no value is in
//!    it.

use crate::primitive::sync::atomic::{AtomicU8, Ordering};

pub(super) const DONE: u8 = 1;
pub(super) const VALUE: u8 = 1 << 1;
pub(super) const SENDER_GONE: u8 = 1 << 2;
pub(super) const CLOSED: u8 = 1 << 3;
const RECEIVER_GONE: u8 = 1 << 4;
const RECEIVER_WAKER: u8 = 1 << 5;
const SENDER_WAKER: u8 = 1 << 6;

/// One of the two sides, by its bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side {
    gone: u8,
    waker: u8,
    other_gone: u8,
    /// What the other side sets before it reads this side's waker.
    over: u8,
}

pub(super) const SENDER: Side =
    Side { gone: SENDER_GONE, waker: SENDER_WAKER, other_gone: RECEIVER_GONE, over: CLOSED };
pub(super) const RECEIVER: Side =
    Side { gone: RECEIVER_GONE, waker: RECEIVER_WAKER, other_gone: SENDER_GONE, over: DONE };

/// What the sender's last step met.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Finish {
    /// The receiver had closed; nothing is set, and the sender is yet to go.
    Closed,
    /// Set, and the sender is gone. The receiver was there: it frees.
    Gone,
    /// Set; the receiver's waker is to be woken, then the sender is to go.
    Wake,
}

/// What the receiver's drop met.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Abandon {
    /// The sender was done; the receiver is yet to take what is there and to go.
    Done,
    /// Closed, and the receiver is gone; with `is_last`, the sender was gone before.
    Gone { is_last: bool },
    /// Closed; the receiver is yet to go, and with `wakes` to wake the sender's waker before.
    Leave { wakes: bool },
}

/// Where a side's waker stands after an attempt to store one.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum WakerCell {
    /// The cell is the side's to write.
    Free,
    /// The cell holds a waker, which both sides may read.
    Stored,
    /// The other side is over, by this word.
    Over(u8),
}

/// The word.
pub(super) struct Word(AtomicU8);

impl Word {
    pub(super) fn new() -> Self {
        Self(AtomicU8::new(0))
    }

    #[inline]
    pub(super) fn load(&self) -> u8 {
        // Ordering: Acquire pairs with the Release in `finish` and `close`: what is seen to be there can be
        // taken.
        self.0.load(Ordering::Acquire)
    }

    /// The sender's last step: sets DONE, with `value` VALUE or nothing, unless the receiver closed.
    #[inline]
    pub(super) fn finish(&self, value: u8) -> Finish {
        let mut state = self.0.load(Ordering::Relaxed);
        loop {
            if state & CLOSED != 0 {
                // Ordering: the read-modify-write of `leave` acquires what the receiver did.
                return Finish::Closed;
            }
            // Without a waker to read there is nothing left to do, and the sender goes in the same step.
            let gone = if state & RECEIVER_WAKER == 0 { SENDER_GONE } else { 0 };
            // Ordering: Release hands the value over; Acquire pairs with the Release of the receiver's waker.
            match self.0.compare_exchange_weak(
                state,
                state | DONE | value | gone,
                Ordering::AcqRel,
                Ordering::Relaxed,
            ) {
                Ok(_) if gone != 0 => return Finish::Gone,
                Ok(_) => return Finish::Wake,
                Err(actual) => state = actual,
            }
        }
    }

    /// The receiver takes nothing more; says whether the sender's waker is to be woken.
    #[must_use]
    pub(super) fn close(&self) -> bool {
        // Ordering: Acquire pairs with the Release of the sender's waker, Release with `load`.
        let word = self.0.fetch_or(CLOSED, Ordering::AcqRel);
        word & (DONE | CLOSED) == 0 && word & SENDER_WAKER != 0
    }

    /// The receiver is dropped: closes unless the sender is done.
    pub(super) fn abandon(&self) -> Abandon {
        // Ordering: Acquire pairs with the Release in `finish`.
        let mut state = self.0.load(Ordering::Acquire);
        while state & DONE == 0 {
            // Without a waker to read there is nothing left to do, and the receiver goes in the same step.
            let gone = if state & SENDER_WAKER == 0 { RECEIVER_GONE } else { 0 };
            // Ordering: Release, so that a sender that frees sees all we did; Acquire for its waker and its
            // DONE.
            match self.0.compare_exchange_weak(
                state,
                state | CLOSED | gone,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) if gone != 0 => return Abandon::Gone { is_last: state & SENDER_GONE != 0 },
                Ok(_) => return Abandon::Leave { wakes: state & CLOSED == 0 },
                Err(actual) => state = actual,
            }
        }
        Abandon::Done
    }

    /// A side touches the allocation no more; says whether it is the last and frees.
    #[must_use]
    pub(super) fn leave(&self, side: Side) -> bool {
        // Ordering: Release, so that who frees sees all we did; Acquire, for the case that it is us.
        self.0.fetch_or(side.gone, Ordering::AcqRel) & side.other_gone != 0
    }

    /// Where the side's waker stands.
    pub(super) fn waker_cell(&self, side: Side) -> WakerCell {
        let state = self.load();
        if state & side.over != 0 {
            WakerCell::Over(state)
        } else if state & side.waker != 0 {
            WakerCell::Stored
        } else {
            WakerCell::Free
        }
    }

    /// The side takes its stored waker back, to write its cell.
    pub(super) fn take_waker_back(&self, side: Side) -> WakerCell {
        // Ordering: Acquire as in `load`; nothing of ours to release.
        let state = self.0.fetch_and(!side.waker, Ordering::AcqRel);
        // If over, the other side decided by the bit as it was and may be reading the cell: it stays as it is.
        if state & side.over != 0 { WakerCell::Over(state) } else { WakerCell::Free }
    }

    /// The side's waker is in its cell.
    pub(super) fn offer_waker(&self, side: Side) -> WakerCell {
        // Ordering: Release hands the waker to the side that sets `over`; Acquire as in `load`.
        let state = self.0.fetch_or(side.waker, Ordering::AcqRel);
        if state & side.over != 0 { WakerCell::Over(state) } else { WakerCell::Stored }
    }
}
