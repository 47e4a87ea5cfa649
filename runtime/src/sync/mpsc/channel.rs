//! What the two halves of an mpsc channel share, bounded or not: admission, waiting and closing.
//!
//! Not the storage (`block_list`) nor the public types. The invariant: length + reserved never exceeds the
//! capacity, and what is reserved can always be sent.
//!
//! # Why not a semaphore beside a queue
//!
//! tokio counts capacity in a semaphore, takes a position in a second step, and releases the permit under a
//! lock with each receive. Here the word holds position, reservations and flags, and the receiver publishes
//! its position: a send is one compare-exchange and one store, a receive two stores and, if bounded, a fence.
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

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use crossbeam_utils::CachePadded;

use super::super::notify::Notify;
use super::super::wait_queue::{Phase, Wait, WaitQueue};
use super::block_list::{Claim, Head, NextBlock, Tail, block_list};
use super::word::{self, CLOSED, ONE_POSITION, ONE_RESERVED, RECEIVER_WAITS, SENDERS_GONE, WAITERS};
use crate::coop;
use crate::primitive::cell::UnsafeCell;
use crate::primitive::hint;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence};
use crate::util::{AtomicWaker, WakeBatch};

/// Outcome of a waiting sender: its places are reserved.
const GRANTED: u8 = 0;
/// Outcome of a waiting sender: the channel closed.
const REFUSED: u8 = 1;

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
    /// See `word`. With the tail, the senders' cache line.
    word: CachePadded<(AtomicU64, Tail<T>)>,
    /// The receiver's position, written by it alone, read by senders.
    head: CachePadded<AtomicU64>,
    /// The receiver's own; touched by whoever has `&mut Receiver`, and by the drop of the channel.
    receiver: UnsafeCell<Head<T>>,
    receiver_waker: AtomicWaker,
    /// Written under the queue's lock: someone is queued, or about to be.
    has_waiters: AtomicBool,
    /// Places; none is no bound.
    capacity: Option<usize>,
    /// Senders that wait for room, each with the number of places it needs.
    queue: WaitQueue<(), usize>,
    /// Notified when the receiver closes.
    closed: Notify,
    /// `Sender`s, and permits that own one.
    senders: AtomicUsize,
    weak_senders: AtomicUsize,
}

// SAFETY: values pass from senders to the receiver (T: Send) and are not shared; `receiver` is touched only
// through `&mut Receiver`, of which there is one, or when the channel is dropped.
unsafe impl<T: Send> Send for Channel<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Channel<T> {}

impl<T> Channel<T> {
    pub(super) fn new(capacity: Option<usize>) -> Self {
        let (tail, head) = block_list();
        Self {
            word: CachePadded::new((AtomicU64::new(0), tail)),
            head: CachePadded::new(AtomicU64::new(0)),
            receiver: UnsafeCell::new(head),
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
    fn word(&self) -> &AtomicU64 {
        &self.word.0
    }

    #[inline]
    fn tail(&self) -> &Tail<T> {
        &self.word.1
    }

    /// Whether `count` more places are free by this word, which is read anew if it is older than the head.
    #[inline]
    fn has_room(&self, word: &mut u64, count: usize) -> bool {
        let Some(capacity) = self.capacity else { return true };
        loop {
            // Ordering: Acquire, so that who goes on because of room sees what the receiver did before; and,
            // if the head has passed our word, so that the next load shows the claims it received.
            let head = self.head.load(Ordering::Acquire);
            let length = word::length(*word, head);
            // A claim saw the head that admitted it, and so do we who saw the claim: too long means a head
            // that is newer than the word.
            if length <= capacity.min(word::MAX_LENGTH) {
                return count
                    <= capacity - length.min(capacity) - word::reserved(*word).min(capacity - length);
            }
            *word = self.word().load(Ordering::Acquire);
        }
    }

    // ---- sending ----

    /// Sends if there is room and nobody waits.
    #[inline]
    pub(super) fn try_send(&self, value: T) -> Result<(), (Refusal, T)> {
        let admitted = |word: &mut u64| self.admit(word, 1).map(|()| word.wrapping_add(ONE_POSITION));
        match self.claim(admitted) {
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
        let claimed = self.claim(|word| Ok(word.wrapping_add(ONE_POSITION) - ONE_RESERVED));
        debug_assert!(claimed.is_ok(), "a reserved place admits");
        if let Ok((claim, word)) = claimed {
            claim.publish(value);
            self.published(word);
        }
    }

    /// Whether someone new may take `count` places by this word.
    #[inline]
    fn admit(&self, word: &mut u64, count: usize) -> Result<(), Refusal> {
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

    /// Claims the tail's slot: `next` says what the word becomes. Also gives the word as it was.
    #[inline]
    fn claim(&self, next: impl Fn(&mut u64) -> Result<u64, Refusal>) -> Result<(Claim<T>, u64), Refusal> {
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
                    // SAFETY: the word did not change between its load, before `prepare`, and our exchange.
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

    /// After a publish: wakes the receiver if it waited by `word`, as it was before the claim.
    #[inline]
    fn published(&self, word: u64) {
        if word & RECEIVER_WAITS != 0 {
            self.wake_receiver();
        }
    }

    #[cold]
    fn wake_receiver(&self) {
        // Ordering: Acquire pairs with the receiver's setting; Release, so that its next setting sees the
        // value we published. Of several senders one wakes.
        if self.word().fetch_and(!RECEIVER_WAITS, Ordering::AcqRel) & RECEIVER_WAITS != 0 {
            self.receiver_waker.wake();
        }
    }

    /// Reserves `count` places if they are free and nobody waits.
    pub(super) fn try_reserve(&self, count: usize) -> Result<(), Refusal> {
        let mut word = self.word().load(Ordering::Acquire);
        loop {
            self.admit(&mut word, count)?;
            match self.reserve_by(word, count) {
                Ok(()) => return Ok(()),
                Err(None) => return Err(Refusal::Full),
                Err(Some(actual)) => word = actual,
            }
        }
    }

    /// One try to reserve by `word`; gives the newer word, or none if the field is full.
    fn reserve_by(&self, word: u64, count: usize) -> Result<(), Option<u64>> {
        if count > word::MAX_RESERVED - word::reserved(word) {
            return Err(None);
        }
        let new = word + count as u64 * ONE_RESERVED;
        // Ordering: as in `claim`.
        self.word().compare_exchange(word, new, Ordering::AcqRel, Ordering::Acquire).map(|_| ()).map_err(Some)
    }

    /// Gives reserved places back that were not used.
    pub(super) fn release(&self, count: usize) {
        if count == 0 {
            return;
        }
        // Ordering: AcqRel; a sender that queues later, by a read-modify-write of the word, sees the room.
        let word = self.word().fetch_sub(count as u64 * ONE_RESERVED, Ordering::AcqRel);
        if word & WAITERS != 0 {
            self.serve();
        }
        // A closed channel ends when the last reserved place goes.
        if word & CLOSED != 0 && word & RECEIVER_WAITS != 0 {
            self.wake_receiver();
        }
    }

    /// Gives free places to those who wait, in turn.
    #[cold]
    fn serve(&self) {
        let mut batch = WakeBatch::new();
        let mut queue = self.queue.lock();
        loop {
            let Some(count) = queue.with_front(|count| *count) else {
                self.clear_waiters();
                break;
            };
            let mut word = self.word().load(Ordering::Acquire);
            // Who waits when the channel closes is refused by `close`.
            if !self.has_room(&mut word, count) || word & CLOSED != 0 {
                break;
            }
            match self.reserve_by(word, count) {
                Ok(()) => batch.push(queue.finish_front(GRANTED).expect("the front was there")),
                Err(None) => break,
                Err(Some(_)) => continue,
            }
            if !batch.can_push() {
                drop(queue);
                batch.wake_all();
                queue = self.queue.lock();
            }
        }
        drop(queue);
        batch.wake_all();
    }

    /// The queue is empty; called under its lock.
    fn clear_waiters(&self) {
        // Ordering: Relaxed for the flag, a receiver that misses its end only looks once in vain. Release for
        // the word.
        self.has_waiters.store(false, Ordering::Relaxed);
        self.word().fetch_and(!WAITERS, Ordering::Release);
    }

    // ---- receiving ----

    /// Runs `work` with the receiver's end.
    ///
    /// # Safety
    ///
    /// The caller must have `&mut` of the only receiver, or of the channel.
    #[inline]
    unsafe fn with_head<R>(&self, work: impl FnOnce(&mut Head<T>) -> R) -> R {
        // SAFETY: by the caller's contract nobody else is here.
        self.receiver.with_mut(|head| work(unsafe { &mut *head }))
    }

    /// Takes the next value that is published.
    ///
    /// # Safety
    ///
    /// As [`with_head`](Self::with_head).
    #[inline]
    pub(super) unsafe fn pop(&self) -> Option<T> {
        // SAFETY: by the caller's contract.
        let (value, position) = unsafe {
            self.with_head(|head| {
                let value = head.pop(self.tail())?;
                Some((value, head.position()))
            })
        }?;
        // Ordering: Release; a sender that sees the room sees that we took the value.
        self.head.store(position, Ordering::Release);
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

    /// The next value, or none when nothing can come any more. Without a context it does not wait.
    ///
    /// # Safety
    ///
    /// As [`with_head`](Self::with_head).
    pub(super) unsafe fn poll_pop(&self, waker: Option<&Waker>) -> Poll<Option<T>> {
        // SAFETY: by the caller's contract, here and below.
        if let Some(value) = unsafe { self.pop() } {
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
        // SAFETY: as above.
        let head = unsafe { self.with_head(|head| head.position()) };
        if !word::is_drained(word, head) {
            // Claimed before our flag, and published by now or in a few instructions.
            for _ in 0..PUBLISH_SPINS {
                // SAFETY: as above.
                if let Some(value) = unsafe { self.pop() } {
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
        let notified = self.closed.notified();
        // Created before the look, so that a close in between counts.
        if !self.is_closed() {
            notified.await;
        }
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

/// Frees the list even if a value's drop panics, which then leaks the values after it.
struct FreeList<'c, T>(&'c Channel<T>);

impl<T> Drop for FreeList<'_, T> {
    fn drop(&mut self) {
        // SAFETY: made only when the channel is dropped: no half is left.
        unsafe { self.0.with_head(|head| head.free(self.0.tail())) };
    }
}

impl<T> Drop for Channel<T> {
    fn drop(&mut self) {
        let list = FreeList(self);
        // SAFETY: the channel is ours alone.
        while let Some(value) = unsafe { list.0.with_head(|head| head.pop(list.0.tail())) } {
            drop(value);
        }
    }
}

pin_project_lite::pin_project! {
    /// Waits for admission: one value's, or that of a reservation. Places granted and not returned go on when
    /// dropped.
    pub(super) struct Admit<'c, T> {
        channel: &'c Channel<T>,
        count: usize,
        is_done: bool,
        #[pin]
        wait: Wait<'c, (), usize>,
    }

    impl<T> PinnedDrop for Admit<'_, T> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if *this.is_done || this.wait.phase() == Phase::Idle {
                return;
            }
            let mut guard = this.wait.as_ref().lock();
            let phase = guard.phase();
            let waker = guard.leave();
            drop(guard);
            // Before the waker is dropped, which may panic.
            match phase {
                Phase::Done(GRANTED) => this.channel.release(*this.count),
                // It may have kept others waiting behind it, for whom there is room.
                Phase::Queued => this.channel.serve(),
                _ => {}
            }
            drop(waker);
        }
    }
}

impl<'c, T> Admit<'c, T> {
    #[inline]
    pub(super) fn new(channel: &'c Channel<T>, count: usize) -> Self {
        Self { channel, count, is_done: false, wait: Wait::new(&channel.queue) }
    }

    /// Sends the value as soon as there is room; on `Err` it is still in `value`.
    #[inline]
    pub(super) fn poll_send(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        value: &mut Option<T>,
    ) -> Poll<Result<(), Refusal>> {
        let coop = ready!(coop::poll_proceed(context));
        let this = self.as_mut().project();
        if this.wait.phase() == Phase::Idle {
            let sent = value.take().expect("a value is sent once");
            match this.channel.try_send(sent) {
                Ok(()) => {
                    coop.made_progress();
                    return Poll::Ready(Ok(()));
                }
                Err((_, back)) => *value = Some(back),
            }
        }
        let result = ready!(self.as_mut().poll_reserved(context.waker()));
        coop.made_progress();
        Poll::Ready(result.map(|()| {
            let sent = value.take().expect("a value is sent once");
            self.channel.send_reserved(sent);
        }))
    }

    /// The places are reserved for the caller once this is `Ok`.
    fn poll_reserved(mut self: Pin<&mut Self>, waker: &Waker) -> Poll<Result<(), Refusal>> {
        let this = self.as_mut().project();
        let phase = match this.wait.phase() {
            Phase::Idle => None,
            Phase::Queued => Some(this.wait.as_ref().update_waker(waker)),
            done => Some(done),
        };
        let result = match phase {
            None => match this.channel.try_reserve(*this.count) {
                Err(Refusal::Full) => ready!(self.as_mut().join(waker)),
                result => result,
            },
            Some(Phase::Done(GRANTED)) => Ok(()),
            Some(Phase::Done(_)) => Err(Refusal::Closed),
            Some(_) => return Poll::Pending,
        };
        *self.project().is_done = true;
        Poll::Ready(result)
    }

    /// Joins the queue, unless there is room after all.
    fn join(self: Pin<&mut Self>, waker: &Waker) -> Poll<Result<(), Refusal>> {
        let this = self.project();
        let (channel, count) = (*this.channel, *this.count);
        // Cloned without the lock, since it is user code, and dropped after it where it is not used.
        let mut waker = Some(waker.clone());
        let mut guard = this.wait.as_ref().lock();
        channel.has_waiters.store(true, Ordering::Relaxed);
        // Ordering: AcqRel, so that a release before it is seen, and one after it sees WAITERS.
        let mut word = channel.word().fetch_or(WAITERS, Ordering::AcqRel) | WAITERS;
        // Ordering: pairs with the fence in `pop`.
        fence(Ordering::SeqCst);
        let result = loop {
            let has_room = channel.has_room(&mut word, count);
            if word & CLOSED != 0 {
                break Poll::Ready(Err(Refusal::Closed));
            }
            if !guard.is_empty() || !has_room {
                break Poll::Pending;
            }
            match channel.reserve_by(word, count) {
                Ok(()) => break Poll::Ready(Ok(())),
                Err(None) => break Poll::Pending,
                Err(Some(actual)) => word = actual,
            }
        };
        if result.is_pending() {
            guard.push_back(waker.take().expect("cloned above"), count);
        } else if guard.is_empty() {
            channel.clear_waiters();
        }
        drop(guard);
        drop(waker);
        result
    }
}

impl<T> Future for Admit<'_, T> {
    type Output = Result<(), Refusal>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let coop = ready!(coop::poll_proceed(context));
        let result = ready!(self.poll_reserved(context.waker()));
        coop.made_progress();
        Poll::Ready(result)
    }
}
