//! Unix only: [`AsyncFd`], a file descriptor of the user's own in the reactor.

pub use crate::async_fd::{
    AsyncFd, AsyncFdReadyGuard, AsyncFdReadyMutGuard, AsyncFdRegisterError, TryIoError,
};
