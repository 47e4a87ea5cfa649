//! What the tests share.

use mini_net::net::{TcpListener, TcpStream};
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// A connection over the loopback interface, and its two ends.
pub async fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = TcpStream::connect(listener.local_addr()?).await?;
    let (server, _) = listener.accept().await?;
    Ok((client, server))
}

/// A connection whose buffers are small, so that a writer soon has to wait.
pub async fn narrow_pair() -> io::Result<(TcpStream, TcpStream)> {
    use mini_net::net::TcpSocket;
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4096)?;
    socket.bind("127.0.0.1:0".parse().expect("a literal"))?;
    let listener = socket.listen(16)?;
    let socket = TcpSocket::new_v4()?;
    socket.set_send_buffer_size(4096)?;
    let client = socket.connect(listener.local_addr()?).await?;
    let (server, _) = listener.accept().await?;
    Ok((client, server))
}

/// Polls a future once, with a waker that does nothing, and drops it.
pub fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Uses up the readiness that a stream starts with, until a read would wait.
///
/// More than one try may be needed: an event that comes in between (the registration reports that there is room to
/// write) keeps a clear from taking effect.
pub fn use_up_readiness(stream: &TcpStream) {
    wait_until(|| {
        let error = stream.try_read(&mut [0]).expect_err("nothing was sent");
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
        poll_once(stream.readable()).is_pending()
    });
}

/// Counts wakes.
#[derive(Default)]
pub struct WakeCount(AtomicUsize);

impl WakeCount {
    pub fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for WakeCount {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// What [`forget`] was given, where Miri and LeakSanitizer look for what is still in use.
static FORGOTTEN: Mutex<Vec<AtomicPtr<()>>> = Mutex::new(Vec::new());

/// Never drops `value`, but keeps it reachable, so that it does not count as lost.
pub fn forget<T>(value: T) {
    let pointer = Box::into_raw(Box::new(value)).cast();
    FORGOTTEN.lock().expect("nothing panics under it").push(AtomicPtr::new(pointer));
}

/// Waits, by yielding, until the condition holds.
pub fn wait_until(mut holds: impl FnMut() -> bool) {
    while !holds() {
        std::thread::yield_now();
    }
}

/// Runs the ignored test `name` (with its module) of this binary in a process of its own.
#[cfg(target_os = "linux")]
pub fn run_child(name: &str) {
    let output = std::process::Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", name, "--ignored", "--test-threads=1"])
        .output()
        .expect("the child runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(stdout.contains("1 passed"), "the child ran no test:\n{stdout}");
}

/// Descriptors that this process has open.
#[cfg(target_os = "linux")]
pub fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("procfs").count()
}

/// Paths in the folder for temporary files that no other test has, removed at the end.
#[cfg(unix)]
pub struct Place(std::path::PathBuf);

#[cfg(unix)]
impl Place {
    /// A folder of its own; nothing is at its paths yet.
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("mini-net-{}-{count}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder for temporary files");
        Self(folder)
    }

    /// The place itself.
    pub fn path(&self) -> std::path::PathBuf {
        self.sibling("place")
    }

    /// Another place beside it.
    pub fn sibling(&self, name: &str) -> std::path::PathBuf {
        self.0.join(name)
    }
}

#[cfg(unix)]
impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
