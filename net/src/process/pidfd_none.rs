//! No [`Pidfd`] here: opening one is refused, and SIGCHLD tells of ends instead.

use mio::event::Source;
use std::io;

/// Has no value.
#[derive(Debug)]
pub(super) enum Pidfd {}

impl Pidfd {
    /// Refuses.
    pub(super) fn open(_id: u32) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Source for Pidfd {
    fn register(
        &mut self,
        _registry: &mio::Registry,
        _token: mio::Token,
        _interests: mio::Interest,
    ) -> io::Result<()> {
        match *self {}
    }

    fn reregister(
        &mut self,
        _registry: &mio::Registry,
        _token: mio::Token,
        _interests: mio::Interest,
    ) -> io::Result<()> {
        match *self {}
    }

    fn deregister(&mut self, _registry: &mio::Registry) -> io::Result<()> {
        match *self {}
    }
}
