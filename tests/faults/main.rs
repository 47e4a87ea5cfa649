//! The whole product under faults: what peers, the kernel and user code do to sockets, timers, the blocking pool and
//! the runtime itself, each with its defined outcome.
//!
//! Not the parts by themselves, which have their tests beside them (`net/tests` for sockets under a foreign executor).
//! No test waits by sleeping or asserts that something was quick: one that would hang is ended by a watchdog. What
//! concerns the whole process (descriptors, threads, memory, signals) runs in a child: this binary again, one ignored
//! test alone.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // Children speak to the test that started them.
#![cfg(target_os = "linux")]

mod blocking;
mod dropped;
mod limits;
mod paused;
mod processes;
mod resources;
mod shutdown;
mod signals;
mod sockets;
mod starvation;
mod stuck;
mod support;
mod timers;
