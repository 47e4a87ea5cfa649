//! A task that yields with nobody to yield to, until something outside the runtime has happened.
//!
//! The outside is the next turn of a driver.

use super::turns::{Turns, a_turn, turns};
use super::*;
use crate::runtime::{spawn, yield_now};

/// How often the calling task yields until the driver has had a turn.
async fn yields_until_a_turn() -> usize {
    let before = turns();
    let mut yields = 0;
    while turns() == before {
        yield_now().await;
        yields += 1;
    }
    yields
}

#[test]
fn the_driver_has_a_turn_at_the_first_yield_of_the_only_task() {
    let runtime = Builder::<Turns>::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for _ in 0..10 {
            // A task of its own each time: others ran between it and the last, so its yields are the first again.
            assert_eq!(spawn(yields_until_a_turn()).await.unwrap(), 1);
        }
    });
}

#[test]
fn a_main_future_that_the_driver_wakes_goes_before_the_task_that_yields() {
    let runtime = Builder::<Turns>::new_current_thread().enable_all().build().unwrap();
    let yields = Count::default();
    let counter = yields.clone();
    runtime.block_on(async move {
        // The first look of all comes before any task.
        yield_now().await;
        drop(spawn(async move {
            loop {
                counter.add();
                yield_now().await;
            }
        }));
        a_turn().await;
    });
    assert_eq!(yields.get(), 1);
}

#[test]
fn the_driver_has_a_turn_at_each_yield_of_the_main_future() {
    let runtime = Builder::<Turns>::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(yields_until_a_turn()), 1);
}
