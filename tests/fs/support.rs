//! What the tests share: runtimes, a watchdog, pipes as files.

use std::fs::File as StdFile;
use std::future::{Future, poll_fn};
use std::io::{self, Write};
use std::pin::pin;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use mini::fs::File;
use mini::runtime::{Builder, Runtime};

/// How long a test may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ends the process if it is not dropped in time: a lost wake shows as a hang, and a hang must be a failure.
pub struct Watchdog {
    _alive: mpsc::Sender<()>,
}

impl Watchdog {
    /// Watches over the test that runs on this thread.
    pub fn start() -> Self {
        let (alive, ended) = mpsc::channel::<()>();
        let name = thread::current().name().unwrap_or("a test").to_owned();
        thread::spawn(move || {
            if ended.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                // Past the test harness, which would keep it to itself.
                let _ = writeln!(io::stderr(), "{name} hangs: not over after {PATIENCE:?}");
                std::process::abort();
            }
        });
        Self { _alive: alive }
    }
}

/// Runs the scenario on a multi-thread and on a current-thread runtime.
pub fn on_each_runtime<F: Future<Output = io::Result<()>>>(scenario: impl Fn() -> F) {
    let _watchdog = Watchdog::start();
    for mut builder in [Builder::new_multi_thread(), Builder::new_current_thread()] {
        let runtime = builder.worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(scenario()).expect("no error");
    }
}

/// A runtime whose pool has one thread.
pub fn narrow() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Keeps the one thread of a [`narrow`] runtime's pool until the sender is dropped.
pub fn occupy(runtime: &Runtime) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    runtime.spawn_blocking(move || {
        begun.send(()).expect("the test waits");
        let _ = released.recv();
    });
    has_begun.recv().expect("it begins");
    release
}

/// A pipe's two ends as files of std's.
pub fn pipe() -> (StdFile, StdFile) {
    let (reading, writing) = rustix::pipe::pipe().expect("a pipe");
    (reading.into(), writing.into())
}

/// A pipe that is written through ours and read through std's.
pub fn pipe_to_write() -> (File, StdFile) {
    let (reading, writing) = pipe();
    (File::from_std(writing), reading)
}

/// A pipe that is read through ours and written through std's.
pub fn pipe_to_read() -> (File, StdFile) {
    let (reading, writing) = pipe();
    (File::from_std(reading), writing)
}

/// Polls a future once, with the task's waker, and drops it.
pub async fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}

/// Bytes that tell where they stand.
pub fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
}
