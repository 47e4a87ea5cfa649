//! Who leaves, is late, or stops: no side waits for ever, and each is told what it has to know.

use std::net::TcpStream;
use std::time::Duration;

use futures_util::stream;
use grpc::SumsClient;
use grpc::messages::{Number, Range};
use loopback::{Program, drive};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tonic::{Code, Request};

use crate::{client, start};

const FOR_EVER: Range = Range { first: 0, last: i64::MAX };

#[test]
fn who_leaves_an_endless_stream_ends_it() {
    drive(|| async {
        let server = start().await;
        let mut client = client(&server).await;
        let mut numbers = client.count(FOR_EVER).await.unwrap().into_inner();
        assert_eq!(numbers.message().await.unwrap(), Some(Number { value: 0 }));
        drop((client, numbers));
        // It would wait for the stream.
        server.end().await;
    });
}

#[test]
fn the_end_of_the_service_cuts_endless_streams_off_and_says_so() {
    drive(|| async {
        let server = start().await;
        let mut client = client(&server).await;
        let mut numbers = client.count(FOR_EVER).await.unwrap().into_inner();
        let mut sums = client.running(stream::pending()).await.unwrap().into_inner();
        numbers.message().await.unwrap();

        let stopping = server.stop();
        assert_eq!(sums.message().await.unwrap_err().code(), Code::Unavailable);
        let refusal = loop {
            match numbers.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("an endless stream ended as if it were whole"),
                Err(refusal) => break refusal,
            }
        };
        assert_eq!((refusal.code(), refusal.message()), (Code::Unavailable, "the service stops"));
        stopping.ended().await;
    });
}

#[test]
fn a_call_beyond_its_deadline_is_cancelled() {
    drive(|| async {
        let server = start().await;
        let mut client = client(&server).await;
        let mut request = Request::new(stream::pending());
        request.set_timeout(Duration::from_millis(20));
        let refusal = client.total(request).await.unwrap_err();
        assert!(matches!(refusal.code(), Code::Cancelled | Code::DeadlineExceeded), "{refusal:?}");
        drop(client);
        server.end().await;
    });
}

#[test]
fn a_call_to_nobody_is_refused() {
    drive(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = SumsClient::connect(url).await.unwrap_err();
        let shown = format!("{error:?}");
        assert!(shown.contains("ConnectionRefused"), "{shown}");
    });
}

/// The type of the HTTP/2 frame that begins a request.
const HEADERS: u8 = 1;

/// Reads a whole HTTP/2 frame, and returns its type.
async fn read_frame(stream: &mut tokio::net::TcpStream) -> u8 {
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.unwrap();
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    stream.read_exact(&mut vec![0; length as usize]).await.unwrap();
    head[3]
}

#[test]
fn a_server_that_leaves_in_the_midst_of_a_call_fails_it() {
    drive(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calling = tokio::spawn(async move {
            let mut client = SumsClient::connect(url).await.unwrap();
            client.count(FOR_EVER).await.unwrap_err()
        });
        let (mut stream, _) = listener.accept().await.unwrap();
        // Another attempt is refused.
        drop(listener);
        let mut preface = [0; 24];
        stream.read_exact(&mut preface).await.unwrap();
        assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        // A connection that closes before the request is on it is a cancelled call to the client, not a failed one.
        while read_frame(&mut stream).await != HEADERS {}
        drop(stream);
        let refusal = calling.await.unwrap();
        assert!(matches!(refusal.code(), Code::Unknown | Code::Unavailable), "{refusal:?}");
    });
}

#[test]
fn the_program_ends_on_ctrl_c() {
    let program = Program::start(env!("CARGO_BIN_EXE_grpc"));
    drop(TcpStream::connect(program.address()).unwrap());
    program.interrupt();
}
