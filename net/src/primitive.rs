//! The std-or-loom shim of this crate: the atomics, locks and queues of the parts that the models check.
//!
//! Not for the parts that touch mio or the OS: loom cannot see those, so they use std directly. Both doors
//! export the same names.

#[cfg(not(loom))]
pub(crate) use ordinary::*;

#[cfg(loom)]
pub(crate) use modelled::*;

/// std, with locks that ignore poison (no user code runs under them).
#[cfg(not(loom))]
mod ordinary {
    pub(crate) use crossbeam_queue::SegQueue;
    pub(crate) use std::sync::MutexGuard;

    /// Atomics.
    pub(crate) mod atomic {
        pub(crate) use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    }

    /// A mutex without poisoning.
    #[derive(Debug, Default)]
    pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) const fn new(value: T) -> Self {
            Self(std::sync::Mutex::new(value))
        }

        #[inline]
        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().unwrap_or_else(|poison| poison.into_inner())
        }
    }
}

/// loom's types, and a locked stand-in for crossbeam's queue, whose atomics loom cannot see.
#[cfg(loom)]
mod modelled {
    pub(crate) use loom::sync::MutexGuard;

    /// Atomics.
    pub(crate) mod atomic {
        pub(crate) use loom::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    }

    /// A mutex without poisoning.
    #[derive(Debug)]
    pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().unwrap_or_else(|poison| poison.into_inner())
        }
    }

    /// An unbounded queue.
    #[derive(Debug)]
    pub(crate) struct SegQueue<T>(Mutex<std::collections::VecDeque<T>>);

    impl<T> SegQueue<T> {
        pub(crate) fn new() -> Self {
            Self(Mutex::new(std::collections::VecDeque::new()))
        }

        pub(crate) fn push(&self, value: T) {
            self.0.lock().push_back(value);
        }

        pub(crate) fn pop(&self) -> Option<T> {
            self.0.lock().pop_front()
        }
    }
}
