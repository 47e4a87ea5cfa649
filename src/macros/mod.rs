//! The macros: `select!`, `join!`, `try_join!` and `pin!`, and the attributes `#[main]` and `#[test]`.
//!
//! Not their procedural part, which is `mini-macros`. The declarative ones depend on no runtime and work in any async
//! code. Invariant: no expansion contains `unsafe`.

#[cfg(feature = "rt")]
mod attributes;
mod join;
mod maybe_done;
mod pin;
mod rotation;
mod select;

#[doc(hidden)]
pub mod support;

#[cfg(feature = "rt")]
pub use attributes::{main, test, under_tokios_name};
