//! What the tests share: runtimes, a watchdog, connections, children, and what a process has open.

use std::future::{Future, poll_fn};
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::pin::pin;
use std::process::Command;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use mini::net::{TcpListener, TcpStream};
use mini::runtime::{Builder, Runtime};

/// How long a test may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ends the process if it is not dropped in time: a broken guarantee shows as a hang, and a hang must be a failure.
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

pub fn multi_thread(workers: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(workers).enable_all().build().expect("a runtime")
}

pub fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Runs the scenario as a task of a multi-thread runtime, as the main future there, and as a task of a current-thread
/// runtime.
pub fn on_each_runtime<F>(scenario: impl Fn() -> F)
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let _watchdog = Watchdog::start();
    let as_task = |runtime: Runtime| runtime.block_on(async { mini::spawn(scenario()).await });
    as_task(multi_thread(2)).expect("no panic on a worker").expect("on a worker");
    as_task(current_thread()).expect("no panic on the current thread").expect("on the current thread");
    multi_thread(2).block_on(scenario()).expect("as the main future");
}

/// A connection over the loopback interface, and its two ends.
pub async fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = TcpStream::connect(listener.local_addr()?).await?;
    let (server, _) = listener.accept().await?;
    Ok((client, server))
}

/// A plain thread's connection to a server that accepts it and resets it at once, which leaves no port in TIME_WAIT.
pub fn visit(address: SocketAddr) {
    let ended = std::net::TcpStream::connect(address).and_then(|mut stream| stream.read(&mut [0]));
    // The reset may come before the connect has returned.
    match ended {
        Ok(0) => {}
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
        other => panic!("neither an end nor a reset: {other:?}"),
    }
}

/// Polls a future once, with a waker that does nothing, and drops it.
pub fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Drives the future for `polls` polls, and drops it where it then waits: `None`. Or its output.
pub async fn given_up_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Always has something to do, until the flag is set: keeps a worker busy without keeping it to itself.
pub async fn keep_busy(is_over: &std::sync::atomic::AtomicBool) {
    while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
        mini::task::yield_now().await;
    }
}

/// Runs the ignored test `name` of this binary in a process of its own.
pub fn run_child(name: &str) {
    run_child_through(&mut Command::new(std::env::current_exe().expect("this binary")), name);
}

/// The same with at most `descriptors` open files.
pub fn run_child_with_descriptors(descriptors: u32, name: &str) {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -n {descriptors} && exec \"$0\" \"$@\"")]);
    run_child_through(command.arg(std::env::current_exe().expect("this binary")), name);
}

/// The arguments that make this binary run one ignored test, on its first thread.
pub fn child_arguments(name: &str) -> [&str; 5] {
    ["--exact", name, "--ignored", "--test-threads=1", "--nocapture"]
}

fn run_child_through(command: &mut Command, name: &str) {
    let output = command.args(child_arguments(name)).output().expect("the child runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(stdout.contains("1 passed"), "the child ran no test:\n{stdout}");
}

/// Open descriptors of this process.
pub fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("procfs").count()
}

/// Threads of this process.
pub fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("procfs").count()
}

/// Memory of this process that is in use, in KiB.
pub fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("procfs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line VmRSS");
    line.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number of KiB")
}
