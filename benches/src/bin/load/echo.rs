//! Requests of 64 bytes that come back as they are: each connection has one on its way at a time.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::Instant;

use mini_benches::generator::Report;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::Load;

/// Bytes of a request and of its answer.
pub(super) const REQUEST: [u8; 64] = [7; 64];
/// Requests on each connection before the measure.
const WARM_UP: u64 = 3;

/// One connection, blocking.
pub(super) struct Lone {
    stream: std::net::TcpStream,
    requests: u64,
}

impl Lone {
    pub(super) fn connect(address: SocketAddr, requests: u64) -> io::Result<Self> {
        let stream = std::net::TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let mut load = Self { stream, requests };
        load.send(WARM_UP)?;
        Ok(load)
    }

    fn send(&mut self, requests: u64) -> io::Result<u64> {
        let mut answer = [0; REQUEST.len()];
        let mut answered = 0;
        for _ in 0..requests {
            self.stream.write_all(&REQUEST)?;
            self.stream.read_exact(&mut answer)?;
            answered += u64::from(answer == REQUEST);
        }
        Ok(answered)
    }
}

impl Load for Lone {
    fn run(&mut self) -> io::Result<Report> {
        let start = Instant::now();
        let done = self.send(self.requests)?;
        Ok(Report { done, refused: 0, wall: start.elapsed(), percentiles: None })
    }
}

/// Many connections on one poll, each with one request on its way.
pub(super) struct Many {
    poll: Poll,
    events: Events,
    connections: Vec<Connection>,
    requests: u64,
}

/// A connection that sends its next request when the last was answered.
struct Connection {
    stream: TcpStream,
    /// Requests still to send in this run.
    left: u64,
    /// Bytes of the current answer that have come.
    received: usize,
}

impl Many {
    pub(super) fn connect(address: SocketAddr, count: u64, requests: u64) -> io::Result<Self> {
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
        let mut load = Self { poll, events: Events::with_capacity(1024), connections, requests };
        load.send(WARM_UP * count)?;
        Ok(load)
    }

    fn send(&mut self, requests: u64) -> io::Result<u64> {
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

impl Load for Many {
    fn run(&mut self) -> io::Result<Report> {
        let start = Instant::now();
        let done = self.send(self.requests)?;
        Ok(Report { done, refused: 0, wall: start.elapsed(), percentiles: None })
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
        let mut buffer = [0; REQUEST.len()];
        loop {
            match self.stream.read(&mut buffer[self.received..]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(length) => self.received += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(0),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            if self.received == REQUEST.len() {
                self.received = 0;
                self.send()?;
                // A whole answer to the one request: nothing more can be there.
                return Ok(1);
            }
        }
    }
}
