//! Listening and connecting: addresses, refusals, futures given up.

use crate::support::poll_once;
use futures::executor::block_on;
use futures::future::join;
use mini_net::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::thread;

/// An address on which nobody listens: it was the OS's to give, and its listener is closed.
fn dead_address() -> io::Result<SocketAddr> {
    std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()
}

#[test]
fn a_refused_connect_is_an_error() -> io::Result<()> {
    let address = dead_address()?;
    let error = block_on(TcpStream::connect(address)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    let error = block_on(TcpSocket::new_v4()?.connect(address)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    Ok(())
}

#[test]
fn addresses_are_tried_until_one_answers() -> io::Result<()> {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let live = listener.local_addr()?;
        let stream = TcpStream::connect(&[dead_address()?, live][..]).await?;
        assert_eq!(stream.peer_addr()?, live);
        let dead = [dead_address()?, dead_address()?];
        let error = TcpStream::connect(&dead[..]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        let error = TcpStream::connect(&[][..]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        Ok(())
    })
}

#[test]
fn a_name_is_looked_up() -> io::Result<()> {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        for address in [format!("localhost:{port}"), format!("127.0.0.1:{port}")] {
            let stream = TcpStream::connect(address).await?;
            assert_eq!(stream.peer_addr()?.port(), port);
        }
        TcpStream::connect((String::from("localhost"), port)).await?;
        assert!(lookup_host("name.invalid:80").await.is_err());
        Ok(())
    })
}

#[test]
fn a_lookup_given_up_does_no_harm() {
    for _ in 0..10 {
        let _ = poll_once(lookup_host("localhost:80"));
    }
}

#[test]
fn an_address_in_use_is_an_error() -> io::Result<()> {
    let listener = block_on(TcpListener::bind("127.0.0.1:0"))?;
    let error = block_on(TcpListener::bind(listener.local_addr()?)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    Ok(())
}

#[test]
fn an_accept_given_up_leaves_the_connection_for_the_next() -> io::Result<()> {
    let listener = block_on(TcpListener::bind("127.0.0.1:0"))?;
    for _ in 0..20 {
        assert!(poll_once(listener.accept()).is_pending());
        let (client, accepted) =
            block_on(join(TcpStream::connect(listener.local_addr()?), async { listener.accept().await }));
        let (_server, address) = accepted?;
        assert_eq!(address, client?.local_addr()?);
    }
    Ok(())
}

#[test]
fn listeners_go_to_std_and_back() -> io::Result<()> {
    let listener = block_on(TcpListener::bind("127.0.0.1:0"))?.into_std()?;
    let address = listener.local_addr()?;
    listener.set_nonblocking(false)?;
    let client = thread::spawn(move || std::net::TcpStream::connect(address));
    listener.accept()?;
    client.join().expect("no panic")?;
    let listener = TcpListener::from_std(listener)?;
    let client = thread::spawn(move || std::net::TcpStream::connect(address));
    block_on(listener.accept())?;
    client.join().expect("no panic")?;
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri lacks socket options")]
fn a_socket_keeps_its_options() -> io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.set_keepalive(true)?;
    socket.set_reuseaddr(true)?;
    socket.set_nodelay(true)?;
    socket.set_tos_v4(0x10)?;
    assert!(socket.keepalive()? && socket.reuseaddr()? && socket.nodelay()?);
    assert_eq!(socket.tos_v4()?, 0x10);
    assert!(socket.send_buffer_size()? > 0 && socket.recv_buffer_size()? > 0);
    socket.bind("127.0.0.1:0".parse().expect("a literal"))?;
    assert!(socket.local_addr()?.port() > 0);
    Ok(())
}
