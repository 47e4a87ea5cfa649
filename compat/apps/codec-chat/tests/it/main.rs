//! The chat over loopback: a crowd, bad manners, and the end.

use std::collections::BTreeMap;
use std::io::Read;

use codec_chat::QUEUED_LINES;
use futures_util::{SinkExt, StreamExt};
use loopback::{Program, Server, Stop, drive};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::{Framed, LinesCodec};

async fn start() -> Server {
    Server::start(|listener: TcpListener, stop: Stop| codec_chat::serve(listener, stop)).await
}

/// The other end of a connection.
struct Guest {
    lines: Framed<TcpStream, LinesCodec>,
}

impl Guest {
    async fn connect(server: &Server) -> Self {
        Self { lines: Framed::new(server.connect().await, LinesCodec::new()) }
    }

    /// One that has given its name and been let in.
    async fn enter(server: &Server, name: &str) -> Self {
        let mut guest = Self::connect(server).await;
        guest.hears("* your name?").await;
        guest.says(name).await;
        guest.hears(&format!("* welcome, {name}")).await;
        guest
    }

    async fn says(&mut self, line: &str) {
        self.lines.send(line).await.unwrap();
    }

    /// The next line, or `None` when the server has left.
    async fn next(&mut self) -> Option<String> {
        self.lines.next().await.transpose().unwrap()
    }

    async fn hears(&mut self, line: &str) {
        assert_eq!(self.next().await.as_deref(), Some(line));
    }
}

#[test]
fn what_one_says_the_other_hears() {
    drive(|| async {
        let server = start().await;
        let mut ann = Guest::enter(&server, "ann").await;
        let mut bob = Guest::enter(&server, "bob").await;
        ann.hears("* bob is here").await;
        bob.says("hello").await;
        ann.hears("bob: hello").await;
        ann.says("hello, bob").await;
        bob.hears("ann: hello, bob").await;
        drop(ann);
        bob.hears("* ann left").await;
        drop(bob);
        server.end().await;
    });
}

#[test]
fn all_of_a_crowd_hear_all_the_others_in_order() {
    drive(|| async {
        const GUESTS: usize = 64;
        const EACH: usize = 10;
        // With who is here and who left it fits the queues: nobody can be too slow.
        const { assert!(GUESTS * (EACH + 2) < QUEUED_LINES) };
        let server = start().await;
        let mut guests = Vec::new();
        for number in 0..GUESTS {
            guests.push(Guest::enter(&server, &format!("guest{number}")).await);
        }
        let tasks = guests.into_iter().map(|mut guest| {
            tokio::spawn(async move {
                for number in 0..EACH {
                    guest.says(&number.to_string()).await;
                }
                let mut heard = BTreeMap::<String, usize>::new();
                let mut left = (GUESTS - 1) * EACH;
                while left > 0 {
                    let line = guest.next().await.unwrap();
                    let Some((name, number)) = line.split_once(": ") else { continue };
                    let next = heard.entry(name.to_owned()).or_default();
                    assert_eq!(number, next.to_string(), "{line}");
                    (*next, left) = (*next + 1, left - 1);
                }
                assert_eq!(heard.len(), GUESTS - 1);
                guest
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            drop(task.await.unwrap());
        }
        server.end().await;
    });
}

#[test]
fn a_name_is_given_and_given_once() {
    drive(|| async {
        let server = start().await;
        let ann = Guest::enter(&server, "ann").await;
        let mut other = Guest::connect(&server).await;
        other.hears("* your name?").await;
        other.says("").await;
        other.hears("* a name has a letter; your name?").await;
        other.says("ann").await;
        other.hears("* that name is taken; your name?").await;
        other.says("bob").await;
        other.hears("* welcome, bob").await;
        drop(ann);
        other.hears("* ann left").await;
        // Now it is free.
        Guest::enter(&server, "ann").await;
        drop(other);
        server.end().await;
    });
}

#[test]
fn a_line_that_is_too_long_shows_its_guest_out() {
    drive(|| async {
        let server = start().await;
        let mut ann = Guest::enter(&server, "ann").await;
        let mut bob = Guest::enter(&server, "bob").await;
        bob.says(&"x".repeat(2000)).await;
        bob.hears("* that line is too long").await;
        assert_eq!(bob.next().await, None);
        ann.hears("* bob is here").await;
        ann.hears("* bob left").await;
        drop((ann, bob));
        server.end().await;
    });
}

#[test]
fn a_line_that_is_not_text_ends_its_guest() {
    drive(|| async {
        let server = start().await;
        let mut ann = Guest::enter(&server, "ann").await;
        let mut bob = Guest::enter(&server, "bob").await;
        bob.lines.get_mut().write_all(b"\xff\xfe\n").await.unwrap();
        assert_eq!(bob.next().await, None);
        ann.hears("* bob is here").await;
        ann.hears("* bob left").await;
        drop((ann, bob));
        server.end().await;
    });
}

#[test]
fn a_line_in_crumbs_is_one_line() {
    drive(|| async {
        let server = start().await;
        let mut ann = Guest::enter(&server, "ann").await;
        let mut bob = Guest::enter(&server, "bob").await;
        ann.hears("* bob is here").await;
        for byte in "hello, ann\r\n".bytes() {
            bob.lines.get_mut().write_u8(byte).await.unwrap();
            tokio::task::yield_now().await;
        }
        ann.hears("bob: hello, ann").await;
        drop((ann, bob));
        server.end().await;
    });
}

#[test]
fn a_guest_that_does_not_read_is_shown_out_and_holds_up_nobody() {
    drive(|| async {
        let server = start().await;
        let mut ann = Guest::enter(&server, "ann").await;
        let slow = Guest::enter(&server, "slow").await;
        ann.hears("* slow is here").await;
        let mut bob = Guest::enter(&server, "bob").await;
        ann.hears("* bob is here").await;
        // Until the kernel's buffers and the queue are full.
        let line = "x".repeat(1000);
        loop {
            bob.says(&line).await;
            if ann.next().await.unwrap() == "* slow left" {
                break;
            }
        }
        drop((ann, bob, slow));
        server.end().await;
    });
}

#[test]
fn the_end_says_goodbye_and_waits_for_nobody() {
    drive(|| async {
        let server = start().await;
        let mut ann = Guest::enter(&server, "ann").await;
        let mut nameless = Guest::connect(&server).await;
        nameless.hears("* your name?").await;
        let stopping = server.stop();
        ann.hears("* the room closes").await;
        nameless.hears("* the room closes").await;
        stopping.ended().await;
        assert_eq!(ann.lines.get_mut().read(&mut [0; 1]).await.unwrap(), 0);
    });
}

#[test]
fn the_program_ends_on_ctrl_c() {
    let program = Program::start(env!("CARGO_BIN_EXE_codec-chat"));
    let mut stream = std::net::TcpStream::connect(program.address()).unwrap();
    let mut question = [0; 13];
    stream.read_exact(&mut question).unwrap();
    assert_eq!(&question, b"* your name?\n");
    program.interrupt();
    let mut goodbye = String::new();
    stream.read_to_string(&mut goodbye).unwrap();
    assert_eq!(goodbye, "* the room closes\n");
}
