//! What a connection itself costs on a bare epoll loop: the lines of `work/connections.rs`.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};

use mini_benches::generator::Generator;
use mini_benches::program::{Work, sampled};
use mini_benches::sample::{Sample, Scales, Stopwatch};
use mini_benches::usage::open_many_files;
use mio::Interest;
use mio::net::TcpStream;

use super::Bare;
use super::tcp::{Connection, Echo, under_load};

pub(crate) const WORKS: &[Work<Bare>] = &[
    sampled("stream_64k", stream),
    sampled("connect_close", connect_close),
    sampled("accept_storm", accept_storm),
    sampled("idle_connection", idle_connection),
];

const MESSAGE: u64 = 65_536;
const STREAMS: u64 = 4;
const CHURN: u64 = 8;
const STORM: u64 = 1_000;

fn stream(_: &Bare, operations: u64) -> Sample {
    under_load::<LongEcho>(Interest::READABLE | Interest::WRITABLE, move |address| {
        Generator::measure(address, "stream", &[STREAMS, operations, MESSAGE])
    })
}

fn connect_close(_: &Bare, operations: u64) -> Sample {
    under_load::<Echo>(Interest::READABLE, move |address| {
        Generator::measure(address, "churn", &[CHURN, operations])
    })
}

fn accept_storm(_: &Bare, operations: u64) -> Sample {
    open_many_files().expect("the limit may be raised");
    under_load::<Greeter>(Interest::READABLE, move |address| {
        Generator::measure(address, "storm", &[STORM, operations])
    })
}

fn idle_connection(_: &Bare, operations: u64) -> Sample {
    open_many_files().expect("the limit may be raised");
    under_load::<Echo>(Interest::READABLE, move |address| {
        let (scales, stopwatch) = (Scales::start(), Stopwatch::start());
        let mut generator = Generator::start(address, "echo", &[operations, operations]);
        assert_eq!(generator.load().done, operations, "each was served");
        let sample = scales.stop(stopwatch.stop(operations));
        generator.end();
        sample
    })
}

/// Echoes what may be long, and keeps what the socket does not take.
struct LongEcho {
    stream: TcpStream,
    buffer: Vec<u8>,
    unsent: VecDeque<u8>,
}

impl Connection for LongEcho {
    fn new(stream: TcpStream) -> Self {
        Self { stream, buffer: vec![0; MESSAGE as usize], unsent: VecDeque::new() }
    }

    fn turn(&mut self) -> io::Result<bool> {
        loop {
            while !self.unsent.is_empty() {
                match self.stream.write(self.unsent.as_slices().0) {
                    Ok(length) => drop(self.unsent.drain(..length)),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                    Err(error) => return Err(error),
                }
            }
            let length = match self.stream.read(&mut self.buffer) {
                Ok(0) => return Ok(false),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(error),
            };
            let sent = match self.stream.write(&self.buffer[..length]) {
                Ok(sent) => sent,
                Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
                Err(error) => return Err(error),
            };
            self.unsent.extend(&self.buffer[sent..length]);
            if length < self.buffer.len() && self.unsent.is_empty() {
                // The socket was emptied; more would be an edge.
                return Ok(true);
            }
        }
    }

    fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }
}

/// Sends a byte and waits until the other side has closed.
struct Greeter {
    stream: TcpStream,
    has_greeted: bool,
}

impl Connection for Greeter {
    fn new(stream: TcpStream) -> Self {
        Self { stream, has_greeted: false }
    }

    fn turn(&mut self) -> io::Result<bool> {
        if !self.has_greeted {
            self.has_greeted = true;
            self.stream.write_all(b"!")?;
            return Ok(true);
        }
        match self.stream.read(&mut [0]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(true),
            _ => Ok(false),
        }
    }

    fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }
}
