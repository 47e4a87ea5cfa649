//! [`ReactorHandle`]: what every thread may do with a reactor: register, deregister, unpark, ask for a retry.
//!
//! It does not poll.

use super::entry::IoEntry;
use super::readiness::Ending;
use super::retry::Retries;
use super::table::EntryTable;
use super::token::Token;
use crate::io::{Interest, Ready};
use mini_runtime::driver::Unpark;
use mio::event::Source;
use std::io;
use std::sync::Arc;
use std::time::Instant;

/// The shared side of a [`Reactor`](super::Reactor).
#[derive(Debug)]
pub(crate) struct ReactorHandle {
    registry: mio::Registry,
    waker: mio::Waker,
    pub(super) table: EntryTable,
    pub(super) retries: Retries,
}

impl ReactorHandle {
    pub(super) fn new(registry: mio::Registry, waker: mio::Waker) -> Self {
        Self { registry, waker, table: EntryTable::new(), retries: Retries::new() }
    }

    /// Registers a source, edge-triggered; its entry starts with `ready` set.
    pub(super) fn register<S: Source>(
        &self,
        source: &mut S,
        interest: Interest,
        ready: Ready,
        ending: Ending,
    ) -> io::Result<(Token, Arc<IoEntry>)> {
        let entry = Arc::new(IoEntry::new(ready, ending));
        let token = self.table.insert(Arc::clone(&entry))?;
        if let Err(error) = self.registry.register(source, token.into(), interest.to_mio()) {
            self.table.release(token);
            return Err(error);
        }
        Ok((token, entry))
    }

    /// Undoes [`register`](Self::register); the entry is freed after the poll under way.
    pub(super) fn deregister<S: Source>(
        &self,
        source: &mut S,
        token: Token,
        entry: &IoEntry,
    ) -> io::Result<()> {
        // The token is released also if the OS refuses: the caller closes the source, or never uses us again.
        let result = self.registry.deregister(source);
        entry.drop_wakers();
        self.table.release(token);
        result
    }

    /// Makes the source readable again at `due`, as if by an event.
    pub(super) fn retry_at(&self, due: Instant, token: Token) {
        self.retries.add(due, token);
        // Whoever polls now does not know of the deadline yet.
        self.unpark();
    }
}

impl Unpark for ReactorHandle {
    fn unpark(&self) {
        // Fails only if the poll is gone; then there is nobody to wake.
        let _ = self.waker.wake();
    }
}
