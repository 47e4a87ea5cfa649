//! Why a task has no output: [`JoinError`].

use std::any::Any;
use std::fmt;

use crate::primitive::sync::Mutex;

use super::cell::Payload;
use super::id::Id;

/// A task was cancelled or panicked.
///
/// ```
/// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
/// # runtime.block_on(async {
/// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
/// handle.abort();
/// assert!(handle.await.unwrap_err().is_cancelled());
/// # });
/// ```
pub struct JoinError {
    id: Id,
    cause: Cause,
}

enum Cause {
    Cancelled,
    /// A lock that is never contended: it makes the payload, which need not be `Sync`, shareable.
    Panic(Mutex<Payload>),
}

impl JoinError {
    pub(crate) fn cancelled(id: Id) -> Self {
        Self { id, cause: Cause::Cancelled }
    }

    pub(crate) fn panic(id: Id, payload: Payload) -> Self {
        Self { id, cause: Cause::Panic(Mutex::new(payload)) }
    }

    /// Whether the task was aborted, or its runtime shut down.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
    /// handle.abort();
    /// assert!(handle.await.unwrap_err().is_cancelled());
    /// # });
    /// ```
    pub fn is_cancelled(&self) -> bool {
        matches!(self.cause, Cause::Cancelled)
    }

    /// Whether the task panicked.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(async { panic!("on purpose") });
    /// assert!(handle.await.unwrap_err().is_panic());
    /// # });
    /// ```
    pub fn is_panic(&self) -> bool {
        matches!(self.cause, Cause::Panic(_))
    }

    /// What the task panicked with, for `std::panic::resume_unwind`.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(async { panic!("on purpose") });
    /// let payload = handle.await.unwrap_err().into_panic();
    /// assert_eq!(payload.downcast_ref(), Some(&"on purpose"));
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// If the task did not panic; see [`JoinError::try_into_panic`].
    #[track_caller]
    pub fn into_panic(self) -> Box<dyn Any + Send + 'static> {
        match self.try_into_panic() {
            Ok(payload) => payload,
            Err(_) => panic!("the task was cancelled, it did not panic; check `is_panic` first"),
        }
    }

    /// What the task panicked with.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(std::future::pending::<()>());
    /// handle.abort();
    /// let error = handle.await.unwrap_err().try_into_panic().unwrap_err();
    /// assert!(error.is_cancelled());
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// The error itself, if the task did not panic.
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send + 'static>, Self> {
        match self.cause {
            Cause::Panic(payload) => Ok(payload.into_inner()),
            Cause::Cancelled => Err(self),
        }
    }

    /// The task that failed.
    ///
    /// ```
    /// # let runtime = mini_runtime::runtime::Runtime::new_bare().unwrap();
    /// # runtime.block_on(async {
    /// let handle = mini_runtime::runtime::spawn(async { panic!("on purpose") });
    /// let id = handle.id();
    /// assert_eq!(handle.await.unwrap_err().id(), id);
    /// # });
    /// ```
    pub fn id(&self) -> Id {
        self.id
    }

    fn message(&self) -> Option<String> {
        let Cause::Panic(payload) = &self.cause else { return None };
        let payload = payload.lock();
        payload
            .downcast_ref::<&'static str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.cause, self.message()) {
            (Cause::Cancelled, _) => write!(f, "task {} was cancelled", self.id),
            (Cause::Panic(_), Some(message)) => {
                write!(f, "task {} panicked with message {message:?}", self.id)
            }
            (Cause::Panic(_), None) => write!(f, "task {} panicked", self.id),
        }
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.cause, self.message()) {
            (Cause::Cancelled, _) => write!(f, "JoinError::Cancelled({:?})", self.id),
            (Cause::Panic(_), Some(message)) => {
                write!(f, "JoinError::Panic({:?}, {message:?}, ...)", self.id)
            }
            (Cause::Panic(_), None) => write!(f, "JoinError::Panic({:?}, ...)", self.id),
        }
    }
}

impl std::error::Error for JoinError {}

impl From<JoinError> for std::io::Error {
    fn from(error: JoinError) -> Self {
        std::io::Error::other(error)
    }
}
