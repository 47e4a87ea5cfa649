//! Loom: one task pushes through a queue with room for a byte while a job drains it. Every byte is written once, in
//! order, and no wake for room is lost, also when the job fails.

use std::future::poll_fn;
use std::task::Poll;

use loom::future::block_on;
use loom::sync::{Arc, Mutex};
use loom::thread::{self, JoinHandle};

use super::*;

type Written = Arc<Mutex<Vec<u8>>>;

fn spawn_drain(queue: &Arc<WriteQueue>, written: &Written) -> JoinHandle<()> {
    let (queue, written) = (queue.clone(), written.clone());
    thread::spawn(move || {
        let drained = queue.drain(|chunk| {
            written.lock().unwrap().extend_from_slice(chunk);
            Ok(())
        });
        drained.unwrap();
    })
}

#[test]
fn every_byte_is_written_once_and_in_order() {
    loom::model(|| {
        let queue = Arc::new(WriteQueue::new());
        let written = Written::default();
        assert_eq!(queue.start(&[IoSlice::new(b"a")], 1), 1);
        let mut job = Some(spawn_drain(&queue, &written));
        for byte in *b"bc" {
            let accepted = block_on(poll_fn(|cx| match queue.push(cx, &[IoSlice::new(&[byte])], 1) {
                Push::Accepted(count) => Poll::Ready(count == 1),
                Push::Full => Poll::Pending,
                Push::Ended => Poll::Ready(false),
            }));
            if !accepted {
                job.take().unwrap().join().unwrap();
                assert_eq!(queue.start(&[IoSlice::new(&[byte])], 1), 1);
                job = Some(spawn_drain(&queue, &written));
            }
        }
        job.unwrap().join().unwrap();
        assert_eq!(*written.lock().unwrap(), b"abc");
    });
}

#[test]
fn a_job_that_fails_leaves_no_task_waiting() {
    loom::model(|| {
        let queue = Arc::new(WriteQueue::new());
        assert_eq!(queue.start(&[IoSlice::new(b"a")], 1), 1);
        let draining = queue.clone();
        let job = thread::spawn(move || {
            assert!(draining.drain(|_| Err(io::ErrorKind::StorageFull.into())).is_err());
        });
        let accepted = |byte: &[u8]| {
            block_on(poll_fn(|cx| match queue.push(cx, &[IoSlice::new(byte)], 1) {
                Push::Accepted(_) => Poll::Ready(true),
                Push::Full => Poll::Pending,
                Push::Ended => Poll::Ready(false),
            }))
        };
        while accepted(b"b") {}
        job.join().unwrap();
        assert_eq!(queue.start(&[IoSlice::new(b"c")], 1), 1);
    });
}
