//! One connection, in blocking calls: a request at a time, the next when the last was answered.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use mini_benches::generator::Report;

use super::{Load, REQUEST};

/// Requests before the measure.
const WARM_UP: u64 = 3;

/// The connection, and the requests of a run.
pub(super) struct Lone {
    stream: TcpStream,
    requests: u64,
}

impl Lone {
    pub(super) fn connect(address: SocketAddr, requests: u64) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
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
