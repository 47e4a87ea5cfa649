//! [`Room`]: who is here, and what each has yet to hear.
//!
//! Invariant: a name belongs to one [`Seat`] at a time, and is free when that is dropped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How many lines a guest may be behind.
pub const QUEUED_LINES: usize = 1024;

/// Those who are here, by name.
#[derive(Default)]
pub(crate) struct Room {
    guests: Mutex<HashMap<Arc<str>, Guest>>,
}

/// What the others know of a guest.
struct Guest {
    queue: mpsc::Sender<Arc<str>>,
    /// Cancelled when the queue is full.
    is_too_slow: CancellationToken,
}

/// A place in the room.
pub(crate) struct Seat<'a> {
    room: &'a Room,
    name: Arc<str>,
    is_too_slow: CancellationToken,
}

impl Room {
    /// A seat and its queue, or `None` if the name is taken. The others hear of it.
    pub(crate) fn enter(&self, name: &str) -> Option<(Seat<'_>, mpsc::Receiver<Arc<str>>)> {
        let (queue, unheard) = mpsc::channel(QUEUED_LINES);
        let (name, is_too_slow): (Arc<str>, _) = (name.into(), CancellationToken::new());
        let mut guests = self.guests();
        if guests.contains_key(&name) {
            return None;
        }
        guests.insert(Arc::clone(&name), Guest { queue, is_too_slow: is_too_slow.clone() });
        drop(guests);
        let seat = Seat { room: self, name, is_too_slow };
        seat.tell_others(&format!("* {} is here", seat.name));
        Some((seat, unheard))
    }

    fn guests(&self) -> MutexGuard<'_, HashMap<Arc<str>, Guest>> {
        // Nothing is left half done where it could panic.
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat<'_> {
    pub(crate) fn say(&self, line: &str) {
        self.tell_others(&format!("{}: {line}", self.name));
    }

    /// Completes when so much is unheard that the guest has to go.
    pub(crate) async fn is_too_slow(&self) {
        self.is_too_slow.cancelled().await;
    }

    fn tell_others(&self, line: &str) {
        let line: Arc<str> = line.into();
        for (name, guest) in self.room.guests().iter() {
            if *name != self.name && guest.queue.try_send(Arc::clone(&line)).is_err() {
                guest.is_too_slow.cancel();
            }
        }
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.room.guests().remove(&self.name);
        self.tell_others(&format!("* {} left", self.name));
    }
}
