//! The process's standard input, output and error.
//!
//! Not waited for by the reactor: they may be files or terminals, which it cannot watch, and to set them non-blocking
//! would do so for every process that shares them. So a thread of the pool reads and writes them, through std's own
//! handles, whose buffers are shared with `print!` and the like. The invariant: at most one job of each handle is
//! under way.
//!
//! The facade shows all of this in its `io`.

mod input;
mod output;
#[cfg(unix)]
mod unix;

pub use input::{Stdin, stdin};
pub use output::{Stderr, Stdout, stderr, stdout};
