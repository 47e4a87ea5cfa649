//! What a thread may do in which context, and what it is told otherwise.

use super::*;
use crate::runtime::{Handle, spawn, spawn_blocking, spawn_local};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn block_on_inside_block_on_or_a_task_panics_and_names_the_cure() {
    for runtime in [multi(1), current()] {
        let handle = runtime.handle().clone();
        let nested = |handle: Handle| {
            message_of(catch_unwind(AssertUnwindSafe(|| handle.block_on(async {}))).unwrap_err())
        };
        let inner = handle.clone();
        let (main, task) = runtime.block_on(async move {
            let task = spawn({
                let handle = inner.clone();
                async move { nested(handle) }
            });
            (nested(inner), task.await.unwrap())
        });
        for message in [main, task] {
            assert!(message.contains(".await") && message.contains("spawn_blocking"), "{message}");
        }
        // On a worker too, with nobody in `block_on`.
        if matches!(handle.runtime_flavor(), crate::runtime::RuntimeFlavor::MultiThread) {
            let inner = handle.clone();
            let message = futures::executor::block_on(handle.spawn(async move { nested(inner) })).unwrap();
            assert!(message.contains(".await"), "{message}");
        }
    }
}

#[test]
fn block_on_inside_spawn_blocking_runs() {
    for runtime in [multi(1), current()] {
        let answer = runtime.block_on(async {
            let handle = Handle::current();
            spawn_blocking(move || handle.block_on(async { spawn(async { 8 }).await.unwrap() }))
                .await
                .unwrap()
        });
        assert_eq!(answer, 8);
    }
}

#[test]
fn what_needs_a_runtime_panics_without_one_and_names_the_cure() {
    let panics: [fn(); 5] = [
        || drop(spawn(async {})),
        || drop(spawn_blocking(|| ())),
        || drop(Handle::current()),
        || drop(spawn_local(async {})),
        || drop(crate::runtime::TaskBuilder::new().spawn(async {})),
    ];
    for panic in panics {
        let message = message_of(catch_unwind(panic).unwrap_err());
        assert!(message.contains("call this inside"), "{message}");
    }
}

#[test]
fn the_handle_is_the_innermost_that_was_entered() {
    let (first, second) = (multi(1), current());
    let flavor = || Handle::current().runtime_flavor();
    let outer = first.enter();
    {
        let _inner = second.enter();
        assert_eq!(flavor(), crate::runtime::RuntimeFlavor::CurrentThread);
    }
    assert_eq!(flavor(), crate::runtime::RuntimeFlavor::MultiThread);
    drop(outer);
    assert!(Handle::try_current().is_err());
}

#[test]
fn guards_dropped_out_of_order_panic_and_say_so() {
    let (first, second) = (current(), current());
    let outer = first.enter();
    let inner = second.enter();
    let payload = catch_unwind(AssertUnwindSafe(|| drop(outer))).unwrap_err();
    assert!(message_of(payload).contains("reverse order"));
    let _ = catch_unwind(AssertUnwindSafe(|| drop(inner)));
}

#[test]
fn tasks_hooks_and_closures_are_in_their_runtimes_context() {
    let seen = Count::default();
    let in_hook = seen.clone();
    let runtime = Builder::<NoDriver>::new_multi_thread()
        .worker_threads(1)
        .on_thread_start(move || {
            Handle::current();
            in_hook.add();
        })
        .build()
        .unwrap();
    futures::executor::block_on(async {
        runtime.spawn(async { Handle::current() }).await.unwrap();
        runtime.spawn_blocking(Handle::current).await.unwrap();
    });
    assert!(seen.get() >= 2);
}

#[test]
fn futures_spawn_traits_reach_the_runtime() {
    use futures::task::SpawnExt;
    let runtime = multi(1);
    let handle = runtime.handle().clone();
    let remote = handle.spawn_with_handle(async { 11 }).unwrap();
    assert_eq!(runtime.block_on(remote), 11);
}
