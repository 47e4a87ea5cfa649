//! Permits of a [`RwLock`] that are held, and what they let their holder see: all the lock's unsafe code.
//!
//! Not the public guards, which wrap [`Reading`] and [`Writing`] and add their names. The invariants:
//!
//! 1. A `Reading` has one permit at least, a `Writing` all of them. So while there is a `Writing` there is nothing
//!    else, and beside a `Reading` there are only others.
//! 2. The pointer of either is into the lock's value, which stays where it is while the permits are held: by the
//!    lifetime of the lock's borrow, or by the `Arc`.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::super::permits::Permits;
use super::RwLock;
use crate::primitive::cell::UnsafeCell;

/// The value, touched by whoever has permits.
pub(super) struct Guarded<T: ?Sized>(UnsafeCell<T>);

// SAFETY: `&Guarded` gives out `&T` to several threads at once, and `&mut T` to one after the other (1).
unsafe impl<T: ?Sized + Send + Sync> Sync for Guarded<T> {}

impl<T> Guarded<T> {
    #[cfg(not(loom))]
    pub(super) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    #[cfg(loom)]
    pub(super) fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    pub(super) fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

impl<T: ?Sized> Guarded<T> {
    /// The value without a permit: `&mut self` shows that there is no guard.
    pub(super) fn get_mut(&mut self) -> &mut T {
        // SAFETY: borrowed mutably.
        self.0.with_mut(|value| unsafe { &mut *value })
    }
}

/// Permits that go back when dropped.
pub(super) trait Hold {
    /// Gives all but one back.
    fn keep_one(&mut self);
}

/// Permits of a borrowed lock.
pub(super) struct Borrowed<'a> {
    permits: &'a Permits,
    count: u32,
}

/// Permits of a lock behind an `Arc`.
pub(super) struct Owned<T: ?Sized> {
    lock: Arc<RwLock<T>>,
    count: u32,
}

impl<T: ?Sized> Owned<T> {
    pub(super) fn lock(&self) -> &Arc<RwLock<T>> {
        &self.lock
    }
}

impl Hold for Borrowed<'_> {
    fn keep_one(&mut self) {
        let rest = std::mem::replace(&mut self.count, 1) - 1;
        self.permits.release(rest as usize);
    }
}

impl<T: ?Sized> Hold for Owned<T> {
    fn keep_one(&mut self) {
        let rest = std::mem::replace(&mut self.count, 1) - 1;
        self.lock.permits.release(rest as usize);
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.permits.release(self.count as usize);
    }
}

impl<T: ?Sized> Drop for Owned<T> {
    fn drop(&mut self) {
        self.lock.permits.release(self.count as usize);
    }
}

/// The right to look at `T`, all of a lock's value or a part.
pub(super) struct Reading<T: ?Sized, H> {
    value: *const T,
    hold: H,
}

/// The right to change `T`, all of a lock's value or a part.
pub(super) struct Writing<T: ?Sized, H> {
    value: *mut T,
    hold: H,
}

// SAFETY: it is a `&T` (1, 2) and a hold.
unsafe impl<T: ?Sized + Sync, H: Send> Send for Reading<T, H> {}
// SAFETY: `&Reading` gives out `&T`. (That T must be Send is more than is needed; tokio asks for it too.)
unsafe impl<T: ?Sized + Send + Sync, H: Sync> Sync for Reading<T, H> {}
// SAFETY: it is a `&mut T` (1, 2), which may become a `&T` elsewhere, and a hold.
unsafe impl<T: ?Sized + Send + Sync, H: Send> Send for Writing<T, H> {}
// SAFETY: `&Writing` gives out `&T`.
unsafe impl<T: ?Sized + Send + Sync, H: Sync> Sync for Writing<T, H> {}

impl<'a, T: ?Sized> Reading<T, Borrowed<'a>> {
    /// One permit of `lock` was acquired for this.
    pub(super) fn of(lock: &'a RwLock<T>) -> Self {
        let hold = Borrowed { permits: &lock.permits, count: 1 };
        Self { value: lock.value.0.with(|value| value), hold }
    }
}

impl<T: ?Sized> Reading<T, Owned<T>> {
    /// One permit of `lock` was acquired for this.
    pub(super) fn of_owned(lock: Arc<RwLock<T>>) -> Self {
        Self { value: lock.value.0.with(|value| value), hold: Owned { lock, count: 1 } }
    }
}

impl<'a, T: ?Sized> Writing<T, Borrowed<'a>> {
    /// All permits of `lock` were acquired for this.
    pub(super) fn of(lock: &'a RwLock<T>) -> Self {
        let hold = Borrowed { permits: &lock.permits, count: lock.max_readers };
        Self { value: lock.value.0.with_mut(|value| value), hold }
    }
}

impl<T: ?Sized> Writing<T, Owned<T>> {
    /// All permits of `lock` were acquired for this.
    pub(super) fn of_owned(lock: Arc<RwLock<T>>) -> Self {
        let count = lock.max_readers;
        Self { value: lock.value.0.with_mut(|value| value), hold: Owned { lock, count } }
    }
}

impl<T: ?Sized, H> Reading<T, H> {
    pub(super) fn hold(&self) -> &H {
        &self.hold
    }

    pub(super) fn map<U: ?Sized>(self, select: impl FnOnce(&T) -> &U) -> Reading<U, H> {
        let value: *const U = select(&self);
        Reading { value, hold: self.hold }
    }

    pub(super) fn try_map<U: ?Sized>(
        self,
        select: impl FnOnce(&T) -> Option<&U>,
    ) -> Result<Reading<U, H>, Self> {
        let Some(value) = select(&self).map(std::ptr::from_ref) else { return Err(self) };
        Ok(Reading { value, hold: self.hold })
    }
}

impl<T: ?Sized, H> Writing<T, H> {
    pub(super) fn hold(&self) -> &H {
        &self.hold
    }

    pub(super) fn map<U: ?Sized>(mut self, select: impl FnOnce(&mut T) -> &mut U) -> Writing<U, H> {
        let value: *mut U = select(&mut self);
        Writing { value, hold: self.hold }
    }

    pub(super) fn try_map<U: ?Sized>(
        mut self,
        select: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<Writing<U, H>, Self> {
        let Some(value) = select(&mut self).map(std::ptr::from_mut) else { return Err(self) };
        Ok(Writing { value, hold: self.hold })
    }
}

impl<T: ?Sized, H: Hold> Writing<T, H> {
    /// Keeps one permit and lets other readers in; nobody writes in between.
    pub(super) fn downgrade(self) -> Reading<T, H> {
        let mut reading = Reading { value: self.value.cast_const(), hold: self.hold };
        reading.hold.keep_one();
        reading
    }

    /// As `downgrade`, to the part that `select` shows before others come in.
    pub(super) fn downgrade_map<U: ?Sized>(self, select: impl FnOnce(&T) -> &U) -> Reading<U, H> {
        let value: *const U = select(&self);
        let mut reading = Reading { value, hold: self.hold };
        reading.hold.keep_one();
        reading
    }

    /// As `downgrade_map`, if `select` finds a part.
    pub(super) fn try_downgrade_map<U: ?Sized>(
        self,
        select: impl FnOnce(&T) -> Option<&U>,
    ) -> Result<Reading<U, H>, Self> {
        let Some(value) = select(&self).map(std::ptr::from_ref) else { return Err(self) };
        let mut reading = Reading { value, hold: self.hold };
        reading.hold.keep_one();
        Ok(reading)
    }
}

impl<T: ?Sized, H> Deref for Reading<T, H> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: it is there (2), and nobody changes it (1).
        unsafe { &*self.value }
    }
}

impl<T: ?Sized, H> Deref for Writing<T, H> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: it is there (2), and nobody else touches it (1).
        unsafe { &*self.value }
    }
}

impl<T: ?Sized, H> DerefMut for Writing<T, H> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: it is there (2), and nobody else touches it (1); we are borrowed mutably.
        unsafe { &mut *self.value }
    }
}
