//! Small jobs for a kernel that refuses: `cargo xtask faults` runs each under strace, which makes system calls fail.
//!
//! Not a test by itself: run without arguments, as `cargo test` does, each job runs on a kernel that refuses nothing,
//! and must report no error. With the name of a job it runs that one and prints how many errors reached its user;
//! all else that a job is meant to do it must do in spite of the faults, or it panics.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // Speaks to xtask.

use std::io;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::{TcpListener, TcpStream};
use mini::process::Command;
use mini::runtime::{Builder, Runtime};
use rustix::io::Errno;
use rustix::process::{WaitId, WaitIdOptions, waitid};

/// A job: its name, and what it does. It returns how many errors its user saw.
type Job = (&'static str, fn() -> usize);

const JOBS: &[Job] = &[
    ("accept", accept),
    ("echo", echo),
    ("talk", talk),
    ("connect", connect),
    ("build", build),
    ("register", register),
    ("threads", threads),
    ("children", children),
    ("start", start),
];

fn main() {
    std::thread::spawn(|| {
        std::thread::sleep(Duration::from_secs(60));
        println!("hangs");
        std::process::abort();
    });
    match std::env::args().nth(1).and_then(|name| JOBS.iter().find(|job| job.0 == name)) {
        Some((_, job)) => println!("errors: {}", job()),
        None => {
            for (name, job) in JOBS {
                assert_eq!(job(), 0, "{name}: errors out of nothing");
            }
        }
    }
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("procfs").count()
}

/// A server that goes on after errors, and clients that must all be served.
fn accept() -> usize {
    const CLIENTS: usize = 10;
    multi_thread().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| mini::spawn(async move { TcpStream::connect(address).await?.read_u8().await }))
            .collect();
        let server = mini::spawn(async move {
            let (mut errors, mut served) = (0, 0);
            while served < CLIENTS {
                match listener.accept().await {
                    Ok((mut stream, _)) => {
                        stream.write_all(b"x").await.expect("a write");
                        served += 1;
                    }
                    Err(_) => errors += 1,
                }
            }
            errors
        });
        for client in clients {
            assert_eq!(client.await.expect("no panic").expect("served"), b'x');
        }
        server.await.expect("no panic")
    })
}

/// Sends numbers there and back.
async fn converse() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut client = TcpStream::connect(listener.local_addr()?).await?;
    let (mut server, _) = listener.accept().await?;
    let answers = mini::spawn(async move {
        loop {
            let number = server.read_u32().await?;
            server.write_u32(number + 1).await?;
        }
        #[allow(unreachable_code)]
        io::Result::Ok(())
    });
    for number in 0..20 {
        client.write_u32(number).await?;
        assert_eq!(client.read_u32().await?, number + 1, "bytes were lost or came twice");
        mini::time::sleep(Duration::from_micros(100)).await;
    }
    drop(client);
    let end = answers.await?.unwrap_err();
    if end.kind() == io::ErrorKind::UnexpectedEof { Ok(()) } else { Err(end) }
}

/// Conversations that no fault may disturb.
fn echo() -> usize {
    for runtime in [multi_thread(), current_thread()] {
        for _ in 0..3 {
            runtime
                .block_on(async { mini::spawn(converse()).await })
                .expect("no panic")
                .expect("a conversation");
        }
    }
    0
}

/// Conversations of which some may break; the others must not notice.
fn talk() -> usize {
    let runtime = multi_thread();
    runtime.block_on(async {
        let talks: Vec<_> = (0..10).map(|_| mini::spawn(converse())).collect();
        let mut errors = 0;
        for talk in talks {
            errors += usize::from(talk.await.expect("no panic").is_err());
        }
        // Whatever happened, the runtime is as good as new.
        mini::spawn(async {}).await.expect("no panic");
        errors
    })
}

/// Connects until it works; what was refused leaves no descriptor behind.
fn connect() -> usize {
    current_thread().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let before = open_descriptors();
        for errors in 0.. {
            match TcpStream::connect(address).await {
                Ok(_) => return errors,
                Err(_) => assert_eq!(open_descriptors(), before),
            }
        }
        unreachable!()
    })
}

/// Builds a runtime until it works; what was refused leaves neither a descriptor nor a thread that runs.
fn build() -> usize {
    let before = open_descriptors();
    for errors in 0.. {
        match Builder::new_multi_thread().worker_threads(2).enable_all().build() {
            Ok(runtime) => {
                runtime.block_on(converse()).expect("a conversation");
                return errors;
            }
            Err(error) => {
                assert!(error.raw_os_error().is_some(), "the system's own error: {error}");
                assert_eq!(open_descriptors(), before);
            }
        }
    }
    unreachable!()
}

/// Registers a listener until it works.
fn register() -> usize {
    current_thread().block_on(async {
        let before = open_descriptors();
        for errors in 0.. {
            match TcpListener::bind("127.0.0.1:0").await {
                Ok(_) => {
                    converse().await.expect("a conversation");
                    return errors;
                }
                Err(_) => assert_eq!(open_descriptors(), before),
            }
        }
        unreachable!()
    })
}

/// Blocking work while threads are refused: an error with none alive, a queue behind one that is.
fn threads() -> usize {
    let runtime = current_thread();
    let mut errors = 0;
    let (release, released) = mpsc::channel::<()>();
    let mut released = Some(released);
    let running = loop {
        let work = std::panic::AssertUnwindSafe(|| {
            let released = released.take().unwrap_or_else(|| mpsc::channel().1);
            runtime.spawn_blocking(move || released.recv())
        });
        match std::panic::catch_unwind(work) {
            Ok(running) => break running,
            Err(payload) => {
                let message = payload.downcast::<String>().expect("a message");
                assert!(message.contains("limit on threads"), "the cure is named: {message}");
                errors += 1;
            }
        }
    };
    // One is busy; more threads may be refused, but the work is done.
    let queued: Vec<_> = (0..5).map(|number| runtime.spawn_blocking(move || number)).collect();
    drop(release);
    runtime.block_on(async {
        let _ = running.await.expect("no panic");
        for (number, queued) in queued.into_iter().enumerate() {
            assert_eq!(queued.await.expect("no panic"), number);
        }
    });
    errors
}

/// A child that says what it hears until that ends.
fn parrot() -> Command {
    let mut command = Command::new("cat");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// Waits until no child is left. One that nothing watches is reaped when the next is started.
fn wait_until_childless(runtime: &Runtime) {
    let any = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    while !matches!(waitid(WaitId::All, any), Err(Errno::CHILD)) {
        // It may be refused in its turn.
        let _ = runtime.block_on(async { Command::new("true").status().await });
    }
}

/// Children whose ends no fault may keep to itself: waited for, killed, and left alone.
fn children() -> usize {
    for runtime in [multi_thread(), current_thread()] {
        runtime.block_on(async {
            for round in 0..3 {
                let mut child = parrot().kill_on_drop(round == 0).spawn().expect("a child");
                child.stdin.as_mut().expect("it is piped").write_all(b"hello").await.expect("a write");
                if round > 0 {
                    let output = child.wait_with_output().await.expect("its end");
                    assert!(output.status.success());
                    assert_eq!(output.stdout, b"hello");
                }
                let mut child = parrot().spawn().expect("a child");
                child.kill().await.expect("its end");
            }
        });
        wait_until_childless(&runtime);
    }
    0
}

/// Starts a child until it works; of what was refused nothing is left in the end.
fn start() -> usize {
    let runtime = current_thread();
    let errors = runtime.block_on(async {
        for errors in 0.. {
            if let Ok(mut child) = parrot().spawn() {
                assert!(child.wait().await.expect("its end").success());
                return errors;
            }
        }
        unreachable!()
    });
    wait_until_childless(&runtime);
    errors
}
