//! Servers that are not there, that say nothing, that leave, or that talk nonsense.

use std::time::Duration;

use loopback::drive;
use reqwest_client::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::client;

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// Reads a request's head, byte by byte, so that nothing behind it is taken.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[test]
fn a_service_that_is_not_there_is_a_refused_connection() {
    drive(|| async {
        let (listener, url) = listen().await;
        drop(listener);
        let error = client(&url).all().await.unwrap_err();
        assert!(error.is_connect() && !error.is_timeout(), "{error:?}");
        let shown = format!("{error:?}");
        assert!(shown.contains("Connection refused"), "{shown}");
    });
}

#[test]
fn a_service_that_says_nothing_is_a_timeout() {
    drive(|| async {
        let (listener, url) = listen().await;
        let client = Client::new(&url, Duration::from_millis(500)).unwrap();
        let calling = tokio::spawn(async move { client.all().await.unwrap_err() });
        let mut stream = listener.accept().await.unwrap().0;
        // The request, in whole or, on a machine that stood still for that long, in part; then the client lets go.
        stream.read_to_end(&mut Vec::new()).await.unwrap();
        let error = calling.await.unwrap();
        assert!(error.is_timeout() && !error.is_connect(), "{error:?}");
    });
}

#[test]
fn a_service_that_leaves_in_the_midst_of_its_answer_is_an_error_of_the_body() {
    drive(|| async {
        let (listener, url) = listen().await;
        let calling = tokio::spawn(async move { client(&url).all().await.unwrap_err() });
        let mut stream = listener.accept().await.unwrap().0;
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[").await.unwrap();
        drop(stream);
        let error = calling.await.unwrap();
        assert!(error.is_body() || error.is_decode(), "{error:?}");
    });
}

#[test]
fn an_answer_that_is_not_json_is_an_error_of_decoding() {
    drive(|| async {
        let (listener, url) = listen().await;
        let calling = tokio::spawn(async move { client(&url).all().await.unwrap_err() });
        let mut stream = listener.accept().await.unwrap().0;
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n[1,").await.unwrap();
        let error = calling.await.unwrap();
        assert!(error.is_decode(), "{error:?}");
    });
}

#[test]
fn an_answer_in_crumbs_is_put_together() {
    drive(|| async {
        let (listener, url) = listen().await;
        let serving = tokio::spawn(async move {
            // The client may come back on the same connection, or on a new one: its pool decides.
            loop {
                tokio::spawn(answer_in_crumbs(listener.accept().await.unwrap().0));
            }
        });
        let client = client(&url);
        assert_eq!(client.all().await.unwrap(), Vec::new());
        assert_eq!(client.all().await.unwrap(), Vec::new());
        serving.abort();
    });
}

/// Answers each request with an empty list, a byte at a time, until the client leaves.
async fn answer_in_crumbs(mut stream: TcpStream) {
    while stream.peek(&mut [0; 1]).await.unwrap() > 0 {
        let head = read_head(&mut stream).await;
        assert!(head.starts_with("GET /notes HTTP/1.1\r\n"), "{head}");
        for byte in b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n" {
            stream.write_u8(*byte).await.unwrap();
            tokio::task::yield_now().await;
        }
    }
}

#[test]
fn a_call_that_is_given_up_lets_go_of_its_connection() {
    drive(|| async {
        let (listener, url) = listen().await;
        let calling = tokio::spawn(async move { client(&url).all().await });
        let mut stream = listener.accept().await.unwrap().0;
        read_head(&mut stream).await;
        calling.abort();
        assert!(calling.await.unwrap_err().is_cancelled());
        assert_eq!(stream.read(&mut [0; 1]).await.unwrap(), 0);
    });
}
