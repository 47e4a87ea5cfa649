//! The ways into a [`JoinSet`]: on this runtime or another, on a `LocalSet`, on a thread for blocking work.
//!
//! Not the way out, which is `join_next` and its like.

use std::future::Future;
use std::panic::Location;

use crate::context;
use crate::runtime::handle::TryCurrentError;
use crate::runtime::spawn::spawn_blocking_on;
use crate::runtime::{Handle, LocalSet, local_set};
use crate::task::AbortHandle;

use super::JoinSet;

impl<T> JoinSet<T> {
    /// Spawns a task into the set.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// set.spawn(async { 1 });
    /// assert_eq!(set.join_next().await.unwrap().unwrap(), 1);
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn spawn<F>(&mut self, task: F) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let handle = crate::runtime::spawn(task);
        self.insert(handle)
    }

    /// Spawns a task into the set, on the given runtime.
    ///
    /// ```
    /// use mini_runtime::runtime::{JoinSet, Runtime};
    ///
    /// let runtime = Runtime::new_bare().unwrap();
    /// let mut set = JoinSet::new();
    /// set.spawn_on(async { 1 }, runtime.handle());
    /// assert_eq!(runtime.block_on(set.join_all()), [1]);
    /// ```
    #[track_caller]
    pub fn spawn_on<F>(&mut self, task: F, handle: &Handle) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let handle = handle.spawn(task);
        self.insert(handle)
    }

    /// Spawns a task that need not be `Send` into the set.
    ///
    /// ```
    /// use mini_runtime::runtime::{JoinSet, LocalSet};
    ///
    /// let local = LocalSet::new();
    /// let sum = futures::executor::block_on(local.run_until(async {
    ///     let mut set = JoinSet::new();
    ///     set.spawn_local(async { *std::rc::Rc::new(1) });
    ///     set.join_all().await
    /// }));
    /// assert_eq!(sum, [1]);
    /// ```
    ///
    /// # Panics
    ///
    /// Outside a `LocalSet` and a `LocalRuntime`.
    #[track_caller]
    pub fn spawn_local<F>(&mut self, task: F) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
        T: 'static,
    {
        let handle = local_set::spawn_local(task);
        self.insert(handle)
    }

    /// Spawns a task that need not be `Send` into the set, on the given `LocalSet`.
    ///
    /// ```
    /// use mini_runtime::runtime::{JoinSet, LocalSet};
    ///
    /// let (local, mut set) = (LocalSet::new(), JoinSet::new());
    /// set.spawn_local_on(async { *std::rc::Rc::new(1) }, &local);
    /// assert_eq!(futures::executor::block_on(local.run_until(set.join_all())), [1]);
    /// ```
    #[track_caller]
    pub fn spawn_local_on<F>(&mut self, task: F, local_set: &LocalSet) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
        T: 'static,
    {
        let handle = local_set.spawn_local(task);
        self.insert(handle)
    }

    /// Runs a closure that may block, as a member of the set.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let mut set = mini_runtime::runtime::JoinSet::new();
    /// set.spawn_blocking(|| std::thread::sleep(std::time::Duration::from_millis(1)));
    /// set.join_next().await.unwrap().unwrap();
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn spawn_blocking<F>(&mut self, f: F) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let location = Location::caller();
        match context::with_parts(|parts| spawn_blocking_on(&parts.blocking, f, (), location)) {
            Ok(handle) => self.insert(handle),
            Err(cause) => panic!("{}", TryCurrentError::new(cause)),
        }
    }

    /// Runs a closure that may block on the given runtime, as a member of the set.
    ///
    /// ```
    /// use mini_runtime::runtime::{JoinSet, Runtime};
    ///
    /// let runtime = Runtime::new_bare().unwrap();
    /// let mut set = JoinSet::new();
    /// set.spawn_blocking_on(|| 1, runtime.handle());
    /// assert_eq!(runtime.block_on(set.join_all()), [1]);
    /// ```
    #[track_caller]
    pub fn spawn_blocking_on<F>(&mut self, f: F, handle: &Handle) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let handle = handle.spawn_blocking(f);
        self.insert(handle)
    }
}

/// Spawns every future of the iterator into the set.
impl<T, F> Extend<F> for JoinSet<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    #[track_caller]
    fn extend<I: IntoIterator<Item = F>>(&mut self, futures: I) {
        for future in futures {
            self.spawn(future);
        }
    }
}

/// Spawns every future of the iterator.
impl<T, F> FromIterator<F> for JoinSet<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = F>>(futures: I) -> Self {
        let mut set = Self::new();
        set.extend(futures);
        set
    }
}
