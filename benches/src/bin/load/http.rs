//! A request of HTTP/1.1, and how long its answer is, headers and all; every answer must be as long.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Asks once on a connection of its own. The answer must be a success and say its body's length.
pub(super) fn request(address: SocketAddr) -> io::Result<(Vec<u8>, usize)> {
    let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes();
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(&request)?;
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        answer.extend_from_slice(&byte);
    }
    let malformed = || io::Error::new(ErrorKind::InvalidData, "not the answer that was asked for");
    let head = String::from_utf8(answer).map_err(|_| malformed())?.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let length: usize = length.ok_or_else(malformed)?;
    stream.read_exact(&mut vec![0; length])?;
    if head.starts_with("http/1.1 200 ") { Ok((request, head.len() + length)) } else { Err(malformed()) }
}
