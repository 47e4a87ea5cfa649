//! Where scheduled tasks wait: each worker's own [`local`] queue, its [`lifo`] slot, and the
//! [`injector`] that all share.
//!
//! The queues know nothing of tasks but that they are one word ([`Item`]). Every queue can be taken from by any
//! worker, so that no task is stranded behind a stuck one.

pub(crate) mod injector;
pub(crate) mod item;
pub(crate) mod lifo;
pub(crate) mod local;

#[cfg(all(test, loom))]
mod model;

pub(crate) use injector::Injector;
pub(crate) use lifo::LifoSlot;
pub(crate) use local::{LocalQueue, StealError, Stealer};

#[cfg(all(test, not(loom)))]
mod tests;
