//! Admission to a full channel: reservations, the queue of those who wait for them, and its future [`Admit`].
//!
//! Not the claim of a slot, which a reservation makes certain; nor the receiver's part of the handshake, which is in
//! `channel` with the reasons. The invariant: WAITERS is set while someone is queued, and then nobody new is
//! admitted.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use super::super::wait_queue::{Phase, Wait};
use super::channel::{Channel, Refusal};
use super::word::{self, CLOSED, ONE_RESERVED, RECEIVER_WAITS, WAITERS};
use crate::coop;
use crate::primitive::sync::atomic::{Ordering, fence};
use crate::util::WakeBatch;

/// Outcome of a waiting sender: its places are reserved.
const GRANTED: u8 = 0;
/// Outcome of a waiting sender: the channel closed.
pub(super) const REFUSED: u8 = 1;

impl<T> Channel<T> {
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
        // Ordering: as in `SendersEnd::claim`.
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
    pub(super) fn serve(&self) {
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
    pub(super) fn clear_waiters(&self) {
        // Ordering: Relaxed for the flag, a receiver that misses its end only looks once in vain. Release for
        // the word.
        self.has_waiters.store(false, Ordering::Relaxed);
        self.word().fetch_and(!WAITERS, Ordering::Release);
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
            // A close that came after the grant, but before the sender looked, counts.
            Some(Phase::Done(GRANTED)) if this.channel.is_closed() => {
                this.channel.release(*this.count);
                Err(Refusal::Closed)
            }
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
