//! Which reactor a new source belongs to: that of the runtime entered on this thread, or else the process-wide
//! one, so that sockets work under any executor.
//!
//! The process-wide reactor is opened at its first use, on a thread of its own that does nothing else and sleeps
//! in the kernel while nothing comes. It lives until the process ends. It runs no user code but wakers.

use super::Reactor;
use super::handle::ReactorHandle;
use mini_runtime::context;
use mini_runtime::driver::{Driver, EventLimits};
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

/// The process-wide reactor, once its thread runs.
static GLOBAL: OnceLock<Arc<ReactorHandle>> = OnceLock::new();
/// Held while it is opened, so that one thread opens it; a failure leaves [`GLOBAL`] empty for the next try.
static OPENING: Mutex<()> = Mutex::new(());

/// The reactor for a source that is opened on this thread, now.
pub(crate) fn current() -> io::Result<Arc<ReactorHandle>> {
    match context::io_handle().map(Arc::downcast::<ReactorHandle>) {
        Some(Ok(handle)) => Ok(handle),
        // No runtime, or one whose driver is not ours.
        Some(Err(_)) | None => Reactor::global(),
    }
}

impl Reactor {
    /// The process-wide reactor; fails if it, or its thread, cannot be had.
    pub(crate) fn global() -> io::Result<Arc<ReactorHandle>> {
        if let Some(handle) = GLOBAL.get() {
            return Ok(Arc::clone(handle));
        }
        let _opening = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(handle) = GLOBAL.get() {
            return Ok(Arc::clone(handle));
        }
        let mut reactor = Self::open(EventLimits::default())?;
        let handle = Arc::clone(reactor.handle());
        thread::Builder::new().name("mini-reactor".into()).spawn(move || {
            loop {
                reactor.park(None);
            }
        })?;
        Ok(Arc::clone(GLOBAL.get_or_init(|| handle)))
    }
}
