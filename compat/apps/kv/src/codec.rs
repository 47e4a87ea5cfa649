//! [`Resp`]: requests in, replies out, as tokio-util's `Framed` wants them.

use std::io;

use bytes::BytesMut;
use tokio_util::codec::{Decoder, Encoder};

use crate::reply::Reply;
use crate::request::{self, Request};

pub(crate) struct Resp;

impl Decoder for Resp {
    type Item = Request;
    type Error = io::Error;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Request>> {
        request::parse(bytes).map_err(|reason| io::Error::new(io::ErrorKind::InvalidData, reason))
    }
}

impl Encoder<Reply> for Resp {
    type Error = io::Error;

    fn encode(&mut self, reply: Reply, out: &mut BytesMut) -> io::Result<()> {
        reply.write(out);
        Ok(())
    }
}
