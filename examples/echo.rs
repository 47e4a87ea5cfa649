//! An echo server, and a client that loads it.
//!
//! ```text
//! cargo run --release --example echo
//! cargo run --release --example echo -- --client 127.0.0.1:8080 --connections 64 --requests 100000
//! ```
//!
//! Or talk to it by hand: `nc 127.0.0.1 8080`. Ctrl-c ends the server.
#![allow(clippy::print_stdout, clippy::print_stderr)] // A program speaks there.

mod common;

use std::time::{Duration, Instant};

use common::{Failure, Options, Result};
use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::{TcpListener, TcpStream};
use mini::task::JoinSet;

const USAGE: &str = "echo [--addr HOST:PORT] [--client HOST:PORT [--connections N] [--requests N]]";

#[mini::main]
async fn main() -> Result {
    let options = Options::read(USAGE);
    if let Some(server) = options.find("--client") {
        return load(server, options.get("--connections", 64), options.get("--requests", 100_000)).await;
    }
    let (listener, stop) = common::listen(&options.get("--addr", common::ADDRESS.to_owned())).await?;
    mini::select! {
        () = serve(listener) => {}
        () = stop => {}
    }
    Ok(())
}

/// Each connection is a task of its own.
async fn serve(listener: TcpListener) {
    loop {
        let (stream, peer) = common::accept(&listener).await;
        mini::spawn(async move {
            if let Err(error) = echo(stream).await {
                eprintln!("{peer}: {error}");
            }
        });
    }
}

/// Sends back what comes, until the other side has no more to say.
async fn echo(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..count]).await?;
    }
}

/// Sends `requests` requests over `connections` connections, one at a time on each, and prints how that went.
async fn load(server: String, connections: usize, requests: usize) -> Result {
    if connections == 0 || requests == 0 {
        return Err(Failure::new("--connections and --requests must be at least 1"));
    }
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for index in 0..connections {
        // The first ones take what does not divide evenly.
        let share = requests / connections + usize::from(index < requests % connections);
        tasks.spawn(request_all(server.clone(), share));
    }
    let mut latencies = Vec::with_capacity(requests);
    while let Some(latencies_of_one) = tasks.join_next().await {
        latencies.extend(latencies_of_one??);
    }
    let elapsed = start.elapsed();

    latencies.sort_unstable();
    let percentile = |part: usize| latencies[(latencies.len() - 1) * part / 100];
    println!(
        "{} requests over {connections} connections in {:.2} s: {:.0} requests/s",
        latencies.len(),
        elapsed.as_secs_f64(),
        latencies.len() as f64 / elapsed.as_secs_f64(),
    );
    println!("latency: p50 {:?}, p99 {:?}, max {:?}", percentile(50), percentile(99), percentile(100));
    Ok(())
}

/// One connection's requests: 64 bytes there, the same 64 bytes back.
async fn request_all(server: String, count: usize) -> Result<Vec<Duration>> {
    let cannot = |error| Failure::new(format!("cannot connect to {server}: {error}"));
    let mut stream = TcpStream::connect(&server).await.map_err(cannot)?;
    stream.set_nodelay(true)?;
    let mut latencies = Vec::with_capacity(count);
    for number in 0..count {
        let request = [number as u8; 64];
        let mut answer = [0; 64];
        let start = Instant::now();
        stream.write_all(&request).await?;
        stream.read_exact(&mut answer).await?;
        latencies.push(start.elapsed());
        if answer != request {
            return Err(Failure::new("the answer differs from the request"));
        }
    }
    Ok(latencies)
}
