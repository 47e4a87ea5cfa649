//! [`OnceValue`]: a value that is written at most once and then shared, with all the unsafe code of `OnceCell` and
//! `SetOnce`.
//!
//! Not a lock: who is to write is decided by the tool it is part of, and here only checked. The invariants:
//!
//! 1. Until it is SET, only the one who made WRITING of EMPTY touches the value.
//! 2. Once it is SET, it stays so, and the value is only read, until somebody has `&mut`.

use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::{AtomicU8, Ordering};

/// No value.
const EMPTY: u8 = 0;
/// Somebody is about to put one in.
const WRITING: u8 = 1;
/// There is a value.
const SET: u8 = 2;

/// Nothing, then a value.
pub(super) struct OnceValue<T> {
    state: AtomicU8,
    value: UnsafeCell<Option<T>>,
}

// SAFETY: `&OnceValue` takes a T from one thread (1) and gives `&T` to all (2).
unsafe impl<T: Send + Sync> Sync for OnceValue<T> {}

impl<T> OnceValue<T> {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self { state: AtomicU8::new(EMPTY), value: UnsafeCell::new(None) }
    }

    #[cfg(not(loom))]
    pub(super) const fn with(value: T) -> Self {
        Self { state: AtomicU8::new(SET), value: UnsafeCell::new(Some(value)) }
    }

    #[cfg(loom)]
    pub(super) fn new() -> Self {
        Self { state: AtomicU8::new(EMPTY), value: UnsafeCell::new(None) }
    }

    #[cfg(loom)]
    pub(super) fn with(value: T) -> Self {
        Self { state: AtomicU8::new(SET), value: UnsafeCell::new(Some(value)) }
    }

    #[inline]
    pub(super) fn is_set(&self) -> bool {
        // Ordering: Acquire pairs with the Release in `set`: who sees SET sees the value.
        self.state.load(Ordering::Acquire) == SET
    }

    #[inline]
    pub(super) fn get(&self) -> Option<&T> {
        if !self.is_set() {
            return None;
        }
        // SAFETY: it is SET, so nobody writes while we are borrowed (2).
        self.value.with(|value| unsafe { (*value).as_ref() })
    }

    /// Writes the value.
    ///
    /// # Panics
    ///
    /// If another is or was to write, which would be a bug of the tool.
    pub(super) fn set(&self, value: T) {
        // Ordering: Relaxed, it only keeps others out; the value is handed over below.
        let claimed = self.state.compare_exchange(EMPTY, WRITING, Ordering::Relaxed, Ordering::Relaxed);
        assert!(claimed.is_ok(), "a value is written once");
        // SAFETY: we made WRITING of EMPTY (1). What is overwritten is `None`, so no user code is dropped.
        self.value.with_mut(|cell| unsafe { *cell = Some(value) });
        // Ordering: Release pairs with the Acquire in `is_set`.
        self.state.store(SET, Ordering::Release);
    }

    pub(super) fn get_mut(&mut self) -> Option<&mut T> {
        // SAFETY: borrowed mutably.
        self.value.with_mut(|value| unsafe { &mut *value }).as_mut()
    }

    pub(super) fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }
}
