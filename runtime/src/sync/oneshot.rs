//! A channel for one value: one allocation, no lock, and the fewest steps that two sides which may each go
//! away at any time allow.
//!
//! Not a queue, and neither half can be cloned. All shared state is one word and three cells in one
//! allocation without a reference count: the word's GONE bits say who frees it.
//!
//! # The word
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
//!
//! A value that is sent before the receiver looks costs one compare-exchange in all: the sender goes in the
//! same step that sends, so that the receiver finds itself alone and frees without another.

use std::fmt;
use std::future::Future;
use std::mem::MaybeUninit;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker, ready};

use crate::coop;
use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::{AtomicU8, Ordering};

pub use error::{RecvError, TryRecvError};

const DONE: u8 = 1;
const VALUE: u8 = 1 << 1;
const SENDER_GONE: u8 = 1 << 2;
const CLOSED: u8 = 1 << 3;
const RECEIVER_GONE: u8 = 1 << 4;
const RECEIVER_WAKER: u8 = 1 << 5;
const SENDER_WAKER: u8 = 1 << 6;

/// The allocation both halves point to.
struct Shared<T> {
    /// The word of the table above.
    word: AtomicU8,
    /// Written by the sender before VALUE, read by the receiver after.
    value: UnsafeCell<MaybeUninit<T>>,
    /// Invariant 2.
    receiver_waker: UnsafeCell<Option<Waker>>,
    /// Invariant 2.
    sender_waker: UnsafeCell<Option<Waker>>,
}

/// Makes a channel for one value.
///
/// ```
/// use mini_runtime::sync::oneshot;
///
/// # futures::executor::block_on(async {
/// let (sender, receiver) = oneshot::channel();
/// std::thread::spawn(move || sender.send("done"));
/// assert_eq!(receiver.await, Ok("done"));
/// # });
/// ```
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Box::new(Shared {
        word: AtomicU8::new(0),
        value: UnsafeCell::new(MaybeUninit::uninit()),
        receiver_waker: UnsafeCell::new(None),
        sender_waker: UnsafeCell::new(None),
    });
    let shared = NonNull::from(Box::leak(shared));
    (Sender { shared: Some(shared) }, Receiver { shared: Some(shared) })
}

/// The half that sends the value.
///
/// Dropped without a send, the receiver gets [`RecvError`].
pub struct Sender<T> {
    /// `None` once sent.
    shared: Option<NonNull<Shared<T>>>,
}

/// The half that waits for the value: a future.
///
/// # Panics
///
/// If it is polled again after it completed.
///
/// # Cancel safety
///
/// `&mut Receiver` is a future too; dropping it in a `select!` loses nothing.
pub struct Receiver<T> {
    /// `None` once the value, or the error, was handed out.
    shared: Option<NonNull<Shared<T>>>,
}

// SAFETY: a half is used by one thread at a time; the cells change hands by the word (invariants 1 and 2).
// The value moves from one thread to another, so it must be Send; it is never shared.
unsafe impl<T: Send> Send for Sender<T> {}
// SAFETY: what `&Sender` offers reads only the word.
unsafe impl<T: Send> Sync for Sender<T> {}
// SAFETY: as for Sender.
unsafe impl<T: Send> Send for Receiver<T> {}
// SAFETY: as for Sender.
unsafe impl<T: Send> Sync for Receiver<T> {}

impl<T> Unpin for Sender<T> {}
impl<T> Unpin for Receiver<T> {}
impl<T> UnwindSafe for Sender<T> {}
impl<T> UnwindSafe for Receiver<T> {}
impl<T> RefUnwindSafe for Sender<T> {}
impl<T> RefUnwindSafe for Receiver<T> {}

/// Sets a side's GONE bit when dropped, and frees the allocation if the other is gone too; in a guard, since
/// it must happen also when a waker panics.
struct Leave<T> {
    shared: NonNull<Shared<T>>,
    own: u8,
    other: u8,
}

impl<T> Drop for Leave<T> {
    fn drop(&mut self) {
        // SAFETY: this side is not gone yet, so the allocation is there.
        // Ordering: Release, so that who frees sees all we did; Acquire, for the case that it is us.
        let word = unsafe { self.shared.as_ref() }.word.fetch_or(self.own, Ordering::AcqRel);
        if word & self.other != 0 {
            // SAFETY: both are gone, and of two read-modify-writes only the second sees the first (invariant
            // 3).
            unsafe { free(self.shared) };
        }
    }
}

/// Frees the allocation and drops the wakers in it.
///
/// # Safety
///
/// Both sides must be gone, with the caller the one that knows, and no value in it.
unsafe fn free<T>(shared: NonNull<Shared<T>>) {
    // SAFETY: the pointer is from `Box::leak` in `channel`, and the caller is the only one left with it.
    drop(unsafe { Box::from_raw(shared.as_ptr()) });
}

/// Stores `waker` in `cell` and sets `bit`, of the side that calls; answers with the word if the `over` bit
/// came first.
///
/// # Safety
///
/// The caller owns the cell while `bit` is clear (invariant 2).
unsafe fn store_waker(
    word: &AtomicU8,
    cell: &UnsafeCell<Option<Waker>>,
    (bit, over): (u8, u8),
    waker: &Waker,
) -> Result<(), u8> {
    // Ordering: Acquire pairs with the Release that set `over`.
    let mut state = word.load(Ordering::Acquire);
    if state & over != 0 {
        return Err(state);
    }
    if state & bit != 0 {
        // SAFETY: while `bit` is set both sides only read the cell (invariant 2).
        if cell.with(|stored| unsafe { (*stored).as_ref().is_some_and(|stored| stored.will_wake(waker)) }) {
            return Ok(());
        }
        // Ordering: Acquire as above; nothing of ours to release.
        state = word.fetch_and(!bit, Ordering::AcqRel);
        if state & over != 0 {
            // The other side decided by the bit as it was and may be reading the cell: it stays as it is.
            return Err(state);
        }
    }
    let new = waker.clone();
    // SAFETY: `bit` is clear, so the cell is ours.
    let former = cell.with_mut(|stored| unsafe { (*stored).replace(new) });
    // Ordering: Release hands the waker to the side that sets `over`; Acquire as above.
    state = word.fetch_or(bit, Ordering::AcqRel);
    drop(former);
    if state & over != 0 { Err(state) } else { Ok(()) }
}

/// Wakes the waker in `cell`, if there is one.
///
/// # Safety
///
/// The caller set DONE or CLOSED, saw the other's WAKER bit with it, and is not gone (invariant 2).
unsafe fn wake(cell: &UnsafeCell<Option<Waker>>) {
    // SAFETY: nobody writes the cell from now on, by the caller's contract.
    cell.with(|stored| unsafe { (*stored).as_ref() }.map(Waker::wake_by_ref));
}

impl<T> Sender<T> {
    /// Sends the value, or gives it back if the receiver closed or is gone.
    ///
    /// That it was sent does not say that it will be received: the receiver may go at any time.
    ///
    /// # Errors
    ///
    /// The value, if it cannot be received any more.
    ///
    /// ```
    /// use mini_runtime::sync::oneshot;
    ///
    /// let (sender, receiver) = oneshot::channel();
    /// drop(receiver);
    /// assert_eq!(sender.send(3), Err(3));
    /// ```
    pub fn send(mut self, value: T) -> Result<(), T> {
        let shared = self.shared.take().expect("a sender sends once");
        // SAFETY: this side is not gone, so the allocation is there; and no VALUE yet, so the cell is ours.
        unsafe { shared.as_ref() }.value.with_mut(|cell| unsafe { (*cell).write(value) });
        match finish(shared, VALUE) {
            Ok(()) => Ok(()),
            Err(leave) => {
                // SAFETY: VALUE was not set, so the value we wrote is still ours; and we leave only after.
                let value =
                    unsafe { shared.as_ref() }.value.with(|cell| unsafe { (*cell).assume_init_read() });
                drop(leave);
                Err(value)
            }
        }
    }

    /// Whether the receiver closed or is gone.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::oneshot::channel::<()>();
    /// assert!(!sender.is_closed());
    /// receiver.close();
    /// assert!(sender.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        // SAFETY: this side is not gone, so the allocation is there.
        // Ordering: Acquire pairs with the Release that set CLOSED.
        self.shared.is_none_or(|shared| unsafe { shared.as_ref() }.word.load(Ordering::Acquire) & CLOSED != 0)
    }

    /// Waits until the receiver closes or goes, so that work whose result nobody wants may stop.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    ///
    /// ```
    /// # futures::executor::block_on(async {
    /// let (mut sender, receiver) = mini_runtime::sync::oneshot::channel::<()>();
    /// drop(receiver);
    /// sender.closed().await;
    /// # });
    /// ```
    pub async fn closed(&mut self) {
        std::future::poll_fn(|context| self.poll_closed(context)).await;
    }

    /// [`closed`](Self::closed) as a poll function; the newest context's task is woken.
    ///
    /// ```
    /// # use std::task::{Context, Poll, Waker};
    /// let (mut sender, receiver) = mini_runtime::sync::oneshot::channel::<()>();
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert!(sender.poll_closed(&mut context).is_pending());
    /// drop(receiver);
    /// assert!(sender.poll_closed(&mut context).is_ready());
    /// ```
    pub fn poll_closed(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(coop::poll_proceed(context));
        let Some(shared) = self.shared else { return Poll::Ready(()) };
        // SAFETY: this side is not gone, so the allocation is there.
        let shared = unsafe { shared.as_ref() };
        let bits = (SENDER_WAKER, CLOSED);
        // SAFETY: the sender's cell belongs to the sender.
        match unsafe { store_waker(&shared.word, &shared.sender_waker, bits, context.waker()) } {
            Ok(()) => Poll::Pending,
            Err(_) => {
                coop.made_progress();
                Poll::Ready(())
            }
        }
    }
}

/// The sender's last step: sets DONE, with `value` VALUE or nothing, wakes the receiver and goes.
///
/// If the receiver closed before, nothing is set, and the answer is the guard under which the sender goes.
fn finish<T>(shared: NonNull<Shared<T>>, value: u8) -> Result<(), Leave<T>> {
    let leave = Leave { shared, own: SENDER_GONE, other: RECEIVER_GONE };
    // SAFETY: the guard is not dropped yet.
    let word = unsafe { &shared.as_ref().word };
    let mut state = word.load(Ordering::Relaxed);
    loop {
        if state & CLOSED != 0 {
            // Ordering: the guard's read-modify-write acquires what the receiver did.
            return Err(leave);
        }
        // Without a waker to read there is nothing left to do here, and we go in the same step.
        let gone = if state & RECEIVER_WAKER == 0 { SENDER_GONE } else { 0 };
        // Ordering: Release hands the value over; Acquire pairs with the Release of the receiver's waker.
        match word.compare_exchange_weak(
            state,
            state | DONE | value | gone,
            Ordering::AcqRel,
            Ordering::Relaxed,
        ) {
            Ok(_) if gone != 0 => {
                // Not even a reference to the word remains, and the receiver was there: it frees.
                std::mem::forget(leave);
                return Ok(());
            }
            Ok(_) => break,
            Err(actual) => state = actual,
        }
    }
    // SAFETY: we set DONE, saw RECEIVER_WAKER, and go only when `leave` is dropped, also if the waker panics.
    unsafe { wake(&shared.as_ref().receiver_waker) };
    drop(leave);
    Ok(())
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.take() {
            drop(finish(shared, 0));
        }
    }
}

impl<T> Receiver<T> {
    /// Takes no value that was not sent yet: later sends fail. What was sent can still be received.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::oneshot::channel();
    /// receiver.close();
    /// assert_eq!(sender.send(1), Err(1));
    /// assert!(receiver.try_recv().is_err());
    /// ```
    pub fn close(&mut self) {
        if let Some(shared) = self.shared {
            // SAFETY: this side is not gone, so the allocation is there.
            let shared = unsafe { shared.as_ref() };
            // Ordering: Acquire pairs with the Release of the sender's waker, Release with `is_closed`.
            let word = shared.word.fetch_or(CLOSED, Ordering::AcqRel);
            if word & (DONE | CLOSED) == 0 && word & SENDER_WAKER != 0 {
                // SAFETY: we set CLOSED, saw SENDER_WAKER, and are not gone.
                unsafe { wake(&shared.sender_waker) };
            }
        }
    }

    /// Takes the value if it is there.
    ///
    /// # Errors
    ///
    /// [`TryRecvError::Empty`] if it may still come, [`TryRecvError::Closed`] if not.
    ///
    /// ```
    /// use mini_runtime::sync::oneshot::{self, TryRecvError};
    ///
    /// let (sender, mut receiver) = oneshot::channel();
    /// assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
    /// sender.send(5).unwrap();
    /// assert_eq!(receiver.try_recv(), Ok(5));
    /// assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    /// ```
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let Some(shared) = self.shared else { return Err(TryRecvError::Closed) };
        // SAFETY: this side is not gone, so the allocation is there.
        // Ordering: Acquire pairs with the Release in `finish`.
        let word = unsafe { shared.as_ref() }.word.load(Ordering::Acquire);
        if word & DONE != 0 {
            return self.take(word).map_err(|_| TryRecvError::Closed);
        }
        // A close of our own and no value: it cannot come any more.
        Err(if word & CLOSED == 0 { TryRecvError::Empty } else { TryRecvError::Closed })
    }

    /// Whether the value, or the error, was handed out already, so that a poll would panic.
    ///
    /// ```
    /// let (sender, mut receiver) = mini_runtime::sync::oneshot::channel();
    /// sender.send(()).unwrap();
    /// assert!(!receiver.is_terminated());
    /// receiver.try_recv().unwrap();
    /// assert!(receiver.is_terminated());
    /// ```
    pub fn is_terminated(&self) -> bool {
        self.shared.is_none()
    }

    /// Whether no value is there to take.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::oneshot::channel();
    /// assert!(receiver.is_empty());
    /// sender.send(()).unwrap();
    /// assert!(!receiver.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        // SAFETY: this side is not gone, so the allocation is there.
        // Ordering: Acquire, so that what is seen to be there can be taken.
        self.shared.is_none_or(|shared| unsafe { shared.as_ref() }.word.load(Ordering::Acquire) & VALUE == 0)
    }

    /// Blocks this thread until the value comes.
    ///
    /// # Errors
    ///
    /// [`RecvError`] if the sender went without sending.
    ///
    /// # Panics
    ///
    /// Inside async code of the runtime; await the receiver there.
    ///
    /// ```
    /// let (sender, receiver) = mini_runtime::sync::oneshot::channel();
    /// std::thread::spawn(move || sender.send(7));
    /// assert_eq!(receiver.blocking_recv(), Ok(7));
    /// ```
    #[track_caller]
    pub fn blocking_recv(self) -> Result<T, RecvError> {
        super::blocking::block_on("oneshot::Receiver::blocking_recv", self)
    }

    /// The receiver's last step when DONE is set in `word`: takes what was sent, and goes.
    #[inline]
    fn take(&mut self, word: u8) -> Result<T, RecvError> {
        let shared = self.shared.take().expect("checked by the caller");
        let result = if word & VALUE != 0 {
            // SAFETY: VALUE was read with Acquire, so the value is there and ours, and we take it once:
            // `shared` is gone from `self` now.
            Ok(unsafe { shared.as_ref() }.value.with(|cell| unsafe { (*cell).assume_init_read() }))
        } else {
            Err(RecvError(()))
        };
        if word & SENDER_GONE != 0 {
            // SAFETY: the sender is gone, read with Acquire, and the value is out.
            unsafe { free(shared) };
        } else {
            drop(Leave { shared, own: RECEIVER_GONE, other: SENDER_GONE });
        }
        result
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let coop = ready!(coop::poll_proceed(context));
        let shared = self.shared.expect("a oneshot receiver was polled after it completed; await it once");
        // SAFETY: this side is not gone, so the allocation is there.
        let shared = unsafe { shared.as_ref() };
        // Ordering: Acquire pairs with the Release in `finish`.
        let word = shared.word.load(Ordering::Acquire);
        if word & (DONE | CLOSED) == CLOSED {
            // We closed before anything was sent; nothing can come.
            coop.made_progress();
            return Poll::Ready(self.take(word));
        }
        let bits = (RECEIVER_WAKER, DONE);
        // SAFETY: the receiver's cell belongs to the receiver.
        match unsafe { store_waker(&shared.word, &shared.receiver_waker, bits, context.waker()) } {
            Ok(()) => Poll::Pending,
            Err(word) => {
                coop.made_progress();
                Poll::Ready(self.take(word))
            }
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let Some(shared) = self.shared else { return };
        // SAFETY: this side is not gone, so the allocation is there.
        let word = unsafe { &shared.as_ref().word };
        // Ordering: Acquire pairs with the Release in `finish`.
        let mut state = word.load(Ordering::Acquire);
        while state & DONE == 0 {
            // Without a waker to read there is nothing left to do here, and we go in the same step.
            let gone = if state & SENDER_WAKER == 0 { RECEIVER_GONE } else { 0 };
            // Ordering: Release, so that a sender that frees sees all we did; Acquire for its waker and its
            // DONE.
            match word.compare_exchange_weak(
                state,
                state | CLOSED | gone,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) if gone != 0 => return self.forget_gone(state),
                Ok(_) => {
                    let leave = Leave { shared, own: RECEIVER_GONE, other: SENDER_GONE };
                    if state & CLOSED == 0 {
                        // SAFETY: we set CLOSED, saw SENDER_WAKER, and go only when `leave` is dropped.
                        unsafe { wake(&shared.as_ref().sender_waker) };
                    }
                    drop(leave);
                    return;
                }
                Err(actual) => state = actual,
            }
        }
        drop(self.take(state));
    }
}

impl<T> Receiver<T> {
    /// We are gone by a step that saw `state`; frees if the sender was gone before, as after a close.
    fn forget_gone(&mut self, state: u8) {
        if let Some(shared) = self.shared.take() {
            if state & SENDER_GONE != 0 {
                // SAFETY: both are gone, and no value was sent (DONE is not set).
                unsafe { free(shared) };
            }
        }
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("is_closed", &self.is_closed()).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("is_terminated", &self.is_terminated()).finish_non_exhaustive()
    }
}

/// The errors of a oneshot channel.
pub mod error {
    use std::error::Error;
    use std::fmt;

    /// The sender went without sending.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RecvError(pub(super) ());

    impl fmt::Display for RecvError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the oneshot sender was dropped without sending")
        }
    }

    impl Error for RecvError {}

    /// Why `try_recv` has no value.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum TryRecvError {
        /// Not sent yet.
        Empty,
        /// It cannot come any more.
        Closed,
    }

    impl fmt::Display for TryRecvError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(match self {
                Self::Empty => "no value was sent on the oneshot channel yet",
                Self::Closed => "the oneshot channel is closed without a value",
            })
        }
    }

    impl Error for TryRecvError {}
}

#[cfg(all(test, loom))]
#[path = "oneshot_model.rs"]
mod model;
#[cfg(all(test, not(loom)))]
#[path = "oneshot_tests.rs"]
mod tests;
