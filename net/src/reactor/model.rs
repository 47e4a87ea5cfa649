//! The models of the entry and its table: what loom tries in every order.
//!
//! A lost wake shows as a deadlock: each waiting side blocks until its future is ready.

use super::entry::{Direction, IoEntry};
use super::readiness::Ending;
use super::table::EntryTable;
use crate::io::{Interest, Ready};
use crate::primitive::atomic::{AtomicUsize, Ordering};
use loom::future::block_on;
use loom::thread;
use mini_runtime::util::WakeBatch;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

/// A turn of the poll with one event.
fn deliver(entry: &IoEntry, ready: Ready) {
    let wake = entry.store_event(ready);
    let mut batch = WakeBatch::new();
    while !entry.take_wakers(ready, wake, &mut batch) {
        batch.wake_all();
    }
    batch.wake_all();
}

fn readable() -> Ready {
    Ready::satisfying(Interest::READABLE)
}

#[test]
fn an_event_during_poll_ready_wakes_or_is_seen() {
    loom::model(|| {
        let entry = Arc::new(IoEntry::new(Ready::EMPTY, Ending::Final));
        let poll = {
            let entry = Arc::clone(&entry);
            thread::spawn(move || deliver(&entry, Ready::READABLE))
        };
        block_on(poll_fn(|cx| entry.poll_ready(cx, Direction::Read)));
        poll.join().unwrap();
    });
}

#[test]
fn an_event_during_a_wait_wakes_or_is_seen() {
    loom::model(|| {
        let entry = Arc::new(IoEntry::new(Ready::EMPTY, Ending::Final));
        let poll = {
            let entry = Arc::clone(&entry);
            thread::spawn(move || deliver(&entry, Ready::READABLE))
        };
        block_on(entry.wait(readable()));
        poll.join().unwrap();
    });
}

#[test]
fn two_waiters_of_one_direction_are_both_woken() {
    loom::model(|| {
        let entry = Arc::new(IoEntry::new(Ready::EMPTY, Ending::Final));
        let other = {
            let entry = Arc::clone(&entry);
            thread::spawn(move || {
                block_on(entry.wait(readable()));
            })
        };
        let poll = {
            let entry = Arc::clone(&entry);
            thread::spawn(move || deliver(&entry, Ready::READABLE))
        };
        block_on(entry.wait(readable()));
        other.join().unwrap();
        poll.join().unwrap();
    });
}

#[test]
fn a_waiter_that_leaves_during_an_event_takes_no_wake_from_the_other() {
    loom::model(|| {
        let entry = Arc::new(IoEntry::new(Ready::EMPTY, Ending::Final));
        let leaving = {
            let entry = Arc::clone(&entry);
            thread::spawn(move || {
                let mut wait = Box::pin(entry.wait(readable()));
                block_on(poll_fn(|cx| {
                    let _ = wait.as_mut().poll(cx);
                    Poll::Ready(())
                }));
            })
        };
        let poll = {
            let entry = Arc::clone(&entry);
            thread::spawn(move || deliver(&entry, Ready::READABLE))
        };
        block_on(entry.wait(readable()));
        leaving.join().unwrap();
        poll.join().unwrap();
    });
}

#[test]
fn a_clear_does_not_take_a_newer_event_away() {
    loom::model(|| {
        // The socket holds so many bytes; the entry starts ready though there are none.
        let socket = Arc::new((IoEntry::new(Ready::READABLE, Ending::Final), AtomicUsize::new(0)));
        let kernel = {
            let socket = Arc::clone(&socket);
            thread::spawn(move || {
                socket.1.store(1, Ordering::Relaxed);
                deliver(&socket.0, Ready::READABLE);
            })
        };
        let (entry, bytes) = &*socket;
        block_on(poll_fn(|cx| {
            loop {
                let Poll::Ready(observed) = entry.poll_ready(cx, Direction::Read) else {
                    return Poll::Pending;
                };
                if bytes.load(Ordering::Relaxed) == 1 {
                    return Poll::Ready(());
                }
                entry.clear(observed);
            }
        }));
        kernel.join().unwrap();
    });
}

#[test]
fn a_clear_after_a_wait_does_not_take_a_newer_event_away() {
    loom::model(|| {
        let socket = Arc::new((IoEntry::new(Ready::EMPTY, Ending::Final), AtomicUsize::new(0)));
        let kernel = {
            let socket = Arc::clone(&socket);
            thread::spawn(move || {
                socket.1.store(1, Ordering::Relaxed);
                deliver(&socket.0, Ready::READABLE);
            })
        };
        let (entry, bytes) = &*socket;
        // The event carries the bytes: a wait that is over by it sees them, and clears nothing.
        let observed = block_on(entry.wait(readable()));
        if bytes.load(Ordering::Relaxed) == 0 {
            entry.clear(observed);
            block_on(entry.wait(readable()));
        }
        kernel.join().unwrap();
    });
}

#[test]
fn a_release_during_a_turn_keeps_its_event_from_the_next_entry() {
    loom::model(|| {
        let table = Arc::new(EntryTable::new());
        let old = Arc::new(IoEntry::new(Ready::EMPTY, Ending::Final));
        let token = table.insert(Arc::clone(&old)).unwrap();
        let turn = {
            let table = Arc::clone(&table);
            thread::spawn(move || {
                table.dispatch([(token, Ready::READABLE)].into_iter());
                table.free_released();
            })
        };
        old.drop_wakers();
        table.release(token);
        table.free_released();
        let next = Arc::new(IoEntry::new(Ready::EMPTY, Ending::Final));
        table.insert(Arc::clone(&next)).unwrap();
        turn.join().unwrap();
        assert!(next.observe().ready().is_empty());
    });
}

#[test]
fn closing_the_table_ends_a_wait() {
    loom::model(|| {
        let table = Arc::new(EntryTable::new());
        let entry = Arc::new(IoEntry::new(Ready::EMPTY, Ending::Final));
        table.insert(Arc::clone(&entry)).unwrap();
        let closer = {
            let table = Arc::clone(&table);
            thread::spawn(move || table.close())
        };
        let readiness = block_on(entry.wait(readable()));
        assert!(readiness.is_shut_down());
        closer.join().unwrap();
    });
}
