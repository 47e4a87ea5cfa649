//! Signals of the OS: [`ctrl_c`], and on Unix any signal through `unix::signal`.
//!
//! | side | what it does |
//! |---|---|
//! | the handler (`handler`) | sets the signal's flag; writes one byte to a socket if the flag was not set |
//! | the thread `mini-signal` (`dispatch`) | sleeps in a read of that socket; counts and wakes |
//! | `unix::Signal` | compares the count with what it has seen |
//!
//! Why a thread of its own, and not the reactor: it works under any executor and with any runtime going away, needs
//! no registration that a runtime would have to keep, and makes no system call while nothing comes. It starts with
//! the first signal asked for.
//!
//! Invariant: from the moment a `Signal` exists, one `recv` completes after each arrival; arrivals in between are
//! merged into one, so a storm costs one wake at a time.

#[cfg(unix)]
mod dispatch;
#[cfg(unix)]
mod handler;
#[cfg(unix)]
pub mod unix;

#[cfg(unix)]
mod ctrl_c_unix;
#[cfg(unix)]
use ctrl_c_unix as platform;

#[cfg(not(unix))]
mod ctrl_c_other;
#[cfg(not(unix))]
use ctrl_c_other as platform;

/// Completes when the user presses ctrl-c (SIGINT on Unix) after the first poll.
///
/// From the first poll on, ctrl-c no longer ends the process, also when this future is gone.
///
/// ```no_run
/// # use futures::executor::block_on;
/// # fn main() -> std::io::Result<()> {
/// block_on(async {
///     println!("press ctrl-c");
///     mini_net::signal::ctrl_c().await?;
///     println!("bye");
///     Ok(())
/// })
/// # }
/// ```
///
/// # Errors
///
/// If the handler, its socket or its thread cannot be had. `Unsupported` where this crate has no ctrl-c yet
/// (Windows).
///
/// # Cancel safety
///
/// A ctrl-c that comes while no such future lives is not remembered. In a loop, keep a `unix::Signal` instead.
pub async fn ctrl_c() -> std::io::Result<()> {
    platform::ctrl_c().await
}
