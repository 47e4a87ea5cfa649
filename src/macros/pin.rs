//! `pin!`: pins locals in place.
//!
//! Not `std::pin::pin!`, which pins a value and names nothing; this one is built on it and adds the two forms that
//! services write. Invariant: the pinned value can no more be named, hence not moved.

/// Pins values on the stack, under the names they have.
///
/// An `async fn`'s future must be pinned before it can be polled by reference, for instance as a branch of
/// [`select!`](crate::select) that shall go on over many rounds of a loop.
///
/// # Examples
///
/// ```
/// # futures::executor::block_on(async {
/// async fn double(number: u32) -> u32 {
///     number * 2
/// }
///
/// let future = double(21);
/// mini::pin!(future);
/// assert_eq!((&mut future).await, 42);
/// # });
/// ```
///
/// Several at once, and the form that declares the names itself:
///
/// ```
/// # futures::executor::block_on(async {
/// let (one, two) = (async { 1 }, async { 2 });
/// mini::pin!(one, two);
///
/// mini::pin! {
///     let three = async { one.await + two.await };
///     let four = async { 4 };
/// }
/// assert_eq!(three.await + four.await, 7);
/// # });
/// ```
///
/// It takes names, not expressions; for an expression use [`std::pin::pin!`]:
///
/// ```compile_fail
/// mini::pin!(async { 1 });
/// ```
#[macro_export]
macro_rules! pin {
    ($($name:ident),* $(,)?) => {
        $(
            #[allow(unused_mut)]
            let mut $name = $crate::macros::support::pin!($name);
        )*
    };
    ($(let $name:ident = $value:expr;)*) => {
        $(
            #[allow(unused_mut)]
            let mut $name = $crate::macros::support::pin!($value);
        )*
    };
}
