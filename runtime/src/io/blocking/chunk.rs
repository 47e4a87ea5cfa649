//! [`Chunk`]: bytes that a blocking reader gave and that nobody has taken yet.
//!
//! Not a ring: it is filled when it is empty, and only then. The invariant is `start <= end <= bytes.len()`, with
//! the bytes to be taken in `bytes[start..end]`.

use std::io::{self, ErrorKind, Read};

use crate::io::ReadBuf;

/// A buffer that travels to a thread of the pool to be filled, and back.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// As long as the largest read so far, so that its memory is zeroed once and not at each read.
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Chunk {
    /// An empty chunk without memory.
    pub(crate) const fn new() -> Self {
        Self { bytes: Vec::new(), start: 0, end: 0 }
    }

    /// Bytes not taken yet.
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether all was taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Moves as many bytes as fit.
    pub(crate) fn put_into(&mut self, buf: &mut ReadBuf<'_>) {
        let count = self.len().min(buf.remaining());
        buf.put_slice(&self.bytes[self.start..self.start + count]);
        self.start += count;
    }

    /// Forgets what was not taken, and tells how much that was.
    pub(crate) fn discard(&mut self) -> usize {
        let count = self.len();
        self.start = self.end;
        count
    }

    /// Gives the memory back. The chunk must be empty.
    pub(crate) fn release(&mut self) {
        debug_assert!(self.is_empty(), "bytes would be lost");
        *self = Self::new();
    }

    /// Makes one read of at most `limit` bytes, repeated when a signal interrupts it, and tells how many came.
    ///
    /// # Errors
    ///
    /// The reader's. The chunk is empty then.
    pub(crate) fn fill_from(&mut self, reader: &mut impl Read, limit: usize) -> io::Result<usize> {
        debug_assert!(self.is_empty(), "bytes would be lost");
        (self.start, self.end) = (0, 0);
        if self.bytes.len() < limit {
            // Not `resize`: what is there need not be copied, and fresh memory comes zeroed.
            self.bytes = Vec::new();
            self.bytes = vec![0; limit];
        }
        let count = loop {
            match reader.read(&mut self.bytes[..limit]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        // A reader that claims more than there was room for is not believed.
        self.end = count.min(limit);
        Ok(self.end)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_taken_in_order_and_discarded_once() {
        let mut chunk = Chunk::new();
        assert_eq!(chunk.fill_from(&mut &b"abcdef"[..], 5).unwrap(), 5);
        let mut bytes = [0; 2];
        chunk.put_into(&mut ReadBuf::new(&mut bytes));
        assert_eq!((bytes, chunk.len()), (*b"ab", 3));
        assert_eq!((chunk.discard(), chunk.discard()), (3, 0));
        assert_eq!(chunk.fill_from(&mut &b"xyz"[..], 2).unwrap(), 2);
        let mut bytes = [0; 9];
        let mut buf = ReadBuf::new(&mut bytes);
        chunk.put_into(&mut buf);
        assert_eq!(buf.filled(), b"xy", "a smaller read leaves nothing of the larger one");
        assert!(chunk.is_empty());
    }

    #[test]
    fn an_interrupted_read_is_repeated_and_an_error_leaves_nothing() {
        struct Steps(Vec<io::Result<usize>>);
        impl Read for Steps {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                let count = self.0.remove(0)?;
                buf[..count.min(4)].fill(7);
                Ok(count)
            }
        }
        let mut chunk = Chunk::new();
        let interrupted = || Err(ErrorKind::Interrupted.into());
        assert_eq!(chunk.fill_from(&mut Steps(vec![interrupted(), interrupted(), Ok(3)]), 4).unwrap(), 3);
        chunk.discard();
        let refused = Err(ErrorKind::PermissionDenied.into());
        assert!(chunk.fill_from(&mut Steps(vec![interrupted(), refused]), 4).is_err());
        assert!(chunk.is_empty());
        assert_eq!(chunk.fill_from(&mut Steps(vec![Ok(400)]), 4).unwrap(), 4, "a lie is cut to size");
    }
}
