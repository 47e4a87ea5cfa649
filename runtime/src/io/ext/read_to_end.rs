//! Reading everything to the end of a `Vec`.
//!
//! Not bounded: who reads from a peer puts a `take` before it. The invariant is that what was read is in the
//! vector after each poll, so a dropped future loses nothing.
//!
//! How much is asked for at once follows std's `read_to_end`: it doubles while the reader fills all of it, so
//! that a reader which zeroes the whole buffer before each small read costs a constant factor, not a square.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::io::AsyncRead;
use crate::io::read_buf::poll_read_buf;
use crate::io::step::poll_read_slice;

/// The least room worth a read.
const LEAST_ROOM: usize = 32;

/// Bytes asked for at once, at first.
const FIRST_WINDOW: usize = 8 * 1024;

/// How far reading to the end has come.
#[derive(Debug)]
pub struct Appending {
    /// The capacity at the start: if what is read fills it exactly, the caller knew the size, and the vector
    /// is not to be doubled only to learn that the end is reached.
    first_capacity: usize,
    /// Bytes asked for at once.
    window: usize,
    /// Bytes read.
    total: usize,
}

impl Appending {
    pub(super) fn new(target: &Vec<u8>) -> Self {
        Self { first_capacity: target.capacity(), window: FIRST_WINDOW, total: 0 }
    }

    /// Reads until the end and answers how many bytes that were.
    pub(super) fn poll<R: AsyncRead + ?Sized>(
        &mut self,
        mut reader: Pin<&mut R>,
        cx: &mut Context<'_>,
        target: &mut Vec<u8>,
    ) -> Poll<io::Result<usize>> {
        loop {
            match ready!(self.poll_some(reader.as_mut(), cx, target)) {
                Ok(0) => return Poll::Ready(Ok(self.total)),
                Ok(count) => self.total += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn poll_some<R: AsyncRead + ?Sized>(
        &mut self,
        reader: Pin<&mut R>,
        cx: &mut Context<'_>,
        target: &mut Vec<u8>,
    ) -> Poll<io::Result<usize>> {
        let room = target.capacity() - target.len();
        if target.capacity() == self.first_capacity && self.first_capacity > 0 {
            if room == 0 {
                let mut probe = [0; LEAST_ROOM];
                let count = ready!(poll_read_slice(reader, cx, &mut probe))?;
                target.extend_from_slice(&probe[..count]);
                return Poll::Ready(Ok(count));
            }
        } else if room < LEAST_ROOM {
            target.reserve(LEAST_ROOM);
        }
        let asked = self.window.min(target.capacity() - target.len());
        let count = ready!(poll_read_buf(reader, cx, target, asked))?;
        if count == self.window {
            self.window = self.window.saturating_mul(2);
        }
        Poll::Ready(Ok(count))
    }
}
