//! The executor of `mini`: tasks, schedulers, timers, the blocking pool, synchronisation and I/O traits.
//!
//! This crate knows no file descriptor and no mio; what waits on one lives in `mini-net` and reaches us as
//! a [`driver::Driver`]. Users depend on the facade, `mini-rt`, which re-exports both.
//!
//! The modules below stand lowest first, and each imports only what stands before it.

#[macro_use]
pub(crate) mod primitive;
pub mod util;

pub mod coop;
pub mod driver;
pub(crate) mod park;
#[cfg(feature = "rt")]
pub(crate) mod queue;
#[cfg(feature = "rt")]
pub mod task;

pub mod io;
#[cfg(feature = "sync")]
pub mod sync;
#[cfg(feature = "time")]
pub mod time;

#[cfg(feature = "rt")]
pub mod blocking;
pub mod context;
#[cfg(feature = "rt")]
pub mod runtime;
#[cfg(feature = "rt")]
pub(crate) mod scheduler;
