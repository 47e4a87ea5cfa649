//! Semaphore, Mutex and Notify by scenario.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;

use ::futures::executor::block_on;

use super::*;
use crate::util::test_waker::{Fault, TestWaker};

fn poll<F: Future>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

#[test]
fn who_asks_for_many_is_not_overtaken() {
    let semaphore = Semaphore::new(1);
    let (many, one) = (TestWaker::new(), TestWaker::new());
    let mut first = pin!(semaphore.acquire_many(3));
    let mut second = pin!(semaphore.acquire());
    assert!(poll(first.as_mut(), &many.waker()).is_pending());
    assert!(poll(second.as_mut(), &one.waker()).is_pending());
    assert_eq!(semaphore.available_permits(), 0);
    assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::NoPermits);
    semaphore.add_permits(1);
    assert_eq!((many.wakes(), one.wakes()), (0, 0));
    semaphore.add_permits(2);
    assert_eq!((many.wakes(), one.wakes()), (1, 1));
    assert_eq!(block_on(first).unwrap().num_permits(), 3);
    assert!(block_on(second).is_ok());
    assert_eq!(semaphore.available_permits(), 4);
}

#[test]
fn permits_of_dropped_waiters_go_on() {
    let semaphore = Semaphore::new(1);
    let waker = TestWaker::new();
    let mut granted = Box::pin(semaphore.acquire_many(2));
    let mut gathering = Box::pin(semaphore.acquire_many(3));
    let mut last = pin!(semaphore.acquire());
    assert!(poll(granted.as_mut(), Waker::noop()).is_pending());
    assert!(poll(gathering.as_mut(), Waker::noop()).is_pending());
    assert!(poll(last.as_mut(), &waker.waker()).is_pending());
    semaphore.add_permits(2);
    drop(granted); // its two go to the gathering one, which has one already
    assert_eq!(waker.wakes(), 0);
    drop(gathering);
    assert_eq!(waker.wakes(), 1);
    assert!(block_on(last).is_ok());
    assert_eq!(semaphore.available_permits(), 3);
}

#[test]
fn close_refuses_those_who_wait_and_keeps_the_count() {
    let semaphore = Semaphore::new(2);
    let waker = TestWaker::new();
    let mut waiting = pin!(semaphore.acquire_many(5));
    assert!(poll(waiting.as_mut(), &waker.waker()).is_pending());
    semaphore.close();
    assert_eq!((waker.wakes(), semaphore.available_permits()), (1, 2));
    assert!(block_on(waiting).is_err());
    assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::Closed);
}

#[test]
fn one_panicking_waker_does_not_cost_the_others_their_wake() {
    let semaphore = Semaphore::new(0);
    let (bad, good) = (TestWaker::with_fault(Fault::Wake), TestWaker::new());
    let mut first = pin!(semaphore.acquire());
    let mut second = pin!(semaphore.acquire());
    assert!(poll(first.as_mut(), &bad.waker()).is_pending());
    assert!(poll(second.as_mut(), &good.waker()).is_pending());
    semaphore.add_permits(2);
    assert_eq!((bad.wakes(), good.wakes()), (1, 1));
}

#[test]
fn a_panicking_waker_of_a_dropped_waiter_leaves_the_queue_usable() {
    let semaphore = Semaphore::new(0);
    let bad = TestWaker::with_fault(Fault::Drop);
    let waker = bad.waker();
    let mut waiting = Box::pin(semaphore.acquire());
    assert!(poll(waiting.as_mut(), &waker).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| drop(waiting))).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| drop(waker))).is_err());
    semaphore.add_permits(1);
    assert!(semaphore.try_acquire().is_ok());
}

#[test]
fn a_waiter_polled_by_another_task_wakes_that_one() {
    let semaphore = Semaphore::new(0);
    let (first, second) = (TestWaker::new(), TestWaker::new());
    let mut waiting = pin!(semaphore.acquire());
    assert!(poll(waiting.as_mut(), &first.waker()).is_pending());
    assert!(poll(waiting.as_mut(), &second.waker()).is_pending());
    semaphore.add_permits(1);
    assert_eq!((first.wakes(), second.wakes(), first.alive()), (0, 1, 0));
}

#[test]
fn the_mutex_keeps_threads_apart() {
    const ROUNDS: usize = if cfg!(miri) { 50 } else { 10_000 };
    let mutex = Arc::new(Mutex::new(0));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let mutex = Arc::clone(&mutex);
            thread::spawn(move || {
                for _ in 0..ROUNDS {
                    let mut guard = mutex.blocking_lock();
                    let before = *guard;
                    *guard = before + 1;
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(*block_on(mutex.lock_owned()), 4 * ROUNDS);
}

#[test]
fn a_panic_under_the_mutex_unlocks_it() {
    let mutex = Mutex::new(1);
    assert!(
        catch_unwind(AssertUnwindSafe(|| {
            let _guard = mutex.try_lock().unwrap();
            panic!("the test panics under the lock");
        }))
        .is_err()
    );
    assert_eq!(*mutex.try_lock().unwrap(), 1);
}

#[test]
fn a_mapped_guard_keeps_the_lock_and_releases_it_once() {
    let mutex = Arc::new(Mutex::new((1, [2, 3])));
    let list = MutexGuard::map(mutex.try_lock().unwrap(), |value| &mut value.1);
    let Err(list) = MappedMutexGuard::try_map(list, |list| list.get_mut(2)) else {
        panic!("there is no third number");
    };
    let mut last = MappedMutexGuard::map(list, |list| &mut list[1]);
    *last = 4;
    assert!(mutex.try_lock().is_err());
    drop(last);
    assert_eq!(mutex.try_lock().unwrap().1, [2, 4]);

    let owned = OwnedMutexGuard::map(Arc::clone(&mutex).try_lock_owned().unwrap(), |value| &mut value.1[..]);
    assert_eq!((owned.len(), mutex.try_lock().is_err()), (2, true));
    thread::spawn(move || drop(owned)).join().unwrap();
    assert_eq!(Arc::into_inner(mutex).unwrap().into_inner(), (1, [2, 4]));
}

#[test]
fn a_panic_while_a_guard_is_mapped_unlocks() {
    let mutex = Mutex::new(1);
    let mapped = catch_unwind(AssertUnwindSafe(|| {
        drop(MutexGuard::map(mutex.try_lock().unwrap(), |_| -> &mut u8 { panic!("the test panics") }));
    }));
    assert!(mapped.is_err() && mutex.try_lock().is_ok());
}

#[test]
fn an_unsized_value_can_be_locked() {
    let mutex: Box<Mutex<[u8]>> = Box::new(Mutex::new([1, 2, 3]));
    mutex.try_lock().unwrap()[0] = 4;
    assert_eq!(*mutex.try_lock().unwrap(), [4, 2, 3]);
}

#[test]
fn a_notification_of_a_dropped_waiter_goes_on_and_one_of_all_does_not() {
    let notify = Notify::new();
    let waker = TestWaker::new();
    let mut first = Box::pin(notify.notified());
    let mut second = pin!(notify.notified());
    assert!(poll(first.as_mut(), Waker::noop()).is_pending());
    assert!(poll(second.as_mut(), &waker.waker()).is_pending());
    notify.notify_one();
    assert_eq!(waker.wakes(), 0);
    drop(first);
    assert_eq!(waker.wakes(), 1);
    assert!(poll(second, Waker::noop()).is_ready());

    let mut third = Box::pin(notify.notified());
    assert!(poll(third.as_mut(), Waker::noop()).is_pending());
    notify.notify_waiters();
    drop(third);
    assert!(poll(pin!(notify.notified()), Waker::noop()).is_pending());
}

#[test]
fn an_owned_notified_keeps_its_notify_and_hands_on_when_dropped() {
    let notify = Arc::new(Notify::new());
    let waker = TestWaker::new();
    let mut first = Box::pin(Arc::clone(&notify).notified_owned());
    let mut second = Box::pin(Arc::clone(&notify).notified_owned());
    assert!(poll(first.as_mut(), Waker::noop()).is_pending());
    assert!(poll(second.as_mut(), &waker.waker()).is_pending());
    notify.notify_one();
    drop(first);
    assert_eq!(waker.wakes(), 1);
    assert!(poll(second.as_mut(), Waker::noop()).is_ready());
    assert!(poll(second.as_mut(), Waker::noop()).is_ready());
    drop(second);

    let mut last = Box::pin(Arc::clone(&notify).notified_owned());
    assert!(poll(last.as_mut(), &waker.waker()).is_pending());
    assert_eq!(Arc::strong_count(&notify), 2);
    drop(notify);
    drop(last);
    assert_eq!(waker.alive(), 0);
}

#[test]
fn notify_last_takes_the_newest_and_notify_one_the_oldest() {
    let notify = Notify::new();
    let wakers = [TestWaker::new(), TestWaker::new(), TestWaker::new()];
    let mut waiting: Vec<_> = wakers.iter().map(|_| Box::pin(notify.notified())).collect();
    for (future, waker) in waiting.iter_mut().zip(&wakers) {
        assert!(poll(future.as_mut(), &waker.waker()).is_pending());
    }
    notify.notify_last();
    assert_eq!(wakers.each_ref().map(TestWaker::wakes), [0, 0, 1]);
    notify.notify_one();
    assert_eq!(wakers.each_ref().map(TestWaker::wakes), [1, 0, 1]);
}

#[test]
fn notify_waiters_wakes_a_hundred_and_stores_nothing() {
    let notify = Notify::new();
    let waker = TestWaker::new();
    let mut waiting: Vec<_> = (0..100).map(|_| Box::pin(notify.notified())).collect();
    for future in waiting.iter_mut().skip(1) {
        assert!(poll(future.as_mut(), &waker.waker()).is_pending());
    }
    notify.notify_waiters();
    assert_eq!(waker.wakes(), 99);
    // The first was created before the call, although never polled.
    assert!(waiting.iter_mut().all(|future| poll(future.as_mut(), Waker::noop()).is_ready()));
    assert!(poll(pin!(notify.notified()), Waker::noop()).is_pending());
    drop(waiting);
    assert_eq!(waker.alive(), 0);
}

#[test]
fn a_task_without_budget_keeps_its_turn_and_gives_it_on_when_dropped() {
    let mutex = Mutex::new(());
    let spent = |work: &mut dyn FnMut()| {
        crate::coop::with_budget(crate::coop::Budget::initial(), || {
            while crate::coop::has_budget_remaining() {
                drop(block_on(Mutex::new(()).lock()));
            }
            work();
        });
    };
    let (first, second) = (TestWaker::new(), TestWaker::new());
    let held = mutex.try_lock().unwrap();
    let mut tired = Box::pin(mutex.lock());
    spent(&mut || assert!(poll(tired.as_mut(), &first.waker()).is_pending()));
    let mut fresh = pin!(mutex.lock());
    assert!(poll(fresh.as_mut(), &second.waker()).is_pending());
    drop(held);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    // Its turn has come, its budget not: it is woken again, and still the lock is its own.
    spent(&mut || assert!(poll(tired.as_mut(), &first.waker()).is_pending()));
    assert_eq!((first.wakes(), second.wakes()), (2, 0));
    drop(tired);
    assert_eq!(second.wakes(), 1);
    assert!(poll(fresh, Waker::noop()).is_ready());
    let mut free = Box::pin(mutex.lock());
    spent(&mut || assert!(poll(free.as_mut(), &first.waker()).is_pending()));
    assert!(mutex.try_lock().is_err());
    drop(free);
    assert!(mutex.try_lock().is_ok());
}
