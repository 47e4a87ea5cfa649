//! A task that yields with nobody to yield to, until something outside the runtime has happened.
//!
//! The outside is a driver of our own, in whose next turn it happens.

use super::*;
use crate::driver::{Driver, DriverParts, DriverSource, EventLimits, Unpark};
use crate::runtime::{spawn, yield_now};
use std::io;

/// A driver that counts its turns, and never sleeps.
#[derive(Clone, Default)]
struct Turns(Count);

impl Driver for Turns {
    fn park(&mut self, _timeout: Option<Duration>) {
        self.0.add();
        std::thread::yield_now();
    }
}

impl Unpark for Turns {
    fn unpark(&self) {}
}

impl DriverSource for Turns {
    fn open(_: EventLimits) -> io::Result<DriverParts> {
        let turns = Turns::default();
        Ok(DriverParts {
            driver: Box::new(turns.clone()),
            unpark: Arc::new(turns.clone()),
            handle: Arc::new(turns.0),
        })
    }
}

/// The turns of this thread's runtime so far.
fn turns() -> usize {
    let handle = crate::context::io_handle().expect("a driver");
    handle.downcast_ref::<Count>().expect("ours").get()
}

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
fn the_driver_has_a_turn_beside_the_only_task_that_yields() {
    let runtime = Builder::<Turns>::new_current_thread().enable_all().build().unwrap();
    let first = runtime.block_on(async { spawn(yields_until_a_turn()).await.unwrap() });
    assert!(first <= 4, "after {first} yields");
    runtime.block_on(async {
        for _ in 0..10 {
            // A task of its own each time: others ran between it and the last, so its yields are the first again.
            let yields = spawn(yields_until_a_turn()).await.unwrap();
            assert!(yields <= 4, "after {yields} yields");
        }
    });
}

#[test]
fn the_driver_has_a_turn_at_each_yield_of_the_main_future() {
    let runtime = Builder::<Turns>::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(yields_until_a_turn()), 1);
}
