//! The methods of `AsyncReadExt` over scripted readers, and against a plain vector under any cutting.

use futures::executor::block_on;
use proptest::prelude::*;

use super::*;
use crate::io::ErrorKind;
use crate::io::mock::{MockReader, Step, bytes_and_reads, cases, give, poll_once};

#[test]
fn read_takes_one_read_and_answers_zero_at_the_end_and_for_an_empty_buffer() {
    let mut reader = MockReader::new([give("abcd"), Step::Pending]);
    let mut buf = [0; 3];
    assert_eq!(block_on(reader.read(&mut [])).unwrap(), 0);
    assert_eq!(block_on(reader.read(&mut buf)).unwrap(), 3);
    assert_eq!(block_on(reader.read(&mut buf)).unwrap(), 1);
    assert_eq!(buf, *b"dbc");
    assert_eq!(block_on(reader.read(&mut buf)).unwrap(), 0);
}

#[test]
fn read_reports_interruptions_and_a_dropped_read_takes_nothing() {
    let mut reader = MockReader::new([Step::Fail(ErrorKind::Interrupted), Step::Pending, give("ab")]);
    let mut buf = [0; 4];
    assert_eq!(block_on(reader.read(&mut buf)).unwrap_err().kind(), ErrorKind::Interrupted);
    assert!(poll_once(reader.read(&mut buf)).is_pending());
    assert_eq!(block_on(reader.read(&mut buf)).unwrap(), 2);
}

#[test]
fn read_exact_fails_where_the_stream_ends_within() {
    let mut reader = MockReader::new([give("ab"), Step::Pending, give("c")]);
    let mut buf = [0; 4];
    let error = block_on(reader.read_exact(&mut buf)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    assert_eq!(buf, *b"abc\0");
    let polls = reader.polls;
    assert_eq!(block_on(reader.read_exact(&mut [])).unwrap(), 0);
    assert_eq!(reader.polls, polls, "nothing asked, nothing polled");
}

#[test]
fn read_buf_appends_and_stops_at_the_room_there_is() {
    let mut reader: &[u8] = b"abcdef";
    let mut vec = vec![b'>'];
    let mut array = [0; 2];
    let mut room = &mut array[..];
    assert_eq!(block_on(reader.read_buf(&mut room)).unwrap(), 2);
    assert_eq!(block_on(reader.read_buf(&mut room)).unwrap(), 0, "full");
    assert_eq!(block_on(reader.read_buf(&mut vec)).unwrap(), 4);
    assert_eq!((array, &vec[..]), (*b"ab", &b">cdef"[..]));
}

#[test]
fn read_to_end_does_not_grow_a_vector_that_fits_exactly() {
    for length in [1, 5, 32, 10_000] {
        let bytes = vec![7; length];
        let mut vec = Vec::with_capacity(length);
        let capacity = vec.capacity();
        assert_eq!(block_on((&bytes[..]).read_to_end(&mut vec)).unwrap(), length);
        assert_eq!((vec.capacity(), &vec), (capacity, &bytes));
    }
    // One byte more than was expected.
    let mut vec = Vec::with_capacity(3);
    assert_eq!(block_on((&b"abcd"[..]).read_to_end(&mut vec)).unwrap(), 4);
    assert_eq!(vec, b"abcd");
}

#[test]
fn read_to_end_keeps_what_was_read_before_an_error_or_a_drop() {
    let mut reader = MockReader::new([give("ab"), Step::Fail(ErrorKind::BrokenPipe), give("c"), Step::Stall]);
    let mut vec = vec![b'>'];
    assert_eq!(block_on(reader.read_to_end(&mut vec)).unwrap_err().kind(), ErrorKind::BrokenPipe);
    assert!(poll_once(reader.read_to_end(&mut vec)).is_pending());
    assert_eq!(vec, b">abc");
}

#[test]
fn read_to_end_asks_a_slow_reader_for_a_bounded_window() {
    /// Gives ten bytes a read, and notes the largest buffer it was offered.
    struct Trickle {
        left: usize,
        largest: usize,
    }
    impl AsyncRead for Trickle {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut crate::io::ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            self.largest = self.largest.max(buf.remaining());
            if self.left > 0 {
                self.left -= 1;
                buf.put_slice(&[1; 10]);
            }
            Poll::Ready(Ok(()))
        }
    }
    let mut reader = Trickle { left: 20, largest: 0 };
    let mut vec = Vec::with_capacity(1 << 20);
    assert_eq!(block_on(reader.read_to_end(&mut vec)).unwrap(), 200);
    assert_eq!(reader.largest, 8 * 1024);
}

#[test]
fn read_to_string_leaves_the_text_alone_unless_all_is_valid() {
    for before in ["", "before "] {
        let mut text = String::from(before);
        let mut reader = MockReader::new([give("gr\u{fc}n"), give([0xc3])]);
        let error = block_on(reader.read_to_string(&mut text)).unwrap_err();
        assert_eq!((error.kind(), text.as_str()), (ErrorKind::InvalidData, before));
        let place = error.into_inner().unwrap().downcast::<std::str::Utf8Error>().unwrap();
        assert_eq!(place.valid_up_to(), before.len() + "gr\u{fc}n".len(), "counted from the string's start");

        let mut reader = MockReader::new([give("ab"), Step::Fail(ErrorKind::ConnectionReset)]);
        let error = block_on(reader.read_to_string(&mut text)).unwrap_err();
        assert_eq!((error.kind(), text.as_str()), (ErrorKind::ConnectionReset, before));

        let mut reader = MockReader::new([give("ab"), Step::Stall]);
        assert!(poll_once(reader.read_to_string(&mut text)).is_pending());
        assert_eq!(text, before);

        let mut reader = MockReader::new([give([0xc3]), Step::Pending, give([0xbc])]);
        assert_eq!(block_on(reader.read_to_string(&mut text)).unwrap(), 2);
        assert_eq!(text, format!("{before}\u{fc}"));
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_cutting_reads_the_same_bytes((bytes, steps) in bytes_and_reads(), capacity in 0usize..64) {
        let mut vec = Vec::with_capacity(capacity);
        prop_assert_eq!(block_on(MockReader::new(steps.clone()).read_to_end(&mut vec)).unwrap(), bytes.len());
        prop_assert_eq!(&vec, &bytes);

        let mut text = String::new();
        block_on(MockReader::new(steps.clone()).read_to_string(&mut text)).unwrap();
        prop_assert_eq!(text.as_bytes(), &bytes[..]);

        let mut reader = MockReader::new(steps);
        for chunk in bytes.chunks(7) {
            let mut buf = vec![0; chunk.len()];
            block_on(reader.read_exact(&mut buf)).unwrap();
            prop_assert_eq!(&buf[..], chunk);
        }
        let error = block_on(reader.read_exact(&mut [0])).unwrap_err();
        prop_assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }
}
