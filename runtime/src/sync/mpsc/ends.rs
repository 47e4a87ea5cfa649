//! The two ends of a channel's block list at work: claims at the tail, and the one receiver's right to the head. With
//! `block_list`, all the unsafe code of mpsc.
//!
//! Not the decision whether a claim is admitted, which its caller makes from the word. The invariants:
//!
//! 1. A claim's read-modify-write of the word shows that the tail did not move since its block was read.
//! 2. The head is touched only through `&mut Receiving`, of which each channel has one, or when the channel is
//!    dropped and no `Receiving` is left.

use crossbeam_utils::CachePadded;

use super::block_list::{Claim, Head, NextBlock, Tail, block_list};
use super::channel::Channel;
use super::word::{self, ONE_POSITION};
use crate::primitive::cell::UnsafeCell;
use crate::primitive::hint;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// Both ends of an empty list.
pub(super) fn ends<T>() -> (SendersEnd<T>, ReceiversEnd<T>) {
    let (tail, head) = block_list();
    let shared = (AtomicU64::new(0), tail, AtomicU64::new(0));
    (SendersEnd(CachePadded::new(shared)), ReceiversEnd(UnsafeCell::new(head)))
}

/// The word (see `word`), the tail and the head as senders saw it last, which share the senders' cache line.
pub(super) struct SendersEnd<T>(CachePadded<(AtomicU64, Tail<T>, AtomicU64)>);

impl<T> SendersEnd<T> {
    #[inline]
    pub(super) fn word(&self) -> &AtomicU64 {
        &self.0.0
    }

    #[inline]
    pub(super) fn tail(&self) -> &Tail<T> {
        &self.0.1
    }

    /// A position at which the receiver has been, or has passed. Written and read by senders, who so leave the cache
    /// line of the head to the receiver as long as they have room by this.
    #[inline]
    pub(super) fn seen_head(&self) -> &AtomicU64 {
        &self.0.2
    }

    /// Claims the tail's slot: `next` says what the word becomes. Also gives the word as it was.
    #[inline]
    pub(super) fn claim<E>(&self, next: impl Fn(&mut u64) -> Result<u64, E>) -> Result<(Claim<T>, u64), E> {
        let mut next_block = NextBlock::none();
        // Ordering: Acquire pairs with the Release that advanced the tail to this lap (`block_list`, 1).
        let mut word = self.word().load(Ordering::Acquire);
        loop {
            let new = next(&mut word)?;
            if word::is_between_blocks(word) {
                hint::spin_loop();
                word = self.word().load(Ordering::Acquire);
                continue;
            }
            let position = word::position(word);
            let block = self.tail().prepare(position, &mut next_block);
            // Ordering: AcqRel; Acquire as above, Release as part of the handshake with the sleeping
            // receiver.
            match self.word().compare_exchange_weak(word, new, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => {
                    // SAFETY: the word did not change between its load, before `prepare`, and our exchange (1).
                    let claim = unsafe {
                        self.tail().claimed(position, block, &mut next_block, || {
                            // Ordering: Release publishes the new block (`block_list`, 1).
                            self.word().fetch_add(ONE_POSITION, Ordering::Release);
                        })
                    };
                    return Ok((claim, word));
                }
                Err(actual) => word = actual,
            }
        }
    }
}

/// The receiver's end, in the shared part so that values published after the receiver went are dropped.
pub(super) struct ReceiversEnd<T>(UnsafeCell<Head<T>>);

// SAFETY: by (2) one thread at a time touches the head, which is Send if T is.
unsafe impl<T: Send> Sync for ReceiversEnd<T> {}

/// The only receiver of a channel, which it makes; what it does with that is in `receiving`.
pub(super) struct Receiving<T> {
    /// Private, so that nobody makes a second `Receiving` for it (2).
    channel: Arc<Channel<T>>,
}

impl<T> Receiving<T> {
    /// A new channel, with this its receiver.
    pub(super) fn new(capacity: Option<usize>) -> Self {
        Self { channel: Arc::new(Channel::new(capacity)) }
    }

    #[inline]
    pub(super) fn channel(&self) -> &Arc<Channel<T>> {
        &self.channel
    }

    /// Runs `work` with the receiver's end.
    #[inline]
    pub(super) fn with_head<R>(&mut self, work: impl FnOnce(&Channel<T>, &mut Head<T>) -> R) -> R {
        let channel = &*self.channel;
        // SAFETY: ours is the only `Receiving`, borrowed mutably (2).
        channel.receivers_end.0.with_mut(|head| work(channel, unsafe { &mut *head }))
    }
}

/// Frees the list even if a value's drop panics, which then leaks the values after it.
struct FreeList<'c, T>(&'c Channel<T>);

impl<T> FreeList<'_, T> {
    fn with_head<R>(&self, work: impl FnOnce(&mut Head<T>) -> R) -> R {
        // SAFETY: made only when the channel is dropped: no half is left (2), and `work` does not come back here.
        self.0.receivers_end.0.with_mut(|head| work(unsafe { &mut *head }))
    }
}

impl<T> Drop for FreeList<'_, T> {
    fn drop(&mut self) {
        // SAFETY: as in `with_head`: no sender is left, and neither end is used again.
        self.with_head(|head| unsafe { head.free(self.0.senders_end.tail()) });
    }
}

impl<T> Drop for Channel<T> {
    fn drop(&mut self) {
        let list = FreeList(self);
        while let Some(value) = list.with_head(|head| head.pop(list.0.senders_end.tail())) {
            drop(value);
        }
    }
}
