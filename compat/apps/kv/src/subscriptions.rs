//! [`Subscriptions`]: the channels of one connection.
//!
//! Invariant: after a channel's `unsubscribe` was answered nothing of it is heard. All end when this is dropped.

use std::collections::BTreeSet;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::channels::{Channels, Message, Subscriber};
use crate::reply::Reply;

pub(crate) struct Subscriptions<'a> {
    channels: &'a Channels,
    subscriber: Subscriber,
    messages: mpsc::Receiver<Message>,
    names: BTreeSet<Bytes>,
}

impl<'a> Subscriptions<'a> {
    pub(crate) fn new(channels: &'a Channels) -> Self {
        let (subscriber, messages) = channels.subscriber();
        Self { channels, subscriber, messages, names: BTreeSet::new() }
    }

    pub(crate) fn subscriber(&self) -> &Subscriber {
        &self.subscriber
    }

    /// Subscribes to a channel; the answer says how many there are now.
    pub(crate) fn add(&mut self, channel: &Bytes) -> Reply {
        if self.names.insert(channel.clone()) {
            self.channels.subscribe(&self.subscriber, channel);
        }
        self.changed("subscribe", Reply::Bulk(channel.clone()))
    }

    /// Unsubscribes from these channels, or from all if none is named; an answer for each.
    pub(crate) fn remove(&mut self, channels: &[Bytes]) -> Vec<Reply> {
        let channels = match channels {
            [] => self.names.iter().cloned().collect(),
            channels => channels.to_vec(),
        };
        if channels.is_empty() {
            return vec![self.changed("unsubscribe", Reply::Nil)];
        }
        channels.into_iter().map(|channel| self.remove_one(channel)).collect()
    }

    fn remove_one(&mut self, channel: Bytes) -> Reply {
        if self.names.remove(&channel) {
            self.channels.unsubscribe(&self.subscriber, &channel);
        }
        self.changed("unsubscribe", Reply::Bulk(channel))
    }

    /// The next message; never ends, as the subscriber has a sender too.
    pub(crate) async fn next(&mut self) -> Option<Reply> {
        loop {
            let message = self.messages.recv().await?;
            if let Some(reply) = self.told(message) {
                return Some(reply);
            }
        }
    }

    /// The next message, if there is one already.
    pub(crate) fn try_next(&mut self) -> Option<Reply> {
        loop {
            let message = self.messages.try_recv().ok()?;
            if let Some(reply) = self.told(message) {
                return Some(reply);
            }
        }
    }

    /// Nothing of a channel that has been left in the meantime.
    fn told(&self, Message { channel, text }: Message) -> Option<Reply> {
        let is_heard = self.names.contains(&channel);
        is_heard.then(|| {
            let kind = Reply::Bulk(Bytes::from_static(b"message"));
            Reply::Array(vec![kind, Reply::Bulk(channel), Reply::Bulk(text)])
        })
    }

    fn changed(&self, kind: &'static str, channel: Reply) -> Reply {
        let count = i64::try_from(self.names.len()).unwrap_or(i64::MAX);
        Reply::Array(vec![Reply::Bulk(Bytes::from_static(kind.as_bytes())), channel, Reply::Integer(count)])
    }
}

impl Drop for Subscriptions<'_> {
    fn drop(&mut self) {
        for channel in &self.names {
            self.channels.unsubscribe(&self.subscriber, channel);
        }
    }
}
