//! `io::unix`: descriptors of the user's own, whose value decides.

use std::os::fd::{AsRawFd, RawFd};

use mini::io::Interest;
use mini::io::unix::*;

use crate::rows::{futures, types};
use crate::{NN, YN, YY};

/// A descriptor with what it is kept in.
pub struct Fd<T>(T);

impl<T> AsRawFd for Fd<T> {
    fn as_raw_fd(&self) -> RawFd {
        unreachable!("nothing runs here")
    }
}

types! {
    AsyncFd<Fd<NN>> => no no yes;
    AsyncFd<Fd<YN>> => yes no yes;
    AsyncFd<Fd<YY>> => yes yes yes;
    AsyncFdReadyGuard<'_, Fd<NN>> => no no yes;
    AsyncFdReadyGuard<'_, Fd<YN>> => no no yes;
    AsyncFdReadyGuard<'_, Fd<YY>> => yes yes yes;
    AsyncFdReadyMutGuard<'_, Fd<NN>> => no no yes;
    AsyncFdReadyMutGuard<'_, Fd<YN>> => yes no yes;
    AsyncFdReadyMutGuard<'_, Fd<YY>> => yes yes yes;
    AsyncFdRegisterError<Fd<NN>> => no no yes;
    AsyncFdRegisterError<Fd<YN>> => yes no yes;
    AsyncFdRegisterError<Fd<YY>> => yes yes yes;
    TryIoError => yes yes yes;
}

futures! {
    (fd: &AsyncFd<Fd<NN>>) fd.ready(Interest::READABLE) => no no no;
    (fd: &AsyncFd<Fd<YN>>) fd.ready(Interest::READABLE) => no no no;
    (fd: &AsyncFd<Fd<YY>>) fd.ready(Interest::READABLE) => yes yes no;
    (fd: &mut AsyncFd<Fd<NN>>) fd.ready_mut(Interest::READABLE) => no no no;
    (fd: &mut AsyncFd<Fd<YN>>) fd.ready_mut(Interest::READABLE) => yes no no;
    (fd: &mut AsyncFd<Fd<YY>>) fd.ready_mut(Interest::READABLE) => yes yes no;
    (fd: &AsyncFd<Fd<NN>>) fd.readable() => no no no;
    (fd: &AsyncFd<Fd<YN>>) fd.readable() => no no no;
    (fd: &AsyncFd<Fd<YY>>) fd.readable() => yes yes no;
    (fd: &mut AsyncFd<Fd<NN>>) fd.readable_mut() => no no no;
    (fd: &mut AsyncFd<Fd<YN>>) fd.readable_mut() => yes no no;
    (fd: &mut AsyncFd<Fd<YY>>) fd.readable_mut() => yes yes no;
    (fd: &AsyncFd<Fd<NN>>) fd.writable() => no no no;
    (fd: &AsyncFd<Fd<YN>>) fd.writable() => no no no;
    (fd: &AsyncFd<Fd<YY>>) fd.writable() => yes yes no;
    (fd: &mut AsyncFd<Fd<NN>>) fd.writable_mut() => no no no;
    (fd: &mut AsyncFd<Fd<YN>>) fd.writable_mut() => yes no no;
    (fd: &mut AsyncFd<Fd<YY>>) fd.writable_mut() => yes yes no;
    (fd: &AsyncFd<Fd<NN>>) fd.async_io(Interest::READABLE, |_| Ok(())) => no no no;
    (fd: &AsyncFd<Fd<YN>>) fd.async_io(Interest::READABLE, |_| Ok(())) => no no no;
    (fd: &AsyncFd<Fd<YY>>) fd.async_io(Interest::READABLE, |_| Ok(())) => yes yes no;
    (fd: &mut AsyncFd<Fd<NN>>) fd.async_io_mut(Interest::READABLE, |_| Ok(())) => no no no;
    (fd: &mut AsyncFd<Fd<YN>>) fd.async_io_mut(Interest::READABLE, |_| Ok(())) => yes no no;
    (fd: &mut AsyncFd<Fd<YY>>) fd.async_io_mut(Interest::READABLE, |_| Ok(())) => yes yes no;
}
