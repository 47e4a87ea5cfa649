//! The standard streams as descriptors.
//!
//! What went through `Stdout` or was read ahead by `Stdin` is not seen by whoever uses the descriptor directly.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

use super::{Stderr, Stdin, Stdout};

impl AsFd for Stdin {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.std.as_fd()
    }
}

impl AsRawFd for Stdin {
    fn as_raw_fd(&self) -> RawFd {
        self.std.as_raw_fd()
    }
}

impl AsFd for Stdout {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.output.std.as_fd()
    }
}

impl AsRawFd for Stdout {
    fn as_raw_fd(&self) -> RawFd {
        self.output.std.as_raw_fd()
    }
}

impl AsFd for Stderr {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.output.std.as_fd()
    }
}

impl AsRawFd for Stderr {
    fn as_raw_fd(&self) -> RawFd {
        self.output.std.as_raw_fd()
    }
}
