//! `copy`, `copy_buf` and `copy_bidirectional`: their order of calls, their faults, and any cutting of both sides.

use std::future::Future;

use futures::executor::block_on;
use proptest::prelude::*;

use super::*;
use crate::io::mock::{
    CountingWaker, Event, MockReader, MockWriter, Step, bytes_and_reads, cases, give, poll_once, writes,
    yields_under_budget,
};
use crate::io::{
    AsyncReadExt, AsyncWriteExt, BufReader, ErrorKind, ReadBuf, copy_bidirectional,
    copy_bidirectional_with_sizes, duplex, join, repeat, sink,
};

fn wrote(bytes: &[u8]) -> Event {
    Event::Wrote(bytes.to_vec())
}

#[test]
fn what_was_written_is_flushed_before_waiting_and_once_at_the_end() {
    let steps = [give("ab"), Step::Pending, Step::Pending, give("c")];
    let expected = [wrote(b"ab"), Event::Flushed, wrote(b"c"), Event::Flushed];

    let mut writer = MockWriter::new([]);
    assert_eq!(block_on(copy(&mut MockReader::new(steps.clone()), &mut writer)).unwrap(), 3);
    assert_eq!(writer.events, expected);

    let mut writer = MockWriter::new([]);
    let mut reader = BufReader::new(MockReader::new(steps));
    assert_eq!(block_on(copy_buf(&mut reader, &mut writer)).unwrap(), 3);
    assert_eq!(writer.events, expected);
}

#[test]
fn nothing_to_copy_is_flushed_all_the_same() {
    let mut writer = MockWriter::new([]);
    assert_eq!(block_on(copy(&mut MockReader::new([Step::Pending]), &mut writer)).unwrap(), 0);
    assert_eq!(writer.events, [Event::Flushed]);
}

#[test]
fn while_the_writer_waits_more_is_read_for_one_large_write() {
    let mut reader = MockReader::new([give("ab"), give("cd"), Step::Pending]);
    let mut writer = MockWriter::new([Step::Pending]);
    assert_eq!(block_on(copy(&mut reader, &mut writer)).unwrap(), 4);
    assert_eq!(writer.events[0], wrote(b"abcd"));
}

#[test]
fn faults_of_either_side_end_it() {
    let copied = |read: &[Step], write: &[Step]| {
        let mut plain = MockReader::new(read.to_vec());
        let one = block_on(copy(&mut plain, &mut MockWriter::new(write.to_vec()))).map_err(|e| e.kind());
        let mut buffered = BufReader::new(MockReader::new(read.to_vec()));
        let two =
            block_on(copy_buf(&mut buffered, &mut MockWriter::new(write.to_vec()))).map_err(|e| e.kind());
        assert_eq!(one, two);
        one
    };
    let broken = Step::Fail(ErrorKind::BrokenPipe);
    let interrupted = Step::Fail(ErrorKind::Interrupted);
    assert_eq!(copied(&[give("ab"), broken.clone()], &[]), Err(ErrorKind::BrokenPipe));
    assert_eq!(copied(&[give("ab")], &[Step::Accept(1), broken]), Err(ErrorKind::BrokenPipe));
    assert_eq!(copied(&[give("ab")], &[Step::Accept(0)]), Err(ErrorKind::WriteZero));
    assert_eq!(copied(&[interrupted.clone(), give("ab"), interrupted.clone()], &[interrupted]), Ok(2));
}

#[test]
fn a_dropped_copy_buf_leaves_what_was_not_written_in_the_reader() {
    let mut reader = BufReader::new(MockReader::new([give("abcd")]));
    let mut writer = MockWriter::new([Step::Accept(1), Step::Stall]);
    assert!(poll_once(copy_buf(&mut reader, &mut writer)).is_pending());
    assert_eq!(reader.buffer(), b"bcd");
}

#[test]
fn copies_between_streams_that_are_always_ready_yield() {
    /// Neither consults the budget.
    struct Greedy(usize);
    impl AsyncRead for Greedy {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            if self.0 > 0 {
                self.0 -= 1;
                buf.put_slice(&[1]);
            }
            Poll::Ready(Ok(()))
        }
    }
    let mut target = Vec::new();
    assert_eq!(yields_under_budget(copy(&mut Greedy(1280), &mut target)), 10);
    assert_eq!(target.len(), 1280);
    let mut reader = BufReader::with_capacity(1, Greedy(1280));
    assert_eq!(yields_under_budget(copy_buf(&mut reader, &mut target)), 10);
    // The leaves' own units count too.
    assert!(yields_under_budget(copy(&mut repeat(1).take(1 << 20), &mut sink())) >= 2);
}

#[test]
fn both_directions_run_and_each_end_shuts_the_other_sides_writing_down() {
    let mut left = join(MockReader::new([give("to right"), Step::Pending]), MockWriter::new([Step::Pending]));
    let mut right =
        join(MockReader::new([Step::Pending, give("to left")]), MockWriter::new([Step::Accept(2)]));
    assert_eq!(block_on(copy_bidirectional(&mut left, &mut right)).unwrap(), (8, 7));
    assert_eq!(right.writer().written(), b"to right");
    assert_eq!(left.writer().written(), b"to left");
    for events in [&left.writer().events, &right.writer().events] {
        assert_eq!(events.iter().filter(|event| **event == Event::ShutDown).count(), 1);
        assert_eq!(events.last(), Some(&Event::ShutDown));
    }
}

#[test]
fn a_half_closed_side_still_gets_its_answer() {
    let (mut client, mut inbound) = duplex(64);
    let (mut outbound, mut server) = duplex(64);
    block_on(async {
        let proxy = copy_bidirectional_with_sizes(&mut inbound, &mut outbound, 3, 5);
        let client = async {
            client.write_all(b"question").await.unwrap();
            client.shutdown().await.unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let server = async {
            let mut question = String::new();
            server.read_to_string(&mut question).await.unwrap();
            server.write_all(format!("{question}? yes").as_bytes()).await.unwrap();
            server.shutdown().await.unwrap();
        };
        let (counts, answer, ()) = futures::join!(proxy, client, server);
        assert_eq!((counts.unwrap(), answer.as_str()), ((8, 13), "question? yes"));
    });
}

#[test]
fn an_error_of_one_direction_ends_both() {
    let mut left = join(MockReader::new([Step::Stall]), MockWriter::new([]));
    let mut right = join(MockReader::new([Step::Fail(ErrorKind::ConnectionReset)]), MockWriter::new([]));
    let error = block_on(copy_bidirectional(&mut left, &mut right)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
#[should_panic(expected = "must be greater than 0")]
fn a_buffer_of_no_size_panics() {
    let _ = poll_once(copy_bidirectional_with_sizes(&mut duplex(1).0, &mut duplex(1).0, 1, 0));
}

#[test]
fn both_directions_store_the_newest_waker() {
    let (mut client, mut inbound) = duplex(8);
    let (mut outbound, _server) = duplex(8);
    let (old_count, old) = CountingWaker::new();
    let (new_count, new) = CountingWaker::new();
    let mut proxy = Box::pin(copy_bidirectional(&mut inbound, &mut outbound));
    for waker in [old, new] {
        assert!(proxy.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    block_on(client.write_all(b"x")).unwrap();
    assert_eq!((old_count.wakes(), new_count.wakes()), (0, 1));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_cutting_of_both_sides_copies_the_same_bytes((bytes, steps) in bytes_and_reads(), taken in writes()) {
        let mut writer = MockWriter::new(taken.clone());
        let count = block_on(copy(&mut MockReader::new(steps.clone()), &mut writer)).unwrap();
        prop_assert_eq!((count, &writer.written()), (bytes.len() as u64, &bytes));

        let mut writer = MockWriter::new(taken.clone());
        let mut reader = BufReader::with_capacity(7, MockReader::new(steps.clone()));
        let count = block_on(copy_buf(&mut reader, &mut writer)).unwrap();
        prop_assert_eq!((count, &writer.written()), (bytes.len() as u64, &bytes));

        let mut left = join(MockReader::new(steps.clone()), MockWriter::new(taken.clone()));
        let mut right = join(MockReader::new(steps), MockWriter::new(taken));
        let counts = block_on(copy_bidirectional_with_sizes(&mut left, &mut right, 3, 8)).unwrap();
        prop_assert_eq!(counts, (bytes.len() as u64, bytes.len() as u64));
        prop_assert_eq!(&left.writer().written(), &bytes);
        prop_assert_eq!(&right.writer().written(), &bytes);
    }
}
