//! Models of the pool's protocol. A job lost shows as a deadlock or a wrong count; the keep-alive time is zero
//! where a timeout may race, so that a thread gives up whenever the schedule lets it, and endless elsewhere.

use super::*;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::primitive::thread;

/// Counts what became of the jobs of one model.
#[derive(Default)]
struct Tally {
    ran: AtomicUsize,
    cancelled: AtomicUsize,
}

struct Counted(Arc<Tally>);

impl Job for Counted {
    fn run(self) {
        self.0.ran.fetch_add(1, Ordering::Relaxed);
    }

    fn cancel(self) {
        self.0.cancelled.fetch_add(1, Ordering::Relaxed);
    }
}

/// A job that reports to `tally`.
fn job(tally: &Arc<Tally>) -> Counted {
    Counted(tally.clone())
}

impl Tally {
    fn get(&self) -> (usize, usize) {
        (self.ran.load(Ordering::Relaxed), self.cancelled.load(Ordering::Relaxed))
    }
}

fn pool(max_threads: usize, keep_alive: Duration) -> Pool<Counted> {
    let mut config = Config::new();
    config.max_threads = max_threads;
    config.keep_alive = keep_alive;
    Pool::new(config)
}

#[test]
fn a_hand_off_races_with_the_keep_alive_timeout() {
    loom::model(|| {
        let pool = pool(1, Duration::ZERO);
        let tally = Arc::new(Tally::default());
        pool.spawn(job(&tally)).unwrap();
        // The thread may be unborn, at work, idle, giving up or gone by now.
        pool.spawn(job(&tally)).unwrap();
        assert!(pool.shutdown(None));
        let (ran, cancelled) = tally.get();
        assert_eq!(ran + cancelled, 2);
        assert_eq!((pool.num_threads(), pool.num_idle(), pool.queue_depth()), (0, 0, 0));
    });
}

#[test]
fn a_mandatory_job_runs_though_the_thread_gives_up_and_the_pool_closes() {
    loom::model(|| {
        let pool = pool(1, Duration::ZERO);
        let tally = Arc::new(Tally::default());
        pool.spawn_mandatory(job(&tally)).unwrap();
        pool.spawn_mandatory(job(&tally)).unwrap();
        assert!(pool.shutdown(None));
        assert_eq!(tally.get(), (2, 0));
    });
}

#[test]
fn a_job_that_has_a_thread_runs_though_the_pool_closes() {
    loom::model(|| {
        let pool = pool(1, Duration::ZERO);
        let tally = Arc::new(Tally::default());
        pool.spawn(job(&tally)).unwrap();
        assert!(pool.shutdown(None));
        assert_eq!(tally.get(), (1, 0), "whether or not the thread had come to look at it");
    });
}

#[test]
fn two_spawners_and_one_thread_that_may_be_idle() {
    loom::model(|| {
        let pool = pool(1, Duration::MAX);
        let tally = Arc::new(Tally::default());
        let (peers_pool, peers_tally) = (pool.clone(), tally.clone());
        let peer = thread::spawn(move || peers_pool.spawn_mandatory(job(&peers_tally)).unwrap());
        pool.spawn_mandatory(job(&tally)).unwrap();
        peer.join().unwrap();
        assert!(pool.shutdown(None));
        assert_eq!(tally.get(), (2, 0));
    });
}

#[test]
fn two_spawners_start_a_thread_each() {
    loom::model(|| {
        let pool = pool(2, Duration::MAX);
        let tally = Arc::new(Tally::default());
        let (peers_pool, peers_tally) = (pool.clone(), tally.clone());
        let peer = thread::spawn(move || peers_pool.spawn_mandatory(job(&peers_tally)).unwrap());
        pool.spawn_mandatory(job(&tally)).unwrap();
        peer.join().unwrap();
        assert!(pool.shutdown(None));
        assert_eq!(tally.get(), (2, 0));
    });
}

#[test]
fn shutdown_races_with_a_spawn() {
    loom::model(|| {
        let pool = pool(1, Duration::MAX);
        let tally = Arc::new(Tally::default());
        let (peers_pool, peers_tally) = (pool.clone(), tally.clone());
        let peer = thread::spawn(move || match peers_pool.spawn(job(&peers_tally)) {
            Ok(()) => 1,
            Err(SpawnError::Closed(_)) => 0,
            Err(SpawnError::NoThread(..)) => unreachable!("loom refuses no thread"),
        });
        assert!(pool.shutdown(None));
        let accepted = peer.join().unwrap();
        let (ran, cancelled) = tally.get();
        assert_eq!(
            ran + cancelled,
            accepted,
            "an accepted job has run or was cancelled when shutdown returns"
        );
    });
}

#[test]
fn shutdown_races_with_a_hand_off_to_an_idle_thread() {
    loom::model(|| {
        let pool = pool(1, Duration::MAX);
        let tally = Arc::new(Tally::default());
        pool.spawn_mandatory(job(&tally)).unwrap();
        let (peers_pool, peers_tally) = (pool.clone(), tally.clone());
        let peer = thread::spawn(move || usize::from(peers_pool.spawn_mandatory(job(&peers_tally)).is_ok()));
        assert!(pool.shutdown(None));
        let accepted = peer.join().unwrap();
        assert_eq!(tally.get(), (1 + accepted, 0));
    });
}

#[test]
fn a_refused_thread_queues_behind_the_one_alive_or_gives_the_job_back() {
    loom::model(|| {
        let made = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let mut config = Config::new();
        config.keep_alive = Duration::ZERO;
        config.create = std::sync::Arc::new(move |builder, body| {
            if made.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0 {
                return Err(io::Error::from(io::ErrorKind::WouldBlock));
            }
            builder.spawn(body)
        });
        let pool = Pool::new(config);
        let tally = Arc::new(Tally::default());
        pool.spawn_mandatory(job(&tally)).unwrap();
        let accepted = match pool.spawn_mandatory(job(&tally)) {
            Ok(()) => 1,
            Err(SpawnError::NoThread(..)) => 0,
            Err(SpawnError::Closed(_)) => unreachable!("nobody closed it"),
        };
        assert!(pool.shutdown(None));
        assert_eq!(tally.get(), (1 + accepted, 0));
    });
}

/// A job that waits until another has run, or that other one.
enum Dependent {
    Waits(Arc<Gate>),
    Opens(Arc<Gate>),
}

struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Job for Dependent {
    fn run(self) {
        match self {
            Self::Waits(gate) => {
                let mut is_open = gate.is_open.lock();
                while !*is_open {
                    is_open = gate.opened.wait(is_open);
                }
            }
            Self::Opens(gate) => {
                *gate.is_open.lock() = true;
                gate.opened.notify_all();
            }
        }
    }

    fn cancel(self) {
        unreachable!("all are mandatory");
    }
}

/// Both threads may be idle, one of them, or none when the second pair comes; and its second job queues behind the
/// thread that is on its way to the first.
#[test]
fn a_job_that_queues_behind_a_called_thread_does_not_wait_for_that_threads_job() {
    loom::model(|| {
        let mut config = Config::new();
        config.max_threads = 2;
        config.keep_alive = Duration::MAX;
        let pool = Pool::new(config);
        for _ in 0..2 {
            let gate = Arc::new(Gate { is_open: Mutex::new(false), opened: Condvar::new() });
            pool.spawn_mandatory(Dependent::Waits(gate.clone())).unwrap();
            pool.spawn_mandatory(Dependent::Opens(gate.clone())).unwrap();
            // Before the shutdown, which wakes every thread.
            Dependent::Waits(gate).run();
        }
        assert!(pool.shutdown(None));
    });
}
