//! `AsyncFd`: the user's own descriptors.

use crate::support::poll_once;
use futures::executor::block_on;
use mini_net::io::unix::AsyncFd;
use mini_net::io::{Interest, Ready};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::task::Poll;

fn pair() -> io::Result<(AsyncFd<UnixStream>, UnixStream)> {
    let (ours, theirs) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    Ok((AsyncFd::new(ours)?, theirs))
}

#[test]
fn a_guard_clears_readiness_only_when_the_call_would_block() -> io::Result<()> {
    let (fd, mut theirs) = pair()?;
    theirs.write_all(b"ab")?;
    let mut byte = [0];
    for _ in 0..2 {
        let mut guard = block_on(fd.readable())?;
        assert!(guard.ready().is_readable());
        assert_eq!(guard.try_io(|fd| fd.get_ref().read(&mut byte)).expect("ready")?, 1);
    }
    let mut guard = block_on(fd.readable())?;
    assert!(guard.try_io(|fd| fd.get_ref().read(&mut byte)).is_err());
    assert!(poll_once(fd.readable()).is_pending());
    theirs.write_all(b"c")?;
    let mut guard = block_on(fd.readable())?;
    assert_eq!(guard.try_io(|fd| fd.get_ref().read(&mut byte)).expect("ready")?, 1);
    Ok(())
}

#[test]
fn a_guard_clears_the_states_it_is_told_to() -> io::Result<()> {
    let (fd, mut theirs) = pair()?;
    theirs.write_all(b"a")?;
    block_on(async {
        fd.readable().await?.retain_ready();
        fd.writable().await?.retain_ready();
        let mut guard = fd.ready(Interest::READABLE | Interest::WRITABLE).await?;
        assert!(guard.ready().contains(Ready::READABLE | Ready::WRITABLE));
        guard.clear_ready_matching(Ready::READABLE);
        assert!(!guard.ready().is_readable() && guard.ready().is_writable());
        assert!(poll_once(fd.readable()).is_pending());
        assert!(matches!(poll_once(fd.writable()), Poll::Ready(Ok(_))));
        Ok(())
    })
}

#[test]
fn an_old_guard_does_not_clear_a_newer_event() -> io::Result<()> {
    let (fd, mut theirs) = pair()?;
    theirs.write_all(b"a")?;
    let mut old = block_on(fd.readable())?;
    // The peer's close is an event of its own; it is stored before the old guard clears.
    drop(theirs);
    let ready = loop {
        let guard = block_on(fd.readable())?;
        if guard.ready().is_read_closed() {
            break guard.ready();
        }
        std::thread::yield_now();
    };
    old.clear_ready();
    assert_eq!(block_on(fd.readable())?.ready(), ready);
    Ok(())
}

#[test]
fn async_io_and_try_io_make_the_call() -> io::Result<()> {
    let (mut fd, mut theirs) = pair()?;
    let error = fd.try_io(Interest::READABLE, |stream| (&*stream).read(&mut [0])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    theirs.write_all(b"ab")?;
    let mut byte = [0];
    block_on(async {
        assert_eq!(fd.async_io(Interest::READABLE, |mut stream| stream.read(&mut byte)).await?, 1);
        assert_eq!(fd.async_io_mut(Interest::READABLE, |stream| stream.read(&mut byte)).await?, 1);
        assert_eq!(fd.async_io(Interest::WRITABLE, |mut stream| stream.write(b"back")).await?, 4);
        Ok::<(), io::Error>(())
    })?;
    let mut back = [0; 4];
    theirs.read_exact(&mut back)?;
    assert_eq!(&back, b"back");
    Ok(())
}

#[test]
fn the_inner_value_comes_back_and_can_be_registered_again() -> io::Result<()> {
    let (mut fd, mut theirs) = pair()?;
    for round in 0..10 {
        theirs.write_all(&[round])?;
        fd = AsyncFd::with_interest(fd.into_inner(), Interest::READABLE)?;
        let mut byte = [0];
        block_on(fd.async_io(Interest::READABLE, |mut stream| stream.read(&mut byte)))?;
        assert_eq!(byte, [round]);
    }
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn the_same_descriptor_twice_is_an_error_that_keeps_it() -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let (fd, mut theirs) = pair()?;
    let raw = fd.as_raw_fd();
    let (again, error) = AsyncFd::try_new(raw).unwrap_err().into_parts();
    assert_eq!(again, raw);
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    // The first registration is untouched.
    theirs.write_all(b"x")?;
    let _ = block_on(fd.readable())?;
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn a_regular_file_is_an_error_that_keeps_it() -> io::Result<()> {
    let file = std::fs::File::open(std::env::current_exe()?)?;
    let error = AsyncFd::try_new(file).unwrap_err();
    assert!(std::error::Error::source(&error).is_some());
    let (file, error) = error.into_parts();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(file.metadata()?.len() > 0);
    Ok(())
}
