//! How child processes end, and who learns of it: waits, kills, drops, orphans.
//!
//! Not what goes through their pipes: see `process_pipes`.

use crate::support::{WakeCount, poll_once, wait_until};
use futures::executor::block_on;
use mini_net::net::unix::pipe;
use mini_net::process::{Child, Command};
use mini_runtime::io::{AsyncBufReadExt, BufReader};
use rustix::process::{Pid, WaitOptions};
use std::io::{self, ErrorKind};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::pin::pin;
use std::process::Stdio;
use std::sync::Arc;
use std::task::{Context, Waker};

/// A child that lives until its standard input ends.
fn patient() -> Command {
    let mut command = Command::new("cat");
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    command
}

/// Whether there is a process by this number, be it a zombie.
fn is_there(id: u32) -> bool {
    Path::new(&format!("/proc/{id}")).exists()
}

fn id_of(child: &Child) -> u32 {
    child.id().expect("not reaped")
}

fn signal(id: u32, signal: rustix::process::Signal) {
    let id = Pid::from_raw(id.try_into().expect("a number of processes")).expect("not zero");
    rustix::process::kill_process(id, signal).expect("a child of ours");
}

#[test]
fn a_missing_or_forbidden_program_is_the_os_error() {
    let start = || Command::new("/no/such/program").spawn();
    let error = start().unwrap_err();
    assert_eq!((error.kind(), error.raw_os_error()), (ErrorKind::NotFound, Some(libc::ENOENT)));
    let error = block_on(Command::new("no-such-program-in-path").output()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = block_on(Command::new("/etc/passwd").status()).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::EACCES));
    let error = Command::new("true").current_dir("/no/such/folder").spawn().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn a_start_that_fails_by_the_users_call_is_his_error() {
    let error = Command::new("true").spawn_with(|_| Err(io::Error::other("not today"))).unwrap_err();
    assert_eq!(error.to_string(), "not today");
}

#[test]
fn the_status_is_told_as_often_as_it_is_asked_for() -> io::Result<()> {
    let mut child = Command::new("sh").args(["-c", "exit 7"]).spawn()?;
    for _ in 0..3 {
        assert_eq!(block_on(child.wait())?.code(), Some(7));
        assert_eq!(child.try_wait()?.and_then(|status| status.code()), Some(7));
    }
    assert_eq!(child.id(), None);
    child.start_kill()?;
    block_on(child.kill())?;
    assert_eq!(block_on(child.wait_with_output())?.status.code(), Some(7));
    Ok(())
}

#[test]
fn a_killed_child_says_by_what() -> io::Result<()> {
    let mut child = patient().spawn()?;
    block_on(child.kill())?;
    assert_eq!(block_on(child.wait())?.signal(), Some(libc::SIGKILL));

    let mut child = patient().spawn()?;
    signal(id_of(&child), rustix::process::Signal::TERM);
    assert_eq!(block_on(child.wait())?.signal(), Some(libc::SIGTERM));
    Ok(())
}

#[test]
fn a_stopped_child_has_not_ended() -> io::Result<()> {
    let mut child = patient().spawn()?;
    let stdin = child.stdin.take();
    signal(id_of(&child), rustix::process::Signal::STOP);
    assert!(poll_once(child.wait()).is_pending());
    drop(stdin);
    assert_eq!(child.try_wait()?, None);
    signal(id_of(&child), rustix::process::Signal::CONT);
    assert!(block_on(child.wait())?.success());
    Ok(())
}

#[test]
fn a_wait_given_up_loses_nothing() -> io::Result<()> {
    let mut child = patient().spawn()?;
    let stdin = child.stdin.take();
    for _ in 0..10 {
        assert!(poll_once(child.wait()).is_pending());
    }
    drop(stdin);
    assert!(block_on(child.wait())?.success());
    Ok(())
}

#[test]
fn the_newest_waiter_is_woken() -> io::Result<()> {
    let mut child = patient().spawn()?;
    let stdin = child.stdin.take();
    let counts = [Arc::new(WakeCount::default()), Arc::new(WakeCount::default())];
    let mut wait = pin!(child.wait());
    for count in &counts {
        let waker = Waker::from(Arc::clone(count));
        assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    drop(stdin);
    wait_until(|| counts[1].get() > 0);
    assert_eq!(counts[0].get(), 0);
    assert!(block_on(wait)?.success());
    Ok(())
}

#[test]
fn a_wait_closes_standard_input_and_a_look_does_not() -> io::Result<()> {
    let mut child = patient().spawn()?;
    assert_eq!(child.try_wait()?, None);
    assert!(child.stdin.is_some());
    assert!(block_on(child.wait())?.success());
    assert!(child.stdin.is_none());
    Ok(())
}

#[test]
fn a_child_dropped_before_its_end_goes_on_and_is_reaped_then() -> io::Result<()> {
    let mut child = patient().spawn()?;
    let (stdin, id) = (child.stdin.take(), id_of(&child));
    drop(child);
    assert!(is_there(id));
    drop(stdin);
    wait_until(|| !is_there(id));
    Ok(())
}

#[test]
fn a_child_dropped_after_its_end_is_reaped_at_once_or_soon() -> io::Result<()> {
    for _ in 0..50 {
        let child = Command::new("true").spawn()?;
        let id = id_of(&child);
        drop(child);
        wait_until(|| !is_there(id));
    }
    Ok(())
}

#[test]
fn a_child_dropped_in_the_middle_of_a_wait_keeps_no_waker() -> io::Result<()> {
    for is_killed in [false, true] {
        let mut child = patient().kill_on_drop(is_killed).spawn()?;
        let (stdin, id) = (child.stdin.take(), id_of(&child));
        let count = Arc::new(WakeCount::default());
        {
            let waker = Waker::from(Arc::clone(&count));
            let mut wait = pin!(child.wait());
            assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        assert_eq!(Arc::strong_count(&count), 2);
        drop(child);
        assert_eq!(Arc::strong_count(&count), 1);
        if !is_killed {
            drop(stdin);
        }
        wait_until(|| !is_there(id));
        assert_eq!(count.get(), 0);
    }
    Ok(())
}

#[test]
fn kill_on_drop_kills_whatever_the_child_is_dropped_in() -> io::Result<()> {
    let mut command = patient();
    command.kill_on_drop(true);

    let child = command.spawn()?;
    let id = id_of(&child);
    drop(child);
    wait_until(|| !is_there(id));

    // Inside of a future, before its first poll and after; the number is what the child itself says.
    let mut speaker = Command::new("sh");
    speaker.args(["-c", "echo $$; exec sleep 600"]).kill_on_drop(true);
    for polls in 0..2 {
        let (writing, reading) = pipe::pipe()?;
        let mut status = Box::pin(speaker.stdout(writing.into_blocking_fd()?).status());
        let mut line = String::new();
        block_on(BufReader::new(reading).read_line(&mut line))?;
        for _ in 0..polls {
            assert!(poll_once(status.as_mut()).is_pending());
        }
        let id = line.trim().parse().expect("a number");
        assert!(is_there(id));
        drop(status);
        wait_until(|| !is_there(id));
    }
    Ok(())
}

#[test]
fn a_child_that_somebody_else_reaped_is_an_error_and_not_a_hang() -> io::Result<()> {
    for is_dropped in [false, true] {
        let mut child = Command::new("true").spawn()?;
        let id = Pid::from_raw(id_of(&child).try_into().expect("a number")).expect("not zero");
        rustix::process::waitpid(Some(id), WaitOptions::empty())?;
        if !is_dropped {
            assert_eq!(block_on(child.wait()).unwrap_err().raw_os_error(), Some(libc::ECHILD));
            assert_eq!(child.try_wait().unwrap_err().raw_os_error(), Some(libc::ECHILD));
        }
    }
    Ok(())
}

#[test]
fn many_children_at_once_are_waited_for_by_many_threads() -> io::Result<()> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                scope.spawn(move || {
                    let children = (0..25).map(|number| {
                        let code = thread * 25 + number;
                        let child = Command::new("sh").args(["-c", &format!("exit {code}")]).spawn();
                        async move { io::Result::Ok((child?.wait().await?.code(), code)) }
                    });
                    for (status, code) in block_on(futures::future::try_join_all(children))? {
                        assert_eq!(status, Some(code));
                    }
                    io::Result::Ok(())
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no panic"))
    })
}
