//! Task-locals: values that go with a future wherever it is polled. See [`task_local!`](crate::task_local).
//!
//! Not shared between tasks: a spawned task does not inherit them. The value lies in the future and is swapped into a
//! thread-local for the length of each poll.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use pin_project_lite::pin_project;

/// Declares task-locals.
///
/// ```
/// mini_runtime::task_local! {
///     static REQUEST: u32;
/// }
///
/// futures::executor::block_on(REQUEST.scope(7, async {
///     assert_eq!(REQUEST.get(), 7);
/// }));
/// ```
#[macro_export]
macro_rules! task_local {
    () => {};
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $type:ty; $($rest:tt)*) => {
        $crate::task_local!($(#[$attribute])* $vis static $name: $type);
        $crate::task_local!($($rest)*);
    };
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $type:ty) => {
        $(#[$attribute])*
        $vis static $name: $crate::runtime::LocalKey<$type> = {
            ::std::thread_local! {
                static SLOT: ::std::cell::RefCell<::std::option::Option<$type>> =
                    const { ::std::cell::RefCell::new(::std::option::Option::None) };
            }
            $crate::runtime::LocalKey::__new(&SLOT)
        };
    };
}

/// The key of a task-local; made by [`task_local!`](crate::task_local).
///
/// ```
/// mini_runtime::task_local! { static NUMBER: u32; }
/// assert_eq!(NUMBER.sync_scope(7, || NUMBER.get()), 7);
/// ```
pub struct LocalKey<T: 'static> {
    slot: &'static thread::LocalKey<RefCell<Option<T>>>,
}

impl<T: 'static> LocalKey<T> {
    #[doc(hidden)]
    pub const fn __new(slot: &'static thread::LocalKey<RefCell<Option<T>>>) -> Self {
        Self { slot }
    }

    /// Gives the task-local a value for the length of a future.
    ///
    /// ```
    /// mini_runtime::task_local! { static NUMBER: u32; }
    ///
    /// futures::executor::block_on(NUMBER.scope(7, async {
    ///     assert_eq!(NUMBER.get(), 7);
    /// }));
    /// ```
    pub fn scope<F: Future>(&'static self, value: T, future: F) -> TaskLocalFuture<T, F> {
        TaskLocalFuture { key: self, value: Some(value), future: Some(future), pinned: PhantomPinned }
    }

    /// Gives the task-local a value for the length of a call.
    ///
    /// ```
    /// mini_runtime::task_local! { static NUMBER: u32; }
    /// assert_eq!(NUMBER.sync_scope(7, || NUMBER.get()), 7);
    /// ```
    ///
    /// # Panics
    ///
    /// If called inside [`LocalKey::with`] of the same key.
    #[track_caller]
    pub fn sync_scope<R>(&'static self, value: T, f: impl FnOnce() -> R) -> R {
        let mut value = Some(value);
        match self.scope_inner(&mut value, f) {
            Ok(result) => result,
            Err(cause) => cause.panic(),
        }
    }

    /// Swaps `value` in for the length of `f`, also on unwind.
    fn scope_inner<R>(&'static self, value: &mut Option<T>, f: impl FnOnce() -> R) -> Result<R, ScopeError> {
        struct SwapBack<'a, T: 'static> {
            key: &'static LocalKey<T>,
            value: &'a mut Option<T>,
        }
        impl<T: 'static> Drop for SwapBack<'_, T> {
            fn drop(&mut self) {
                let _ = self.key.slot.try_with(|slot| {
                    if let Ok(mut slot) = slot.try_borrow_mut() {
                        std::mem::swap(self.value, &mut *slot);
                    }
                });
            }
        }
        self.slot
            .try_with(|slot| {
                let mut slot = slot.try_borrow_mut().map_err(|_| ScopeError::Borrowed)?;
                std::mem::swap(value, &mut *slot);
                Ok(())
            })
            .unwrap_or(Err(ScopeError::Destroyed))?;
        let _swap_back = SwapBack { key: self, value };
        Ok(f())
    }

    /// Calls `f` with the value.
    ///
    /// ```
    /// mini_runtime::task_local! { static NUMBER: u32; }
    /// NUMBER.sync_scope(7, || NUMBER.with(|number| assert_eq!(*number, 7)));
    /// ```
    ///
    /// # Panics
    ///
    /// Outside a scope of this key.
    #[track_caller]
    pub fn with<R>(&'static self, f: impl FnOnce(&T) -> R) -> R {
        match self.try_with(f) {
            Ok(result) => result,
            Err(_) => {
                panic!("this task-local has no value here; call this inside a future given to its `scope`")
            }
        }
    }

    /// Calls `f` with the value.
    ///
    /// ```
    /// mini_runtime::task_local! { static NUMBER: u32; }
    /// assert!(NUMBER.try_with(|number| *number).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// Outside a scope of this key.
    pub fn try_with<R>(&'static self, f: impl FnOnce(&T) -> R) -> Result<R, AccessError> {
        self.slot
            .try_with(|slot| slot.borrow().as_ref().map(f).ok_or(AccessError { _private: () }))
            .unwrap_or(Err(AccessError { _private: () }))
    }

    /// A copy of the value.
    ///
    /// ```
    /// mini_runtime::task_local! { static NUMBER: u32; }
    /// assert_eq!(NUMBER.sync_scope(7, || NUMBER.get()), 7);
    /// ```
    ///
    /// # Panics
    ///
    /// Outside a scope of this key.
    #[track_caller]
    pub fn get(&'static self) -> T
    where
        T: Clone,
    {
        self.with(Clone::clone)
    }

    /// A copy of the value.
    ///
    /// ```
    /// mini_runtime::task_local! { static NUMBER: u32; }
    /// assert!(NUMBER.try_get().is_err());
    /// assert_eq!(NUMBER.sync_scope(7, || NUMBER.try_get()), Ok(7));
    /// ```
    ///
    /// # Errors
    ///
    /// Outside a scope of this key.
    pub fn try_get(&'static self) -> Result<T, AccessError>
    where
        T: Clone,
    {
        self.try_with(Clone::clone)
    }
}

impl<T: 'static> fmt::Debug for LocalKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKey").finish_non_exhaustive()
    }
}

/// Why a value could not be swapped in.
enum ScopeError {
    Borrowed,
    Destroyed,
}

impl ScopeError {
    #[track_caller]
    fn panic(self) -> ! {
        match self {
            Self::Borrowed => panic!("cannot enter a scope of a task-local inside `with` of the same key"),
            Self::Destroyed => panic!("cannot enter a scope of a task-local while the thread is ending"),
        }
    }
}

/// A task-local has no value here.
///
/// ```
/// mini_runtime::task_local! { static NAME: String; }
/// assert_eq!(NAME.try_get().unwrap_err().to_string(), "task-local value not set");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AccessError {
    _private: (),
}

impl fmt::Debug for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessError")
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("task-local value not set")
    }
}

impl Error for AccessError {}

pin_project! {
    /// The future of [`LocalKey::scope`].
    ///
    /// ```
    /// mini_runtime::task_local! { static NUMBER: u32; }
    /// let future = NUMBER.scope(7, async { NUMBER.get() });
    /// assert_eq!(futures::executor::block_on(future), 7);
    /// ```
    pub struct TaskLocalFuture<T, F>
    where
        T: 'static,
    {
        key: &'static LocalKey<T>,
        value: Option<T>,
        #[pin]
        future: Option<F>,
        // Never Unpin, whatever the future is: so nobody comes to rely on how it is held.
        #[pin]
        pinned: PhantomPinned,
    }

    impl<T: 'static, F> PinnedDrop for TaskLocalFuture<T, F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.future.is_some() {
                // The future's own drop may look at the value.
                let _ = this.key.scope_inner(this.value, || this.future.set(None));
            }
        }
    }
}

impl<T: 'static, F> TaskLocalFuture<T, F> {
    /// Takes the value out of a future that is not being polled.
    ///
    /// ```
    /// mini_runtime::task_local! { static NUMBER: u32; }
    /// let mut future = std::pin::pin!(NUMBER.scope(7, async {}));
    /// assert_eq!(future.as_mut().take_value(), Some(7));
    /// assert_eq!(future.as_mut().take_value(), None);
    /// ```
    pub fn take_value(self: Pin<&mut Self>) -> Option<T> {
        self.project().value.take()
    }
}

impl<T: 'static, F: Future> Future for TaskLocalFuture<T, F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let polled = this.key.scope_inner(this.value, || {
            let poll = this.future.as_mut().as_pin_mut()?.poll(cx);
            if poll.is_ready() {
                this.future.set(None);
            }
            Some(poll)
        });
        match polled {
            Ok(Some(poll)) => poll,
            Ok(None) => panic!("a `TaskLocalFuture` was polled after it had answered"),
            Err(cause) => cause.panic(),
        }
    }
}

impl<T: 'static, F> fmt::Debug for TaskLocalFuture<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskLocalFuture").finish_non_exhaustive()
    }
}
