//! Long messages that come back as they are, in blocking calls, each connection on a thread of its own.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Instant;

use mini_benches::generator::Report;

use super::Load;

/// Messages on each connection before the measure.
const WARM_UP: u64 = 3;

/// The connections, and what is sent on them.
pub(super) struct Streams {
    connections: Vec<TcpStream>,
    messages: u64,
    length: usize,
}

impl Streams {
    pub(super) fn connect(address: SocketAddr, count: u64, messages: u64, length: u64) -> io::Result<Self> {
        let connections = (0..count).map(|_| TcpStream::connect(address)).collect::<io::Result<_>>()?;
        let mut load = Self { connections, messages, length: length as usize };
        load.send(WARM_UP * count)?;
        Ok(load)
    }

    fn send(&mut self, messages: u64) -> io::Result<u64> {
        let (count, length) = (self.connections.len() as u64, self.length);
        thread::scope(|scope| {
            let exchange = |(index, stream): (u64, &'_ TcpStream)| {
                let stream = stream.try_clone()?;
                let messages = messages / count + u64::from(index < messages % count);
                Ok(scope.spawn(move || exchange(stream, messages, length)))
            };
            let threads: Vec<_> = (0..).zip(&self.connections).map(exchange).collect::<io::Result<_>>()?;
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        })
    }
}

/// Counts the messages that came back as they were.
fn exchange(mut stream: TcpStream, messages: u64, length: usize) -> io::Result<u64> {
    stream.set_nodelay(true)?;
    let mut done = 0;
    let mut answer = vec![0; length];
    for number in 0..messages {
        let message = vec![number as u8; length];
        // It fits the buffers of both sides, so nobody waits here for a side that waits too.
        stream.write_all(&message)?;
        stream.read_exact(&mut answer)?;
        done += u64::from(answer == message);
    }
    Ok(done)
}

impl Load for Streams {
    fn run(&mut self) -> io::Result<Report> {
        let start = Instant::now();
        let done = self.send(self.messages)?;
        Ok(Report { done, refused: 0, wall: start.elapsed(), percentiles: None })
    }
}
