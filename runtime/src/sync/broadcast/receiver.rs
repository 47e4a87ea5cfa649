//! [`Receiver`]: the end of a broadcast channel that receives, and its future.
//!
//! Not the ring, which is in `ring`. The invariant: each position is passed once by each receiver that was there when
//! its value was sent, by receiving, by lagging or by going.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use super::super::blocking;
use super::super::wait_queue::{Phase, Wait};
use super::error::{RecvError, TryRecvError};
use super::ring::{NoValue, Shared, Tail, missed};
use crate::coop;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::Ordering;

/// Receives the values sent after it was made.
///
/// ```
/// let (sender, mut receiver) = mini_runtime::sync::broadcast::channel(4);
/// sender.send(1).unwrap();
/// assert_eq!(receiver.try_recv(), Ok(1));
/// ```
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
    /// Position of the next value it has not passed.
    next: u64,
}

impl<T> Receiver<T> {
    /// A receiver more, from the next value on.
    pub(super) fn new(shared: &Arc<Shared<T>>) -> Self {
        let mut queue = shared.queue.lock();
        queue.state.receivers += 1;
        let next = queue.state.position;
        drop(queue);
        Self { shared: Arc::clone(shared), next }
    }

    /// Values sent that this one has not passed; more than the capacity if it lags.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel(4);
    /// sender.send(1).unwrap();
    /// assert_eq!(receiver.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        (self.shared.queue.lock().state.position - self.next) as usize
    }

    /// Whether it has passed all.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel(4);
    /// assert!(receiver.is_empty());
    /// # sender.send(1).unwrap();
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all senders are gone; values may still be there.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel::<u32>(4);
    /// drop(sender);
    /// assert!(receiver.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.shared.queue.lock().state.is_closed
    }

    /// Whether both receive from the same channel.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel::<u32>(4);
    /// assert!(receiver.same_channel(&sender.subscribe()));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Senders there are, not counting weak ones.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel::<u32>(4);
    /// let _second = sender.clone();
    /// assert_eq!(receiver.sender_strong_count(), 2);
    /// ```
    pub fn sender_strong_count(&self) -> usize {
        self.shared.senders.load(Ordering::Acquire)
    }

    /// Weak senders there are.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::broadcast::channel::<u32>(4);
    /// let _weak = sender.downgrade();
    /// assert_eq!(receiver.sender_weak_count(), 1);
    /// ```
    pub fn sender_weak_count(&self) -> usize {
        self.shared.weak_senders.load(Ordering::Acquire)
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
        Recv { shared: &self.shared, next: &mut self.next, wait: Wait::new(&self.shared.queue) }.await
    }

    /// Takes the next value if it is there.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv), and [`TryRecvError::Empty`].
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::broadcast::channel(4);
    /// sender.send(1).unwrap();
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// assert!(receiver.try_recv().is_err());
    /// ```
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        loop {
            if let Some(value) = pass_next(&self.shared, &mut self.next) {
                return Ok(value);
            }
            let queue = self.shared.queue.lock();
            match queue.state.without_value(&mut self.next, self.shared.slots.len()) {
                NoValue::LookAgain => {}
                NoValue::Missed(missed) => return Err(TryRecvError::Lagged(missed)),
                NoValue::Closed => return Err(TryRecvError::Closed),
                NoValue::Empty => return Err(TryRecvError::Empty),
            }
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
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::broadcast::channel(4);
    /// std::thread::spawn(move || sender.send(1));
    /// assert_eq!(receiver.blocking_recv(), Ok(1));
    /// ```
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Result<T, RecvError> {
        blocking::block_on("broadcast::Receiver::blocking_recv", self.recv())
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
        Self::new(&self.shared)
    }
}

/// Takes the value at `next`, if its slot has it.
#[inline]
fn pass_next<T: Clone>(shared: &Shared<T>, next: &mut u64) -> Option<T> {
    let position = *next;
    // Passed first: if the clone panics, the value counts as seen.
    let passed = shared.pass(position, |value| {
        *next = position + 1;
        value.clone()
    });
    let (value, last) = passed.ok()?;
    drop(last);
    Some(value)
}

/// Tells that no receiver is left, when dropped.
struct Deserted<T>(Arc<Shared<T>>);

impl<T> Drop for Deserted<T> {
    fn drop(&mut self) {
        self.0.deserted.notify_waiters();
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
        // At the end, so that who is woken finds the channel empty; in a guard, since a value's drop may panic.
        let _notice = is_last.then(|| Deserted(Arc::clone(&self.shared)));
        self.next += missed(self.next, until, self.shared.slots.len());
        while self.next < until {
            // An error: overwritten since, and then not counted by us any more.
            let passed = self.shared.pass(self.next, |_| ());
            self.next += 1;
            drop(passed);
        }
    }
}

pin_project_lite::pin_project! {
    /// The future of [`Receiver::recv`]. Borrows the receiver's two fields, so that it needs no `Arc` of its own.
    struct Recv<'r, T> {
        shared: &'r Shared<T>,
        next: &'r mut u64,
        #[pin]
        wait: Wait<'r, Tail, ()>,
    }
}

impl<T> Recv<'_, T> {
    /// There was no value in the slot: joins the queue, or says what came instead, if anything but a new value.
    fn join(self: Pin<&mut Self>, waker: &Waker) -> Poll<Option<RecvError>> {
        let mut this = self.project();
        match this.wait.phase() {
            Phase::Queued => match this.wait.as_ref().update_waker(waker) {
                Phase::Queued => return Poll::Pending,
                _ => return Poll::Ready(None),
            },
            Phase::Done(_) => this.wait.as_mut().reset(),
            Phase::Idle => {}
        }
        // Cloned, and dropped where it is not used, without the lock, since it is user code.
        let mut waker = Some(waker.clone());
        let mut guard = this.wait.as_ref().lock();
        let result = match guard.state.without_value(this.next, this.shared.slots.len()) {
            NoValue::LookAgain => Poll::Ready(None),
            NoValue::Missed(missed) => Poll::Ready(Some(RecvError::Lagged(missed))),
            NoValue::Closed => Poll::Ready(Some(RecvError::Closed)),
            NoValue::Empty => {
                guard.push_back(waker.take().expect("cloned above"), ());
                Poll::Pending
            }
        };
        drop(guard);
        drop(waker);
        result
    }
}

impl<T: Clone> Future for Recv<'_, T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let coop = ready!(coop::poll_proceed(context));
        let result = loop {
            let this = self.as_mut().project();
            if let Some(value) = pass_next(this.shared, this.next) {
                break Ok(value);
            }
            if let Some(error) = ready!(self.as_mut().join(context.waker())) {
                break Err(error);
            }
        };
        coop.made_progress();
        Poll::Ready(result)
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("next", &self.next).finish_non_exhaustive()
    }
}
