//! What outlives its runtime: sockets, sleeps, handles.

use std::io::{self, ErrorKind};
use std::sync::mpsc;
use std::thread;

use futures::executor::block_on;
use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::{TcpListener, TcpStream};
use mini::runtime::Runtime;
use mini::time::{Duration, Instant, sleep, sleep_until};

use crate::support::{Watchdog, current_thread, given_up_after, multi_thread, pair, poll_once};

fn each_flavor() -> [Runtime; 2] {
    [multi_thread(2), current_thread()]
}

fn assert_gone<T: std::fmt::Debug>(result: io::Result<T>) {
    let error = result.unwrap_err();
    assert_ne!(error.kind(), ErrorKind::WouldBlock);
    assert!(error.to_string().contains("shut"), "the error should say what ended: {error}");
}

#[test]
fn a_socket_whose_runtime_ended_says_so_instead_of_waiting() {
    let _watchdog = Watchdog::start();
    for runtime in each_flavor() {
        let (mut client, mut server) = runtime.block_on(pair()).expect("a pair");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a listener");
        drop(runtime);
        assert_gone(block_on(server.read(&mut [0])));
        assert_gone(block_on(client.read(&mut [0])));
        assert_gone(block_on(listener.accept()));
        assert_gone(block_on(client.readable()));
        assert_gone(multi_thread(1).block_on(server.read(&mut [0])));
        // What needs no waiting may still be done; that it does not hang is all that is promised.
        let _ = block_on(client.write(b"x"));
        let _ = block_on(client.shutdown());
    }
}

#[test]
fn a_wait_under_way_elsewhere_ends_with_the_sockets_runtime() {
    let _watchdog = Watchdog::start();
    for runtime in each_flavor() {
        let (client, mut server) = runtime.block_on(pair()).expect("a pair");
        // A second handle to the runtime must not keep its reactor's waiters waiting.
        let handle = runtime.handle().clone();
        let (begun, has_begun) = mpsc::channel();
        let waiter = thread::spawn(move || {
            assert!(poll_once(server.read(&mut [0])).is_pending());
            begun.send(()).expect("the test waits");
            block_on(server.read(&mut [0]))
        });
        has_begun.recv().expect("it begins");
        drop(runtime);
        assert_gone(waiter.join().expect("no panic"));
        drop((client, handle));
    }
}

#[test]
fn a_socket_moves_to_a_new_runtime_by_way_of_std() {
    let _watchdog = Watchdog::start();
    for runtime in each_flavor() {
        let (client, server) = runtime.block_on(pair()).expect("a pair");
        let (client, server) = (client.into_std().expect("std"), server.into_std().expect("std"));
        drop(runtime);
        multi_thread(1).block_on(async {
            let mut client = TcpStream::from_std(client).expect("ours");
            let mut server = TcpStream::from_std(server).expect("ours");
            client.write_all(b"moved").await.expect("a write");
            drop(client);
            let mut heard = String::new();
            server.read_to_string(&mut heard).await.expect("a read");
            assert_eq!(heard, "moved");
        });
    }
}

#[test]
fn a_sleep_whose_runtime_ended_goes_on_in_another_and_outside() {
    let _watchdog = Watchdog::start();
    for runtime in each_flavor() {
        let deadline = Instant::now() + Duration::from_millis(20);
        let mut sleeps: Vec<_> = (0..3).map(|_| Box::pin(sleep_until(deadline))).collect();
        runtime.block_on(async {
            for sleep in &mut sleeps {
                assert!(given_up_after(1, sleep.as_mut()).await.is_none());
            }
        });
        drop(runtime);
        let mut sleeps = sleeps.into_iter();
        multi_thread(1).block_on(sleeps.next().expect("three"));
        assert!(Instant::now() >= deadline);
        current_thread().block_on(sleeps.next().expect("three"));
        block_on(sleeps.next().expect("three"));
    }
}

#[test]
fn a_sleep_that_is_waited_for_elsewhere_survives_its_runtime() {
    let _watchdog = Watchdog::start();
    for runtime in each_flavor() {
        let deadline = Instant::now() + Duration::from_millis(20);
        let mut moved = Box::pin(sleep_until(deadline));
        runtime.block_on(async { assert!(given_up_after(1, moved.as_mut()).await.is_none()) });
        let waiter = thread::spawn(move || block_on(moved));
        drop(runtime);
        waiter.join().expect("no panic");
        assert!(Instant::now() >= deadline);
    }
}

#[test]
fn what_is_spawned_after_the_end_is_cancelled() {
    let _watchdog = Watchdog::start();
    for runtime in each_flavor() {
        let handle = runtime.handle().clone();
        drop(runtime);
        for _ in 0..10 {
            assert!(block_on(handle.spawn(async {})).unwrap_err().is_cancelled());
            assert!(block_on(handle.spawn_blocking(|| ())).unwrap_err().is_cancelled());
        }
    }
}

#[test]
fn tasks_that_wait_are_cancelled_and_let_go_of_what_they_hold() {
    let _watchdog = Watchdog::start();
    for runtime in each_flavor() {
        let (mut client, mut server) = block_on(pair()).expect("a pair under no runtime");
        let reader = runtime.spawn(async move { server.read(&mut [0]).await });
        let sleeper = runtime.spawn(sleep(Duration::MAX));
        runtime.block_on(mini::task::yield_now());
        drop(runtime);
        assert!(block_on(reader).unwrap_err().is_cancelled());
        assert!(block_on(sleeper).unwrap_err().is_cancelled());
        // The task's end of the connection is closed.
        assert_eq!(block_on(client.read(&mut [0])).expect("the end"), 0);
    }
}

#[test]
fn a_runtime_may_end_inside_another_only_in_the_background() {
    let _watchdog = Watchdog::start();
    multi_thread(1).block_on(async {
        multi_thread(1).shutdown_background();
        current_thread().shutdown_background();
        let panic = mini::spawn(async { drop(multi_thread(1)) }).await.unwrap_err().into_panic();
        let message = panic.downcast::<&str>().expect("a message");
        assert!(message.contains("shutdown_background"), "{message}");
    });
}
