//! A TCP echo server under a load generator in a process of its own; what is measured is the server's.

use mini_benches::generator::Generator;
use mini_benches::program::{Work, sampled};
use mini_benches::sample::Sample;
use mini_benches::usage::open_many_files;

use crate::rt::stream_traits::*;
use crate::rt::{Runtime, TcpStream, serve};
use crate::serving::under_load;

pub(crate) const WORKS: &[Work<Runtime>] = &[
    sampled("echo_lone", echo_lone),
    sampled("echo_1", echo::<1>),
    sampled("echo_64", echo::<64>),
    sampled("echo_1000", echo::<1_000>),
    sampled("echo_5000", echo::<5_000>),
];

/// Longer than a request, as on the bare epoll loop: a read that does not fill it has emptied the socket, and a reactor
/// that waits for edges need not ask again.
pub(crate) const BUFFER: usize = 128;
/// Between two lone requests.
const LONE_PERIOD_NS: u64 = 500_000;

/// That many connections, each with one request on its way at a time.
fn echo<const CONNECTIONS: u64>(runtime: &Runtime, operations: u64) -> Sample {
    open_many_files().expect("the limit may be raised");
    under_load(
        runtime,
        || serve(answer::<BUFFER>),
        move |address| Generator::measure(address, "echo", &[CONNECTIONS, operations]),
    )
}

/// One connection with a request now and then, before each of which the server has gone to sleep.
fn echo_lone(runtime: &Runtime, operations: u64) -> Sample {
    under_load(
        runtime,
        || serve(answer::<BUFFER>),
        move |address| Generator::measure(address, "paced", &[1, operations, LONE_PERIOD_NS]),
    )
}

/// Echoes until the other side closes.
pub(crate) async fn answer<const BUFFER: usize>(mut stream: TcpStream) {
    stream.set_nodelay(true).expect("a TCP stream");
    let mut buffer = [0; BUFFER];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        if stream.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
