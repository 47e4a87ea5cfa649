//! [`Retries`]: sources that want to be tried again after a while, though no event will say so.
//!
//! For listeners at the fd limit: the connection that could not be accepted stays in the backlog, and an
//! edge-triggered poll does not report it again. Not a timer wheel: there are as many entries as listeners in
//! trouble, and precision is that of the poll.

use super::table::EntryTable;
use super::token::Token;
use crate::io::Ready;
use crate::primitive::Mutex;
use crate::primitive::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Tokens and when to make them readable.
#[derive(Debug)]
pub(super) struct Retries {
    /// How many there are, so that a turn without any takes no lock. Changed under the lock.
    count: AtomicUsize,
    due: Mutex<Vec<(Instant, Token)>>,
}

impl Retries {
    pub(super) fn new() -> Self {
        Self { count: AtomicUsize::new(0), due: Mutex::new(Vec::new()) }
    }

    /// Adds a retry. The caller unparks the reactor after it.
    pub(super) fn add(&self, due: Instant, token: Token) {
        let mut retries = self.due.lock();
        retries.push((due, token));
        // Ordering: the unpark that follows orders this before the next `limit`.
        self.count.store(retries.len(), Ordering::Relaxed);
    }

    /// The timeout, shortened to the first retry.
    pub(super) fn limit(&self, timeout: Option<Duration>) -> Option<Duration> {
        if self.count.load(Ordering::Relaxed) == 0 {
            return timeout;
        }
        let first = self.due.lock().iter().map(|(due, _)| *due).min();
        let Some(first) = first else { return timeout };
        let left = first.saturating_duration_since(Instant::now());
        Some(timeout.map_or(left, |timeout| timeout.min(left)))
    }

    /// Makes readable what is due.
    pub(super) fn fire(&self, table: &EntryTable) {
        if self.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let now = Instant::now();
        let mut fired = Vec::new();
        let mut retries = self.due.lock();
        retries.retain(|(due, token)| {
            if *due <= now {
                fired.push((*token, Ready::READABLE));
            }
            *due > now
        });
        self.count.store(retries.len(), Ordering::Relaxed);
        drop(retries);
        // A source that was dropped meanwhile is no longer in the table under this token.
        table.dispatch(fired.into_iter());
    }
}
