//! `duplex` and `simplex`: back-pressure, closing, wakers, fairness, and any sizes of reads and writes.

use futures::executor::block_on;
use proptest::prelude::*;

use super::*;
use crate::io::mock::{CountingWaker, cases, poll_once, yields_under_budget};
use crate::io::{AsyncReadExt, AsyncWriteExt, ErrorKind, simplex};

#[test]
fn a_full_pipe_makes_the_writer_wait_until_there_is_room() {
    let (mut left, mut right) = duplex(4);
    assert_eq!(block_on(left.write(b"abcdef")).unwrap(), 4, "what fits");
    let (count, waker) = CountingWaker::new();
    let mut cx = Context::from_waker(&waker);
    assert!(Pin::new(&mut left).poll_write(&mut cx, b"ef").is_pending());
    assert_eq!(block_on(left.write(b"")).unwrap(), 0, "nothing always fits");
    assert_eq!(block_on(right.read(&mut [])).unwrap(), 0);
    assert_eq!(count.wakes(), 0, "no bytes moved");
    let mut bytes = [0; 3];
    block_on(right.read_exact(&mut bytes)).unwrap();
    assert_eq!((bytes, count.wakes()), (*b"abc", 1));
    assert_eq!(block_on(left.write(b"efghi")).unwrap(), 3, "around the end of the ring");
    let mut bytes = [0; 4];
    block_on(right.read_exact(&mut bytes)).unwrap();
    assert_eq!(bytes, *b"defg");
}

#[test]
fn an_empty_pipe_makes_the_reader_wait_and_its_newest_waker_is_woken() {
    let (mut left, mut right) = duplex(4);
    let (old_count, old) = CountingWaker::new();
    let (new_count, new) = CountingWaker::new();
    let mut memory = [0; 4];
    for waker in [&old, &new, &new] {
        let mut buf = ReadBuf::new(&mut memory);
        assert!(Pin::new(&mut right).poll_read(&mut Context::from_waker(waker), &mut buf).is_pending());
    }
    drop(old);
    assert_eq!(std::sync::Arc::strong_count(&old_count), 1, "the old waker was dropped");
    block_on(left.write_all(b"a")).unwrap();
    block_on(left.write_all(b"b")).unwrap();
    assert_eq!((old_count.wakes(), new_count.wakes()), (0, 1), "one wake for one wait");
}

#[test]
fn a_shut_down_end_can_still_read() {
    let (mut left, mut right) = duplex(8);
    block_on(left.write_all(b"ab")).unwrap();
    block_on(left.shutdown()).unwrap();
    block_on(left.shutdown()).unwrap();
    assert_eq!(block_on(left.write(b"c")).unwrap_err().kind(), ErrorKind::BrokenPipe);
    let mut bytes = Vec::new();
    block_on(right.read_to_end(&mut bytes)).unwrap();
    block_on(right.write_all(b"xy")).unwrap();
    assert_eq!((bytes, block_on(left.read_u16()).unwrap()), (b"ab".to_vec(), 0x7879));
}

#[test]
fn a_dropped_end_is_the_end_for_the_others_reads_and_breaks_its_writes() {
    let (mut left, right) = duplex(2);
    block_on(left.write_all(b"ab")).unwrap();
    let (count, waker) = CountingWaker::new();
    let mut cx = Context::from_waker(&waker);
    assert!(Pin::new(&mut left).poll_write(&mut cx, b"c").is_pending());
    assert!(Pin::new(&mut left).poll_read(&mut cx, &mut ReadBuf::new(&mut [0])).is_pending());
    drop(right);
    assert_eq!(count.wakes(), 2, "reader and writer are told");
    assert_eq!(block_on(left.read(&mut [0])).unwrap(), 0);
    assert_eq!(block_on(left.write(b"c")).unwrap_err().kind(), ErrorKind::BrokenPipe);
}

#[test]
fn a_dropped_end_drops_its_own_wakers() {
    let (left, mut right) = duplex(2);
    let (count, waker) = CountingWaker::new();
    assert!(
        Pin::new(&mut right)
            .poll_read(&mut Context::from_waker(&waker), &mut ReadBuf::new(&mut [0]))
            .is_pending()
    );
    drop((waker, right));
    assert_eq!((std::sync::Arc::strong_count(&count), count.wakes()), (1, 0));
    drop(left);
}

#[test]
fn a_waker_may_use_the_pipe_it_is_woken_by() {
    /// Reads from the pipe inside `wake`, which deadlocks if a lock is held then.
    struct ReadsWhenWoken(std::sync::Mutex<DuplexStream>);
    impl std::task::Wake for ReadsWhenWoken {
        fn wake(self: std::sync::Arc<Self>) {
            let mut stream = self.0.lock().unwrap();
            let Poll::Ready(byte) = poll_once(stream.read_u8()) else { panic!("woken for nothing") };
            assert_eq!(byte.unwrap(), b'a');
        }
    }
    let (mut left, right) = duplex(2);
    let reader = std::sync::Arc::new(ReadsWhenWoken(std::sync::Mutex::new(right)));
    let waker = reader.clone().into();
    let mut cx = Context::from_waker(&waker);
    assert!(
        Pin::new(&mut *reader.0.lock().unwrap()).poll_read(&mut cx, &mut ReadBuf::new(&mut [0])).is_pending()
    );
    block_on(left.write_all(b"a")).unwrap();
    assert!(poll_once(reader.0.lock().unwrap().read_u8()).is_pending(), "the waker took the byte");
    // The pipe now holds the noop waker; nothing keeps `reader` alive but this test.
    drop((waker, left));
}

#[test]
fn loops_over_a_pipe_yield() {
    let loops = async {
        let (mut left, mut right) = duplex(1);
        for _ in 0..640 {
            left.write_u8(1).await.unwrap();
            right.read_u8().await.unwrap();
        }
    };
    assert_eq!(yields_under_budget(loops), 9, "1280 units, the last of which needs no yield");
}

#[test]
fn a_simplex_ends_by_shutdown() {
    let (mut reader, mut writer) = simplex(2);
    assert!(poll_once(writer.write_all(b"abc")).is_pending());
    assert_eq!(block_on(reader.read_u16()).unwrap(), 0x6162);
    block_on(writer.shutdown()).unwrap();
    assert_eq!(block_on(reader.read(&mut [0])).unwrap(), 0);
    let whole = reader.unsplit(writer);
    assert_eq!(format!("{whole:?}"), "SimplexStream { buffered: 0, capacity: 2, is_closed: true }");
}

#[test]
#[should_panic(expected = "at least 1 byte")]
fn a_capacity_of_zero_panics() {
    duplex(0);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn it_is_a_bounded_queue(
        capacity in 1usize..12,
        steps in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..9)), 0..60),
    ) {
        let (mut left, mut right) = duplex(capacity);
        let mut model = std::collections::VecDeque::new();
        for (is_write, bytes) in steps {
            if is_write {
                let room = capacity - model.len();
                let slices = bytes.chunks(2).map(IoSlice::new).collect::<Vec<_>>();
                match poll_once(left.write_vectored(&slices)) {
                    Poll::Ready(count) => {
                        let count = count.unwrap();
                        prop_assert_eq!(count, bytes.len().min(room));
                        model.extend(&bytes[..count]);
                    }
                    Poll::Pending => prop_assert!(room == 0 && !bytes.is_empty()),
                }
            } else {
                let mut read = vec![0; bytes.len()];
                match poll_once(right.read(&mut read)) {
                    Poll::Ready(count) => {
                        let count = count.unwrap();
                        let expected = model.drain(..model.len().min(bytes.len())).collect::<Vec<u8>>();
                        prop_assert_eq!(&read[..count], &expected[..]);
                    }
                    Poll::Pending => prop_assert!(model.is_empty() && !bytes.is_empty()),
                }
            }
        }
    }
}
