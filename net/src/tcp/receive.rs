//! Reading from a socket into memory that is not yet initialised.
//!
//! All unsafe code of the sockets is here. Invariant: a buffer is told of exactly the bytes that the OS says it
//! wrote. (Zeroing the buffer first would be the safe way; it costs as much as the copy on a large buffer.)

use bytes::BufMut;
use mini_runtime::io::ReadBuf;
use socket2::SockRef;
use std::io;

/// One `recv` into the unfilled part of `buf`.
pub(super) fn receive(socket: &mio::net::TcpStream, buf: &mut ReadBuf<'_>) -> io::Result<usize> {
    // SAFETY: `recv` only writes to the memory, so it initialises bytes and never de-initialises them.
    let unfilled = unsafe { buf.unfilled_mut() };
    let length = socket.try_io(|| SockRef::from(socket).recv(unfilled))?;
    // SAFETY: the OS has just written `length` bytes at the start of the unfilled part.
    unsafe { buf.assume_init(length) };
    buf.advance(length);
    Ok(length)
}

/// One `recv` with MSG_PEEK into the unfilled part of `buf`.
pub(super) fn peek(socket: &mio::net::TcpStream, buf: &mut ReadBuf<'_>) -> io::Result<usize> {
    // SAFETY: as in `receive`.
    let unfilled = unsafe { buf.unfilled_mut() };
    let length = socket.try_io(|| SockRef::from(socket).peek(unfilled))?;
    // SAFETY: as in `receive`.
    unsafe { buf.assume_init(length) };
    buf.advance(length);
    Ok(length)
}

/// One `recv` into the next chunk of `buf`.
pub(super) fn receive_chunk<B: BufMut>(socket: &mio::net::TcpStream, buf: &mut B) -> io::Result<usize> {
    let chunk = buf.chunk_mut();
    // SAFETY: `recv` only writes to the memory, as in `receive`.
    let chunk = unsafe { chunk.as_uninit_slice_mut() };
    let length = socket.try_io(|| SockRef::from(socket).recv(chunk))?;
    // SAFETY: the OS has just written `length` bytes at the start of the chunk.
    unsafe { buf.advance_mut(length) };
    Ok(length)
}
