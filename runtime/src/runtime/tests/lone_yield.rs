//! A task that yields with nobody to yield to, until something outside the runtime has happened.
//!
//! The outside is a driver of our own, in whose next turn it happens.

use super::*;
use crate::driver::{Driver, DriverParts, DriverSource, EventLimits, Unpark};
use crate::runtime::{spawn, yield_now};
use std::future::poll_fn;
use std::io;
use std::sync::Mutex;
use std::task::{Poll, Waker};

/// A driver that counts its turns, wakes whoever waits for one, and never sleeps.
#[derive(Clone, Default)]
struct Turns {
    count: Count,
    waiting: Arc<Mutex<Vec<Waker>>>,
}

impl Driver for Turns {
    fn park(&mut self, _timeout: Option<Duration>) {
        self.count.add();
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap());
        waiting.into_iter().for_each(Waker::wake);
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
            handle: Arc::new(turns),
        })
    }
}

/// That of this thread's runtime.
fn driver() -> Turns {
    let handle = crate::context::io_handle().expect("a driver");
    handle.downcast_ref::<Turns>().expect("ours").clone()
}

/// The turns of this thread's runtime so far.
fn turns() -> usize {
    driver().count.get()
}

/// Waits for a turn of the driver.
async fn a_turn() {
    let (driver, before) = (driver(), turns());
    poll_fn(|cx| {
        if driver.count.get() > before {
            return Poll::Ready(());
        }
        driver.waiting.lock().unwrap().push(cx.waker().clone());
        Poll::Pending
    })
    .await;
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
