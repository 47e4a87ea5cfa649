//! Futures that are given up at each of their awaits, among them by `select!` against something that is ready.

use std::future::Future;
use std::io;
use std::time::Duration;

use mini::io::{AsyncReadExt, AsyncWriteExt};
use mini::net::{TcpListener, TcpStream};
use mini::sync::{mpsc, oneshot};

use crate::support::{
    Watchdog, given_up_after, multi_thread, on_each_runtime, open_descriptors, pair, run_child,
};

/// One conversation, client and server in one future: every await that a simple service has.
async fn converse() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut client = TcpStream::connect(listener.local_addr()?).await?;
    let (mut server, _) = listener.accept().await?;
    for length in [1, 100, 10_000] {
        client.writable().await?;
        let mut heard = vec![0; length];
        let (sent, read) = mini::join!(
            async {
                mini::task::yield_now().await;
                client.write_all(&vec![7; length]).await
            },
            server.read_exact(&mut heard)
        );
        sent?;
        read?;
        mini::time::sleep(Duration::from_micros(10)).await;
        let answered = mini::spawn(async move {
            server.write_all(&heard).await?;
            io::Result::Ok(server)
        });
        client.read_exact(&mut vec![0; length]).await?;
        server = answered.await??;
        mini::task::spawn_blocking(|| ()).await?;
    }
    client.shutdown().await?;
    server.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

/// Gives the future up after one poll, then after two, and so on until it is over before that. How often it was.
async fn give_up_everywhere<F: Future<Output = io::Result<()>>>(future: impl Fn() -> F) -> io::Result<usize> {
    let mut polls = 1;
    loop {
        if let Some(result) = given_up_after(polls, future()).await {
            result?;
            return Ok(polls);
        }
        polls += 1;
    }
}

#[test]
fn a_conversation_given_up_anywhere_leaves_the_next_untouched() {
    on_each_runtime(|| async {
        let polls = give_up_everywhere(converse).await?;
        assert!(polls > 5, "{polls} polls: nothing was waited for");
        Ok(())
    });
}

#[test]
fn a_conversation_given_up_anywhere_leaks_no_descriptor() {
    run_child("dropped::child_conversations");
}

#[test]
#[ignore = "run by a_conversation_given_up_anywhere_leaks_no_descriptor"]
fn child_conversations() {
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    runtime.block_on(converse()).expect("a conversation");
    let before = open_descriptors();
    runtime.block_on(give_up_everywhere(converse)).expect("conversations");
    // Tasks that the given-up ones left behind hold sockets until they notice.
    while open_descriptors() > before {
        std::thread::yield_now();
    }
}

#[test]
fn what_select_gives_up_has_lost_nothing() {
    on_each_runtime(|| async {
        let (mut client, mut server) = pair().await?;
        let (sender, mut receiver) = mpsc::channel(4);
        let (last, mut ended) = oneshot::channel::<()>();
        let mut interval = mini::time::interval(Duration::from_micros(50));
        let writer = mini::spawn(async move {
            for number in 0..200_u8 {
                client.write_all(&[number]).await?;
                sender.send(number).await.expect("the receiver lives");
            }
            drop(last);
            io::Result::Ok(client)
        });
        let (mut read, mut received) = (0, 0);
        while read < 200 || received < 200 {
            // Whichever is ready first ends the others, which must neither have taken a byte nor a message.
            mini::select! {
                byte = server.read_u8() => {
                    assert_eq!(byte?, read);
                    read += 1;
                }
                Some(number) = receiver.recv() => {
                    assert_eq!(number, received);
                    received += 1;
                }
                _ = interval.tick() => {}
                _ = &mut ended, if read == 200 && received == 200 => {}
                _ = std::future::ready(()), if read % 2 == 1 && received % 2 == 1 => mini::task::yield_now().await,
            }
        }
        drop(writer.await??);
        Ok(())
    });
}

#[test]
fn a_connect_and_an_accept_given_up_by_select_do_no_harm() {
    on_each_runtime(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        for _ in 0..50 {
            mini::select! {
                biased;
                _ = listener.accept() => {}
                _ = std::future::ready(()) => {}
            }
            mini::select! {
                biased;
                _ = TcpStream::connect(address) => {}
                _ = mini::task::yield_now() => {}
            }
        }
        // The backlog holds what was connected and given up; the one that speaks is among them.
        let mut client = TcpStream::connect(address).await?;
        client.write_all(b"x").await?;
        loop {
            let (mut server, _) = listener.accept().await?;
            if server.read_u8().await.is_ok_and(|byte| byte == b'x') {
                return Ok(());
            }
        }
    });
}
