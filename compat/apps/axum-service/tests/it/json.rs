//! Notes are kept, found and forgotten; what is not a note is refused.

use axum_service::Note;
use loopback::drive;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{client, start};

#[test]
fn a_note_is_kept_found_and_forgotten() {
    drive(|| async {
        let (server, client) = (start().await, client());
        let notes = format!("{}/notes", server.url("http"));
        let answer = client.post(&notes).json(&json!({"text": "milk"})).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        let kept: Note = answer.json().await.unwrap();
        assert_eq!(kept, Note { id: 1, text: "milk".to_owned() });

        let one = format!("{notes}/1");
        let found: Note = client.get(&one).send().await.unwrap().json().await.unwrap();
        assert_eq!(found, kept);
        assert_eq!(client.delete(&one).send().await.unwrap().status(), StatusCode::NO_CONTENT);
        let answer = client.get(&one).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        let reason: Value = answer.json().await.unwrap();
        assert_eq!(reason, json!({"error": "there is no note 1"}));
        server.end().await;
    });
}

/// axum's own limit of a body. One byte more, and not more, is read to its end before it is refused: who is still
/// sending when the connection ends may not get to read why.
const MOST_BYTES: usize = 2 << 20;

#[test]
fn what_is_not_a_note_is_refused() {
    drive(|| async {
        let (server, client) = (start().await, client());
        let notes = format!("{}/notes", server.url("http"));
        let post = |kind: &str, body: &str| {
            client.post(&notes).header("content-type", kind).body(body.to_owned()).send()
        };
        let json = "application/json";
        for (sent, status) in [
            (post(json, "{"), StatusCode::BAD_REQUEST),
            (post(json, r#"{"words": 1}"#), StatusCode::UNPROCESSABLE_ENTITY),
            (post(json, r#"{"text": ""}"#), StatusCode::UNPROCESSABLE_ENTITY),
            (post("text/plain", "milk"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
            (post(json, &"x".repeat(MOST_BYTES + 1)), StatusCode::PAYLOAD_TOO_LARGE),
            (client.put(&notes).send(), StatusCode::METHOD_NOT_ALLOWED),
            (client.get(format!("{notes}/x")).send(), StatusCode::BAD_REQUEST),
            (client.get(server.url("http") + "/nowhere").send(), StatusCode::NOT_FOUND),
        ] {
            assert_eq!(sent.await.unwrap().status(), status);
        }
        server.end().await;
    });
}

#[test]
fn notes_of_many_at_once_are_all_kept() {
    drive(|| async {
        const GUESTS: usize = 32;
        const EACH: usize = 16;
        let (server, client) = (start().await, client());
        let notes = format!("{}/notes", server.url("http"));
        let guests = (0..GUESTS).map(|guest| {
            let (client, notes) = (client.clone(), notes.clone());
            tokio::spawn(async move {
                for number in 0..EACH {
                    let note = json!({"text": format!("{guest}/{number}")});
                    let answer = client.post(&notes).json(&note).send().await.unwrap();
                    assert_eq!(answer.status(), StatusCode::CREATED);
                }
            })
        });
        for guest in guests.collect::<Vec<_>>() {
            guest.await.unwrap();
        }
        let all: Vec<Note> = client.get(&notes).send().await.unwrap().json().await.unwrap();
        assert!(all.iter().map(|note| note.id).eq(1..=(GUESTS * EACH) as u64));
        server.end().await;
    });
}
