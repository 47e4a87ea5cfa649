//! Models of the task's state word, through real tasks on a scheduler that is a locked queue.
//!
//! Each task carries two of loom's `Arc`s, one in its future and one in its label, so that loom itself reports a
//! future that was not dropped and a task that was not freed. What wakers announce is announced Relaxed: only the wake
//! may carry it over.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize as StdAtomicUsize, Ordering as StdOrdering};
use std::task::{Context, Poll, Waker};

use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::primitive::sync::{Arc, Mutex};
use crate::primitive::thread;

use super::{JoinHandle, Label, OwnedTasks, Runnable, Schedule, allocate};

/// A scheduler that runs what it is told to.
struct Home {
    queue: Mutex<VecDeque<Runnable<Home>>>,
    owned: OwnedTasks,
}

// SAFETY: each model holds its `Home` to the end, when its task is over.
unsafe impl Schedule for Home {
    unsafe fn schedule(home: NonNull<Self>, runnable: Runnable<Self>) {
        // SAFETY: as above.
        unsafe { home.as_ref() }.push(runnable);
    }

    fn reschedule(&self, runnable: Runnable<Self>) {
        self.push(runnable);
    }

    fn owned(&self) -> &OwnedTasks {
        &self.owned
    }
}

impl Home {
    fn new() -> Arc<Self> {
        Arc::new(Self { queue: Mutex::new(VecDeque::new()), owned: OwnedTasks::new() })
    }

    fn push(&self, runnable: Runnable<Self>) {
        self.queue.lock().push_back(runnable);
    }

    fn pop(&self) -> Option<Runnable<Self>> {
        self.queue.lock().pop_front()
    }

    /// Runs what is queued now, and what that queues.
    fn run(&self) {
        while let Some(runnable) = self.pop() {
            runnable.run(self);
        }
    }
}

/// Makes loom report a task that is not freed.
struct Tag(#[allow(dead_code)] Arc<()>);

impl Label for Tag {
    fn name(&self) -> Option<&str> {
        None
    }
}

/// How often something was dropped; no part of the model.
#[derive(Clone, Default)]
struct Drops(std::sync::Arc<StdAtomicUsize>);

impl Drops {
    fn get(&self) -> usize {
        self.0.load(StdOrdering::Relaxed)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.drops.0.fetch_add(1, StdOrdering::Relaxed);
    }
}

/// Counts its drop, and makes loom report that it was not dropped.
struct Counted {
    drops: Drops,
    #[allow(dead_code)]
    leak: Arc<()>,
}

impl Counted {
    fn new(drops: &Drops) -> Self {
        Self { drops: drops.clone(), leak: Arc::new(()) }
    }
}

/// What a task waits for, and its wakers.
struct News {
    /// Raised Relaxed before each wake.
    count: AtomicUsize,
    waker: Mutex<Option<Waker>>,
}

impl News {
    fn new() -> Arc<Self> {
        Arc::new(Self { count: AtomicUsize::new(0), waker: Mutex::new(None) })
    }

    fn waker(&self) -> Waker {
        self.waker.lock().clone().expect("the task was polled")
    }
}

/// Is ready with an output once `awaited` news have come.
struct WaitForNews {
    news: Arc<News>,
    awaited: usize,
    output: Drops,
    #[allow(dead_code)]
    counted: Counted,
}

impl Future for WaitForNews {
    type Output = Counted;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Counted> {
        if self.news.count.load(Ordering::Relaxed) >= self.awaited {
            return Poll::Ready(Counted::new(&self.output));
        }
        let waker = cx.waker().clone();
        let former = self.news.waker.lock().replace(waker);
        drop(former);
        Poll::Pending
    }
}

/// A task and all that a model asks of it.
struct Scene {
    home: Arc<Home>,
    news: Arc<News>,
    future_drops: Drops,
    output_drops: Drops,
}

impl Scene {
    /// A queued task that waits for some news.
    fn new(awaited: usize) -> (Self, JoinHandle<Counted>) {
        let scene = Self {
            home: Home::new(),
            news: News::new(),
            future_drops: Drops::default(),
            output_drops: Drops::default(),
        };
        let future = WaitForNews {
            news: scene.news.clone(),
            awaited,
            output: scene.output_drops.clone(),
            counted: Counted::new(&scene.future_drops),
        };
        let (runnable, handle) = allocate(future, Tag(Arc::new(())), &*scene.home, Location::caller());
        scene.home.push(runnable);
        (scene, handle)
    }

    /// The same, after a first poll that stayed Pending.
    fn new_waiting(awaited: usize) -> (Self, JoinHandle<Counted>) {
        let (scene, handle) = Self::new(awaited);
        scene.home.run();
        (scene, handle)
    }

    /// A thread that announces one piece of news and wakes by value.
    fn spawn_waker(&self) -> thread::JoinHandle<()> {
        self.spawn_waker_with(self.news.waker())
    }

    /// The same, with a waker of an earlier poll.
    fn spawn_waker_with(&self, waker: Waker) -> thread::JoinHandle<()> {
        let news = self.news.clone();
        thread::spawn(move || {
            news.count.fetch_add(1, Ordering::Relaxed);
            waker.wake();
        })
    }

    /// The same, by reference.
    fn spawn_waker_by_ref(&self) -> thread::JoinHandle<()> {
        let (news, waker) = (self.news.clone(), self.news.waker());
        thread::spawn(move || {
            news.count.fetch_add(1, Ordering::Relaxed);
            waker.wake_by_ref();
        })
    }

    /// A thread that runs what is queued.
    fn spawn_runner(&self) -> thread::JoinHandle<()> {
        let home = self.home.clone();
        thread::spawn(move || home.run())
    }

    /// The task has ended with its output. A race that loom finds inside a poll ends it with a panic.
    fn assert_answered(&self, mut handle: JoinHandle<Counted>) {
        match poll_once(&mut handle, Waker::noop()) {
            Poll::Ready(result) => assert!(result.is_ok(), "{result:?}", result = result.map(drop)),
            Poll::Pending => panic!("a wake was lost"),
        }
        drop(handle);
        self.assert_over(1);
    }

    /// To be called at the end of each model: everything was dropped, once.
    fn assert_over(&self, outputs: usize) {
        drop(self.news.waker.lock().take());
        assert!(self.home.pop().is_none(), "a Runnable is left");
        assert_eq!(self.home.owned.len(), 0, "a task is left in the list");
        assert_eq!((self.future_drops.get(), self.output_drops.get()), (1, outputs));
    }
}

fn poll_once<T>(handle: &mut JoinHandle<T>, waker: &Waker) -> Poll<Result<T, super::JoinError>> {
    Pin::new(handle).poll(&mut Context::from_waker(waker))
}

/// Wakes that come before, during and after a poll: the last one is answered by a poll that sees all news.
#[test]
fn model_wakes_against_run() {
    loom::model(|| {
        let (scene, handle) = Scene::new_waiting(2);
        let wakers = [scene.spawn_waker(), scene.spawn_waker_by_ref()];
        scene.home.run();
        wakers.into_iter().for_each(|waker| waker.join().unwrap());
        scene.home.run();
        scene.assert_answered(handle);
    });
}

/// Two threads that run and one that wakes: the task is never run by two at a time.
#[test]
fn model_wake_against_two_runners() {
    loom::model(|| {
        let (scene, handle) = Scene::new_waiting(1);
        let threads = [scene.spawn_waker(), scene.spawn_runner()];
        scene.home.run();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        scene.home.run();
        scene.assert_answered(handle);
    });
}

/// Two polls on two threads, with nothing but the wake between them: the second sees what the first left behind.
#[test]
fn model_two_polls_on_two_threads() {
    loom::model(|| {
        let (scene, handle) = Scene::new_waiting(2);
        let second = scene.spawn_waker_with(scene.news.waker());
        scene.news.count.fetch_add(1, Ordering::Relaxed);
        scene.news.waker().wake();
        let runner = scene.spawn_runner();
        scene.home.run();
        second.join().unwrap();
        runner.join().unwrap();
        scene.home.run();
        scene.assert_answered(handle);
    });
}

/// A wake during the very first poll, which also binds the task.
#[test]
fn model_wake_against_first_poll() {
    loom::model(|| {
        let (scene, handle) = Scene::new(1);
        let runner = scene.spawn_runner();
        let waker = scene.news.waker.lock().clone();
        let is_woken = waker.is_some();
        if let Some(waker) = waker {
            scene.news.count.fetch_add(1, Ordering::Relaxed);
            waker.wake();
        }
        runner.join().unwrap();
        scene.home.run();
        assert_eq!(handle.is_finished(), is_woken);
        handle.abort();
        drop(handle);
        scene.home.run();
        scene.assert_over(usize::from(is_woken));
    });
}

/// More wakes than are counted: none of them is lost, and no second `Runnable` comes of it.
#[test]
fn model_more_wakes_than_are_counted() {
    loom::model(|| {
        let (scene, handle) = Scene::new_waiting(4);
        let (news, waker) = (scene.news.clone(), scene.news.waker());
        let thread = thread::spawn(move || {
            for _ in 0..3 {
                news.count.fetch_add(1, Ordering::Relaxed);
                waker.wake_by_ref();
            }
            news.count.fetch_add(1, Ordering::Relaxed);
            waker.wake();
        });
        scene.home.run();
        thread.join().unwrap();
        scene.home.run();
        scene.assert_answered(handle);
    });
}

/// Two wakers above the limit against a run.
#[test]
fn model_two_threads_wake_beyond_the_count() {
    let mut builder = loom::model::Builder::new();
    // One preemption less, or it takes a minute.
    builder.preemption_bound = builder.preemption_bound.map(|bound| bound - 1);
    builder.check(|| {
        let (scene, handle) = Scene::new_waiting(4);
        scene.news.count.fetch_add(2, Ordering::Relaxed);
        let waker = scene.news.waker();
        waker.wake_by_ref();
        waker.wake();
        let wakers = [scene.spawn_waker(), scene.spawn_waker_by_ref()];
        scene.home.run();
        wakers.into_iter().for_each(|waker| waker.join().unwrap());
        scene.home.run();
        scene.assert_answered(handle);
    });
}

/// The last reference may be that of a waker which wakes while the task completes.
#[test]
fn model_wake_by_value_against_complete() {
    loom::model(|| {
        let (scene, handle) = Scene::new_waiting(1);
        drop(handle);
        scene.news.count.fetch_add(1, Ordering::Relaxed);
        scene.news.waker().wake();
        let late = scene.spawn_waker();
        let waker = scene.news.waker.lock().take();
        let dropper = thread::spawn(move || drop(waker));
        scene.home.run();
        late.join().unwrap();
        dropper.join().unwrap();
        scene.home.run();
        scene.assert_over(1);
    });
}

/// An abort against a first run, which completes the task at once.
#[test]
fn model_abort_against_complete() {
    loom::model(|| {
        let (scene, mut handle) = Scene::new(0);
        let abort = handle.abort_handle();
        let aborter = thread::spawn(move || abort.abort());
        scene.home.run();
        aborter.join().unwrap();
        scene.home.run();
        let Poll::Ready(result) = poll_once(&mut handle, Waker::noop()) else { panic!("not over") };
        let outputs = usize::from(result.is_ok());
        drop(result);
        drop(handle);
        scene.assert_over(outputs);
    });
}

/// Two aborts and a run of a task that would stay Pending: it is cancelled in any case.
#[test]
fn model_two_aborts_against_run() {
    loom::model(|| {
        let (scene, mut handle) = Scene::new(1);
        let abort = handle.abort_handle();
        let aborter = thread::spawn(move || abort.abort());
        let runner = scene.spawn_runner();
        handle.abort();
        aborter.join().unwrap();
        runner.join().unwrap();
        scene.home.run();
        let Poll::Ready(result) = poll_once(&mut handle, Waker::noop()) else { panic!("an abort was lost") };
        assert!(result.is_err_and(|error| error.is_cancelled()));
        drop(handle);
        scene.assert_over(0);
    });
}

/// An abort of a waiting task against a wake that would complete it, with somebody there to run it.
#[test]
fn model_abort_against_wake() {
    loom::model(|| {
        let (scene, mut handle) = Scene::new_waiting(1);
        let waker = scene.spawn_waker();
        let runner = scene.spawn_runner();
        handle.abort();
        waker.join().unwrap();
        runner.join().unwrap();
        scene.home.run();
        let Poll::Ready(result) = poll_once(&mut handle, Waker::noop()) else { panic!("not over") };
        let outputs = usize::from(result.is_ok());
        drop((result, handle));
        scene.assert_over(outputs);
    });
}

/// A join with changing wakers against a task that completes: the wake reaches the newest waker.
#[test]
fn model_join_against_complete() {
    loom::model(|| {
        let (scene, mut handle) = Scene::new(0);
        let runner = scene.spawn_runner();
        let first = poll_once(&mut handle, Waker::noop());
        if first.is_pending() {
            // Another waker takes the place of the first.
            let output = loom::future::block_on(&mut handle);
            assert!(output.is_ok());
        }
        drop((first, handle));
        runner.join().unwrap();
        scene.assert_over(1);
    });
}

/// The same for a task that is bound, whose completion takes the longer way.
#[test]
fn model_join_against_complete_of_a_bound_task() {
    loom::model(|| {
        let (scene, handle) = Scene::new_waiting(1);
        scene.news.count.fetch_add(1, Ordering::Relaxed);
        scene.news.waker().wake();
        let runner = scene.spawn_runner();
        assert!(loom::future::block_on(handle).is_ok());
        runner.join().unwrap();
        scene.assert_over(1);
    });
}

/// A handle that is dropped, with or without a waker in it, while the task completes: the output is dropped once.
#[test]
fn model_handle_drop_against_complete() {
    for polls in 0..2 {
        for is_bound in [false, true] {
            loom::model(move || {
                let (scene, mut handle) = Scene::new(usize::from(is_bound));
                if is_bound {
                    scene.home.run();
                    scene.news.count.fetch_add(1, Ordering::Relaxed);
                    scene.news.waker().wake();
                }
                for _ in 0..polls {
                    assert!(poll_once(&mut handle, Waker::noop()).is_pending());
                }
                let runner = scene.spawn_runner();
                drop(handle);
                runner.join().unwrap();
                scene.assert_over(1);
            });
        }
    }
}

/// A join that is given up while the task completes.
#[test]
fn model_poll_then_handle_drop_against_complete() {
    loom::model(|| {
        let (scene, mut handle) = Scene::new(0);
        let runner = scene.spawn_runner();
        let polled = poll_once(&mut handle, Waker::noop());
        drop(handle);
        drop(polled);
        runner.join().unwrap();
        scene.assert_over(1);
    });
}

/// Both handles go while the task completes: whoever is last frees it.
#[test]
fn model_last_reference() {
    loom::model(|| {
        let (scene, handle) = Scene::new(0);
        let abort = handle.abort_handle();
        let aborter = thread::spawn(move || drop(abort));
        let runner = scene.spawn_runner();
        drop(handle);
        aborter.join().unwrap();
        runner.join().unwrap();
        scene.assert_over(1);
    });
}

/// The end of the scheduler against a wake and a run: the task is over either way, and the list empty.
#[test]
fn model_close_against_wake_and_run() {
    loom::model(|| {
        let (scene, handle) = Scene::new_waiting(1);
        let waker = scene.spawn_waker();
        let runner = scene.spawn_runner();
        scene.home.owned.close_and_cancel();
        waker.join().unwrap();
        runner.join().unwrap();
        scene.home.run();
        assert!(handle.is_finished());
        let outputs = scene.output_drops.clone();
        drop(handle);
        scene.assert_over(outputs.get());
    });
}

/// The end of the scheduler against a first poll, which binds or is refused.
#[test]
fn model_close_against_bind() {
    loom::model(|| {
        let (scene, handle) = Scene::new(1);
        let runner = scene.spawn_runner();
        scene.home.owned.close_and_cancel();
        runner.join().unwrap();
        scene.home.run();
        assert!(handle.is_finished(), "a task outlives its scheduler");
        drop(handle);
        scene.assert_over(0);
    });
}

/// The end of the scheduler against an abort.
#[test]
fn model_close_against_abort() {
    loom::model(|| {
        let (scene, handle) = Scene::new_waiting(1);
        let abort = handle.abort_handle();
        drop(handle);
        let aborter = thread::spawn(move || abort.abort());
        scene.home.owned.close_and_cancel();
        aborter.join().unwrap();
        scene.home.run();
        scene.assert_over(0);
    });
}
