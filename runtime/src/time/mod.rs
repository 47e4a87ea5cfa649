//! Time: sleeps, timeouts and intervals, and the timing wheels that drive them.
//!
//! Not a calendar: all here is monotonic. The invariant of the whole is that nothing is ever early; deadlines are
//! kept to the nanosecond, and what makes a timer late is the OS and the thread alone.
//!
//! The way of a timer: [`Sleep`] polled too early -> `TimerEntry` -> the worker's `Timers` -> `Wheel`; the worker
//! sleeps until `Timers::next_deadline`, then `Timers::fire` -> `Waker::wake`.
//!
//! Rejected: one wheel for the runtime, as every timeout that is set and cancelled would contend for it; an event
//! to the poller for each timer that becomes the earliest, which the worker that sets it does not need; a timer
//! that registers when it is made, since most timeouts never have to wait; a reading of the clock for each timeout that
//! does wait, since most are over before their worker looks at its timers again, which reads it anyway.
//!
//! # What is not guaranteed
//!
//! How late a timer is, which depends on the system's timer slack (50 µs on Linux by default) and on what the thread
//! does: a worker that sleeps for timers sleeps for 100 µs at least after some have fired, so that dense ones fire together;
//! and the order in which timers fire whose deadlines are less than about 1 ms apart.

pub(crate) mod clock;
pub mod error;
mod instant;
mod interval;
mod pause;
#[cfg(feature = "sync")]
mod send_timeout;
mod sleep;
mod timeout;
pub(crate) mod timers;
pub(crate) mod wheel;

#[cfg(all(test, not(loom)))]
mod thread_tests;

pub use std::time::Duration;

pub use instant::Instant;
pub use interval::{Interval, MissedTickBehavior, interval, interval_at};
pub use pause::{advance, pause, resume};
pub use sleep::{Sleep, sleep, sleep_until};
pub use timeout::{Timeout, timeout, timeout_at};
