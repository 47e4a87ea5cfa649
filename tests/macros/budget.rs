//! `select!` and the joins inside a task, whose polls have a budget.

use std::cell::Cell;
use std::future::{Future, pending, poll_fn, ready};
use std::pin::pin;
use std::task::Poll;

use mini::task::coop::{consume_budget, has_budget_remaining};

/// Spends what is left of this poll's budget, without yielding.
async fn spend_budget() {
    while has_budget_remaining() {
        consume_budget().await;
    }
}

#[mini::test]
async fn select_polls_nothing_once_the_budget_is_spent() {
    let polls = Cell::new(0);
    let counted = poll_fn(|_| {
        polls.set(polls.get() + 1);
        Poll::Ready(())
    });
    spend_budget().await;
    let mut select = pin!(async {
        mini::select! {
            _ = counted => {}
            _ = pending::<()>() => {}
        }
    });
    let is_pending = poll_fn(|context| Poll::Ready(select.as_mut().poll(context).is_pending())).await;
    assert!(is_pending && polls.get() == 0);
    // It has woken the task, so this ends, with a new budget.
    select.await;
    assert_eq!(polls.get(), 1);
}

#[mini::test]
async fn select_itself_spends_no_budget() {
    spend_all_but_one().await;
    for _ in 0..1000 {
        mini::select! {
            _ = ready(()) => {}
            _ = ready(()) => {}
        }
        assert!(has_budget_remaining());
    }
}

/// Leaves one unit: finds out how many there are, yields for a new budget, and spends one fewer.
async fn spend_all_but_one() {
    spend_budget().await;
    consume_budget().await;
    let mut units = 0;
    while has_budget_remaining() {
        consume_budget().await;
        units += 1;
    }
    consume_budget().await;
    // The yield's own unit is spent already, as it was when the units were counted.
    for _ in 1..units {
        consume_budget().await;
    }
    assert!(has_budget_remaining());
}

#[mini::test]
async fn a_branch_that_spends_all_budget_does_not_starve_its_siblings() {
    let is_over = Cell::new(false);
    let greedy = async {
        while !is_over.get() {
            consume_budget().await;
        }
    };
    let modest = async {
        for _ in 0..10 {
            consume_budget().await;
        }
        is_over.set(true);
    };
    mini::join!(greedy, modest);

    is_over.set(false);
    let greedy = async {
        while !is_over.get() {
            consume_budget().await;
        }
        Ok::<_, ()>(1)
    };
    let modest = async {
        consume_budget().await;
        is_over.set(true);
        Ok(2)
    };
    assert_eq!(mini::try_join!(greedy, modest), Ok((1, 2)));
}
