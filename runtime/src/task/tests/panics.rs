//! Where a panic of user code ends up.

use super::*;
use crate::util::test_waker::{Fault, TestWaker, discard};
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn run_to_end<T>(home: &Home, handle: &mut JoinHandle<T>) -> Result<T, JoinError> {
    while home.queued() > 0 {
        home.run_one();
    }
    match poll_once(handle, Waker::noop()) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the task is not over"),
    }
}

#[test]
fn a_panic_in_poll_reaches_the_joiner_with_its_payload() {
    let home = Home::new();
    let mut handle = home.spawn(poll_fn(|_| -> Poll<()> { resume_unwind(Box::new(7_u32)) }), ());
    let error = run_to_end(&home, &mut handle).unwrap_err();
    assert!(error.is_panic() && !error.is_cancelled());
    assert_eq!(*error.into_panic().downcast::<u32>().unwrap(), 7);
}

#[test]
fn a_future_whose_poll_panics_is_dropped_while_the_thread_panics() {
    struct Boom(Count, bool);
    impl Drop for Boom {
        fn drop(&mut self) {
            assert!(std::thread::panicking());
            self.0.add();
            // A second panic ends neither the process nor the first.
            assert!(!self.1, "in drop");
        }
    }
    for panics_in_drop in [false, true] {
        let home = Home::new();
        let drops = Count::default();
        let boom = Boom(drops.clone(), panics_in_drop);
        let future = poll_fn(move |_| -> Poll<()> {
            let _ = &boom;
            resume_unwind(Box::new(7_u32))
        });
        let error = run_to_end(&home, &mut home.spawn(future, ())).unwrap_err();
        assert_eq!(*error.into_panic().downcast::<u32>().unwrap(), 7);
        assert_eq!(drops.get(), 1);
    }
}

#[test]
fn a_panic_in_the_drop_of_a_done_future_leaves_the_output() {
    let home = Home::new();
    let counted = Counted { drops: Count::default(), panics: true };
    let future = poll_fn(move |_| {
        let _ = &counted;
        Poll::Ready(42)
    });
    assert_eq!(run_to_end(&home, &mut home.spawn(future, ())).unwrap(), 42);
}

#[test]
fn a_panic_in_the_drop_of_an_aborted_future_reaches_the_joiner() {
    let home = Home::new();
    let counted = Counted { drops: Count::default(), panics: true };
    let mut handle = home.spawn(
        async move {
            let _counted = counted;
            pending::<()>().await;
        },
        (),
    );
    handle.abort();
    assert!(run_to_end(&home, &mut handle).unwrap_err().is_panic());
}

#[test]
fn a_panic_in_drop_at_the_end_of_the_scheduler_spares_the_other_tasks() {
    let home = Home::new();
    let drops = Count::default();
    let handles: Vec<_> = (0..3)
        .map(|_| {
            let counted = Counted { drops: drops.clone(), panics: true };
            home.spawn(
                async move {
                    let _counted = counted;
                    pending::<()>().await;
                },
                (),
            )
        })
        .collect();
    (0..3).for_each(|_| home.run_one());
    assert_eq!(home.owned.len(), 3);
    home.owned.close_and_cancel();
    assert_eq!((home.owned.len(), drops.get()), (0, 3));
    assert!(handles.iter().all(JoinHandle::is_finished));
}

#[test]
fn a_panic_in_an_outputs_drop_does_not_reach_who_drops_the_handle() {
    let home = Home::new();
    let drops = Count::default();
    let counted = Counted { drops: drops.clone(), panics: true };
    let handle = home.spawn(async move { counted }, ());
    home.run_one();
    drop(handle);
    assert_eq!(drops.get(), 1);
    // And with the handle gone before: it does not reach who runs the task.
    let counted = Counted { drops: drops.clone(), panics: true };
    drop(home.spawn(async move { counted }, ()));
    home.run_one();
    assert_eq!(drops.get(), 2);
}

#[test]
fn a_joiners_waker_that_panics_in_wake_or_drop_does_not_harm_who_runs_the_task() {
    for fault in [Fault::Wake, Fault::Drop] {
        let home = Home::new();
        let mut handle = home.spawn(async { 1 }, ());
        let bad = TestWaker::with_fault(fault);
        {
            let waker = bad.waker();
            assert!(poll_once(&mut handle, &waker).is_pending());
            discard(waker);
        }
        assert_eq!(run_to_end(&home, &mut handle).unwrap(), 1);
        drop(handle);
    }
}

#[test]
fn a_joiners_waker_that_panics_in_clone_leaves_the_handle_usable() {
    let home = Home::new();
    let mut handle = home.spawn(async { 1 }, ());
    let (good, bad) = (TestWaker::new(), TestWaker::with_fault(Fault::Clone));
    assert!(poll_once(&mut handle, &good.waker()).is_pending());
    let waker = bad.waker();
    assert!(catch_unwind(AssertUnwindSafe(|| poll_once(&mut handle, &waker))).is_err());
    assert!(poll_once(&mut handle, &good.waker()).is_pending());
    home.run_one();
    assert_eq!(good.wakes(), 1);
    assert_eq!(run_to_end(&home, &mut handle).unwrap(), 1);
    drop(handle);
    assert_eq!(good.alive(), 0, "the joiner's waker outlives the task");
}

#[test]
fn a_joiners_waker_that_panics_in_drop_when_it_is_replaced_leaves_the_handle_usable() {
    let home = Home::new();
    let mut handle = home.spawn(async { 1 }, ());
    let bad = TestWaker::with_fault(Fault::Drop);
    let waker = bad.waker();
    assert!(poll_once(&mut handle, &waker).is_pending());
    discard(waker);
    let good = TestWaker::new();
    assert!(catch_unwind(AssertUnwindSafe(|| poll_once(&mut handle, &good.waker()))).is_err());
    home.run_one();
    assert_eq!(good.wakes(), 1);
    assert_eq!(run_to_end(&home, &mut handle).unwrap(), 1);
}

#[test]
fn polling_a_handle_that_has_answered_panics_and_says_so() {
    let home = Home::new();
    let mut handle = home.spawn(async {}, ());
    run_to_end(&home, &mut handle).unwrap();
    let payload = catch_unwind(AssertUnwindSafe(|| poll_once(&mut handle, Waker::noop()))).unwrap_err();
    assert!(payload.downcast_ref::<&str>().is_some_and(|text| text.contains("do not poll it again")));
}
