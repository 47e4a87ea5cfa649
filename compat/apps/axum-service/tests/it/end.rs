//! The orderly end: what was begun is finished, what was not is refused, and nothing waits for the idle.

use std::io::{Read, Write};
use std::net::TcpStream;

use loopback::{Program, drive};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{client, start};

const HEAD: &[u8] = b"POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
    content-length: 15\r\nexpect: 100-continue\r\n\r\n";

#[test]
fn a_request_that_was_begun_is_answered_after_the_stop() {
    drive(|| async {
        let server = start().await;
        let mut stream = server.connect().await;
        stream.write_all(HEAD).await.unwrap();
        // The handler asks for the body: it is in the midst of the request.
        let mut more = [0; 25];
        stream.read_exact(&mut more).await.unwrap();
        assert_eq!(&more, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(br#"{"text":"#).await.unwrap();

        let stopping = server.stop();
        tokio::task::yield_now().await;
        assert!(!stopping.has_ended());
        stream.write_all(br#""last"}"#).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        assert!(answer.ends_with(r#"{"id":1,"text":"last"}"#), "{answer}");
        stopping.ended().await;
    });
}

#[test]
fn connections_that_are_idle_do_not_hold_up_the_end() {
    drive(|| async {
        let (server, client) = (start().await, client());
        // One that may be used again, and one that never was.
        client.get(server.url("http") + "/notes").send().await.unwrap().bytes().await.unwrap();
        let mut silent = server.connect().await;
        // An exchange on a third connection, so that the silent one before it has been accepted.
        crate::client().get(server.url("http") + "/notes").send().await.unwrap().bytes().await.unwrap();
        server.end().await;
        assert_eq!(silent.read(&mut [0; 16]).await.unwrap(), 0);
    });
}

#[test]
fn the_program_ends_on_ctrl_c() {
    let program = Program::start(env!("CARGO_BIN_EXE_axum-service"));
    let mut stream = TcpStream::connect(program.address()).unwrap();
    stream.write_all(b"GET /notes HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("[]"), "{answer}");
    program.interrupt();
}
