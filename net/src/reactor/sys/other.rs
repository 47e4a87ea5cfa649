//! Platforms whose poll takes the timeout as it is: kqueue with its nanoseconds; Windows, where mio rounds it up
//! to milliseconds and we leave it at that.
//!
//! Not Linux, but for Miri, which knows only the coarse wait.

use super::super::token::Token;
use crate::io::Ready;
use std::io;
use std::time::Duration;

/// kqueue reports new bytes as a new edge; on Windows mio re-arms a socket only when a call would block. Miri's epoll
/// does not report the peer's close of its direction, which a short read before it would then hide.
pub(crate) const SHORT_TRANSFER_MEANS_DRAINED: bool = !cfg!(any(windows, miri));

/// What the poll reported last.
#[derive(Debug)]
pub(crate) struct Events(mio::Events);

impl Events {
    /// Room for so many at a time.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(mio::Events::with_capacity(capacity))
    }

    /// Forgets them.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether it reported nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whose they are, and what happened.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Token, Ready)> {
        self.0.iter().map(|event| (Token::from(event.token()), ready_of(event)))
    }
}

/// The states that an event stands for; none of these platforms reports priority.
fn ready_of(event: &mio::event::Event) -> Ready {
    let states = [
        (event.is_readable(), Ready::READABLE),
        (event.is_writable(), Ready::WRITABLE),
        (event.is_read_closed(), Ready::READ_CLOSED),
        (event.is_write_closed(), Ready::WRITE_CLOSED),
        (event.is_error(), Ready::ERROR),
    ];
    states.into_iter().fold(Ready::EMPTY, |ready, (is_set, state)| if is_set { ready | state } else { ready })
}

/// mio's poll.
#[derive(Debug)]
pub(crate) struct Poller(mio::Poll);

impl Poller {
    /// Opens a poll.
    pub(crate) fn open() -> io::Result<Self> {
        mio::Poll::new().map(Self)
    }

    /// What sources are registered with.
    pub(crate) fn registry(&self) -> &mio::Registry {
        self.0.registry()
    }

    /// Waits until something comes or the timeout has passed.
    pub(crate) fn poll(&mut self, events: &mut Events, timeout: Option<Duration>) -> io::Result<()> {
        self.0.poll(&mut events.0, timeout)
    }
}
