//! Tests of whole runtimes by scenario. Not of a task by itself (`task::tests`), nor of races (`model`).
//!
//! Nothing here sleeps to wait for another thread: channels and barriers say when.

mod block_in_place;
mod builder;
mod context;
mod current_thread;
mod fairness;
mod guest;
mod local;
mod lone_yield;
mod metrics;
mod overtaking;
mod resources;
mod shutdown;
mod turns;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use super::{Builder, NoDriver, Runtime};

/// Long enough for anything that is not stuck.
const PATIENCE: Duration = Duration::from_secs(if cfg!(miri) { 600 } else { 30 });

fn multi(workers: usize) -> Runtime {
    Builder::<NoDriver>::new_multi_thread().worker_threads(workers).build().unwrap()
}

fn current() -> Runtime {
    Builder::<NoDriver>::new_current_thread().build().unwrap()
}

/// A count that others read.
#[derive(Clone, Debug, Default)]
struct Count(Arc<AtomicUsize>);

impl Count {
    fn get(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }

    fn add(&self) -> usize {
        self.0.fetch_add(1, Ordering::AcqRel) + 1
    }
}

/// Counts its drop.
struct OnDrop(Count);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.add();
    }
}

/// Receives, or fails the test with what it was waiting for.
#[track_caller]
fn await_message<T>(receiver: &mpsc::Receiver<T>, what: &str) -> T {
    match receiver.recv_timeout(PATIENCE) {
        Ok(message) => message,
        Err(error) => panic!("{what}: {error}"),
    }
}

/// Runs `f` on a thread of its own and fails if it does not end.
#[track_caller]
fn within_patience<T: Send + 'static>(what: &str, f: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let result = f();
        let _ = sender.send(());
        result
    });
    match receiver.recv_timeout(PATIENCE) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what}: still not over"),
        _ => match thread.join() {
            Ok(result) => result,
            Err(payload) => std::panic::resume_unwind(payload),
        },
    }
}

/// What a panic said.
fn message_of(payload: Box<dyn std::any::Any + Send>) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}
