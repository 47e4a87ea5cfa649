//! The `blocking_*` calls inside a runtime and outside of one.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use super::*;
use crate::runtime::{Builder, NoDriver, Runtime};

fn runtime() -> Runtime<NoDriver> {
    Builder::<NoDriver>::new_current_thread().build().unwrap()
}

fn message(payload: Box<dyn Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(_) => panic!("the panic has no formatted message"),
    }
}

/// What the call said when it panicked on a thread that drives tasks.
fn panic_inside<R>(runtime: &Runtime<NoDriver>, call: impl FnOnce() -> R) -> String {
    runtime.block_on(async {
        match catch_unwind(AssertUnwindSafe(call)) {
            Ok(_) => panic!("the call blocked a thread that drives tasks"),
            Err(payload) => message(payload),
        }
    })
}

#[test]
fn inside_a_runtime_each_call_panics_and_names_the_cure() {
    let runtime = runtime();
    let check = |what: &str, message: String| {
        assert!(message.starts_with(&format!("{what} blocks its thread")), "{message}");
        assert!(message.contains("use the async form, or move the call to `spawn_blocking`"), "{message}");
    };
    // Each would be ready at once: whether it panics must not depend on that.
    let (sender, mut receiver) = mpsc::channel(2);
    check("mpsc::Sender::blocking_send", panic_inside(&runtime, || sender.blocking_send(1)));
    sender.try_send(1).unwrap();
    check("mpsc::Receiver::blocking_recv", panic_inside(&runtime, || receiver.blocking_recv()));
    let many = panic_inside(&runtime, || receiver.blocking_recv_many(&mut Vec::new(), 1));
    check("mpsc::Receiver::blocking_recv_many", many);
    assert_eq!(receiver.try_recv(), Ok(1));
    assert!(receiver.is_empty());

    let (sender, mut receiver) = mpsc::unbounded_channel();
    sender.send(1).unwrap();
    check("mpsc::UnboundedReceiver::blocking_recv", panic_inside(&runtime, || receiver.blocking_recv()));

    let (sender, receiver) = oneshot::channel();
    sender.send(1).unwrap();
    check("oneshot::Receiver::blocking_recv", panic_inside(&runtime, || receiver.blocking_recv()));

    let (sender, mut receiver) = broadcast::channel(1);
    sender.send(1).unwrap();
    check("broadcast::Receiver::blocking_recv", panic_inside(&runtime, || receiver.blocking_recv()));

    let mutex = Arc::new(Mutex::new(()));
    check("Mutex::blocking_lock", panic_inside(&runtime, || drop(mutex.blocking_lock())));
    let owned = panic_inside(&runtime, || drop(Arc::clone(&mutex).blocking_lock_owned()));
    check("Mutex::blocking_lock_owned", owned);
    assert!(mutex.try_lock().is_ok());
}

#[test]
fn outside_of_a_runtime_they_wait_for_tasks_inside() {
    let runtime = runtime();
    let (requests, mut inbox) = mpsc::channel(1);
    let (outbox, mut answers) = mpsc::unbounded_channel();
    let asker = thread::spawn(move || {
        (0..100).for_each(|request| requests.blocking_send(request).unwrap());
        drop(requests);
        std::iter::from_fn(|| answers.blocking_recv()).sum::<u32>()
    });
    runtime.block_on(async move {
        while let Some(request) = inbox.recv().await {
            outbox.send(request * 2).unwrap();
        }
    });
    assert_eq!(asker.join().unwrap(), 9900);
}

#[test]
fn they_wait_in_the_blocking_pool_of_a_runtime() {
    let runtime = runtime();
    let mutex = Arc::new(Mutex::new(1));
    let count = runtime.block_on(async {
        let guard = mutex.lock().await;
        let other = Arc::clone(&mutex);
        let job = runtime.spawn_blocking(move || {
            *other.blocking_lock() += 1;
            drop(other.blocking_lock_owned());
        });
        drop(guard);
        job.await.unwrap();
        *mutex.lock().await
    });
    assert_eq!(count, 2);
}
