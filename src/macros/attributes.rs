//! `#[mini::main]` and `#[mini::test]`, with their documentation.
//!
//! Not their expansion, which is `mini-macros`'. Invariant: without the feature `rt-multi-thread` the attributes
//! refuse that flavor by name, instead of expanding to a call that does not exist.

/// Runs an `async fn` on a runtime of its own: the way to write `main`.
///
/// # Examples
///
/// ```
/// #[mini::main]
/// async fn main() -> Result<(), std::num::ParseIntError> {
///     let answer: u32 = mini::spawn(async { "42".parse() }).await.unwrap()?;
///     assert_eq!(answer, 42);
///     Ok(())
/// }
/// ```
///
/// is the same as
///
/// ```
/// fn main() -> Result<(), std::num::ParseIntError> {
///     async fn main() -> Result<(), std::num::ParseIntError> {
///         let answer: u32 = mini::spawn(async { "42".parse() }).await.unwrap()?;
///         assert_eq!(answer, 42);
///         Ok(())
///     }
///     match mini::runtime::Builder::new_multi_thread().enable_all().build() {
///         Ok(runtime) => runtime.block_on(main()),
///         Err(error) => panic!("cannot build the runtime of `main`: {error}"),
///     }
/// }
/// ```
///
/// # Arguments
///
/// | argument | meaning |
/// |---|---|
/// | `flavor = "multi_thread"` | work-stealing workers; the default |
/// | `flavor = "current_thread"` | all tasks run on this thread |
/// | `flavor = "local"` | the same, and [`spawn_local`](crate::task::spawn_local) works for futures that are not `Send` |
/// | `worker_threads = 4` | how many workers, of the multi-thread flavor; by default one a processor |
/// | `start_paused = true` | the clock stands still until all is idle; not for the multi-thread flavor |
/// | `name = "requests"` | the runtime's name, for [`Handle::name`](crate::runtime::Handle::name) |
/// | `crate = "renamed"` | where the expansion finds this crate; by default `::mini` |
///
/// ```
/// #[mini::main(flavor = "multi_thread", worker_threads = 2)]
/// async fn main() {
///     println!("two workers");
/// }
/// ```
///
/// For whatever else a runtime can be told there is [`runtime::Builder`](crate::runtime::Builder).
///
/// On other functions than `main` it works too; they become blocking functions, with the arguments they had:
///
/// ```
/// #[mini::main(flavor = "current_thread")]
/// async fn sum(one: u32, two: u32) -> u32 {
///     one + async { two }.await
/// }
///
/// assert_eq!(sum(1, 2), 3);
/// ```
///
/// # Panics
///
/// The function panics with the operating system's reason if the runtime cannot be built, for instance for want of
/// file descriptors or threads; and like every `block_on`, if it is called inside a runtime.
#[cfg(feature = "rt-multi-thread")]
pub use mini_macros::main;
#[cfg(not(feature = "rt-multi-thread"))]
pub use mini_macros::main_without_multi_thread as main;

/// Runs an `async fn` as a test, on a runtime of its own.
///
/// It adds `#[test]`. Other attributes of tests, such as `#[should_panic]` and `#[ignore]`, stand beside it, and the test
/// may return a `Result`.
///
/// # Examples
///
/// ```
/// # // A doctest runs no tests: this shows that it compiles.
/// #[mini::test]
/// async fn adds() {
///     assert_eq!(1 + async { 1 }.await, 2);
/// }
///
/// #[mini::test(flavor = "multi_thread", worker_threads = 2)]
/// async fn parses() -> Result<(), std::num::ParseIntError> {
///     let _number: u32 = "2".parse()?;
///     Ok(())
/// }
/// ```
///
/// A clock that stands still makes a test of an hour take no time, because a runtime that is idle goes on to the next
/// deadline at once:
///
/// ```
/// #[mini::test(start_paused = true)]
/// async fn sleeps() {
///     mini::time::sleep(std::time::Duration::from_secs(3600)).await;
/// }
/// ```
///
/// # Arguments
///
/// Those of [`main`](macro@crate::main); but the default flavor is `"current_thread"`, so that tests, which run side
/// by side already, need few threads and take the same turns each time.
#[cfg(feature = "rt-multi-thread")]
pub use mini_macros::test;
#[cfg(not(feature = "rt-multi-thread"))]
pub use mini_macros::test_without_multi_thread as test;

/// The same two for the package that bears tokio's name: they find the facade as `tokio`, and say so in errors.
#[doc(hidden)]
pub mod under_tokios_name {
    #[cfg(feature = "rt-multi-thread")]
    pub use mini_macros::{tokio_main as main, tokio_test as test};
    #[cfg(not(feature = "rt-multi-thread"))]
    pub use mini_macros::{tokio_main_without_multi_thread as main, tokio_test_without_multi_thread as test};
}
