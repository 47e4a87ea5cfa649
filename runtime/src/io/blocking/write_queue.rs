//! [`WriteQueue`]: what a writer has accepted while a thread of the pool is still busy with what came before.
//!
//! Not a channel: one task pushes, and at most one job drains. So many small writes become few large ones, and
//! none of them waits for a thread of its own. Steps of the two sides, each under the lock:
//!
//! - the task: *start* (marks the queue as draining, then spawns the job), *push* (adds bytes; without room it
//!   leaves its waker; if nobody drains it says so, and the task waits for the job's end and starts anew);
//! - the job: *next* (takes all bytes and the waker, and wakes; with none left it marks the queue as not draining,
//!   and ends), *fail* (drops all bytes, marks the queue, takes the waker, and wakes).
//!
//! Nothing is lost, because the bytes are looked at and the mark is taken off under one lock: a push either comes
//! before, and its bytes are taken, or after, and is refused.

use std::io::{self, IoSlice};
use std::task::{Context, Waker};

use crate::primitive::sync::Mutex;
use crate::util::guarded;

/// Bytes on their way to a blocking writer.
#[derive(Debug)]
pub(crate) struct WriteQueue {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Accepted, and not yet taken by the job.
    bytes: Vec<u8>,
    /// A job was or is about to be spawned, and will look here again before it ends.
    is_draining: bool,
    /// Whoever waits for room.
    waiting: Option<Waker>,
}

/// What became of a [push](WriteQueue::push).
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Push {
    /// So many bytes were accepted.
    Accepted(usize),
    /// There is no room. The task will be woken.
    Full,
    /// The job has ended or failed: await it, then start another.
    Ended,
}

impl WriteQueue {
    /// A queue that nobody drains.
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State { bytes: Vec::new(), is_draining: false, waiting: None }) }
    }

    /// Accepts the first bytes, at most `limit`, for a job that the caller is about to spawn.
    pub(crate) fn start(&self, bufs: &[IoSlice<'_>], limit: usize) -> usize {
        let mut state = self.state.lock();
        debug_assert!(!state.is_draining && state.bytes.is_empty(), "one job at a time");
        state.is_draining = true;
        append(&mut state.bytes, bufs, limit)
    }

    /// Accepts what fits beside the bytes that wait already, so that they are at most `limit`.
    pub(crate) fn push(&self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>], limit: usize) -> Push {
        let waker = cx.waker();
        let mut state = self.state.lock();
        if !state.is_draining {
            return Push::Ended;
        }
        let room = limit.saturating_sub(state.bytes.len());
        if room > 0 {
            return Push::Accepted(append(&mut state.bytes, bufs, room));
        }
        if state.waiting.as_ref().is_some_and(|waiting| waiting.will_wake(waker)) {
            return Push::Full;
        }
        drop(state);
        self.push_waker(waker.clone())
    }

    /// The rest of a [`push`](Self::push) without room. The waker was cloned outside the lock, for it is user code;
    /// what was seen before may have changed since.
    #[cold]
    fn push_waker(&self, waker: Waker) -> Push {
        let mut state = self.state.lock();
        // With no bytes left there is room again, and perhaps nobody to wake us for it: ask for another push.
        let is_full = state.is_draining && !state.bytes.is_empty();
        let former = if is_full { state.waiting.replace(waker) } else { Some(waker) };
        drop(state);
        match former {
            Some(waker) if !is_full => waker.wake(),
            former => drop(guarded(|| drop(former))),
        }
        Push::Full
    }

    /// Gives up what was accepted: the job could not be spawned.
    pub(crate) fn fail(&self) {
        let mut state = self.state.lock();
        state.bytes.clear();
        state.is_draining = false;
        let waiting = state.waiting.take();
        drop(state);
        wake(waiting);
    }

    /// Writes all that was and is being accepted, one chunk after another. Called by the job.
    ///
    /// # Errors
    ///
    /// The writer's. What was accepted and not written is dropped then.
    pub(crate) fn drain(&self, mut write_all: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        /// A write that fails or panics leaves no task waiting for room.
        struct FailUnlessForgotten<'a>(&'a WriteQueue);
        impl Drop for FailUnlessForgotten<'_> {
            fn drop(&mut self) {
                self.0.fail();
            }
        }
        let failing = FailUnlessForgotten(self);
        let mut chunk = Vec::new();
        while self.next(&mut chunk) {
            write_all(&chunk)?;
        }
        std::mem::forget(failing);
        Ok(())
    }

    /// Takes all bytes in exchange for the memory of the last ones; false if there are none, and then this was the
    /// job's last look.
    fn next(&self, chunk: &mut Vec<u8>) -> bool {
        chunk.clear();
        let mut state = self.state.lock();
        if state.bytes.is_empty() {
            state.is_draining = false;
            if state.bytes.capacity() < chunk.capacity() {
                std::mem::swap(&mut state.bytes, chunk);
            }
            return false;
        }
        std::mem::swap(&mut state.bytes, chunk);
        let waiting = state.waiting.take();
        drop(state);
        wake(waiting);
        true
    }
}

/// Outside the lock, and a panic stops here: it is not the writer's.
fn wake(waiting: Option<Waker>) {
    if let Some(waker) = waiting {
        guarded(|| waker.wake());
    }
}

/// Appends a beginning of what `bufs` hold, at most `room` bytes, and tells how many.
fn append(bytes: &mut Vec<u8>, bufs: &[IoSlice<'_>], room: usize) -> usize {
    let mut left = room;
    for buf in bufs {
        let count = buf.len().min(left);
        bytes.extend_from_slice(&buf[..count]);
        left -= count;
        if left == 0 {
            break;
        }
    }
    room - left
}

#[cfg(all(test, not(loom), feature = "io-util"))]
mod tests {
    use std::io::ErrorKind;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::io::mock::CountingWaker;

    fn slices(bytes: &[u8]) -> [IoSlice<'_>; 1] {
        [IoSlice::new(bytes)]
    }

    #[test]
    fn what_is_pushed_while_a_chunk_is_written_goes_with_the_next() {
        let queue = WriteQueue::new();
        let (counter, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        assert_eq!(queue.push(&mut cx, &slices(b"x"), 9), Push::Ended, "nobody drains yet");
        assert_eq!(queue.start(&[IoSlice::new(b"ab"), IoSlice::new(b"cd")], 3), 3);
        let mut chunks = Vec::new();
        queue
            .drain(|chunk| {
                if chunks.is_empty() {
                    assert_eq!(queue.push(&mut cx, &slices(b"1"), 3), Push::Accepted(1));
                    assert_eq!(queue.push(&mut cx, &slices(b"234"), 3), Push::Accepted(2));
                    assert_eq!(queue.push(&mut cx, &slices(b"4"), 3), Push::Full);
                    assert_eq!(counter.wakes(), 0);
                }
                chunks.push(chunk.to_vec());
                Ok(())
            })
            .unwrap();
        assert_eq!(chunks, [b"abc".to_vec(), b"123".to_vec()]);
        assert_eq!(counter.wakes(), 1, "room was made");
        assert_eq!(queue.push(&mut cx, &slices(b"4"), 3), Push::Ended);
    }

    #[test]
    fn a_write_that_fails_or_panics_wakes_whoever_waits_and_drops_the_rest() {
        let (counter, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        for panics in [false, true] {
            let queue = WriteQueue::new();
            assert_eq!(queue.start(&slices(b"ab"), 2), 2);
            let drained = catch_unwind(AssertUnwindSafe(|| {
                queue.drain(|_| {
                    assert_eq!(queue.push(&mut cx, &slices(b"cd"), 2), Push::Accepted(2));
                    assert_eq!(queue.push(&mut cx, &slices(b"e"), 2), Push::Full);
                    assert!(!panics, "the writer's own");
                    Err(ErrorKind::StorageFull.into())
                })
            }));
            assert_eq!(drained.is_err(), panics);
            assert_eq!(counter.wakes(), 1 + usize::from(panics));
            assert_eq!(queue.start(&slices(b"f"), 2), 1, "nothing is left of the failed one");
        }
    }
}

#[cfg(all(test, loom))]
mod model;
