//! `select!`: which branch runs, when, and what becomes of the others.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn, ready};
use std::rc::Rc;
use std::task::Poll;

use futures::executor::block_on;

/// Adds to a counter when dropped.
struct CountDrop<'a>(&'a Cell<u32>);

impl Drop for CountDrop<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

/// Pending for `polls` polls, waking itself, and then ready.
async fn ready_after(polls: u32) -> u32 {
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(polls);
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

#[test]
fn branches_that_are_always_ready_win_about_equally_often() {
    const ROUNDS: u32 = 12_000;
    let mut wins = [0_u32; 3];
    block_on(async {
        for _ in 0..ROUNDS {
            let winner = mini::select! {
                _ = ready(()) => 0,
                _ = ready(()) => 1,
                _ = ready(()) => 2,
            };
            wins[winner] += 1;
        }
    });
    for (branch, count) in wins.into_iter().enumerate() {
        // Ten standard deviations, of 52 each.
        assert!(count.abs_diff(ROUNDS / 3) < 520, "branch {branch} won {count} of {ROUNDS}");
    }
}

#[test]
fn biased_polls_in_the_written_order() {
    let order = RefCell::new(Vec::new());
    let note = |name: char, is_ready: bool| {
        let order = &order;
        poll_fn(move |_| {
            order.borrow_mut().push(name);
            if is_ready { Poll::Ready(name) } else { Poll::Pending }
        })
    };
    for _ in 0..100 {
        let winner = block_on(async {
            mini::select! {
                biased;
                name = note('a', false) => name,
                name = note('b', false) => name,
                name = note('c', true) => name,
                name = note('d', true) => name,
            }
        });
        assert_eq!(winner, 'c');
        assert_eq!(order.take(), ['a', 'b', 'c']);
    }
}

#[test]
fn the_first_to_be_ready_wins_however_late() {
    let winner = block_on(async {
        mini::select! {
            polls = ready_after(5) => polls,
            polls = ready_after(3) => polls,
            polls = ready_after(9) => polls,
            never = pending() => never,
        }
    });
    assert_eq!(winner, 3);
}

#[test]
fn a_false_precondition_keeps_a_branch_from_being_polled() {
    let was_made = Cell::new(false);
    let poisoned = || {
        was_made.set(true);
        poll_fn(|_| -> Poll<u32> { panic!("a disabled branch was polled") })
    };
    for _ in 0..100 {
        let value = block_on(async {
            mini::select! {
                value = poisoned(), if 1 > 2 => value,
                value = ready_after(1), if 2 > 1 => value,
            }
        });
        assert_eq!(value, 1);
    }
    assert!(was_made.get(), "the future expression is evaluated all the same");
}

#[test]
fn preconditions_are_evaluated_before_all_futures_in_order() {
    let log = RefCell::new(Vec::new());
    let condition = |name| {
        log.borrow_mut().push(name);
        true
    };
    let future = |name| {
        log.borrow_mut().push(name);
        ready(())
    };
    block_on(async {
        mini::select! {
            _ = future("future 1"), if condition("if 1") => {}
            _ = future("future 2"), if condition("if 2") => {}
        }
    });
    assert_eq!(log.take(), ["if 1", "if 2", "future 1", "future 2"]);
}

#[test]
fn else_runs_when_all_branches_are_disabled() {
    let value = block_on(async {
        mini::select! {
            value = ready(1), if false => value,
            Some(value) = ready(None) => value,
            else => 3,
        }
    });
    assert_eq!(value, 3);
    assert_eq!(
        block_on(async {
            mini::select! { else => 4 }
        }),
        4
    );
    assert_eq!(
        block_on(async {
            mini::select! { biased; else => 5 }
        }),
        5
    );
}

#[test]
#[should_panic(expected = "all branches are disabled and there is no else branch; add `else => ...`")]
fn all_disabled_without_else_panics() {
    block_on(async {
        mini::select! {
            _ = ready(()), if false => {}
            Some(()) = ready(None) => {}
        }
    });
}

#[test]
fn a_value_that_does_not_fit_disables_its_branch_and_is_dropped() {
    let drops = Cell::new(0);
    let value = block_on(async {
        mini::select! {
            Ok(value) = async { Err::<u32, _>(CountDrop(&drops)) } => value,
            value = ready_after(4) => {
                assert_eq!(drops.get(), 1);
                value
            }
        }
    });
    assert_eq!(value, 4);
}

#[test]
fn a_branch_that_did_not_fit_is_not_polled_again() {
    let mut polls = 0;
    let once = poll_fn(move |_| {
        polls += 1;
        assert_eq!(polls, 1, "polled after it was ready");
        Poll::Ready(None::<u32>)
    });
    let value = block_on(async {
        mini::select! {
            biased;
            Some(value) = once => value,
            value = ready_after(3) => value,
        }
    });
    assert_eq!(value, 3);
}

#[test]
fn all_futures_are_dropped_before_the_handler_runs() {
    let drops = Cell::new(0);
    let hold = |is_ready: bool| {
        let guard = CountDrop(&drops);
        async move {
            let _guard = guard;
            if !is_ready {
                pending::<()>().await;
            }
        }
    };
    block_on(async {
        mini::select! {
            _ = hold(true) => assert_eq!(drops.get(), 3),
            _ = hold(false) => unreachable!(),
            _ = hold(true), if false => unreachable!(),
        }
    });
}

#[test]
fn a_pinned_future_goes_on_over_the_rounds_of_a_loop() {
    let (sender, receiver) = futures::channel::oneshot::channel::<u32>();
    let mut sender = Some(sender);
    let mut rounds = 0;
    let value = block_on(async {
        mini::pin!(receiver);
        loop {
            mini::select! {
                value = &mut receiver => break value.unwrap(),
                _ = ready_after(1) => {
                    rounds += 1;
                    if rounds == 10 {
                        sender.take().unwrap().send(7).unwrap();
                    }
                }
            }
        }
    });
    assert_eq!(value, 7);
    assert!(rounds >= 10);
}

#[test]
fn a_wake_from_another_thread_reaches_the_pending_branch() {
    let (sender, receiver) = futures::channel::oneshot::channel::<u32>();
    let thread = std::thread::spawn(move || sender.send(11).unwrap());
    let value = block_on(async {
        mini::select! {
            value = receiver => value.unwrap(),
            value = pending() => value,
        }
    });
    thread.join().unwrap();
    assert_eq!(value, 11);
}

#[test]
fn dropping_a_waiting_select_drops_its_futures() {
    let alive = Rc::new(());
    let inner = Rc::clone(&alive);
    let mut waiting = Box::pin(async move {
        mini::select! {
            _ = async { let _held = inner; pending::<()>().await } => {}
            _ = pending::<()>() => {}
        }
    });
    assert!(futures::FutureExt::now_or_never(waiting.as_mut()).is_none());
    assert_eq!(Rc::strong_count(&alive), 2);
    drop(waiting);
    assert_eq!(Rc::strong_count(&alive), 1);
}

#[test]
fn sixty_four_branches() {
    async fn select_of_64(ready_one: u32) -> u32 {
        let wait = |number: u32| async move {
            if number != ready_one {
                pending::<()>().await;
            }
            number
        };
        mini::select! {
            n = wait(0) => n, n = wait(1) => n, n = wait(2) => n, n = wait(3) => n,
            n = wait(4) => n, n = wait(5) => n, n = wait(6) => n, n = wait(7) => n,
            n = wait(8) => n, n = wait(9) => n, n = wait(10) => n, n = wait(11) => n,
            n = wait(12) => n, n = wait(13) => n, n = wait(14) => n, n = wait(15) => n,
            n = wait(16) => n, n = wait(17) => n, n = wait(18) => n, n = wait(19) => n,
            n = wait(20) => n, n = wait(21) => n, n = wait(22) => n, n = wait(23) => n,
            n = wait(24) => n, n = wait(25) => n, n = wait(26) => n, n = wait(27) => n,
            n = wait(28) => n, n = wait(29) => n, n = wait(30) => n, n = wait(31) => n,
            n = wait(32) => n, n = wait(33) => n, n = wait(34) => n, n = wait(35) => n,
            n = wait(36) => n, n = wait(37) => n, n = wait(38) => n, n = wait(39) => n,
            n = wait(40) => n, n = wait(41) => n, n = wait(42) => n, n = wait(43) => n,
            n = wait(44) => n, n = wait(45) => n, n = wait(46) => n, n = wait(47) => n,
            n = wait(48) => n, n = wait(49) => n, n = wait(50) => n, n = wait(51) => n,
            n = wait(52) => n, n = wait(53) => n, n = wait(54) => n, n = wait(55) => n,
            n = wait(56) => n, n = wait(57) => n, n = wait(58) => n, n = wait(59) => n,
            n = wait(60) => n, n = wait(61) => n, n = wait(62) => n, n = wait(63) => n,
        }
    }
    for number in 0..64 {
        assert_eq!(block_on(select_of_64(number)), number);
    }
}
