//! The two ends of a oneshot channel's one allocation: all of its unsafe code.
//!
//! Not the decisions, which are the transitions of `state` whose invariants (1 to 3) are cited here, nor the
//! public types. The invariant of this file: an end that is not gone keeps the allocation, and a cell is touched
//! only by the end to which the word gives it.

use std::mem::MaybeUninit;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;
use std::task::Waker;

use super::state::{
    Abandon, CLOSED, DONE, Finish, RECEIVER, SENDER, SENDER_GONE, Side, VALUE, WakerCell, Word,
};
use crate::primitive::cell::UnsafeCell;

/// The allocation both ends point to.
struct Shared<T> {
    word: Word,
    /// Written by the sender before VALUE, read by the receiver after.
    value: UnsafeCell<MaybeUninit<T>>,
    /// Invariant 2.
    receiver_waker: UnsafeCell<Option<Waker>>,
    /// Invariant 2.
    sender_waker: UnsafeCell<Option<Waker>>,
}

/// Both ends of a new allocation.
pub(super) fn halves<T>() -> (SendingHalf<T>, ReceivingHalf<T>) {
    let shared = Box::new(Shared {
        word: Word::new(),
        value: UnsafeCell::new(MaybeUninit::uninit()),
        receiver_waker: UnsafeCell::new(None),
        sender_waker: UnsafeCell::new(None),
    });
    let shared = NonNull::from(Box::leak(shared));
    (SendingHalf { shared: Some(shared) }, ReceivingHalf { shared: Some(shared) })
}

/// The sender's end.
pub(super) struct SendingHalf<T> {
    /// `None` once sent.
    shared: Option<NonNull<Shared<T>>>,
}

/// The receiver's end.
pub(super) struct ReceivingHalf<T> {
    /// `None` once the value, or the error, was handed out.
    shared: Option<NonNull<Shared<T>>>,
}

// SAFETY: a half is used by one thread at a time; the cells change hands by the word (invariants 1 and 2).
// The value moves from one thread to another, so it must be Send; it is never shared.
unsafe impl<T: Send> Send for SendingHalf<T> {}
// SAFETY: what `&SendingHalf` offers reads only the word.
unsafe impl<T: Send> Sync for SendingHalf<T> {}
// SAFETY: as for SendingHalf.
unsafe impl<T: Send> Send for ReceivingHalf<T> {}
// SAFETY: as for SendingHalf.
unsafe impl<T: Send> Sync for ReceivingHalf<T> {}

impl<T> UnwindSafe for SendingHalf<T> {}
impl<T> UnwindSafe for ReceivingHalf<T> {}
impl<T> RefUnwindSafe for SendingHalf<T> {}
impl<T> RefUnwindSafe for ReceivingHalf<T> {}

/// A side goes when this is dropped, and frees the allocation if the other is gone too; in a guard, since it
/// must happen also when a waker panics.
struct Leave<T> {
    shared: NonNull<Shared<T>>,
    side: Side,
}

impl<T> Drop for Leave<T> {
    fn drop(&mut self) {
        // SAFETY: this side is not gone yet, so the allocation is there.
        if unsafe { self.shared.as_ref() }.word.leave(self.side) {
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
    // SAFETY: the pointer is from `Box::leak` in `halves`, and the caller is the only one left with it.
    drop(unsafe { Box::from_raw(shared.as_ptr()) });
}

/// Stores `waker` in the side's `cell`; answers with the word if the other side is over.
///
/// # Safety
///
/// The caller is this side, and `cell` its cell.
unsafe fn store_waker(
    word: &Word,
    cell: &UnsafeCell<Option<Waker>>,
    side: Side,
    waker: &Waker,
) -> Result<(), u8> {
    match word.waker_cell(side) {
        WakerCell::Over(state) => return Err(state),
        WakerCell::Free => {}
        WakerCell::Stored => {
            // SAFETY: while the bit is set both sides only read the cell (invariant 2).
            if cell.with(|stored| unsafe { (*stored).as_ref().is_some_and(|stored| stored.will_wake(waker)) })
            {
                return Ok(());
            }
            if let WakerCell::Over(state) = word.take_waker_back(side) {
                return Err(state);
            }
        }
    }
    let new = waker.clone();
    // SAFETY: the bit is clear, so the cell is ours (invariant 2).
    let former = cell.with_mut(|stored| unsafe { (*stored).replace(new) });
    let offered = word.offer_waker(side);
    drop(former);
    match offered {
        WakerCell::Over(state) => Err(state),
        _ => Ok(()),
    }
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

impl<T> SendingHalf<T> {
    #[inline]
    pub(super) fn send(mut self, value: T) -> Result<(), T> {
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

    /// Whether the receiver takes nothing more.
    pub(super) fn is_closed(&self) -> bool {
        // SAFETY: this side is not gone, so the allocation is there.
        self.shared.is_none_or(|shared| unsafe { shared.as_ref() }.word.load() & CLOSED != 0)
    }

    /// Stores the waker for the close; true if the receiver has closed.
    pub(super) fn register(&mut self, waker: &Waker) -> bool {
        let Some(shared) = self.shared else { return true };
        // SAFETY: this side is not gone, so the allocation is there.
        let shared = unsafe { shared.as_ref() };
        // SAFETY: the sender's cell belongs to the sender.
        unsafe { store_waker(&shared.word, &shared.sender_waker, SENDER, waker) }.is_err()
    }
}

/// The sender's last step: sets DONE, with `value` VALUE or nothing, wakes the receiver and goes.
///
/// If the receiver closed before, nothing is set, and the answer is the guard under which the sender goes.
#[inline]
fn finish<T>(shared: NonNull<Shared<T>>, value: u8) -> Result<(), Leave<T>> {
    let leave = Leave { shared, side: SENDER };
    // SAFETY: the guard is not dropped yet.
    match unsafe { &shared.as_ref().word }.finish(value) {
        Finish::Closed => return Err(leave),
        // Not even a reference to the word remains.
        Finish::Gone => std::mem::forget(leave),
        Finish::Wake => {
            // SAFETY: we set DONE, saw RECEIVER_WAKER, and go only when `leave` is dropped, also if the waker
            // panics.
            unsafe { wake(&shared.as_ref().receiver_waker) };
            drop(leave);
        }
    }
    Ok(())
}

impl<T> Drop for SendingHalf<T> {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.take() {
            drop(finish(shared, 0));
        }
    }
}

impl<T> ReceivingHalf<T> {
    pub(super) fn close(&mut self) {
        let Some(shared) = self.shared else { return };
        // SAFETY: this side is not gone, so the allocation is there.
        let shared = unsafe { shared.as_ref() };
        if shared.word.close() {
            // SAFETY: we set CLOSED, saw SENDER_WAKER, and are not gone.
            unsafe { wake(&shared.sender_waker) };
        }
    }

    /// The word, unless what it says was handed out.
    #[inline]
    pub(super) fn word(&self) -> Option<u8> {
        // SAFETY: this side is not gone, so the allocation is there.
        self.shared.map(|shared| unsafe { shared.as_ref() }.word.load())
    }

    /// Stores the waker for the sender's last step; answers with the word if that was done.
    ///
    /// Nothing is stored once all was handed out.
    #[inline]
    pub(super) fn register(&mut self, waker: &Waker) -> Result<(), u8> {
        let Some(shared) = self.shared else { return Ok(()) };
        // SAFETY: this side is not gone, so the allocation is there.
        let shared = unsafe { shared.as_ref() };
        // SAFETY: the receiver's cell belongs to the receiver.
        unsafe { store_waker(&shared.word, &shared.receiver_waker, RECEIVER, waker) }
    }

    /// The receiver's last step, once DONE or CLOSED is set: takes the value if there is one, and goes.
    #[inline]
    pub(super) fn take(&mut self) -> Option<T> {
        let shared = self.shared.take()?;
        // SAFETY: this side is not gone yet, so the allocation is there.
        let word = unsafe { shared.as_ref() }.word.load();
        debug_assert!(word & (DONE | CLOSED) != 0, "a value may still come");
        // SAFETY: VALUE was read with Acquire, so the value is there and ours, and we take it once: `shared` is
        // gone from `self` now.
        let value = (word & VALUE != 0)
            .then(|| unsafe { shared.as_ref() }.value.with(|cell| unsafe { (*cell).assume_init_read() }));
        if word & SENDER_GONE != 0 {
            // SAFETY: the sender is gone, read with Acquire, and the value is out.
            unsafe { free(shared) };
        } else {
            drop(Leave { shared, side: RECEIVER });
        }
        value
    }
}

impl<T> Drop for ReceivingHalf<T> {
    fn drop(&mut self) {
        let Some(shared) = self.shared else { return };
        // SAFETY: this side is not gone, so the allocation is there.
        match unsafe { shared.as_ref() }.word.abandon() {
            Abandon::Done => drop(self.take()),
            Abandon::Gone { is_last: false } => {}
            // SAFETY: both are gone, and no value was sent (DONE is not set).
            Abandon::Gone { is_last: true } => unsafe { free(shared) },
            Abandon::Leave { wakes } => {
                let leave = Leave { shared, side: RECEIVER };
                if wakes {
                    // SAFETY: we set CLOSED, saw SENDER_WAKER, and go only when `leave` is dropped.
                    unsafe { wake(&shared.as_ref().sender_waker) };
                }
                drop(leave);
            }
        }
    }
}
