//! The contract of `crate::rt`, for smol 2: two threads that run one executor, as `SMOL_THREADS=2` has it.
//!
//! The executor is smol's own, not its global one, since that one's size is only to be had from the environment. It
//! and the reactor behind smol's sockets and timers live until the process ends.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use futures_lite::StreamExt;
use mini_benches::generator::listener;
use mini_benches::program::{Flavour, WORKERS};
use smol::{Executor, Timer};

use crate::channels;

pub(crate) use smol::future::yield_now;
pub(crate) use smol::net::TcpStream;

/// What reads and writes a stream.
pub(crate) mod stream_traits {
    pub(crate) use smol::io::{AsyncReadExt, AsyncWriteExt};
}

/// Channels and locks.
pub(crate) mod sync {
    pub(crate) use super::channels::mpsc;
    pub(crate) use smol::lock::Mutex;
}

static EXECUTOR: LazyLock<Executor<'static>> = LazyLock::new(Executor::new);

/// The started executor.
pub(crate) struct Runtime;

/// Spawns from threads that are no workers: from anywhere, with this executor.
#[derive(Clone)]
pub(crate) struct Handle;

/// Starts the threads, of the one flavour that there is.
pub(crate) fn start(flavour: Flavour) -> Runtime {
    assert_eq!(flavour, Flavour::Multi, "the suite has smol on two threads only");
    for _ in 0..WORKERS {
        thread::spawn(|| smol::block_on(EXECUTOR.run(smol::future::pending::<()>())));
    }
    Runtime
}

impl Runtime {
    pub(crate) fn run<F>(&self, body: impl FnOnce() -> F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let body = body();
        smol::block_on(async { spawn(body).await.expect("the work does not panic") })
    }

    pub(crate) fn run_pinned<F>(&self, body: impl FnOnce() -> F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.run(body)
    }

    pub(crate) fn run_main<F: Future>(&self, body: impl FnOnce() -> F) -> F::Output {
        smol::block_on(body())
    }

    pub(crate) fn handle(&self) -> Handle {
        Handle
    }
}

impl Handle {
    pub(crate) fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        spawn(future)
    }
}

/// A task that is detached, not cancelled, when nobody joins it.
pub(crate) struct JoinHandle<T>(Option<smol::Task<T>>);

impl<T> Future for JoinHandle<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        match &mut self.0 {
            Some(task) => Pin::new(task).poll(context).map(Some),
            None => Poll::Ready(None),
        }
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if let Some(task) = self.0.take() {
            task.detach();
        }
    }
}

pub(crate) fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    JoinHandle(Some(EXECUTOR.spawn(future)))
}

pub(crate) fn spawn_pinned<F>(body: impl FnOnce() -> F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    spawn(body())
}

pub(crate) fn detach(body: impl Future<Output = ()> + Send + 'static) {
    EXECUTOR.spawn(body).detach();
}

pub(crate) fn spawn_blocking<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    JoinHandle(Some(smol::unblock(job)))
}

pub(crate) async fn sleep(length: Duration) {
    Timer::after(length).await;
}

/// By a race with a timer, as smol's own examples do it.
pub(crate) async fn in_time(limit: Duration, future: impl Future) -> bool {
    let succeed = async {
        future.await;
        true
    };
    let fail = async {
        Timer::after(limit).await;
        false
    };
    smol::future::or(succeed, fail).await
}

/// Ticks of an interval.
pub(crate) struct Ticks(Timer);

impl Ticks {
    pub(crate) async fn start(period: Duration) -> Self {
        Self(Timer::interval(period))
    }

    pub(crate) async fn tick(&mut self) {
        self.0.next().await;
    }
}

pub(crate) fn serve<F>(answer: fn(TcpStream) -> F) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = listener().expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let listener = smol::net::TcpListener::try_from(listener).expect("the reactor takes it over");
    detach(async move {
        while let Ok((stream, _)) = listener.accept().await {
            detach(answer(stream));
        }
    });
    address
}
