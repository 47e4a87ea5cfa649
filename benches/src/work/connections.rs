//! What a connection itself costs: connects and closes, many connects at once, long messages, and connections that do
//! nothing.

use mini_benches::generator::Generator;
use mini_benches::program::{Work, sampled};
use mini_benches::sample::{Sample, Scales, Stopwatch};
use mini_benches::usage::open_many_files;

use crate::echo::{BUFFER, answer};
use crate::rt::stream_traits::*;
use crate::rt::{Runtime, TcpStream, serve};
use crate::serving::under_load;

pub(crate) const WORKS: &[Work<Runtime>] = &[
    sampled("stream_64k", stream),
    sampled("connect_close", connect_close),
    sampled("accept_storm", accept_storm),
    sampled("idle_connection", idle_connection),
];

/// Bytes of a long message, and connections that exchange them.
const MESSAGE: u64 = 65_536;
const STREAMS: u64 = 4;
/// Connections that come and go at the same time.
const CHURN: u64 = 8;
/// Connections that come at once.
const STORM: u64 = 1_000;
/// What a connection that does nothing keeps for itself.
const IDLE_BUFFER: usize = 64;

/// Messages of 64 KiB, echoed.
fn stream(runtime: &Runtime, operations: u64) -> Sample {
    under_load(
        runtime,
        || serve(answer_long),
        move |address| Generator::measure(address, "stream", &[STREAMS, operations, MESSAGE]),
    )
}

/// An exchange on a connection of its own.
fn connect_close(runtime: &Runtime, operations: u64) -> Sample {
    under_load(
        runtime,
        || serve(answer::<BUFFER>),
        move |address| Generator::measure(address, "churn", &[CHURN, operations]),
    )
}

/// A byte for each that connects.
fn accept_storm(runtime: &Runtime, operations: u64) -> Sample {
    open_many_files().expect("the limit may be raised");
    under_load(
        runtime,
        || serve(greet),
        move |address| Generator::measure(address, "storm", &[STORM, operations]),
    )
}

/// All connections stay open, each after some exchanges; 64 bytes of each are this line's own buffer.
fn idle_connection(runtime: &Runtime, operations: u64) -> Sample {
    open_many_files().expect("the limit may be raised");
    under_load(
        runtime,
        || serve(answer::<IDLE_BUFFER>),
        move |address| {
            let (scales, stopwatch) = (Scales::start(), Stopwatch::start());
            let mut generator = Generator::start(address, "echo", &[operations, operations]);
            assert_eq!(generator.load().done, operations, "each was served");
            let sample = stopwatch.stop(operations);
            let sample = scales.stop(sample);
            generator.end();
            sample
        },
    )
}

/// Echoes what may be long.
async fn answer_long(mut stream: TcpStream) {
    stream.set_nodelay(true).expect("a TCP stream");
    let mut buffer = vec![0; MESSAGE as usize];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        if stream.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

/// Sends a byte and waits until the other side has closed.
async fn greet(mut stream: TcpStream) {
    if stream.write_all(b"!").await.is_ok() {
        // Nothing is sent; whatever this returns is the end.
        let _ = stream.read(&mut [0]).await;
    }
}
