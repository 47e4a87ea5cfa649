//! An HTTP server, which is hyper 1 on each runtime's own sockets.

use std::convert::Infallible;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use mini_benches::generator::Generator;
use mini_benches::program::{Work, sampled};
use mini_benches::sample::Sample;

use crate::HyperIo;
use crate::rt::{Runtime, TcpStream, serve};
use crate::serving::under_load;

pub(crate) const WORKS: &[Work<Runtime>] = &[sampled("http", http)];

const CONNECTIONS: u64 = 64;

/// Requests of HTTP/1.1 on connections that stay.
fn http(runtime: &Runtime, operations: u64) -> Sample {
    under_load(
        runtime,
        || serve(answer),
        move |address| Generator::measure(address, "http", &[CONNECTIONS, operations]),
    )
}

async fn answer(stream: TcpStream) {
    stream.set_nodelay(true).expect("a TCP stream");
    let greet = |_: Request<hyper::body::Incoming>| async {
        Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"hello"))))
    };
    // It ends when the client closes, with or without an error.
    let _ = http1::Builder::new().serve_connection(HyperIo::new(stream), service_fn(greet)).await;
}
