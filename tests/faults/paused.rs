//! The paused clock, end to end: what `#[mini::test(start_paused = true)]` gives a test.

use std::sync::mpsc as std_mpsc;
use std::sync::{Arc, Mutex};

use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::time::{Duration, Instant, MissedTickBehavior, advance, interval, sleep, timeout};

use crate::support::{Watchdog, given_up_after, pair};

const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);
/// How far past its deadline a timer may end: what the wheel rounds up to.
const GRAIN: Duration = Duration::from_millis(2);

fn assert_about(passed: Duration, expected: Duration) {
    assert!(passed >= expected && passed <= expected + GRAIN, "{passed:?} instead of {expected:?}");
}

#[mini::test(start_paused = true)]
async fn an_hour_takes_no_time_and_is_an_hour() {
    let _watchdog = Watchdog::start();
    let start = Instant::now();
    sleep(HOUR).await;
    assert_about(start.elapsed(), HOUR);
}

#[mini::test(start_paused = true)]
async fn time_stands_still_while_there_is_something_to_do() {
    let _watchdog = Watchdog::start();
    let start = Instant::now();
    let sleeper = mini::spawn(sleep(Duration::from_millis(1)));
    for _ in 0..1_000 {
        mini::task::yield_now().await;
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(!sleeper.is_finished());
    sleeper.await.unwrap();
    assert_about(start.elapsed(), Duration::from_millis(1));
}

#[mini::test(start_paused = true)]
async fn sleeps_end_in_the_order_of_their_deadlines_each_at_its_own_time() {
    let _watchdog = Watchdog::start();
    let start = Instant::now();
    let order = Arc::new(Mutex::new(Vec::new()));
    let tasks: Vec<_> = [5, 1, 4000, 2, 70, 3, 100_000]
        .map(|seconds| {
            let order = order.clone();
            mini::spawn(async move {
                sleep(SECOND * seconds).await;
                assert_about(start.elapsed(), SECOND * seconds);
                order.lock().unwrap().push(seconds);
            })
        })
        .into();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [1, 2, 3, 5, 70, 4000, 100_000]);
}

#[mini::test(start_paused = true)]
async fn nested_sleeps_and_timeouts_take_the_time_of_the_shorter() {
    let _watchdog = Watchdog::start();
    let start = Instant::now();
    let inner = async {
        sleep(SECOND).await;
        mini::spawn(async { timeout(SECOND * 5, sleep(SECOND * 2)).await }).await.unwrap().unwrap();
        timeout(SECOND, sleep(HOUR)).await.unwrap_err();
    };
    timeout(SECOND * 10, inner).await.unwrap();
    assert!(
        start.elapsed() >= SECOND * 4 && start.elapsed() < SECOND * 4 + GRAIN * 4,
        "{:?}",
        start.elapsed()
    );
}

#[mini::test(start_paused = true)]
async fn advance_wakes_what_it_passes_and_nothing_else() {
    let _watchdog = Watchdog::start();
    let start = Instant::now();
    let passed = mini::spawn(sleep(SECOND));
    let later = mini::spawn(sleep(SECOND * 3));
    mini::task::yield_now().await;
    advance(SECOND * 2).await;
    mini::task::yield_now().await;
    assert!(passed.is_finished() && !later.is_finished());
    assert_eq!(start.elapsed(), SECOND * 2);
    later.await.unwrap();
    assert_about(start.elapsed(), SECOND * 3);
}

#[mini::test(start_paused = true)]
async fn a_step_shorter_than_the_deadline_wakes_nobody() {
    let _watchdog = Watchdog::start();
    let sleeper = mini::spawn(sleep(SECOND));
    mini::task::yield_now().await;
    advance(SECOND - Duration::from_nanos(1)).await;
    mini::task::yield_now().await;
    assert!(!sleeper.is_finished(), "early");
}

#[mini::test(start_paused = true)]
async fn time_does_not_move_while_blocking_work_runs() {
    let _watchdog = Watchdog::start();
    let start = Instant::now();
    let (release, released) = std_mpsc::channel::<()>();
    let (begun, has_begun) = mini::sync::oneshot::channel();
    let work = mini::task::spawn_blocking(move || {
        let _ = begun.send(());
        released.recv()
    });
    has_begun.await.unwrap();
    let sleeper = mini::spawn(sleep(HOUR));
    // The runtime becomes idle here again and again; a plain thread's wakes are all that comes.
    for _ in 0..20 {
        let (sender, receiver) = mini::sync::oneshot::channel();
        std::thread::spawn(move || sender.send(()));
        receiver.await.unwrap();
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
    assert!(!sleeper.is_finished());
    release.send(()).unwrap();
    work.await.unwrap().unwrap();
    sleeper.await.unwrap();
    assert_about(start.elapsed(), HOUR);
}

#[mini::test(start_paused = true)]
async fn sockets_work_though_the_clock_stands() {
    let _watchdog = Watchdog::start();
    let (mut client, mut server) = pair().await.unwrap();
    client.write_all(b"x").await.unwrap();
    assert_eq!(server.read_u8().await.unwrap(), b'x');
    sleep(HOUR).await;
    client.write_all(b"y").await.unwrap();
    assert_eq!(server.read_u8().await.unwrap(), b'y');
}

/// The seconds since the start at which an interval of one second ticks, its user late by three and a half once.
async fn ticks(behavior: MissedTickBehavior) -> Vec<f64> {
    let start = Instant::now();
    let mut interval = interval(SECOND);
    interval.set_missed_tick_behavior(behavior);
    let mut ticks = Vec::new();
    for round in 0..6 {
        interval.tick().await;
        ticks.push((start.elapsed().as_secs_f64() * 10.0).round() / 10.0);
        if round == 1 {
            advance(Duration::from_millis(2_500)).await;
        }
    }
    ticks
}

#[mini::test(start_paused = true)]
async fn missed_ticks_come_as_the_behavior_says() {
    let _watchdog = Watchdog::start();
    assert_eq!(ticks(MissedTickBehavior::Burst).await, [0.0, 1.0, 3.5, 3.5, 4.0, 5.0]);
    assert_eq!(ticks(MissedTickBehavior::Delay).await, [0.0, 1.0, 3.5, 4.5, 5.5, 6.5]);
    assert_eq!(ticks(MissedTickBehavior::Skip).await, [0.0, 1.0, 3.5, 4.0, 5.0, 6.0]);
}

#[mini::test(start_paused = true)]
async fn resumed_time_goes_on_from_what_it_showed() {
    let _watchdog = Watchdog::start();
    let start = Instant::now();
    advance(HOUR).await;
    mini::time::resume();
    let resumed = start.elapsed();
    assert!(resumed >= HOUR && resumed < HOUR * 2, "{resumed:?}");
    let before = std::time::Instant::now();
    sleep(Duration::from_millis(5)).await;
    assert!(before.elapsed() >= Duration::from_millis(5));
    mini::time::pause();
    assert!(given_up_after(1, sleep(HOUR)).await.is_none());
    sleep(HOUR).await;
}

#[mini::test(start_paused = true)]
async fn time_moves_on_after_blocking_work_whose_end_comes_late() {
    let _watchdog = Watchdog::start();
    for _ in 0..500 {
        // The closure's result may be taken before the pool has counted its end; the next sleep must not wait for ever.
        mini::task::spawn_blocking(|| ()).await.unwrap();
        sleep(HOUR).await;
    }
}
