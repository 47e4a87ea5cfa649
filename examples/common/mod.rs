//! What the example servers have in common: their options, their address and their end.
//!
//! Not part of what the examples show, and not needed to use `mini`. The invariant: a server that has printed
//! `listening on ADDR` already listens for ctrl-c and SIGTERM too.
#![allow(dead_code, reason = "not every example needs all of it")]

use std::fmt::{self, Debug, Display};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::process;
use std::str::FromStr;

use mini::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use mini::net::{TcpListener, TcpStream};

/// Where servers listen unless they are told otherwise.
pub const ADDRESS: &str = "127.0.0.1:8080";

/// Bytes of the longest line that a peer may send.
const MAX_LINE: u64 = 8 * 1024;

/// Any error, shown as one line when `main` returns it.
pub struct Failure(String);

pub type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `main` prints an error by its `Debug`.
impl Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// The command line, as pairs of `--name` and value.
pub struct Options {
    usage: &'static str,
    pairs: Vec<(String, String)>,
}

impl Options {
    /// Reads the command line. `usage` names every option there is; with another one, or with one that has no value,
    /// the process prints it and exits with 2. `--help` prints it too.
    pub fn read(usage: &'static str) -> Self {
        let mut options = Self { usage, pairs: Vec::new() };
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            if name == "--help" || name == "-h" {
                println!("usage: {usage}");
                process::exit(0);
            }
            let is_known = name.starts_with("--") && usage.split([' ', '[', ']']).any(|word| word == name);
            if !is_known {
                options.refuse(format_args!("unexpected argument {name}"));
            }
            match arguments.next() {
                Some(value) => options.pairs.push((name, value)),
                None => options.refuse(format_args!("{name} needs a value")),
            }
        }
        options
    }

    /// The value of `name`, or `default`. One that cannot be read as a `T` ends the process as a wrong option does.
    pub fn get<T: FromStr>(&self, name: &str, default: T) -> T {
        let Some((_, value)) = self.pairs.iter().rev().find(|(given, _)| given == name) else {
            return default;
        };
        value.parse().unwrap_or_else(|_| self.refuse(format_args!("{name} cannot be {value}")))
    }

    /// The value of `name`, if it was given.
    pub fn find(&self, name: &str) -> Option<String> {
        self.pairs.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.clone())
    }

    fn refuse(&self, why: impl Display) -> ! {
        eprintln!("{why}; usage: {}", self.usage);
        process::exit(2)
    }
}

/// Listens on `address`, says so, and gives the listener with a future that ends at ctrl-c or SIGTERM.
pub async fn listen(address: &str) -> Result<(TcpListener, impl Future<Output = ()> + use<>)> {
    let stop = stop_requested()?;
    let cannot = |error: io::Error| Failure(format!("cannot listen on {address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    println!("listening on {}", listener.local_addr()?);
    Ok((listener, stop))
}

/// The next connection. An error, which is want of descriptors as a rule, is printed, and the next is waited for.
pub async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => eprintln!("cannot accept: {error}"),
        }
    }
}

/// The next line without its end; `None` when there is no more. No peer can make us keep more than `MAX_LINE` bytes.
pub async fn read_line(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<String>> {
    let mut line = String::new();
    reader.take(MAX_LINE).read_line(&mut line).await?;
    match line.strip_suffix('\n') {
        Some(whole) => Ok(Some(whole.strip_suffix('\r').unwrap_or(whole).to_owned())),
        None if line.len() as u64 == MAX_LINE => {
            Err(io::Error::new(io::ErrorKind::InvalidData, "line too long"))
        }
        // The peer left in the middle of a line, or at the end of one.
        None => Ok(None),
    }
}

/// Ends when the process is asked to end. The signals are caught from the call on.
#[cfg(unix)]
pub fn stop_requested() -> io::Result<impl Future<Output = ()>> {
    use mini::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        mini::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when the process is asked to end, or never where that cannot be heard.
#[cfg(not(unix))]
pub fn stop_requested() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if mini::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
