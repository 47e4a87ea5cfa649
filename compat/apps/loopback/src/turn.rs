//! Whose turn it is: scenarios and programs run one after the other, though the test harness has many threads,
//! because each counts the descriptors of the process.

use std::sync::{Mutex, MutexGuard, PoisonError};

static TURN: Mutex<()> = Mutex::new(());

pub(crate) fn take() -> MutexGuard<'static, ()> {
    // One that failed has said so; the next is to run all the same.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
