//! [`Reply`]: what is answered, and how it stands in the bytes.

use std::borrow::Cow;

use bytes::{BufMut, Bytes, BytesMut};

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    Simple(&'static str),
    Error(Cow<'static, str>),
    Integer(i64),
    /// A string, of any bytes.
    Bulk(Bytes),
    Nil,
    Array(Vec<Reply>),
}

impl Reply {
    pub(crate) fn write(&self, out: &mut BytesMut) {
        match self {
            Self::Simple(text) => put_line(out, b'+', text),
            Self::Error(text) => put_line(out, b'-', text),
            Self::Integer(number) => put_line(out, b':', &number.to_string()),
            Self::Bulk(bytes) => {
                put_line(out, b'$', &bytes.len().to_string());
                out.put_slice(bytes);
                out.put_slice(b"\r\n");
            }
            Self::Nil => out.put_slice(b"$-1\r\n"),
            Self::Array(replies) => {
                put_line(out, b'*', &replies.len().to_string());
                replies.iter().for_each(|reply| reply.write(out));
            }
        }
    }
}

fn put_line(out: &mut BytesMut, mark: u8, text: &str) {
    out.put_u8(mark);
    out.put_slice(text.as_bytes());
    out.put_slice(b"\r\n");
}
