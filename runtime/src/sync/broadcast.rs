//! A channel from many senders to many receivers, each of which sees every value sent after it subscribed, or
//! is told exactly how many it missed.
//!
//! Not a queue that holds senders back: the oldest value makes room for the newest. The values stand in a
//! ring of slots; positions count values from the first.
//!
//! # Invariants
//!
//! 1. The tail's lock is taken before a slot's, never after. A slot is written under both.
//! 2. A slot's `remaining` is the number of receivers that have yet to pass its position; who passes last
//!    takes the value out. So a value lives no longer than it is wanted, and is dropped outside our locks.
//! 3. A receiver at position p has missed nothing unless the tail is more than the capacity ahead of p.
//!
//! A value is cloned under its slot's lock, although that is user code: without `T: Sync` two receivers must
//! not clone the same value at once (RUSTSEC-2025-0023), and that lock is what keeps them apart. It delays
//! those who want the same slot only.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use super::notify::Notify;
use super::wait_queue::{Phase, Wait, WaitQueue};
use crate::coop;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::primitive::sync::{Arc, Mutex};
use crate::util::WakeBatch;

pub use error::{RecvError, SendError, TryRecvError};

/// The most values a channel can hold.
const MAX_CAPACITY: usize = usize::MAX >> 1;

/// Outcome of a waiting receiver: look again.
const WOKEN: u8 = 0;

/// One place of the ring.
struct Slot<T> {
    /// The position whose value this is, or was; the position is stored plus one, zero for never written.
    written: u64,
    /// Receivers that have yet to pass it (2).
    remaining: usize,
    value: Option<T>,
}

/// What the queue's lock guards.
#[derive(Debug)]
struct Tail {
    /// Of the next value to be sent.
    position: u64,
    receivers: usize,
    /// No sender is left, or no receiver can come: see `Shared::senders`.
    is_closed: bool,
}

struct Shared<T> {
    /// A power of two, so that a position finds its slot by a mask.
    slots: Box<[Mutex<Slot<T>>]>,
    /// The tail, and receivers waiting for its next value.
    queue: WaitQueue<Tail, ()>,
    /// `Sender`s; the last to go closes.
    senders: AtomicUsize,
    weak_senders: AtomicUsize,
    /// Notified when the last receiver goes.
    deserted: Notify,
}

/// Makes a channel that keeps the newest `capacity` values, rounded up to a power of two.
///
/// # Panics
///
/// If `capacity` is zero or more than `usize::MAX / 2`.
///
/// ```
/// use mini_runtime::sync::broadcast;
///
/// # futures::executor::block_on(async {
/// let (sender, mut first) = broadcast::channel(16);
/// let mut second = sender.subscribe();
/// sender.send("news").unwrap();
/// assert_eq!(first.recv().await, Ok("news"));
/// assert_eq!(second.recv().await, Ok("news"));
/// # });
/// ```
#[track_caller]
pub fn channel<T: Clone>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let sender = Sender::new(capacity);
    let receiver = sender.subscribe();
    (sender, receiver)
}

/// Sends to all receivers. Clones send into the same channel.
pub struct Sender<T> {
    shared: Arc<Shared<T>>,
}

/// A sender that does not keep the channel open; [`upgrade`](Self::upgrade) it to send.
pub struct WeakSender<T> {
    shared: Arc<Shared<T>>,
}

/// Receives the values sent after it was made.
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
    /// Position of the next value it has not passed.
    next: u64,
}

impl<T> Shared<T> {
    fn slot(&self, position: u64) -> &Mutex<Slot<T>> {
        &self.slots[position as usize & (self.slots.len() - 1)]
    }

    /// Wakes all receivers that wait now; `change` is what they will see.
    fn wake_all(&self, change: impl FnOnce(&mut Tail)) {
        let mut batch = WakeBatch::new();
        let mut queue = self.queue.lock();
        change(&mut queue.state);
        queue.detach_all();
        while let Some(waker) = queue.finish_detached(WOKEN) {
            batch.push(waker);
            if !batch.can_push() {
                drop(queue);
                batch.wake_all();
                queue = self.queue.lock();
            }
        }
        drop(queue);
        batch.wake_all();
    }

    /// A receiver more, from the next value on.
    fn subscribe(this: &Arc<Self>) -> Receiver<T> {
        let mut queue = this.queue.lock();
        queue.state.receivers += 1;
        let next = queue.state.position;
        drop(queue);
        Receiver { shared: Arc::clone(this), next }
    }

    /// A receiver passes the value at `position`: `look` sees it, and the last to pass takes it out.
    ///
    /// `Err` if the slot holds an older value or a newer one.
    fn pass<R>(&self, position: u64, look: impl FnOnce(&T) -> R) -> Result<(R, Option<T>), ()> {
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

impl<T> Sender<T> {
    /// A channel without a receiver yet.
    ///
    /// # Panics
    ///
    /// As [`channel`].
    ///
    /// ```
    /// let sender = mini_runtime::sync::broadcast::Sender::<u32>::new(4);
    /// assert!(sender.send(1).is_err());
    /// ```
    #[track_caller]
    pub fn new(capacity: usize) -> Self {
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
        let tail = Tail { position: 0, receivers: 0, is_closed: false };
        Self {
            shared: Arc::new(Shared {
                slots,
                queue: WaitQueue::new(tail),
                senders: AtomicUsize::new(1),
                weak_senders: AtomicUsize::new(0),
                deserted: Notify::new(),
            }),
        }
    }

    /// Sends to all receivers of now, and says how many they are. Some may yet miss it, or go.
    ///
    /// # Errors
    ///
    /// The value, if there is no receiver; a later send may succeed.
    pub fn send(&self, value: T) -> Result<usize, SendError<T>> {
        let mut replaced = None;
        let mut value = Some(value);
        let mut receivers = 0;
        self.shared.wake_all(|tail| {
            receivers = tail.receivers;
            if receivers == 0 {
                return;
            }
            let mut slot = self.shared.slot(tail.position).lock();
            replaced = std::mem::replace(&mut slot.value, value.take());
            slot.written = tail.position + 1;
            slot.remaining = receivers;
            tail.position += 1;
        });
        // User code, hence after the locks.
        drop(replaced);
        match value {
            Some(value) => Err(SendError(value)),
            None => Ok(receivers),
        }
    }

    /// A receiver of what is sent from now on.
    pub fn subscribe(&self) -> Receiver<T> {
        Shared::subscribe(&self.shared)
    }

    /// A sender that does not keep the channel open.
    pub fn downgrade(&self) -> WeakSender<T> {
        // Ordering: Relaxed, a plain count.
        self.shared.weak_senders.fetch_add(1, Ordering::Relaxed);
        WeakSender { shared: Arc::clone(&self.shared) }
    }

    /// Values that some receiver has yet to see.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::broadcast::channel(4);
    /// sender.send(1).unwrap();
    /// sender.send(2).unwrap();
    /// assert_eq!(sender.len(), 2);
    /// receiver.try_recv().unwrap();
    /// assert_eq!(sender.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        let queue = self.shared.queue.lock();
        let tail = queue.state.position;
        // Receivers pass in order, so the slots still wanted are the newest ones.
        let oldest = tail.saturating_sub(self.shared.slots.len() as u64);
        let (mut low, mut high) = (oldest, tail);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.shared.slot(middle).lock().remaining == 0 { low = middle + 1 } else { high = middle }
        }
        (tail - low) as usize
    }

    /// Whether no receiver has a value to see.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Receivers there are.
    pub fn receiver_count(&self) -> usize {
        self.shared.queue.lock().state.receivers
    }

    /// Whether both send into the same channel.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Waits until there is no receiver.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel::<u32>(4);
    /// drop(receiver);
    /// sender.closed().await;
    /// # });
    /// ```
    pub async fn closed(&self) {
        loop {
            let notified = self.shared.deserted.notified();
            // Created before the look, so that a drop in between counts.
            if self.receiver_count() == 0 {
                return;
            }
            notified.await;
        }
    }

    /// Senders there are, not counting weak ones.
    pub fn strong_count(&self) -> usize {
        self.shared.senders.load(Ordering::Acquire)
    }

    /// Weak senders there are.
    pub fn weak_count(&self) -> usize {
        self.shared.weak_senders.load(Ordering::Acquire)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        // Ordering: Relaxed, the count is not zero while we have a sender.
        self.shared.senders.fetch_add(1, Ordering::Relaxed);
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        // Ordering: AcqRel, so that the end comes after what all senders sent.
        if self.shared.senders.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.shared.wake_all(|tail| tail.is_closed = true);
        }
    }
}

impl<T> WeakSender<T> {
    /// A sender, unless all are gone.
    pub fn upgrade(&self) -> Option<Sender<T>> {
        // Ordering: Acquire, as for an upgrade of a Weak.
        self.shared
            .senders
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, |count| (count > 0).then(|| count + 1))
            .ok()
            .map(|_| Sender { shared: Arc::clone(&self.shared) })
    }

    /// Senders there are, not counting weak ones.
    pub fn strong_count(&self) -> usize {
        self.shared.senders.load(Ordering::Acquire)
    }

    /// Weak senders there are.
    pub fn weak_count(&self) -> usize {
        self.shared.weak_senders.load(Ordering::Acquire)
    }
}

impl<T> Clone for WeakSender<T> {
    fn clone(&self) -> Self {
        self.shared.weak_senders.fetch_add(1, Ordering::Relaxed);
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> Drop for WeakSender<T> {
    fn drop(&mut self) {
        self.shared.weak_senders.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<T> Receiver<T> {
    /// Values sent that this one has not passed; more than the capacity if it lags.
    pub fn len(&self) -> usize {
        (self.shared.queue.lock().state.position - self.next) as usize
    }

    /// Whether it has passed all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all senders are gone; values may still be there.
    pub fn is_closed(&self) -> bool {
        self.shared.queue.lock().state.is_closed
    }

    /// Whether both receive from the same channel.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Senders there are, not counting weak ones.
    pub fn sender_strong_count(&self) -> usize {
        self.shared.senders.load(Ordering::Acquire)
    }

    /// Weak senders there are.
    pub fn sender_weak_count(&self) -> usize {
        self.shared.weak_senders.load(Ordering::Acquire)
    }

    /// If `next` is no more in the ring, goes to the oldest that is and says how many it missed (3). Called
    /// with the tail's position under its lock.
    fn skip_missed(&mut self, tail: u64) -> u64 {
        let oldest = tail.saturating_sub(self.shared.slots.len() as u64);
        let missed = oldest.saturating_sub(self.next);
        self.next += missed;
        missed
    }
}

impl<T: Clone> Receiver<T> {
    /// Waits for the next value.
    ///
    /// # Errors
    ///
    /// [`RecvError::Lagged`] with the number of values missed, if they were overwritten; the next call gives
    /// the oldest there is. [`RecvError::Closed`] when all senders are gone and all values received.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no value is lost.
    ///
    /// ```
    /// use mini_runtime::sync::broadcast::{self, error::RecvError};
    ///
    /// # futures::executor::block_on(async {
    /// let (sender, mut receiver) = broadcast::channel(2);
    /// (1..=5).for_each(|value| drop(sender.send(value)));
    /// drop(sender);
    /// assert_eq!(receiver.recv().await, Err(RecvError::Lagged(3)));
    /// assert_eq!(receiver.recv().await, Ok(4));
    /// assert_eq!(receiver.recv().await, Ok(5));
    /// assert_eq!(receiver.recv().await, Err(RecvError::Closed));
    /// # });
    /// ```
    pub async fn recv(&mut self) -> Result<T, RecvError> {
        // The place in the queue borrows the shared part, the future the receiver.
        let shared = Arc::clone(&self.shared);
        Recv { receiver: self, wait: Wait::new(&shared.queue) }.await
    }

    /// Takes the next value if it is there.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv), and [`TryRecvError::Empty`].
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        loop {
            let position = self.next;
            // Passed first: if the clone panics, the value counts as seen.
            let passed = self.shared.pass(position, |value| {
                self.next = position + 1;
                value.clone()
            });
            if let Ok((value, last)) = passed {
                drop(last);
                return Ok(value);
            }
            let queue = self.shared.queue.lock();
            let (tail, is_closed) = (queue.state.position, queue.state.is_closed);
            drop(queue);
            if tail == self.next {
                return Err(if is_closed { TryRecvError::Closed } else { TryRecvError::Empty });
            }
            let missed = self.skip_missed(tail);
            if missed > 0 {
                return Err(TryRecvError::Lagged(missed));
            }
            // It was sent between the two looks.
        }
    }

    /// Blocks this thread until a value comes.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await `recv` there.
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Result<T, RecvError> {
        super::blocking::block_on("broadcast::Receiver::blocking_recv", self.recv())
    }

    /// Another receiver, of what is sent from now on.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel(4);
    /// sender.send(1).unwrap();
    /// let mut late = receiver.resubscribe();
    /// sender.send(2).unwrap();
    /// assert_eq!((receiver.len(), late.try_recv()), (2, Ok(2)));
    /// ```
    pub fn resubscribe(&self) -> Self {
        Shared::subscribe(&self.shared)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut queue = self.shared.queue.lock();
        queue.state.receivers -= 1;
        // Values sent from here on do not count us.
        let until = queue.state.position;
        let is_last = queue.state.receivers == 0;
        drop(queue);
        if is_last {
            self.shared.deserted.notify_waiters();
        }
        self.skip_missed(until);
        while self.next < until {
            // An error: overwritten since, and then not counted by us any more.
            let passed = self.shared.pass(self.next, |_| ());
            self.next += 1;
            drop(passed);
        }
    }
}

pin_project_lite::pin_project! {
    /// The future of [`Receiver::recv`].
    struct Recv<'r, 'q, T> {
        receiver: &'r mut Receiver<T>,
        #[pin]
        wait: Wait<'q, Tail, ()>,
    }
}

impl<T: Clone> Recv<'_, '_, T> {
    /// Joins the queue unless there is news since the last look.
    fn join(self: Pin<&mut Self>, waker: &Waker) -> Poll<()> {
        let mut this = self.project();
        match this.wait.phase() {
            Phase::Queued => match this.wait.as_ref().update_waker(waker) {
                Phase::Queued => return Poll::Pending,
                _ => return Poll::Ready(()),
            },
            Phase::Done(_) => this.wait.as_mut().reset(),
            Phase::Idle => {}
        }
        // Cloned, and dropped where it is not used, without the lock, since it is user code.
        let mut waker = Some(waker.clone());
        let mut guard = this.wait.as_ref().lock();
        let is_news = guard.state.position != this.receiver.next || guard.state.is_closed;
        if !is_news {
            guard.push_back(waker.take().expect("cloned above"), ());
        }
        drop(guard);
        drop(waker);
        if is_news { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl<T: Clone> Future for Recv<'_, '_, T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let coop = ready!(coop::poll_proceed(context));
        loop {
            let result = match self.as_mut().project().receiver.try_recv() {
                Ok(value) => Ok(value),
                Err(TryRecvError::Lagged(missed)) => Err(RecvError::Lagged(missed)),
                Err(TryRecvError::Closed) => Err(RecvError::Closed),
                Err(TryRecvError::Empty) => {
                    ready!(self.as_mut().join(context.waker()));
                    continue;
                }
            };
            coop.made_progress();
            return Poll::Ready(result);
        }
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for WeakSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakSender").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("next", &self.next).finish_non_exhaustive()
    }
}

#[path = "broadcast_error.rs"]
pub mod error;

#[cfg(all(test, loom))]
#[path = "broadcast_model.rs"]
mod model;
#[cfg(all(test, not(loom)))]
#[path = "broadcast_tests.rs"]
mod tests;
