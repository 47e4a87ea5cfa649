//! [`Config`]: what a pool is told once, when it is made.
//!
//! Holds no state. Its hooks are user code: they run under no lock, and their panics are swallowed.

use std::fmt;
use std::io;
// Not the shim's: loom's `Arc` holds no `dyn`, and nothing here is raced for.
use std::sync::Arc;
use std::time::Duration;

use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::primitive::thread;
use crate::util::guarded;

/// Called on each thread, when it starts or before it ends.
pub(crate) type Hook = Arc<dyn Fn() + Send + Sync>;

/// Calls what it is given within some context.
pub(crate) type Enter = Arc<dyn Fn(&mut dyn FnMut()) + Send + Sync>;

/// Makes a thread that runs the body.
pub(crate) type Create =
    Arc<dyn Fn(thread::Builder, ThreadBody) -> io::Result<thread::JoinHandle<()>> + Send + Sync>;

/// What a thread of the pool does from its first to its last moment.
pub(crate) type ThreadBody = Box<dyn FnOnce() + Send>;

/// How a pool makes its threads, how many, and how long they stay.
#[derive(Clone)]
pub(crate) struct Config {
    /// Threads at most; at least 1.
    pub(crate) max_threads: usize,
    /// How long an idle thread waits for a job before it ends.
    pub(crate) keep_alive: Duration,
    /// Stack size in bytes; the system's if `None`.
    pub(crate) stack_size: Option<usize>,
    /// The name of each thread.
    pub(crate) thread_name: Arc<dyn Fn() -> String + Send + Sync>,
    /// Called first on each thread, inside `enter`.
    pub(crate) on_start: Option<Hook>,
    /// Called last on each thread, inside `enter`.
    pub(crate) on_stop: Option<Hook>,
    /// Puts a thread inside its runtime: calls what it is given, once, within the context to be had there.
    pub(crate) enter: Option<Enter>,
    /// Makes a thread. A test puts a system there that refuses.
    pub(crate) create: Create,
}

/// tokio's default.
const MAX_THREADS: usize = 512;
/// tokio's default.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

impl Config {
    /// 512 threads at most, 10 s of keep-alive, names `mini-blocking-0` and on.
    pub(crate) fn new() -> Self {
        let next_number = AtomicUsize::new(0);
        Self {
            max_threads: MAX_THREADS,
            keep_alive: KEEP_ALIVE,
            stack_size: None,
            // Ordering: Relaxed; the number need only be used once.
            thread_name: Arc::new(move || {
                format!("mini-blocking-{}", next_number.fetch_add(1, Ordering::Relaxed))
            }),
            on_start: None,
            on_stop: None,
            enter: None,
            create: Arc::new(|builder, body| builder.spawn(body)),
        }
    }

    /// The name of the next thread, or none if the user's function panicked. A NUL would make std panic: the
    /// name ends before it.
    pub(super) fn next_thread_name(&self) -> Option<String> {
        let mut name = guarded(|| (self.thread_name)())?;
        if let Some(nul) = name.find('\0') {
            name.truncate(nul);
        }
        Some(name)
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("max_threads", &self.max_threads)
            .field("keep_alive", &self.keep_alive)
            .field("stack_size", &self.stack_size)
            .finish_non_exhaustive()
    }
}
