//! The std-or-loom shim: every atomic, cell, lock, condition variable, thread and thread-local of the runtime
//! comes from here, so that the models check the code that ships.
//!
//! Not a place for logic. Both doors export the same names; `std_impl` is the list that `loom_impl` must match.
//!
//! `Arc` is loom's under loom. Where futures-task's `ArcWake` needs std's, the code says `std::sync::Arc` and
//! stays outside the models.

#[cfg(not(loom))]
#[macro_use]
mod std_impl;
#[cfg(not(loom))]
pub(crate) use std_impl::*;

#[cfg(loom)]
#[macro_use]
mod loom_impl;
#[cfg(loom)]
pub(crate) use loom_impl::*;
