//! Tasks: spawning them, awaiting them, and what concerns the one that runs.
//!
//! Not the state machine behind them, which is `mini-runtime`'s.

pub use mini_runtime::runtime::{
    JoinSet, LocalEnterGuard, LocalKey, LocalSet, TaskBuilder as Builder, block_in_place, spawn,
    spawn_blocking, spawn_local, yield_now,
};
pub use mini_runtime::task::{AbortHandle, Id, JoinError, JoinHandle, id, location, name, try_id};

pub use mini_runtime::coop;
pub use mini_runtime::coop::{consume_budget, unconstrained};

/// Futures that belong to tasks.
pub mod futures {
    pub use mini_runtime::runtime::TaskLocalFuture;
}
