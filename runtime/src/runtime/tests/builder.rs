//! What a builder accepts, refuses and cleans up.

use super::*;
use std::panic::catch_unwind;

#[test]
fn worker_counts_from_one_to_sixty_four_run_tasks() {
    for workers in if cfg!(miri) { vec![1, 3] } else { vec![1, 2, 3, 64, 65] } {
        let runtime = multi(workers);
        let runs = Count::default();
        runtime.block_on(async {
            let handles: Vec<_> = (0..workers * 4)
                .map(|_| {
                    let runs = runs.clone();
                    crate::runtime::spawn(async move { runs.add() })
                })
                .collect();
            for handle in handles {
                handle.await.unwrap();
            }
        });
        assert_eq!(runs.get(), workers * 4);
    }
}

#[test]
fn zeros_panic_and_too_many_workers_are_an_error() {
    let zeros: [fn(); 3] = [
        || {
            Builder::<NoDriver>::new_multi_thread().worker_threads(0);
        },
        || {
            Builder::<NoDriver>::new_multi_thread().max_blocking_threads(0);
        },
        || {
            Builder::<NoDriver>::new_multi_thread().max_io_events_per_tick(0);
        },
    ];
    for zero in zeros {
        assert!(message_of(catch_unwind(zero).unwrap_err()).contains("at least one"));
    }
    for count in [5000, usize::MAX] {
        let error = Builder::<NoDriver>::new_multi_thread().worker_threads(count).build().unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    }
}

#[test]
fn a_paused_clock_and_a_local_runtime_need_one_thread() {
    let error = Builder::<NoDriver>::new_multi_thread().start_paused(true).build().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    let error = Builder::<NoDriver>::new_multi_thread().build_local(Default::default()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

#[test]
fn threads_have_their_names_and_call_their_hooks() {
    let (starts, stops) = (Count::default(), Count::default());
    let (starting, stopping) = (starts.clone(), stops.clone());
    let (parks, unparks) = (Count::default(), Count::default());
    let (parking, unparking) = (parks.clone(), unparks.clone());
    let runtime = Builder::<NoDriver>::new_multi_thread()
        .worker_threads(2)
        .thread_name("named\0badly")
        .on_thread_start(move || {
            starting.add();
        })
        .on_thread_stop(move || {
            stopping.add();
        })
        .on_thread_park(move || {
            parking.add();
        })
        .on_thread_unpark(move || {
            unparking.add();
            std::panic::resume_unwind(Box::new("a hook that panics"));
        })
        .build()
        .unwrap();
    let name = || std::thread::current().name().map(str::to_owned);
    let names = futures::executor::block_on(async {
        (runtime.spawn(async move { name() }).await.unwrap(), runtime.spawn_blocking(name).await.unwrap())
    });
    assert_eq!(names.0.as_deref(), Some("named"));
    assert!(names.1.is_some_and(|name| name.starts_with("named")));
    drop(runtime);
    // Two workers and one thread for blocking work.
    assert_eq!((starts.get(), stops.get()), (3, 3));
    assert_eq!(parks.get(), unparks.get());
    let default = futures::executor::block_on(multi(1).spawn(async move { name() })).unwrap();
    assert_eq!(default.as_deref(), Some("mini-worker-0"));
}

/// No thread has a stack of half the address space.
#[test]
#[cfg_attr(miri, ignore = "Miri makes any thread")]
fn threads_that_cannot_be_started_are_an_error_and_leave_none_behind() {
    let error = Builder::<NoDriver>::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(usize::MAX / 4)
        .build()
        .unwrap_err();
    assert_ne!(error.kind(), std::io::ErrorKind::InvalidInput, "{error}");
    // A current-thread runtime needs none until it has blocking work.
    let runtime =
        Builder::<NoDriver>::new_current_thread().thread_stack_size(usize::MAX / 4).build().unwrap();
    runtime.block_on(async {
        let spawned = crate::runtime::TaskBuilder::new().spawn_blocking(|| ());
        assert!(spawned.is_err());
    });
}
