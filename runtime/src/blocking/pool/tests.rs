//! The pool on real threads: bounds, hand-off, hooks, refusals, panics, shutdown.

use super::*;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

/// Miri is a thousand times slower, and looks for something else than load.
const fn scaled(count: usize) -> usize {
    if cfg!(miri) { count / 100 } else { count }
}

/// A job made of a closure, which also tells what became of it.
struct Work {
    run: Box<dyn FnOnce() + Send>,
    outcome: Sender<Outcome>,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Outcome {
    Ran,
    Cancelled,
}

impl Job for Work {
    fn run(self) {
        (self.run)();
        let _ = self.outcome.send(Outcome::Ran);
    }

    fn cancel(self) {
        let _ = self.outcome.send(Outcome::Cancelled);
    }
}

fn work(run: impl FnOnce() + Send + 'static) -> (Work, Receiver<Outcome>) {
    let (outcome, receiver) = channel();
    (Work { run: Box::new(run), outcome }, receiver)
}

fn spawn(pool: &Pool<Work>, run: impl FnOnce() + Send + 'static) -> Receiver<Outcome> {
    let (work, outcome) = work(run);
    pool.spawn(work).unwrap();
    outcome
}

/// A job that blocks until the sender returned with it is used or dropped.
fn spawn_blocked(pool: &Pool<Work>) -> (Sender<()>, Receiver<Outcome>) {
    let (release, released) = channel::<()>();
    let (started, starts) = channel();
    let outcome = spawn(pool, move || {
        started.send(()).unwrap();
        let _ = released.recv();
    });
    starts.recv().unwrap();
    (release, outcome)
}

fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(20), "waited too long until {what}");
        thread::yield_now();
    }
}

/// A configuration whose system refuses threads while `refuse` is set.
fn refusing(refuse: &Arc<AtomicBool>) -> Config {
    let refuse = refuse.clone();
    let mut config = Config::new();
    config.create = Arc::new(move |builder, body| {
        if refuse.load(Ordering::SeqCst) {
            return Err(io::Error::from(io::ErrorKind::WouldBlock));
        }
        builder.spawn(body)
    });
    config
}

#[test]
fn every_job_runs_once() {
    let pool = Pool::new(Config::new());
    let runs: Arc<Vec<AtomicUsize>> = Arc::new((0..4 * scaled(1000)).map(|_| AtomicUsize::new(0)).collect());
    thread::scope(|scope| {
        for spawner in 0..4 {
            let (pool, runs) = (&pool, &runs);
            scope.spawn(move || {
                let outcomes: Vec<_> = (0..scaled(1000))
                    .map(|job| {
                        let runs = runs.clone();
                        spawn(pool, move || {
                            runs[spawner * scaled(1000) + job].fetch_add(1, Ordering::Relaxed);
                        })
                    })
                    .collect();
                for outcome in outcomes {
                    assert_eq!(outcome.recv(), Ok(Outcome::Ran));
                }
            });
        }
    });
    assert!(pool.shutdown(None));
    assert!(runs.iter().all(|count| count.load(Ordering::Relaxed) == 1));
}

#[test]
fn one_job_after_another_stays_on_one_thread() {
    let pool = Pool::new(Config::new());
    let ids = Arc::new(Mutex::new(HashSet::new()));
    for _ in 0..scaled(200) {
        let seen = ids.clone();
        let outcome = spawn(&pool, move || {
            seen.lock().unwrap().insert(thread::current().id());
        });
        outcome.recv().unwrap();
        until("the thread is idle again", || pool.num_idle() == 1);
    }
    assert_eq!(ids.lock().unwrap().len(), 1);
    assert_eq!(pool.num_threads(), 1);
    assert!(pool.shutdown(None));
}

#[test]
fn the_thread_that_parked_last_gets_the_next_job() {
    let pool = Pool::new(Config::new());
    let blocked: Vec<_> = (0..3).map(|_| spawn_blocked(&pool)).collect();
    for (position, (release, outcome)) in blocked.into_iter().enumerate() {
        drop(release);
        outcome.recv().unwrap();
        until("one more is idle", || pool.num_idle() == position + 1);
    }
    let (name, names) = channel();
    spawn(&pool, move || name.send(thread::current().name().map(str::to_owned)).unwrap());
    assert_eq!(names.recv().unwrap().as_deref(), Some("mini-blocking-2"));
    assert!(pool.shutdown(None));
}

#[test]
fn jobs_that_queue_behind_a_called_thread_do_not_wait_for_its_job() {
    let pool = Pool::new(Config::new());
    for _ in 0..scaled(200) {
        // Once the first round is over, as many threads are idle as there are jobs, and the second job on queues.
        let (started, starts) = channel();
        let blocked: Vec<_> = (0..5)
            .map(|_| {
                let (release, released) = channel::<()>();
                let started = started.clone();
                let outcome = spawn(&pool, move || {
                    started.send(()).unwrap();
                    let _ = released.recv();
                });
                (release, outcome)
            })
            .collect();
        let running = std::iter::from_fn(|| starts.recv_timeout(Duration::from_secs(30)).ok());
        assert_eq!(running.take(5).count(), 5, "all run at once");
        for (release, outcome) in blocked {
            drop(release);
            outcome.recv().unwrap();
        }
        until("all are idle", || pool.num_idle() == pool.num_threads());
    }
    assert!(pool.num_threads() < 10, "{}", pool.num_threads());
    assert!(pool.shutdown(None));
}

#[test]
fn a_full_pool_queues_in_order_and_never_exceeds_its_bound() {
    let mut config = Config::new();
    config.max_threads = 2;
    let pool = Pool::new(config);
    let first = spawn_blocked(&pool);
    let second = spawn_blocked(&pool);
    let order = Arc::new(Mutex::new(Vec::new()));
    let queued: Vec<_> = (0..50)
        .map(|number| {
            let order = order.clone();
            spawn(&pool, move || order.lock().unwrap().push(number))
        })
        .collect();
    assert_eq!((pool.num_threads(), pool.num_idle(), pool.queue_depth()), (2, 0, 50));
    drop(first.0);
    for outcome in queued {
        assert_eq!(outcome.recv(), Ok(Outcome::Ran));
    }
    assert_eq!(*order.lock().unwrap(), (0..50).collect::<Vec<_>>(), "one free thread runs them in order");
    drop(second.0);
    assert!(pool.shutdown(None));
}

#[test]
fn idle_threads_end_after_their_keep_alive_time() {
    let mut config = Config::new();
    config.keep_alive = Duration::from_millis(1);
    let pool = Pool::new(config);
    for _ in 0..3 {
        let blocked: Vec<_> = (0..4).map(|_| spawn_blocked(&pool)).collect();
        drop(blocked);
        until("all threads ended", || pool.num_threads() == 0);
    }
    assert_eq!(pool.num_idle(), 0);
    assert!(pool.shutdown(None));
}

#[test]
fn jobs_handed_over_as_the_keep_alive_runs_out_are_neither_lost_nor_run_twice() {
    let mut config = Config::new();
    config.keep_alive = Duration::from_nanos(1);
    let pool = Pool::new(config);
    let runs = Arc::new(AtomicUsize::new(0));
    for _ in 0..scaled(3000) {
        let counted = runs.clone();
        let outcome = spawn(&pool, move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(outcome.recv(), Ok(Outcome::Ran));
    }
    assert!(pool.shutdown(None));
    assert_eq!(runs.load(Ordering::Relaxed), scaled(3000));
}

#[test]
fn a_keep_alive_beyond_the_clock_never_ends() {
    let mut config = Config::new();
    config.keep_alive = Duration::MAX;
    let pool = Pool::new(config);
    spawn(&pool, || {}).recv().unwrap();
    until("the thread is idle", || pool.num_idle() == 1);
    spawn(&pool, || {}).recv().unwrap();
    assert!(pool.shutdown(None));
}

#[test]
fn a_job_that_panics_kills_neither_its_thread_nor_the_counts() {
    struct PanicsInDrop;
    impl Drop for PanicsInDrop {
        fn drop(&mut self) {
            panic!("payload");
        }
    }
    let mut config = Config::new();
    config.max_threads = 1;
    let pool = Pool::new(config);
    for _ in 0..10 {
        let outcome = spawn(&pool, || std::panic::panic_any(PanicsInDrop));
        assert!(outcome.recv().is_err());
    }
    assert_eq!(spawn(&pool, || {}).recv(), Ok(Outcome::Ran));
    assert_eq!(pool.num_threads(), 1);
    assert!(pool.shutdown(None));
}

#[test]
fn hooks_run_once_a_thread_inside_the_context_and_their_panics_are_swallowed() {
    thread_local!(static INSIDE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
    let (starts, stops) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (started, stopped) = (starts.clone(), stops.clone());
    let mut config = Config::new();
    config.on_start = Some(Arc::new(move || {
        assert!(INSIDE.get());
        started.fetch_add(1, Ordering::Relaxed);
        panic!("start hook");
    }));
    config.on_stop = Some(Arc::new(move || {
        assert!(INSIDE.get());
        stopped.fetch_add(1, Ordering::Relaxed);
        panic!("stop hook");
    }));
    config.enter = Some(Arc::new(|body| {
        INSIDE.set(true);
        body();
        INSIDE.set(false);
        panic!("after the body");
    }));
    let pool = Pool::new(config);
    let blocked: Vec<_> = (0..3).map(|_| spawn_blocked(&pool)).collect();
    drop(blocked);
    until("all are idle", || pool.num_idle() == 3);
    assert_eq!(spawn(&pool, || assert!(INSIDE.get())).recv(), Ok(Outcome::Ran));
    assert!(pool.shutdown(None));
    assert_eq!((starts.load(Ordering::Relaxed), stops.load(Ordering::Relaxed)), (3, 3));
    assert_eq!(pool.num_threads(), 0);
}

#[test]
fn a_context_that_panics_or_calls_twice_strands_no_job() {
    let mut config = Config::new();
    config.enter = Some(Arc::new(|_body| panic!("before the body")));
    let pool = Pool::new(config);
    assert_eq!(spawn(&pool, || {}).recv(), Ok(Outcome::Ran));
    assert!(pool.shutdown(None));

    let mut config = Config::new();
    config.enter = Some(Arc::new(|body| {
        body();
        body();
    }));
    let pool = Pool::new(config);
    assert_eq!(spawn(&pool, || {}).recv(), Ok(Outcome::Ran));
    assert!(pool.shutdown(None));
    assert_eq!(pool.num_threads(), 0);
}

#[test]
fn a_thread_name_that_std_would_refuse_is_cut_and_one_that_panics_is_left_out() {
    for (function, expected) in [
        ((|| "name\0hidden".to_owned()) as fn() -> String, Some("name".to_owned())),
        (|| panic!("no name"), None),
    ] {
        let mut config = Config::new();
        config.thread_name = Arc::new(function);
        let pool = Pool::new(config);
        let (name, names) = channel();
        spawn(&pool, move || name.send(thread::current().name().map(str::to_owned)).unwrap());
        assert_eq!(names.recv().unwrap(), expected);
        assert!(pool.shutdown(None));
    }
}

#[test]
fn a_refused_thread_gives_the_job_back_when_none_is_alive() {
    let refuse = Arc::new(AtomicBool::new(true));
    let pool = Pool::new(refusing(&refuse));
    let (job, outcome) = work(|| {});
    let Err(SpawnError::NoThread(job, error)) = pool.spawn(job) else { panic!("accepted without a thread") };
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
    assert_eq!((pool.num_threads(), pool.queue_depth()), (0, 0));
    refuse.store(false, Ordering::SeqCst);
    pool.spawn(job).unwrap();
    assert_eq!(outcome.recv(), Ok(Outcome::Ran));
    assert!(pool.shutdown(None));
}

#[test]
fn a_refused_thread_queues_the_job_when_one_is_alive() {
    let refuse = Arc::new(AtomicBool::new(false));
    let pool = Pool::new(refusing(&refuse));
    let (release, first) = spawn_blocked(&pool);
    refuse.store(true, Ordering::SeqCst);
    let second = spawn(&pool, || {});
    assert_eq!((pool.num_threads(), pool.queue_depth()), (1, 1));
    drop(release);
    assert_eq!(first.recv(), Ok(Outcome::Ran));
    assert_eq!(second.recv(), Ok(Outcome::Ran));
    assert!(pool.shutdown(None));
}

#[test]
#[cfg_attr(miri, ignore = "Miri's threads need no stack that could be refused")]
fn the_systems_own_refusal_comes_back_as_its_error() {
    let mut config = Config::new();
    // More than any address space holds.
    config.stack_size = Some(1 << 60);
    let pool = Pool::new(config);
    let (job, _outcome) = work(|| {});
    assert!(matches!(pool.spawn(job), Err(SpawnError::NoThread(..))));
    assert!(pool.shutdown(None));
}

#[test]
fn shutdown_cancels_what_queues_runs_what_is_mandatory_and_waits_for_what_runs() {
    let mut config = Config::new();
    config.max_threads = 1;
    let pool = Pool::new(config);
    let (release, running) = spawn_blocked(&pool);
    let queued = spawn(&pool, || {});
    let (job, mandatory) = work(|| {});
    pool.spawn_mandatory(job).unwrap();
    assert!(!pool.shutdown(Some(Duration::ZERO)), "a job still runs");
    assert_eq!(queued.recv(), Ok(Outcome::Cancelled));
    let (job, _outcome) = work(|| {});
    assert!(matches!(pool.spawn(job), Err(SpawnError::Closed(_))));
    let (job, _outcome) = work(|| {});
    assert!(matches!(pool.spawn_mandatory(job), Err(SpawnError::Closed(_))));
    drop(release);
    assert!(pool.shutdown(None));
    assert_eq!(running.try_recv(), Ok(Outcome::Ran));
    assert_eq!(mandatory.try_recv(), Ok(Outcome::Ran));
}

#[test]
fn a_job_whose_thread_was_made_runs_though_the_pool_closes_before_it_is_there() {
    let (let_go, held) = channel::<()>();
    let held = Mutex::new(Some(held));
    let mut config = Config::new();
    config.create = Arc::new(move |builder, body| {
        let held = held.lock().unwrap().take();
        builder.spawn(move || {
            // Until the sender is gone.
            let _ = held.map(|held| held.recv());
            body();
        })
    });
    let pool = Pool::new(config);
    let outcome = spawn(&pool, || {});
    pool.close();
    drop(let_go);
    assert_eq!(outcome.recv(), Ok(Outcome::Ran));
    assert!(pool.shutdown(None));
}

#[test]
fn shutdown_with_a_limit_returns_though_a_job_never_ends() {
    let pool = Pool::new(Config::new());
    let (release, outcome) = spawn_blocked(&pool);
    let start = Instant::now();
    assert!(!pool.shutdown(Some(Duration::from_millis(20))));
    assert!(start.elapsed() >= Duration::from_millis(20));
    drop(release);
    assert!(pool.shutdown(Some(Duration::MAX)));
    assert_eq!(outcome.recv(), Ok(Outcome::Ran));
}

#[test]
fn shutdown_sends_idle_threads_home_and_may_be_repeated() {
    let pool = Pool::<Work>::new(Config::new());
    assert!(pool.shutdown(None), "a pool that never had a thread");
    let pool = Pool::new(Config::new());
    drop((0..8).map(|_| spawn_blocked(&pool)).collect::<Vec<_>>());
    until("all are idle", || pool.num_idle() == 8);
    assert!(pool.shutdown(None));
    assert!(pool.shutdown(None));
    assert_eq!((pool.num_threads(), pool.num_idle()), (0, 0));
}

#[test]
fn a_cancel_that_panics_does_not_stop_the_others() {
    struct Fragile(Arc<AtomicUsize>, Arc<Barrier>);
    impl Job for Fragile {
        fn run(self) {
            self.1.wait();
            self.1.wait();
        }
        fn cancel(self) {
            self.0.fetch_add(1, Ordering::Relaxed);
            panic!("cancel");
        }
    }
    let mut config = Config::new();
    config.max_threads = 1;
    let pool = Pool::new(config);
    let (cancelled, barrier) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(2)));
    pool.spawn(Fragile(cancelled.clone(), barrier.clone())).unwrap();
    barrier.wait();
    for _ in 0..3 {
        pool.spawn(Fragile(cancelled.clone(), barrier.clone())).unwrap();
    }
    pool.close();
    assert_eq!(cancelled.load(Ordering::Relaxed), 3);
    barrier.wait();
    assert!(pool.shutdown(None));
}

#[test]
fn shutdown_on_a_thread_of_the_pool_does_not_wait_for_itself() {
    let pool = Pool::new(Config::new());
    let (release, other) = spawn_blocked(&pool);
    let inside = pool.clone();
    let outcome = spawn(&pool, move || assert!(!inside.shutdown(None)));
    drop(release);
    assert_eq!(other.recv(), Ok(Outcome::Ran));
    assert_eq!(outcome.recv(), Ok(Outcome::Ran));
    assert!(pool.shutdown(None));
}

#[test]
fn a_job_may_spawn_more_while_the_pool_closes() {
    let mut config = Config::new();
    config.max_threads = 2;
    let pool = Pool::new(config);
    let inside = pool.clone();
    let (started, starts) = channel();
    let outcome = spawn(&pool, move || {
        started.send(()).unwrap();
        loop {
            let (job, _outcome) = work(|| {});
            if let Err(SpawnError::Closed(_)) = inside.spawn(job) {
                return;
            }
        }
    });
    starts.recv().unwrap();
    assert!(pool.shutdown(None));
    assert_eq!(outcome.recv(), Ok(Outcome::Ran));
}
