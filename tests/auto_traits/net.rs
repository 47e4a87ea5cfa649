//! `net`: sockets, their halves, and name lookup. What Unix alone has is in `net_unix`.

use std::net::SocketAddr;

use mini::io::Interest;
use mini::net::*;

use crate::rows::{futures, types};

types! {
    TcpListener => yes yes yes;
    TcpSocket => yes yes yes;
    TcpStream => yes yes yes;
    tcp::OwnedReadHalf => yes yes yes;
    tcp::OwnedWriteHalf => yes yes yes;
    tcp::ReadHalf<'_> => yes yes yes;
    tcp::ReuniteError => yes yes yes;
    tcp::WriteHalf<'_> => yes yes yes;
    UdpSocket => yes yes yes;
}

futures! {
    () lookup_host("localhost:80") => yes yes no;
    (address: SocketAddr) lookup_host(address) => yes yes no;

    (address: SocketAddr) TcpListener::bind(address) => yes yes no;
    () TcpListener::bind("localhost:80") => yes yes no;
    (listener: &TcpListener) listener.accept() => yes yes no;

    (socket: TcpSocket, address: SocketAddr) socket.connect(address) => yes yes no;

    (address: SocketAddr) TcpStream::connect(address) => yes yes no;
    () TcpStream::connect("localhost:80") => yes yes no;
    (stream: &TcpStream, buf: &mut [u8]) stream.peek(buf) => yes yes no;
    (stream: &TcpStream) stream.ready(Interest::READABLE) => yes yes no;
    (stream: &TcpStream) stream.readable() => yes yes no;
    (stream: &TcpStream) stream.writable() => yes yes no;
    (stream: &TcpStream) stream.async_io(Interest::READABLE, || Ok(())) => yes yes no;

    (half: &mut tcp::OwnedReadHalf, buf: &mut [u8]) half.peek(buf) => yes yes no;
    (half: &tcp::OwnedReadHalf) half.ready(Interest::READABLE) => yes yes no;
    (half: &tcp::OwnedReadHalf) half.readable() => yes yes no;
    (half: &tcp::OwnedWriteHalf) half.ready(Interest::WRITABLE) => yes yes no;
    (half: &tcp::OwnedWriteHalf) half.writable() => yes yes no;
    (half: &mut tcp::ReadHalf<'_>, buf: &mut [u8]) half.peek(buf) => yes yes no;
    (half: &tcp::ReadHalf<'_>) half.ready(Interest::READABLE) => yes yes no;
    (half: &tcp::ReadHalf<'_>) half.readable() => yes yes no;
    (half: &tcp::WriteHalf<'_>) half.ready(Interest::WRITABLE) => yes yes no;
    (half: &tcp::WriteHalf<'_>) half.writable() => yes yes no;

    (address: SocketAddr) UdpSocket::bind(address) => yes yes no;
    (socket: &UdpSocket, address: SocketAddr) socket.connect(address) => yes yes no;
    (socket: &UdpSocket, buf: &[u8]) socket.send(buf) => yes yes no;
    (socket: &UdpSocket, buf: &[u8], address: SocketAddr) socket.send_to(buf, address) => yes yes no;
    (socket: &UdpSocket, buf: &mut [u8]) socket.recv(buf) => yes yes no;
    (socket: &UdpSocket, buf: &mut Vec<u8>) socket.recv_buf(buf) => yes yes no;
    (socket: &UdpSocket, buf: &mut [u8]) socket.recv_from(buf) => yes yes no;
    (socket: &UdpSocket, buf: &mut Vec<u8>) socket.recv_buf_from(buf) => yes yes no;
    (socket: &UdpSocket, buf: &mut [u8]) socket.peek(buf) => yes yes no;
    (socket: &UdpSocket, buf: &mut [u8]) socket.peek_from(buf) => yes yes no;
    (socket: &UdpSocket) socket.peek_sender() => yes yes no;
    (socket: &UdpSocket) socket.ready(Interest::READABLE) => yes yes no;
    (socket: &UdpSocket) socket.readable() => yes yes no;
    (socket: &UdpSocket) socket.writable() => yes yes no;
    (socket: &UdpSocket) socket.async_io(Interest::READABLE, || Ok(())) => yes yes no;
}
