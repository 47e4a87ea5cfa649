//! Models of the mpsc channel. Blocks have three slots here; the models of crossing fill two of them before.

use std::future::Future;
use std::task::{Context, Waker};

use super::*;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::primitive::thread;
use loom::future::block_on;

/// A value that counts its drop.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Two senders and a receiver that sleeps: both values come.
#[test]
fn model_mpsc_two_senders() {
    loom::model(|| {
        let (sender, mut receiver) = unbounded_channel();
        let threads = [1, 2].map(|value| {
            let sender = sender.clone();
            thread::spawn(move || sender.send(value).unwrap())
        });
        let sum = block_on(async { receiver.recv().await.unwrap() + receiver.recv().await.unwrap() });
        assert_eq!(sum, 3);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
}

/// The last sender goes beside a receiver that sleeps: the value comes, then the end.
#[test]
fn model_mpsc_value_and_end() {
    loom::model(|| {
        let (sender, mut receiver) = unbounded_channel();
        let thread = thread::spawn(move || sender.send(1).unwrap());
        block_on(async {
            assert_eq!(receiver.recv().await, Some(1));
            assert_eq!(receiver.recv().await, None);
        });
        thread.join().unwrap();
    });
}

/// Two senders at the last slot of a block: one links the next, the other waits for that.
#[test]
fn model_mpsc_two_senders_link_a_block() {
    loom::model(|| {
        let (sender, mut receiver) = unbounded_channel();
        sender.send(1).unwrap();
        sender.send(1).unwrap();
        let other = sender.clone();
        let thread = thread::spawn(move || other.send(1).unwrap());
        sender.send(1).unwrap();
        thread.join().unwrap();
        let received = std::iter::from_fn(|| receiver.try_recv().ok()).count();
        assert_eq!(received, 4);
    });
}

/// A sender goes to the next block while the receiver leaves the old one.
#[test]
fn model_mpsc_receiver_leaves_a_block() {
    loom::model(|| {
        let (sender, mut receiver) = channel(8);
        for _ in 0..2 {
            sender.try_send(1).unwrap();
            receiver.try_recv().unwrap();
        }
        let thread = thread::spawn(move || (0..2).for_each(|_| sender.try_send(1).unwrap()));
        block_on(async {
            assert_eq!(receiver.recv().await, Some(1));
            assert_eq!(receiver.recv().await, Some(1));
        });
        thread.join().unwrap();
    });
}

/// A full channel of one place: the waiting sender is woken by the receive.
#[test]
fn model_mpsc_full_channel_wakes_its_sender() {
    loom::model(|| {
        let (sender, mut receiver) = channel(1);
        let thread = thread::spawn(move || {
            block_on(async {
                sender.send(1).await.unwrap();
                sender.send(2).await.unwrap();
            });
        });
        block_on(async {
            assert_eq!(receiver.recv().await, Some(1));
            assert_eq!(receiver.recv().await, Some(2));
            assert_eq!(receiver.recv().await, None);
        });
        thread.join().unwrap();
    });
}

/// A waiting sender goes away beside the receive that makes room: the next waiter gets it.
#[test]
fn model_mpsc_cancelled_send_hands_on() {
    loom::model(|| {
        let (sender, mut receiver) = channel(1);
        sender.try_send(0).unwrap();
        let other = sender.clone();
        let thread = thread::spawn(move || {
            {
                let mut cancelled = Box::pin(other.reserve());
                let _ = cancelled.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            }
            block_on(other.send(1)).unwrap();
        });
        drop(sender);
        block_on(async {
            assert_eq!(receiver.recv().await, Some(0));
            assert_eq!(receiver.recv().await, Some(1));
        });
        thread.join().unwrap();
    });
}

/// Close against a send: what was accepted is received, and the end comes.
#[test]
fn model_mpsc_close_against_send() {
    loom::model(|| {
        let (sender, mut receiver) = channel(1);
        let thread = thread::spawn(move || usize::from(block_on(sender.send(())).is_ok()));
        receiver.close();
        let mut received = 0;
        while block_on(receiver.recv()).is_some() {
            received += 1;
        }
        assert_eq!(thread.join().unwrap(), received);
    });
}

/// Close while a place is reserved: the end waits for the permit, used or not.
#[test]
fn model_mpsc_close_against_permit() {
    loom::model(|| {
        let (sender, mut receiver) = channel(2);
        let first = sender.try_reserve_many(2).unwrap();
        let mut permits = first.collect::<Vec<_>>();
        let (used, unused) = (permits.pop().unwrap(), permits.pop().unwrap());
        receiver.close();
        let thread = thread::spawn(move || {
            let mut received = 0;
            while block_on(receiver.recv()).is_some() {
                received += 1;
            }
            assert_eq!(received, 1);
        });
        used.send(());
        drop(unused);
        thread.join().unwrap();
    });
}

/// The receiver goes beside a send: the value is dropped once, by whichever side.
#[test]
fn model_mpsc_receiver_drop_against_send() {
    loom::model(|| {
        let drops = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = unbounded_channel();
        let value = Counted(drops.clone());
        let thread = thread::spawn(move || drop(sender.send(value)));
        drop(receiver);
        thread.join().unwrap();
        assert_eq!(drops.load(Ordering::Relaxed), 1);
    });
}
