//! The word of an mpsc channel: the tail's position, the reserved places and the flags, in one so that a
//! claim decides on all of them at once.
//!
//! Not the transitions themselves, which are compare-exchanges in `channel`; here is the arithmetic.
//!
//! | bits | content | written by |
//! |---|---|---|
//! | 0 | RECEIVER_WAITS: the receiver's waker is stored | set by the receiver, cleared by who wakes it |
//! | 1 | CLOSED: no new sends; reserved places may still be used | the receiver |
//! | 2 | SENDERS_GONE: nobody can send any more | the last sender |
//! | 3 | WAITERS: senders are queued, nobody may overtake them | under the queue's lock |
//! | 4..24 | reserved places | senders |
//! | 24..64 | the tail's position, with one position per lap that is no slot | senders |
//!
//! A compare-exchange could succeed on a word that came round to the same value: a sender would have to sleep
//! in the few instructions between load and exchange while 2^40 messages pass, half a day at 25 million a
//! second, to the message.

use super::block_list::{BLOCK_SLOTS, LAP};

pub(super) const RECEIVER_WAITS: u64 = 1;
pub(super) const CLOSED: u64 = 1 << 1;
pub(super) const SENDERS_GONE: u64 = 1 << 2;
pub(super) const WAITERS: u64 = 1 << 3;

const RESERVED_SHIFT: u32 = 4;
const POSITION_SHIFT: u32 = 24;

/// One reserved place.
pub(super) const ONE_RESERVED: u64 = 1 << RESERVED_SHIFT;
/// One position.
pub(super) const ONE_POSITION: u64 = 1 << POSITION_SHIFT;
/// How many places can be reserved at one time.
pub(super) const MAX_RESERVED: usize = (1 << (POSITION_SHIFT - RESERVED_SHIFT)) - 1;

/// No channel holds more: half of the positions, so that a length below it is none of a head that passed the
/// tail.
pub(super) const MAX_LENGTH: usize = (1_u64 << (63 - POSITION_SHIFT)) as usize;

/// Positions count modulo this.
const POSITION_MASK: u64 = u64::MAX >> POSITION_SHIFT;

/// The tail's position.
#[inline]
pub(super) fn position(word: u64) -> u64 {
    word >> POSITION_SHIFT
}

/// Whether the tail is between two blocks: the claimer of the last slot is linking the next one.
#[inline]
pub(super) fn is_between_blocks(word: u64) -> bool {
    position(word) % LAP == BLOCK_SLOTS
}

/// Reserved places.
#[inline]
pub(super) fn reserved(word: u64) -> usize {
    (word >> RESERVED_SHIFT) as usize & MAX_RESERVED
}

/// Messages between `head` and the tail of `word`, claimed or published. `head` may be old, then it is too
/// many.
#[inline]
pub(super) fn length(word: u64, head: u64) -> usize {
    let tail = position(word);
    let positions = tail.wrapping_sub(head) & POSITION_MASK;
    let laps = (tail / LAP).wrapping_sub((head & POSITION_MASK) / LAP) & (POSITION_MASK / LAP);
    (positions - laps) as usize
}

/// Whether the tail stands where the receiver does: nothing is claimed that was not received.
#[inline]
pub(super) fn is_drained(word: u64, head: u64) -> bool {
    position(word) == head & POSITION_MASK
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn length_counts_slots_across_laps_and_the_wrap() {
        let word = |position: u64| position << POSITION_SHIFT;
        assert_eq!(length(word(0), 0), 0);
        assert_eq!(length(word(31), 0), 31);
        assert_eq!(length(word(32), 0), 31);
        assert_eq!(length(word(33), 30), 2);
        let last_lap = POSITION_MASK + 1 - LAP;
        assert_eq!(length(word(2), last_lap + 30), 3);
        assert_eq!(length(word(2), POSITION_MASK + 1), 2);
        assert!(is_drained(word(0), POSITION_MASK + 1));
    }

    #[test]
    fn the_fields_do_not_touch() {
        let word = 5 * ONE_POSITION + 7 * ONE_RESERVED + CLOSED;
        assert_eq!((position(word), reserved(word)), (5, 7));
        assert_eq!(reserved(word.wrapping_add(ONE_POSITION) - ONE_RESERVED), 6);
    }
}
