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
/// Runs an `async fn` on a runtime of its own, as `mini::main`, whose documentation has the arguments.
///
/// ```
/// #[tokio::main(flavor = "current_thread")]
/// async fn main() {
///     let task = tokio::spawn(async { 42 });
///     assert_eq!(task.await.unwrap(), 42);
/// }
/// ```
#[cfg(all(feature = "macros", feature = "rt"))]
pub use mini::macros::under_tokios_name::main;

/// Runs an `async fn` as a test, on a runtime of its own, as `mini::test`, whose documentation has the arguments.
///
/// ```
/// # // A doctest runs no tests: this shows that it compiles.
/// #[tokio::test]
/// async fn adds() {
///     assert_eq!(1 + async { 1 }.await, 2);
/// }
/// ```
#[cfg(all(feature = "macros", feature = "rt"))]
pub use mini::macros::under_tokios_name::test;

/// Empty, as tokio's: streams are in `tokio-stream`.
pub mod stream {}
