//! What goes through the pipes of child processes, and how it ends.

use crate::support::poll_once;
use futures::executor::block_on;
use mini_net::process::{ChildStderr, ChildStdin, ChildStdout, Command};
use mini_runtime::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use std::io::{self, ErrorKind, IoSlice};
use std::os::fd::{AsFd, AsRawFd};
use std::process::Stdio;

/// More than any pipe holds.
const PLENTY: usize = 1 << 20;

#[test]
fn a_child_that_ends_while_it_is_written_to_is_a_broken_pipe() -> io::Result<()> {
    let mut child = Command::new("true").stdin(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().expect("it is piped");
    block_on(async {
        assert_eq!(stdin.write_all(&vec![0; PLENTY]).await.unwrap_err().kind(), ErrorKind::BrokenPipe);
        assert_eq!(stdin.write(b"x").await.unwrap_err().kind(), ErrorKind::BrokenPipe);
        let bufs = [IoSlice::new(b"x"), IoSlice::new(b"y")];
        assert_eq!(stdin.write_vectored(&bufs).await.unwrap_err().kind(), ErrorKind::BrokenPipe);
        assert!(child.wait().await?.success());
        Ok(())
    })
}

#[test]
fn a_writer_that_waits_learns_that_the_child_was_killed() -> io::Result<()> {
    let mut child = Command::new("sleep").arg("600").stdin(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().expect("it is piped");
    block_on(async {
        let bytes = vec![0; PLENTY];
        let mut writing = std::pin::pin!(stdin.write_all(&bytes));
        assert!(poll_once(writing.as_mut()).is_pending());
        let (written, killed) = futures::join!(writing, child.kill());
        assert_eq!(written.unwrap_err().kind(), ErrorKind::BrokenPipe);
        killed
    })
}

#[test]
fn a_child_that_closes_its_input_and_lives_on_is_a_broken_pipe() -> io::Result<()> {
    let mut child = Command::new("sh")
        .args(["-c", "exec 0<&-; echo closed; exec sleep 600"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    block_on(async {
        assert_eq!(lines.next_line().await?.as_deref(), Some("closed"));
        assert_eq!(stdin.write_all(b"x").await.unwrap_err().kind(), ErrorKind::BrokenPipe);
        assert_eq!(child.try_wait()?, None);
        Ok(())
    })
}

#[test]
fn a_reader_gets_what_a_killed_child_has_left() -> io::Result<()> {
    let script = "echo last words; exec sleep 600";
    let mut child = Command::new("sh").args(["-c", script]).stdout(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    block_on(async {
        assert_eq!(lines.next_line().await?.as_deref(), Some("last words"));
        child.kill().await?;
        assert_eq!(lines.next_line().await?, None);
        Ok(())
    })
}

#[test]
fn large_output_and_errors_at_once_do_not_block_each_other() -> io::Result<()> {
    // By turns, each more than a pipe holds: who reads one after the other waits for ever.
    let script = "for turn in 1 2 3 4; do head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; done";
    let output = block_on(Command::new("sh").args(["-c", script]).output())?;
    assert!(output.status.success());
    assert_eq!((output.stdout.len(), output.stderr.len()), (1_200_000, 1_200_000));
    Ok(())
}

#[test]
fn what_goes_in_comes_out_while_both_wait_for_each_other() -> io::Result<()> {
    let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut stdout = child.stdout.take().expect("it is piped");
    let bytes: Vec<u8> = (0..PLENTY).map(|index| (index % 251) as u8).collect();
    block_on(async {
        let write = async {
            stdin.write_all(&bytes).await?;
            stdin.shutdown().await?;
            drop(stdin);
            io::Result::Ok(())
        };
        let mut echoed = Vec::new();
        let (written, read) = futures::join!(write, stdout.read_to_end(&mut echoed));
        written?;
        assert_eq!(read?, PLENTY);
        assert!(echoed == bytes);
        assert!(child.wait().await?.success());
        Ok(())
    })
}

#[test]
fn output_waits_for_everybody_who_has_the_pipe() -> io::Result<()> {
    // The child ends at once; the one that it started speaks when the first is gone.
    let script = "(while kill -0 $$ 2>/dev/null; do :; done; echo after) & ";
    let output = block_on(Command::new("sh").args(["-c", script]).output())?;
    assert_eq!(output.stdout, b"after\n");
    Ok(())
}

#[test]
fn pipes_of_std_serve_and_are_given_back_blocking() -> io::Result<()> {
    let mut child = std::process::Command::new("sh")
        .args(["-c", "cat; echo alas >&2"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stdin = ChildStdin::from_std(child.stdin.take().expect("it is piped"))?;
    let mut stdout = ChildStdout::from_std(child.stdout.take().expect("it is piped"))?;
    let stderr = ChildStderr::from_std(child.stderr.take().expect("it is piped"))?;
    assert_eq!(stdin.as_fd().as_raw_fd(), stdin.as_raw_fd());
    assert!(is_nonblocking(&stdout)? && is_nonblocking(&stderr)?);
    block_on(async {
        stdin.write_all(b"hello").await?;
        let stdin = stdin.into_owned_fd()?;
        assert!(!is_nonblocking(&stdin)?);
        let mut heard = [0; 5];
        stdout.read_exact(&mut heard).await?;
        assert_eq!(&heard, b"hello");
        io::Result::Ok(())
    })?;
    child.wait()?;
    let mut said = String::new();
    io::Read::read_to_string(&mut std::fs::File::from(stderr.into_owned_fd()?), &mut said)?;
    assert_eq!(said, "alas\n");
    Ok(())
}

fn is_nonblocking(fd: &impl AsFd) -> io::Result<bool> {
    socket2::SockRef::from(fd).nonblocking()
}

#[test]
fn children_are_joined_by_their_pipes() -> io::Result<()> {
    let mut speaker = Command::new("echo").arg("hello").stdout(Stdio::piped()).spawn()?;
    let said: Stdio = speaker.stdout.take().expect("it is piped").try_into()?;
    let output = block_on(Command::new("tr").args(["a-z", "A-Z"]).stdin(said).output())?;
    assert_eq!(output.stdout, b"HELLO\n");
    assert!(block_on(speaker.wait())?.success());

    let mut listener = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let ears: Stdio = listener.stdin.take().expect("it is piped").try_into()?;
    let script = "echo out; echo err >&2";
    let mut speaker = Command::new("sh").args(["-c", script]).stdout(ears).stderr(Stdio::piped()).spawn()?;
    let anger: Stdio = speaker.stderr.take().expect("it is piped").try_into()?;
    assert!(block_on(speaker.wait())?.success());
    assert_eq!(block_on(listener.wait_with_output())?.stdout, b"out\n");
    assert_eq!(block_on(Command::new("cat").stdin(anger).output())?.stdout, b"err\n");
    Ok(())
}
