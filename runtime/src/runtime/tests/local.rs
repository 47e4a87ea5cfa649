//! Tasks that are not `Send`: in a `LocalSet`, on a `LocalRuntime`; and `JoinSet` and task-locals, which go anywhere.

use super::*;
use crate::runtime::{JoinSet, LocalSet, spawn, spawn_local, yield_now};
use crate::util::test_waker::TestWaker;
use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::thread::ThreadId;

/// More tasks than one poll of a local set takes.
const MANY_LOCAL: usize = if cfg!(miri) { 150 } else { 500 };

/// Tasks of a join set.
const JOINED: usize = if cfg!(miri) { 20 } else { 100 };

/// Notes the thread on which it is dropped; not `Send`.
struct NotesThread(Arc<std::sync::Mutex<Option<ThreadId>>>, #[allow(dead_code)] Rc<()>);

impl Drop for NotesThread {
    fn drop(&mut self) {
        *self.0.lock().unwrap() = Some(std::thread::current().id());
    }
}

#[test]
fn a_local_task_aborted_from_another_thread_is_dropped_on_its_own() {
    let dropped_on = Arc::default();
    let notes = NotesThread(Arc::clone(&dropped_on), Rc::new(()));
    let set = LocalSet::new();
    let task = set.spawn_local(async move {
        let _notes = notes;
        pending::<()>().await;
    });
    let abort = task.abort_handle();
    futures::executor::block_on(set.run_until(async move {
        yield_now().await;
        std::thread::spawn(move || abort.abort()).join().unwrap();
        assert!(task.await.unwrap_err().is_cancelled());
    }));
    assert_eq!(*dropped_on.lock().unwrap(), Some(std::thread::current().id()));
}

#[test]
fn a_local_runtimes_task_aborted_from_another_thread_is_dropped_on_its_own() {
    let dropped_on = Arc::default();
    let notes = NotesThread(Arc::clone(&dropped_on), Rc::new(()));
    let runtime = Builder::<NoDriver>::new_current_thread().build_local(Default::default()).unwrap();
    let task = runtime.spawn_local(async move {
        let _notes = notes;
        pending::<()>().await;
    });
    runtime.block_on(yield_now());
    let abort = task.abort_handle();
    std::thread::spawn(move || abort.abort()).join().unwrap();
    assert!(runtime.block_on(task).unwrap_err().is_cancelled());
    assert_eq!(*dropped_on.lock().unwrap(), Some(std::thread::current().id()));
}

#[test]
fn what_is_spawned_on_a_local_runtime_that_has_ended_is_dropped_on_its_own_thread() {
    let runtime = Builder::<NoDriver>::new_current_thread().build_local(Default::default()).unwrap();
    let handle = runtime.handle().clone();
    let _entered = handle.enter();
    drop(runtime);
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let other = {
        let (stop, handle) = (stop.clone(), handle.clone());
        std::thread::spawn(move || {
            while !stop.load(Ordering::Acquire) {
                drop(handle.spawn(async {}));
            }
        })
    };
    for _ in 0..if cfg!(miri) { 20 } else { 10_000 } {
        let dropped_on = Arc::default();
        let notes = NotesThread(Arc::clone(&dropped_on), Rc::new(()));
        drop(spawn_local(async move { drop(notes) }));
        assert_eq!(*dropped_on.lock().unwrap(), Some(std::thread::current().id()));
    }
    stop.store(true, Ordering::Release);
    other.join().unwrap();
}

/// Entered by a guard, the set is not being polled when one of its tasks is woken on this very thread.
#[test]
fn a_local_set_that_is_entered_while_its_task_is_woken_is_polled_again() {
    let set = LocalSet::new();
    let _entered = set.enter();
    let (sender, receiver) = futures::channel::oneshot::channel();
    let task = set.spawn_local(receiver);
    let runtime = current();
    let (done, is_done) = mpsc::channel();
    let watchdog = std::thread::spawn(move || await_message(&is_done, "the set"));
    runtime.block_on(async move {
        let send = async move {
            yield_now().await;
            sender.send(3).unwrap();
        };
        let (_, _, result) = futures::join!(set, send, task);
        assert_eq!(result.unwrap(), Ok(3));
    });
    done.send(()).unwrap();
    watchdog.join().unwrap();
}

#[test]
fn a_local_task_is_woken_from_another_thread() {
    let set = LocalSet::new();
    let runtime = multi(1);
    for _ in 0..if cfg!(miri) { 3 } else { 200 } {
        let (sender, receiver) = futures::channel::oneshot::channel();
        let thread = std::thread::spawn(move || sender.send(2).unwrap());
        let answer = set.block_on(&runtime, async {
            let shared = Rc::new(Cell::new(0));
            let inner = shared.clone();
            spawn_local(async move { inner.set(receiver.await.unwrap()) }).await.unwrap();
            shared.get()
        });
        assert_eq!(answer, 2);
        thread.join().unwrap();
    }
}

#[test]
fn a_dropped_local_set_drops_its_tasks_and_refuses_more() {
    let drops = Count::default();
    let set = LocalSet::new();
    for _ in 0..3 {
        let guard = OnDrop(drops.clone());
        drop(set.spawn_local(async move {
            let _guard = guard;
            pending::<()>().await;
        }));
    }
    futures::executor::block_on(set.run_until(yield_now()));
    let guard = OnDrop(drops.clone());
    drop(set.spawn_local(async move { drop(guard) }));
    let _entered = set.enter();
    drop(set);
    assert_eq!(drops.get(), 4);
    let late = spawn_local(async {});
    assert!(futures::executor::block_on(late).unwrap_err().is_cancelled());
}

#[test]
fn a_local_set_runs_more_tasks_than_one_poll_takes() {
    let set = LocalSet::new();
    let runs = Rc::new(Cell::new(0));
    for _ in 0..MANY_LOCAL {
        let runs = runs.clone();
        drop(set.spawn_local(async move {
            yield_now().await;
            runs.set(runs.get() + 1);
        }));
    }
    current().block_on(set);
    assert_eq!(runs.get(), MANY_LOCAL);
}

#[test]
fn a_join_set_gives_each_output_once_and_aborts_when_dropped() {
    let runtime = multi(2);
    let drops = Count::default();
    let guards: Vec<_> = (0..4).map(|_| OnDrop(drops.clone())).collect();
    runtime.block_on(async move {
        let mut set: JoinSet<_> = (0..JOINED).map(|number| async move { number }).collect();
        let mut outputs = Vec::new();
        while let Some(result) = set.join_next().await {
            outputs.push(result.unwrap());
        }
        outputs.sort_unstable();
        assert_eq!(outputs, (0..JOINED).collect::<Vec<_>>());
        for guard in guards {
            set.spawn(async move {
                let _guard = guard;
                pending().await
            });
        }
        yield_now().await;
        set.abort_all();
        while let Some(result) = set.join_next().await {
            assert!(result.unwrap_err().is_cancelled());
        }
        assert!(set.is_empty());
        set.spawn(pending());
        set.shutdown().await;
        assert!(set.is_empty());
    });
    assert_eq!(drops.get(), 4);
}

/// A waker whose last clone, when it is dropped, drives a runtime: a joiner's may be user code of any kind.
struct DrivesWhenDropped(crate::runtime::Runtime);

impl std::task::Wake for DrivesWhenDropped {
    fn wake(self: Arc<Self>) {}
}

impl Drop for DrivesWhenDropped {
    fn drop(&mut self) {
        self.0.block_on(yield_now());
    }
}

#[test]
fn a_task_that_the_drop_of_the_former_joiner_ends_is_joined_by_the_next_poll() {
    let runtime = current();
    let mut set = JoinSet::new();
    set.spawn_on(async { 7 }, runtime.handle());
    let former = std::task::Waker::from(Arc::new(DrivesWhenDropped(runtime)));
    assert!(set.poll_join_next(&mut Context::from_waker(&former)).is_pending());
    drop(former);
    // Takes the place of the former, which ends the task.
    let joiner = TestWaker::new();
    let waker = joiner.waker();
    let mut cx = Context::from_waker(&waker);
    assert!(set.poll_join_next(&mut cx).is_pending());
    assert!(joiner.wakes() > 0, "a poll is due");
    assert!(matches!(set.poll_join_next(&mut cx), Poll::Ready(Some(Ok(7)))));
}

#[test]
fn a_task_local_goes_with_its_future_and_is_there_in_its_drop() {
    crate::task_local! { static NUMBER: u32; }
    struct Looks(mpsc::Sender<u32>);
    impl Drop for Looks {
        fn drop(&mut self) {
            self.0.send(NUMBER.get()).unwrap();
        }
    }
    let runtime = multi(2);
    let (sender, receiver) = mpsc::channel();
    let looks = Looks(sender);
    let task = runtime.spawn(NUMBER.scope(5, async move {
        for _ in 0..10 {
            assert_eq!(NUMBER.get(), 5);
            yield_now().await;
        }
        assert!(spawn(async { NUMBER.try_get() }).await.unwrap().is_err());
        let _looks = looks;
        pending::<()>().await;
    }));
    runtime.block_on(async move {
        for _ in 0..100 {
            yield_now().await;
        }
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    });
    assert!(matches!(receiver.try_recv(), Ok(5)));
}
