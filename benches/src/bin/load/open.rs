//! Load by a schedule, whatever the server does: [`Paced`] requests that are sent when they are due, and [`Overload`],
//! which offers twice what the server can take.
//!
//! One thread sends and another receives, so that no answer waits for a request to become due. A latency is counted
//! from the call that sends: that the sender is late is not the server's fault. The invariant: answers come back in
//! the order of a connection's requests.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mini_benches::generator::Report;
use mini_benches::latency::Latencies;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::closed::connect;
use super::{Load, REQUEST};

/// How long the receiver sleeps at most without looking whether all is over.
const LOOK: Duration = Duration::from_millis(20);
/// Requests that are due within this are sent together.
const TOGETHER: Duration = Duration::from_micros(100);

/// A connection, with the times at which its unanswered requests were sent.
struct Connection {
    stream: TcpStream,
    sent: Mutex<VecDeque<Instant>>,
}

impl Connection {
    fn waiting(&self) -> usize {
        self.sent.lock().expect("no panic").len()
    }

    fn send(&self) -> io::Result<()> {
        self.sent.lock().expect("no panic").push_back(Instant::now());
        (&self.stream).write_all(&REQUEST)
    }
}

/// The connections and the poll that they are registered with.
struct Connections {
    poll: Poll,
    all: Vec<Connection>,
}

impl Connections {
    fn connect(address: SocketAddr, count: u64) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut all = Vec::new();
        for index in 0..count {
            let mut stream = connect(address)?;
            poll.registry().register(&mut stream, Token(index as usize), Interest::READABLE)?;
            all.push(Connection { stream, sent: Mutex::default() });
        }
        let mut connections = Self { poll, all };
        // Each has been served once before it is measured.
        connections.exchange(|all, _| all.iter().try_for_each(Connection::send))?;
        Ok(connections)
    }

    /// Lets `send` send from another thread, and receives until it has ended and all is answered. `send` is told
    /// how many have been answered so far; what it returns is returned.
    fn exchange<T: Send>(
        &mut self,
        send: impl FnOnce(&[Connection], &AtomicU64) -> io::Result<T> + Send,
    ) -> io::Result<(T, Latencies)> {
        let Self { poll, all } = self;
        let (answered, is_over) = (&AtomicU64::new(0), &AtomicBool::new(false));
        let all = all.as_slice();
        thread::scope(|scope| {
            let sender = scope.spawn(move || {
                let sent = send(all, answered);
                is_over.store(true, Ordering::Release);
                sent
            });
            let received = receive(poll, all, answered, is_over);
            Ok((sender.join().expect("no panic")?, received?))
        })
    }
}

fn receive(
    poll: &mut Poll,
    all: &[Connection],
    answered: &AtomicU64,
    is_over: &AtomicBool,
) -> io::Result<Latencies> {
    let mut events = Events::with_capacity(1024);
    let mut received = vec![0_usize; all.len()];
    let mut latencies = Latencies::default();
    let mut buffer = [0; 4096];
    while !is_over.load(Ordering::Acquire) || all.iter().any(|connection| connection.waiting() > 0) {
        poll.poll(&mut events, Some(LOOK))?;
        for event in &events {
            let index = event.token().0;
            loop {
                match (&all[index].stream).read(&mut buffer) {
                    Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                    Ok(length) => received[index] += length,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error),
                }
                let now = Instant::now();
                while received[index] >= REQUEST.len() {
                    received[index] -= REQUEST.len();
                    let sent = all[index].sent.lock().expect("no panic").pop_front();
                    latencies.record(now - sent.ok_or(ErrorKind::InvalidData)?);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
    Ok(latencies)
}

/// Calls at each instant of the grid until it returns that all is done; what is nearly due is done with what is due.
/// Returns how long that took.
fn at_each(period: Duration, mut call: impl FnMut(usize) -> io::Result<bool>) -> io::Result<Duration> {
    let start = Instant::now();
    for number in 0.. {
        let due = start + period * number;
        let left = due.saturating_duration_since(Instant::now());
        if left > TOGETHER {
            thread::sleep(left);
        }
        if call(number as usize)? {
            break;
        }
    }
    Ok(start.elapsed())
}

/// One request every so many nanoseconds, on each connection in turn, answered or not.
pub(super) struct Paced {
    connections: Connections,
    requests: u64,
    period: Duration,
}

impl Paced {
    pub(super) fn connect(
        address: SocketAddr,
        count: u64,
        requests: u64,
        period_ns: u64,
    ) -> io::Result<Self> {
        let connections = Connections::connect(address, count)?;
        Ok(Self { connections, requests, period: Duration::from_nanos(period_ns) })
    }
}

impl Load for Paced {
    fn run(&mut self) -> io::Result<Report> {
        let (requests, period) = (self.requests as usize, self.period);
        let (wall, latencies) = self.connections.exchange(|all, _| {
            at_each(period, |number| {
                all[number % all.len()].send()?;
                Ok(number + 1 == requests)
            })
        })?;
        Ok(Report { done: latencies.count(), refused: 0, wall, percentiles: latencies.percentiles() })
    }
}

/// Finds out what the server can take, and then offers the double. A request that is due on a connection whose last
/// one is not answered is refused there and then, as a balancer with a bound would do it.
pub(super) struct Overload {
    connections: Connections,
    requests: u64,
    /// Between two requests that the server can just take.
    period: Duration,
}

impl Overload {
    pub(super) fn connect(address: SocketAddr, count: u64, requests: u64) -> io::Result<Self> {
        let mut connections = Connections::connect(address, count)?;
        // At most one on its way on each connection, and no pause: what is answered is the capacity.
        let (period, _) = connections.exchange(|all, answered| {
            let start = Instant::now();
            while answered.load(Ordering::Relaxed) < requests / 2 {
                all.iter().filter(|connection| connection.waiting() == 0).try_for_each(Connection::send)?;
                thread::sleep(TOGETHER);
            }
            Ok(start.elapsed().div_f64(answered.load(Ordering::Relaxed) as f64))
        })?;
        Ok(Self { connections, requests, period })
    }
}

impl Load for Overload {
    fn run(&mut self) -> io::Result<Report> {
        let (requests, period) = (self.requests, self.period / 2);
        let refused = &AtomicU64::new(0);
        let (wall, latencies) = self.connections.exchange(move |all, answered| {
            at_each(period, |number| {
                let connection = &all[number % all.len()];
                match connection.waiting() {
                    0 => connection.send()?,
                    _ => _ = refused.fetch_add(1, Ordering::Relaxed),
                }
                Ok(answered.load(Ordering::Relaxed) >= requests)
            })
        })?;
        Ok(Report {
            done: latencies.count(),
            refused: refused.load(Ordering::Relaxed),
            wall,
            percentiles: latencies.percentiles(),
        })
    }
}
