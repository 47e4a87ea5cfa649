//! Models of the mpsc channel. Blocks have one slot here, so that every message crosses one.

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

/// Two senders and a receiver that sleeps: both values come, then the end.
#[test]
fn model_mpsc_two_senders_and_the_end() {
    loom::model(|| {
        let (sender, mut receiver) = unbounded_channel();
        let other = sender.clone();
        let threads =
            [thread::spawn(move || sender.send(1).unwrap()), thread::spawn(move || other.send(2).unwrap())];
        block_on(async {
            let sum = receiver.recv().await.unwrap() + receiver.recv().await.unwrap();
            assert_eq!(sum, 3);
            assert_eq!(receiver.recv().await, None);
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
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
