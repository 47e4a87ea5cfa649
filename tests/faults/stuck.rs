//! The promise that a worker stuck in user code delays nobody but its own task, as logic instead of time: what is
//! stuck is released only after everything else was served, so a broken promise is a hang.

use std::future::Future;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Wake, Waker};

use futures::executor::block_on;
use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::{TcpListener, TcpStream};
use mini::runtime::{Handle, Runtime};
use mini::sync::oneshot;
use mini::task::JoinHandle;
use mini::time::{Duration, Instant, sleep};

use crate::support::{Watchdog, keep_busy, multi_thread, poll_once};

/// More than a local queue holds, so that some overflow into the injector.
const QUEUED: usize = 300;

/// A waker that tells a plain thread.
struct Tell(mpsc::Sender<()>);

impl Wake for Tell {
    fn wake(self: Arc<Self>) {
        let _ = self.0.send(());
    }
}

/// A task in the middle of a poll that does not return, and what it left on its worker before.
struct Stuck {
    release: mpsc::Sender<()>,
    task: JoinHandle<()>,
    /// Woken into the worker's LIFO slot.
    in_slot: JoinHandle<()>,
    /// Spawned onto the worker's queue.
    in_queue: Vec<JoinHandle<()>>,
    /// Hears of a timer that is in the worker's own wheel.
    timer: mpsc::Receiver<()>,
}

/// Gets a worker stuck, and returns when it is.
fn stick(handle: &Handle) -> Stuck {
    let (release, released) = mpsc::channel();
    let (begun, has_begun) = mpsc::channel();
    let (wake_slot, slot) = oneshot::channel::<()>();
    let (parked, is_parked) = mpsc::channel();
    let in_slot = handle.spawn(async move {
        let mut slot = std::pin::pin!(slot);
        // Waits from here on, so that the send is a wake.
        assert!(futures::poll!(slot.as_mut()).is_pending());
        parked.send(()).expect("the test waits");
        slot.await.expect("a send");
    });
    is_parked.recv().expect("it parks");
    let task = handle.spawn(async move {
        let (told, timer) = mpsc::channel();
        let mut sleep = Box::pin(sleep(Duration::ZERO));
        let waker = Waker::from(Arc::new(Tell(told)));
        // On a busy machine its time may come before the poll.
        while sleep.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            sleep.as_mut().reset(Instant::now() + Duration::from_millis(2));
        }
        let in_queue: Vec<_> = (0..QUEUED).map(|_| mini::spawn(async {})).collect();
        wake_slot.send(()).expect("it waits");
        begun.send((in_queue, timer)).expect("the test waits");
        released.recv().expect("a release");
        drop(sleep);
    });
    let (in_queue, timer) = has_begun.recv().expect("it begins");
    Stuck { release, task, in_slot, in_queue, timer }
}

impl Stuck {
    /// Waits until all that was left behind is served.
    async fn others_are_served(&mut self) {
        (&mut self.in_slot).await.expect("the task of the slot");
        for task in self.in_queue.drain(..) {
            task.await.expect("a task of the queue");
        }
    }

    async fn release(self) {
        self.release.send(()).expect("it is stuck");
        self.task.await.expect("no panic");
    }
}

/// An echo server on the runtime's tasks.
async fn serve_echo() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    mini::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            mini::spawn(async move {
                while let Ok(byte) = stream.read_u8().await {
                    stream.write_all(&[byte]).await?;
                }
                io::Result::Ok(())
            });
        }
    });
    Ok(address)
}

/// A plain thread's conversation with it.
fn ask(address: SocketAddr) {
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    for byte in 0..20 {
        let mut answer = [0];
        stream.write_all(&[byte]).expect("a write");
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(answer, [byte]);
    }
}

/// Tasks that are always ready, until this is dropped.
struct Load(Arc<AtomicBool>);

impl Load {
    fn start(runtime: &Runtime) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        for _ in 0..4 {
            let is_over = is_over.clone();
            runtime.spawn(async move { keep_busy(&is_over).await });
        }
        Self(is_over)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Nobody is inside `block_on`: a plain thread sees to it that all is served while one of two workers is stuck.
fn one_stuck(is_loaded: bool) {
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    let address = block_on(runtime.spawn(serve_echo())).expect("no panic").expect("a listener");
    let _load = is_loaded.then(|| Load::start(&runtime));
    for _ in 0..5 {
        let mut stuck = stick(runtime.handle());
        ask(address);
        block_on(runtime.spawn(sleep(Duration::from_millis(1)))).expect("a timer");
        block_on(stuck.others_are_served());
        stuck.timer.recv().expect("the stuck worker's timer");
        block_on(stuck.release());
    }
}

#[test]
fn one_stuck_worker_delays_nobody_from_cold() {
    one_stuck(false);
}

#[test]
fn one_stuck_worker_delays_nobody_under_load() {
    one_stuck(true);
}

/// The same, seen to by the main future.
fn one_stuck_beside_the_main_future(is_loaded: bool) {
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    let _load = is_loaded.then(|| Load::start(&runtime));
    runtime.block_on(async {
        let address = serve_echo().await.expect("a listener");
        for _ in 0..5 {
            let mut stuck = stick(&Handle::current());
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            for byte in 0..20 {
                stream.write_all(&[byte]).await.expect("a write");
                assert_eq!(stream.read_u8().await.expect("an answer"), byte);
            }
            sleep(Duration::from_millis(1)).await;
            mini::spawn(sleep(Duration::from_millis(1))).await.expect("a timer");
            stuck.others_are_served().await;
            let Stuck { timer, .. } = &stuck;
            while timer.try_recv().is_err() {
                sleep(Duration::from_micros(100)).await;
            }
            stuck.release().await;
        }
    });
}

#[test]
fn one_stuck_worker_does_not_delay_the_main_future_from_cold() {
    one_stuck_beside_the_main_future(false);
}

#[test]
fn one_stuck_worker_does_not_delay_the_main_future_under_load() {
    one_stuck_beside_the_main_future(true);
}

#[test]
fn with_all_workers_stuck_the_main_future_goes_on() {
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    runtime.block_on(async {
        for _ in 0..5 {
            let releases: Vec<_> = stick_plainly(&Handle::current(), 2);
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
            let mut client =
                TcpStream::connect(listener.local_addr().expect("it")).await.expect("a connection");
            let (mut server, _) = listener.accept().await.expect("a connection");
            client.write_all(b"x").await.expect("a write");
            assert_eq!(server.read_u8().await.expect("a read"), b'x');
            sleep(Duration::from_millis(1)).await;
            let (sender, receiver) = oneshot::channel();
            std::thread::spawn(move || sender.send(7));
            assert_eq!(receiver.await, Ok(7));
            assert_eq!(mini::task::spawn_blocking(|| 7).await.expect("no panic"), 7);
            for (release, task) in releases {
                release.send(()).expect("it is stuck");
                task.await.expect("no panic");
            }
        }
    });
}

/// Gets `count` workers stuck, and returns when they are.
fn stick_plainly(handle: &Handle, count: usize) -> Vec<(mpsc::Sender<()>, JoinHandle<()>)> {
    (0..count)
        .map(|_| {
            let (release, released) = mpsc::channel::<()>();
            let (begun, has_begun) = mpsc::channel();
            let task = handle.spawn(async move {
                begun.send(()).expect("the test waits");
                released.recv().expect("a release");
            });
            has_begun.recv().expect("it begins");
            (release, task)
        })
        .collect()
}

#[test]
fn with_all_workers_stuck_nothing_is_lost() {
    const TASKS: usize = 1_000;
    const CLIENTS: u8 = 20;
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    let address = block_on(runtime.spawn(serve_echo())).expect("no panic").expect("a listener");
    for _ in 0..5 {
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..TASKS).map(|_| oneshot::channel()).unzip();
        let woken: Vec<_> = receivers.into_iter().map(|receiver| runtime.spawn(receiver)).collect();
        let timers: Vec<_> = (0..100).map(|_| runtime.spawn(sleep(Duration::from_millis(1)))).collect();
        let stuck = stick_plainly(runtime.handle(), 2);
        // All that can come meanwhile: spawns, wakes, connections and bytes, a deadline.
        let spawned: Vec<_> = (0..TASKS).map(|number| runtime.spawn(async move { number })).collect();
        for (number, sender) in senders.into_iter().enumerate() {
            sender.send(number).expect("it waits");
        }
        let mut clients: Vec<_> =
            (0..CLIENTS).map(|_| std::net::TcpStream::connect(address).expect("the backlog")).collect();
        for (client, number) in clients.iter_mut().zip(0..) {
            client.write_all(&[number]).expect("a write");
        }
        assert!(poll_once(runtime.spawn(async {})).is_pending());
        for (release, _) in &stuck {
            release.send(()).expect("it is stuck");
        }
        for (client, number) in clients.iter_mut().zip(0..CLIENTS) {
            let mut answer = [0];
            client.read_exact(&mut answer).expect("an answer");
            assert_eq!(answer, [number]);
        }
        for (number, (spawned, woken)) in spawned.into_iter().zip(woken).enumerate() {
            assert_eq!(block_on(spawned).expect("no panic"), number);
            assert_eq!(block_on(woken).expect("no panic"), Ok(number));
        }
        for timer in timers {
            block_on(timer).expect("a timer");
        }
        for (_, task) in stuck {
            block_on(task).expect("no panic");
        }
    }
}

#[test]
fn a_worker_that_blocks_in_place_delays_nobody() {
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(1);
    let address = block_on(runtime.spawn(serve_echo())).expect("no panic").expect("a listener");
    let (release, released) = mpsc::channel::<()>();
    let stuck = runtime.spawn(async move { mini::task::block_in_place(|| released.recv()) });
    ask(address);
    block_on(runtime.spawn(sleep(Duration::from_millis(1)))).expect("a timer");
    release.send(()).expect("it waits");
    block_on(stuck).expect("no panic").expect("released");
}
