//! The end of the server, and of its clients.

use std::io::{Read, Write};
use std::net::TcpStream;

use loopback::{Program, drive};
use redis::AsyncCommands;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{client, connect, start};

#[test]
fn clients_that_are_connected_do_not_hold_up_the_end() {
    drive(|| async {
        let server = start().await;
        let mut redis = connect(&server).await;
        let mut subscriber = client(&server).get_async_pubsub().await.unwrap();
        subscriber.subscribe("news").await.unwrap();
        let mut half = server.connect().await;
        half.write_all(b"*1\r\n$4\r\nPI").await.unwrap();
        let _: () = redis.set("key", "value").await.unwrap();
        let _: () = redis.expire("key", 3600).await.unwrap();
        server.end().await;
        // The end; it is a reset if the server left before it read what was sent.
        assert!(!half.read(&mut [0; 1]).await.is_ok_and(|count| count > 0));
        let error = redis.get::<_, String>("key").await.unwrap_err();
        assert!(error.is_io_error() || error.is_connection_dropped(), "{error:?}");
    });
}

#[test]
fn a_server_that_is_not_there_is_a_refused_connection() {
    drive(|| async {
        let server = start().await;
        let client = client(&server);
        server.end().await;
        let error = client.get_multiplexed_async_connection().await.err().unwrap();
        assert!(error.is_connection_refusal(), "{error:?}");
    });
}

#[test]
fn the_program_ends_on_ctrl_c() {
    let program = Program::start(env!("CARGO_BIN_EXE_kv"));
    let mut stream = TcpStream::connect(program.address()).unwrap();
    stream.write_all(b"PING\r\n").unwrap();
    let mut answer = [0; 7];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"+PONG\r\n");
    program.interrupt();
    assert_eq!(stream.read(&mut answer).unwrap(), 0);
}
