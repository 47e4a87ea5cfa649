//! Tasks, a timer and a handle to wait with: the smallest program that does something at the same time.
//!
//! ```text
//! cargo run --example hello
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr)] // A program speaks there.

use std::time::Duration;

use mini::task::JoinError;
use mini::time::sleep;

#[mini::main]
async fn main() -> Result<(), JoinError> {
    // A task runs from here on, whether it is awaited or not.
    let world = mini::spawn(async {
        sleep(Duration::from_millis(100)).await;
        println!("world");
        42
    });
    println!("hello");

    // Its output comes through the handle.
    let answer = world.await?;
    println!("the answer is {answer}");
    Ok(())
}
