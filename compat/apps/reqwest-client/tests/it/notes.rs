//! The service as it should be.

use std::process::Command;
use std::str;

use loopback::{Server, Stop, drive};
use reqwest_client::Note;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::client;

async fn start() -> Server {
    Server::start(|listener: TcpListener, stop: Stop| axum_service::serve(listener, stop)).await
}

#[test]
fn a_note_that_was_added_is_there() {
    drive(|| async {
        let server = start().await;
        let client = client(&server.url("http"));
        let note = client.add("milk").await.unwrap();
        assert_eq!(note, Note { id: 1, text: "milk".to_owned() });
        assert_eq!(client.get(1).await.unwrap(), Some(note.clone()));
        assert_eq!(client.get(2).await.unwrap(), None);
        assert_eq!(client.all().await.unwrap(), [note]);
        server.end().await;
    });
}

#[test]
fn a_refusal_is_an_error_with_its_status() {
    drive(|| async {
        let server = start().await;
        let error = client(&server.url("http")).add("").await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
        server.end().await;
    });
}

#[test]
fn many_requests_at_once_each_have_their_own_answer() {
    drive(|| async {
        const REQUESTS: u64 = 200;
        let server = start().await;
        let client = client(&server.url("http"));
        let mut adding = JoinSet::new();
        for number in 0..REQUESTS {
            let client = client.clone();
            adding.spawn(async move {
                let text = number.to_string();
                assert_eq!(client.add(&text).await.unwrap().text, text);
            });
        }
        while let Some(added) = adding.join_next().await {
            added.unwrap();
        }
        let all = client.all().await.unwrap();
        assert!(all.iter().map(|note| note.id).eq(1..=REQUESTS));
        server.end().await;
    });
}

#[test]
fn the_program_adds_its_arguments_and_prints_all_notes() {
    drive(|| async {
        let server = start().await;
        let url = server.url("http");
        let output = tokio::task::spawn_blocking(move || {
            Command::new(env!("CARGO_BIN_EXE_reqwest-client")).args([&url, "milk", "bread"]).output()
        });
        let output = output.await.unwrap().unwrap();
        assert!(output.status.success(), "{output:?}");
        let mut lines: Vec<&str> = str::from_utf8(&output.stdout).unwrap().lines().collect();
        lines.sort_by_key(|line| line.split(": ").nth(1));
        let texts: Vec<&str> = lines.iter().filter_map(|line| line.split(": ").nth(1)).collect();
        assert_eq!(texts, ["bread", "milk"]);
        server.end().await;
    });
}
