//! Publishing and subscribing.

use futures_util::StreamExt;
use loopback::drive;
use redis::AsyncCommands;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{client, connect, start};

#[test]
fn what_is_published_all_subscribers_hear_in_order() {
    drive(|| async {
        const MESSAGES: usize = 200;
        let server = start().await;
        let mut subscribers = Vec::new();
        for _ in 0..8 {
            let mut subscriber = client(&server).get_async_pubsub().await.unwrap();
            subscriber.subscribe(&["news", "weather"]).await.unwrap();
            subscribers.push(subscriber);
        }
        let hearing = subscribers.into_iter().map(|mut subscriber| {
            tokio::spawn(async move {
                let messages = subscriber.on_message().take(MESSAGES);
                let messages = messages.map(|message| message.get_payload::<usize>().unwrap());
                assert!(messages.collect::<Vec<_>>().await.into_iter().eq(0..MESSAGES));
            })
        });
        let hearing: Vec<_> = hearing.collect();
        let mut redis = connect(&server).await;
        for number in 0..MESSAGES {
            let channel = ["news", "weather"][number % 2];
            assert_eq!(redis.publish::<_, _, usize>(channel, number).await.unwrap(), 8);
        }
        for subscriber in hearing {
            subscriber.await.unwrap();
        }
        drop(redis);
        server.end().await;
    });
}

#[test]
fn who_unsubscribes_or_leaves_is_not_told() {
    drive(|| async {
        let server = start().await;
        let mut redis = connect(&server).await;
        let mut subscriber = client(&server).get_async_pubsub().await.unwrap();
        subscriber.subscribe("news").await.unwrap();
        assert_eq!(redis.publish::<_, _, usize>("news", 1).await.unwrap(), 1);
        subscriber.unsubscribe("news").await.unwrap();
        assert_eq!(redis.publish::<_, _, usize>("news", 2).await.unwrap(), 0);
        subscriber.subscribe("news").await.unwrap();
        drop(subscriber);
        // The server hears of it in its own time.
        while redis.publish::<_, _, usize>("news", 3).await.unwrap() != 0 {
            tokio::task::yield_now().await;
        }
        drop(redis);
        server.end().await;
    });
}

#[test]
fn a_subscriber_that_does_not_read_is_cut_off() {
    drive(|| async {
        let server = start().await;
        let mut slow = server.connect().await;
        slow.write_all(b"SUBSCRIBE news\r\n").await.unwrap();
        let mut answer = [0; 33];
        slow.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
        let mut redis = connect(&server).await;
        let text = "x".repeat(64 << 10);
        while redis.publish::<_, _, usize>("news", &text).await.unwrap() != 0 {}
        // What the kernel has, and then the end, which may be a reset.
        while slow.read(&mut [0; 4096]).await.is_ok_and(|count| count > 0) {}
        drop(redis);
        server.end().await;
    });
}
