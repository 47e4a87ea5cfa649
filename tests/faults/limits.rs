//! Descriptors: the limit of them, and that none leaks.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::{TcpListener, TcpStream};
use mini::runtime::Builder;

use crate::support::{
    Watchdog, current_thread, multi_thread, open_descriptors, poll_once, run_child,
    run_child_with_descriptors, threads,
};

/// The error for "too many open files" of the process.
const EMFILE: i32 = 24;

/// Takes every descriptor that is left.
fn take_all_descriptors() -> Vec<File> {
    let mut fillers = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        fillers.push(file);
    }
    fillers
}

#[test]
fn an_accept_loop_at_the_descriptor_limit_pauses_and_recovers() {
    run_child_with_descriptors(64, "limits::child_accept_at_the_limit");
}

#[test]
#[ignore = "run by an_accept_loop_at_the_descriptor_limit_pauses_and_recovers"]
fn child_accept_at_the_limit() {
    const ERRORS: u32 = 10;
    const CLIENTS: usize = 4;
    let _watchdog = Watchdog::start();
    for runtime in [multi_thread(2), current_thread()] {
        let served = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let address = listener.local_addr()?;
            let clients: Vec<_> =
                (0..CLIENTS).map(|_| std::net::TcpStream::connect(address)).collect::<Result<_, _>>()?;
            let fillers = take_all_descriptors();
            let mut fillers = Some(fillers);
            let start = Instant::now();
            // The loop of every second server: errors are ignored.
            let server = mini::spawn(async move {
                let (mut errors, mut served) = (0, 0);
                while served < CLIENTS {
                    match listener.accept().await {
                        Ok(_) => served += 1,
                        Err(error) => {
                            assert_eq!(error.raw_os_error(), Some(EMFILE), "{error}");
                            errors += 1;
                        }
                    }
                    if errors == ERRORS {
                        drop(fillers.take());
                    }
                }
                errors
            });
            let errors = server.await?;
            drop(clients);
            let least = Duration::from_millis(10) * (ERRORS - 1);
            assert!(start.elapsed() >= least, "{errors} errors in {:?}: a spin", start.elapsed());
            io::Result::Ok(errors)
        });
        assert!(served.expect("the server") >= ERRORS);
    }
}

#[test]
fn a_runtime_that_cannot_have_its_descriptors_is_an_error_and_leaves_nothing() {
    run_child_with_descriptors(64, "limits::child_build_at_the_limit");
}

#[test]
#[ignore = "run by a_runtime_that_cannot_have_its_descriptors_is_an_error_and_leaves_nothing"]
fn child_build_at_the_limit() {
    let _watchdog = Watchdog::start();
    drop((multi_thread(2), current_thread()));
    let (descriptors_before, threads_before) = (open_descriptors(), threads());
    let mut fillers = take_all_descriptors();
    let mut rooms = 0;
    // Room for part of a reactor, but not for all of it.
    for room in 0..3 {
        for builder in [&mut Builder::new_multi_thread(), &mut Builder::new_current_thread()] {
            match builder.worker_threads(2).enable_all().build() {
                Err(error) => assert_eq!(error.raw_os_error(), Some(EMFILE), "room for {room}: {error}"),
                Ok(_) => rooms += 1,
            }
        }
        fillers.pop();
    }
    assert_eq!(rooms, 0, "a reactor needs more than two descriptors, or this test means nothing");
    // Without I/O none is needed.
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("no I/O");
    runtime.block_on(mini::time::sleep(Duration::from_millis(1)));
    drop(runtime);
    drop(fillers);
    assert_eq!((open_descriptors(), threads()), (descriptors_before, threads_before));
    let runtime = multi_thread(2);
    runtime.block_on(async { mini::spawn(async {}).await }).expect("it runs again");
}

#[test]
fn connects_refused_and_given_up_leak_no_descriptor() {
    run_child("limits::child_connects");
}

#[test]
#[ignore = "run by connects_refused_and_given_up_leak_no_descriptor"]
fn child_connects() {
    let _watchdog = Watchdog::start();
    let dead = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let dead = dead.expect("an address");
    for runtime in [multi_thread(2), current_thread()] {
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
            let live = listener.local_addr().expect("an address");
            let before = open_descriptors();
            for _ in 0..200 {
                let error = TcpStream::connect(dead).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
                let _ = poll_once(TcpStream::connect(live));
                let _ = poll_once(TcpStream::connect("192.0.2.1:9"));
                let _ = poll_once(listener.accept());
                let _ = mini::time::timeout(Duration::ZERO, TcpStream::connect("192.0.2.1:9")).await;
            }
            assert_eq!(open_descriptors(), before);
        });
    }
}

#[test]
fn a_connect_at_the_descriptor_limit_is_an_error() {
    run_child_with_descriptors(64, "limits::child_connect_at_the_limit");
}

#[test]
#[ignore = "run by a_connect_at_the_descriptor_limit_is_an_error"]
fn child_connect_at_the_limit() {
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let fillers = take_all_descriptors();
        for _ in 0..3 {
            let error = TcpStream::connect(address).await.unwrap_err();
            assert_eq!(error.raw_os_error(), Some(EMFILE), "{error}");
            let error = TcpListener::bind("127.0.0.1:0").await.unwrap_err();
            assert_eq!(error.raw_os_error(), Some(EMFILE), "{error}");
        }
        drop(fillers);
        let mut client = TcpStream::connect(address).await.expect("there is room again");
        let (mut server, _) = listener.accept().await.expect("a connection");
        client.write_all(b"x").await.expect("a write");
        assert_eq!(server.read_u8().await.expect("a read"), b'x');
    });
}

#[test]
fn when_all_ports_are_taken_a_connect_is_an_error() {
    let _watchdog = Watchdog::start();
    current_thread().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let client = TcpStream::connect(address).await.expect("a connection");
        let taken = client.local_addr().expect("an address");
        // The same four numbers once more: what the kernel says when no port is left for this peer.
        let socket = mini::net::TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("the option");
        let error = match socket.bind(taken) {
            Ok(()) => socket.connect(address).await.unwrap_err(),
            Err(error) => error,
        };
        let kind = error.kind();
        assert!(matches!(kind, ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable), "{kind:?}");
    });
}
