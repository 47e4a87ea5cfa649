//! Many connections on one poll, each with one request on its way at a time: the next is sent when the last was
//! answered, so the load is as much as the server can take, and no more.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::Instant;

use mini_benches::generator::Report;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::Load;

/// Requests on each connection before the measure.
const WARM_UP: u64 = 3;

/// The connections, and what they all ask.
pub(super) struct Closed {
    poll: Poll,
    events: Events,
    connections: Vec<Connection>,
    question: Question,
    requests: u64,
}

/// A request, and how many bytes answer it.
struct Question {
    request: Vec<u8>,
    answer_length: usize,
}

/// A connection that sends its next request when the last was answered.
struct Connection {
    stream: TcpStream,
    /// Requests still to send in this run.
    left: u64,
    /// Bytes of the current answer that have come.
    received: usize,
}

impl Closed {
    pub(super) fn connect(
        address: SocketAddr,
        count: u64,
        requests: u64,
        request: Vec<u8>,
        answer_length: usize,
    ) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut connections = Vec::new();
        for index in 0..count {
            let mut stream = connect(address)?;
            poll.registry().register(&mut stream, Token(index as usize), Interest::READABLE)?;
            connections.push(Connection { stream, left: 0, received: 0 });
        }
        let question = Question { request, answer_length };
        let mut load = Self { poll, events: Events::with_capacity(1024), connections, question, requests };
        load.send(WARM_UP * count)?;
        Ok(load)
    }

    fn send(&mut self, requests: u64) -> io::Result<u64> {
        let count = self.connections.len() as u64;
        for (index, connection) in (0..).zip(&mut self.connections) {
            connection.left = requests / count + u64::from(index < requests % count);
            connection.send(&self.question)?;
        }
        let mut answered = 0;
        while answered < requests {
            self.poll.poll(&mut self.events, None)?;
            for event in &self.events {
                answered += self.connections[event.token().0].receive(&self.question)?;
            }
        }
        Ok(answered)
    }
}

/// A connection that does not block; connected while it did, so that the listener's backlog is not overrun.
pub(super) fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = std::net::TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(TcpStream::from_std(stream))
}

impl Load for Closed {
    fn run(&mut self) -> io::Result<Report> {
        let start = Instant::now();
        let done = self.send(self.requests)?;
        Ok(Report { done, refused: 0, wall: start.elapsed(), percentiles: None })
    }
}

impl Connection {
    /// The next request, if one is left. It fits the socket's buffer, as the last one was answered.
    fn send(&mut self, question: &Question) -> io::Result<()> {
        if self.left > 0 {
            self.left -= 1;
            self.stream.write_all(&question.request)?;
        }
        Ok(())
    }

    /// Reads until nothing is left, as the poll is edge-triggered. Returns the answers that were completed.
    fn receive(&mut self, question: &Question) -> io::Result<u64> {
        let mut buffer = [0; 512];
        loop {
            let wanted = (question.answer_length - self.received).min(buffer.len());
            match self.stream.read(&mut buffer[..wanted]) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(length) => self.received += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(0),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            if self.received == question.answer_length {
                self.received = 0;
                self.send(question)?;
                // A whole answer to the one request: nothing more can be there.
                return Ok(1);
            }
        }
    }
}
