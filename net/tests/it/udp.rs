//! What happens to datagrams, and to a socket whose peer is not there.

use crate::support::{poll_once, wait_until};
use futures::executor::block_on;
use futures::future::{join, try_join_all};
use mini_net::io::{Interest, Ready};
use mini_net::net::UdpSocket;
use mini_runtime::io::ReadBuf;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::task::Poll;
use std::thread;

/// Two sockets, connected to each other.
async fn pair() -> io::Result<(UdpSocket, UdpSocket)> {
    let ours = UdpSocket::bind("127.0.0.1:0").await?;
    let theirs = UdpSocket::bind("127.0.0.1:0").await?;
    ours.connect(theirs.local_addr()?).await?;
    theirs.connect(ours.local_addr()?).await?;
    Ok((ours, theirs))
}

/// A socket connected to an address where nobody receives.
async fn orphan() -> io::Result<UdpSocket> {
    let (ours, theirs) = pair().await?;
    drop(theirs);
    Ok(ours)
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn a_datagram_longer_than_the_buffer_is_cut_and_the_next_is_whole() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = pair().await?;
        for _ in 0..3 {
            theirs.send(b"a long one").await?;
            theirs.send(b"next").await?;
        }
        let mut room = [0; 4];
        assert_eq!(ours.recv(&mut room).await?, 4);
        assert_eq!(&room, b"a lo");
        assert_eq!(ours.recv(&mut room).await?, 4);
        assert_eq!(&room, b"next");

        let mut growing = Vec::with_capacity(16);
        growing.extend_from_slice(b"12345678901");
        assert_eq!(ours.recv_buf(&mut growing).await?, 5);
        assert_eq!(growing, b"12345678901a lon");
        growing.clear();
        assert_eq!(ours.recv_buf_from(&mut growing).await?, (4, theirs.local_addr()?));

        let mut room = [0; 6];
        let mut buf = ReadBuf::new(&mut room);
        buf.put_slice(b"so ");
        assert_eq!(poll_fn(|cx| ours.poll_recv_from(cx, &mut buf)).await?, theirs.local_addr()?);
        assert_eq!(buf.filled(), b"so a l");
        let mut room = [0; 6];
        let mut buf = ReadBuf::new(&mut room);
        poll_fn(|cx| ours.poll_recv(cx, &mut buf)).await?;
        assert_eq!(buf.filled(), b"next");
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn empty_datagrams_arrive_and_are_not_an_end() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = pair().await?;
        for _ in 0..3 {
            assert_eq!(theirs.send(&[]).await?, 0);
        }
        theirs.send_to(b"x", ours.local_addr()?).await.expect("a connected socket may name its peer");
        let mut room = [7; 4];
        assert_eq!(ours.recv(&mut room).await?, 0);
        // A buffer without room takes the datagram all the same.
        assert_eq!(ours.recv(&mut []).await?, 0);
        assert_eq!(ours.recv_from(&mut room).await?, (0, theirs.local_addr()?));
        assert_eq!(ours.recv(&mut room).await?, 1);
        assert_eq!(&room, b"x\x07\x07\x07");
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn a_peer_that_is_not_there_ends_each_way_of_receiving_and_the_socket_goes_on() -> io::Result<()> {
    block_on(async {
        let ours = orphan().await?;
        let refused = |result: io::Result<usize>| {
            assert_eq!(result.expect_err("nobody is there").kind(), ErrorKind::ConnectionRefused);
        };
        let mut room = [0; 8];
        ours.send(b"x").await?;
        refused(ours.recv(&mut room).await);
        ours.send(b"x").await?;
        refused(ours.recv_from(&mut room).await.map(|(length, _)| length));
        ours.send(b"x").await?;
        refused(ours.peek(&mut room).await);
        ours.send(b"x").await?;
        refused(poll_fn(|cx| ours.poll_recv(cx, &mut ReadBuf::new(&mut room))).await.map(|()| 0));
        ours.send(b"x").await?;
        refused(poll_fn(|cx| ours.poll_peek_sender(cx)).await.map(|_| 0));
        // The two steps of a hand-written loop.
        ours.send(b"x").await?;
        ours.readable().await?;
        refused(ours.try_recv(&mut room));
        // The next send is told, too.
        ours.send(b"x").await?;
        ours.ready(Interest::ERROR).await?;
        refused(ours.send(b"y").await);

        let theirs = UdpSocket::bind("127.0.0.1:0").await?;
        ours.connect(theirs.local_addr()?).await?;
        ours.send(b"hello").await?;
        let (length, sender) = theirs.recv_from(&mut room).await?;
        assert_eq!(&room[..length], b"hello");
        theirs.send_to(b"back", sender).await?;
        assert_eq!(ours.recv(&mut room).await?, 4);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn after_a_refusal_a_call_that_would_block_waits_and_does_not_spin() -> io::Result<()> {
    let ours = block_on(orphan())?;
    block_on(ours.send(b"x"))?;
    let ready = block_on(ours.ready(Interest::ERROR))?;
    assert!(ready.is_error(), "{ready:?}");
    assert_eq!(block_on(ours.recv(&mut [0])).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    // The OS reported the writing side as closed with the error; that must not last.
    let everything = Interest::READABLE | Interest::WRITABLE | Interest::ERROR;
    wait_until(|| {
        let would_block = || Err::<(), _>(ErrorKind::WouldBlock.into());
        let _ = ours.try_io(everything, would_block);
        poll_once(ours.ready(everything)).is_pending()
    });
    assert!(poll_once(ours.recv(&mut [0])).is_pending());
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn a_future_dropped_at_its_await_loses_no_datagram() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = pair().await?;
        let mut room = [0; 8];
        for round in 0..50_u8 {
            assert!(poll_once(ours.recv(&mut room)).is_pending());
            assert!(poll_once(ours.recv_from(&mut room)).is_pending());
            assert!(poll_once(ours.recv_buf(&mut Vec::with_capacity(8))).is_pending());
            assert!(poll_once(ours.peek_from(&mut room)).is_pending());
            assert!(poll_once(ours.peek_sender()).is_pending());
            assert!(poll_once(ours.readable()).is_pending());
            theirs.send(&[round]).await?;
            assert_eq!(ours.peek(&mut room).await?, 1);
            assert_eq!(ours.recv(&mut room).await?, 1);
            assert_eq!(room[0], round);
        }
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn tasks_that_share_a_socket_get_each_datagram_once() -> io::Result<()> {
    const THREADS: usize = 4;
    const EACH: usize = 50;
    let server = Arc::new(block_on(UdpSocket::bind("127.0.0.1:0"))?);
    let address = server.local_addr()?;
    let servers: Vec<_> = (0..THREADS)
        .map(|_| {
            let server = Arc::clone(&server);
            thread::spawn(move || {
                let mut room = [0; 8];
                block_on(async {
                    for _ in 0..EACH {
                        let (length, sender) = server.recv_from(&mut room).await?;
                        server.send_to(&room[..length], sender).await?;
                    }
                    Ok::<_, io::Error>(())
                })
            })
        })
        .collect();
    // One at a time a client, so that no buffer overflows.
    let ask = async |client: usize| {
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        socket.connect(address).await?;
        let mut room = [0; 8];
        for round in 0..EACH {
            let question = [client as u8, round as u8];
            socket.send(&question).await?;
            assert_eq!(socket.recv(&mut room).await?, 2);
            assert_eq!(room[..2], question);
        }
        Ok::<_, io::Error>(())
    };
    block_on(try_join_all((0..THREADS).map(ask)))?;
    for server in servers {
        server.join().expect("no panic")?;
    }
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn a_connected_socket_hears_its_peer_only() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = pair().await?;
        let stranger = UdpSocket::bind("127.0.0.1:0").await?;
        stranger.send_to(b"stranger", ours.local_addr()?).await?;
        theirs.send(b"peer").await?;
        let mut room = [0; 16];
        assert_eq!(ours.recv_from(&mut room).await?, (4, theirs.local_addr()?));
        assert!(poll_once(ours.recv(&mut room)).is_pending());
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn what_the_os_refuses_to_send_is_its_error() -> io::Result<()> {
    block_on(async {
        let (ours, _theirs) = pair().await?;
        let too_long = vec![0; 70_000];
        let error = ours.send(&too_long).await.unwrap_err();
        #[cfg(unix)]
        assert_eq!(error.raw_os_error(), Some(libc::EMSGSIZE), "{error}");
        let unbound_family: SocketAddr = "[::1]:9".parse().expect("a literal");
        assert!(ours.send_to(b"x", unbound_family).await.is_err());
        let nowhere: &[SocketAddr] = &[];
        assert_eq!(ours.send_to(b"x", nowhere).await.unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(ours.connect(nowhere).await.unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(UdpSocket::bind(ours.local_addr()?).await.unwrap_err().kind(), ErrorKind::AddrInUse);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn sockets_go_to_std_and_back() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = pair().await?;
        let theirs = theirs.into_std()?;
        theirs.set_nonblocking(false)?;
        theirs.send(b"std")?;
        let theirs = UdpSocket::try_from(theirs)?;
        theirs.send(b"back").await?;
        let mut room = [0; 8];
        assert_eq!(ours.recv(&mut room).await?, 3);
        assert_eq!(ours.recv(&mut room).await?, 4);
        assert_eq!(&room[..4], b"back");
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn a_multicast_group_is_heard_while_it_is_joined() -> io::Result<()> {
    block_on(async {
        let group = Ipv4Addr::new(224, 0, 0, 251);
        let listener = UdpSocket::bind("0.0.0.0:0").await?;
        listener.join_multicast_v4(group, Ipv4Addr::LOCALHOST)?;
        let again = listener.join_multicast_v4(group, Ipv4Addr::LOCALHOST).unwrap_err();
        assert_eq!(again.kind(), ErrorKind::AddrInUse);
        let sender = UdpSocket::bind("127.0.0.1:0").await?;
        sender.set_multicast_loop_v4(true)?;
        socket2::SockRef::from(&sender).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
        let target = (group, listener.local_addr()?.port());
        sender.send_to(b"all", target).await?;
        assert_eq!(listener.recv_from(&mut [0; 8]).await?, (3, sender.local_addr()?));
        listener.leave_multicast_v4(group, Ipv4Addr::LOCALHOST)?;
        assert!(listener.leave_multicast_v4(group, Ipv4Addr::LOCALHOST).is_err());
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no UDP")]
fn a_waiting_reader_and_a_waiting_looker_are_both_woken() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = pair().await?;
        let send = async {
            theirs.send(b"one").await?;
            theirs.send(b"two").await
        };
        let both = join(ours.readable(), ours.peek_sender());
        let ((readable, sender), sent) = join(both, send).await;
        readable?;
        sent?;
        assert_eq!(sender?, theirs.local_addr()?);
        let ready = ours.ready(Interest::READABLE | Interest::WRITABLE).await?;
        assert!(ready.contains(Ready::READABLE), "{ready:?}");
        assert!(matches!(poll_once(ours.recv(&mut [0; 4])), Poll::Ready(Ok(3))));
        assert!(matches!(poll_once(ours.recv(&mut [0; 4])), Poll::Ready(Ok(3))));
        Ok(())
    })
}
