//! The contract of `crate::rt`, for nio 0.1: two workers, each with its own timers and sockets.
//!
//! A task that uses those is pinned to a worker and need not be `Send`; any other one goes, at each wake, to the
//! worker with the shortest queue.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mini_benches::generator::listener;
use mini_benches::program::{Flavour, WORKERS};
use nio::net::TcpListener;

use crate::channels;

pub(crate) use mini_benches::waits::once as yield_now;
pub(crate) use nio::net::TcpStream;
pub(crate) use nio::{sleep, spawn, spawn_blocking, spawn_pinned};

/// What writes a stream; it reads by itself.
pub(crate) mod stream_traits {
    pub(crate) use futures_lite::AsyncWriteExt;
}

/// Channels: nio has none of its own.
pub(crate) mod sync {
    pub(crate) use super::channels::mpsc;
}

/// A started runtime.
pub(crate) struct Runtime(nio::Runtime);

/// Spawns from threads that are no workers.
pub(crate) type Handle = Arc<nio::RuntimeContext>;

pub(crate) fn start(flavour: Flavour) -> Runtime {
    assert_eq!(flavour, Flavour::Multi, "the suite has nio on two workers only");
    let workers = u8::try_from(WORKERS).expect("there are few");
    Runtime(nio::RuntimeBuilder::new().worker_threads(workers).rt().expect("the runtime starts"))
}

impl Runtime {
    pub(crate) fn run<F>(&self, body: impl FnOnce() -> F + Send) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.0.block_on(|| async { spawn(body()).await.expect("the work does not panic") })
    }

    pub(crate) fn run_pinned<F>(&self, body: impl FnOnce() -> F + Send) -> F::Output
    where
        F: Future<Output: Send> + 'static,
    {
        self.0.block_on(|| async { spawn_pinned(body).await.expect("the work does not panic") })
    }

    pub(crate) fn run_main<F: Future<Output: Send>>(&self, body: impl FnOnce() -> F + Send) -> F::Output {
        self.0.block_on(body)
    }

    pub(crate) fn handle(&self) -> Handle {
        self.0.context()
    }
}

pub(crate) fn detach(body: impl Future<Output = ()> + Send + 'static) {
    drop(spawn(body));
}

pub(crate) async fn in_time(limit: Duration, future: impl Future) -> bool {
    nio::timeout(limit, future).await.is_some()
}

/// Ticks of an interval.
pub(crate) struct Ticks(nio::Interval);

impl Ticks {
    pub(crate) async fn start(period: Duration) -> Self {
        let mut interval = nio::interval(period);
        interval.tick().await;
        Self(interval)
    }

    pub(crate) async fn tick(&mut self) {
        self.0.tick().await;
    }
}

/// Each connection on the worker that has the fewest.
pub(crate) fn serve<F>(answer: fn(TcpStream) -> F) -> SocketAddr
where
    F: Future<Output = ()> + 'static,
{
    let listener = listener().expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    drop(spawn_pinned(move || async move {
        let listener = mio::net::TcpListener::from_std(listener);
        let mut listener = TcpListener::new(listener).expect("the worker takes it over");
        while let Ok(connection) = listener.accept().await {
            drop(spawn_pinned(move || async move {
                answer(connection.connect().await.expect("the worker takes it over")).await;
            }));
        }
    }));
    address
}
