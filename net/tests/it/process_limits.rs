//! A thousand children, and children at the limit of descriptors: what is left of them is counted exactly.
//!
//! Each test is a process of its own, which has no children but those it starts: see `limits`.

use crate::support::{open_descriptors, poll_once, run_child, wait_until};
use futures::executor::block_on;
use futures::future::try_join_all;
use mini_net::process::{Child, Command};
use mini_net::signal::unix::{SignalKind, signal};
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, WaitId, WaitIdOptions, setrlimit, waitid};
use std::fs::File;
use std::io;
use std::process::Stdio;

/// A wave of children that are there at the same time.
const WAVE: usize = 250;

/// Whether this process has no child, be it a zombie.
pub fn is_childless() -> bool {
    let any = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    matches!(waitid(WaitId::All, any), Err(Errno::CHILD))
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("procfs").count()
}

/// Starts children that live until their standard input ends.
fn wave(count: usize, is_killed_on_drop: bool) -> io::Result<Vec<Child>> {
    let mut command = Command::new("cat");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).kill_on_drop(is_killed_on_drop);
    (0..count).map(|_| command.spawn()).collect()
}

/// Four waves: waited for to their ends; killed; left alone to end later; killed by being dropped.
pub fn four_waves(count: usize) -> io::Result<()> {
    let mut children = wave(count, false)?;
    for status in block_on(try_join_all(children.iter_mut().map(Child::wait)))? {
        assert!(status.success());
    }
    let mut children = wave(count, false)?;
    block_on(try_join_all(children.iter_mut().map(Child::kill)))?;
    assert!(is_childless());

    let mut children = wave(count, false)?;
    let inputs: Vec<_> = children.iter_mut().map(|child| child.stdin.take()).collect();
    for child in &mut children[..count / 2] {
        assert!(poll_once(child.wait()).is_pending());
    }
    drop(children);
    assert!(!is_childless());
    drop(inputs);
    wait_until(is_childless);

    drop(wave(count, true)?);
    wait_until(is_childless);
    Ok(())
}

#[test]
fn a_thousand_children_leave_no_zombie_no_descriptor_and_no_thread() {
    run_child("process_limits::child_of_a_thousand");
}

#[test]
#[ignore = "run by a_thousand_children_leave_no_zombie_no_descriptor_and_no_thread"]
fn child_of_a_thousand() -> io::Result<()> {
    // Opens what is opened once: the reactor.
    four_waves(1)?;
    let before = (open_descriptors(), threads());
    four_waves(WAVE)?;
    assert_eq!((open_descriptors(), threads()), before);
    Ok(())
}

/// Leaves no descriptor, but for the reactor and what else is open by now.
fn fill_descriptors() -> io::Result<Vec<File>> {
    let limit = Some(u64::try_from(open_descriptors() + 8).expect("a small number"));
    setrlimit(Resource::Nofile, Rlimit { current: limit, maximum: limit })?;
    let mut fillers = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        fillers.push(file);
    }
    Ok(fillers)
}

/// Starts a process with all streams inherited, which takes no descriptor.
fn start(program: &str) -> io::Result<Child> {
    Command::new(program).spawn()
}

#[test]
fn a_child_that_cannot_be_watched_is_an_error_and_is_reaped_later() {
    run_child("process_limits::child_without_descriptors");
}

#[test]
#[ignore = "run by a_child_that_cannot_be_watched_is_an_error_and_is_reaped_later"]
fn child_without_descriptors() -> io::Result<()> {
    block_on(start("true")?.wait())?;
    let before = open_descriptors();
    let fillers = fill_descriptors()?;
    for _ in 0..10 {
        // There is room neither for its pidfd nor for what SIGCHLD needs.
        let error = start("cat").unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EMFILE));
    }
    drop(fillers);
    // Each start looks at those that nobody could watch.
    wait_until(|| {
        block_on(start("true").expect("there is room again").wait()).expect("its end");
        is_childless()
    });
    assert_eq!(open_descriptors(), before);
    Ok(())
}

#[test]
fn without_descriptors_sigchld_tells_of_ends() {
    run_child("process_limits::child_with_sigchld");
}

#[test]
#[ignore = "run by without_descriptors_sigchld_tells_of_ends"]
fn child_with_sigchld() -> io::Result<()> {
    // What it needs is open by then.
    let _listener = signal(SignalKind::child())?;
    block_on(start("true")?.wait())?;
    let _fillers = fill_descriptors()?;
    for _ in 0..10 {
        assert!(block_on(start("true")?.wait())?.success());
    }
    drop((0..10).map(|_| start("true")).collect::<io::Result<Vec<_>>>()?);
    wait_until(is_childless);
    Ok(())
}

#[test]
fn a_child_whose_pipes_find_no_room_is_an_error_and_leaves_nothing() {
    run_child("process_limits::child_without_room_for_pipes");
}

#[test]
#[ignore = "run by a_child_whose_pipes_find_no_room_is_an_error_and_leaves_nothing"]
fn child_without_room_for_pipes() -> io::Result<()> {
    four_waves(1)?;
    let before = open_descriptors();
    let mut fillers = fill_descriptors()?;
    let limit = fillers.len();
    for _ in 0..limit {
        fillers.pop();
        match wave(1, false) {
            Ok(children) => drop(children),
            Err(error) => assert_eq!(error.raw_os_error(), Some(libc::EMFILE)),
        }
    }
    wait_until(|| {
        block_on(start("true").expect("there is room again").wait()).expect("its end");
        is_childless()
    });
    assert_eq!(open_descriptors(), before);
    Ok(())
}
