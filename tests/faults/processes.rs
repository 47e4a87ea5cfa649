//! Child processes on both schedulers: ends, kills and drops, in tasks that are aborted and runtimes that go away.
//!
//! Not the parts by themselves, which `net/tests` drives under a foreign executor.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;

use futures::executor::block_on;
use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::process::{Child, Command};
use mini::runtime::Runtime;
use mini::task::JoinSet;
use rustix::io::Errno;
use rustix::process::{WaitId, WaitIdOptions, waitid};

use crate::support::{
    Watchdog, current_thread, given_up_after, keep_busy, multi_thread, on_each_runtime, open_descriptors,
    poll_once, run_child, threads,
};

/// A child that lives until its standard input ends.
fn patient() -> Command {
    let mut command = Command::new("cat");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// Waits, by yielding, until there is no process by this number, be it a zombie.
fn wait_until_gone(id: u32) {
    while Path::new(&format!("/proc/{id}")).exists() {
        thread::yield_now();
    }
}

/// Waits, by yielding, until this process has no child, be it a zombie.
fn wait_until_childless() {
    let any = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    while !matches!(waitid(WaitId::All, any), Err(Errno::CHILD)) {
        thread::yield_now();
    }
}

fn id_of(child: &Child) -> u32 {
    child.id().expect("not reaped")
}

#[test]
fn children_talk_and_end_on_each_runtime() {
    on_each_runtime(|| async {
        let mut child = patient().spawn()?;
        let mut stdin = child.stdin.take().expect("it is piped");
        let mut stdout = child.stdout.take().expect("it is piped");
        for number in 0..10 {
            stdin.write_u32(number).await?;
            assert_eq!(stdout.read_u32().await?, number);
        }
        drop(stdin);
        assert!(child.wait().await?.success());
        assert_eq!(stdout.read(&mut [0]).await?, 0);
        Ok(())
    });
}

#[test]
fn a_child_that_ends_while_everybody_is_busy_is_heard_of() {
    on_each_runtime(|| async {
        let is_over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let busy = std::sync::Arc::clone(&is_over);
        let busy = mini::spawn(async move { keep_busy(&busy).await });
        let output = Command::new("echo").arg("hello").output().await?;
        assert_eq!(output.stdout, b"hello\n");
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        busy.await.map_err(io::Error::other)
    });
}

#[test]
fn a_task_that_waits_for_one_that_has_ended_spends_its_budget() {
    on_each_runtime(|| async {
        let mut child = Command::new("true").spawn()?;
        child.wait().await?;
        // Without a budget this never comes to its end.
        mini::join!(
            biased;
            async {
                let is_pending = std::future::poll_fn(|_| {
                    let is_pending = (0..10_000).any(|_| poll_once(child.wait()).is_pending());
                    std::task::Poll::Ready(is_pending)
                });
                assert!(is_pending.await);
            },
            mini::task::yield_now(),
        );
        Ok(())
    });
}

#[test]
fn an_aborted_wait_kills_or_orphans_its_child() {
    on_each_runtime(|| async {
        for is_killed in [true, false] {
            let mut child = patient().kill_on_drop(is_killed).spawn()?;
            let (id, stdin) = (id_of(&child), child.stdin.take());
            let waiting = mini::spawn(async move { child.wait().await });
            mini::task::yield_now().await;
            waiting.abort();
            assert!(waiting.await.expect_err("it was aborted").is_cancelled());
            if !is_killed {
                drop(stdin);
            }
            wait_until_gone(id);
        }
        Ok(())
    });
}

#[test]
fn a_wait_given_up_and_begun_again_has_the_status() {
    on_each_runtime(|| async {
        let mut child = Command::new("sh").args(["-c", "read go; exit 7"]).stdin(Stdio::piped()).spawn()?;
        let stdin = child.stdin.take();
        for _ in 0..3 {
            assert!(given_up_after(1, child.wait()).await.is_none());
        }
        drop(stdin);
        assert_eq!(child.wait().await?.code(), Some(7));
        Ok(())
    });
}

#[test]
fn a_child_outlives_its_runtime_and_is_waited_for_in_another_and_outside() {
    let _watchdog = Watchdog::start();
    for runtime in [multi_thread(2), current_thread()] {
        let start = |_| {
            let mut child = patient().spawn().expect("a child");
            let stdin = child.stdin.take();
            // A waker of the runtime is left behind.
            assert!(poll_once(child.wait()).is_pending());
            (child, stdin)
        };
        let mut children: Vec<_> = runtime.block_on(async { (0..4).map(start).collect() });
        drop(runtime);
        let mut next = || children.pop().expect("four of them").0;
        assert!(multi_thread(1).block_on(next().wait()).expect("its end").success());
        assert!(current_thread().block_on(next().wait()).expect("its end").success());
        assert!(block_on(next().wait()).expect("its end").success());
        let (child, stdin) = children.pop().expect("one is left");
        let id = id_of(&child);
        drop(child);
        drop(stdin);
        wait_until_gone(id);
    }
}

#[test]
fn a_wait_under_way_elsewhere_survives_the_childs_runtime() {
    let _watchdog = Watchdog::start();
    for runtime in [multi_thread(2), current_thread()] {
        let mut child = runtime.block_on(async { patient().spawn() }).expect("a child");
        let stdin = child.stdin.take();
        let (begun, has_begun) = mpsc::channel();
        let waiter = thread::spawn(move || {
            assert!(poll_once(child.wait()).is_pending());
            begun.send(()).expect("the test waits");
            block_on(child.wait())
        });
        has_begun.recv().expect("it begins");
        drop(runtime);
        drop(stdin);
        assert!(waiter.join().expect("no panic").expect("its end").success());
    }
}

#[test]
fn a_runtime_that_ends_kills_or_orphans_what_its_tasks_wait_for() {
    let _watchdog = Watchdog::start();
    for runtime in [multi_thread(2), current_thread()] {
        let mut inputs = Vec::new();
        let mut ids = Vec::new();
        runtime.block_on(async {
            for is_killed in [true, false] {
                let mut child = patient().kill_on_drop(is_killed).spawn().expect("a child");
                let stdin = child.stdin.take();
                ids.push(id_of(&child));
                inputs.extend(stdin.filter(|_| !is_killed));
                mini::spawn(async move { child.wait_with_output().await });
            }
            mini::task::yield_now().await;
        });
        drop(runtime);
        wait_until_gone(ids[0]);
        assert!(Path::new(&format!("/proc/{}", ids[1])).exists());
        drop(inputs);
        wait_until_gone(ids[1]);
    }
}

/// Children of all fates at once: waited for, killed, given up, and in tasks that are aborted.
async fn all_fates(count: usize) -> io::Result<()> {
    let (mut waits, mut given_up) = (JoinSet::new(), JoinSet::new());
    let mut left = Vec::new();
    for index in 0..count {
        let mut child = patient().kill_on_drop(index % 4 == 3).spawn()?;
        match index % 4 {
            0 => drop(waits.spawn(async move { child.wait().await.map(|status| status.success()) })),
            1 => drop(waits.spawn(async move { child.kill().await.map(|()| true) })),
            2 => left.push(child),
            _ => drop(given_up.spawn(async move { child.wait_with_output().await })),
        }
    }
    drop(left);
    given_up.shutdown().await;
    while let Some(ended) = waits.join_next().await {
        assert!(ended.map_err(io::Error::other)??);
    }
    Ok(())
}

#[test]
fn a_thousand_children_leave_no_zombie_no_descriptor_and_no_thread_on_each_runtime() {
    run_child("processes::child_of_a_thousand");
}

#[test]
#[ignore = "run by a_thousand_children_leave_no_zombie_no_descriptor_and_no_thread_on_each_runtime"]
fn child_of_a_thousand() {
    let _watchdog = Watchdog::start();
    let live = |runtime: &Runtime, count: usize| {
        runtime
            .block_on(async { mini::spawn(all_fates(count)).await })
            .expect("no panic")
            .expect("all fates");
        // Nobody runs the runtime meanwhile: the orphans are reaped all the same.
        wait_until_childless();
    };
    for runtime in [multi_thread(2), current_thread()] {
        live(&runtime, 4);
        let before = (open_descriptors(), threads());
        for _ in 0..4 {
            live(&runtime, 125);
        }
        assert_eq!((open_descriptors(), threads()), before);
    }
}
