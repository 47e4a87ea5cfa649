//! [`drive`]: a scenario on a runtime of many threads, and once more on a runtime of one.
//!
//! The limit is kept by a thread that is no part of any runtime, so that a runtime whose timers stand still is
//! caught too. After the scenario no task may be left, nor a descriptor of the process that was not open before.

use std::fs;
use std::future::Future;
use std::io;
use std::panic;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::turn;

/// Far above what any scenario takes; only one that hangs meets it.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs the scenario on a runtime of each flavour.
///
/// # Panics
///
/// With the scenario; when it hangs; when a task is alive afterwards, or descriptors are open that were not before.
pub fn drive<S, F>(scenario: S)
where
    S: Fn() -> F + Clone + Send + 'static,
    F: Future<Output = ()>,
{
    let _turn = turn::take();
    within_limit("an empty runtime", || many_threads().unwrap().block_on(async {}));
    for (flavour, build) in [
        ("many threads", many_threads as fn() -> io::Result<Runtime>),
        ("one thread", || Builder::new_current_thread().enable_all().build()),
    ] {
        let scenario = scenario.clone();
        let before = open_descriptors();
        within_limit(flavour, move || {
            build().unwrap().block_on(async {
                scenario().await;
                all_tasks_end().await;
            });
        });
        let left = left_open(&before);
        assert!(left.is_empty(), "{left:?} are left open, on a runtime of {flavour}");
    }
}

fn many_threads() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// Completes when no task is left; one that does not end is met by the limit.
async fn all_tasks_end() {
    while Handle::current().metrics().num_alive_tasks() > 0 {
        tokio::task::yield_now().await;
    }
}

fn within_limit(name: &str, job: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        // Dropped at the job's end, also by its panic.
        let _done = done;
        job();
    });
    if wait.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
        panic!("still running after {LIMIT:?}, on a runtime of {name}");
    }
    if let Err(payload) = thread.join() {
        panic::resume_unwind(payload);
    }
}

/// What is open now and was not before, once that is nothing: a library's own thread may be about to close it.
fn left_open(before: &[String]) -> Vec<String> {
    let start = Instant::now();
    loop {
        let mut left = open_descriptors();
        for name in before {
            if let Some(index) = left.iter().position(|open| open == name) {
                left.swap_remove(index);
            }
        }
        if left.is_empty() || start.elapsed() > LIMIT {
            return left;
        }
        thread::yield_now();
    }
}

/// What the process's open descriptors refer to, but for the one that lists them.
fn open_descriptors() -> Vec<String> {
    let names = fs::read_dir("/proc/self/fd").unwrap().filter_map(|entry| {
        let target = fs::read_link(entry.ok()?.path()).ok()?.to_string_lossy().into_owned();
        // A socket's number says nothing, and a new one has a new number.
        let kind = target.split(":[").next().unwrap_or_default().to_owned();
        (!kind.starts_with("/proc/")).then_some(kind)
    });
    names.collect()
}
