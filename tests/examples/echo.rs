//! `echo`: its server by hand and under its own client.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::thread;

use crate::child::{Child, connect};

#[test]
fn what_is_sent_comes_back_and_then_the_end() {
    let (server, address) = Child::serve("echo", &[]);
    let mut stream = connect(address);
    // More than the buffers of both sockets hold, so that it must be read while it is written.
    let sent: Vec<u8> = (0..20_000_000_u32).map(|number| (number / 7) as u8).collect();
    let mut writer = stream.try_clone().unwrap();
    let received = thread::scope(|scope| {
        scope.spawn(|| {
            writer.write_all(&sent).unwrap();
            writer.shutdown(Shutdown::Write).unwrap();
        });
        let mut received = Vec::new();
        stream.read_to_end(&mut received).unwrap();
        received
    });
    assert!(received == sent, "{} bytes sent, {} received", sent.len(), received.len());
    server.stop();
}

#[test]
fn the_client_counts_every_request() {
    let (server, address) = Child::serve("echo", &[]);
    let address = address.to_string();
    let arguments = ["--client", &address, "--connections", "50", "--requests", "1001"];
    let end = Child::start("echo", &arguments).end();
    assert_eq!(end.status.code(), Some(0), "{}", end.errors);
    let [count, latency] = &end.output[..] else { panic!("{:?}", end.output) };
    assert!(
        count.starts_with("1001 requests over 50 connections in ") && count.ends_with(" requests/s"),
        "{count}"
    );
    assert!(latency.starts_with("latency: p50 "), "{latency}");
    server.stop();
}

#[test]
fn the_client_says_in_one_line_why_it_cannot() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let end = Child::start("echo", &["--client", &free, "--connections", "3"]).end();
    assert_eq!(end.status.code(), Some(1));
    assert!(end.errors.starts_with(&format!("Error: cannot connect to {free}: ")), "{}", end.errors);
    assert_eq!(end.errors.lines().count(), 1);

    let end = Child::start("echo", &["--client", &free, "--requests", "0"]).end();
    assert_eq!(end.status.code(), Some(1));
    assert_eq!(end.errors, "Error: --connections and --requests must be at least 1\n");
}
