//! A server that ends well: it takes no more connections, lets each finish the request it is at, and waits no longer
//! than a limit.
//!
//! ```text
//! cargo run --release --example graceful_shutdown -- --limit-ms 5000
//! nc 127.0.0.1 8080       # each line is a request: how many milliseconds to work
//! ```
//!
//! Then press ctrl-c while a request is under way.
#![allow(clippy::print_stdout, clippy::print_stderr)] // A program speaks there.

mod common;

use std::io;
use std::time::Duration;

use common::{Options, Result, read_line};
use mini::io::{AsyncWriteExt, BufReader};
use mini::net::{TcpListener, TcpStream};
use mini::sync::broadcast;
use mini::task::JoinSet;
use mini::time::{sleep, timeout};

const USAGE: &str = "graceful_shutdown [--addr HOST:PORT] [--limit-ms N]";

#[mini::main]
async fn main() -> Result {
    let options = Options::read(USAGE);
    let limit = Duration::from_millis(options.get("--limit-ms", 5000));
    let (listener, stop) = common::listen(&options.get("--addr", common::ADDRESS.to_owned())).await?;

    // Nothing is ever sent: the end of the channel is the message, and no receiver can come too late for it.
    let (running, _) = broadcast::channel::<()>(1);
    let mut connections = JoinSet::new();
    mini::select! {
        () = accept_all(&listener, &running, &mut connections) => {}
        () = stop => {}
    }

    // Close: who connects now is refused, and each connection hears that its request is the last.
    drop(listener);
    drop(running);
    println!("stopping: {} connections are open", connections.len());

    // Drain, and cut off what is left.
    let mut finished = 0;
    let all_finished = async {
        while connections.join_next().await.is_some() {
            finished += 1;
        }
    };
    let is_late = timeout(limit, all_finished).await.is_err();
    println!("{finished} finished");
    if is_late {
        println!("{} cut off after {limit:?}", connections.len());
        connections.shutdown().await;
    }
    Ok(())
}

async fn accept_all(
    listener: &TcpListener,
    running: &broadcast::Sender<()>,
    connections: &mut JoinSet<io::Result<()>>,
) {
    loop {
        mini::select! {
            (stream, _) = common::accept(listener) => {
                connections.spawn(serve(stream, running.subscribe()));
            }
            // Those that are over leave the set, so that it does not grow.
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Answers line after line. Between two lines it may be asked to stop; during one it may not.
async fn serve(stream: TcpStream, mut running: broadcast::Receiver<()>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let line = mini::select! {
            line = read_line(&mut stream) => line?,
            _ = running.recv() => None,
        };
        let Some(line) = line else {
            return stream.shutdown().await;
        };
        let answer = match line.trim().parse() {
            Ok(milliseconds) => work(milliseconds).await,
            Err(_) => "expected a number of milliseconds\n".to_owned(),
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

async fn work(milliseconds: u32) -> String {
    println!("a request for {milliseconds} ms");
    sleep(Duration::from_millis(milliseconds.into())).await;
    format!("worked for {milliseconds} ms\n")
}
