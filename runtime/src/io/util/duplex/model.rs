//! Loom: no wake is lost between the two ends of a pipe, on any interleaving of bytes, room and closing.

use loom::future::block_on;
use loom::thread;

use super::*;
use crate::io::{AsyncReadExt, AsyncWriteExt};

#[test]
fn every_byte_arrives_through_a_pipe_of_one() {
    loom::model(|| {
        let (mut left, mut right) = duplex(1);
        let writer = thread::spawn(move || block_on(async { left.write_all(b"ab").await.unwrap() }));
        let mut bytes = Vec::new();
        block_on(right.read_to_end(&mut bytes)).unwrap();
        assert_eq!(bytes, b"ab");
        writer.join().unwrap();
    });
}

#[test]
fn a_writer_without_room_learns_that_the_reader_is_gone() {
    loom::model(|| {
        let (mut left, right) = duplex(1);
        let reader = thread::spawn(move || drop(right));
        let error = block_on(left.write_all(b"ab")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        reader.join().unwrap();
    });
}
