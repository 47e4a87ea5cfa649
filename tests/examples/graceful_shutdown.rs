//! `graceful_shutdown`: requests that finish in time, and one that does not.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::child::{Child, connect};

/// Sends a request, and waits until the server is at it.
fn begin(server: &Child, stream: &mut TcpStream, milliseconds: u32) {
    stream.write_all(format!("{milliseconds}\n").as_bytes()).unwrap();
    assert_eq!(server.line(), format!("a request for {milliseconds} ms"));
}

/// What comes until the server closes.
fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn requests_under_way_are_answered_and_new_connections_refused() {
    let (server, address) = Child::serve("graceful_shutdown", &["--limit-ms", "50000"]);
    let mut busy = connect(address);
    begin(&server, &mut busy, 1000);
    let mut idle = connect(address);
    begin(&server, &mut idle, 0);
    let mut answer = [0; "worked for 0 ms\n".len()];
    idle.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"worked for 0 ms\n");

    server.signal("TERM");
    assert_eq!(server.line(), "stopping: 2 connections are open");
    assert!(TcpStream::connect(address).is_err(), "a connection after the end");
    assert_eq!(rest(idle), "");
    assert_eq!(rest(busy), "worked for 1000 ms\n");
    let end = server.end();
    assert_eq!(end.output, ["2 finished"]);
    assert_eq!(end.status.code(), Some(0), "{}", end.errors);
}

#[test]
fn a_request_over_the_limit_is_cut_off() {
    let (server, address) = Child::serve("graceful_shutdown", &["--limit-ms", "300"]);
    let mut slow = connect(address);
    begin(&server, &mut slow, 3_600_000);
    let mut bad = connect(address);
    bad.write_all(b"soon\n").unwrap();
    let mut answer = [0; "expected a number of milliseconds\n".len()];
    bad.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"expected a number of milliseconds\n");

    server.signal("INT");
    assert_eq!(server.line(), "stopping: 2 connections are open");
    let end = server.end();
    assert_eq!(end.output, ["1 finished", "1 cut off after 300ms"]);
    assert_eq!(end.status.code(), Some(0), "{}", end.errors);
    assert_eq!(rest(slow), "");
}
