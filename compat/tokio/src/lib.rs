//! `mini` under tokio's name: what a library written for tokio finds when it says `tokio`.
//!
//! Nothing but re-exports. How to put it in place of tokio, and how to see that it is there, stands in
//! `compat/README.md`.
//!
//! Invariant: a name is in here if and only if `mini` has it. The macros expand to paths of this crate, or of
//! `mini` by `$crate`, so that its users need not depend on `mini`.
#![forbid(unsafe_code)]

pub use mini::*;

// Explicit, and so before the ones of the same name above, which expand to `::mini`.
#[cfg(all(feature = "macros", feature = "rt"))]
pub use mini::macros::under_tokios_name::{main, test};

/// Empty, as tokio's: streams are in `tokio-stream`.
pub mod stream {}
