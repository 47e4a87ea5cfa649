//! `select!`: wait for whichever of several futures is first.
//!
//! Not the engine, which is `mini_macros::select_branches`: this front gives it the path of this crate, so that
//! `select!` works under whatever name the crate is known. Invariant: it looks at no token of the user's.

/// Waits for several futures at once and runs the handler of the **first** whose output fits its pattern; the
/// others are dropped.
///
/// ```text
/// mini::select! {
///     biased;                                                     // optional
///     <pattern> = <future> (, if <precondition>)? => <handler>,   // 1 to 64 branches
///     else => <handler>                                           // optional
/// }
/// ```
///
/// As in `match`, a handler is a block, whose comma may be left out, or an expression. All handlers have the type
/// of the whole. What stands for a future may be anything that is [`IntoFuture`](std::future::IntoFuture).
///
/// # What happens, in order
///
/// 1. Every precondition is evaluated. Where it is `false`, the branch is disabled.
/// 2. Every future expression is evaluated, also that of a disabled branch, whose future is then not polled.
/// 3. If all branches are disabled, the `else` handler runs.
/// 4. The futures that are not disabled are polled, from a random one on, or with `biased;` from the first on,
///    until one is ready.
/// 5. If its output fits the pattern, **all futures are dropped**, and then the handler runs. If it does not,
///    that branch is disabled, and it goes on at 3.
///
/// So the handlers, of which exactly one runs, may use what the futures have borrowed. They stand in no closure:
/// `?`, `break`, `continue`, `return` and `.await` do what they do outside of `select!`.
///
/// All futures run on the current task, by turns: a branch that blocks the thread blocks the others. For parallel
/// work spawn tasks and select on their handles.
///
/// # Panics
///
/// When all branches are disabled, by precondition or because their outputs did not fit, and there is no `else`.
///
/// # Fairness
///
/// The random start keeps a branch that is always ready from starving the ones below it. With `biased;` the order
/// is yours, for instance to look at a shutdown signal first; then put a busy stream last, or the branches below it
/// will not be heard. When the cooperative budget of the task is spent, `select!` polls nothing and yields.
///
/// # Cancel safety
///
/// Each round drops the futures that lost. What a future has already done when it is dropped is lost, unless it
/// is *cancel safe*: then a future dropped before it was ready has done nothing that counts, and one made anew in the
/// next round of a loop goes on where it left off. Waiting for readiness, for a timer, for a message
/// (`recv`, `accept`, `read`) is cancel safe; whatever does several such steps (`read_exact`, `read_line`,
/// `write_all`, and most of your own `async fn`s) is not. The docs of each function say so. A future that is not
/// cancel safe is made once, outside the loop, pinned, and selected on by reference; see the second example.
///
/// # Examples
///
/// The first of two:
///
/// ```
/// # futures::executor::block_on(async {
/// let answer = mini::select! {
///     text = async { "ready" } => text,
///     _ = std::future::pending::<()>() => "never",
/// };
/// assert_eq!(answer, "ready");
/// # });
/// ```
///
/// A future that goes on over the rounds of a loop. The precondition keeps it from being polled after its end:
///
/// ```
/// # futures::executor::block_on(async {
/// use futures::StreamExt;
///
/// let work = async { 40 };
/// mini::pin!(work);
/// let mut lines = futures::stream::iter([1, 1]);
/// let (mut sum, mut is_done) = (0, false);
///
/// loop {
///     mini::select! {
///         result = &mut work, if !is_done => {
///             sum += result;
///             is_done = true;
///         }
///         Some(line) = lines.next() => sum += line,
///         else => break,
///     }
/// }
/// assert_eq!(sum, 42);
/// # });
/// ```
///
/// A fixed order, and `?` in a handler:
///
/// ```
/// # futures::executor::block_on(async {
/// async fn first_number() -> Result<u32, std::num::ParseIntError> {
///     mini::select! {
///         biased;
///         text = async { "12" } => Ok(text.parse::<u32>()?),
///         number = async { 99 } => Ok(number),
///     }
/// }
/// assert_eq!(first_number().await, Ok(12));
/// # });
/// ```
#[macro_export]
macro_rules! select {
    ($($branches:tt)*) => {
        $crate::macros::support::select_branches!([$crate] $($branches)*)
    };
}
