//! `net` on Unix: Unix sockets, credentials and pipes.

use mini::io::Interest;
use mini::net::unix::pipe;
use mini::net::*;

use crate::rows::{futures, types};

types! {
    UnixDatagram => yes yes yes;
    UnixListener => yes yes yes;
    UnixSocket => yes yes yes;
    UnixStream => yes yes yes;
    unix::OwnedReadHalf => yes yes yes;
    unix::OwnedWriteHalf => yes yes yes;
    unix::ReadHalf<'_> => yes yes yes;
    unix::ReuniteError => yes yes yes;
    unix::SocketAddr => yes yes yes;
    unix::UCred => yes yes yes;
    unix::WriteHalf<'_> => yes yes yes;
    pipe::OpenOptions => yes yes yes;
    pipe::Receiver => yes yes yes;
    pipe::Sender => yes yes yes;
}

futures! {
    (listener: &UnixListener) listener.accept() => yes yes no;

    (socket: UnixSocket) socket.connect("/place") => yes yes no;

    () UnixStream::connect("/place") => yes yes no;
    (address: &unix::SocketAddr) UnixStream::connect_addr(address) => yes yes no;
    (stream: &UnixStream) stream.ready(Interest::READABLE) => yes yes no;
    (stream: &UnixStream) stream.readable() => yes yes no;
    (stream: &UnixStream) stream.writable() => yes yes no;
    (stream: &UnixStream) stream.async_io(Interest::READABLE, || Ok(())) => yes yes no;

    (half: &unix::OwnedReadHalf) half.ready(Interest::READABLE) => yes yes no;
    (half: &unix::OwnedReadHalf) half.readable() => yes yes no;
    (half: &unix::OwnedWriteHalf) half.ready(Interest::WRITABLE) => yes yes no;
    (half: &unix::OwnedWriteHalf) half.writable() => yes yes no;
    (half: &unix::ReadHalf<'_>) half.ready(Interest::READABLE) => yes yes no;
    (half: &unix::ReadHalf<'_>) half.readable() => yes yes no;
    (half: &unix::WriteHalf<'_>) half.ready(Interest::WRITABLE) => yes yes no;
    (half: &unix::WriteHalf<'_>) half.writable() => yes yes no;

    (socket: &UnixDatagram, buf: &[u8]) socket.send(buf) => yes yes no;
    (socket: &UnixDatagram, buf: &[u8]) socket.send_to(buf, "/place") => yes yes no;
    (socket: &UnixDatagram, buf: &mut [u8]) socket.recv(buf) => yes yes no;
    (socket: &UnixDatagram, buf: &mut Vec<u8>) socket.recv_buf(buf) => yes yes no;
    (socket: &UnixDatagram, buf: &mut [u8]) socket.recv_from(buf) => yes yes no;
    (socket: &UnixDatagram, buf: &mut Vec<u8>) socket.recv_buf_from(buf) => yes yes no;
    (socket: &UnixDatagram) socket.ready(Interest::READABLE) => yes yes no;
    (socket: &UnixDatagram) socket.readable() => yes yes no;
    (socket: &UnixDatagram) socket.writable() => yes yes no;
    (socket: &UnixDatagram) socket.async_io(Interest::READABLE, || Ok(())) => yes yes no;

    (receiver: &pipe::Receiver) receiver.ready(Interest::READABLE) => yes yes no;
    (receiver: &pipe::Receiver) receiver.readable() => yes yes no;
    (sender: &pipe::Sender) sender.ready(Interest::WRITABLE) => yes yes no;
    (sender: &pipe::Sender) sender.writable() => yes yes no;
}
