//! A web server that takes its time: `GET /{milliseconds}/{message}` answers the message after the delay.
//!
//! ```text
//! cargo run --release --example delayserver
//! curl http://127.0.0.1:8080/1000/hello
//! ```
//!
//! A waiting request is a task with a timer, not a thread: ten thousand can wait at the same time, if the limit of open
//! files (`ulimit -n`) lets them.
#![allow(clippy::print_stdout, clippy::print_stderr)] // A program speaks there.

#[path = "../common/mod.rs"]
mod common;
mod server;

use common::{Options, Result};

const USAGE: &str = "delayserver [--addr HOST:PORT]";

#[mini::main]
async fn main() -> Result {
    let options = Options::read(USAGE);
    let (listener, stop) = common::listen(&options.get("--addr", common::ADDRESS.to_owned())).await?;
    mini::select! {
        () = server::serve(listener) => {}
        () = stop => {}
    }
    Ok(())
}
