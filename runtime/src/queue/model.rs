//! Models of the local queue, its stealers and the LIFO slot: every item comes out once. In the models a ring holds
//! four.

use crate::primitive::sync::Arc;
use crate::primitive::thread;

use super::local::local_queue;
use super::{LifoSlot, LocalQueue, StealError, Stealer};

/// What was pushed, as an `Item`. Loom reports one that is not freed.
type Content = (u32, Arc<()>);

fn item(number: u32) -> Box<Content> {
    Box::new((number, Arc::new(())))
}

fn drain(queue: &mut LocalQueue<Box<Content>>, found: &mut Vec<u32>) {
    found.extend(std::iter::from_fn(|| queue.pop_front()).map(|item| item.0));
}

/// Steals once into a new queue and returns what it got.
fn steal(stealer: &Stealer<Box<Content>>) -> Vec<u32> {
    let (mut own, _stealer) = local_queue();
    let mut found = Vec::new();
    if let Ok(first) = stealer.steal_half_into(&mut own) {
        found.push(first.0);
    }
    drain(&mut own, &mut found);
    found
}

fn assert_all(mut found: Vec<u32>, count: u32) {
    found.sort_unstable();
    assert_eq!(found, (0..count).collect::<Vec<_>>());
}

#[test]
fn model_pops_against_a_stealer() {
    loom::model(|| {
        let (mut queue, stealer) = local_queue();
        (0..3).for_each(|number| queue.push_back(item(number)));
        let thief = thread::spawn(move || steal(&stealer));
        let mut found = Vec::new();
        found.extend(queue.pop_front().map(|item| item.0));
        queue.push_back(item(3));
        drain(&mut queue, &mut found);
        found.extend(thief.join().unwrap());
        assert_all(found, 4);
    });
}

#[test]
fn model_pops_against_two_stealers() {
    loom::model(|| {
        let (mut queue, stealer) = local_queue();
        (0..3).for_each(|number| queue.push_back(item(number)));
        let stealer = Arc::new(stealer);
        let thieves: Vec<_> = (0..2)
            .map(|_| {
                let stealer = stealer.clone();
                thread::spawn(move || steal(&stealer))
            })
            .collect();
        let mut found = Vec::new();
        drain(&mut queue, &mut found);
        for thief in thieves {
            found.extend(thief.join().unwrap());
        }
        assert_all(found, 3);
    });
}

/// The slots are written again while a stealer may still read them.
#[test]
fn model_reuse_of_slots_against_a_stealer() {
    loom::model(|| {
        let (mut queue, stealer) = local_queue();
        (0..4).for_each(|number| queue.push_back(item(number)));
        let thief = thread::spawn(move || steal(&stealer));
        let mut found = Vec::new();
        for number in 4..6 {
            found.extend(queue.pop_front().map(|item| item.0));
            queue.push_back(item(number));
        }
        drain(&mut queue, &mut found);
        found.extend(thief.join().unwrap());
        assert_all(found, 6);
    });
}

#[test]
fn model_overflow_against_a_stealer() {
    loom::model(|| {
        let (mut queue, stealer) = local_queue();
        (0..4).for_each(|number| queue.push_back(item(number)));
        let thief = thread::spawn(move || steal(&stealer));
        (4..6).for_each(|number| queue.push_back(item(number)));
        let mut found = Vec::new();
        drain(&mut queue, &mut found);
        found.extend(thief.join().unwrap());
        assert_all(found, 6);
    });
}

/// A batch that overflowed is wanted by its owner and by a stealer, who finds the ring empty.
#[test]
fn model_a_batch_that_overflowed_against_a_stealer() {
    loom::model(|| {
        let (mut queue, stealer) = local_queue();
        (0..5).for_each(|number| queue.push_back(item(number)));
        let mut found: Vec<u32> = (0..2).filter_map(|_| queue.pop_front()).map(|item| item.0).collect();
        let thief = thread::spawn(move || steal(&stealer));
        drain(&mut queue, &mut found);
        queue.push_back(item(5));
        drain(&mut queue, &mut found);
        found.extend(thief.join().unwrap());
        assert_all(found, 6);
    });
}

/// A worker steals into its own queue, is stolen from, and pushes again.
#[test]
fn model_stolen_items_are_stolen_again() {
    loom::model(|| {
        let (mut queue, stealer) = local_queue();
        (0..4).for_each(|number| queue.push_back(item(number)));
        let (mut second, second_stealer) = local_queue();
        let thief = thread::spawn(move || steal(&second_stealer));
        let mut found = Vec::new();
        for number in 4..6 {
            match stealer.steal_half_into(&mut second) {
                Ok(first) => found.push(first.0),
                Err(error) => assert_eq!(error, StealError::Empty),
            }
            second.push_back(item(number));
            drain(&mut second, &mut found);
        }
        drain(&mut queue, &mut found);
        found.extend(thief.join().unwrap());
        assert_all(found, 6);
    });
}

#[test]
fn model_a_dropped_queue_drops_what_is_left() {
    loom::model(|| {
        let (mut queue, stealer) = local_queue();
        (0..3).for_each(|number| queue.push_back(item(number)));
        let thief = thread::spawn(move || steal(&stealer).len());
        drop(queue);
        thief.join().unwrap();
    });
}

/// Writes its number down when it is dropped.
struct Noted(u32, std::sync::Arc<std::sync::Mutex<Vec<u32>>>);

impl Drop for Noted {
    fn drop(&mut self) {
        self.1.lock().unwrap().push(self.0);
    }
}

/// Each item is dropped once, be it by the owner, the peer or with the slot.
#[test]
fn model_lifo_slot_owner_against_a_peer() {
    loom::model(|| {
        let notes = std::sync::Arc::default();
        let item = |number| Box::new(Noted(number, std::sync::Arc::clone(&notes)));
        let slot = Arc::new(LifoSlot::new());
        let peer = {
            let slot = slot.clone();
            thread::spawn(move || drop(slot.take()))
        };
        drop(slot.replace(item(0)));
        drop(slot.replace(item(1)));
        drop(slot.take());
        drop(slot.replace(item(2)));
        peer.join().unwrap();
        drop(slot);
        assert_all(notes.lock().unwrap().clone(), 3);
    });
}
