//! Unix datagrams: whole or cut, empty ones, full queues, peers that are not there.

use crate::support::{Place, poll_once, wait_until};
use futures::executor::block_on;
use mini_net::io::Interest;
use mini_net::net::{UnixDatagram, UnixSocket};
use mini_runtime::io::ReadBuf;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::sync::Arc;
use std::thread;

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn datagrams_keep_their_borders_and_are_cut_to_the_buffer() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = UnixDatagram::pair()?;
        for datagram in [&b"a long one"[..], b"", b"next"] {
            assert_eq!(theirs.send(datagram).await?, datagram.len());
        }
        let mut room = [0; 4];
        assert_eq!(ours.recv(&mut room).await?, 4);
        assert_eq!(&room, b"a lo");
        assert_eq!(ours.recv(&mut room).await?, 0);
        let mut growing = Vec::with_capacity(8);
        let (length, sender) = ours.recv_buf_from(&mut growing).await?;
        assert_eq!((length, &growing[..]), (4, &b"next"[..]));
        assert!(sender.is_unnamed());
        assert!(poll_once(ours.recv(&mut room)).is_pending());
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_server_answers_to_the_address_it_hears_from() -> io::Result<()> {
    block_on(async {
        let place = Place::new();
        let server = UnixDatagram::bind(place.path())?;
        let client = UnixSocket::new_datagram()?;
        client.bind(place.sibling("client"))?;
        let client = client.datagram()?;
        client.connect(place.path())?;
        assert_eq!(client.peer_addr()?.as_pathname(), Some(&*place.path()));
        client.send(b"question").await?;
        let mut room = [0; 16];
        let mut buf = ReadBuf::new(&mut room);
        let sender = poll_fn(|cx| server.poll_recv_from(cx, &mut buf)).await?;
        let sender = sender.as_pathname().expect("the client is bound");
        assert_eq!(sender, place.sibling("client"));
        server.send_to(buf.filled(), sender).await?;
        assert_eq!(client.recv(&mut room).await?, 8);
        server.try_send_to(b"more", sender)?;
        poll_fn(|cx| server.poll_send_to(cx, b"and more", sender)).await?;
        assert_eq!(client.recv(&mut room).await?, 4);
        assert_eq!(client.recv_from(&mut room).await?.1.as_pathname(), Some(&*place.path()));
        Ok(())
    })
}

#[test]
#[cfg(target_os = "linux")]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn abstract_names_are_bound_and_sent_to() -> io::Result<()> {
    block_on(async {
        let name = format!("mini-datagram-{}", std::process::id());
        let server = UnixDatagram::bind(format!("\0{name}"))?;
        let client = UnixDatagram::bind(format!("\0{name}-client"))?;
        client.send_to(b"x", format!("\0{name}")).await?;
        let (_, sender) = server.recv_from(&mut [0; 4]).await?;
        assert_eq!(sender.as_abstract_name(), Some(format!("{name}-client").as_bytes()));
        client.connect(format!("\0{name}"))?;
        client.send(b"y").await?;
        assert_eq!(server.recv(&mut [0; 4]).await?, 1);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_full_queue_makes_senders_wait_and_loses_nothing() -> io::Result<()> {
    const COUNT: u32 = 2_000;
    let (ours, theirs) = UnixDatagram::pair()?;
    let mut queued = 0_u32;
    while theirs.try_send(&queued.to_le_bytes()).is_ok() {
        queued += 1;
    }
    assert!(poll_once(theirs.send(b"would wait")).is_pending());
    let sender = thread::spawn(move || {
        block_on(async {
            for number in queued..COUNT {
                theirs.send(&number.to_le_bytes()).await?;
            }
            Ok::<_, io::Error>(())
        })
    });
    block_on(async {
        for expected in 0..COUNT {
            let mut number = [0; 4];
            assert_eq!(ours.recv(&mut number).await?, 4);
            assert_eq!(u32::from_le_bytes(number), expected);
        }
        Ok::<_, io::Error>(())
    })?;
    sender.join().expect("no panic")
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_peer_that_is_not_there_is_an_error_of_the_send() -> io::Result<()> {
    block_on(async {
        let place = Place::new();
        let ours = UnixDatagram::unbound()?;
        assert_eq!(ours.send_to(b"x", place.path()).await.unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(ours.connect(place.path()).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(ours.send(b"x").await.unwrap_err().kind(), ErrorKind::NotConnected);
        let theirs = UnixDatagram::bind(place.path())?;
        ours.connect(place.path())?;
        drop(theirs);
        assert_eq!(ours.send(b"x").await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
        assert_eq!(UnixDatagram::bind(place.path()).unwrap_err().kind(), ErrorKind::AddrInUse);
        // Nothing was ever sent to us, and the socket is as good as new.
        assert!(poll_once(ours.recv(&mut [0])).is_pending());
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_shutdown_fails_sends_on_both_sides_and_does_not_make_receivers_spin() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = UnixDatagram::pair()?;
        theirs.send(b"before").await?;
        ours.shutdown(Shutdown::Both)?;
        assert_eq!(ours.recv(&mut [0; 8]).await?, 6);
        // The OS reports the end and then says that there is nothing yet.
        wait_until(|| poll_once(ours.recv(&mut [0; 8])).is_pending());
        assert_eq!(ours.send(b"x").await.unwrap_err().kind(), ErrorKind::BrokenPipe);
        assert_eq!(theirs.send(b"x").await.unwrap_err().kind(), ErrorKind::BrokenPipe);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_future_dropped_at_its_await_loses_no_datagram() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = UnixDatagram::pair()?;
        let mut room = [0; 4];
        for round in 0..50_u8 {
            assert!(poll_once(ours.recv(&mut room)).is_pending());
            assert!(poll_once(ours.recv_from(&mut room)).is_pending());
            assert!(poll_once(ours.recv_buf(&mut Vec::with_capacity(4))).is_pending());
            wait_until(|| poll_once(ours.readable()).is_pending());
            theirs.send(&[round]).await?;
            assert_eq!(ours.recv(&mut room).await?, 1);
            assert_eq!(room[0], round);
        }
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn one_socket_sends_and_receives_on_two_threads() -> io::Result<()> {
    let (ours, theirs) = UnixDatagram::pair()?;
    let (ours, receiving) = {
        let ours = Arc::new(ours);
        (Arc::clone(&ours), ours)
    };
    let echo = thread::spawn(move || {
        let mut room = [0; 4];
        block_on(async {
            for _ in 0..500 {
                let length = theirs.recv(&mut room).await?;
                theirs.send(&room[..length]).await?;
            }
            Ok::<_, io::Error>(())
        })
    });
    let receiver = thread::spawn(move || {
        let mut room = [0; 4];
        block_on(async {
            for expected in 0..500_u32 {
                receiving.recv(&mut room).await?;
                assert_eq!(u32::from_le_bytes(room), expected);
            }
            Ok::<_, io::Error>(())
        })
    });
    block_on(async {
        for number in 0..500_u32 {
            ours.send(&number.to_le_bytes()).await?;
        }
        Ok::<_, io::Error>(())
    })?;
    echo.join().expect("no panic")?;
    receiver.join().expect("no panic")
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn sockets_go_to_std_and_back() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = UnixDatagram::pair()?;
        let theirs = theirs.into_std()?;
        theirs.set_nonblocking(false)?;
        theirs.send(b"std")?;
        let theirs = UnixDatagram::try_from(theirs)?;
        theirs.send(b"back").await?;
        let mut room = [0; 8];
        assert_eq!(ours.recv(&mut room).await?, 3);
        ours.ready(Interest::READABLE).await?;
        assert_eq!(ours.recv(&mut room).await?, 4);
        Ok(())
    })
}
