//! A thread-local that lends out a reference for the length of a call: [`Scoped`].
//!
//! Not an owner. The pointer inside is set only around a call that borrows what it points to.

use std::cell::Cell;

/// A slot for a borrowed `T`.
pub(crate) struct Scoped<T> {
    /// Null outside `set`. Of this thread alone.
    pointer: Cell<*const T>,
}

impl<T> Scoped<T> {
    pub(crate) const fn new() -> Self {
        Self { pointer: Cell::new(std::ptr::null()) }
    }

    /// Lends `value` to every [`Scoped::with`] inside `f`.
    pub(crate) fn set<R>(&self, value: &T, f: impl FnOnce() -> R) -> R {
        struct Restore<'a, T>(&'a Cell<*const T>, *const T);
        impl<T> Drop for Restore<'_, T> {
            fn drop(&mut self) {
                self.0.set(self.1);
            }
        }
        let _restore = Restore(&self.pointer, self.pointer.replace(value));
        f()
    }

    /// Takes the value away for the length of `f`, as if nothing were set.
    pub(crate) fn unset<R>(&self, f: impl FnOnce() -> R) -> R {
        struct Restore<'a, T>(&'a Cell<*const T>, *const T);
        impl<T> Drop for Restore<'_, T> {
            fn drop(&mut self) {
                self.0.set(self.1);
            }
        }
        let _restore = Restore(&self.pointer, self.pointer.replace(std::ptr::null()));
        f()
    }

    /// Calls `f` with the value lent by the innermost `set`.
    #[inline]
    pub(crate) fn with<R>(&self, f: impl FnOnce(Option<&T>) -> R) -> R {
        let pointer = self.pointer.get();
        // SAFETY: non-null only inside `set`, which holds the borrow until it has put the former pointer back.
        f(unsafe { pointer.as_ref() })
    }
}
