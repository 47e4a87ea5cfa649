//! [`read_response`]: as much of an HTTP client as the tests need, with no code of the product in it.
//!
//! Not for answers whose end is the connection's. The invariant: what follows the answer stays in the reader.

use std::io::BufRead;

pub struct Response {
    pub status: u16,
    pub body: String,
    /// Names in lower case, and values.
    headers: Vec<(String, String)>,
}

impl Response {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }
}

pub fn read_response(reader: &mut impl BufRead) -> Response {
    let status_line = read_line(reader);
    let status = status_line
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3)?.parse().ok())
        .unwrap_or_else(|| panic!("not a status line: {status_line:?}"));
    let mut headers = Vec::new();
    loop {
        let line = read_line(reader);
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').expect("a header");
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut response = Response { status, headers, body: String::new() };
    let body = match response.header("transfer-encoding") {
        "chunked" => read_chunks(reader),
        _ => {
            let length = response.header("content-length").parse().expect("the body's length");
            read_exact(reader, length)
        }
    };
    response.body = String::from_utf8(body).expect("text");
    response
}

fn read_chunks(reader: &mut impl BufRead) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let length = usize::from_str_radix(&read_line(reader), 16).expect("a chunk's length");
        body.extend(read_exact(reader, length));
        assert_eq!(read_line(reader), "", "after a chunk");
        if length == 0 {
            return body;
        }
    }
}

fn read_line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line of the answer");
    line.strip_suffix("\r\n").unwrap_or_else(|| panic!("the answer stops at {line:?}")).to_owned()
}

fn read_exact(reader: &mut impl BufRead, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).expect("the whole body");
    bytes
}
