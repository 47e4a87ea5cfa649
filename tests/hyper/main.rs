//! hyper 1 on `mini`: a server and a client over a pipe in memory.

use std::convert::Infallible;
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::rt::{Executor as _, Timer as _};
use hyper::service::service_fn;
use hyper::{Request, Response, client, server};
use mini::hyper::{Executor, Io, Timer};
use mini::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// Answers each request with its own body.
async fn echo(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.expect("the request's body").to_bytes();
    Ok(Response::new(Full::new(body)))
}

fn serve(stream: DuplexStream) -> mini::task::JoinHandle<hyper::Result<()>> {
    let mut builder = server::conn::http1::Builder::new();
    builder.timer(Timer::new()).header_read_timeout(Duration::from_secs(30));
    mini::spawn(builder.serve_connection(Io::new(stream), service_fn(echo)))
}

#[mini::test]
async fn requests_follow_each_other_on_one_connection() {
    // A pipe far smaller than the bodies, so that each takes many reads and writes.
    let (near, far) = duplex(1024);
    let server = serve(far);
    let (mut sender, connection) = client::conn::http1::handshake(Io::new(near)).await.unwrap();
    let client = mini::spawn(connection);
    for length in [0, 1, 100_000] {
        let body = Bytes::from(vec![b'x'; length]);
        sender.ready().await.unwrap();
        let request = Request::post("/").header("host", "mini").body(Full::new(body.clone())).unwrap();
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), body);
    }
    drop(sender);
    client.await.unwrap().unwrap();
    server.await.unwrap().unwrap();
}

#[mini::test(start_paused = true)]
async fn a_client_that_sends_no_header_is_timed_out_by_our_clock() {
    let (near, far) = duplex(64);
    let before = mini::time::Instant::now();
    let error = serve(far).await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(before.elapsed() >= Duration::from_secs(30));
    drop(near);
}

#[mini::test(start_paused = true)]
async fn a_reset_sleep_ends_at_its_new_deadline() {
    let timer = Timer::new();
    let start = timer.now();
    let mut sleep = timer.sleep(Duration::from_secs(3600));
    timer.reset(&mut sleep, start + Duration::from_secs(5));
    sleep.await;
    let passed = timer.now() - start;
    assert!(passed >= Duration::from_secs(5) && passed < Duration::from_secs(6), "{passed:?}");
}

#[mini::test]
async fn the_executor_spawns_tasks() {
    let (sender, receiver) = futures::channel::oneshot::channel();
    Executor::new().execute(async move { sender.send(7).unwrap() });
    assert_eq!(receiver.await, Ok(7));
}

#[mini::test]
async fn wrapped_twice_a_stream_is_itself() {
    let (near, far) = duplex(16);
    let (mut near, mut far) = (Io::new(Io::new(near)), Io::new(Io::new(far)));
    near.write_all(b"there and back").await.unwrap();
    near.shutdown().await.unwrap();
    let mut text = String::new();
    far.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "there and back");
}

#[mini::test]
async fn a_request_without_a_body_gets_an_empty_answer() {
    let (near, far) = duplex(256);
    let _server = serve(far);
    let (mut sender, connection) = client::conn::http1::handshake(Io::new(near)).await.unwrap();
    let _client = mini::spawn(connection);
    let request = Request::get("/").header("host", "mini").body(Empty::<Bytes>::new()).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert!(response.status().is_success());
    assert!(response.into_body().collect().await.unwrap().to_bytes().is_empty());
}
