//! Connections that do not last: [`Churn`] of connect, exchange and close, and [`Storm`]s of many connects at once.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Instant;

use mini_benches::generator::Report;
use mini_benches::latency::Latencies;
use mio::{Events, Interest, Poll, Token};

use super::{Load, REQUEST};

/// Threads that connect, send, receive and close, one connection after another.
pub(super) struct Churn {
    pub(super) address: SocketAddr,
    pub(super) at_once: u64,
    pub(super) connections: u64,
}

impl Churn {
    fn connect(&self, connections: u64) -> io::Result<(u64, Latencies)> {
        let mut answer = [0; REQUEST.len()];
        let (mut done, mut latencies) = (0, Latencies::with_capacity(connections as usize));
        for _ in 0..connections {
            let start = Instant::now();
            let mut stream = TcpStream::connect(self.address)?;
            stream.set_nodelay(true)?;
            stream.write_all(&REQUEST)?;
            stream.read_exact(&mut answer)?;
            drop(stream);
            latencies.record(start.elapsed());
            done += u64::from(answer == REQUEST);
        }
        Ok((done, latencies))
    }
}

impl Load for Churn {
    fn run(&mut self) -> io::Result<Report> {
        let start = Instant::now();
        let this = &*self;
        let (done, latencies) = thread::scope(|scope| {
            let threads: Vec<_> = (0..this.at_once)
                .map(|index| {
                    let share = this.connections / this.at_once;
                    let share = share + u64::from(index < this.connections % this.at_once);
                    scope.spawn(move || this.connect(share))
                })
                .collect();
            let mut all = (0, Latencies::default());
            for thread in threads {
                let (done, latencies) = thread.join().expect("no panic")?;
                all.0 += done;
                all.1.merge(latencies);
            }
            Ok::<_, io::Error>(all)
        })?;
        Ok(Report { done, refused: 0, wall: start.elapsed(), percentiles: latencies.percentiles() })
    }
}

/// Bursts: all connect at the same instant, and each waits for the server's one byte.
pub(super) struct Storm {
    address: SocketAddr,
    at_once: u64,
    connections: u64,
    poll: Poll,
}

impl Storm {
    pub(super) fn new(address: SocketAddr, at_once: u64, connections: u64) -> io::Result<Self> {
        Ok(Self { address, at_once, connections, poll: Poll::new()? })
    }

    fn burst(&mut self, count: u64, latencies: &mut Latencies) -> io::Result<()> {
        let mut events = Events::with_capacity(1024);
        let start = Instant::now();
        let mut waiting = Vec::new();
        for index in 0..count {
            let mut stream = mio::net::TcpStream::connect(self.address)?;
            self.poll.registry().register(&mut stream, Token(index as usize), Interest::READABLE)?;
            waiting.push(Some(stream));
        }
        let mut left = count;
        while left > 0 {
            self.poll.poll(&mut events, None)?;
            for event in &events {
                let slot = &mut waiting[event.token().0];
                let Some(stream) = slot else { continue };
                match stream.read(&mut [0; 2]) {
                    Ok(1) => {
                        latencies.record(start.elapsed());
                        // Closed here, each as soon as it was served.
                        *slot = None;
                        left -= 1;
                    }
                    Ok(_) => return Err(ErrorKind::UnexpectedEof.into()),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

impl Load for Storm {
    fn run(&mut self) -> io::Result<Report> {
        let start = Instant::now();
        let mut latencies = Latencies::with_capacity(self.connections as usize);
        while latencies.count() < self.connections {
            let count = self.at_once.min(self.connections - latencies.count());
            self.burst(count, &mut latencies)?;
        }
        let done = latencies.count();
        Ok(Report { done, refused: 0, wall: start.elapsed(), percentiles: latencies.percentiles() })
    }
}
