//! Models of the park protocol. That a model ends at all is most of its claim: loom reports a lost wake as a
//! deadlock.

use super::*;
use crate::primitive::cell::UnsafeCell;
use crate::primitive::thread;

/// A value that only the happens-before of an unpark makes readable; loom reports a race otherwise.
struct Message(UnsafeCell<u32>);

// SAFETY: the models write before an unpark and read after the park that it ended; loom checks that claim.
unsafe impl Sync for Message {}
// SAFETY: as above.
unsafe impl Send for Message {}

impl Message {
    fn new() -> Arc<Self> {
        Arc::new(Self(UnsafeCell::new(0)))
    }

    fn write(&self) {
        // SAFETY: the reader waits for the unpark that follows; loom checks it.
        self.0.with_mut(|value| unsafe { *value = 7 });
    }

    fn assert_written(&self) {
        // SAFETY: the writer's unpark came before; loom checks it.
        self.0.with(|value| assert_eq!(unsafe { *value }, 7));
    }
}

#[test]
fn one_unpark_before_during_or_after_the_park_ends_it() {
    loom::model(|| {
        let mut parker = Parker::new();
        let unparker = parker.unparker();
        let message = Message::new();
        let written = message.clone();
        let peer = thread::spawn(move || {
            written.write();
            unparker.unpark();
        });
        parker.park();
        message.assert_written();
        peer.join().unwrap();
        assert!(!parker.take_permit());
    });
}

#[test]
fn two_unparkers_are_both_seen_and_leave_one_permit_at_most() {
    loom::model(|| {
        let mut parker = Parker::new();
        let arrived = Arc::new(AtomicU32::new(0));
        let messages = [Message::new(), Message::new()];
        let peers: Vec<_> = messages
            .iter()
            .map(|message| {
                let (message, arrived, unparker) = (message.clone(), arrived.clone(), parker.unparker());
                thread::spawn(move || {
                    message.write();
                    // Relaxed: only the unpark may carry the message over.
                    arrived.fetch_add(1, Ordering::Relaxed);
                    unparker.unpark();
                })
            })
            .collect();
        let mut parks = 0;
        while arrived.load(Ordering::Relaxed) < 2 {
            parker.park();
            parks += 1;
        }
        assert!(parks <= 2);
        for peer in peers {
            peer.join().unwrap();
        }
        let _ = parker.take_permit();
        assert!(!parker.take_permit());
        for message in &messages {
            message.assert_written();
        }
    });
}

#[test]
fn a_park_whose_time_runs_out_leaves_the_next_one_whole() {
    loom::model(|| {
        let mut parker = Parker::new();
        let unparker = parker.unparker();
        let flag = Arc::new(AtomicU32::new(0));
        let theirs = flag.clone();
        let peer = thread::spawn(move || {
            theirs.store(1, Ordering::Relaxed);
            unparker.unpark();
        });
        // Zero is the shim's model of a time that has run out: it races with the unpark, then the loop must
        // still end, whichever of the two took the permit.
        parker.park_timeout(Duration::ZERO);
        while flag.load(Ordering::Relaxed) == 0 {
            parker.park();
        }
        peer.join().unwrap();
    });
}

#[test]
fn a_timed_park_is_ended_by_an_unpark() {
    loom::model(|| {
        let mut parker = Parker::new();
        let unparker = parker.unparker();
        let message = Message::new();
        let written = message.clone();
        let peer = thread::spawn(move || {
            written.write();
            unparker.unpark();
        });
        parker.park_timeout(Duration::MAX);
        message.assert_written();
        peer.join().unwrap();
    });
}

#[test]
fn a_parker_dropped_while_it_is_unparked_is_freed_once() {
    loom::model(|| {
        let parker = Parker::new();
        let unparker = parker.unparker();
        let peer = thread::spawn(move || unparker.unpark());
        drop(parker);
        peer.join().unwrap();
    });
}
