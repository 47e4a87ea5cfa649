//! Forgetting for tests: what is kept here is never dropped, but stays reachable.
//!
//! Not `std::mem::forget`, after which a checker of leaks could not tell what a test has forgotten on purpose from
//! what the code under test has lost. The invariant: everything kept is in [`KEPT`] for as long as the process lives.

use std::sync::Mutex;
use std::sync::atomic::AtomicPtr;

/// The addresses, where Miri and LeakSanitizer look for what is still in use.
static KEPT: Mutex<Vec<AtomicPtr<()>>> = Mutex::new(Vec::new());

/// Forgets `value`.
pub(crate) fn forget<T>(value: T) {
    keep(Box::into_raw(Box::new(value)));
}

/// Memory for a test that needs it for ever.
pub(crate) fn buffer<const LENGTH: usize>(byte: u8) -> &'static mut [u8] {
    let buffer = Box::leak(Box::new([byte; LENGTH]));
    keep(&raw mut *buffer);
    buffer
}

fn keep<T>(pointer: *mut T) {
    KEPT.lock().unwrap().push(AtomicPtr::new(pointer.cast()));
}
