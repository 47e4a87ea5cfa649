//! The load generator: `load MODE ADDRESS NUMBERS...`, on mio directly or in plain blocking calls, so that it stays
//! well below the server's own cost.
//!
//! It connects, warms up, prints `ready`, and for each line of its input loads once and prints what it found. It ends
//! with its input, and only then do its connections.

#![allow(clippy::print_stdout)] // Its parent reads it.

mod closed;
mod connects;
mod http;
mod lone;
mod open;
mod stream;

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use mini_benches::generator::Report;
use mini_benches::usage::{open_many_files, take_precedence};

/// Bytes of a request and of its answer, where nothing else is said.
const REQUEST: [u8; 64] = [7; 64];

/// Something that loads a server and says what it found.
trait Load {
    fn run(&mut self) -> io::Result<Report>;
}

fn main() -> Result<(), Box<dyn Error>> {
    open_many_files()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, address, numbers @ ..] = &arguments[..] else {
        return Err("usage: load MODE ADDRESS NUMBERS...".into());
    };
    let numbers = numbers.iter().map(|number| number.parse()).collect::<Result<Vec<u64>, _>>()?;
    let mut load = load(mode, address.parse()?, &numbers)?;
    println!("ready");
    for line in io::stdin().lines() {
        line?;
        println!("{}", load.run()?.to_line());
    }
    Ok(())
}

fn load(mode: &str, address: SocketAddr, numbers: &[u64]) -> Result<Box<dyn Load>, Box<dyn Error>> {
    Ok(match (mode, numbers) {
        ("echo", &[1, requests]) => Box::new(lone::Lone::connect(address, requests)?),
        ("echo", &[connections, requests]) => Box::new(closed::Closed::connect(
            address,
            connections,
            requests,
            REQUEST.to_vec(),
            REQUEST.len(),
        )?),
        ("http", &[connections, requests]) => {
            let (request, length) = http::request(address)?;
            Box::new(closed::Closed::connect(address, connections, requests, request, length)?)
        }
        ("stream", &[connections, messages, length]) => {
            Box::new(stream::Streams::connect(address, connections, messages, length)?)
        }
        ("paced", &[connections, requests, period_ns]) => {
            take_precedence();
            Box::new(open::Paced::connect(address, connections, requests, period_ns)?)
        }
        ("overload", &[connections, requests]) => {
            Box::new(open::Overload::connect(address, connections, requests)?)
        }
        ("churn", &[at_once, connections]) => Box::new(connects::Churn { address, at_once, connections }),
        ("storm", &[at_once, connections]) => Box::new(connects::Storm::new(address, at_once, connections)?),
        _ => return Err(format!("no load is called {mode} with {numbers:?}").into()),
    })
}
