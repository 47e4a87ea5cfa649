//! Files that are dropped, and runtimes that end, with something under way.

use std::future::Future;
use std::io::{self, ErrorKind, Read};
use std::thread;
use std::time::Duration;

use mini::fs::{self, File};
use mini::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use mini::runtime::is_rt_shutdown_err;

use crate::support::{Watchdog, narrow, occupy, on_each_runtime, pattern, pipe_to_write, poll_once};

#[test]
fn what_was_accepted_is_written_though_the_file_is_dropped() {
    on_each_runtime(|| async {
        let bytes = pattern(300_000);
        let (mut file, mut reading) = pipe_to_write();
        // More than the pipe takes: the write is still under way when the file goes.
        for piece in bytes.chunks(10_000) {
            file.write_all(piece).await?;
        }
        drop(file);
        let mut read = Vec::new();
        reading.read_to_end(&mut read)?;
        assert!(read == bytes);
        Ok(())
    });
}

#[test]
fn what_was_accepted_is_written_though_its_task_is_aborted() {
    let _watchdog = Watchdog::start();
    let runtime = narrow();
    let bytes = pattern(300_000);
    let (mut file, mut reading) = pipe_to_write();
    let accepted = bytes.clone();
    let (begun, has_begun) = std::sync::mpsc::channel();
    let task = runtime.spawn(async move {
        file.write_all(&accepted).await.expect("room");
        begun.send(()).expect("the test waits");
        std::future::pending::<()>().await;
        drop(file);
    });
    has_begun.recv().expect("it writes");
    task.abort();
    let mut read = Vec::new();
    reading.read_to_end(&mut read).expect("the file was closed");
    assert!(read == bytes);
}

#[test]
fn a_runtime_that_is_dropped_waits_for_the_writes_under_way() {
    let _watchdog = Watchdog::start();
    let bytes = pattern(1_000_000);
    let (mut file, mut reading) = pipe_to_write();
    let runtime = narrow();
    runtime.block_on(file.write_all(&bytes)).expect("room");
    let reader = thread::spawn(move || {
        let mut read = vec![0; 1_000_000];
        reading.read_exact(&mut read).map(|()| read)
    });
    drop(runtime);
    assert!(reader.join().expect("no panic").expect("all of it") == bytes);
    drop(file);
}

#[test]
fn a_write_that_queues_when_the_runtime_ends_is_carried_out() {
    let _watchdog = Watchdog::start();
    let dir = tempfile::tempdir().expect("a directory");
    let (whole, piece) = (dir.path().join("whole"), dir.path().join("piece"));
    let runtime = narrow();
    let (mut file, mut reading) = pipe_to_write();
    let mut plain = runtime.block_on(File::create(&piece)).expect("a file");
    let occupied = occupy(&runtime);
    runtime.block_on(async {
        file.write_all(b"last words").await.expect("room");
        plain.write_all(b"more words").await.expect("room");
        assert!(poll_once(fs::write(&whole, "text")).await.is_pending());
    });
    runtime.shutdown_background();
    // The pool is closed, and its one thread has not looked at the three jobs yet.
    drop(occupied);
    drop((file, plain));
    let mut read = String::new();
    reading.read_to_string(&mut read).expect("the file was closed");
    assert_eq!(read, "last words");
    while std::fs::read(&whole).unwrap_or_default() != b"text" {
        thread::yield_now();
    }
    assert_eq!(std::fs::read(&piece).expect("it was made"), b"more words");
}

#[test]
fn after_its_runtime_a_file_says_so_and_goes_on_in_another() {
    let _watchdog = Watchdog::start();
    let named = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(named.path(), "0123456789").expect("room");
    let runtime = narrow();
    let handle = runtime.handle().clone();
    let mut options = File::options();
    options.read(true).write(true);
    let mut file = runtime.block_on(options.open(named.path())).expect("it is there");
    assert_eq!(runtime.block_on(file.read_u8()).expect("a byte"), b'0');

    let occupied = occupy(&runtime);
    runtime.block_on(async { assert!(poll_once(file.read(&mut [0; 4])).await.is_pending()) });
    runtime.shutdown_background();
    drop(occupied);

    let other = narrow();
    let error = other.block_on(file.read(&mut [0; 4])).expect_err("the read was cancelled with its runtime");
    assert!(is_rt_shutdown_err(&error), "{error}");
    assert_eq!(other.block_on(file.read_u8()).expect("a byte"), b'1', "and nothing was lost");

    {
        let _ended = handle.enter();
        says_that_the_runtime_ended(file.write(b"x"));
        // What was read ahead for the byte before must not be counted as read.
        says_that_the_runtime_ended(file.read(&mut [0; 4]));
        says_that_the_runtime_ended(file.rewind());
        says_that_the_runtime_ended(file.set_len(0));
        says_that_the_runtime_ended(fs::read(named.path()));
        says_that_the_runtime_ended(fs::write(named.path(), "x"));
        says_that_the_runtime_ended(fs::read_dir("/"));
        says_that_the_runtime_ended(mini::io::stdout().write_all(b"x"));
        says_that_the_runtime_ended(mini::io::stderr().write_all(b"x"));
        says_that_the_runtime_ended(mini::io::stdin().read_u8());
        says_that_the_runtime_ended(mini::net::lookup_host("localhost:80"));
    }
    other.block_on(async {
        assert_eq!(file.read_u8().await.expect("it goes on"), b'2');
        file.rewind().await.expect("it goes on");
        file.write_all(b"ten").await.expect("room");
        file.flush().await.expect("written");
    });
    assert_eq!(std::fs::read(named.path()).expect("a file"), b"ten3456789");
}

/// Of an operation that is begun when its runtime has ended.
fn says_that_the_runtime_ended<T>(operation: impl Future<Output = io::Result<T>>) {
    let Err(error) = futures::executor::block_on(operation) else { panic!("nobody would carry it out") };
    assert_eq!(error.kind(), ErrorKind::Other);
    assert!(is_rt_shutdown_err(&error), "{error}");
    assert!(error.to_string().contains("the runtime has shut down"), "{error}");
}

#[test]
fn shutdown_with_a_limit_does_not_wait_for_a_pipe_that_nobody_reads() {
    let _watchdog = Watchdog::start();
    let (mut file, mut reading) = pipe_to_write();
    let bytes = pattern(500_000);
    let runtime = narrow();
    runtime.block_on(file.write_all(&bytes)).expect("room");
    runtime.shutdown_timeout(Duration::from_millis(1));
    drop(file);
    let mut read = Vec::new();
    reading.read_to_end(&mut read).expect("written after all");
    assert!(read == bytes);
}

#[test]
fn one_file_is_used_by_two_runtimes_in_turn() {
    let _watchdog = Watchdog::start();
    let named = tempfile::NamedTempFile::new().expect("a file");
    let (one, two) = (narrow(), narrow());
    let mut options = File::options();
    options.read(true).write(true);
    let mut file = one.block_on(options.open(named.path())).expect("it is there");
    for round in 0..20 {
        let (writer, reader) = if round % 2 == 0 { (&one, &two) } else { (&two, &one) };
        let line = format!("line {round}");
        writer.block_on(file.write_all(line.as_bytes())).expect("room");
        reader.block_on(async {
            file.seek(std::io::SeekFrom::Current(-(line.len() as i64))).await.expect("written by then");
            let mut read = String::new();
            file.read_to_string(&mut read).await.expect("text");
            assert_eq!(read, line);
        });
    }
}
