//! The executor of `mini`: tasks, schedulers, timers, the blocking pool, synchronisation and I/O traits.
//!
//! This crate knows no file descriptor and no mio; what waits on one lives in `mini-net` and reaches us as
//! a [`driver::Driver`]. Users depend on the facade, `mini-rt`, which re-exports both.
//!
//! The modules below stand lowest first, and each imports only what stands before it.

// What serves several features is not used by each of them alone.
#![cfg_attr(
    not(all(
        feature = "rt",
        feature = "time",
        feature = "sync",
        feature = "io-util",
        feature = "io-std",
        feature = "fs"
    )),
    allow(dead_code)
)]

#[macro_use]
pub(crate) mod primitive;

pub mod util;

pub mod coop;

pub(crate) mod park;

#[cfg(feature = "rt")]
pub mod task;

#[cfg(feature = "rt")]
pub(crate) mod queue;

pub mod driver;

pub mod io;
#[cfg(feature = "sync")]
pub mod sync;
#[cfg(feature = "time")]
pub mod time;
#[cfg(all(feature = "rt", not(feature = "time")))]
#[path = "time/off.rs"]
pub(crate) mod time;

#[cfg(feature = "rt")]
pub mod blocking;

#[cfg(feature = "rt")]
pub(crate) mod scheduler;

#[cfg(feature = "rt")]
pub mod context;
#[cfg(not(feature = "rt"))]
#[path = "context/off.rs"]
pub mod context;

#[cfg(feature = "rt")]
pub mod runtime;

#[cfg(feature = "io-std")]
pub mod stdio;

#[cfg(feature = "fs")]
pub mod fs;
