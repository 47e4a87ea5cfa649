//! What a peer may do to a stream: reset, half-close, trickle, stall; and reads and writes of every size.

use crate::support::{narrow_pair, pair, poll_once, use_up_readiness, wait_until};
use futures::executor::block_on;
use futures::future::{join, try_join};
use mini_net::io::{Interest, Ready};
use mini_net::net::TcpStream;
use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
use std::io::{self, ErrorKind, IoSlice, IoSliceMut};
use std::task::Poll;
use std::thread;

#[test]
#[cfg_attr(miri, ignore = "Miri lacks socket options")]
fn a_reset_ends_a_waiting_read() -> io::Result<()> {
    block_on(async {
        let (mut client, server) = pair().await?;
        let mut byte = [0];
        let reset = async {
            server.set_zero_linger()?;
            drop(server);
            Ok::<(), io::Error>(())
        };
        let (read, reset) = join(client.read(&mut byte), reset).await;
        reset?;
        assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri's epoll does not report the peer's half-close")]
fn after_a_half_close_the_other_direction_goes_on() -> io::Result<()> {
    block_on(async {
        let (mut client, mut server) = pair().await?;
        client.write_all(b"question").await?;
        client.shutdown().await?;
        let mut question = Vec::new();
        server.read_to_end(&mut question).await?;
        assert_eq!(question, b"question");
        // The end is seen again and again, and waiting for it does not hang.
        assert_eq!(server.read(&mut [0; 8]).await?, 0);
        assert!(server.ready(Interest::READABLE).await?.is_read_closed());
        server.write_all(b"answer").await?;
        drop(server);
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await?;
        assert_eq!(answer, b"answer");
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri lacks socket options")]
fn a_shutdown_twice_or_after_the_peer_is_no_error() -> io::Result<()> {
    block_on(async {
        let (mut client, server) = pair().await?;
        server.set_zero_linger()?;
        drop(server);
        assert!(client.read(&mut [0]).await.is_err());
        client.shutdown().await?;
        client.shutdown().await
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no sendmsg")]
fn a_write_to_a_peer_that_closed_is_an_error_and_no_signal() -> io::Result<()> {
    block_on(async {
        let (client, server) = pair().await?;
        drop(server);
        let (_reading, mut writing) = client.into_split();
        let vectored = loop {
            let bufs = [IoSlice::new(b"more"), IoSlice::new(b"and more")];
            if let Err(error) = writing.write_vectored(&bufs).await {
                break error;
            }
        };
        let plain = writing.write(b"more").await.unwrap_err();
        for error in [vectored, plain] {
            let kind = error.kind();
            assert!(matches!(kind, ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{kind:?}");
        }
        Ok(())
    })
}

#[test]
fn one_byte_writes_arrive_whole_and_in_order() -> io::Result<()> {
    block_on(async {
        let (mut client, mut server) = pair().await?;
        client.set_nodelay(true)?;
        let count = if cfg!(miri) { 200 } else { 20_000_u32 };
        let sent: Vec<u8> = (0..count).map(|index| index.to_le_bytes()[0]).collect();
        let mut heard = vec![0; sent.len()];
        let write = async {
            for byte in &sent {
                client.write_all(std::slice::from_ref(byte)).await?;
            }
            Ok::<(), io::Error>(())
        };
        try_join(write, server.read_exact(&mut heard)).await?;
        assert_eq!(heard, sent);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri lacks socket options")]
fn a_large_transfer_both_ways_through_small_buffers_arrives_whole() -> io::Result<()> {
    let bytes: Vec<u8> =
        (0..2_000_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let (mut client, server) = block_on(narrow_pair())?;
    let echo = thread::spawn(move || {
        block_on(async {
            let (mut reading, mut writing) = server.into_split();
            mini_runtime::io::copy(&mut reading, &mut writing).await
        })
    });
    let heard = block_on(async {
        let (mut reading, mut writing) = client.split();
        let mut heard = Vec::new();
        let write = async {
            for chunk in bytes.chunks(7_919) {
                writing.write_all(chunk).await?;
            }
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
#[cfg_attr(miri, ignore = "Miri lacks socket options")]
fn a_writer_waits_for_a_peer_that_does_not_read_and_goes_on_when_it_does() -> io::Result<()> {
    let (client, mut server) = block_on(narrow_pair())?;
    let chunk = [7; 1024];
    let mut sent = 0;
    loop {
        match client.try_write(&chunk) {
            Ok(length) => sent += length,
            // The first write may come before the reactor has said that there is room.
            Err(error) if error.kind() == ErrorKind::WouldBlock && sent == 0 => block_on(client.writable())?,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    let writer = thread::spawn(move || {
        block_on(async {
            let mut client = client;
            client.write_all(b"last").await
        })
    });
    let mut heard = Vec::new();
    block_on(server.read_to_end(&mut heard))?;
    writer.join().expect("the writer does not panic")?;
    assert_eq!(heard.len(), sent + 4);
    assert!(heard.ends_with(b"last"));
    Ok(())
}

#[test]
fn reads_and_writes_of_nothing_are_done_at_once() -> io::Result<()> {
    let (mut client, _server) = block_on(pair())?;
    for _ in 0..3 {
        assert!(matches!(poll_once(client.read(&mut [])), Poll::Ready(Ok(0))));
        assert!(matches!(poll_once(client.write(&[])), Poll::Ready(Ok(0))));
        assert!(matches!(poll_once(client.peek(&mut [])), Poll::Ready(Ok(0))));
        assert_eq!(client.try_read(&mut [])?, 0);
        assert_eq!(client.try_write(&[])?, 0);
        assert_eq!(client.try_read_vectored(&mut [])?, 0);
        assert_eq!(client.try_write_vectored(&[IoSlice::new(&[])])?, 0);
    }
    Ok(())
}

#[test]
fn spurious_readiness_makes_a_call_block_and_the_next_wait_wait() -> io::Result<()> {
    block_on(async {
        // An accepted stream starts as ready, though nothing was sent.
        let (mut client, server) = pair().await?;
        assert!(matches!(poll_once(server.readable()), Poll::Ready(Ok(()))));
        use_up_readiness(&server);
        client.write_all(b"x").await?;
        server.readable().await?;
        assert_eq!(server.try_read(&mut [0; 4])?, 1);
        Ok(())
    })
}

#[test]
fn a_try_io_that_would_block_clears_its_own_direction_only() -> io::Result<()> {
    let (_client, server) = block_on(pair())?;
    wait_until(|| {
        let would_block = || Err::<(), _>(ErrorKind::WouldBlock.into());
        assert_eq!(server.try_io(Interest::READABLE, would_block).unwrap_err().kind(), ErrorKind::WouldBlock);
        poll_once(server.readable()).is_pending()
    });
    let ready = block_on(server.ready(Interest::READABLE | Interest::WRITABLE))?;
    assert!(ready.contains(Ready::WRITABLE) && !ready.is_readable(), "{ready:?}");
    Ok(())
}

#[test]
fn async_io_repeats_the_call_until_it_does_not_block() -> io::Result<()> {
    block_on(async {
        let (mut client, server) = pair().await?;
        client.write_all(b"x").await?;
        let mut calls = 0;
        let length = server
            .async_io(Interest::READABLE, || {
                calls += 1;
                let mut byte = [0];
                server.try_read(&mut byte)
            })
            .await?;
        assert_eq!(length, 1);
        assert!(calls >= 1);
        Ok(())
    })
}

#[test]
fn a_future_dropped_at_its_await_loses_nothing() -> io::Result<()> {
    block_on(async {
        let (mut client, mut server) = pair().await?;
        for round in 0..50_u8 {
            let mut byte = [0];
            assert!(poll_once(server.read(&mut byte)).is_pending());
            assert!(poll_once(server.peek(&mut byte)).is_pending());
            assert!(poll_once(server.readable()).is_pending());
            client.write_all(&[round]).await?;
            assert_eq!(server.peek(&mut byte).await?, 1);
            server.read_exact(&mut byte).await?;
            assert_eq!(byte, [round]);
        }
        Ok(())
    })
}

#[test]
fn peeked_bytes_are_still_there() -> io::Result<()> {
    block_on(async {
        let (mut client, mut server) = pair().await?;
        client.write_all(b"abc").await?;
        let mut bytes = [0; 3];
        server.readable().await?;
        while server.peek(&mut bytes).await? < 3 {}
        assert_eq!(&bytes, b"abc");
        bytes = [0; 3];
        server.read_exact(&mut bytes).await?;
        assert_eq!(&bytes, b"abc");
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no sendmsg")]
fn vectored_and_growing_buffers_are_filled_in_order() -> io::Result<()> {
    block_on(async {
        let (client, server) = pair().await?;
        client.writable().await?;
        assert_eq!(client.try_write_vectored(&[IoSlice::new(b"ab"), IoSlice::new(b"cdef")])?, 6);
        let (mut first, mut second) = ([0; 1], [0; 2]);
        loop {
            server.readable().await?;
            let mut bufs = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
            match server.try_read_vectored(&mut bufs) {
                Ok(length) => break assert_eq!(length, 3),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        let mut rest = Vec::with_capacity(16);
        assert_eq!(server.try_read_buf(&mut rest)?, 3);
        assert_eq!((&first, &second, &rest[..]), (b"a", b"bc", &b"def"[..]));
        Ok(())
    })
}

#[test]
fn streams_go_to_std_and_back() -> io::Result<()> {
    block_on(async {
        let (client, mut server) = pair().await?;
        let mut client = client.into_std()?;
        client.set_nonblocking(false)?;
        io::Write::write_all(&mut client, b"std")?;
        let mut client = TcpStream::from_std(client)?;
        client.write_all(b" and back").await?;
        drop(client);
        let mut heard = String::new();
        server.read_to_string(&mut heard).await?;
        assert_eq!(heard, "std and back");
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri lacks socket options")]
fn options_are_kept_by_the_os() -> io::Result<()> {
    let (client, _server) = block_on(pair())?;
    client.set_nodelay(true)?;
    client.set_ttl(42)?;
    client.set_linger(Some(std::time::Duration::from_secs(3)))?;
    assert!(client.nodelay()?);
    assert_eq!(client.ttl()?, 42);
    assert_eq!(client.linger()?, Some(std::time::Duration::from_secs(3)));
    assert!(client.take_error()?.is_none());
    Ok(())
}

#[test]
fn owned_halves_close_and_join_as_they_say() -> io::Result<()> {
    block_on(async {
        let (client, mut server) = pair().await?;
        let (other, _other_server) = pair().await?;
        let (reading, writing) = client.into_split();
        let (other_reading, other_writing) = other.into_split();
        let error = reading.reunite(other_writing).unwrap_err();
        let mut client = error.0.reunite(writing).expect("halves of one stream");
        drop(other_reading);
        // A reunited stream was not shut down by its writing half.
        client.write_all(b"still open").await?;
        let (reading, writing) = client.into_split();
        writing.forget();
        assert!(poll_once(server.read_to_end(&mut Vec::new())).is_pending());
        drop(reading);
        Ok(())
    })
}
