//! A TCP echo server under a load generator in a process of its own; what is measured is the server's.
//!
//! The generator connects, warms up, says `ready` and waits for a line before it loads; so connecting is in no
//! figure, and the server's CPU is taken over exactly the requests counted.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use mini_benches::{Sample, usage::cpu_time};

use crate::rt;
use crate::rt::io::{AsyncReadExt, AsyncWriteExt};
use crate::rt::net::{TcpListener, TcpStream};
use crate::rt::runtime::Runtime;

/// That many connections, each with one request on its way at a time.
pub(super) fn echo<const CONNECTIONS: u64>(runtime: &Runtime, operations: u64) -> Sample {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    runtime.spawn(serve(listener));

    let generator = std::env::current_exe().expect("this program has a path").with_file_name("load");
    let mut generator = Command::new(generator)
        .args([address.to_string(), CONNECTIONS.to_string(), operations.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the load generator starts");
    let mut to_generator = generator.stdin.take().expect("it is piped");
    let mut from_generator = BufReader::new(generator.stdout.take().expect("it is piped")).lines();
    let mut next_line = || from_generator.next().expect("the generator speaks").expect("it is text");

    assert_eq!(next_line(), "ready");
    let cpu = cpu_time();
    to_generator.write_all(b"go\n").expect("the generator listens");
    let line = next_line();
    let cpu = cpu_time() - cpu;
    assert!(generator.wait().expect("it is our child").success(), "the load generator failed");

    let figures: Vec<u64> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [done, wall_ns] = figures[..] else { panic!("the generator said {line:?}") };
    Sample { operations: done, wall: Duration::from_nanos(wall_ns), cpu }
}

async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        rt::spawn(answer(stream));
    }
}

async fn answer(mut stream: TcpStream) {
    stream.set_nodelay(true).expect("a TCP stream");
    let mut buffer = [0; 1024];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        if stream.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
