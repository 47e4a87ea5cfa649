//! Small tools the rest of the crate is built on: one stored waker, and many wakers woken together.
//!
//! Not a grab bag: what only one module needs lives in that module. Both tools keep the same invariant, that
//! a waker which panics harms neither the structure it is stored in nor the wakes of others.

mod atomic_waker;
mod guard;
mod prefetch;
pub mod rand;
#[cfg(feature = "rt")]
pub(crate) mod scoped;
mod wake_batch;

pub use atomic_waker::AtomicWaker;
pub use guard::guarded;
pub use wake_batch::WakeBatch;

#[cfg(all(test, not(loom)))]
pub(crate) mod kept;
#[cfg(all(test, not(loom)))]
pub(crate) mod test_waker;
