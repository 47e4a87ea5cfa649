//! What the two halves of an mpsc channel share, bounded or not: admission, waiting and closing.
//!
//! Not the storage (`block_list`, `ends`), nor the queue of those who wait for room (`admit`), nor the public
//! types. The invariant: length + reserved never exceeds the
//! capacity, and what is reserved can always be sent.
//!
//! # Why not a semaphore beside a queue
//!
//! tokio counts capacity in a semaphore, takes a position in a second step, and releases the permit under a
//! lock with each receive. Here the word holds position, reservations and flags, and the receiver publishes
//! its position: a send is one compare-exchange and one store, a receive two stores and, if bounded, a fence. A sender
//! looks at that position only when there is no room by the one that was looked at last, so that its cache line
//! changes cores once for a channel full of messages and not with each.
//! The wait queue is entered only when full.
//!
//! # Two handshakes
//!
//! *Receiver sleeps, sender sends.* The receiver stores its waker, then sets RECEIVER_WAITS by a
//! read-modify-write of the word, then looks again. A claim is a read-modify-write of the same word: either
//! it comes later and sees the flag, and its sender wakes after publishing; or it came earlier, and the
//! receiver sees the tail moved. Then the value is a few instructions from being published, and the receiver,
//! who cannot count on a wake, yields and polls again.
//!
//! *Sender queues, receiver makes room.* The sender sets `has_waiters`, fences, and looks at `head` once more
//! under the queue's lock; the receiver stores `head`, fences, and looks at `has_waiters`. One of them sees
//! the other. The flag stands beside the word, since the receiver looks at it each time, and the word's cache
//! line is the senders'.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::task::{Poll, Waker};

use crossbeam_utils::CachePadded;

use super::super::notify::Notify;
use super::super::wait_queue::WaitQueue;
use super::admit::REFUSED;
use super::block_list::Head;
use super::ends::{ReceiversEnd, SendersEnd, ends};
use super::word::{self, CLOSED, ONE_POSITION, ONE_RESERVED, RECEIVER_WAITS, SENDERS_GONE, WAITERS};
use crate::coop;
use crate::primitive::hint;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence};
use crate::util::{AtomicWaker, WakeBatch};

/// How often a receiver looks for a value that is just being published before it yields.
const PUBLISH_SPINS: usize = if cfg!(loom) { 1 } else { 16 };

/// Why a send was not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Full,
    Closed,
}

/// The shared part.
pub(super) struct Channel<T> {
    /// The word and the tail.
    pub(super) senders_end: SendersEnd<T>,
    /// The receiver's position, written by it alone, read by senders.
    head: CachePadded<AtomicU64>,
    /// The receiver's own.
    pub(super) receivers_end: ReceiversEnd<T>,
    receiver_waker: AtomicWaker,
    /// Written under the queue's lock: someone is queued, or about to be.
    pub(super) has_waiters: AtomicBool,
    /// Places; none is no bound.
    capacity: Option<usize>,
    /// Senders that wait for room, each with the number of places it needs.
    pub(super) queue: WaitQueue<(), usize>,
    /// Notified when the receiver closes.
    closed: Notify,
    /// `Sender`s, and permits that own one.
    senders: AtomicUsize,
    weak_senders: AtomicUsize,
}

// A value's panic never leaves the channel half changed: no code of the user's runs between two steps of it.
impl<T> UnwindSafe for Channel<T> {}
impl<T> RefUnwindSafe for Channel<T> {}

impl<T> Channel<T> {
    pub(super) fn new(capacity: Option<usize>) -> Self {
        let (senders_end, receivers_end) = ends();
        Self {
            senders_end,
            head: CachePadded::new(AtomicU64::new(0)),
            receivers_end,
            receiver_waker: AtomicWaker::new(),
            has_waiters: AtomicBool::new(false),
            capacity,
            queue: WaitQueue::new(()),
            closed: Notify::new(),
            senders: AtomicUsize::new(1),
            weak_senders: AtomicUsize::new(0),
        }
    }

    #[inline]
    pub(super) fn word(&self) -> &AtomicU64 {
        self.senders_end.word()
    }

    /// Whether `count` more places are free by this word, which is read anew if it is older than the head.
    #[inline]
    pub(super) fn has_room(&self, word: &mut u64, count: usize) -> bool {
        let Some(capacity) = self.capacity else { return true };
        let seen_head = self.senders_end.seen_head();
        // Ordering: Acquire pairs with the Release below, and so with the receiver's as if the head itself were read.
        // An older head is none but a stricter one: by it the channel is at least as long as it is.
        if free_by(capacity, *word, seen_head.load(Ordering::Acquire)).is_some_and(|free| count <= free) {
            return true;
        }
        loop {
            // Ordering: Acquire, so that who goes on because of room sees what the receiver did before; and,
            // if the head has passed our word, so that the next load shows the claims it received.
            let head = self.head.load(Ordering::Acquire);
            if let Some(free) = free_by(capacity, *word, head) {
                if count <= free {
                    // Ordering: Release hands on what the Acquire of the head showed us. Of two senders the one with
                    // the older head may store it last.
                    seen_head.store(head, Ordering::Release);
                }
                return count <= free;
            }
            *word = self.word().load(Ordering::Acquire);
        }
    }

    // ---- sending ----

    /// Sends if there is room and nobody waits.
    #[inline]
    pub(super) fn try_send(&self, value: T) -> Result<(), (Refusal, T)> {
        let admitted = |word: &mut u64| self.admit(word, 1).map(|()| word.wrapping_add(ONE_POSITION));
        match self.senders_end.claim(admitted) {
            Ok((claim, word)) => {
                claim.publish(value);
                self.published(word);
                Ok(())
            }
            Err(refusal) => Err((refusal, value)),
        }
    }

    /// Sends into a place that the caller has reserved.
    #[inline]
    pub(super) fn send_reserved(&self, value: T) {
        let claimed =
            self.senders_end.claim::<Refusal>(|word| Ok(word.wrapping_add(ONE_POSITION) - ONE_RESERVED));
        debug_assert!(claimed.is_ok(), "a reserved place admits");
        if let Ok((claim, word)) = claimed {
            claim.publish(value);
            self.published(word);
        }
    }

    /// Whether someone new may take `count` places by this word.
    #[inline]
    pub(super) fn admit(&self, word: &mut u64, count: usize) -> Result<(), Refusal> {
        // First, since it may read the word anew.
        let has_room = self.has_room(word, count);
        if *word & CLOSED != 0 {
            Err(Refusal::Closed)
        } else if *word & WAITERS != 0 || !has_room {
            Err(Refusal::Full)
        } else {
            Ok(())
        }
    }

    /// After a publish: wakes the receiver if it waited by `word`, as it was before the claim.
    #[inline]
    fn published(&self, word: u64) {
        if word & RECEIVER_WAITS != 0 {
            self.wake_receiver();
        }
    }

    #[cold]
    pub(super) fn wake_receiver(&self) {
        // Ordering: Acquire pairs with the receiver's setting; Release, so that its next setting sees the
        // value we published. Of several senders one wakes.
        if self.word().fetch_and(!RECEIVER_WAITS, Ordering::AcqRel) & RECEIVER_WAITS != 0 {
            self.receiver_waker.wake();
        }
    }

    // ---- receiving ----

    /// Takes the next value that is published.
    #[inline]
    pub(super) fn pop(&self, head: &mut Head<T>) -> Option<T> {
        let value = head.pop(self.senders_end.tail())?;
        // Ordering: Release; a sender that sees the room sees that we took the value.
        self.head.store(head.position(), Ordering::Release);
        if self.capacity.is_some() {
            // Ordering: pairs with the fence in `Admit::join`: either the queueing sender sees our head, or
            // we see its flag.
            fence(Ordering::SeqCst);
            if self.has_waiters.load(Ordering::Relaxed) {
                self.serve();
            }
        }
        Some(value)
    }

    /// The next value, or none when nothing can come any more. Without a waker it does not wait.
    pub(super) fn poll_pop(&self, head: &mut Head<T>, waker: Option<&Waker>) -> Poll<Option<T>> {
        if let Some(value) = self.pop(head) {
            return Poll::Ready(Some(value));
        }
        let word = match waker {
            None => self.word().load(Ordering::Acquire),
            Some(waker) => {
                self.receiver_waker.register(waker);
                // Ordering: Release hands the waker to who clears the flag; Acquire shows what was claimed
                // before.
                self.word().fetch_or(RECEIVER_WAITS, Ordering::AcqRel)
            }
        };
        if !word::is_drained(word, head.position()) {
            // Claimed before our flag, and published by now or in a few instructions.
            for _ in 0..PUBLISH_SPINS {
                if let Some(value) = self.pop(head) {
                    // The waker stays stored, the flag does not: it would cost a sender a wake in vain.
                    if waker.is_some() {
                        self.word().fetch_and(!RECEIVER_WAITS, Ordering::Relaxed);
                    }
                    return Poll::Ready(Some(value));
                }
                hint::spin_loop();
            }
            if let Some(waker) = waker {
                waker.wake_by_ref();
            }
            return Poll::Pending;
        }
        if word & SENDERS_GONE != 0 || (word & CLOSED != 0 && word::reserved(word) == 0) {
            return Poll::Ready(None);
        }
        Poll::Pending
    }

    /// The receiver goes, or does not wait any more.
    pub(super) fn drop_receiver_waker(&self) {
        drop(self.receiver_waker.take());
    }

    /// Lets nobody send any more, but for reserved places.
    pub(super) fn close(&self) {
        // Ordering: AcqRel; Release pairs with `is_closed`.
        if self.word().fetch_or(CLOSED, Ordering::AcqRel) & CLOSED != 0 {
            return;
        }
        let mut batch = WakeBatch::new();
        let mut queue = self.queue.lock();
        // Nobody joins after CLOSED, so this ends.
        while let Some(waker) = queue.finish_front(REFUSED) {
            batch.push(waker);
            if !batch.can_push() {
                drop(queue);
                batch.wake_all();
                queue = self.queue.lock();
            }
        }
        self.clear_waiters();
        drop(queue);
        batch.wake_all();
        self.closed.notify_waiters();
    }

    /// Waits until the receiver closes.
    pub(super) async fn closed(&self) {
        coop::cooperative(async {
            let notified = self.closed.notified();
            // Created before the look, so that a close in between counts.
            if !self.is_closed() {
                notified.await;
            }
        })
        .await;
    }

    // ---- looking ----

    /// Whether the receiver closed.
    pub(super) fn is_closed(&self) -> bool {
        // Ordering: Acquire pairs with the Release in `close`.
        self.word().load(Ordering::Acquire) & CLOSED != 0
    }

    /// Whether nobody can send new values: closed, or no sender left.
    pub(super) fn is_closed_for_receiver(&self) -> bool {
        self.word().load(Ordering::Acquire) & (CLOSED | SENDERS_GONE) != 0
    }

    /// Values sent and not received; a little too many while the receiver is at work.
    pub(super) fn len(&self) -> usize {
        // Ordering: Acquire; the head first, so that it does not pass the tail.
        let head = self.head.load(Ordering::Acquire);
        word::length(self.word().load(Ordering::Acquire), head).min(self.capacity())
    }

    /// Places free for anybody now.
    pub(super) fn free_places(&self) -> usize {
        // Ordering: as in `len`.
        let head = self.head.load(Ordering::Acquire);
        let word = self.word().load(Ordering::Acquire);
        // What becomes free belongs to those who wait.
        if word & WAITERS != 0 {
            return 0;
        }
        self.capacity().saturating_sub(word::length(word, head) + word::reserved(word))
    }

    /// Places in all.
    pub(super) fn capacity(&self) -> usize {
        self.capacity.unwrap_or(usize::MAX)
    }

    /// How many places one reservation may ask for.
    pub(super) fn max_reserved(&self) -> usize {
        self.capacity().min(word::MAX_RESERVED)
    }

    // ---- counting senders ----

    pub(super) fn strong_count(&self) -> usize {
        self.senders.load(Ordering::Acquire)
    }

    pub(super) fn weak_count(&self) -> usize {
        self.weak_senders.load(Ordering::Relaxed)
    }

    pub(super) fn add_sender(&self) {
        // Ordering: Relaxed, the caller has a sender, so the count is not zero.
        self.senders.fetch_add(1, Ordering::Relaxed);
    }

    /// Adds a sender unless the last one is gone.
    pub(super) fn revive_sender(&self) -> bool {
        // Ordering: Acquire, as for an upgrade of a Weak.
        self.senders
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, |count| (count > 0).then(|| count + 1))
            .is_ok()
    }

    pub(super) fn drop_sender(&self) {
        // Ordering: AcqRel; the last one has seen the claims of all others, and its flag comes after them.
        if self.senders.fetch_sub(1, Ordering::AcqRel) == 1
            && self.word().fetch_or(SENDERS_GONE, Ordering::AcqRel) & RECEIVER_WAITS != 0
        {
            self.wake_receiver();
        }
    }

    pub(super) fn add_weak(&self) {
        self.weak_senders.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn drop_weak(&self) {
        self.weak_senders.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Places that are free by this word and head; none if the head is newer than the word.
#[inline]
fn free_by(capacity: usize, word: u64, head: u64) -> Option<usize> {
    let length = word::length(word, head);
    // A claim saw a head by which it was admitted, and so does whoever saw the claim: too long means a head that is newer
    // than the word, or one that was seen long ago.
    (length <= capacity.min(word::MAX_LENGTH))
        .then(|| (capacity - length).saturating_sub(word::reserved(word)))
}
