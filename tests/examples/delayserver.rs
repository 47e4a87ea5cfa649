//! `delayserver`: one answer, wrong requests, and ten thousand waiting at the same time.

use std::io::{BufReader, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::TcpStream;
use mini::task::JoinSet;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::child::{Child, LIMIT, connect};
use crate::response::read_response;

#[test]
fn each_message_comes_after_its_delay_on_one_connection() {
    let (server, address) = Child::serve("delayserver", &[]);
    let mut stream = BufReader::new(connect(address));
    for (milliseconds, message) in [(0, "at-once"), (300, "later"), (0, ""), (0, "a/b?c")] {
        let start = Instant::now();
        let request = format!("GET /{milliseconds}/{message} HTTP/1.1\r\nhost: test\r\n\r\n");
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        let response = read_response(&mut stream);
        assert_eq!((response.status, response.body), (200, format!("{message}\n")));
        assert!(start.elapsed() >= Duration::from_millis(milliseconds));
    }
    server.stop();
}

#[test]
fn a_request_it_does_not_understand_gets_400_and_the_end() {
    let (server, address) = Child::serve("delayserver", &[]);
    let long = format!("GET /0/{} HTTP/1.1\r\n\r\n", "x".repeat(10_000));
    let headers = format!("GET /0/x HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101));
    for request in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"GET /soon/hello HTTP/1.1\r\n\r\n",
        b"GET /-1/hello HTTP/1.1\r\n\r\n",
        b"GET /99999999999999999999/hello HTTP/1.1\r\n\r\n",
        b"GET /0/hello HTTP/3.7\r\n\r\n",
        b"GET /0/hello\r\n\r\n",
        b"POST /0/hello HTTP/1.1\r\n\r\n",
        b"GET /0/hello HTTP/1.1\r\nno header\r\n\r\n",
        b"GET /0/hello HTTP/1.1\r\ncontent-length: 4\r\n\r\nbody",
        b"GET /0/\xff\xfe HTTP/1.1\r\n\r\n",
        b"\r\n",
        long.as_bytes(),
        headers.as_bytes(),
    ] {
        let shown = String::from_utf8_lossy(&request[..request.len().min(60)]);
        let mut stream = connect(address);
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        // The server closes with unread bytes in its socket, so the end may be a reset.
        let _ = stream.read_to_end(&mut answer);
        assert!(
            answer.starts_with(b"HTTP/1.1 400 Bad Request\r\n"),
            "{shown:?}: {:?}",
            String::from_utf8_lossy(&answer)
        );
    }
    server.stop();
}

#[test]
fn a_client_may_ask_for_the_end() {
    let (server, address) = Child::serve("delayserver", &[]);
    for request in ["GET /0/x HTTP/1.1\r\nConnection: close\r\n\r\n", "GET /0/x HTTP/1.0\r\n\r\n"] {
        let mut stream = connect(address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nx\n"), "{answer}");
    }
    server.stop();
}

/// How many one-second delays at the same time: ten thousand, or as many as the system's hard limit of open files
/// allows, which is then printed. The server inherits the limit.
fn raise_limit() -> usize {
    const WANTED: u64 = 10_000;
    /// Descriptors for everything else, and for the tests that run beside this one.
    const OTHERS: u64 = 500;
    let limit = getrlimit(Resource::Nofile);
    let current = limit.maximum.map_or(WANTED + OTHERS, |maximum| maximum.min(WANTED + OTHERS));
    if limit.current.is_some_and(|soft| soft < current) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(current), ..limit }).expect("a higher soft limit");
    }
    let count = WANTED.min(current.saturating_sub(OTHERS)) as usize;
    if (count as u64) < WANTED {
        println!("only {count} connections: the hard limit of open files is {current}");
    }
    count
}

/// In turn they would take hours.
#[test]
fn ten_thousand_delays_of_one_second_pass_at_the_same_time() {
    let elapsed = ten_thousand_delays();
    assert!(elapsed < Duration::from_secs(60), "{elapsed:?}");
}

#[test]
#[ignore = "a matter of speed: `cargo test --release --test examples -- --ignored` on a machine that is free"]
fn ten_thousand_delays_of_one_second_take_less_than_two() {
    // Other programs use the processors too, so the best of three counts.
    let best = (0..3).map(|_| ten_thousand_delays()).min().expect("three figures");
    assert!(best < Duration::from_secs(2), "{best:?}");
}

/// How long they took, which is also printed.
fn ten_thousand_delays() -> Duration {
    let count = raise_limit();
    let (server, address) = Child::serve("delayserver", &[]);
    let runtime = mini::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (connecting, elapsed) = runtime.block_on(async {
        mini::time::timeout(LIMIT, wait_on_all(address, count)).await.expect("all answers in time")
    });
    println!("{count} connections in {connecting:?}; {count} delays of one second in {elapsed:?}");
    assert!(elapsed >= Duration::from_secs(1), "{elapsed:?}");
    server.stop();
    elapsed
}

/// How long it took to connect, and from the first request to the last answer.
async fn wait_on_all(address: SocketAddr, count: usize) -> (Duration, Duration) {
    let start = Instant::now();
    let mut streams = Vec::with_capacity(count);
    for _ in 0..count {
        // One after the other: what is measured is the waiting.
        streams.push(TcpStream::connect(address).await.unwrap());
    }
    let connected = Instant::now();
    let mut tasks = JoinSet::new();
    for (number, mut stream) in streams.into_iter().enumerate() {
        tasks.spawn(async move {
            let request = format!("GET /1000/{number} HTTP/1.1\r\nconnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
            assert!(answer.ends_with(&format!("\r\n\r\n{number}\n")), "{answer}");
        });
    }
    let mut answered = 0;
    while let Some(result) = tasks.join_next().await {
        result.unwrap();
        answered += 1;
    }
    assert_eq!(answered, count);
    (connected - start, connected.elapsed())
}
