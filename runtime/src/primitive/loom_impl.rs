//! The shim's model-checked side: loom's types under the names of `std_impl`.

/// A cell whose accesses loom checks.
pub(crate) mod cell {
    pub(crate) use loom::cell::UnsafeCell;
}

/// Locks and atomics.
pub(crate) mod sync {
    use std::time::Duration;

    #[allow(unused_imports)]
    pub(crate) use loom::sync::{Arc, MutexGuard, RwLockReadGuard, RwLockWriteGuard};

    /// Atomics.
    pub(crate) mod atomic {
        #[allow(unused_imports)]
        pub(crate) use loom::sync::atomic::{
            AtomicBool, AtomicIsize, AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize,
            Ordering, fence,
        };
    }

    /// A mutex without poisoning.
    #[derive(Debug)]
    pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

    #[allow(dead_code)]
    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }
        pub(crate) fn into_inner(self) -> T {
            self.0.into_inner().unwrap()
        }
        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().unwrap()
        }
        pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
            self.0.try_lock().ok()
        }
        pub(crate) fn get_mut(&mut self) -> &mut T {
            self.0.get_mut().unwrap()
        }
    }

    impl<T: Default> Default for Mutex<T> {
        fn default() -> Self {
            Self::new(T::default())
        }
    }

    /// A read-write lock without poisoning.
    #[derive(Debug)]
    pub(crate) struct RwLock<T>(loom::sync::RwLock<T>);

    #[allow(dead_code)]
    impl<T> RwLock<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(loom::sync::RwLock::new(value))
        }
        pub(crate) fn read(&self) -> RwLockReadGuard<'_, T> {
            self.0.read().unwrap()
        }
        pub(crate) fn write(&self) -> RwLockWriteGuard<'_, T> {
            self.0.write().unwrap()
        }
    }

    /// A condition variable. Loom has no time: a timed wait is an untimed one, but with a time of zero it has
    /// run out already, which is how a model asks for that branch.
    #[derive(Debug)]
    pub(crate) struct Condvar(loom::sync::Condvar);

    #[allow(dead_code)]
    impl Condvar {
        pub(crate) fn new() -> Self {
            Self(loom::sync::Condvar::new())
        }
        pub(crate) fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
            self.0.wait(guard).unwrap()
        }
        pub(crate) fn wait_timeout<'a, T>(
            &self,
            guard: MutexGuard<'a, T>,
            timeout: Duration,
        ) -> (MutexGuard<'a, T>, bool) {
            if timeout.is_zero() {
                return (guard, true);
            }
            (self.wait(guard), false)
        }
        pub(crate) fn notify_one(&self) {
            self.0.notify_one();
        }
        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }
    }

    impl Default for Condvar {
        fn default() -> Self {
            Self::new()
        }
    }
}

/// Stand-ins for crossbeam-queue, whose own atomics loom cannot see: a lock gives the same happens-before.
pub(crate) mod queue {
    use super::sync::Mutex;
    use std::collections::VecDeque;

    /// An unbounded queue.
    #[derive(Debug)]
    pub(crate) struct SegQueue<T>(Mutex<VecDeque<T>>);

    #[allow(dead_code)]
    impl<T> SegQueue<T> {
        pub(crate) fn new() -> Self {
            Self(Mutex::new(VecDeque::new()))
        }
        pub(crate) fn push(&self, value: T) {
            self.0.lock().push_back(value);
        }
        pub(crate) fn pop(&self) -> Option<T> {
            self.0.lock().pop_front()
        }
        pub(crate) fn is_empty(&self) -> bool {
            self.0.lock().is_empty()
        }
        pub(crate) fn len(&self) -> usize {
            self.0.lock().len()
        }
    }

    /// A bounded queue.
    #[derive(Debug)]
    pub(crate) struct ArrayQueue<T>(Mutex<VecDeque<T>>, usize);

    #[allow(dead_code)]
    impl<T> ArrayQueue<T> {
        pub(crate) fn new(capacity: usize) -> Self {
            Self(Mutex::new(VecDeque::new()), capacity)
        }
        pub(crate) fn push(&self, value: T) -> Result<(), T> {
            let mut queue = self.0.lock();
            if queue.len() == self.1 {
                return Err(value);
            }
            queue.push_back(value);
            Ok(())
        }
        pub(crate) fn pop(&self) -> Option<T> {
            self.0.lock().pop_front()
        }
        pub(crate) fn is_empty(&self) -> bool {
            self.0.lock().is_empty()
        }
    }
}

#[allow(unused_imports)]
pub(crate) use loom::{hint, thread};

/// `thread_local!`, one per model thread.
macro_rules! thread_local_const {
    ($(#[$meta:meta])* $vis:vis static $name:ident : $ty:ty = $init:expr) => {
        ::loom::thread_local! { $(#[$meta])* $vis static $name: $ty = $init }
    };
}

/// The same number always: a model must run alike each time.
pub(crate) fn random_seed() -> u64 {
    0x9E37_79B9_7F4A_7C15
}
