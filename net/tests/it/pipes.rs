//! Pipes: ends that close early, named ones that are opened again, descriptors that are not what they should be.

use crate::support::{Place, poll_once, wait_until};
use futures::executor::block_on;
use futures::future::join;
use mini_net::io::Interest;
use mini_net::net::unix::pipe::{self, OpenOptions, Receiver, Sender};
use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
use std::fs::File;
use std::io::{self, ErrorKind, IoSlice, IoSliceMut, Read, Write};
use std::process::Command;
use std::thread;

/// A named pipe.
fn fifo() -> io::Result<Place> {
    let place = Place::new();
    assert!(Command::new("mkfifo").arg(place.path()).status()?.success());
    Ok(place)
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn a_sender_that_leaves_ends_the_waiting_reader() -> io::Result<()> {
    block_on(async {
        let (mut sender, mut receiver) = pipe::pipe()?;
        sender.write_all(b"last").await?;
        let mut heard = Vec::new();
        let leave = async { drop(sender) };
        let (read, ()) = join(receiver.read_to_end(&mut heard), leave).await;
        read?;
        assert_eq!(heard, b"last");
        assert!(receiver.ready(Interest::READABLE).await?.is_read_closed());
        assert_eq!(receiver.try_read(&mut [0])?, 0);
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn an_end_that_came_with_the_last_bytes_is_read_after_them() -> io::Result<()> {
    block_on(async {
        let (mut sender, mut receiver) = pipe::pipe()?;
        sender.write_all(b"last").await?;
        drop(sender);
        while !receiver.ready(Interest::READABLE).await?.is_read_closed() {}
        let mut heard = Vec::new();
        receiver.read_to_end(&mut heard).await?;
        assert_eq!(heard, b"last");
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn a_receiver_that_leaves_fails_the_waiting_writer() -> io::Result<()> {
    let (mut sender, receiver) = pipe::pipe()?;
    block_on(sender.writable())?;
    while sender.try_write(&[0; 4096]).is_ok() {}
    let writer = thread::spawn(move || block_on(sender.write_all(b"x")).map_err(|error| (error, sender)));
    drop(receiver);
    let (error, sender) = writer.join().expect("no panic").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    assert!(block_on(sender.ready(Interest::WRITABLE))?.is_write_closed());
    assert_eq!(sender.try_write_vectored(&[IoSlice::new(b"x")]).unwrap_err().kind(), ErrorKind::BrokenPipe);
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn a_full_pipe_makes_the_writer_wait_and_loses_nothing() -> io::Result<()> {
    let (mut sender, mut receiver) = pipe::pipe()?;
    let bytes: Vec<u8> = (0..1 << 20).map(|index: u32| (index % 251) as u8).collect();
    let written = bytes.clone();
    let writer = thread::spawn(move || block_on(sender.write_all(&written)));
    let mut heard = Vec::new();
    block_on(receiver.read_to_end(&mut heard))?;
    writer.join().expect("no panic")?;
    assert!(heard == bytes, "{} of {} bytes", heard.len(), bytes.len());
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn a_named_pipe_is_read_again_after_its_writer_left() -> io::Result<()> {
    let place = fifo()?;
    let mut receiver = OpenOptions::new().open_receiver(place.path())?;
    for round in 0..3_u8 {
        let mut sender = OpenOptions::new().open_sender(place.path())?;
        // The end of the round before is over: a read would block, and must wait, not spin.
        wait_until(|| match receiver.try_read(&mut [0]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                poll_once(receiver.readable()).is_pending()
            }
            other => panic!("nothing was sent: {other:?}"),
        });
        block_on(async {
            assert!(poll_once(receiver.read(&mut [0])).is_pending());
            sender.write_all(&[round]).await?;
            assert_eq!(receiver.read_u8().await?, round);
            drop(sender);
            assert_eq!(receiver.read(&mut [0]).await?, 0);
            Ok::<_, io::Error>(())
        })?;
    }
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn a_named_pipe_without_a_reader_cannot_be_opened_to_write() -> io::Result<()> {
    let place = fifo()?;
    let error = OpenOptions::new().open_sender(place.path()).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::ENXIO));
    assert_eq!(
        OpenOptions::new().open_receiver(place.sibling("none")).unwrap_err().kind(),
        ErrorKind::NotFound
    );
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn a_pipe_opened_both_ways_sees_no_end() -> io::Result<()> {
    block_on(async {
        let place = fifo()?;
        let mut sender = OpenOptions::new().read_write(true).open_sender(place.path())?;
        let mut receiver = OpenOptions::new().read_write(true).open_receiver(place.path())?;
        sender.write_all(b"x").await?;
        drop(sender);
        assert_eq!(receiver.read_u8().await?, b'x');
        assert!(poll_once(receiver.read(&mut [0])).is_pending());
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn what_is_no_pipe_or_the_wrong_end_is_refused() -> io::Result<()> {
    let invalid = |error: io::Error, what: &str| {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(what), "{error}");
    };
    let file = || File::open("/dev/null");
    invalid(Receiver::from_file(file()?).unwrap_err(), "not a pipe");
    invalid(Sender::from_file(file()?).unwrap_err(), "not a pipe");
    invalid(OpenOptions::new().open_receiver("/dev/null").unwrap_err(), "not a pipe");
    let (sender, receiver) = pipe::pipe()?;
    invalid(Receiver::from_owned_fd(sender.into_blocking_fd()?).unwrap_err(), "not open for reading");
    invalid(Sender::from_owned_fd(receiver.into_blocking_fd()?).unwrap_err(), "not open for writing");
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn ends_become_files_and_come_back() -> io::Result<()> {
    let (sender, receiver) = pipe::pipe()?;
    let mut file = File::from(sender.into_blocking_fd()?);
    file.write_all(b"file")?;
    let mut receiver = Receiver::from_owned_fd_unchecked(receiver.into_nonblocking_fd()?)?;
    block_on(async {
        let mut heard = [0; 4];
        receiver.read_exact(&mut heard).await?;
        assert_eq!(&heard, b"file");
        // A blocking file is put in non-blocking mode.
        let mut sender = Sender::from_file(file)?;
        sender.write_all(b"back").await?;
        drop(sender);
        let mut heard = String::new();
        File::from(receiver.into_blocking_fd()?).read_to_string(&mut heard)?;
        assert_eq!(heard, "back");
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn vectored_and_growing_buffers_are_filled_in_order() -> io::Result<()> {
    block_on(async {
        let (sender, receiver) = pipe::pipe()?;
        sender.writable().await?;
        assert_eq!(sender.try_write_vectored(&[IoSlice::new(b"ab"), IoSlice::new(b"cdef")])?, 6);
        let (mut first, mut second) = ([0; 1], [0; 2]);
        receiver.readable().await?;
        let mut bufs = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
        assert_eq!(receiver.try_read_vectored(&mut bufs)?, 3);
        let mut rest = Vec::with_capacity(16);
        assert_eq!(receiver.try_read_buf(&mut rest)?, 3);
        assert_eq!((&first, &second, &rest[..]), (b"a", b"bc", &b"def"[..]));
        assert_eq!((receiver.try_read(&mut [])?, sender.try_write(&[])?), (0, 0));
        Ok(())
    })
}

#[test]
#[cfg_attr(miri, ignore = "Miri has no pipes that wait")]
fn a_read_dropped_at_its_await_loses_nothing() -> io::Result<()> {
    block_on(async {
        let (mut sender, mut receiver) = pipe::pipe()?;
        for round in 0..50_u8 {
            assert!(poll_once(receiver.read(&mut [0])).is_pending());
            assert!(poll_once(receiver.readable()).is_pending());
            sender.write_all(&[round]).await?;
            assert_eq!(receiver.read_u8().await?, round);
        }
        Ok(())
    })
}
