//! The runtime as its users hold it: [`Builder`], [`Runtime`], [`Handle`], and what is spawned on them.
//!
//! Not the machinery: schedulers, pool, driver and clock stand below; this is where they are put together, started
//! and ended.

mod builder;
mod handle;
mod join_set;
mod local_runtime;
mod local_set;
mod metrics;
mod options;
#[allow(clippy::module_inception)]
mod runtime;
mod spawn;
mod task_builder;
mod task_local;
mod worker_index;
mod yield_now;

#[cfg(all(test, not(loom)))]
mod tests;

pub use builder::Builder;
pub use handle::{Handle, TryCurrentError};
pub use join_set::JoinSet;
pub use local_runtime::LocalRuntime;
pub use local_set::{LocalEnterGuard, LocalSet, spawn_local};
pub use metrics::RuntimeMetrics;
pub use options::{LocalOptions, NoDriver, RuntimeFlavor};
pub use runtime::Runtime;
pub use spawn::{block_in_place, run_blocking, spawn, spawn_blocking};
#[cfg(any(feature = "fs", feature = "io-std"))]
pub(crate) use spawn::{spawn_mandatory_operation, spawn_operation};
pub use task_builder::TaskBuilder;
pub use task_local::{AccessError, LocalKey, TaskLocalFuture};
pub use worker_index::worker_index;
pub use yield_now::yield_now;

pub use crate::context::{EnterGuard, RuntimeId as Id};
