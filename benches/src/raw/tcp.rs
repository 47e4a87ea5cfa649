//! Sockets on a bare epoll loop of one thread: what the kernel itself costs.
//!
//! Edge-triggered, like the reactors that it is compared with, and no call is made whose answer is known.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use mini_benches::generator::{Generator, listener};
use mini_benches::program::{Work, sampled};
use mini_benches::sample::Sample;
use mini_benches::usage::open_many_files;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use super::Bare;

pub(crate) const WORKS: &[Work<Bare>] = &[
    sampled("echo_lone", echo_lone),
    sampled("echo_1", echo::<1>),
    sampled("echo_64", echo::<64>),
    sampled("echo_1000", echo::<1_000>),
    sampled("echo_5000", echo::<5_000>),
];

/// Between two lone requests.
const LONE_PERIOD_NS: u64 = 500_000;

const LISTENER: Token = Token(usize::MAX);
const END: Token = Token(usize::MAX - 1);

/// A connection's part of a server: called when there may be something to read or room to write.
pub(crate) trait Connection {
    fn new(stream: TcpStream) -> Self;

    /// Does all that can be done now. `false` when the connection is over.
    fn turn(&mut self) -> io::Result<bool>;

    fn stream(&mut self) -> &mut TcpStream;
}

fn echo<const CONNECTIONS: u64>(_: &Bare, operations: u64) -> Sample {
    open_many_files().expect("the limit may be raised");
    under_load::<Echo>(Interest::READABLE, move |address| {
        Generator::measure(address, "echo", &[CONNECTIONS, operations])
    })
}

fn echo_lone(_: &Bare, operations: u64) -> Sample {
    under_load::<Echo>(Interest::READABLE, move |address| {
        Generator::measure(address, "paced", &[1, operations, LONE_PERIOD_NS])
    })
}

/// Serves on this thread, while `drive` loads from one beside it, which only waits.
pub(crate) fn under_load<C: Connection>(
    interest: Interest,
    drive: impl FnOnce(SocketAddr) -> Sample + Send + 'static,
) -> Sample {
    let mut poll = Poll::new().expect("the kernel has a poll");
    let listener = listener().expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let is_over = Arc::new(AtomicBool::new(false));
    // Lives until the loop has ended: what is closed is forgotten, its last event too.
    let waker = Arc::new(mio::Waker::new(poll.registry(), END).expect("the kernel has an eventfd"));
    let driver = thread::spawn({
        let (is_over, waker) = (is_over.clone(), waker.clone());
        move || {
            let sample = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drive(address)));
            is_over.store(true, Ordering::Release);
            waker.wake().expect("the poll lives");
            sample
        }
    });
    serve::<C>(&mut poll, listener, interest, &is_over).expect("the kernel serves");
    driver.join().expect("its panic was caught").expect("the load was driven to its end")
}

fn serve<C: Connection>(
    poll: &mut Poll,
    listener: std::net::TcpListener,
    interest: Interest,
    is_over: &AtomicBool,
) -> io::Result<()> {
    let mut listener = TcpListener::from_std(listener);
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut connections: Vec<Option<C>> = Vec::new();
    let mut free: Vec<usize> = Vec::new();
    let mut events = Events::with_capacity(1024);
    while !is_over.load(Ordering::Acquire) {
        poll.poll(&mut events, None)?;
        for event in &events {
            let place = match event.token() {
                END => continue,
                LISTENER => {
                    accept(poll, &listener, interest, &mut connections, &mut free)?;
                    continue;
                }
                Token(place) => place,
            };
            let Some(connection) = &mut connections[place] else { continue };
            if !connection.turn().unwrap_or(false) {
                connections[place] = None;
                free.push(place);
            }
        }
    }
    Ok(())
}

/// Accepts all that wait, and gives each a first turn, as it may have sent already.
fn accept<C: Connection>(
    poll: &Poll,
    listener: &TcpListener,
    interest: Interest,
    connections: &mut Vec<Option<C>>,
    free: &mut Vec<usize>,
) -> io::Result<()> {
    loop {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        stream.set_nodelay(true)?;
        let place = free.pop().unwrap_or_else(|| {
            connections.push(None);
            connections.len() - 1
        });
        let mut connection = C::new(stream);
        poll.registry().register(connection.stream(), Token(place), interest)?;
        match connection.turn() {
            Ok(true) => connections[place] = Some(connection),
            _ => free.push(place),
        }
    }
}

/// Echoes.
pub(crate) struct Echo(TcpStream);

impl Connection for Echo {
    fn new(stream: TcpStream) -> Self {
        Self(stream)
    }

    fn turn(&mut self) -> io::Result<bool> {
        // Longer than a request, so that a short read says that there is no more, and an edge says when there is.
        let mut buffer = [0; 128];
        loop {
            match self.0.read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(length) => {
                    self.0.write_all(&buffer[..length])?;
                    if length < buffer.len() {
                        return Ok(true);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn stream(&mut self) -> &mut TcpStream {
        &mut self.0
    }
}
