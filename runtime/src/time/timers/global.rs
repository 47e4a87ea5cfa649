//! The timers of the process: for whatever sleeps outside any runtime of ours, as under another executor's
//! `block_on`.
//!
//! Not for tasks of a runtime, which has timers of its own. The invariant: whenever a timer waits here, the thread
//! `mini-timer` runs; it is started by the first sleep that needs it, and as long as nothing is due it makes no
//! system call.

use std::io;
use std::sync::OnceLock;

use super::Timers;
use crate::driver::Unpark;
use crate::park::{Parker, Unparker};
use crate::primitive::sync::atomic::{AtomicBool, Ordering};
use crate::primitive::sync::{Arc, Mutex};
use crate::primitive::thread;
use crate::time::clock::Clock;

/// What the thread runs.
type Body = Box<dyn FnOnce() + Send>;

/// The process's timers, and the thread that drives them.
pub(super) struct TimerThread {
    timers: &'static Timers,
    /// What the thread will sleep in, until it has taken it. The lock makes sure that it is started once.
    parker: Arc<Mutex<Option<Parker>>>,
    /// Set under the lock of `parker` once the thread was started; read by everyone.
    is_running: AtomicBool,
    /// Starts a thread; replaced in tests by one that fails.
    spawn: fn(Body) -> io::Result<()>,
}

/// Ends the sleep of the thread.
struct ThreadUnpark(Unparker);

impl Unpark for ThreadUnpark {
    fn unpark(&self) {
        self.0.unpark();
    }
}

impl Timers {
    /// The timers of the process, driven by a thread that is started at the first call.
    ///
    /// # Errors
    ///
    /// The OS refuses the thread; the next call tries again.
    pub(crate) fn global() -> io::Result<&'static Timers> {
        static GLOBAL: OnceLock<TimerThread> = OnceLock::new();
        GLOBAL.get_or_init(|| TimerThread::new(spawn)).timers()
    }
}

impl TimerThread {
    pub(super) fn new(spawn: fn(Body) -> io::Result<()>) -> Self {
        let parker = Parker::new();
        let unpark = std::sync::Arc::new(ThreadUnpark(parker.unparker()));
        Self {
            timers: Timers::leaked(Clock::new(false), Some(unpark)),
            parker: Arc::new(Mutex::new(Some(parker))),
            is_running: AtomicBool::new(false),
            spawn,
        }
    }

    /// The timers, with their thread running.
    pub(super) fn timers(&self) -> io::Result<&'static Timers> {
        // Ordering: Relaxed. It guards nothing: the timers are complete before their thread starts.
        if !self.is_running.load(Ordering::Relaxed) {
            self.start()?;
        }
        Ok(self.timers)
    }

    #[cold]
    fn start(&self) -> io::Result<()> {
        // Held until the end: who waits for it finds the thread started, or tries in its turn. The new thread takes
        // the parker out of it, and so waits as well.
        let _guard = self.parker.lock();
        // Ordering: Relaxed; every store is made under the lock.
        if !self.is_running.load(Ordering::Relaxed) {
            let (timers, parker) = (self.timers, Arc::clone(&self.parker));
            (self.spawn)(Box::new(move || {
                if let Some(parker) = take(&parker) {
                    run(timers, parker);
                }
            }))?;
            self.is_running.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Takes the parker; a function, so that the lock is released before the thread goes on.
fn take(parker: &Mutex<Option<Parker>>) -> Option<Parker> {
    parker.lock().take()
}

/// Starts a thread of the OS.
fn spawn(body: Body) -> io::Result<()> {
    thread::Builder::new().name("mini-timer".into()).spawn(body).map(drop)
}

/// Drives the timers, for as long as the process lives.
///
/// Nothing ends it: the wakers' panics are caught where they are woken, and nothing else here runs foreign code.
fn run(timers: &Timers, mut parker: Parker) {
    loop {
        let now = timers.now();
        timers.fire(now);
        // An earlier deadline that comes in after this look leaves a permit, so the park returns at once.
        match timers.next_deadline() {
            None => parker.park(),
            Some(deadline) => {
                let left = deadline.saturating_duration_since(timers.now());
                if !left.is_zero() {
                    parker.park_timeout(left);
                }
            }
        }
    }
}
