//! The blocking pool: panics, a full pool, a closure that never returns.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use mini::runtime::Builder;
use mini::task::spawn_blocking;

use crate::support::{Watchdog, current_thread, multi_thread, on_each_runtime};

#[test]
fn a_closure_that_panics_harms_only_its_own_handle() {
    on_each_runtime(|| async {
        for _ in 0..20 {
            let error = spawn_blocking(|| panic!("on purpose")).await.unwrap_err();
            assert!(error.is_panic());
            assert_eq!(*error.into_panic().downcast::<&str>().expect("the message"), "on purpose");
            assert_eq!(spawn_blocking(|| 7).await?, 7);
        }
        Ok(())
    });
}

#[test]
fn a_pool_of_one_runs_everything_one_at_a_time() {
    let _watchdog = Watchdog::start();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .expect("it");
    let running = Arc::new(AtomicUsize::new(0));
    runtime.block_on(async {
        let work: Vec<_> = (0..500)
            .map(|number| {
                let running = running.clone();
                spawn_blocking(move || {
                    assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0, "two at a time");
                    running.fetch_sub(1, Ordering::SeqCst);
                    number
                })
            })
            .collect();
        for (number, work) in work.into_iter().enumerate() {
            assert_eq!(work.await.expect("no panic"), number);
        }
    });
}

#[test]
fn a_full_pool_makes_others_wait_and_stops_no_task() {
    let _watchdog = Watchdog::start();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(2)
        .enable_all()
        .build()
        .expect("it");
    runtime.block_on(async {
        let (release, released) = mpsc::channel::<()>();
        let released = Arc::new(std::sync::Mutex::new(released));
        let stuck: Vec<_> = (0..2)
            .map(|_| {
                let released = released.clone();
                spawn_blocking(move || released.lock().expect("no panic").recv())
            })
            .collect();
        let waits = spawn_blocking(|| 7);
        mini::time::sleep(Duration::from_millis(1)).await;
        mini::spawn(async {}).await.expect("tasks go on");
        assert!(!waits.is_finished());
        release.send(()).expect("one waits");
        release.send(()).expect("the other waits");
        assert_eq!(waits.await.expect("no panic"), 7);
        for stuck in stuck {
            stuck.await.expect("no panic").expect("released");
        }
    });
}

#[test]
fn a_shutdown_with_a_limit_leaves_a_stuck_closure_behind() {
    let _watchdog = Watchdog::start();
    for runtime in [multi_thread(2), current_thread()] {
        let (release, released) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel();
        let stuck = runtime.spawn_blocking(move || {
            begun.send(()).expect("the test waits");
            released.recv().expect("released");
        });
        has_begun.recv().expect("it begins");
        runtime.shutdown_timeout(Duration::from_millis(20));
        assert!(!stuck.is_finished());
        release.send(()).expect("it waits still");
        // The closure ends when it will, and its handle hears of it.
        futures::executor::block_on(stuck).expect("no panic");
    }
}

#[test]
fn closures_that_wait_in_a_full_pool_are_cancelled_by_a_shutdown() {
    let _watchdog = Watchdog::start();
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .expect("it");
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let running = runtime.spawn_blocking(move || {
        begun.send(()).expect("the test waits");
        released.recv()
    });
    has_begun.recv().expect("it begins");
    let waiting: Vec<_> = (0..10).map(|_| runtime.spawn_blocking(|| ())).collect();
    runtime.shutdown_background();
    for waiting in waiting {
        assert!(futures::executor::block_on(waiting).unwrap_err().is_cancelled());
    }
    release.send(()).expect("it waits still");
    futures::executor::block_on(running).expect("no panic").expect("released");
}

#[test]
fn a_drop_of_the_runtime_waits_for_running_closures() {
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let running = runtime.spawn_blocking(move || {
        begun.send(()).expect("the test waits");
        released.recv().expect("released");
    });
    has_begun.recv().expect("it begins");
    let releaser = std::thread::spawn(move || release.send(()));
    drop(runtime);
    assert!(running.is_finished());
    releaser.join().expect("no panic").expect("it waited");
}
