//! What a queue can hold: an owner of one word.

use crate::task::{Header, Runnable, Schedule};

/// Something that is one pointer, for slots that are atomics.
///
/// # Safety
///
/// `into_raw` never gives null, and each pointer it gave may be turned back once, on any thread.
pub(crate) unsafe trait Item: Send + Sized {
    /// What it points to.
    type Pointee;
    /// Gives the item up for a pointer.
    fn into_raw(self) -> *mut Self::Pointee;
    /// # Safety
    ///
    /// `raw` came from `into_raw` of this type and was not turned back yet.
    unsafe fn from_raw(raw: *mut Self::Pointee) -> Self;
}

// SAFETY: a `Runnable` is a non-null pointer, and `Send`.
unsafe impl<S: Schedule> Item for Runnable<S> {
    type Pointee = Header;
    #[inline]
    fn into_raw(self) -> *mut Header {
        self.into_raw()
    }
    #[inline]
    unsafe fn from_raw(raw: *mut Header) -> Self {
        // SAFETY: by contract.
        unsafe { Runnable::from_raw(raw) }
    }
}

#[cfg(test)]
// SAFETY: `Box::into_raw` is non-null; the content is `Send`.
unsafe impl<T: Send> Item for Box<T> {
    type Pointee = T;
    fn into_raw(self) -> *mut T {
        Box::into_raw(self)
    }
    unsafe fn from_raw(raw: *mut T) -> Self {
        // SAFETY: by contract.
        unsafe { Box::from_raw(raw) }
    }
}
