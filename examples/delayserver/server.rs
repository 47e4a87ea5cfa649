//! The delay server itself: as much of HTTP/1.1 as a request without a body needs, keep-alive included.
//!
//! Not a parser to copy into a product; `http` shows hyper. The invariant: a connection is answered in the order of its
//! requests, and closed after the first one that is not understood.

use std::io;
use std::time::Duration;

use mini::io::{AsyncWriteExt, BufReader};
use mini::net::{TcpListener, TcpStream};
use mini::time::sleep;

use crate::common;

/// Headers of the longest request.
const MAX_HEADERS: usize = 100;

pub async fn serve(listener: TcpListener) {
    loop {
        let (stream, peer) = common::accept(&listener).await;
        mini::spawn(async move {
            if let Err(error) = serve_connection(stream).await {
                eprintln!("{peer}: {error}");
            }
        });
    }
}

async fn serve_connection(stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::with_capacity(1024, stream);
    loop {
        let (status, message, is_last) = match read_request(&mut stream).await {
            Ok(None) => return Ok(()),
            Ok(Some(request)) => {
                sleep(request.delay).await;
                ("200 OK", request.message, request.is_last)
            }
            // Not UTF-8, too long, or not what this server answers.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                ("400 Bad Request", error.to_string(), true)
            }
            Err(error) => return Err(error),
        };
        let connection = if is_last { "close" } else { "keep-alive" };
        let length = message.len() + 1;
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {length}\r\n\
             connection: {connection}\r\n\r\n{message}\n"
        );
        stream.write_all(answer.as_bytes()).await?;
        if is_last {
            return stream.shutdown().await;
        }
    }
}

struct Request {
    delay: Duration,
    message: String,
    /// The connection ends with this request.
    is_last: bool,
}

/// The next request; `None` when the peer has no more.
async fn read_request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let Some(line) = common::read_line(stream).await? else {
        return Ok(None);
    };
    let mut request =
        parse_request_line(&line).ok_or_else(|| bad("expected GET /{milliseconds}/{message}"))?;
    for _ in 0..MAX_HEADERS {
        let header = common::read_line(stream).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        if header.is_empty() {
            return Ok(Some(request));
        }
        let (name, value) =
            header.split_once(':').ok_or_else(|| bad("expected a header: name, colon, value"))?;
        match (name.to_ascii_lowercase().as_str(), value.trim()) {
            ("connection", value) => request.is_last |= value.eq_ignore_ascii_case("close"),
            ("content-length", "0") => {}
            ("content-length" | "transfer-encoding", _) => {
                return Err(bad("expected a request without a body"));
            }
            _ => {}
        }
    }
    Err(bad("too many headers"))
}

/// `GET /{milliseconds}/{message} HTTP/1.1`. After HTTP/1.0 the connection ends.
fn parse_request_line(line: &str) -> Option<Request> {
    let (path, version) = line.strip_prefix("GET /")?.split_once(' ')?;
    let (milliseconds, message) = path.split_once('/')?;
    let milliseconds: u32 = milliseconds.parse().ok()?;
    let is_last = match version {
        "HTTP/1.1" => false,
        "HTTP/1.0" => true,
        _ => return None,
    };
    let delay = Duration::from_millis(milliseconds.into());
    Some(Request { delay, message: message.to_owned(), is_last })
}

fn bad(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
