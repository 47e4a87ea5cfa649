//! [`Registration`]: a source, registered with a reactor for as long as this value lives.
//!
//! The tasks' side: try the call first, and wait only when it would block. What the call does is the caller's.
//! Invariants:
//! 1. Registered once, for all its interests, edge-triggered; deregistered before the source is closed.
//! 2. Readiness is cleared only by an observation made before the call that found nothing (or less than asked).

use super::entry::{Direction, IoEntry};
use super::handle::ReactorHandle;
use super::readiness::{Ending, Readiness};
use super::token::Token;
use super::{global, sys};
use crate::io::{Interest, Ready};
use mini_runtime::coop;
use mini_runtime::driver::shut_down_error;
use mio::event::Source;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

/// The RAII tie between a source and the reactor.
#[derive(Debug)]
pub(crate) struct Registration<S: Source> {
    /// `None` only after [`into_source`](Self::into_source).
    source: Option<S>,
    token: Token,
    entry: Arc<IoEntry>,
    handle: Arc<ReactorHandle>,
}

/// States of a stream that is known to be open in both directions.
pub(crate) fn both_ready() -> Ready {
    Ready::READABLE | Ready::WRITABLE
}

impl<S: Source> Registration<S> {
    /// Registers with the reactor of this thread's runtime, or the process-wide one.
    pub(crate) fn new(source: S, interest: Interest, ready: Ready) -> io::Result<Self> {
        Self::with_handle(global::current()?, source, interest, ready, Ending::Final)
    }

    /// [`new`](Self::new) for a source that may be open again after it was closed.
    pub(crate) fn with_passing_end(source: S, interest: Interest, ready: Ready) -> io::Result<Self> {
        Self::with_handle(global::current()?, source, interest, ready, Ending::Passing)
    }

    /// Registers with this very reactor.
    pub(crate) fn with_handle(
        handle: Arc<ReactorHandle>,
        mut source: S,
        interest: Interest,
        ready: Ready,
        ending: Ending,
    ) -> io::Result<Self> {
        let (token, entry) = handle.register(&mut source, interest, ready, ending)?;
        Ok(Self { source: Some(source), token, entry, handle })
    }

    /// The source.
    #[inline]
    pub(crate) fn source(&self) -> &S {
        match &self.source {
            Some(source) => source,
            None => unreachable!("the source leaves only with the registration"),
        }
    }

    /// Deregisters and gives the source back.
    pub(crate) fn into_source(mut self) -> io::Result<S> {
        match self.source.take() {
            Some(mut source) => {
                self.handle.deregister(&mut source, self.token, &self.entry)?;
                Ok(source)
            }
            None => unreachable!("the source leaves only with the registration"),
        }
    }

    /// Ready, or else the task is woken when the direction is. One task a direction: the newest.
    #[inline]
    pub(crate) fn poll_ready(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
    ) -> Poll<io::Result<Readiness>> {
        let readiness = ready!(self.entry.poll_ready(cx, direction));
        Poll::Ready(if readiness.is_shut_down() { Err(shut_down_error()) } else { Ok(readiness) })
    }

    /// Waits until one of the interests is ready. Any number of tasks may.
    ///
    /// To hear of readiness costs no budget: what is then done costs it.
    pub(crate) async fn readiness(&self, interest: Interest) -> io::Result<Readiness> {
        let states = Ready::satisfying(interest);
        let readiness = self.entry.wait(states).await;
        if readiness.is_shut_down() { Err(shut_down_error()) } else { Ok(readiness.only(states)) }
    }

    /// What is known now, limited to `interest`.
    pub(crate) fn observe(&self, interest: Interest) -> Readiness {
        self.entry.observe().only(Ready::satisfying(interest))
    }

    /// Takes observed readiness away, unless something newer came.
    #[inline]
    pub(crate) fn clear(&self, observed: Readiness) {
        self.entry.clear(observed);
    }

    /// Makes the source readable at `due`, though no event may come.
    pub(crate) fn retry_at(&self, due: Instant) {
        self.handle.retry_at(due, self.token);
    }

    /// Runs `call` if the interest is ready, and clears readiness if the call would block.
    pub(crate) fn try_io<R>(
        &self,
        interest: Interest,
        call: impl FnOnce() -> io::Result<R>,
    ) -> io::Result<R> {
        let observed = self.observe(interest);
        // What was ready when the reactor ended may still be had.
        if observed.ready().is_empty() {
            return Err(if observed.is_shut_down() {
                shut_down_error()
            } else {
                io::ErrorKind::WouldBlock.into()
            });
        }
        let result = call();
        if is_would_block(&result) {
            self.clear(observed);
        } else {
            coop::spend();
        }
        result
    }

    /// [`try_io`](Self::try_io) for a call of ours, which is repeated if it was interrupted.
    ///
    /// Fewer bytes than asked for clear nothing: whoever makes calls by hand asks `readable` in between, and expects to
    /// hear of the call that would block from the call.
    pub(crate) fn try_call<R>(
        &self,
        interest: Interest,
        mut call: impl FnMut() -> io::Result<R>,
    ) -> io::Result<R> {
        self.try_io(interest, || retry_interrupted(&mut call))
    }

    /// Repeats `call` until it does not block, waiting in between; one task a direction.
    #[inline]
    pub(crate) fn poll_io<R>(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        mut call: impl FnMut() -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        let coop = ready!(coop::poll_proceed(cx));
        loop {
            let observed = ready!(self.poll_ready(cx, direction))?;
            let result = retry_interrupted(&mut call);
            if is_would_block(&result) {
                self.clear(observed.only(direction.states()));
                continue;
            }
            coop.made_progress();
            return Poll::Ready(result);
        }
    }

    /// [`poll_io`](Self::poll_io) for a call that moves up to `length` bytes of a stream.
    ///
    /// Fewer bytes mean that the socket's buffer is empty (or full), so readiness is cleared without the call
    /// that would find nothing. Sound with epoll and kqueue, which report the next byte (or room) as a new edge;
    /// what came between the call and the clear has counted as an event, so the clear does not touch it.
    #[inline]
    pub(crate) fn poll_transfer(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        length: usize,
        mut call: impl FnMut() -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        let coop = ready!(coop::poll_proceed(cx));
        loop {
            let observed = ready!(self.poll_ready(cx, direction))?;
            let result = retry_interrupted(&mut call);
            self.clear_drained(observed.only(direction.states()), &result, length);
            if is_would_block(&result) {
                continue;
            }
            coop.made_progress();
            return Poll::Ready(result);
        }
    }

    /// Clears what a transfer proved to be over. A short one has left nothing to be had, as far as the platform lets one
    /// tell; but the end, which may have been observed with the bytes before it, is still to be read.
    #[inline]
    fn clear_drained(&self, observed: Readiness, result: &io::Result<usize>, length: usize) {
        match result {
            Ok(moved) if sys::SHORT_TRANSFER_MEANS_DRAINED && 0 < *moved && *moved < length => {
                self.clear(observed.only(Ready::ALL - Ready::CLOSED));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.clear(observed),
            _ => {}
        }
    }

    /// Repeats `call` until it does not block, waiting in between; any number of tasks.
    pub(crate) async fn async_io<R>(
        &self,
        interest: Interest,
        mut call: impl FnMut() -> io::Result<R>,
    ) -> io::Result<R> {
        loop {
            let observed = self.readiness(interest).await?;
            let coop = poll_fn(coop::poll_proceed).await;
            let result = retry_interrupted(&mut call);
            if is_would_block(&result) {
                self.clear(observed);
                continue;
            }
            coop.made_progress();
            return result;
        }
    }
}

impl<S: Source> Drop for Registration<S> {
    fn drop(&mut self) {
        if let Some(mut source) = self.source.take() {
            // The OS may answer that it knows no such source (it was closed behind our back): nothing to undo.
            let _ = self.handle.deregister(&mut source, self.token, &self.entry);
        }
    }
}

#[inline]
fn is_would_block<R>(result: &io::Result<R>) -> bool {
    matches!(result, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}

/// A signal handler that ran in the middle is not the caller's concern.
#[inline]
fn retry_interrupted<R>(mut call: impl FnMut() -> io::Result<R>) -> io::Result<R> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
