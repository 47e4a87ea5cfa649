//! What a turn of the driver wakes between tasks goes ahead of the tasks that are queued.

use super::turns::{Turns, a_turn, driver};
use super::*;
use crate::runtime::{spawn, yield_now};
use std::sync::atomic::AtomicBool;

/// Tasks that always have work.
const BUSY: usize = 20;
/// How often another task waits for a turn meanwhile.
const ROUNDS: usize = if cfg!(miri) { 3 } else { 50 };

/// How many polls of busy tasks came between a turn and the task that it woke, each time.
async fn polls_between() -> Vec<usize> {
    let is_over = Arc::new(AtomicBool::new(false));
    // The last turn that a busy task has seen, and the polls of such since.
    let (seen, since) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    for _ in 0..BUSY {
        let (is_over, seen, since) = (is_over.clone(), seen.clone(), since.clone());
        drop(spawn(async move {
            while !is_over.load(Ordering::Acquire) {
                let turn = driver().count.get();
                if seen.swap(turn, Ordering::AcqRel) != turn {
                    since.store(0, Ordering::Release);
                }
                since.fetch_add(1, Ordering::AcqRel);
                yield_now().await;
            }
        }));
    }
    let waiting = spawn(async move {
        let mut between = Vec::new();
        for _ in 0..ROUNDS {
            a_turn().await;
            let is_seen = seen.load(Ordering::Acquire) == driver().count.get();
            between.push(if is_seen { since.load(Ordering::Acquire) } else { 0 });
        }
        between
    });
    let between = waiting.await.unwrap();
    is_over.store(true, Ordering::Release);
    between
}

#[test]
fn a_task_that_a_look_wakes_runs_before_those_that_are_queued() {
    let runtime = Builder::<Turns>::new_current_thread().enable_all().build().unwrap();
    let between = runtime.block_on(polls_between());
    assert!(is_common(&between), "{between:?}");
}

/// The reactor thread has turns now and then too, and what it wakes comes by way of the injector.
fn is_common(between: &[usize]) -> bool {
    2 * between.iter().filter(|&&polls| polls <= 1).count() > between.len()
}

#[test]
fn so_it_does_on_a_worker_that_has_looked_itself() {
    let runtime = Builder::<Turns>::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let handle = runtime.spawn(polls_between());
    let between = within_patience("the rounds", move || runtime.block_on(handle).unwrap());
    assert!(is_common(&between), "{between:?}");
}
