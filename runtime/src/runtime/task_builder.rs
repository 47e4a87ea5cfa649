//! [`TaskBuilder`] (`mini::task::Builder`): a task with a name.

use std::future::Future;
use std::io;
use std::panic::Location;

use crate::context;
use crate::task::{JoinHandle, Name};

use super::handle::TryCurrentError;
use super::{Handle, local_set};

/// Spawns a task with a name, which shows in reports and through [`task::name`](crate::task::name).
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let task = mini_runtime::runtime::TaskBuilder::new()
///     .name("accept loop")
///     .spawn(async { mini_runtime::task::name() })?;
/// assert_eq!(task.await.unwrap().as_deref(), Some("accept loop"));
/// # std::io::Result::Ok(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct TaskBuilder<'a> {
    name: Option<&'a str>,
}

impl<'a> TaskBuilder<'a> {
    /// A task without a name so far.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let task = mini_runtime::runtime::TaskBuilder::new().spawn(async { mini_runtime::task::name() }).unwrap();
    /// assert_eq!(task.await.unwrap(), None);
    /// # });
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the task a name.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let named = mini_runtime::runtime::TaskBuilder::new().name("accept loop");
    /// let task = named.spawn(async { mini_runtime::task::name() }).unwrap();
    /// assert_eq!(task.await.unwrap().as_deref(), Some("accept loop"));
    /// # });
    /// ```
    pub fn name(self, name: &'a str) -> Self {
        Self { name: Some(name) }
    }

    /// As [`spawn`](super::spawn).
    ///
    /// # Errors
    ///
    /// None so far; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let task = mini_runtime::runtime::TaskBuilder::new().name("answer").spawn(async { 42 })?;
    /// assert_eq!(task.await.unwrap(), 42);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[track_caller]
    pub fn spawn<F>(self, future: F) -> io::Result<JoinHandle<F::Output>>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.spawn_on(future, &Handle::current())
    }

    /// As [`Handle::spawn`].
    ///
    /// # Errors
    ///
    /// None so far; the signature is tokio's.
    ///
    /// ```
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// // Outside the runtime.
    /// let builder = mini_runtime::runtime::TaskBuilder::new().name("answer");
    /// let task = builder.spawn_on(async { mini_runtime::task::name() }, runtime.handle())?;
    /// assert_eq!(runtime.block_on(task).unwrap().as_deref(), Some("answer"));
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn spawn_on<F>(self, future: F, handle: &Handle) -> io::Result<JoinHandle<F::Output>>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let location = Location::caller();
        Ok(match self.name {
            Some(name) => handle.parts().scheduler.spawn(future, Name::from(name), location),
            None => handle.parts().scheduler.spawn(future, (), location),
        })
    }

    /// As [`spawn_local`](super::spawn_local).
    ///
    /// # Errors
    ///
    /// None so far; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// Outside a `LocalSet` and a `LocalRuntime`.
    ///
    /// ```
    /// use mini_runtime::runtime::{LocalRuntime, NoDriver, TaskBuilder};
    ///
    /// let runtime = LocalRuntime::<NoDriver>::new().unwrap();
    /// runtime.block_on(async {
    ///     let shared = std::rc::Rc::new(42);
    ///     let task = TaskBuilder::new().name("not Send").spawn_local(async move { *shared })?;
    ///     assert_eq!(task.await.unwrap(), 42);
    ///     std::io::Result::Ok(())
    /// }).unwrap();
    /// ```
    #[track_caller]
    pub fn spawn_local<F>(self, future: F) -> io::Result<JoinHandle<F::Output>>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let location = Location::caller();
        Ok(match self.name {
            Some(name) => local_set::spawn_labelled(future, Name::from(name), location),
            None => local_set::spawn_labelled(future, (), location),
        })
    }

    /// As [`spawn_blocking`](super::spawn_blocking).
    ///
    /// # Errors
    ///
    /// The OS refused a thread.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let builder = mini_runtime::runtime::TaskBuilder::new().name("checksum");
    /// let task = builder.spawn_blocking(|| b"mini".iter().map(|byte| u32::from(*byte)).sum::<u32>())?;
    /// assert_eq!(task.await.unwrap(), 429);
    /// # std::io::Result::Ok(()) }).unwrap();
    /// ```
    #[track_caller]
    pub fn spawn_blocking<F, T>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let location = Location::caller();
        let spawned = context::with_parts(|parts| {
            let pool = &parts.blocking;
            match self.name {
                Some(name) => pool.spawn(f, Name::from(name), location),
                None => pool.spawn(f, (), location),
            }
        });
        match spawned {
            Ok(result) => result,
            Err(cause) => panic!("{}", TryCurrentError::new(cause)),
        }
    }
}
