//! Models of the scheduler's protocols, on its real parts. That a model ends at all is most of its claim: loom reports
//! a lost wake as a deadlock.

use std::time::Duration;

use crate::driver::seat::{Seat, Sleeper};
use crate::driver::{Driver, Unpark};
use crate::primitive::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use crate::primitive::sync::{Arc, Condvar, Mutex};
use crate::primitive::thread;
use crate::queue::Injector;
use crate::scheduler::worker_parker::WorkerParker;

use super::deep_sleep::DeepSleep;
use super::idle::Idle;
use super::main_woken::MainWoken;

/// A driver whose events are a count.
#[derive(Default)]
struct Events {
    state: Mutex<EventState>,
    changed: Condvar,
}

#[derive(Default)]
struct EventState {
    pending: usize,
    seen: usize,
    is_unparked: bool,
}

struct MockDriver(Arc<Events>);

impl Driver for MockDriver {
    fn park(&mut self, timeout: Option<Duration>) {
        let mut state = self.0.state.lock();
        while timeout.is_none() && state.pending == 0 && !state.is_unparked {
            state = self.0.changed.wait(state);
        }
        state.is_unparked = false;
        state.seen += std::mem::take(&mut state.pending);
    }
}

/// std's `Arc`, as the trait object asks, around loom's.
struct MockUnpark(Arc<Events>);

impl Unpark for MockUnpark {
    fn unpark(&self) {
        self.0.state.lock().is_unparked = true;
        self.0.changed.notify_all();
    }
}

impl Events {
    fn new_seat() -> (Arc<Self>, Seat) {
        let events = Arc::new(Self::default());
        let unpark = std::sync::Arc::new(MockUnpark(events.clone()));
        (events.clone(), Seat::new(Box::new(MockDriver(events)), unpark))
    }

    /// Something happens outside.
    fn happen(&self) {
        self.state.lock().pending += 1;
        self.changed.notify_all();
    }

    fn seen(&self) -> usize {
        self.state.lock().seen
    }
}

/// The parts of `Shared` that the hand-over of work rests on, and workers' steps as in `park` and `worker`.
struct Workers {
    injector: Injector<u32>,
    idle: Idle,
    parkers: Vec<WorkerParker>,
    done: AtomicUsize,
    awaited: usize,
}

impl Workers {
    /// Workers 1 to `count`; 0 is the guest, whom nobody claims.
    fn new(count: usize, awaited: usize) -> Arc<Self> {
        Arc::new(Self {
            injector: Injector::new(),
            idle: Idle::new(count + 1),
            parkers: (0..=count).map(|_| WorkerParker::new()).collect(),
            done: AtomicUsize::new(0),
            awaited,
        })
    }

    /// `Shared::unpark_one_after_push`.
    fn unpark_one_after_push(&self) {
        if let Some(index) = self.idle.claim_after_push(None) {
            self.parkers[index].unpark(None);
        }
    }

    fn push(&self, item: u32) {
        self.injector.push(item);
        self.unpark_one_after_push();
    }

    fn is_over(&self) -> bool {
        self.done.load(Ordering::Relaxed) == self.awaited
    }

    /// `Worker::run`, until all items are done.
    fn work(&self, index: usize) {
        self.go_on_working(index, false);
    }

    fn go_on_working(&self, index: usize, mut is_searching: bool) {
        while !self.is_over() {
            let mut found = self.injector.pop();
            if found.is_none() {
                is_searching = is_searching || self.idle.try_start_searching();
                found = if is_searching { self.injector.pop() } else { None };
            }
            if found.is_none() {
                is_searching = self.park(index, is_searching);
                continue;
            }
            if std::mem::take(&mut is_searching) && self.idle.stop_searching() && !self.injector.is_empty() {
                if let Some(index) = self.idle.claim_unless_searching(None) {
                    self.parkers[index].unpark(None);
                }
            }
            if self.done.fetch_add(1, Ordering::Relaxed) + 1 == self.awaited {
                fence(Ordering::SeqCst);
                self.parkers.iter().for_each(|parker| parker.unpark(None));
            }
        }
    }

    /// `Worker::park`; whether the worker was claimed.
    fn park(&self, index: usize, was_searching: bool) -> bool {
        self.idle.publish_parked(index, was_searching);
        if self.injector.is_empty() && !self.is_over() {
            self.parkers[index].park(None);
        }
        !self.idle.retract_parked(index)
    }
}

/// A push against a worker that goes to sleep, from one thread and from two.
#[test]
fn model_pushes_against_a_parking_worker() {
    for pushers in 1..=2 {
        loom::model(move || {
            let workers = Workers::new(1, pushers);
            let threads: Vec<_> = (0..pushers)
                .map(|number| {
                    let workers = workers.clone();
                    thread::spawn(move || workers.push(number as u32))
                })
                .collect();
            workers.work(1);
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        });
    }
}

/// Two pushes against two workers: the last to search passes the search on.
#[test]
fn model_pushes_against_two_workers() {
    loom::model(|| {
        let workers = Workers::new(2, 2);
        let other = {
            let workers = workers.clone();
            thread::spawn(move || workers.work(2))
        };
        let pusher = {
            let workers = workers.clone();
            thread::spawn(move || (0..2).for_each(|number| workers.push(number)))
        };
        workers.work(1);
        other.join().unwrap();
        pusher.join().unwrap();
    });
}

/// A claim that may come after its worker has gone on by itself and parked again: a push just then must not take it
/// for a worker that searches.
#[test]
fn model_a_claim_that_comes_too_late_against_a_push() {
    loom::model(|| {
        let workers = Workers::new(1, 1);
        workers.idle.publish_parked(1, false);
        let claimer = {
            let workers = workers.clone();
            thread::spawn(move || {
                if workers.idle.claim_one(1) {
                    workers.parkers[1].unpark(None);
                }
            })
        };
        let pusher = {
            let workers = workers.clone();
            thread::spawn(move || workers.push(1))
        };
        let is_claimed = !workers.idle.retract_parked(1);
        workers.go_on_working(1, is_claimed);
        claimer.join().unwrap();
        pusher.join().unwrap();
    });
}

/// The guest: parks unless its flag is set, and takes the flag.
fn guest(idle: &Idle, main_woken: &MainWoken, parker: &WorkerParker, news: &AtomicUsize, awaited: usize) {
    loop {
        if main_woken.take() && news.load(Ordering::Relaxed) == awaited {
            return;
        }
        idle.publish_parked(0, false);
        if !main_woken.is_woken() {
            parker.park(None);
        }
        let _ = idle.retract_parked(0);
    }
}

/// Wakes of the main future against a guest that goes to sleep: the last poll sees all news.
#[test]
fn model_main_wakes_against_a_parking_guest() {
    for wakers in 1..=2 {
        loom::model(move || {
            let parts = Arc::new((Idle::new(2), MainWoken::new(), WorkerParker::new(), AtomicUsize::new(0)));
            let threads: Vec<_> = (0..wakers)
                .map(|_| {
                    let parts = parts.clone();
                    thread::spawn(move || {
                        let (idle, main_woken, parker, news) = &*parts;
                        news.fetch_add(1, Ordering::Relaxed);
                        // `MainWaker::wake_by_ref`.
                        if main_woken.wake() {
                            fence(Ordering::SeqCst);
                            if idle.is_parked(0) {
                                parker.unpark(None);
                            }
                        }
                    })
                })
                .collect();
            let (idle, main_woken, parker, news) = &*parts;
            guest(idle, main_woken, parker, news, wakers);
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        });
    }
}

/// An unpark against the sleep in either place, also one that follows an event: it ends that sleep or the next.
#[test]
fn model_unpark_against_either_sleep() {
    for is_in_driver in [false, true] {
        loom::model(move || {
            let (_events, seat) = Events::new_seat();
            let parts = Arc::new((WorkerParker::new(), seat, AtomicBool::new(false)));
            let other = {
                let parts = parts.clone();
                thread::spawn(move || {
                    parts.2.store(true, Ordering::Relaxed);
                    parts.0.unpark(Some(&parts.1));
                })
            };
            let (parker, seat, news) = &*parts;
            while !news.load(Ordering::Relaxed) {
                match is_in_driver.then(|| seat.try_take()).flatten() {
                    Some(mut occupant) => parker.park_in_driver(&mut occupant, Sleeper::Worker, None),
                    None => parker.park(None),
                }
            }
            other.join().unwrap();
        });
    }
}

/// An event and an unpark for a worker in the driver, which then sleeps on its own parker: the permit is not left
/// behind in the driver.
#[test]
fn model_unpark_against_an_event() {
    loom::model(|| {
        let (events, seat) = Events::new_seat();
        let parts = Arc::new((WorkerParker::new(), seat, AtomicBool::new(false)));
        let outside = {
            let events = events.clone();
            thread::spawn(move || events.happen())
        };
        let other = {
            let parts = parts.clone();
            thread::spawn(move || {
                parts.2.store(true, Ordering::Relaxed);
                parts.0.unpark(Some(&parts.1));
            })
        };
        let (parker, seat, news) = &*parts;
        let mut occupant = seat.try_take().expect("nobody else is here");
        parker.park_in_driver(&mut occupant, Sleeper::Worker, None);
        drop(occupant);
        while !news.load(Ordering::Relaxed) {
            parker.park(None);
        }
        outside.join().unwrap();
        other.join().unwrap();
    });
}

/// What the reactor thread and two workers do about the driver, as in `watch` and `park`. A nap is a look.
struct Shift {
    idle: Idle,
    seat: Seat,
    events: Arc<Events>,
    workers: Vec<WorkerParker>,
    watcher: WorkerParker,
    deep_sleep: DeepSleep,
    is_closed: AtomicBool,
}

impl Shift {
    fn new(workers: usize) -> Arc<Self> {
        let (events, seat) = Events::new_seat();
        Arc::new(Self {
            idle: Idle::new(workers),
            seat,
            events,
            workers: (0..workers).map(|_| WorkerParker::new()).collect(),
            watcher: WorkerParker::new(),
            deep_sleep: DeepSleep::new(),
            is_closed: AtomicBool::new(false),
        })
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    /// Whoever sees the awaited event ends the model.
    fn look_at_events(&self, awaited: usize) {
        if self.events.seen() == awaited && !self.is_closed.swap(true, Ordering::AcqRel) {
            fence(Ordering::SeqCst);
            self.workers.iter().chain([&self.watcher]).for_each(|parker| parker.unpark(Some(&self.seat)));
        }
    }

    /// That it is closed a worker sees after its sleep, which the permit of whoever closes has ended.
    fn work(&self, index: usize, awaited: usize) {
        loop {
            self.idle.publish_parked(index, false);
            match self.seat.try_take() {
                Some(mut occupant) => {
                    self.workers[index].park_in_driver(&mut occupant, Sleeper::Worker, None);
                }
                None => self.workers[index].park(None),
            }
            let _ = self.idle.retract_parked(index);
            fence(Ordering::SeqCst);
            if self.deep_sleep.rouse() {
                self.watcher.unpark(Some(&self.seat));
            }
            self.look_at_events(awaited);
            if self.is_closed() {
                return;
            }
        }
    }

    fn watch(&self, awaited: usize) {
        let (mut turns, mut was_in_driver) = (0, false);
        while !self.is_closed() {
            let now = self.seat.turns();
            let is_worker_in_driver = self.seat.sleeper() == Some(Sleeper::Worker);
            let is_unchanged = std::mem::replace(&mut turns, now) == now;
            let mut occupant = match is_unchanged && !is_worker_in_driver && !was_in_driver {
                true => self.seat.try_take(),
                false => None,
            };
            let may_sleep_deep = occupant.is_some() || (is_worker_in_driver && is_unchanged);
            let is_deep = may_sleep_deep
                && self.deep_sleep.announce(|| self.idle.are_all_parked(None) && !self.is_closed());
            was_in_driver = occupant.is_some();
            let timeout = if is_deep { None } else { Some(Duration::ZERO) };
            match &mut occupant {
                _ if self.is_closed() => {}
                Some(occupant) => self.watcher.park_in_driver(occupant, Sleeper::Watcher, timeout),
                None => self.watcher.park(timeout),
            }
            drop(occupant);
            if was_in_driver {
                turns = self.seat.turns();
            }
            self.deep_sleep.end();
            self.look_at_events(awaited);
            if !is_deep {
                thread::yield_now();
            }
        }
    }
}

fn model_shift(workers: usize) {
    let mut builder = loom::model::Builder::new();
    // With two workers one preemption less, or it takes a minute.
    builder.preemption_bound = builder.preemption_bound.map(|bound| bound + 1 - workers);
    builder.check(move || {
        let shift = Shift::new(workers);
        let threads: Vec<_> = (0..workers)
            .map(|index| {
                let shift = shift.clone();
                thread::spawn(move || shift.work(index, 1))
            })
            .collect();
        let outside = {
            let events = shift.events.clone();
            thread::spawn(move || events.happen())
        };
        shift.watch(1);
        threads.into_iter().chain([outside]).for_each(|thread| thread.join().unwrap());
    });
}

/// The borrowed poll and its hand-back: an event is seen, whoever sleeps where.
#[test]
fn model_somebody_polls_with_one_worker() {
    model_shift(1);
}

/// The same with a worker that finds the seat taken.
#[test]
fn model_somebody_polls_with_two_workers() {
    model_shift(2);
}

/// The reactor thread's sleep without limit against a worker that leaves its own and gets stuck, and against a guest
/// that comes: it does not sleep.
#[test]
fn model_deep_sleep_against_a_worker_that_leaves() {
    for is_guest in [false, true] {
        loom::model(move || {
            let shift = Shift::new(2);
            // Worker 1 is parked throughout; worker 0 is the guest, absent at first, or a worker that was parked.
            shift.idle.publish_parked(1, false);
            if !is_guest {
                shift.idle.publish_parked(0, false);
            }
            let leaving = {
                let shift = shift.clone();
                thread::spawn(move || {
                    match is_guest {
                        true => shift.idle.set_guest_present(true),
                        false => assert!(shift.idle.retract_parked(0)),
                    }
                    fence(Ordering::SeqCst);
                    if shift.deep_sleep.rouse() {
                        shift.watcher.unpark(None);
                    }
                    // Stuck from here on.
                })
            };
            let absent = |shift: &Shift| (is_guest && !shift.idle.is_guest_present()).then_some(0);
            while shift.deep_sleep.announce(|| shift.idle.are_all_parked(absent(&shift))) {
                shift.watcher.park(None);
                shift.deep_sleep.end();
            }
            leaving.join().unwrap();
        });
    }
}
