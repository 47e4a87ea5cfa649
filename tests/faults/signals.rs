//! Signals, in a child process that a test sends them to.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use mini::signal::ctrl_c;
use mini::signal::unix::{SignalKind, signal};

use crate::support::{Watchdog, child_arguments, current_thread, multi_thread};

/// What a child prints when its handlers stand.
const READY: &str = "handlers stand";

/// Starts the child, sends it these signals, one at each line that says that it is ready, and waits for its end.
fn signalled_child(name: &str, signals: &[&str]) {
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args(child_arguments(name))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child runs");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    for signal in signals {
        let is_ready = lines.by_ref().any(|line| line.is_ok_and(|line| line.contains(READY)));
        assert!(is_ready, "the child ended before it was ready");
        let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
    }
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    let status = child.wait().expect("its end");
    assert!(status.success(), "{status}: {rest:?}");
    assert!(rest.iter().any(|line| line.contains("1 passed")), "{rest:?}");
}

fn say_ready() {
    println!("{READY}");
}

#[test]
fn ctrl_c_completes_on_each_runtime() {
    let _watchdog = Watchdog::start();
    signalled_child("signals::child_ctrl_c", &["INT", "INT"]);
}

#[test]
#[ignore = "run by ctrl_c_completes_on_each_runtime"]
fn child_ctrl_c() {
    let _watchdog = Watchdog::start();
    for runtime in [multi_thread(2), current_thread()] {
        runtime.block_on(async {
            let mut pressed = std::pin::pin!(ctrl_c());
            assert!(futures::poll!(pressed.as_mut()).is_pending());
            say_ready();
            pressed.await.expect("a handler");
        });
    }
}

#[test]
fn every_runtime_of_a_process_hears_a_signal() {
    let _watchdog = Watchdog::start();
    signalled_child("signals::child_of_many_runtimes", &["TERM", "USR1"]);
}

#[test]
#[ignore = "run by every_runtime_of_a_process_hears_a_signal"]
fn child_of_many_runtimes() {
    let _watchdog = Watchdog::start();
    let runtimes = [multi_thread(2), multi_thread(1)];
    for kind in [SignalKind::terminate(), SignalKind::user_defined1()] {
        let heard: Vec<_> = runtimes
            .iter()
            .map(|runtime| {
                let mut signals = runtime.block_on(async { signal(kind) }).expect("a handler");
                runtime.spawn(async move { signals.recv().await })
            })
            .collect();
        say_ready();
        for heard in heard {
            assert_eq!(futures::executor::block_on(heard).expect("no panic"), Some(()));
        }
        // A runtime that is gone does not stop the next from hearing.
        drop(multi_thread(1));
    }
}
