//! Standard input, output and error: this program starts itself with streams of its own choice, and looks at what the
//! child did with them.
//!
//! Without the test harness, which writes to the standard output itself. Run without arguments it is the tests; with
//! the name of a part it plays that. A child that hangs ends itself.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // It is what the tests do.

use std::fs::File;
use std::io::{self, Write};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use mini::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, stderr, stdin, stdout};
use mini::runtime::{Builder, Runtime};

/// A part: its name, what the child does, and the test that starts it and looks.
type Part = (&'static str, fn() -> io::Result<()>, fn(Command));

const PARTS: &[Part] = &[
    ("copy", copy, what_comes_in_goes_out),
    ("lines", lines, lines_are_read_one_by_one),
    ("unflushed", unflushed, what_was_accepted_is_written_before_the_runtime_ends),
    ("errors", errors, standard_error_is_another_stream),
    ("full", full, a_full_disk_is_reported_by_the_flush),
    ("waiting", waiting, a_read_that_never_ends_does_not_stop_a_shutdown_in_the_background),
    ("together", together, what_one_write_accepts_stays_together),
    ("descriptors", descriptors, the_handles_are_the_three_descriptors),
];

fn main() {
    let Some(name) = std::env::args().nth(1).filter(|name| !name.starts_with('-')) else {
        for (name, _, test) in PARTS {
            let mut command = Command::new(std::env::current_exe().expect("this program"));
            command.arg(name).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            test(command);
            println!("{name}: ok");
        }
        return;
    };
    thread::spawn(|| {
        thread::sleep(Duration::from_secs(60));
        let _ = writeln!(io::stderr(), "hangs");
        std::process::abort();
    });
    let (_, part, _) = PARTS.iter().find(|part| part.0 == name).expect("the name of a part");
    part().expect("no error");
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// What the child says when it is fed this.
fn fed(mut command: Command, input: &[u8]) -> Output {
    let mut child = command.spawn().expect("a child");
    let mut to_child = child.stdin.take().expect("a pipe");
    thread::scope(|scope| {
        scope.spawn(move || {
            // A child that does not listen is no failure of this test.
            let _ = to_child.write_all(input);
        });
        ended(child)
    })
}

fn ended(child: Child) -> Output {
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn copy() -> io::Result<()> {
    runtime().block_on(async {
        mini::io::copy(&mut stdin(), &mut stdout()).await?;
        stdout().flush().await
    })
}

fn what_comes_in_goes_out(command: Command) {
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|at| (at * 7 + at / 251) as u8).collect();
    assert!(fed(command, &bytes).stdout == bytes);
}

fn lines() -> io::Result<()> {
    runtime().block_on(async {
        let mut lines = BufReader::new(stdin()).lines();
        let mut out = stdout();
        while let Some(line) = lines.next_line().await? {
            out.write_all(format!("<{line}>\n").as_bytes()).await?;
        }
        assert_eq!(stdin().read(&mut [0]).await?, 0, "the end, for another handle too");
        out.shutdown().await
    })
}

fn lines_are_read_one_by_one(command: Command) {
    assert_eq!(fed(command, b"one\n\nthree").stdout, b"<one>\n<>\n<three>\n");
}

const PIECES: usize = 20_000;

fn unflushed() -> io::Result<()> {
    let runtime = runtime();
    runtime.block_on(async {
        let mut out = stdout();
        for number in 0..PIECES {
            out.write_all(format!("piece {number}; ").as_bytes()).await?;
        }
        io::Result::Ok(())
    })?;
    drop(runtime);
    // What std keeps back for want of a line's end is its own to flush, and does so at the end of `main`.
    Ok(())
}

fn what_was_accepted_is_written_before_the_runtime_ends(command: Command) {
    let expected: String = (0..PIECES).map(|number| format!("piece {number}; ")).collect();
    assert!(fed(command, b"").stdout == expected.as_bytes());
}

fn errors() -> io::Result<()> {
    runtime().block_on(async {
        let mut out = stderr();
        out.write_all(b"something ").await?;
        out.write_all(b"is amiss").await?;
        out.flush().await
    })
}

fn standard_error_is_another_stream(command: Command) {
    let output = fed(command, b"");
    assert_eq!((&output.stdout[..], &output.stderr[..]), (&b""[..], &b"something is amiss"[..]));
}

fn full() -> io::Result<()> {
    runtime().block_on(async {
        let mut out = stdout();
        // Not a whole line: std keeps it, and it is the flush that fails.
        out.write_all(b"text").await?;
        let error = out.flush().await.expect_err("a full disk");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        let mut out = stdout();
        out.write_all(b"a line\n").await?;
        assert!(out.shutdown().await.is_err());
        io::Result::Ok(())
    })
}

fn a_full_disk_is_reported_by_the_flush(mut command: Command) {
    // Where there is no such device there is nothing to be seen.
    if let Ok(device) = File::options().write(true).open("/dev/full") {
        command.stdout(device);
        fed(command, b"");
    }
}

fn waiting() -> io::Result<()> {
    let runtime = runtime();
    runtime.block_on(async {
        let mut input = stdin();
        assert_eq!(input.read_u8().await?, b'!');
        let task = mini::spawn(async move { input.read_u8().await });
        mini::task::yield_now().await;
        task.abort();
        let mut out = stdout();
        out.write_all(b"still waiting\n").await?;
        out.flush().await
    })?;
    runtime.shutdown_background();
    Ok(())
}

fn a_read_that_never_ends_does_not_stop_a_shutdown_in_the_background(mut command: Command) {
    let mut child = command.spawn().expect("a child");
    // Kept open until the child has ended.
    let mut to_child = child.stdin.take().expect("a pipe");
    to_child.write_all(b"!").expect("room");
    assert_eq!(ended(child).stdout, b"still waiting\n");
    drop(to_child);
}

const LINE: usize = 1000;

fn together() -> io::Result<()> {
    runtime().block_on(async {
        let mut writers = mini::task::JoinSet::new();
        for letter in b'a'..=b'j' {
            writers.spawn(async move {
                let mut line = [letter; LINE];
                line[LINE - 1] = b'\n';
                let mut out = stdout();
                for _ in 0..50 {
                    out.write_all(&line).await?;
                }
                out.flush().await
            });
        }
        while let Some(ended) = writers.join_next().await {
            ended.expect("no panic")?;
        }
        Ok(())
    })
}

fn what_one_write_accepts_stays_together(command: Command) {
    let output = fed(command, b"").stdout;
    assert_eq!(output.len(), 10 * 50 * LINE);
    for line in output.chunks(LINE) {
        assert!(line[..LINE - 1].iter().all(|byte| *byte == line[0]), "a line was cut");
    }
}

#[cfg(unix)]
fn descriptors() -> io::Result<()> {
    use std::os::fd::{AsFd, AsRawFd};
    let of_each = [stdin().as_raw_fd(), stdout().as_raw_fd(), stderr().as_raw_fd()];
    let lent = [stdin().as_fd().as_raw_fd(), stdout().as_fd().as_raw_fd(), stderr().as_fd().as_raw_fd()];
    assert_eq!((of_each, lent), ([0, 1, 2], [0, 1, 2]));
    Ok(())
}

#[cfg(not(unix))]
fn descriptors() -> io::Result<()> {
    Ok(())
}

fn the_handles_are_the_three_descriptors(command: Command) {
    assert_eq!(fed(command, b"").stdout, b"");
}
