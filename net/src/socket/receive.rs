//! Receiving from a socket into memory that is not yet initialised.
//!
//! Receiving's unsafe code is here. Invariant: a buffer is told of exactly the bytes that the OS says it
//! wrote. (Zeroing the buffer first would be the safe way; it costs as much as the copy on a large buffer.)

use super::Socket;
use bytes::BufMut;
use mini_runtime::io::ReadBuf;
use socket2::SockAddr;
use std::io;
use std::mem::MaybeUninit;

/// Lets `call` write into the unfilled part of `buf`.
///
/// # Safety
///
/// `call` never de-initialises the memory, and answers with the number of bytes that it wrote at its start.
#[inline]
pub(crate) unsafe fn fill<A>(
    buf: &mut ReadBuf<'_>,
    call: impl FnOnce(&mut [MaybeUninit<u8>]) -> io::Result<(usize, A)>,
) -> io::Result<(usize, A)> {
    // SAFETY: the caller's promise: nothing is de-initialised.
    let unfilled = unsafe { buf.unfilled_mut() };
    let (length, also) = call(unfilled)?;
    // SAFETY: the caller's promise: `length` bytes were written.
    unsafe { buf.assume_init(length) };
    buf.advance(length);
    Ok((length, also))
}

/// Lets `call` write into the next chunk of `buf`.
///
/// # Safety
///
/// As [`fill`].
#[inline]
pub(crate) unsafe fn fill_chunk<A>(
    buf: &mut impl BufMut,
    call: impl FnOnce(&mut [MaybeUninit<u8>]) -> io::Result<(usize, A)>,
) -> io::Result<(usize, A)> {
    // SAFETY: the caller's promise: nothing is de-initialised.
    let chunk = unsafe { buf.chunk_mut().as_uninit_slice_mut() };
    let (length, also) = call(chunk)?;
    // SAFETY: the caller's promise: `length` bytes were written.
    unsafe { buf.advance_mut(length) };
    Ok((length, also))
}

/// One `recv` into the unfilled part of `buf`.
#[inline]
pub(crate) fn receive(socket: &impl Socket, buf: &mut ReadBuf<'_>) -> io::Result<usize> {
    // SAFETY: `recv` only writes, and answers with how much.
    let received = unsafe { fill(buf, |room| Ok((socket.call(|socket| socket.recv(room))?, ()))) };
    received.map(|(length, ())| length)
}

/// One `recv` with MSG_PEEK into the unfilled part of `buf`.
pub(crate) fn peek(socket: &impl Socket, buf: &mut ReadBuf<'_>) -> io::Result<usize> {
    // SAFETY: as in `receive`.
    let received = unsafe { fill(buf, |room| Ok((socket.call(|socket| socket.peek(room))?, ()))) };
    received.map(|(length, ())| length)
}

/// One `recvfrom` into the unfilled part of `buf`.
pub(crate) fn receive_from(socket: &impl Socket, buf: &mut ReadBuf<'_>) -> io::Result<(usize, SockAddr)> {
    // SAFETY: `recvfrom` only writes, and answers with how much.
    unsafe { fill(buf, |room| socket.call(|socket| socket.recv_from(room))) }
}

/// One `recvfrom` with MSG_PEEK into the unfilled part of `buf`.
pub(crate) fn peek_from(socket: &impl Socket, buf: &mut ReadBuf<'_>) -> io::Result<(usize, SockAddr)> {
    // SAFETY: as in `receive_from`.
    unsafe { fill(buf, |room| socket.call(|socket| socket.peek_from(room))) }
}

/// One `recv` into the next chunk of `buf`.
pub(crate) fn receive_chunk(socket: &impl Socket, buf: &mut impl BufMut) -> io::Result<usize> {
    // SAFETY: as in `receive`.
    let received = unsafe { fill_chunk(buf, |room| Ok((socket.call(|socket| socket.recv(room))?, ()))) };
    received.map(|(length, ())| length)
}

/// One `recvfrom` into the next chunk of `buf`.
pub(crate) fn receive_chunk_from(
    socket: &impl Socket,
    buf: &mut impl BufMut,
) -> io::Result<(usize, SockAddr)> {
    // SAFETY: as in `receive_from`.
    unsafe { fill_chunk(buf, |room| socket.call(|socket| socket.recv_from(room))) }
}
