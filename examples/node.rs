//! One program as Node would run it: a single thread for all that waits, and a pool of threads for all that blocks.
//!
//! ```text
//! cargo run --release --example node
//! cargo run --release --example node -- --delay-server 127.0.0.1:8080    # another one than its own
//! ```
//!
//! Everything starts at once, and nothing waits for what it does not need. So it is over after 3.5 s:
//!
//! | after | what is printed, in any order within a row |
//! |---|---|
//! | 0 s | `timer 0, first`, and after it `timer 0, second` |
//! | 1 s | `timer 1000`; the reads of `first` and `second`, which took their second side by side |
//! | 2 s | the read of `third`, which began when those two were done; the answer of the delay server |
//! | 3 s | `timer 3000` |
//! | 3.5 s | `timer 500, nested in 3000`; `done` |
//!
//! `fibonacci(39) = 63245986` comes when a processor has found it, and holds up none of them.
#![allow(clippy::print_stdout, clippy::print_stderr)] // A program speaks there.

mod common;
#[path = "delayserver/server.rs"]
mod delayserver;

use std::fmt::Display;
use std::time::{Duration, Instant};

use common::{Failure, Options, Result};
use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::{TcpListener, TcpStream};
use mini::task::spawn_blocking;
use mini::time::sleep;

const USAGE: &str = "node [--delay-server HOST:PORT]";

#[mini::main(flavor = "current_thread")]
async fn main() -> Result {
    let options = Options::read(USAGE);
    let delay_server = match options.find("--delay-server") {
        Some(address) => address,
        None => start_delay_server().await?,
    };
    let log = Log { start: Instant::now() };
    mini::try_join!(
        timers(log),
        read_files(log),
        compute(log),
        request(log, delay_server, "/2000/answer-after-two-seconds"),
    )?;
    log.print("done");
    Ok(())
}

/// Prints with the seconds since the start.
#[derive(Clone, Copy)]
struct Log {
    start: Instant,
}

impl Log {
    fn print(self, text: impl Display) {
        println!("{:.3} {text}", self.start.elapsed().as_secs_f64());
    }
}

async fn timers(log: Log) -> Result {
    let after = async |milliseconds, name: &str| {
        sleep(Duration::from_millis(milliseconds)).await;
        log.print(name);
    };
    mini::join!(after(0, "timer 0, first"), after(0, "timer 0, second"), after(1000, "timer 1000"), async {
        after(3000, "timer 3000").await;
        after(500, "timer 500, nested in 3000").await;
    },);
    Ok(())
}

/// Two reads at the same time, and one after them.
async fn read_files(log: Log) -> Result {
    mini::try_join!(read_slowly(log, "first"), read_slowly(log, "second"))?;
    read_slowly(log, "third").await
}

/// Reads a file from a disk that is made to take a second: work that blocks, so a thread of the pool does it.
async fn read_slowly(log: Log, name: &'static str) -> Result {
    let text = spawn_blocking(|| {
        std::thread::sleep(Duration::from_secs(1));
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
    });
    let count = text.await??.len();
    log.print(format_args!("{name} read: {count} bytes"));
    Ok(())
}

/// Work that keeps a processor busy: also for the pool, for on this thread it would hold up everything.
async fn compute(log: Log) -> Result {
    let number = spawn_blocking(|| fibonacci(39)).await?;
    log.print(format_args!("fibonacci(39) = {number}"));
    Ok(())
}

fn fibonacci(n: u32) -> u64 {
    if n < 2 { n.into() } else { fibonacci(n - 1) + fibonacci(n - 2) }
}

/// An HTTP request by hand, down to the socket.
async fn request(log: Log, server: String, path: &str) -> Result {
    let cannot = |error| Failure::new(format!("cannot connect to {server}: {error}"));
    let mut stream = TcpStream::connect(&server).await.map_err(cannot)?;
    let head = format!("GET {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let status = answer.lines().next().unwrap_or_default();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body.trim_end());
    log.print(format_args!("{status}: {body}"));
    Ok(())
}

/// The delay server of the example of that name, on this same thread.
async fn start_delay_server() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    mini::spawn(delayserver::serve(listener));
    Ok(address)
}
