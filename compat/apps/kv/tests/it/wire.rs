//! The protocol by hand: typed lines, crumbs, and what is no request.

use loopback::{Server, drive};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::start;

/// Sends this, closes that direction, and returns all that is answered.
async fn answer(server: &Server, request: &[u8]) -> String {
    let mut stream = server.connect().await;
    stream.write_all(request).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[test]
fn lines_may_be_typed() {
    drive(|| async {
        let server = start().await;
        let typed = b"ping\r\n\r\nSET key value\nget  key\r\nGET\r\nping hello\r\n";
        let wrong = "-ERR wrong number of arguments for 'get' command\r\n";
        let expected = format!("+PONG\r\n+OK\r\n$5\r\nvalue\r\n{wrong}$5\r\nhello\r\n");
        assert_eq!(answer(&server, typed).await, expected);
        server.end().await;
    });
}

#[test]
fn a_request_in_crumbs_is_one_request() {
    drive(|| async {
        let server = start().await;
        let mut stream = server.connect().await;
        for byte in b"*2\r\n$4\r\nPING\r\n$2\r\n\r\n\r\n" {
            stream.write_u8(*byte).await.unwrap();
            tokio::task::yield_now().await;
        }
        let mut answer = [0; 8];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"$2\r\n\r\n\r\n");
        server.end().await;
    });
}

#[test]
fn what_is_no_request_is_told_so_and_ends_its_connection() {
    drive(|| async {
        let server = start().await;
        for (request, reason) in [
            (&b"PING\r\n*x\r\n"[..], "a length is a number"),
            (b"PING\r\n*9999999\r\n", "invalid multibulk length"),
            (b"PING\r\n*1\r\n$999999999\r\n", "invalid bulk length"),
            (b"PING\r\n*1\r\nPING\r\n", "expected a length"),
        ] {
            let expected = format!("+PONG\r\n-ERR Protocol error: {reason}\r\n");
            assert_eq!(answer(&server, request).await, expected);
        }
        server.end().await;
    });
}

#[test]
fn a_request_that_is_cut_short_is_nothing() {
    drive(|| async {
        let server = start().await;
        assert_eq!(answer(&server, b"*2\r\n$4\r\nPING\r\n$5\r\nhel").await, "");
        server.end().await;
    });
}
