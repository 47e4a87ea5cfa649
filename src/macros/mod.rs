//! The declarative macros: `select!`, `join!`, `try_join!` and `pin!`.
//!
//! Not the attributes `#[main]` and `#[test]`, which are `mini-macros`'. Nothing here depends on a runtime: the
//! macros work in any async code. Invariant: no expansion contains `unsafe`.

mod join;
mod maybe_done;
mod pin;
mod rotation;
mod select;

#[doc(hidden)]
pub mod support;
