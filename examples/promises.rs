//! The four promises of the README, shown in figures.
//!
//! ```text
//! cargo run --release --example promises -- stuck     # (a) a stuck worker delays nobody but its own task
//! cargo run --release --example promises -- idle      # (b) an idle process makes no syscalls: run it under `strace -f`
//! cargo run --release --example promises -- lone      # (c) three syscalls an echo: run it under `strace -f -c`
//! cargo run --release --example promises -- foreign   # (d) sockets and timers without a runtime of ours
//! ```
//!
//! `cargo xtask promises` runs them all, with strace where it is needed.

#![allow(clippy::print_stdout)] // It reports to whoever runs it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream as StdStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::{TcpListener, TcpStream};
use mini::runtime::Builder;
use mini::sync::oneshot;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("stuck") => stuck(),
        Some("idle") => idle(),
        Some("lone") => lone(),
        Some("foreign") => foreign(),
        _ => Err("usage: promises stuck|idle|lone|foreign".into()),
    }
}

/// How long a bad task keeps its worker.
const STUCK: Duration = Duration::from_millis(50);

/// (a): two workers, one of them stuck again and again.
fn stuck() -> Result<()> {
    println!("two workers, one of them stuck for {STUCK:?} at a time; microseconds");
    println!("{:<44} {:>8} {:>8} {:>8}", "", "p50", "p99", "max");
    for is_loaded in [false, true] {
        let name = if is_loaded { "under load" } else { "from cold" };
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let load = is_loaded.then(|| Load::start(&runtime));
        runtime.block_on(async {
            let address = serve_echo().await?;
            report(&format!("echo by another thread, {name}"), sockets(address).await?);
            report(&format!("lateness of a 1 ms sleep, {name}"), timers().await?);
            report(&format!("task woken into the stuck worker's slot, {name}"), slot().await?);
            Result::Ok(())
        })?;
        drop(load);
    }
    all_stuck()
}

/// Tasks that always have something to do, in slices of 20 µs.
struct Load(Arc<AtomicBool>);

impl Load {
    fn start(runtime: &mini::runtime::Runtime) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        for _ in 0..4 {
            let is_over = is_over.clone();
            runtime.spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    spin(Duration::from_micros(20));
                    mini::task::yield_now().await;
                }
            });
        }
        Self(is_over)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn spin(duration: Duration) {
    let start = Instant::now();
    while start.elapsed() < duration {
        std::hint::spin_loop();
    }
}

/// Takes a worker away for a while, and returns when it has begun to.
async fn take_a_worker() -> Result<()> {
    let (sender, receiver) = std::sync::mpsc::channel();
    mini::spawn(async move {
        // The answer comes from the middle of the poll that blocks.
        let _ = sender.send(());
        std::thread::sleep(STUCK);
    });
    mini::task::spawn_blocking(move || receiver.recv()).await??;
    Ok(())
}

async fn serve_echo() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    mini::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            mini::spawn(echo(socket));
        }
    });
    Ok(address)
}

async fn echo(mut socket: TcpStream) -> Result<()> {
    socket.set_nodelay(true)?;
    let mut buffer = [0; 1024];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        socket.write_all(&buffer[..count]).await?;
    }
}

/// Round trips of a plain thread while a worker is stuck.
async fn sockets(address: SocketAddr) -> Result<Vec<Duration>> {
    let mut all = Vec::new();
    for _ in 0..20 {
        take_a_worker().await?;
        let trips = mini::task::spawn_blocking(move || {
            let mut socket = StdStream::connect(address)?;
            socket.set_nodelay(true)?;
            let mut trips = Vec::new();
            for _ in 0..20 {
                let start = Instant::now();
                socket.write_all(&[7; 64])?;
                socket.read_exact(&mut [0; 64])?;
                trips.push(start.elapsed());
            }
            std::io::Result::Ok(trips)
        });
        all.extend(trips.await??);
        mini::time::sleep(STUCK).await;
    }
    Ok(all)
}

/// How late sleeps end that were set while a worker was stuck.
async fn timers() -> Result<Vec<Duration>> {
    let mut all = Vec::new();
    for _ in 0..20 {
        take_a_worker().await?;
        for _ in 0..10 {
            let deadline = Instant::now() + Duration::from_millis(1);
            mini::time::sleep_until(deadline.into()).await;
            all.push(deadline.elapsed());
        }
        mini::time::sleep(STUCK).await;
    }
    Ok(all)
}

/// How long a task waits that was woken by one which then blocks.
async fn slot() -> Result<Vec<Duration>> {
    let mut all = Vec::new();
    for _ in 0..40 {
        let (sender, receiver) = oneshot::channel::<Instant>();
        let woken = mini::spawn(async move { receiver.await.map(|sent| sent.elapsed()) });
        mini::task::yield_now().await;
        mini::spawn(async move {
            let _ = sender.send(Instant::now());
            std::thread::sleep(STUCK);
        });
        all.push(woken.await??);
        mini::time::sleep(STUCK * 2).await;
    }
    Ok(all)
}

/// With every worker stuck nothing is served, and nothing is lost.
fn all_stuck() -> Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let address = serve_echo().await?;
        let client = std::thread::spawn(move || {
            let mut sockets = Vec::new();
            for _ in 0..100 {
                let mut socket = StdStream::connect(address)?;
                socket.write_all(&[7; 64])?;
                sockets.push(socket);
            }
            for socket in &mut sockets {
                socket.read_exact(&mut [0; 64])?;
            }
            std::io::Result::Ok(sockets.len())
        });
        for _ in 0..4 {
            mini::spawn(async { std::thread::sleep(STUCK) });
        }
        let served = mini::task::spawn_blocking(move || client.join()).await?;
        let served = served.map_err(|_| "the client panicked")??;
        println!("both workers stuck, then free: {served} of 100 requests served");
        Ok(())
    })
}

/// (b): a listener and 100 open connections, and nothing to do.
fn idle() -> Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let address = serve_echo().await?;
        let mut clients = Vec::new();
        for _ in 0..100 {
            let mut socket = TcpStream::connect(address).await?;
            socket.write_all(b"hello").await?;
            socket.read_exact(&mut [0; 5]).await?;
            clients.push(socket);
        }
        println!("idle with 100 connections, process {}", std::process::id());
        std::future::pending::<Result<()>>().await
    })
}

/// (c): an echo server, loaded by one connection of another process.
fn lone() -> Result<()> {
    if let Some(address) = std::env::args().nth(2) {
        return lone_client(address.parse()?);
    }
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on {}", listener.local_addr()?);
        let (socket, _) = listener.accept().await?;
        mini::spawn(echo(socket)).await?
    })
}

/// How many echoes `lone` asks for.
const LONE: u32 = 20_000;

fn lone_client(address: SocketAddr) -> Result<()> {
    let mut socket = StdStream::connect(address)?;
    socket.set_nodelay(true)?;
    let start = Instant::now();
    for _ in 0..LONE {
        socket.write_all(&[7; 64])?;
        socket.read_exact(&mut [0; 64])?;
    }
    println!("{LONE} echoes, {:?} each", start.elapsed() / LONE);
    Ok(())
}

/// (d): no runtime of ours is entered; the reactor thread alone serves.
fn foreign() -> Result<()> {
    futures::executor::block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = async { echo(listener.accept().await?.0).await };
        let client = async {
            let mut socket = TcpStream::connect(address).await?;
            let mut trips = Vec::new();
            for _ in 0..1000 {
                let start = Instant::now();
                socket.write_all(&[7; 64]).await?;
                socket.read_exact(&mut [0; 64]).await?;
                trips.push(start.elapsed());
            }
            Result::Ok(trips)
        };
        let (served, trips) = futures::join!(server, client);
        served?;
        report("echo under futures::executor::block_on", trips?);
        let mut lateness = Vec::new();
        for _ in 0..100 {
            let deadline = Instant::now() + Duration::from_millis(2);
            mini::time::sleep_until(deadline.into()).await;
            lateness.push(deadline.elapsed());
        }
        report("lateness of a 2 ms sleep there", lateness);
        Ok(())
    })
}

fn report(name: &str, mut durations: Vec<Duration>) {
    durations.sort();
    let at = |share: f64| durations[((durations.len() - 1) as f64 * share) as usize].as_micros();
    println!("{name:<44} {:>8} {:>8} {:>8}", at(0.5), at(0.99), at(1.0));
}
