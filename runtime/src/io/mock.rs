//! A reader and a writer that follow a script, for the tests of every adapter.
//!
//! Not a simulation: each poll takes one step, and `Pending` wakes the task at once unless it is a `Stall`.
//! After the script a reader is at its end and a writer takes everything.

use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, ErrorKind, IoSlice, SeekFrom};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use proptest::prelude::*;

use super::{AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};

/// What a mock does on one poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A reader gives these bytes, over several polls if the buffer is smaller.
    Give(Vec<u8>),
    /// A writer takes at most so many bytes.
    Accept(usize),
    /// Pending, and the task is woken at once.
    Pending,
    /// Pending for good; the task is not woken.
    Stall,
    Fail(ErrorKind),
}

pub(crate) fn give(bytes: impl AsRef<[u8]>) -> Step {
    Step::Give(bytes.as_ref().to_vec())
}

/// Answers the steps that are not bytes.
fn idle_step<T>(steps: &mut VecDeque<Step>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
    match steps.front() {
        Some(Step::Stall) => return Poll::Pending,
        Some(Step::Pending) => cx.waker().wake_by_ref(),
        Some(&Step::Fail(kind)) => {
            steps.pop_front();
            return Poll::Ready(Err(kind.into()));
        }
        other => panic!("a step for the other direction: {other:?}"),
    }
    steps.pop_front();
    Poll::Pending
}

/// Reads what its script gives.
#[derive(Debug, Default)]
pub(crate) struct MockReader {
    pub(crate) steps: VecDeque<Step>,
    pub(crate) polls: usize,
}

impl MockReader {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), polls: 0 }
    }
}

impl AsyncRead for MockReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.polls += 1;
        match self.steps.front_mut() {
            None => return Poll::Ready(Ok(())),
            Some(Step::Give(bytes)) => {
                let count = bytes.len().min(buf.remaining());
                buf.put_slice(&bytes[..count]);
                bytes.drain(..count);
                if bytes.is_empty() {
                    self.steps.pop_front();
                }
                return Poll::Ready(Ok(()));
            }
            Some(_) => {}
        }
        idle_step(&mut self.steps, cx)
    }
}

/// What a [`MockWriter`] was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Wrote(Vec<u8>),
    Flushed,
    ShutDown,
}

/// Takes what its script accepts, and notes it.
#[derive(Debug, Default)]
pub(crate) struct MockWriter {
    pub(crate) steps: VecDeque<Step>,
    pub(crate) events: Vec<Event>,
    pub(crate) vectored: bool,
}

impl MockWriter {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), events: Vec::new(), vectored: false }
    }

    pub(crate) fn vectored(mut self) -> Self {
        self.vectored = true;
        self
    }

    /// All bytes written, whatever the calls.
    pub(crate) fn written(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for event in &self.events {
            if let Event::Wrote(bytes) = event {
                all.extend_from_slice(bytes);
            }
        }
        all
    }
}

impl AsyncWrite for MockWriter {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let count = match self.steps.front() {
            None => buf.len(),
            Some(&Step::Accept(limit)) => {
                self.steps.pop_front();
                limit.min(buf.len())
            }
            Some(_) => return idle_step(&mut self.steps, cx),
        };
        self.events.push(Event::Wrote(buf[..count].to_vec()));
        Poll::Ready(Ok(count))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        assert!(self.vectored, "a vectored write to a writer that has none");
        let all = bufs.iter().flat_map(|buf| buf.iter().copied()).collect::<Vec<u8>>();
        self.poll_write(cx, &all)
    }

    fn is_write_vectored(&self) -> bool {
        self.vectored
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.events.push(Event::Flushed);
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.events.push(Event::ShutDown);
        Poll::Ready(Ok(()))
    }
}

/// A file in memory each of whose seeks is Pending once.
#[derive(Debug, Default)]
pub(crate) struct SlowSeek {
    pub(crate) file: io::Cursor<Vec<u8>>,
    is_seeking: bool,
    pub(crate) seeks: Vec<SeekFrom>,
}

impl SlowSeek {
    pub(crate) fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { file: io::Cursor::new(bytes.into()), ..Self::default() }
    }
}

impl AsyncRead for SlowSeek {
    delegate_async_read!(this => Pin::new(&mut this.get_mut().file));
}

impl AsyncWrite for SlowSeek {
    delegate_async_write!(this => Pin::new(&mut this.get_mut().file), shared => &shared.file);
}

impl AsyncSeek for SlowSeek {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        assert!(!self.is_seeking, "a seek is under way");
        self.seeks.push(position);
        io::Seek::seek(&mut self.file, position)?;
        self.is_seeking = true;
        Ok(())
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        if std::mem::take(&mut self.is_seeking) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(self.file.position()))
    }
}

/// A waker that counts.
#[derive(Debug, Default)]
pub(crate) struct CountingWaker(AtomicUsize);

impl CountingWaker {
    pub(crate) fn new() -> (Arc<Self>, Waker) {
        let counter = Arc::new(Self::default());
        (counter.clone(), counter.into())
    }

    pub(crate) fn wakes(&self) -> usize {
        // Ordering: read on the thread that woke.
        self.0.load(Ordering::Relaxed)
    }
}

impl Wake for CountingWaker {
    fn wake(self: Arc<Self>) {
        // Ordering: see `wakes`.
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Polls a future once, with a waker that does nothing, and drops it.
pub(crate) fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// How often a future polled under one task's budget yields before `rounds` of it completed.
pub(crate) fn yields_under_budget<F: Future>(future: F) -> usize {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    let mut yields = 0;
    while crate::coop::with_budget(crate::coop::Budget::initial(), || {
        future.as_mut().poll(&mut cx).is_pending()
    }) {
        yields += 1;
        assert!(yields < 1_000_000, "never completes");
    }
    yields
}

/// Cases a property is tried with.
pub(crate) fn cases() -> ProptestConfig {
    ProptestConfig::with_cases(if cfg!(miri) { 6 } else { 256 })
}

/// Any cutting of `bytes` into reads, with interruptions in between.
pub(crate) fn reads(bytes: Vec<u8>) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((1usize..9, 0u8..4), 0..40).prop_map(move |cuts| {
        let mut steps = Vec::new();
        let mut rest = &bytes[..];
        for (length, noise) in cuts {
            match noise {
                0 => steps.push(Step::Pending),
                1 => steps.push(Step::Fail(ErrorKind::Interrupted)),
                _ => {}
            }
            let (taken, left) = rest.split_at(length.min(rest.len()));
            if !taken.is_empty() {
                steps.push(give(taken));
            }
            rest = left;
        }
        if !rest.is_empty() {
            steps.push(give(rest));
        }
        steps
    })
}

/// Bytes, and any cutting of them into reads.
pub(crate) fn bytes_and_reads() -> impl Strategy<Value = (Vec<u8>, Vec<Step>)> {
    // A small alphabet, so that delimiters are common.
    let alphabet = prop::sample::select(vec![b'a', b'b', b'\r', b'\n', 0]);
    prop::collection::vec(alphabet, 0..200).prop_flat_map(|bytes| (Just(bytes.clone()), reads(bytes)))
}

/// Any way of taking writes.
pub(crate) fn writes() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(
        prop_oneof![
            3 => (1usize..9).prop_map(Step::Accept),
            1 => Just(Step::Pending),
            1 => Just(Step::Fail(ErrorKind::Interrupted)),
        ],
        0..60,
    )
}
