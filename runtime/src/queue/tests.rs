//! The local queue on one thread: its order, and that every item comes to the front.

use std::collections::HashSet;

use super::LocalQueue;
use super::local::local_queue;

/// More than a ring holds, by one, by half, and several times.
const ITEMS: &[usize] = if cfg!(miri) { &[5, 7, 20] } else { &[257, 384, 385, 386, 513, 1000] };

fn queue_of(items: usize) -> LocalQueue<Box<usize>> {
    let (mut queue, _) = local_queue();
    (0..items).for_each(|item| queue.push_back(Box::new(item)));
    queue
}

#[test]
fn what_overflowed_comes_back_when_the_ring_has_run_dry() {
    for &items in ITEMS {
        let mut queue = queue_of(items);
        let mut found: Vec<_> = std::iter::from_fn(|| queue.pop_front()).map(|item| *item).collect();
        found.sort_unstable();
        assert_eq!(found, (0..items).collect::<Vec<_>>());
    }
}

/// As with tasks that are always ready: an item that was popped is pushed again before the next is popped.
#[test]
fn every_item_comes_to_the_front_of_a_ring_that_never_runs_dry() {
    for &items in ITEMS {
        for pops in [1, 2, 3, items / 2] {
            let mut queue = queue_of(items);
            let mut seen = HashSet::new();
            for _ in 0..items * items {
                for _ in 0..pops {
                    let item = queue.pop_front().unwrap();
                    seen.insert(*item);
                    queue.push_back(item);
                }
                if seen.len() == items {
                    break;
                }
                queue.rotate();
            }
            assert_eq!(seen.len(), items, "{pops} pops between two rotations");
        }
    }
}
