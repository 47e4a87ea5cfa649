//! `join!` and `try_join!`: wait for several futures on one task.
//!
//! Not parallel: spawn tasks for that. Both use one hidden macro, in which each step of the recursion brings one
//! branch and, by hygiene, a fresh name for it. So each future is a local of its own, pinned by `std::pin::pin!`,
//! and no `unsafe` is needed; tokio keeps them in a tuple and pins that by hand.
//!
//! Invariant: each poll of the whole polls each unfinished branch once, unless a branch ends it with an error.

/// Waits until **all** of several futures are done, and answers with a tuple of their outputs.
///
/// The futures run on the current task, by turns, not in parallel: a branch that blocks the thread blocks the
/// others. For parallel work [`spawn`](https://docs.rs/mini-rt/latest/mini/fn.spawn.html) each and join the handles.
/// A branch may be anything that is [`IntoFuture`](std::future::IntoFuture).
///
/// Each poll begins one branch later than the one before, so that a branch which spends the whole cooperative
/// budget of each poll cannot starve its siblings. With `biased;` in front each poll begins with the first
/// branch, which spares a counter; then it is for you to see that no branch is always busy.
///
/// A future is dropped as soon as it is done. Errors are values like others; to stop at the first, use
/// [`try_join!`](crate::try_join).
///
/// # Cancel safety
///
/// Dropping the future that awaits `join!` drops all branches, and the outputs of those that were done. It is
/// cancel safe if none of the branches has done anything that may not be lost.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// async fn user() -> &'static str {
///     "ada"
/// }
/// async fn visits() -> u32 {
///     3
/// }
///
/// let (user, visits) = mini::join!(user(), visits());
/// assert_eq!((user, visits), ("ada", 3));
///
/// let (first, second) = mini::join!(biased; async { 1 }, async { 2 });
/// assert_eq!(first + second, 3);
/// # });
/// ```
#[macro_export]
macro_rules! join {
    () => { async {}.await };
    (biased;) => { async {}.await };
    (biased; $($future:expr),+ $(,)?) => {
        match $crate::__join_branches!(all FromFirst [] $($future,)+) {
            ::core::result::Result::Ok(outputs) => outputs,
            ::core::result::Result::Err(never) => match never {},
        }
    };
    ($($future:expr),+ $(,)?) => {
        match $crate::__join_branches!(all Rotating [] $($future,)+) {
            ::core::result::Result::Ok(outputs) => outputs,
            ::core::result::Result::Err(never) => match never {},
        }
    };
}

/// Waits until all of several futures are `Ok`, or **one** is `Err`.
///
/// Answers `Ok` with the tuple of all values, or with the first error, as soon as it is there; then the other
/// futures are dropped unfinished. The error types must be the same; convert with
/// [`map_err`](Result::map_err) inside the branches.
///
/// Like [`join!`](crate::join) it runs on the current task and begins each poll one branch later, unless it is
/// told `biased;`. When several branches fail in one poll, the one polled first gives the error.
///
/// Mind handles of spawned tasks: awaiting one gives a `Result` of its own, and dropping a handle does not stop its
/// task.
///
/// # Cancel safety
///
/// As [`join!`](crate::join). Besides, an error cancels the other branches: they should be cancel safe.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// async fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
///     text.parse()
/// }
///
/// let both = mini::try_join!(parse("1"), parse("2"));
/// assert_eq!(both, Ok((1, 2)));
///
/// let never = std::future::pending();
/// let failed = mini::try_join!(parse("one"), never);
/// assert!(failed.map(|(_, ())| ()).is_err());
/// # });
/// ```
#[macro_export]
macro_rules! try_join {
    () => { async { ::core::result::Result::Ok(()) }.await };
    (biased;) => { async { ::core::result::Result::Ok(()) }.await };
    (biased; $($future:expr),+ $(,)?) => { $crate::__join_branches!(all_ok FromFirst [] $($future,)+) };
    ($($future:expr),+ $(,)?) => { $crate::__join_branches!(all_ok Rotating [] $($future,)+) };
}

/// Both joins: `mode`, of `support`, says which outputs end the whole at once; answers with a `Result`.
#[doc(hidden)]
#[macro_export]
macro_rules! __join_branches {
    // One branch more: `branch` is a new name in each step.
    ($mode:ident $rotation:ident [$($collected:tt)*] $future:expr, $($rest:tt)*) => {
        $crate::__join_branches!($mode $rotation [$($collected)* (branch $future)] $($rest)*)
    };
    ($mode:ident $rotation:ident [$(($branch:ident $future:expr))+]) => {{
        $(let mut $branch = $crate::macros::support::pin!($crate::macros::support::maybe_done($future));)+
        let mut rotation = $crate::macros::support::$rotation::default();
        $crate::macros::support::poll_fn(move |context| {
            const COUNT: usize = [$(::core::stringify!($branch)),+].len();
            let first = rotation.first(COUNT);
            let mut is_pending = false;
            // From `first` to the end, then from the beginning to `first`; as a loop, so that the code that
            // polls a branch is there once.
            for is_second_pass in [false, true] {
                let mut index = 0;
                $(
                    if (index < first) == is_second_pass {
                        match $crate::macros::support::$mode::poll_branch($branch.as_mut(), context) {
                            $crate::macros::support::Poll::Ready(::core::result::Result::Ok(())) => {}
                            $crate::macros::support::Poll::Ready(::core::result::Result::Err(error)) => {
                                return $crate::macros::support::Poll::Ready(
                                    ::core::result::Result::Err(error),
                                );
                            }
                            $crate::macros::support::Poll::Pending => is_pending = true,
                        }
                    }
                    index += 1;
                )+
                let _ = index;
            }
            if is_pending {
                return $crate::macros::support::Poll::Pending;
            }
            // Not reached if an output has no values.
            #[allow(unreachable_code)]
            {
                $crate::macros::support::Poll::Ready(::core::result::Result::Ok((
                    $($crate::macros::support::$mode::take($branch.as_mut()),)+
                )))
            }
        })
        .await
    }};
}
