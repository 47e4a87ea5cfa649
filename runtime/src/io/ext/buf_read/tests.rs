//! The methods of `AsyncBufReadExt` over scripted readers, and against `std::io::BufRead` under any cutting.

use std::io::BufRead;

use futures::executor::block_on;
use proptest::prelude::*;

use super::*;
use crate::io::mock::{MockReader, Step, bytes_and_reads, cases, give, poll_once};
use crate::io::{BufReader, ErrorKind};

fn buffered(steps: impl IntoIterator<Item = Step>) -> BufReader<MockReader> {
    BufReader::with_capacity(4, MockReader::new(steps))
}

#[test]
fn a_dropped_read_until_goes_on_with_the_same_buffer() {
    let mut reader = buffered([give("ab"), Step::Pending, give("c;d")]);
    let mut buf = Vec::new();
    assert!(poll_once(reader.read_until(b';', &mut buf)).is_pending());
    assert_eq!(buf, b"ab");
    assert_eq!(block_on(reader.read_until(b';', &mut buf)).unwrap(), 2);
    assert_eq!(buf, b"abc;");
    assert_eq!(block_on(reader.read_until(b';', &mut buf)).unwrap(), 1);
    assert_eq!(block_on(reader.read_until(b';', &mut buf)).unwrap(), 0);
}

#[test]
fn read_line_leaves_the_text_alone_where_the_line_is_no_text() {
    for before in ["", "before "] {
        let mut text = String::from(before);
        let mut reader = buffered([give(b"\xff\nnext\n")]);
        let error = block_on(reader.read_line(&mut text)).unwrap_err();
        assert_eq!((error.kind(), text.as_str()), (ErrorKind::InvalidData, before));
        assert_eq!(block_on(reader.read_line(&mut text)).unwrap(), 5);
        assert_eq!(text, format!("{before}next\n"));
    }
}

#[test]
fn read_line_keeps_what_came_before_an_error_if_it_is_text() {
    for (bytes, kept) in [(&b"abc"[..], "> abc"), (b"ab\xc3", "> ")] {
        let mut text = String::from("> ");
        let mut reader = buffered([give(bytes), Step::Fail(ErrorKind::TimedOut)]);
        let error = block_on(reader.read_line(&mut text)).unwrap_err();
        assert_eq!((error.kind(), text.as_str()), (ErrorKind::TimedOut, kept));
    }
}

#[test]
fn a_dropped_read_line_leaves_a_text_that_was_not_empty() {
    let mut text = String::from("> ");
    let mut reader = buffered([give("abc"), Step::Stall]);
    assert!(poll_once(reader.read_line(&mut text)).is_pending());
    assert_eq!(text, "> ");
}

#[test]
fn fill_buf_shows_the_bytes_until_they_are_consumed_and_then_the_end() {
    let mut reader = buffered([Step::Pending, give("abcdef")]);
    assert_eq!(block_on(reader.fill_buf()).unwrap(), b"abcd");
    AsyncBufReadExt::consume(&mut reader, 3);
    assert_eq!(block_on(reader.fill_buf()).unwrap(), b"d");
    AsyncBufReadExt::consume(&mut reader, 1);
    assert_eq!(block_on(reader.fill_buf()).unwrap(), b"ef");
    AsyncBufReadExt::consume(&mut reader, 2);
    assert_eq!(block_on(reader.fill_buf()).unwrap(), b"");
}

#[test]
fn a_reader_that_takes_back_its_bytes_is_an_error_not_a_panic() {
    struct Fickle(bool);
    impl crate::io::AsyncRead for Fickle {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut crate::io::ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }
    impl AsyncBufRead for Fickle {
        fn poll_fill_buf(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
            if mem::replace(&mut self.0, true) { Poll::Pending } else { Poll::Ready(Ok(b"x")) }
        }
        fn consume(self: Pin<&mut Self>, _: usize) {}
    }
    let error = block_on(Fickle(false).fill_buf()).unwrap_err();
    assert_eq!(error.to_string(), "reader took back the bytes it had shown");
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_cutting_gives_the_segments_and_lines_of_std((bytes, steps) in bytes_and_reads()) {
        let mut segments = AsyncBufReadExt::split(buffered(steps.clone()), 0);
        for expected in BufRead::split(&bytes[..], 0) {
            prop_assert_eq!(block_on(segments.next_segment()).unwrap(), Some(expected.unwrap()));
        }
        prop_assert_eq!(block_on(segments.next_segment()).unwrap(), None);

        let mut lines = AsyncBufReadExt::lines(buffered(steps.clone()));
        for expected in BufRead::lines(&bytes[..]) {
            prop_assert_eq!(block_on(lines.next_line()).unwrap(), Some(expected.unwrap()));
        }
        prop_assert_eq!(block_on(lines.next_line()).unwrap(), None);

        let mut reader = buffered(steps);
        let mut text = String::new();
        while block_on(reader.read_line(&mut text)).unwrap() > 0 {}
        prop_assert_eq!(text.as_bytes(), &bytes[..]);
    }
}
