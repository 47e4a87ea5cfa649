//! What a process holds after a long time: no more than at the start.

use std::time::Duration;

use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::runtime::Runtime;

use crate::support::{
    Watchdog, current_thread, multi_thread, open_descriptors, pair, resident_kib, run_child, threads,
};

/// A runtime's whole life: a socket, a timer, blocking work, and tasks that it must cancel.
fn live(runtime: Runtime) {
    runtime.block_on(async {
        let (mut client, mut server) = pair().await.expect("a pair");
        client.set_zero_linger().expect("no port left in TIME_WAIT");
        client.write_all(b"x").await.expect("a write");
        assert_eq!(server.read_u8().await.expect("a read"), b'x');
        mini::time::sleep(Duration::from_micros(1)).await;
        mini::task::spawn_blocking(|| ()).await.expect("no panic");
        mini::spawn(async move { server.read(&mut [0]).await });
        mini::spawn(mini::time::sleep(Duration::MAX));
        mini::spawn(async move { client.read(&mut [0]).await });
    });
}

#[test]
fn a_thousand_runtimes_leave_nothing_behind() {
    run_child("resources::child_runtimes");
}

#[test]
#[ignore = "run by a_thousand_runtimes_leave_nothing_behind"]
fn child_runtimes() {
    const RUNTIMES: usize = 1_000;
    let _watchdog = Watchdog::start();
    let live_some = |count: usize| {
        for index in 0..count {
            live(if index % 2 == 0 { multi_thread(2) } else { current_thread() });
        }
    };
    live_some(100);
    let (descriptors_before, threads_before, kib_before) = (open_descriptors(), threads(), resident_kib());
    live_some(RUNTIMES - 100);
    assert_eq!(open_descriptors(), descriptors_before);
    // A thread that was joined may be listed for a moment longer.
    while threads() > threads_before {
        std::thread::yield_now();
    }
    let grown = resident_kib().saturating_sub(kib_before);
    assert!(grown < 8 << 10, "{grown} KiB more after {RUNTIMES} runtimes");
}

#[test]
fn a_hundred_thousand_tasks_timers_and_connections_leave_no_memory_behind() {
    run_child("resources::child_tasks");
}

#[test]
#[ignore = "run by a_hundred_thousand_tasks_timers_and_connections_leave_no_memory_behind"]
fn child_tasks() {
    let _watchdog = Watchdog::start();
    for runtime in [multi_thread(2), current_thread()] {
        let work = || async {
            for _ in 0..50 {
                let tasks: Vec<_> = (0..1_000)
                    .map(|index| mini::spawn(mini::time::sleep(Duration::from_nanos(index))))
                    .collect();
                for task in tasks {
                    task.await.expect("no panic");
                }
                for _ in 0..10 {
                    let (client, server) = pair().await.expect("a pair");
                    client.set_zero_linger().expect("no port left in TIME_WAIT");
                    drop((client, server));
                }
            }
        };
        runtime.block_on(work());
        let (descriptors_before, kib_before) = (open_descriptors(), resident_kib());
        runtime.block_on(work());
        assert_eq!(open_descriptors(), descriptors_before);
        let grown = resident_kib().saturating_sub(kib_before);
        assert!(grown < 4 << 10, "{grown} KiB more after as much work again");
    }
}
