//! `io`: buffers, adapters, streams in memory, standard streams, and readiness.
//!
//! An adapter is what the stream in it is; one row of each kind shows that.

use std::io::Cursor;
use std::marker::PhantomPinned;

use mini::io::*;

use crate::rows::{futures, types};

/// A stream that is all.
type Stream = Cursor<Vec<u8>>;
/// One that may not be shared.
type Unshared = Join<std::cell::Cell<u8>, std::cell::Cell<u8>>;
/// One that may not leave its thread.
type Local = Join<std::rc::Rc<u8>, std::rc::Rc<u8>>;

types! {
    BufReader<Stream> => yes yes yes;
    BufReader<Unshared> => yes no yes;
    BufReader<Local> => no no yes;
    BufReader<PhantomPinned> => yes yes no;
    BufStream<Stream> => yes yes yes;
    BufStream<Unshared> => yes no yes;
    BufWriter<Stream> => yes yes yes;
    BufWriter<Local> => no no yes;
    BufWriter<PhantomPinned> => yes yes no;
    Chain<Stream, Stream> => yes yes yes;
    Chain<Stream, Unshared> => yes no yes;
    Chain<Local, Stream> => no no yes;
    DuplexStream => yes yes yes;
    Empty => yes yes yes;
    Interest => yes yes yes;
    Join<Stream, Stream> => yes yes yes;
    Join<Stream, PhantomPinned> => yes yes no;
    Lines<Stream> => yes yes yes;
    Lines<Unshared> => yes no yes;
    ReadBuf<'_> => yes yes yes;
    ReadHalf<Stream> => yes yes yes;
    ReadHalf<Unshared> => yes yes yes;
    ReadHalf<Local> => no no yes;
    ReadHalf<PhantomPinned> => yes yes yes;
    Ready => yes yes yes;
    Repeat => yes yes yes;
    SimplexStream => yes yes yes;
    Sink => yes yes yes;
    Split<Stream> => yes yes yes;
    Stderr => yes yes yes;
    Stdin => yes yes yes;
    Stdout => yes yes yes;
    Take<Stream> => yes yes yes;
    Take<Local> => no no yes;
    WriteHalf<Stream> => yes yes yes;
    WriteHalf<Unshared> => yes yes yes;
    WriteHalf<Local> => no no yes;
    WriteHalf<PhantomPinned> => yes yes yes;
}

#[cfg(unix)]
types! {
    unix::AsyncFd<std::os::fd::OwnedFd> => yes yes yes;
    unix::AsyncFdReadyGuard<'_, std::os::fd::OwnedFd> => yes yes yes;
    unix::AsyncFdReadyMutGuard<'_, std::os::fd::OwnedFd> => yes yes yes;
    unix::TryIoError => yes yes yes;
}

futures! {
    (one: &mut Stream, two: &mut Stream) copy(one, two) => yes yes no;
    (one: &mut Stream, two: &mut Stream) copy_buf(one, two) => yes yes no;
    (one: &mut DuplexStream, two: &mut DuplexStream) copy_bidirectional(one, two) => yes yes no;
    (stream: &mut Stream) stream.read_u8() => yes yes no;
    (stream: &mut Stream, bytes: &mut [u8]) stream.read(bytes) => yes yes no;
    (stream: &mut Stream, bytes: &mut [u8]) stream.read_exact(bytes) => yes yes no;
    (stream: &mut Stream, bytes: &mut Vec<u8>) stream.read_to_end(bytes) => yes yes no;
    (stream: &mut Stream, text: &mut String) stream.read_line(text) => yes yes no;
    (stream: &mut Stream) stream.fill_buf() => yes yes no;
    (stream: &mut Stream) stream.write_all(b"") => yes yes no;
    (stream: &mut Stream) stream.flush() => yes yes no;
    (stream: &mut Stream) stream.shutdown() => yes yes no;
    (stream: &mut Stream) stream.rewind() => yes yes no;
    (lines: &mut Lines<Stream>) lines.next_line() => yes yes no;
    (segments: &mut Split<Stream>) segments.next_segment() => yes yes no;
}
