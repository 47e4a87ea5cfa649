//! A web server: hyper's HTTP/1.1, with keep-alive, on sockets and tasks of `mini`.
//!
//! ```text
//! cargo run --release --example http
//! ```
//!
//! It prints what to open in a browser and what to type. Under load: `wrk -c 1000 -d 30 http://127.0.0.1:8080/hello`.
#![allow(clippy::print_stdout, clippy::print_stderr)] // A program speaks there.

mod common;

use std::convert::Infallible;

use common::{Options, Result};
use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use mini::hyper::{Io, Timer};
use mini::net::{TcpListener, TcpStream};

const USAGE: &str = "http [--addr HOST:PORT]";

const PAGE: &str = "<!doctype html>
<title>mini</title>
<h1>It works</h1>
<p>This page came over a socket of <code>mini</code>. See also <a href=\"/hello\">/hello</a>.</p>
";

#[mini::main]
async fn main() -> Result {
    let options = Options::read(USAGE);
    let (listener, stop) = common::listen(&options.get("--addr", common::ADDRESS.to_owned())).await?;
    let address = listener.local_addr()?;
    println!("open in a browser:  http://{address}/");
    println!("or type:            curl http://{address}/hello");
    println!("                    curl --data 'some text' http://{address}/echo");
    println!("ctrl-c ends it");
    mini::select! {
        () = serve(listener) => {}
        () = stop => println!("stopped"),
    }
    Ok(())
}

/// Each connection is a task of its own, on which its requests follow each other.
async fn serve(listener: TcpListener) {
    loop {
        let (stream, peer) = common::accept(&listener).await;
        mini::spawn(async move {
            match serve_connection(stream).await {
                // A client may leave when it likes.
                Err(error) if !error.is_incomplete_message() => eprintln!("{peer}: {error}"),
                _ => {}
            }
        });
    }
}

async fn serve_connection(stream: TcpStream) -> hyper::Result<()> {
    // Nothing but time is lost if this fails.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        // With a timer, hyper gives up on a peer that does not send its whole head within 30 s.
        .timer(Timer::new())
        .serve_connection(Io::new(stream), service_fn(answer))
        .await
}

/// A whole answer, or one that streams what comes in.
type Body = Either<Full<Bytes>, Incoming>;

async fn answer(request: Request<Incoming>) -> std::result::Result<Response<Body>, Infallible> {
    Ok(match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/") => text(StatusCode::OK, "text/html; charset=utf-8", PAGE),
        (&Method::GET | &Method::HEAD, "/hello") => text(StatusCode::OK, "text/plain", "hello\n"),
        (&Method::POST, "/echo") => Response::new(Either::Right(request.into_body())),
        _ => text(StatusCode::NOT_FOUND, "text/plain", "not found\n"),
    })
}

fn text(status: StatusCode, kind: &'static str, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(Bytes::from_static(text.as_bytes()))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
