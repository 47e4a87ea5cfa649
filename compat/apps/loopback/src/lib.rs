//! What the apps' tests share: [`drive`] runs a scenario on runtimes of its own, [`Server`] is an app in this
//! process, [`Program`] an app in a process of its own.
//!
//! Nothing of an app is in here. The invariant: a scenario that hangs, or leaves a task or a descriptor behind,
//! fails.

mod drive;
mod program;
mod server;
mod turn;

pub use drive::drive;
pub use program::Program;
pub use server::{Server, Stop};
