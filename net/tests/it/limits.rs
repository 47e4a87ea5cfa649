//! What concerns the whole process: its descriptor table and its limits.
//!
//! Each such test is a child: this binary again, running one ignored test alone, so that no other test opens or
//! closes descriptors meanwhile.

use crate::support::{open_descriptors, pair, poll_once, run_child};
use futures::executor::block_on;
use mini_net::net::unix::pipe;
use mini_net::net::{TcpListener, TcpStream, UdpSocket, UnixDatagram, UnixListener, UnixStream};
use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
use std::fs::File;
use std::io;
use std::time::{Duration, Instant};

fn limit_descriptors(limit: u64) {
    let limit = libc::rlimit { rlim_cur: limit, rlim_max: limit };
    // SAFETY: `limit` lives through the call.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) }, 0);
}

#[test]
fn connects_refused_or_given_up_leak_no_descriptor() {
    run_child("limits::child_connects");
}

#[test]
#[ignore = "run by connects_refused_or_given_up_leak_no_descriptor"]
fn child_connects() -> io::Result<()> {
    let listener = block_on(TcpListener::bind("127.0.0.1:0"))?;
    let live = listener.local_addr()?;
    let dead = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    // Opens what is opened once: the reactor.
    assert!(block_on(TcpStream::connect(dead)).is_err());
    let before = open_descriptors();
    for _ in 0..100 {
        assert!(block_on(TcpStream::connect(dead)).is_err());
        let _ = poll_once(TcpStream::connect(live));
        let _ = poll_once(TcpStream::connect("192.0.2.1:9"));
        let _ = poll_once(listener.accept());
    }
    assert_eq!(open_descriptors(), before);
    Ok(())
}

#[test]
fn sockets_opened_and_closed_leave_no_descriptor() {
    run_child("limits::child_sockets");
}

#[test]
#[ignore = "run by sockets_opened_and_closed_leave_no_descriptor"]
fn child_sockets() -> io::Result<()> {
    drop(block_on(pair())?);
    let before = open_descriptors();
    for _ in 0..200 {
        let (client, server) = block_on(pair())?;
        let (reading, writing) = client.into_split();
        drop((server, writing, reading));
        let udp = block_on(UdpSocket::bind("127.0.0.1:0"))?;
        let _ = poll_once(udp.recv(&mut [0]));
        UdpSocket::from_std(udp.into_std()?)?;
        assert!(block_on(UdpSocket::bind("192.0.2.1:0")).is_err());
        let (stream, peer) = UnixStream::pair()?;
        drop((stream.into_split(), peer.into_std()?));
        let _ = poll_once(UnixListener::bind("\0mini-limits")?.accept());
        assert!(block_on(UnixStream::connect("/nowhere")).is_err());
        drop(UnixDatagram::pair()?);
        let (sender, receiver) = pipe::pipe()?;
        assert!(pipe::Receiver::from_owned_fd(sender.into_blocking_fd()?).is_err());
        drop(receiver);
    }
    assert_eq!(open_descriptors(), before);
    Ok(())
}

#[test]
fn an_accept_at_the_descriptor_limit_pauses_and_recovers() {
    run_child("limits::child_accept_at_the_limit");
}

#[test]
#[ignore = "run by an_accept_at_the_descriptor_limit_pauses_and_recovers"]
fn child_accept_at_the_limit() -> io::Result<()> {
    const ERRORS: u32 = 8;
    limit_descriptors(64);
    let listener = block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let clients: Vec<_> = (0..4).map(|_| std::net::TcpStream::connect(address)).collect::<Result<_, _>>()?;
    let mut fillers = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        fillers.push(file);
    }
    // A loop that ignores errors, through both doors of accepting.
    let start = Instant::now();
    for round in 0..ERRORS {
        let result = if round % 2 == 0 {
            block_on(listener.accept())
        } else {
            block_on(std::future::poll_fn(|cx| listener.poll_accept(cx)))
        };
        assert_eq!(result.unwrap_err().raw_os_error(), Some(libc::EMFILE));
    }
    let passed = start.elapsed();
    assert!(passed >= Duration::from_millis(10) * (ERRORS - 1), "{ERRORS} errors in {passed:?}: a spin");
    drop(fillers);
    for _ in &clients {
        block_on(listener.accept())?;
    }
    Ok(())
}

#[test]
fn a_reactor_that_cannot_be_opened_is_an_error_and_is_tried_again() {
    run_child("limits::child_reactor_at_the_limit");
}

#[test]
#[ignore = "run by a_reactor_that_cannot_be_opened_is_an_error_and_is_tried_again"]
fn child_reactor_at_the_limit() -> io::Result<()> {
    limit_descriptors(32);
    let mut fillers = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        fillers.push(file);
    }
    // Room for the listener's socket, then for part of the reactor, but not for all of it.
    for room in 1..4 {
        fillers.truncate(fillers.len() - 1);
        let error = block_on(TcpListener::bind("127.0.0.1:0")).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EMFILE), "room for {room}");
    }
    drop(fillers);
    let (mut client, mut server) = block_on(pair())?;
    block_on(async {
        client.write_all(b"x").await?;
        server.read_exact(&mut [0]).await?;
        Ok(())
    })
}

#[test]
fn no_peer_can_raise_sigpipe_through_a_socket() {
    run_child("limits::child_without_sigpipe");
}

#[test]
#[ignore = "run by no_peer_can_raise_sigpipe_through_a_socket"]
fn child_without_sigpipe() -> io::Result<()> {
    // SAFETY: restores the default of a signal; it would end this process, whose test has then failed.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    let bufs = [io::IoSlice::new(b"x"), io::IoSlice::new(b"y")];
    block_on(async {
        let (mut tcp, peer) = pair().await?;
        peer.set_zero_linger()?;
        drop(peer);
        // The first error is the reset, then comes the broken pipe.
        for _ in 0..3 {
            let _ = tcp.write_all(b"x").await;
            assert!(tcp.write_vectored(&bufs).await.is_err());
        }
        let (mut unix, peer) = UnixStream::pair()?;
        drop(peer);
        assert_eq!(unix.write_all(b"x").await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(unix.write_vectored(&bufs).await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        let (datagram, _peer) = UnixDatagram::pair()?;
        datagram.shutdown(std::net::Shutdown::Both)?;
        assert_eq!(datagram.send(b"x").await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        let udp = UdpSocket::bind("127.0.0.1:0").await?;
        udp.connect(udp.local_addr()?).await?;
        socket2::SockRef::from(&udp).shutdown(std::net::Shutdown::Both)?;
        assert!(udp.send(b"x").await.is_err());
        Ok(())
    })
}
