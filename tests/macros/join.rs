//! `join!`, `try_join!` and `pin!`.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future::{Future, pending, poll_fn, ready};
use std::task::Poll;

use futures::executor::block_on;

/// Ready in poll number `polls`, of which each is noted.
fn noted<'a>(order: &'a RefCell<Vec<char>>, name: char, polls: u32) -> impl Future<Output = char> + use<'a> {
    let mut left = polls;
    poll_fn(move |context| {
        order.borrow_mut().push(name);
        left -= 1;
        if left == 0 {
            return Poll::Ready(name);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

/// Sets its flag when dropped.
struct SetOnDrop<'a>(&'a Cell<bool>);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

#[test]
fn join_waits_for_all_and_keeps_their_order() {
    let order = RefCell::new(Vec::new());
    let outputs = block_on(async {
        mini::join!(noted(&order, 'a', 3), noted(&order, 'b', 1), async { "text" }, noted(&order, 'c', 2))
    });
    assert_eq!(outputs, ('a', 'b', "text", 'c'));
}

#[test]
fn join_begins_each_poll_one_branch_later_and_skips_the_finished() {
    let order = RefCell::new(Vec::new());
    block_on(async { mini::join!(noted(&order, 'a', 4), noted(&order, 'b', 4), noted(&order, 'c', 2)) });
    let order: String = order.take().into_iter().collect();
    assert_eq!(order, "abcbcaabab");
}

#[test]
fn biased_join_begins_each_poll_with_the_first() {
    let order = RefCell::new(Vec::new());
    block_on(async { mini::join!(biased; noted(&order, 'a', 2), noted(&order, 'b', 3)) });
    let order: String = order.take().into_iter().collect();
    assert_eq!(order, "ababb");
}

#[test]
fn try_join_takes_turns_like_join() {
    let order = RefCell::new(Vec::new());
    let ok = |name, polls| {
        let future = noted(&order, name, polls);
        async move { Ok::<_, Infallible>(future.await) }
    };
    let outputs = block_on(async { mini::try_join!(ok('a', 2), ok('b', 2), ok('c', 3)) });
    assert_eq!(outputs, Ok(('a', 'b', 'c')));
    let order: String = order.take().into_iter().collect();
    assert_eq!(order, "abcbcac");
}

#[test]
fn join_drops_each_future_when_it_is_done() {
    let is_dropped = Cell::new(false);
    let guard = SetOnDrop(&is_dropped);
    let finished = poll_fn(move |_| {
        let _held = &guard;
        Poll::Ready(())
    });
    block_on(async {
        mini::join!(biased; finished, async { assert!(is_dropped.get()) });
    });
}

#[test]
fn try_join_stops_at_the_first_error_and_drops_the_rest() {
    let is_dropped = Cell::new(false);
    let guard = SetOnDrop(&is_dropped);
    let never = async move {
        let _guard = guard;
        pending::<Result<u8, String>>().await
    };
    let result = block_on(async {
        mini::try_join!(never, async { Err::<u32, _>(String::from("first")) }, ready(Ok(())))
    });
    assert_eq!(result, Err("first".to_owned()));
    assert!(is_dropped.get());
}

#[test]
fn outputs_need_be_neither_copy_nor_inhabited() {
    let (text, list) = block_on(async { mini::join!(ready(String::from("a")), ready(vec![1])) });
    assert_eq!((text.as_str(), list), ("a", vec![1]));
    let failed: Result<(Infallible, u8), &str> =
        block_on(async { mini::try_join!(pending::<Result<Infallible, _>>(), ready(Err("stop"))) });
    assert_eq!(failed.map(|(never, _)| match never {}), Err::<(), _>("stop"));
}

#[test]
fn joins_of_one_and_of_none() {
    block_on(async {
        assert_eq!(mini::join!(ready(1)), (1,));
        assert_eq!(mini::join!(biased; ready(1),), (1,));
        let () = mini::join!();
        let () = mini::join!(biased;);
        assert_eq!(mini::try_join!(ready(Ok::<_, ()>(1))), Ok((1,)));
        let none: Result<(), ()> = mini::try_join!();
        assert_eq!(none, Ok(()));
    });
}

#[test]
fn branches_may_share_borrows_and_use_the_question_mark() {
    async fn run(text: &str) -> Result<u32, std::num::ParseIntError> {
        let cell = Cell::new(0);
        let add = |number: u32| {
            let cell = &cell;
            async move { cell.set(cell.get() + number) }
        };
        mini::join!(add(text.parse()?), add(2));
        Ok(cell.get())
    }
    assert_eq!(block_on(run("1")), Ok(3));
    assert!(block_on(run("x")).is_err());
}

#[test]
fn many_branches() {
    let outputs = block_on(async {
        mini::join!(
            ready(0),
            ready(1),
            ready(2),
            ready(3),
            ready(4),
            ready(5),
            ready(6),
            ready(7),
            ready(8),
            ready(9),
            ready(10),
            ready(11),
            ready(12),
            ready(13),
            ready(14),
            ready(15),
            ready(16),
            ready(17),
            ready(18),
            ready(19),
            ready(20),
            ready(21),
            ready(22),
            ready(23),
            ready(24),
            ready(25),
            ready(26),
            ready(27),
            ready(28),
            ready(29),
            ready(30),
            ready(31),
            ready(32),
            ready(33),
            ready(34),
            ready(35),
            ready(36),
        )
    });
    assert_eq!((outputs.0, outputs.36), (0, 36));
}

#[test]
fn pin_shadows_the_name_it_pins() {
    fn assert_pinned<F: Future>(_: &std::pin::Pin<&mut F>) {}
    let sum = block_on(async {
        let one = async { 1 };
        mini::pin!(one);
        assert_pinned(&one);
        mini::pin! {
            let two = async { 2 };
            let three = async { 3 };
        }
        assert_pinned(&two);
        one.await + two.await + three.await
    });
    assert_eq!(sum, 6);
}
