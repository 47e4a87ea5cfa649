//! [`Notes`]: what is kept, in memory, and who hears of it.
//!
//! Invariant: a subscriber hears of every note that is added after it subscribed, in the order of their numbers,
//! or is told how many it missed.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// How many notes a feed may lag behind.
const KEPT_NEWS: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub id: u64,
    pub text: String,
}

pub(crate) struct Notes {
    kept: Mutex<Kept>,
    news: broadcast::Sender<Note>,
}

#[derive(Default)]
struct Kept {
    notes: BTreeMap<u64, Note>,
    last_id: u64,
}

impl Default for Notes {
    fn default() -> Self {
        Self { kept: Mutex::default(), news: broadcast::Sender::new(KEPT_NEWS) }
    }
}

impl Notes {
    pub(crate) fn add(&self, text: String) -> Note {
        let mut kept = self.kept();
        kept.last_id += 1;
        let note = Note { id: kept.last_id, text };
        kept.notes.insert(note.id, note.clone());
        // Under the lock, so that news come in order. It fails only if nobody listens.
        let _ = self.news.send(note.clone());
        note
    }

    pub(crate) fn all(&self) -> Vec<Note> {
        self.kept().notes.values().cloned().collect()
    }

    pub(crate) fn get(&self, id: u64) -> Option<Note> {
        self.kept().notes.get(&id).cloned()
    }

    pub(crate) fn remove(&self, id: u64) -> Option<Note> {
        self.kept().notes.remove(&id)
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Note> {
        self.news.subscribe()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing is left half done where it could panic.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
