//! What a peer may do to a socket, on our runtimes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use mini::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use mini::net::{TcpListener, TcpSocket, TcpStream};

use crate::support::{Watchdog, multi_thread, on_each_runtime, pair, visit};

/// Echoes whatever comes, on each connection, until the listener's task is aborted.
async fn serve_echo() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    mini::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            mini::spawn(echo(stream));
        }
    });
    Ok(address)
}

async fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..length]).await?;
    }
}

async fn ask(address: SocketAddr, question: &[u8]) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    let mut answer = vec![0; question.len()];
    stream.write_all(question).await?;
    stream.read_exact(&mut answer).await?;
    assert_eq!(answer, question);
    Ok(stream)
}

#[test]
fn an_echo_server_survives_resets_at_every_point() {
    on_each_runtime(|| async {
        let address = serve_echo().await?;
        for round in 0..30 {
            let stream = match round % 3 {
                // Before anything was said, with a question under way, and after an answer.
                0 => TcpStream::connect(address).await?,
                1 => {
                    let mut stream = TcpStream::connect(address).await?;
                    stream.write_all(&[7; 512]).await?;
                    stream
                }
                _ => ask(address, &[8; 512]).await?,
            };
            stream.set_zero_linger()?;
            drop(stream);
        }
        ask(address, b"still there?").await?;
        Ok(())
    });
}

#[test]
fn a_reset_ends_a_read_that_waits() {
    on_each_runtime(|| async {
        let (client, server) = pair().await?;
        let mut server = server;
        let reader = mini::spawn(async move { server.read(&mut [0]).await });
        mini::task::yield_now().await;
        client.set_zero_linger()?;
        drop(client);
        let error = reader.await?.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        Ok(())
    });
}

#[test]
fn after_a_half_close_the_other_direction_goes_on() {
    on_each_runtime(|| async {
        let address = serve_echo().await?;
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"question").await?;
        stream.shutdown().await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        assert_eq!(answer, b"question");
        Ok(())
    });
}

#[test]
fn a_write_after_the_peers_close_is_an_error_and_no_signal() {
    on_each_runtime(|| async {
        let (mut client, server) = pair().await?;
        drop(server);
        let error = loop {
            // The first goes out, and is answered by a reset.
            if let Err(error) = client.write_all(b"anybody?").await {
                break error;
            }
            mini::task::yield_now().await;
        };
        let kind = error.kind();
        assert!(matches!(kind, ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{kind:?}");
        Ok(())
    });
}

#[test]
fn a_write_after_our_own_shutdown_is_an_error() {
    on_each_runtime(|| async {
        let (mut client, _server) = pair().await?;
        client.shutdown().await?;
        assert_eq!(client.write_all(b"more").await.unwrap_err().kind(), ErrorKind::BrokenPipe);
        Ok(())
    });
}

#[test]
fn a_peer_that_never_reads_stops_the_writer_and_takes_no_memory() {
    const MOST: usize = 32 << 20;
    on_each_runtime(|| async {
        let (mut client, mut server) = pair().await?;
        let chunk = vec![7; 64 << 10];
        let mut sent = 0;
        // Writes until the kernel's buffers are full for good: room that is reported late is used up too.
        while let Ok(length) = mini::time::timeout(Duration::from_millis(50), client.write(&chunk)).await {
            sent += length?;
            assert!(sent < MOST, "{sent} bytes went somewhere");
        }
        assert!(sent > 0);
        drop(client);
        let mut heard = 0;
        let mut buffer = vec![0; 64 << 10];
        loop {
            match server.read(&mut buffer).await? {
                0 => break,
                length => heard += length,
            }
        }
        assert_eq!(heard, sent, "a write that was given up sent something, or an accepted one did not");
        Ok(())
    });
}

#[test]
fn a_peer_that_sends_a_byte_at_a_time_is_understood() {
    on_each_runtime(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let slow = thread::spawn(move || {
            let mut stream = std::net::TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            for byte in b"GET / HTTP/1.1\r\nhost: slow\r\n\r\n" {
                stream.write_all(std::slice::from_ref(byte))?;
                thread::yield_now();
            }
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok::<_, io::Error>(answer)
        });
        let (stream, _) = listener.accept().await?;
        let mut stream = BufReader::new(stream);
        let (mut lines, mut line) = (Vec::new(), String::new());
        while stream.read_line(&mut line).await? > 2 {
            lines.push(std::mem::take(&mut line));
        }
        assert_eq!(lines, ["GET / HTTP/1.1\r\n", "host: slow\r\n"]);
        for byte in b"fine" {
            stream.write_all(std::slice::from_ref(byte)).await?;
        }
        drop(stream);
        let answer = mini::task::spawn_blocking(move || slow.join().expect("no panic")).await??;
        assert_eq!(answer, "fine");
        Ok(())
    });
}

#[test]
fn tasks_that_wait_on_one_socket_are_all_woken() {
    on_each_runtime(|| async {
        let (mut client, server) = pair().await?;
        let server = Arc::new(server);
        let readers: Vec<_> = (0..4)
            .map(|_| {
                let server = server.clone();
                mini::spawn(async move {
                    loop {
                        server.readable().await?;
                        match server.try_read(&mut [0]) {
                            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                            result => break result,
                        }
                    }
                })
            })
            .collect();
        mini::task::yield_now().await;
        client.write_all(b"abcd").await?;
        for reader in readers {
            assert_eq!(reader.await??, 1);
        }
        Ok(())
    });
}

#[test]
fn a_hang_up_wakes_both_halves() {
    on_each_runtime(|| async {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4096)?;
        socket.bind("127.0.0.1:0".parse().expect("a literal"))?;
        let listener = socket.listen(1)?;
        let client = TcpStream::connect(listener.local_addr()?).await?;
        let (server, _) = listener.accept().await?;
        let (mut reading, mut writing) = client.into_split();
        let reader = mini::spawn(async move { reading.read(&mut [0]).await });
        let writer = mini::spawn(async move { writing.write_all(&vec![0; 64 << 20]).await });
        mini::task::yield_now().await;
        server.set_zero_linger()?;
        drop(server);
        // Which of the two takes the error that waits on the socket is open.
        assert!(!matches!(reader.await?, Ok(1..)));
        assert!(writer.await?.is_err());
        Ok(())
    });
}

#[test]
fn a_socket_accepted_in_one_runtime_works_in_another_and_outside() {
    let _watchdog = Watchdog::start();
    let (home, elsewhere) = (multi_thread(2), multi_thread(1));
    let (mut client, mut server) = home.block_on(pair()).expect("a pair");
    let writer = elsewhere.spawn(async move {
        for number in 0..100_u8 {
            client.write_all(&[number]).await?;
            assert_eq!(client.read_u8().await?, number);
        }
        Ok::<_, io::Error>(())
    });
    futures::executor::block_on(async {
        for number in 0..100_u8 {
            assert_eq!(server.read_u8().await?, number);
            server.write_all(&[number]).await?;
        }
        Ok::<_, io::Error>(())
    })
    .expect("under a foreign executor");
    elsewhere.block_on(writer).expect("no panic").expect("in another runtime");
}

#[test]
fn ten_thousand_connections_are_accepted_and_closed() {
    const COUNT: usize = 10_000;
    let _watchdog = Watchdog::start();
    let runtime = multi_thread(2);
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a listener");
    let address = listener.local_addr().expect("an address");
    let server = runtime.spawn(async move {
        for _ in 0..COUNT {
            let (stream, _) = listener.accept().await?;
            // A reset leaves no port behind in TIME_WAIT.
            mini::spawn(async move { stream.set_zero_linger() });
        }
        Ok::<_, io::Error>(())
    });
    let clients = thread::spawn(move || {
        for _ in 0..COUNT {
            visit(address);
        }
    });
    runtime.block_on(server).expect("no panic").expect("the server");
    clients.join().expect("every client is accepted");
}

#[test]
fn more_sockets_than_a_turn_takes_events_are_all_served() {
    on_each_runtime(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (mut clients, mut servers) = (Vec::new(), Vec::new());
        for _ in 0..300 {
            clients.push(TcpStream::connect(address).await?);
            let (mut server, _) = listener.accept().await?;
            servers.push(mini::spawn(async move { server.read_u8().await }));
        }
        mini::task::yield_now().await;
        for client in &mut clients {
            client.write_all(b"x").await?;
        }
        for server in servers {
            assert_eq!(server.await??, b'x');
        }
        Ok(())
    });
}
