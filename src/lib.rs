//! TEMP
#![forbid(unsafe_code)]

extern crate self as mini;

#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod macros;

#[cfg(all(feature = "macros", feature = "rt"))]
pub use macros::{main, test};
