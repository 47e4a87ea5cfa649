//! The contract of `crate::rt`, for the two runtimes that have tokio's names: the binary says which by `crate::names`.
//!
//! What the works need of a runtime and no more. Each other file of this folder has the same items for another one.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use mini_benches::generator::listener;
use mini_benches::program::{Flavour, WORKERS};

use crate::names;

pub(crate) use names::net::TcpStream;
pub(crate) use names::spawn;
pub(crate) use names::sync;
pub(crate) use names::task::yield_now;
pub(crate) use names::task::{JoinHandle, spawn_blocking};
pub(crate) use names::time::sleep;

/// What reads and writes a stream; to be taken as a whole, as a stream may have some of it itself.
pub(crate) mod stream_traits {
    pub(crate) use super::names::io::{AsyncReadExt, AsyncWriteExt};
}

/// A started runtime.
pub(crate) struct Runtime(names::runtime::Runtime);

/// Spawns from threads that are no workers.
pub(crate) type Handle = names::runtime::Handle;

pub(crate) fn start(flavour: Flavour) -> Runtime {
    let mut builder = match flavour {
        Flavour::Multi => names::runtime::Builder::new_multi_thread(),
        Flavour::Current => names::runtime::Builder::new_current_thread(),
    };
    // A current-thread runtime has none, and does not look at the number.
    builder.worker_threads(WORKERS);
    Runtime(builder.enable_all().build().expect("the runtime starts"))
}

impl Runtime {
    /// Runs it as a task, so that it is measured on a worker and not as the main future.
    pub(crate) fn run<F>(&self, body: impl FnOnce() -> F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let body = body();
        self.0.block_on(async { spawn(body).await.expect("the work does not panic") })
    }

    /// The same for what uses timers or sockets itself; some runtimes keep those on one worker.
    pub(crate) fn run_pinned<F>(&self, body: impl FnOnce() -> F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.run(body)
    }

    /// Runs it as the main future.
    pub(crate) fn run_main<F: Future>(&self, body: impl FnOnce() -> F) -> F::Output {
        self.0.block_on(body())
    }

    pub(crate) fn handle(&self) -> Handle {
        self.0.handle().clone()
    }
}

/// Spawns a task that may use timers and sockets.
pub(crate) fn spawn_pinned<F>(body: impl FnOnce() -> F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    spawn(body())
}

/// Spawns a task that nobody joins.
pub(crate) fn detach(body: impl Future<Output = ()> + Send + 'static) {
    drop(spawn(body));
}

/// Whether the future was ready before that much time had passed.
pub(crate) async fn in_time(limit: Duration, future: impl Future) -> bool {
    names::time::timeout(limit, future).await.is_ok()
}

/// Ticks of an interval.
pub(crate) struct Ticks(names::time::Interval);

impl Ticks {
    /// Starts one; the first tick to await is a period away.
    pub(crate) async fn start(period: Duration) -> Self {
        let mut interval = names::time::interval(period);
        interval.tick().await;
        Self(interval)
    }

    pub(crate) async fn tick(&mut self) {
        self.0.tick().await;
    }
}

/// Listens, and runs `answer` for each connection in a task of its own.
pub(crate) fn serve<F>(answer: fn(TcpStream) -> F) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = listener().expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let listener = names::net::TcpListener::from_std(listener).expect("the runtime takes it over");
    detach(async move {
        while let Ok((stream, _)) = listener.accept().await {
            detach(answer(stream));
        }
    });
    address
}
