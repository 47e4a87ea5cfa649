//! A kernel that has no pidfd, or does not let this process have one: SIGCHLD tells of ends instead.
//!
//! A filter of system calls stands in for that kernel; it is for good, so each test is a process of its own.

use crate::process_limits::{four_waves, is_childless};
use crate::support::{poll_once, run_child, wait_until};
use futures::executor::block_on;
use mini_net::process::Command;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

/// From now on this thread, and those that it starts, are refused pidfds with `errno`.
fn refuse_pidfds(errno: libc::c_int) -> io::Result<()> {
    let step = |code: u32, jump_if_not: u8, value: u32| libc::sock_filter {
        code: code.try_into().expect("codes are of 16 bits"),
        jt: 0,
        jf: jump_if_not,
        k: value,
    };
    let number = u32::try_from(libc::SYS_pidfd_open).expect("a number of a system call");
    let errno = u32::try_from(errno).expect("errors are above zero");
    let mut filter = [
        // The number stands first in what the filter looks at.
        step(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0),
        step(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, 1, number),
        step(libc::BPF_RET | libc::BPF_K, 0, libc::SECCOMP_RET_ERRNO | errno),
        step(libc::BPF_RET | libc::BPF_K, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: 4, filter: filter.as_mut_ptr() };
    // SAFETY: takes no pointer.
    let is_set = unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) };
    assert_eq!(is_set, 0);
    // SAFETY: the program and its four steps live through the call, which copies them.
    let is_set = unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) };
    if is_set == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Whether a pidfd is open in this process.
fn has_pidfd() -> bool {
    let links = std::fs::read_dir("/proc/self/fd").expect("procfs");
    links.flatten().filter_map(|link| std::fs::read_link(link.path()).ok()).any(|target| {
        let target = target.to_string_lossy();
        target.contains("[pidfd]") || target.starts_with("pidfd:")
    })
}

fn scenarios() -> io::Result<()> {
    assert_eq!(block_on(Command::new("sh").args(["-c", "exit 7"]).status())?.code(), Some(7));
    let output = block_on(Command::new("echo").arg("hello").output())?;
    assert_eq!(output.stdout, b"hello\n");

    let mut child = Command::new("cat").stdin(Stdio::piped()).spawn()?;
    let stdin = child.stdin.take();
    assert!(!has_pidfd());
    for _ in 0..10 {
        assert!(poll_once(child.wait()).is_pending());
    }
    drop(stdin);
    assert!(block_on(child.wait())?.success());

    let mut child = Command::new("sleep").arg("600").spawn()?;
    block_on(child.kill())?;
    assert_eq!(block_on(child.wait())?.signal(), Some(libc::SIGKILL));
    assert!(is_childless());
    four_waves(20)
}

#[test]
fn a_kernel_without_pidfds_is_made_up_for() {
    run_child("without_pidfd::child_on_an_old_kernel");
}

#[test]
#[ignore = "run by a_kernel_without_pidfds_is_made_up_for"]
fn child_on_an_old_kernel() -> io::Result<()> {
    refuse_pidfds(libc::ENOSYS)?;
    scenarios()
}

#[test]
fn a_sandbox_that_forbids_pidfds_is_made_up_for() {
    run_child("without_pidfd::child_in_a_sandbox");
}

#[test]
#[ignore = "run by a_sandbox_that_forbids_pidfds_is_made_up_for"]
fn child_in_a_sandbox() -> io::Result<()> {
    refuse_pidfds(libc::EPERM)?;
    scenarios()
}

#[test]
fn children_of_before_and_after_are_waited_for_side_by_side() {
    run_child("without_pidfd::child_that_is_refused_pidfds_later");
}

#[test]
#[ignore = "run by children_of_before_and_after_are_waited_for_side_by_side"]
fn child_that_is_refused_pidfds_later() -> io::Result<()> {
    let mut before = Command::new("cat").stdin(Stdio::piped()).spawn()?;
    let orphan = Command::new("cat").stdin(Stdio::piped()).spawn();
    assert!(has_pidfd());
    refuse_pidfds(libc::ENOSYS)?;
    let mut after = Command::new("cat").stdin(Stdio::piped()).spawn()?;
    let (first, second) = block_on(futures::future::join(before.wait(), after.wait()));
    assert!(first?.success() && second?.success());
    // Its pidfd is given up when it is orphaned, and there is no other to be had.
    drop(orphan);
    wait_until(is_childless);
    Ok(())
}
