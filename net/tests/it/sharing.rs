//! Several tasks on one socket, and many sockets at once.

use crate::support::{WakeCount, narrow_pair, pair, use_up_readiness, wait_until};
use futures::executor::block_on;
use futures::future::try_join_all;
use mini_net::net::{TcpListener, TcpStream};
use mini_runtime::io::{AsyncReadExt, AsyncWriteExt};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;

#[test]
fn two_tasks_waiting_in_one_direction_are_both_woken() -> io::Result<()> {
    let (mut client, server) = block_on(pair())?;
    use_up_readiness(&server);
    let counts: [Arc<WakeCount>; 3] = Default::default();
    let wakers: Vec<Waker> = counts.iter().map(|count| Waker::from(Arc::clone(count))).collect();
    let mut first = pin!(server.readable());
    let mut second = pin!(server.readable());
    assert!(first.as_mut().poll(&mut Context::from_waker(&wakers[0])).is_pending());
    assert!(second.as_mut().poll(&mut Context::from_waker(&wakers[1])).is_pending());
    assert!(server.poll_read_ready(&mut Context::from_waker(&wakers[2])).is_pending());
    block_on(client.write_all(b"x"))?;
    wait_until(|| counts.iter().all(|count| count.get() > 0));
    block_on(first)?;
    block_on(second)
}

#[test]
fn threads_that_share_a_listener_all_get_their_connection() -> io::Result<()> {
    let listener = Arc::new(block_on(TcpListener::bind("127.0.0.1:0"))?);
    let address = listener.local_addr()?;
    let servers: Vec<_> = (0..4)
        .map(|_| {
            let listener = Arc::clone(&listener);
            thread::spawn(move || block_on(listener.accept()).map(|_| ()))
        })
        .collect();
    let clients = block_on(try_join_all((0..4).map(|_| TcpStream::connect(address))))?;
    for server in servers {
        server.join().expect("no panic")?;
    }
    drop(clients);
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri lacks socket options")]
fn a_hang_up_wakes_both_halves() -> io::Result<()> {
    let (client, server) = block_on(narrow_pair())?;
    let (mut reading, mut writing) = client.into_split();
    while writing.try_write(&[0; 1024]).is_ok() {}
    let reader = thread::spawn(move || block_on(reading.read(&mut [0])));
    let writer = thread::spawn(move || block_on(async { writing.write_all(&[0; 1 << 20]).await }));
    server.set_zero_linger()?;
    drop(server);
    // Which of the two takes the error that waits on the socket is open; that neither hangs is the point.
    let read = reader.join().expect("no panic");
    assert!(!matches!(read, Ok(1..)));
    assert!(writer.join().expect("no panic").is_err());
    Ok(())
}

#[test]
fn more_sockets_than_a_turn_takes_events_are_all_served() -> io::Result<()> {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (mut clients, mut servers) = (Vec::new(), Vec::new());
        for _ in 0..600 {
            clients.push(TcpStream::connect(address).await?);
            servers.push(listener.accept().await?.0);
        }
        let writer = thread::spawn(move || {
            for client in &mut clients {
                block_on(client.write_all(b"x"))?;
            }
            Ok::<_, io::Error>(clients)
        });
        try_join_all(servers.iter_mut().map(|server| async { server.read_exact(&mut [0]).await })).await?;
        writer.join().expect("no panic")?;
        Ok(())
    })
}

/// Connects, sends its number, hears it back, and leaves in one of several ways.
async fn visit(address: SocketAddr, number: u32) -> io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_zero_linger()?;
    let _ = crate::support::poll_once(stream.readable());
    if number % 3 == 0 {
        return Ok(());
    }
    stream.write_u32(number).await?;
    if number % 3 == 1 {
        return Ok(());
    }
    let answer = stream.read_u32().await?;
    assert_eq!(answer, number, "bytes of another connection");
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri lacks socket options")]
fn descriptors_reused_at_once_never_see_the_events_of_their_predecessors() -> io::Result<()> {
    const THREADS: u32 = 3;
    const VISITS: u32 = 600;
    let listener = block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let visitors: Vec<_> = (0..THREADS)
        .map(|thread| {
            thread::spawn(move || {
                (0..VISITS)
                    .try_for_each(|visit_index| block_on(visit(address, thread * VISITS + visit_index)))
            })
        })
        .collect();
    block_on(async {
        for _ in 0..THREADS * VISITS {
            let (mut stream, _) = listener.accept().await?;
            // The visitor may have left.
            if let Ok(number) = stream.read_u32().await {
                let _ = stream.write_u32(number).await;
            }
        }
        Ok::<(), io::Error>(())
    })?;
    for visitor in visitors {
        visitor.join().expect("no panic")?;
    }
    Ok(())
}

#[test]
#[cfg_attr(miri, ignore = "Miri lacks socket options")]
fn ten_thousand_connections_are_accepted_and_closed() -> io::Result<()> {
    const COUNT: usize = 10_000;
    let listener = block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    // Each waits for its end before the next: a full backlog would drop handshakes, and cost seconds.
    let clients = thread::spawn(move || {
        for _ in 0..COUNT {
            let mut stream = std::net::TcpStream::connect(address)?;
            assert_eq!(io::Read::read(&mut stream, &mut [0])?, 0);
            // A reset leaves no port behind in TIME_WAIT.
            socket2::SockRef::from(&stream).set_linger(Some(std::time::Duration::ZERO))?;
        }
        Ok::<(), io::Error>(())
    });
    block_on(async {
        for _ in 0..COUNT {
            drop(listener.accept().await?);
        }
        Ok::<(), io::Error>(())
    })?;
    clients.join().expect("no panic")
}
