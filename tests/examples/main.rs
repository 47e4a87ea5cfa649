//! Every example, run as a process of its own and talked to as a user would.
//!
//! Not tests of single features. The invariant: nothing here waits without a limit, and no child outlives its test.
//! The examples must have been built: `cargo test` does that, `cargo test --test examples` alone does not.
#![cfg(unix)]
#![allow(clippy::print_stdout)] // Figures, for `--nocapture`.

mod chat;
mod child;
mod command_line;
mod delayserver;
mod echo;
mod graceful_shutdown;
mod hello;
mod http;
mod node;
mod response;
