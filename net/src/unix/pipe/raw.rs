//! What pipes need of the OS that std and mio do not offer: reading into memory that is not yet initialised, and how a
//! descriptor was opened.
//!
//! All unsafe code of the pipes is here. Invariant: a buffer is told of exactly the bytes that the OS says it wrote.

use crate::socket::receive::{fill, fill_chunk};
use bytes::BufMut;
use mini_runtime::io::ReadBuf;
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileTypeExt;

/// One `read`.
fn read(pipe: BorrowedFd<'_>, room: &mut [MaybeUninit<u8>]) -> io::Result<usize> {
    // SAFETY: the descriptor is open while it is borrowed, and the memory is as long as is said and ours to write.
    let length = unsafe { libc::read(pipe.as_raw_fd(), room.as_mut_ptr().cast(), room.len()) };
    usize::try_from(length).map_err(|_| io::Error::last_os_error())
}

/// One `read` into the unfilled part of `buf`.
pub(super) fn read_into(pipe: BorrowedFd<'_>, buf: &mut ReadBuf<'_>) -> io::Result<usize> {
    // SAFETY: `read` only writes, and answers with how much.
    let read = unsafe { fill(buf, |room| Ok((read(pipe, room)?, ()))) };
    read.map(|(length, ())| length)
}

/// One `read` into the next chunk of `buf`.
pub(super) fn read_chunk(pipe: BorrowedFd<'_>, buf: &mut impl BufMut) -> io::Result<usize> {
    // SAFETY: as in `read_into`.
    let read = unsafe { fill_chunk(buf, |room| Ok((read(pipe, room)?, ()))) };
    read.map(|(length, ())| length)
}

/// The two ends of a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Receiver,
    Sender,
}

/// The descriptor, in non-blocking mode, if it is a pipe's and open for this end's direction.
pub(super) fn checked(fd: OwnedFd, end: End) -> io::Result<OwnedFd> {
    let fd = must_be_a_pipe(File::from(fd))?.into();
    must_be_open_for(&fd, end)?;
    socket2::SockRef::from(&fd).set_nonblocking(true)?;
    Ok(fd)
}

/// The file, if it is a pipe.
pub(super) fn must_be_a_pipe(file: File) -> io::Result<File> {
    if file.metadata()?.file_type().is_fifo() {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "the file is not a pipe"))
}

fn must_be_open_for(fd: &OwnedFd, end: End) -> io::Result<()> {
    // SAFETY: the descriptor is open while it is borrowed; the call reads no memory of ours.
    let flags = unsafe { libc::fcntl(fd.as_fd().as_raw_fd(), libc::F_GETFL) };
    if flags == -1 {
        return Err(io::Error::last_os_error());
    }
    let (needed, what) = match end {
        End::Receiver => (libc::O_RDONLY, "the pipe is not open for reading"),
        End::Sender => (libc::O_WRONLY, "the pipe is not open for writing"),
    };
    let mode = flags & libc::O_ACCMODE;
    if mode == needed || mode == libc::O_RDWR {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, what))
}
