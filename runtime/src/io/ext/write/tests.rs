//! The methods of `AsyncWriteExt` over scripted writers, and against a plain vector under any taking.

use futures::executor::block_on;
use proptest::prelude::*;

use super::*;
use crate::io::ErrorKind;
use crate::io::mock::{Event, MockWriter, Step, cases, poll_once, writes};

#[test]
fn write_writes_once_and_passes_interruptions_on() {
    let mut writer = MockWriter::new([Step::Accept(2), Step::Fail(ErrorKind::Interrupted), Step::Accept(0)]);
    assert_eq!(block_on(writer.write(b"abc")).unwrap(), 2);
    assert_eq!(block_on(writer.write(b"c")).unwrap_err().kind(), ErrorKind::Interrupted);
    assert_eq!(block_on(writer.write(b"c")).unwrap(), 0);
    assert_eq!(writer.written(), b"ab");
}

#[test]
fn write_all_reports_a_writer_that_takes_no_more() {
    let mut writer = MockWriter::new([Step::Accept(1), Step::Pending, Step::Accept(0)]);
    assert_eq!(block_on(writer.write_all(b"abc")).unwrap_err().kind(), ErrorKind::WriteZero);
    assert_eq!(writer.written(), b"a");
    block_on(MockWriter::new([Step::Stall]).write_all(b"")).unwrap();
}

#[test]
fn a_dropped_write_all_buf_leaves_what_was_not_written() {
    let mut writer = MockWriter::new([Step::Accept(2), Step::Stall]);
    let mut message: &[u8] = b"abcde";
    assert!(poll_once(writer.write_all_buf(&mut message)).is_pending());
    assert_eq!(message, b"cde");
    writer.steps.clear();
    block_on(writer.write_all_buf(&mut message)).unwrap();
    assert_eq!((writer.written(), message), (b"abcde".to_vec(), &b""[..]));
}

#[test]
fn a_buffer_in_pieces_goes_out_in_one_vectored_write() {
    let message = || Buf::chain(&b"ab"[..], &b"cd"[..]);
    let mut writer = MockWriter::new([]).vectored();
    block_on(writer.write_all_buf(&mut message())).unwrap();
    assert_eq!(writer.events, [Event::Wrote(b"abcd".to_vec())]);

    let mut writer = MockWriter::new([]);
    assert_eq!(
        block_on(writer.write_buf(&mut message())).unwrap(),
        2,
        "one piece where there is no vectored"
    );
    assert_eq!(block_on(writer.write_buf(&mut &b""[..])).unwrap(), 0);
    assert_eq!(writer.written(), b"ab");

    let mut writer = MockWriter::new([Step::Accept(3), Step::Accept(0)]).vectored();
    let mut message = message();
    let error = block_on(writer.write_all_buf(&mut message)).unwrap_err();
    assert_eq!((error.kind(), message.remaining()), (ErrorKind::WriteZero, 1));
}

#[test]
fn a_writer_that_overstates_its_count_is_an_error_not_a_panic() {
    struct Boast;
    impl AsyncWrite for Boast {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(buf.len() + 1))
        }
        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }
    assert!(block_on(Boast.write_all(b"abc")).is_err());
    assert!(block_on(Boast.write_u8(1)).is_err());
    assert!(block_on(Boast.write_all_buf(&mut &b"abc"[..])).is_err());
}

#[test]
fn flush_and_shutdown_reach_the_writer() {
    let mut writer = MockWriter::new([]);
    block_on(writer.flush()).unwrap();
    block_on(writer.shutdown()).unwrap();
    assert_eq!(writer.events, [Event::Flushed, Event::ShutDown]);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_taking_writes_the_same_bytes(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        steps in writes(),
        vectored in any::<bool>(),
    ) {
        let mut writer = MockWriter::new(steps.clone());
        block_on(writer.write_all(&bytes)).unwrap();
        prop_assert_eq!(writer.written(), &bytes[..]);

        let mut writer = MockWriter::new(steps);
        writer.vectored = vectored;
        let (head, tail) = bytes.split_at(bytes.len() / 3);
        block_on(writer.write_all_buf(&mut Buf::chain(head, tail))).unwrap();
        prop_assert_eq!(writer.written(), &bytes[..]);
    }
}
