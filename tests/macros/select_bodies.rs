//! `select!` and the user's code in it: patterns, control flow, borrows, names.

use std::convert::Infallible;
use std::future::{Future, IntoFuture, pending, ready};

use futures::executor::block_on;

#[derive(Debug, PartialEq)]
struct Named {
    first: Option<String>,
    second: u32,
}

#[test]
fn patterns_of_every_kind_bind_without_a_copy() {
    const SEVEN: u32 = 7;
    let text = String::from("text");
    block_on(async {
        let named = || Named { first: Some("a".into()), second: 2 };
        // Moves out of the value, which is not `Copy`.
        mini::select! {
            Named { first: Some(first), second } = ready(named()) => {
                let owned: String = first;
                assert_eq!((owned.as_str(), second), ("a", 2));
            }
        }
        mini::select! {
            Named { first: ref mut name, .. } = ready(named()) => {
                name.as_mut().unwrap().push('b');
                assert_eq!(name.as_deref(), Some("ab"));
            }
        }
        mini::select! {
            whole @ Named { second: 1..=3, .. } = ready(named()) => assert_eq!(whole, named()),
        }
        mini::select! {
            (mut count, _) = ready((1, "x")) => { count += 1; assert_eq!(count, 2) }
        }
        // A pattern with `&` on the output itself, in edition 2024.
        mini::select! {
            Some(&letter) = ready(text.as_bytes().first()) => assert_eq!(letter, b't'),
        }
        mini::select! {
            [first, .., last] = ready([1, 2, 3]) => assert_eq!((first, last), (1, 3)),
        }
        mini::select! {
            Ok(number) | Err(number) = ready(Err::<u32, u32>(SEVEN)) => assert_eq!(number, 7),
        }
        mini::select! {
            SEVEN = ready(8) => unreachable!(),
            None = ready(Some(1)) => unreachable!(),
            "other" = ready("text") => unreachable!(),
            else => {}
        }
        mini::select! {
            Some(ref borrowed) = ready(Some(text.clone())) => assert_eq!(borrowed, "text"),
        }
    });
}

#[test]
fn handlers_are_blocks_or_expressions_with_or_without_the_last_comma() {
    let value = block_on(async {
        mini::select! {
            value = ready(1), if false => { value }
            value = ready(2), if false => { value },
            value = ready(3) => if value == 3 { Some(value).into_iter().max().unwrap() } else { 0 },
            _ = pending::<()>() => unreachable!()
        }
    });
    assert_eq!(value, 3);
}

#[test]
fn the_question_mark_works_in_handlers_and_in_futures() {
    async fn in_handler(text: &str) -> Result<u32, std::num::ParseIntError> {
        mini::select! {
            text = ready(text) => {
                let number: u32 = text.parse()?;
                Ok(number)
            }
        }
    }
    async fn in_future(text: &str) -> Result<u32, std::num::ParseIntError> {
        let number = mini::select! {
            number = ready(text.parse::<u32>()?) => number,
        };
        Ok(number)
    }
    assert_eq!(block_on(in_handler("3")), Ok(3));
    assert!(block_on(in_handler("x")).is_err());
    assert_eq!(block_on(in_future("4")), Ok(4));
    assert!(block_on(in_future("x")).is_err());
}

#[test]
fn break_continue_return_and_await_mean_the_users() {
    async fn run() -> u32 {
        let mut rounds = 0;
        'outer: loop {
            loop {
                rounds += 1;
                mini::select! {
                    _ = ready(()), if rounds == 1 => continue,
                    _ = ready(()), if rounds == 2 => continue 'outer,
                    _ = ready(()), if rounds == 3 => break,
                    value = async { rounds }, if rounds > 3 => return ready(value).await,
                }
            }
        }
    }
    assert_eq!(block_on(run()), 4);
}

#[test]
fn selects_nest_in_handlers_and_in_futures() {
    let value = block_on(async {
        mini::select! {
            outer = async { mini::select! { inner = ready(1) => inner + 1, never = pending() => never } } => {
                mini::select! {
                    Some(value) = ready(Some(outer)) => value * 10,
                    else => 0,
                }
            }
        }
    });
    assert_eq!(value, 20);
}

#[test]
fn handlers_use_what_the_futures_borrowed() {
    async fn fill(buffer: &mut Vec<u32>) {
        buffer.push(1);
    }
    async fn never(buffer: &str) {
        pending::<()>().await;
        assert!(!buffer.is_empty());
    }
    block_on(async {
        let mut buffer = Vec::new();
        let text = String::from("owned");
        mini::select! {
            () = fill(&mut buffer) => {
                buffer.push(2);
                let moved: String = text;
                assert_eq!((buffer, moved.as_str()), (vec![1, 2], "owned"));
            }
            () = never(&text) => unreachable!(),
        }
    });
}

#[test]
fn an_output_may_borrow_what_outlives_the_futures() {
    let text = String::from("a b");
    let word = block_on(async {
        mini::select! {
            Some(word) = ready(text.split(' ').next()) => word,
            else => "",
        }
    });
    assert_eq!(word, "a");
}

#[test]
fn futures_may_be_temporaries_and_into_futures() {
    struct Later(u32);
    impl IntoFuture for Later {
        type Output = u32;
        type IntoFuture = std::future::Ready<u32>;
        fn into_future(self) -> Self::IntoFuture {
            ready(self.0)
        }
    }
    let sum = block_on(async {
        let first = mini::select! { value = Later(1) => value };
        let second = mini::select! { value = &mut ready(2) => value };
        first + second
    });
    assert_eq!(sum, 3);
}

#[test]
fn outputs_without_values_are_no_trouble() {
    let value = block_on(async {
        mini::select! {
            never = pending::<Infallible>() => match never {},
            value = ready(1) => value,
        }
    });
    assert_eq!(value, 1);
}

#[test]
fn the_users_names_are_not_ours() {
    block_on(async {
        let (disabled, selected, output, start, step) = (1, 2, 3, 4, 5);
        let (future0, unpinned0, context, is_pending, fits) = (6, 7, 8, 9, 10);
        let sum = mini::select! {
            biased;
            never = pending::<u32>(), if disabled == 0 => never,
            value = async { selected + output + start + step }, if disabled == 1 => {
                value + future0 + unpinned0 + context + is_pending + fits + disabled
            }
        };
        assert_eq!(sum, 55);
    });
}

#[test]
fn a_macro_of_the_users_may_pass_fragments() {
    macro_rules! first {
        ($pattern:pat = $future:expr => $handler:expr; $block:block) => {
            mini::select! {
                $pattern = $future, if true => $handler,
                _ = ready(()), if false => $block
                else => 0,
            }
        };
    }
    assert_eq!(block_on(async { first!(Some(x) = ready(Some(1)) => x + 1; { 3 }) }), 2);
    assert_eq!(block_on(async { first!(Ok(x) | Err(x) = ready(Err(4)) => x; { 3 }) }), 4);
    assert_eq!(block_on(async { first!(Some(x) = ready(None) => x; { 3 }) }), 0);
}

#[test]
fn the_whole_is_send_if_the_futures_are() {
    fn assert_send(_: impl Future + Send) {}
    assert_send(async {
        let mut pinned = std::pin::pin!(async { 1 });
        mini::select! {
            value = &mut pinned => assert_eq!(value, 1),
            _ = pending::<Vec<u8>>() => pending::<()>().await,
        }
    });
}

#[test]
fn a_select_costs_its_futures_and_a_pointer_for_each() {
    let bare = [0_u8; 512];
    let whole = async move {
        mini::select! {
            _ = async { pending::<()>().await; std::hint::black_box(&bare); } => {}
            _ = async { pending::<()>().await; std::hint::black_box(&bare); } => {}
        }
    };
    let size = std::mem::size_of_val(&whole);
    // `bare` itself, two copies in the futures, and little else.
    assert!(size < 3 * 512 + 128, "{size} bytes");
}
