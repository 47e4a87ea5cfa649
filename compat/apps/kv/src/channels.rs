//! [`Channels`]: who hears what is published where.
//!
//! Invariant: publishing waits for nobody. Who does not keep up with a channel loses its place in it, and is told so
//! by [`Subscriber::is_too_slow`].

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How many messages a subscriber may be behind.
const QUEUED_MESSAGES: usize = 1024;

/// What was published, and where.
pub(crate) struct Message {
    pub(crate) channel: Bytes,
    pub(crate) text: Bytes,
}

#[derive(Default)]
pub(crate) struct Channels {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By channel, and by the subscriber's number.
    subscribers: HashMap<Bytes, HashMap<u64, Subscriber>>,
    last_number: u64,
}

/// One that may hear of channels.
#[derive(Clone)]
pub(crate) struct Subscriber {
    number: u64,
    queue: mpsc::Sender<Message>,
    is_too_slow: CancellationToken,
}

impl Channels {
    pub(crate) fn subscriber(&self) -> (Subscriber, mpsc::Receiver<Message>) {
        let (queue, messages) = mpsc::channel(QUEUED_MESSAGES);
        let mut state = self.state();
        state.last_number += 1;
        let is_too_slow = CancellationToken::new();
        (Subscriber { number: state.last_number, queue, is_too_slow }, messages)
    }

    pub(crate) fn subscribe(&self, subscriber: &Subscriber, channel: &Bytes) {
        let mut state = self.state();
        let subscribers = state.subscribers.entry(channel.clone()).or_default();
        subscribers.insert(subscriber.number, subscriber.clone());
    }

    pub(crate) fn unsubscribe(&self, subscriber: &Subscriber, channel: &Bytes) {
        let mut state = self.state();
        if let Some(subscribers) = state.subscribers.get_mut(channel) {
            subscribers.remove(&subscriber.number);
            if subscribers.is_empty() {
                state.subscribers.remove(channel);
            }
        }
    }

    /// How many it was passed on to.
    pub(crate) fn publish(&self, channel: &Bytes, text: &Bytes) -> usize {
        let mut state = self.state();
        let Some(subscribers) = state.subscribers.get_mut(channel) else { return 0 };
        subscribers.retain(|_, subscriber| {
            let message = Message { channel: channel.clone(), text: text.clone() };
            let is_queued = subscriber.queue.try_send(message).is_ok();
            if !is_queued {
                subscriber.is_too_slow.cancel();
            }
            is_queued
        });
        subscribers.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing is left half done where it could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber {
    /// Completes when a message did not fit in the queue.
    pub(crate) async fn is_too_slow(&self) {
        self.is_too_slow.cancelled().await;
    }
}
