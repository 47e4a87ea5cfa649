//! Unix streams: their addresses and credentials, a peer that goes away, halves that close, calls given up.

use crate::support::{Place, poll_once, wait_until};
use futures::executor::block_on;
use futures::future::{join, try_join};
use mini_net::io::{Interest, Ready};
use mini_net::net::{UnixListener, UnixSocket, UnixStream};
use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
use std::io::{self, ErrorKind, IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd};
use std::thread;

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_listener_and_its_clients_exchange_bytes_and_addresses() -> io::Result<()> {
    block_on(async {
        let place = Place::new();
        let listener = UnixListener::bind(place.path())?;
        let client = async {
            let socket = UnixSocket::new_stream()?;
            socket.bind(place.sibling("client"))?;
            let mut stream = socket.connect(place.path()).await?;
            stream.write_all(b"question").await?;
            stream.shutdown().await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            assert_eq!(stream.peer_addr()?.as_pathname(), Some(&*place.path()));
            Ok::<_, io::Error>(answer)
        };
        let server = async {
            let (mut stream, address) = listener.accept().await?;
            assert_eq!(address.as_pathname(), Some(&*place.sibling("client")));
            let mut question = Vec::new();
            // A half-close: the other direction goes on.
            stream.read_to_end(&mut question).await?;
            assert!(stream.ready(Interest::READABLE).await?.is_read_closed());
            stream.write_all(&question).await?;
            Ok(())
        };
        let (answer, ()) = try_join(client, server).await?;
        assert_eq!(answer, b"question");
        Ok(())
    })
}

#[test]
#[cfg(target_os = "linux")]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn abstract_names_need_no_file() -> io::Result<()> {
    block_on(async {
        let name = format!("mini-test-{}", std::process::id());
        let path = format!("\0{name}");
        let listener = UnixListener::bind(&path)?;
        assert_eq!(listener.local_addr()?.as_abstract_name(), Some(name.as_bytes()));
        assert!(listener.local_addr()?.as_pathname().is_none());
        let _client = UnixStream::connect(&path).await?;
        let socket = UnixSocket::new_stream()?;
        socket.bind(format!("{path}-client"))?;
        let _other = socket.connect(&path).await?;
        let (server, _) = listener.accept().await?;
        assert!(server.peer_addr()?.is_unnamed());
        let (server, _) = listener.accept().await?;
        assert_eq!(server.peer_addr()?.as_abstract_name(), Some(format!("{name}-client").as_bytes()));
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn places_where_nobody_listens_are_errors() -> io::Result<()> {
    block_on(async {
        let place = Place::new();
        assert_eq!(UnixStream::connect(place.path()).await.unwrap_err().kind(), ErrorKind::NotFound);
        let listener = UnixListener::bind(place.path())?;
        assert_eq!(UnixListener::bind(place.path()).unwrap_err().kind(), ErrorKind::AddrInUse);
        drop(listener);
        let gone = UnixStream::connect(place.path()).await.unwrap_err();
        assert_eq!(gone.kind(), ErrorKind::ConnectionRefused);
        let long = "x".repeat(200);
        assert_eq!(UnixListener::bind(&long).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(UnixStream::connect("a\0b").await.unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(UnixSocket::new_stream()?.bind("a\0b").unwrap_err().kind(), ErrorKind::InvalidInput);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_socket_of_the_other_kind_says_so() -> io::Result<()> {
    block_on(async {
        let place = Place::new();
        let listen = UnixSocket::new_datagram()?.listen(1).unwrap_err();
        let connect = UnixSocket::new_datagram()?.connect(place.path()).await.unwrap_err();
        let datagram = UnixSocket::new_stream()?.datagram().unwrap_err();
        assert!(listen.to_string().contains("datagram"), "{listen}");
        assert!(connect.to_string().contains("datagram"), "{connect}");
        assert!(datagram.to_string().contains("stream"), "{datagram}");
        Ok(())
    })
}

#[test]
#[cfg(target_os = "linux")]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn the_peers_credentials_are_those_of_its_process() -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let (ours, theirs) = UnixStream::pair()?;
    let us = ours.peer_cred()?;
    assert_eq!(us, theirs.peer_cred()?);
    assert_eq!(us.pid(), Some(std::process::id() as i32));
    let owner = std::fs::metadata("/proc/self")?;
    assert_eq!((us.uid(), us.gid()), (owner.uid(), owner.gid()));
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_peer_that_goes_away_ends_reads_and_fails_writes() -> io::Result<()> {
    block_on(async {
        let (mut ours, mut theirs) = UnixStream::pair()?;
        theirs.write_all(b"last").await?;
        let mut heard = Vec::new();
        let leave = async { drop(theirs) };
        let (read, ()) = join(ours.read_to_end(&mut heard), leave).await;
        read?;
        assert_eq!(heard, b"last");
        assert_eq!(ours.write_all(b"x").await.unwrap_err().kind(), ErrorKind::BrokenPipe);
        let bufs = [IoSlice::new(b"x"), IoSlice::new(b"y")];
        assert_eq!(ours.try_write_vectored(&bufs).unwrap_err().kind(), ErrorKind::BrokenPipe);
        let ready = ours.ready(Interest::READABLE | Interest::WRITABLE).await?;
        assert!(ready.is_read_closed() && ready.is_write_closed(), "{ready:?}");
        ours.shutdown().await?;
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn bytes_left_unread_by_a_peer_that_goes_away_are_a_reset() -> io::Result<()> {
    block_on(async {
        let (mut ours, theirs) = UnixStream::pair()?;
        ours.write_all(b"never read").await?;
        drop(theirs);
        let error = ours.read(&mut [0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_megabyte_passes_both_ways_at_once_through_halves() -> io::Result<()> {
    let (mut ours, theirs) = UnixStream::pair()?;
    let bytes: Vec<u8> = (0..1 << 20).map(|index: u32| (index % 251) as u8).collect();
    let echo = thread::spawn(move || {
        block_on(async {
            let (mut reading, mut writing) = theirs.into_split();
            mini_runtime::io::copy(&mut reading, &mut writing).await
        })
    });
    let heard = block_on(async {
        let (mut reading, mut writing) = ours.split();
        let mut heard = Vec::new();
        let write = async {
            writing.write_all(&bytes).await?;
            writing.shutdown().await
        };
        try_join(write, reading.read_to_end(&mut heard)).await?;
        Ok::<_, io::Error>(heard)
    })?;
    echo.join().expect("the echo does not panic")?;
    assert!(heard == bytes, "{} of {} bytes", heard.len(), bytes.len());
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_future_dropped_at_its_await_loses_nothing() -> io::Result<()> {
    block_on(async {
        let place = Place::new();
        let listener = UnixListener::bind(place.path())?;
        for round in 0..50_u8 {
            assert!(poll_once(listener.accept()).is_pending());
            let mut client = UnixStream::connect(place.path()).await?;
            let (mut server, _) = listener.accept().await?;
            let mut byte = [0];
            assert!(poll_once(server.read(&mut byte)).is_pending());
            wait_until(|| poll_once(server.readable()).is_pending());
            client.write_all(&[round]).await?;
            server.read_exact(&mut byte).await?;
            assert_eq!(byte, [round]);
        }
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_writer_waits_for_a_peer_that_does_not_read_and_goes_on_when_it_does() -> io::Result<()> {
    let (ours, mut theirs) = UnixStream::pair()?;
    let mut sent = 0;
    loop {
        match ours.try_write(&[7; 1024]) {
            Ok(length) => sent += length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    assert!(sent > 0);
    let writer = thread::spawn(move || {
        block_on(async {
            let (_reading, mut writing) = ours.into_split();
            writing.write_all(b"last").await
        })
    });
    let mut heard = Vec::new();
    block_on(theirs.read_to_end(&mut heard))?;
    writer.join().expect("no panic")?;
    assert_eq!(heard.len(), sent + 4);
    assert!(heard.ends_with(b"last"));
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn owned_halves_close_and_join_as_they_say() -> io::Result<()> {
    block_on(async {
        let (ours, mut theirs) = UnixStream::pair()?;
        let (other, _other_peer) = UnixStream::pair()?;
        let (reading, writing) = ours.into_split();
        let (_, foreign) = other.into_split();
        let error = reading.reunite(foreign).unwrap_err();
        assert!(error.to_string().contains("same stream"));
        let mut ours = error.0.reunite(writing).expect("halves of one stream");
        ours.write_all(b"still open").await?;
        let mut heard = [0; 10];
        theirs.read_exact(&mut heard).await?;
        let (reading, writing) = ours.into_split();
        writing.forget();
        assert!(poll_once(theirs.read(&mut [0])).is_pending());
        drop(reading);
        assert_eq!(theirs.read(&mut [0]).await?, 0);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn vectored_and_growing_buffers_are_filled_in_order() -> io::Result<()> {
    block_on(async {
        let (ours, theirs) = UnixStream::pair()?;
        assert_eq!(ours.try_write_vectored(&[IoSlice::new(b"ab"), IoSlice::new(b"cdef")])?, 6);
        let (mut first, mut second) = ([0; 1], [0; 2]);
        theirs.readable().await?;
        let mut bufs = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
        assert_eq!(theirs.try_read_vectored(&mut bufs)?, 3);
        let mut rest = Vec::with_capacity(16);
        assert_eq!(theirs.try_read_buf(&mut rest)?, 3);
        assert_eq!((&first, &second, &rest[..]), (b"a", b"bc", &b"def"[..]));
        assert_eq!(theirs.try_read(&mut [])?, 0);
        assert_eq!(theirs.try_write(&[])?, 0);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn a_fresh_pair_is_ready_to_be_written_and_not_to_be_read() -> io::Result<()> {
    let (ours, _theirs) = UnixStream::pair()?;
    let ready = block_on(ours.ready(Interest::READABLE | Interest::WRITABLE))?;
    assert!(ready.contains(Ready::WRITABLE) && !ready.is_readable(), "{ready:?}");
    assert!(poll_once(ours.readable()).is_pending());
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no Unix sockets")]
fn sockets_go_to_std_and_to_descriptors_and_back() -> io::Result<()> {
    block_on(async {
        let (ours, mut theirs) = UnixStream::pair()?;
        let ours = ours.into_std()?;
        ours.set_nonblocking(false)?;
        io::Write::write_all(&mut &ours, b"std")?;
        let mut ours = UnixStream::try_from(ours)?;
        ours.write_all(b" and back").await?;
        drop(ours);
        let mut heard = String::new();
        theirs.read_to_string(&mut heard).await?;
        assert_eq!(heard, "std and back");

        let place = Place::new();
        let socket = UnixSocket::new_stream()?;
        socket.bind(place.path())?;
        let number = socket.as_raw_fd();
        let raw = socket.into_raw_fd();
        assert_eq!(raw, number);
        // SAFETY: the descriptor was just taken out of the socket that owned it.
        let listener = unsafe { UnixSocket::from_raw_fd(raw) }.listen(8)?;
        let listener = UnixListener::from_std(listener.into_std()?)?;
        let _client = UnixStream::connect(place.path()).await?;
        listener.accept().await?;
        Ok(())
    })
}
