//! The websocket: all that is new is heard by all, in order; who leaves without a word leaves nothing behind.

use axum_service::Note;
use futures_util::{SinkExt, StreamExt};
use loopback::{Server, drive};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::{client, start};

type Feed = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn open(server: &Server) -> Feed {
    connect_async(server.url("ws") + "/feed").await.unwrap().0
}

async fn hear(feed: &mut Feed) -> Note {
    let message = feed.next().await.unwrap().unwrap();
    serde_json::from_str(message.to_text().unwrap()).unwrap()
}

#[test]
fn a_note_by_json_is_heard_on_every_feed() {
    drive(|| async {
        let server = start().await;
        let mut feeds = Vec::new();
        for _ in 0..8 {
            feeds.push(open(&server).await);
        }
        for text in ["one", "two", "three"] {
            let note = json!({"text": text});
            client().post(server.url("http") + "/notes").json(&note).send().await.unwrap();
        }
        for feed in &mut feeds {
            for (id, text) in [(1, "one"), (2, "two"), (3, "three")] {
                assert_eq!(hear(feed).await, Note { id, text: text.to_owned() });
            }
            feed.close(None).await.unwrap();
        }
        server.end().await;
    });
}

#[test]
fn what_many_feeds_say_at_once_all_of_them_hear_in_order() {
    drive(|| async {
        const FEEDS: usize = 8;
        const EACH: usize = 16;
        let server = start().await;
        let mut guests = Vec::new();
        for guest in 0..FEEDS {
            guests.push((guest, open(&server).await));
        }
        let guests = guests.into_iter().map(|(guest, mut feed)| {
            tokio::spawn(async move {
                for number in 0..EACH {
                    feed.send(Message::text(format!("{guest}/{number}"))).await.unwrap();
                }
                let mut ids = Vec::new();
                while ids.len() < FEEDS * EACH {
                    ids.push(hear(&mut feed).await.id);
                }
                feed.close(None).await.unwrap();
                ids
            })
        });
        for guest in guests.collect::<Vec<_>>() {
            assert!(guest.await.unwrap().into_iter().eq(1..=(FEEDS * EACH) as u64));
        }
        server.end().await;
    });
}

#[test]
fn the_end_of_the_service_says_goodbye_to_feeds() {
    drive(|| async {
        let server = start().await;
        let mut feed = open(&server).await;
        let stopping = server.stop();
        let Some(Ok(Message::Close(Some(reason)))) = feed.next().await else { panic!("no goodbye") };
        assert_eq!((reason.code, reason.reason.as_str()), (CloseCode::Away, "the service stops"));
        // The library answers the goodbye; then the connection ends.
        assert!(feed.next().await.is_none());
        stopping.ended().await;
    });
}

#[test]
fn a_feed_that_leaves_without_a_word_does_not_hold_up_the_end() {
    drive(|| async {
        let server = start().await;
        drop(open(&server).await);
        server.end().await;
    });
}

#[test]
fn a_message_beyond_the_limit_ends_its_feed_alone() {
    drive(|| async {
        let server = start().await;
        let (mut large, mut small) = (open(&server).await, open(&server).await);
        // It may be refused while it is still being sent.
        let _ = large.send(Message::text("x".repeat(1 << 20))).await;
        assert!(matches!(large.next().await, Some(Err(Error::Io(_) | Error::Protocol(_))) | None));
        small.send(Message::text("still here")).await.unwrap();
        assert_eq!(hear(&mut small).await.text, "still here");
        drop((large, small));
        server.end().await;
    });
}

#[test]
fn what_is_no_websocket_is_refused() {
    drive(|| async {
        let server = start().await;
        let mut stream = server.connect().await;
        stream.write_all(b"GET /feed HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        server.end().await;
    });
}
