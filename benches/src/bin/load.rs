//! The load generator of the echo benches: `load ADDRESS CONNECTIONS REQUESTS`.
//!
//! One thread on mio directly, or plain blocking calls for a lone connection, so that it stays well below the
//! server's own cost. It connects, warms up, prints `ready`, waits for a line, loads, and prints the requests
//! answered and the nanoseconds they took.

#![allow(clippy::print_stdout)] // Its parent reads it.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// Bytes of a request and of its answer.
const REQUEST: [u8; 64] = [7; 64];
/// Requests on each connection before the measure.
const WARM_UP: u64 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, connections, requests] = &arguments[..] else {
        return Err("usage: load ADDRESS CONNECTIONS REQUESTS".into());
    };
    let (address, connections, requests) = (address.parse()?, connections.parse()?, requests.parse()?);
    let mut load: Box<dyn Load> = match connections {
        1 => Box::new(Lone(std::net::TcpStream::connect(address)?)),
        _ => Box::new(Many::connect(address, connections)?),
    };
    load.run(WARM_UP * connections)?;
    println!("ready");
    io::stdin().read_line(&mut String::new())?;
    let start = Instant::now();
    let answered = load.run(requests)?;
    println!("{answered} {}", start.elapsed().as_nanos());
    Ok(())
}

/// Something that sends requests and counts the right answers.
trait Load {
    fn run(&mut self, requests: u64) -> io::Result<u64>;
}

/// One connection, blocking.
struct Lone(std::net::TcpStream);

impl Load for Lone {
    fn run(&mut self, requests: u64) -> io::Result<u64> {
        self.0.set_nodelay(true)?;
        let mut answer = [0; REQUEST.len()];
        let mut answered = 0;
        for _ in 0..requests {
            self.0.write_all(&REQUEST)?;
            self.0.read_exact(&mut answer)?;
            answered += u64::from(answer == REQUEST);
        }
        Ok(answered)
    }
}

/// Many connections on one poll, each with one request on its way.
struct Many {
    poll: Poll,
    events: Events,
    connections: Vec<Connection>,
}

struct Connection {
    stream: TcpStream,
    /// Requests still to send in this run.
    left: u64,
    /// Bytes of the current answer that have come.
    received: usize,
}

impl Many {
    fn connect(address: SocketAddr, count: u64) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut connections = Vec::new();
        for index in 0..count {
            // Blocking, so that the listener's backlog is not overrun.
            let stream = std::net::TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            poll.registry().register(&mut stream, Token(index as usize), Interest::READABLE)?;
            connections.push(Connection { stream, left: 0, received: 0 });
        }
        Ok(Self { poll, events: Events::with_capacity(1024), connections })
    }
}

impl Load for Many {
    fn run(&mut self, requests: u64) -> io::Result<u64> {
        let count = self.connections.len() as u64;
        for (index, connection) in (0..).zip(&mut self.connections) {
            connection.left = requests / count + u64::from(index < requests % count);
            connection.send()?;
        }
        let mut answered = 0;
        while answered < requests {
            self.poll.poll(&mut self.events, None)?;
            for event in &self.events {
                answered += self.connections[event.token().0].receive()?;
            }
        }
        Ok(answered)
    }
}

impl Connection {
    /// The next request, if one is left. It fits the socket's buffer, as the last one was answered.
    fn send(&mut self) -> io::Result<()> {
        if self.left > 0 {
            self.left -= 1;
            self.stream.write_all(&REQUEST)?;
        }
        Ok(())
    }

    /// Reads until nothing is left, as the poll is edge-triggered. Returns the answers that were completed.
    fn receive(&mut self) -> io::Result<u64> {
        let mut answered = 0;
        let mut buffer = [0; REQUEST.len()];
        loop {
            match self.stream.read(&mut buffer[self.received..]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(length) => self.received += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(answered),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            if self.received == REQUEST.len() {
                self.received = 0;
                answered += 1;
                self.send()?;
                // A whole answer to the one request: nothing more can be there.
                return Ok(answered);
            }
        }
    }
}
