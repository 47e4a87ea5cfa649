//! [`Pace`]: how much to read at a time.
//!
//! Knows no bytes and no position. A first read is as large as was asked; each further one that follows in order is
//! four times its predecessor, up to a bound, so that a file that is read in small pieces takes few jobs, and one
//! that is read here and there nothing that it did not ask for.

use std::fs::File;

/// Read ahead at most: with more, the hop to the pool is no longer what the time goes into, and the second-level
/// cache overflows.
const LARGEST: usize = 512 * 1024;

/// How far to read ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Bytes of the read before, if that gave all it was asked for and the next one follows it in order; else 0.
    last: usize,
    kind: Kind,
}

/// Whether reading ahead is harmless: of a terminal or a pipe it would take what others are meant to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unknown,
    Regular,
    Other,
}

impl Pace {
    pub(super) const fn new() -> Self {
        Self { last: 0, kind: Kind::Unknown }
    }

    /// The next read does not follow the one before.
    pub(super) fn interrupt(&mut self) {
        self.last = 0;
    }

    /// How much to read where `asked` bytes are wanted. `is_private` tells whether reading ahead is allowed.
    pub(super) fn next(&self, asked: usize, is_private: bool) -> usize {
        if is_private && self.kind != Kind::Other {
            asked.max(self.last.saturating_mul(4).min(LARGEST))
        } else {
            asked
        }
    }

    /// [`next`](Self::next)'s answer, unless the file turns out not to be a regular one. Called on a thread of the
    /// pool, for the question may take the file system's time.
    pub(super) fn confirm(&mut self, next: usize, asked: usize, file: &File) -> usize {
        if next > asked && self.kind == Kind::Unknown {
            let is_regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
            self.kind = if is_regular { Kind::Regular } else { Kind::Other };
        }
        if self.kind == Kind::Other { asked } else { next }
    }

    /// A read of at most `limit` bytes gave `count`.
    pub(super) fn record(&mut self, limit: usize, count: usize) {
        self.last = if count == limit { count } else { 0 };
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// The sizes of the reads when `asked` bytes are wanted again and again.
    fn sizes(pace: &mut Pace, asked: usize, count: usize) -> Vec<usize> {
        let next = |_| {
            let next = pace.next(asked, true);
            pace.record(next, next);
            next
        };
        (0..count).map(next).collect()
    }

    #[test]
    fn reads_in_order_grow_to_the_bound_and_others_do_not() {
        let mut pace = Pace::new();
        assert_eq!(sizes(&mut pace, 8192, 5), [8192, 32768, 131072, LARGEST, LARGEST]);
        assert_eq!(pace.next(8192, false), 8192, "somebody else sees the position");
        assert_eq!(pace.next(2 * LARGEST, true), 2 * LARGEST, "what is asked for is no reading ahead");
        pace.interrupt();
        assert_eq!(sizes(&mut pace, 100, 2), [100, 400]);
        pace.record(400, 7);
        assert_eq!(pace.next(100, true), 100, "the end of the file was near");
    }

    #[test]
    fn what_is_no_regular_file_is_never_read_ahead() {
        let mut pace = Pace::new();
        sizes(&mut pace, 10, 1);
        let device = File::open("/dev/null").unwrap();
        assert_eq!(pace.confirm(40, 10, &device), 10);
        assert_eq!(pace.next(10, true), 10);
    }
}
