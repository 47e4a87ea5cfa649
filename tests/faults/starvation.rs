//! What is always ready shares its thread with the rest: on one worker, and on the current thread.
//!
//! Each test ends only if a timer and another task come to run beside the greedy one; otherwise it hangs.

use std::future::{Future, poll_fn};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::thread;

use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::TcpListener;
use mini::sync::mpsc;
use mini::time::{Duration, sleep};

use crate::support::{Watchdog, current_thread, multi_thread, pair, visit};

/// Runs `greedy` beside timers, sockets and tasks, on one thread; the flag it is given ends it.
fn beside<F>(greedy: impl Fn(Arc<AtomicBool>) -> F)
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let _watchdog = Watchdog::start();
    for runtime in [multi_thread(1), current_thread()] {
        let is_over = Arc::new(AtomicBool::new(false));
        let greedy = greedy(is_over.clone());
        runtime.block_on(async {
            // Tasks all, so that the multi-thread runtime has one thread for them.
            let greedy = mini::spawn(greedy);
            let others = mini::spawn(async {
                for _ in 0..20 {
                    sleep(Duration::from_micros(100)).await;
                    mini::spawn(async {}).await?;
                    let (mut client, mut server) = pair().await?;
                    let asked = mini::spawn(async move { client.write_all(b"x").await.map(|()| client) });
                    assert_eq!(server.read_u8().await?, b'x');
                    drop(asked.await??);
                }
                io::Result::Ok(())
            });
            others.await.expect("no panic").expect("the others");
            is_over.store(true, Ordering::Relaxed);
            greedy.await.expect("no panic").expect("the greedy one");
        });
    }
}

#[test]
fn a_socket_that_always_has_data_starves_nobody() {
    beside(|is_over| async move {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let flood = thread::spawn(move || {
            let mut stream = std::net::TcpStream::connect(address)?;
            // Ends with an error when the reader has gone.
            while stream.write_all(&[7; 64 << 10]).is_ok() {}
            io::Result::Ok(())
        });
        let (mut stream, _) = listener.accept().await?;
        // Small reads, so that there is more at each.
        let mut buffer = [0; 64];
        while !is_over.load(Ordering::Relaxed) {
            stream.read_exact(&mut buffer).await?;
        }
        drop(stream);
        mini::task::spawn_blocking(move || flood.join().expect("no panic")).await?
    });
}

#[test]
fn a_socket_that_always_has_room_starves_nobody() {
    beside(|is_over| async move {
        let (mut client, mut server) = pair().await?;
        let sink = thread::spawn(move || {
            futures::executor::block_on(async {
                let mut buffer = vec![0; 64 << 10];
                while server.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
            });
        });
        while !is_over.load(Ordering::Relaxed) {
            client.write_all(&[7; 64]).await?;
        }
        drop(client);
        Ok(mini::task::spawn_blocking(move || sink.join().expect("no panic")).await?)
    });
}

#[test]
fn a_channel_that_always_has_messages_starves_nobody() {
    beside(|is_over| async move {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        while !is_over.load(Ordering::Relaxed) {
            sender.send(()).expect("the receiver lives");
            receiver.recv().await;
        }
        Ok(())
    });
}

#[test]
fn a_task_that_wakes_itself_starves_nobody() {
    beside(|is_over| {
        poll_fn(move |cx| {
            if is_over.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
    });
}

#[test]
fn two_tasks_that_keep_waking_each_other_starve_nobody() {
    beside(|is_over| async move {
        let (to_other, mut from_us) = mpsc::channel(1);
        let (to_us, mut from_other) = mpsc::channel(1);
        let other = mini::spawn(async move {
            while let Some(()) = from_us.recv().await {
                let _ = to_us.send(()).await;
            }
        });
        while !is_over.load(Ordering::Relaxed) {
            to_other.send(()).await.expect("the other lives");
            from_other.recv().await;
        }
        drop(to_other);
        Ok(other.await?)
    });
}

#[test]
fn a_timer_that_is_always_due_starves_nobody() {
    beside(|is_over| async move {
        while !is_over.load(Ordering::Relaxed) {
            sleep(Duration::ZERO).await;
        }
        Ok(())
    });
}

#[test]
fn a_listener_that_always_has_connections_starves_nobody() {
    beside(|is_over| async move {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let is_storm_over = Arc::new(AtomicBool::new(false));
        let storm = thread::spawn({
            let is_storm_over = is_storm_over.clone();
            move || {
                while !is_storm_over.load(Ordering::Relaxed) {
                    visit(address);
                }
            }
        });
        while !is_over.load(Ordering::Relaxed) {
            listener.accept().await?.0.set_zero_linger()?;
        }
        is_storm_over.store(true, Ordering::Relaxed);
        while !storm.is_finished() {
            let next = mini::time::timeout(Duration::from_millis(1), listener.accept()).await;
            if let Ok(accepted) = next {
                accepted?.0.set_zero_linger()?;
            }
        }
        Ok(mini::task::spawn_blocking(move || storm.join().expect("no panic")).await?)
    });
}
