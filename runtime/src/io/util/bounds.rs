//! The table of what every public type of `io` can be used for: that this file compiles is the test.

use std::io::Cursor;
use std::rc::Rc;

use super::*;
use crate::io::{ReadBuf, copy, copy_bidirectional, copy_buf};

fn is_free<T: Send + Sync + Unpin>() {}
fn is_sendable(_: impl Send) {}

/// A stream that may go to another thread, but may not be shared.
type SendOnly = join::Join<std::cell::Cell<u8>, std::cell::Cell<u8>>;

#[test]
fn adapters_are_as_free_as_what_they_hold() {
    type Stream = Cursor<Vec<u8>>;
    is_free::<ReadBuf<'_>>();
    is_free::<BufReader<Stream>>();
    is_free::<BufWriter<Stream>>();
    is_free::<BufStream<Stream>>();
    is_free::<Chain<Stream, Stream>>();
    is_free::<Take<Stream>>();
    is_free::<Join<Stream, Stream>>();
    is_free::<Lines<Stream>>();
    is_free::<Split<Stream>>();
    is_free::<Empty>();
    is_free::<Sink>();
    is_free::<Repeat>();
    is_free::<DuplexStream>();
    is_free::<SimplexStream>();
    is_free::<ReadHalf<SendOnly>>();
    is_free::<WriteHalf<SendOnly>>();
}

#[test]
fn halves_are_unpin_even_where_the_stream_is_pinned() {
    fn is_unpin<T: Unpin>() {}
    is_unpin::<ReadHalf<std::marker::PhantomPinned>>();
    is_unpin::<WriteHalf<Rc<std::marker::PhantomPinned>>>();
}

#[test]
fn copies_can_be_spawned() {
    let (mut one, mut two) = duplex(1);
    is_sendable(copy(&mut one, &mut two));
    is_sendable(copy_buf(&mut BufReader::new(&mut one), &mut two));
    is_sendable(copy_bidirectional(&mut one, &mut two));
}
