//! The protocol of lines, by one client and by many.

use std::io::{Read, Write};
use std::net::Shutdown;

use loopback::{Program, Server, drive};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::{folder, start};

struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    async fn connect(server: &Server) -> Self {
        Self { stream: BufReader::new(server.connect().await) }
    }

    /// Sends a line and returns the first of its answer.
    async fn ask(&mut self, line: &str) -> String {
        self.stream.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        self.read().await
    }

    async fn read(&mut self) -> String {
        let mut answer = String::new();
        self.stream.read_line(&mut answer).await.unwrap();
        answer.trim_end().to_owned()
    }
}

#[test]
fn a_transfer_is_done_or_not_at_all() {
    drive(|| async {
        let folder = folder();
        let server = start(folder.path()).await;
        let mut client = Client::connect(&server).await;
        for (line, answer) in [
            ("open ann 100", "ok"),
            ("open bob 0", "ok"),
            ("open ann 5", "error: there is such an account already"),
            ("transfer ann bob 30", "ok"),
            ("transfer ann bob 71", "error: there is not enough"),
            ("transfer ann eve 10", "error: there is no account eve"),
            ("transfer ann bob -5", "error: no such command"),
            ("balance ann", "70"),
            ("balance bob", "30"),
            ("balance eve", "error: there is no account eve"),
            ("", "error: no such command"),
            ("list", "ann 70"),
        ] {
            assert_eq!(client.ask(line).await, answer, "{line}");
        }
        assert_eq!((client.read().await, client.read().await), ("bob 30".to_owned(), "ok".to_owned()));
        server.end().await;
    });
}

#[test]
fn transfers_of_many_clients_lose_nothing() {
    drive(|| async {
        const CLIENTS: usize = 16;
        const EACH: usize = 10;
        let folder = folder();
        let server = start(folder.path()).await;
        let mut client = Client::connect(&server).await;
        for number in 0..CLIENTS {
            client.ask(&format!("open account{number} 100")).await;
        }
        let mut clients = Vec::new();
        for number in 0..CLIENTS {
            let mut client = Client::connect(&server).await;
            clients.push(tokio::spawn(async move {
                for step in 1..=EACH {
                    let to = (number + step) % CLIENTS;
                    let line = format!("transfer account{number} account{to} {step}");
                    assert_eq!(client.ask(&line).await, "ok");
                }
            }));
        }
        for client in clients {
            client.await.unwrap();
        }
        // Each gave as much as it was given.
        for number in 0..CLIENTS {
            assert_eq!(client.ask(&format!("balance account{number}")).await, "100");
        }
        server.end().await;
    });
}

#[test]
fn what_was_done_is_there_after_a_restart() {
    drive(|| async {
        let folder = folder();
        let server = start(folder.path()).await;
        assert_eq!(Client::connect(&server).await.ask("open ann 100").await, "ok");
        server.end().await;
        let server = start(folder.path()).await;
        assert_eq!(Client::connect(&server).await.ask("balance ann").await, "100");
        server.end().await;
    });
}

#[test]
fn a_line_that_is_too_long_ends_its_connection() {
    drive(|| async {
        let folder = folder();
        let server = start(folder.path()).await;
        let mut client = Client::connect(&server).await;
        client.stream.write_all(&[b'x'; 1024]).await.unwrap();
        assert_eq!(client.read().await, "error: that line is too long");
        assert_eq!(client.stream.read(&mut [0; 1]).await.unwrap(), 0);
        server.end().await;
    });
}

#[test]
fn the_program_ends_on_ctrl_c() {
    let folder = folder();
    let file = folder.path().join("accounts.sqlite");
    let program = Program::start_with(env!("CARGO_BIN_EXE_sqlite"), &[file.to_str().unwrap()]);
    let mut stream = std::net::TcpStream::connect(program.address()).unwrap();
    stream.write_all(b"open ann 1\n").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "ok\n");
    program.interrupt();
    // Closed in order: nothing is left in the log beside it.
    assert!(file.exists() && !folder.path().join("accounts.sqlite-wal").exists());
}
