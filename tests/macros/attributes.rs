//! `#[mini::main]` and `#[mini::test]` as they run; what they refuse is in `../ui`.

use std::future::ready;

#[mini::test]
async fn a_test_runs_its_body() {
    let value = mini::spawn(ready(1)).await.unwrap();
    assert_eq!(value, 1);
}

#[mini::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_may_fail_by_result() -> Result<(), std::num::ParseIntError> {
    let value: u32 = "7".parse()?;
    assert_eq!(mini::spawn(ready(value)).await.unwrap(), 7);
    Ok(())
}

#[mini::test]
#[should_panic(expected = "the body's own panic")]
async fn a_panic_in_the_body_is_the_tests() {
    async {}.await;
    panic!("the body's own panic");
}

#[mini::test]
#[ignore = "proves that attributes stay"]
async fn an_ignored_test_is_not_run() {
    std::process::abort();
}

#[mini::test(flavor = "local")]
async fn a_local_runtime_takes_futures_that_are_not_send() {
    let shared = std::rc::Rc::new(2);
    let inner = std::rc::Rc::clone(&shared);
    let value = mini::task::spawn_local(async move { *inner }).await.unwrap();
    assert_eq!(value, *shared);
}

#[mini::test(start_paused = true)]
async fn a_paused_clock_goes_on_when_all_is_idle() {
    let before = std::time::Instant::now();
    mini::time::sleep(std::time::Duration::from_secs(3600)).await;
    assert!(before.elapsed() < std::time::Duration::from_secs(60));
}
