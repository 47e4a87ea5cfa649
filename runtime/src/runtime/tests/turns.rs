//! A driver of our own for tests of what is done about a turn of the driver. It has no source of events but its waiters.

use super::*;
use crate::driver::{Driver, DriverParts, DriverSource, EventLimits, Unpark};
use std::future::poll_fn;
use std::io;
use std::sync::Mutex;
use std::task::{Poll, Waker};

/// A driver that counts its turns, wakes whoever waits for one, and never sleeps.
#[derive(Clone, Default)]
pub(super) struct Turns {
    pub(super) count: Count,
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
pub(super) fn driver() -> Turns {
    let handle = crate::context::io_handle().expect("a driver");
    handle.downcast_ref::<Turns>().expect("ours").clone()
}

/// The turns of this thread's runtime so far.
pub(super) fn turns() -> usize {
    driver().count.get()
}

/// Waits for a turn of the driver.
pub(super) async fn a_turn() {
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
