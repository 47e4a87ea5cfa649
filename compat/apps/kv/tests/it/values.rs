//! Values and deadlines, by one client and by many on one connection.

use loopback::drive;
use redis::{
    AsyncCommands, ErrorKind, ExistenceCheck, RedisResult, ServerErrorKind, SetExpiry, SetOptions, pipe,
};
use tokio::task::JoinSet;

use crate::{connect, start};

#[test]
fn a_value_is_set_found_counted_up_and_deleted() {
    drive(|| async {
        let server = start().await;
        let mut redis = connect(&server).await;
        assert_eq!(redis.ping::<String>().await.unwrap(), "PONG");
        assert_eq!(redis.get::<_, Option<String>>("key").await.unwrap(), None);
        let _: () = redis.set("key", "41").await.unwrap();
        assert_eq!(redis.incr::<_, _, i64>("key", 1).await.unwrap(), 42);
        assert_eq!(redis.get::<_, i64>("key").await.unwrap(), 42);
        let absent = SetOptions::default().conditional_set(ExistenceCheck::NX);
        assert_eq!(redis.set_options::<_, _, Option<String>>("key", 7, absent).await, Ok(None));
        assert_eq!(redis.del::<_, i64>(&["key", "other"]).await.unwrap(), 1);
        assert_eq!(redis.get::<_, Option<String>>("key").await.unwrap(), None);
        drop(redis);
        server.end().await;
    });
}

#[test]
fn values_are_bytes_of_any_kind_and_length() {
    drive(|| async {
        let server = start().await;
        let mut redis = connect(&server).await;
        for length in [0, 1, 8 * 1024, 8 * 1024 + 1, 3 << 20] {
            let value: Vec<u8> = (0..length).map(|index| (index * 7 % 256) as u8).collect();
            let _: () = redis.set("\r\n", &value).await.unwrap();
            assert!(redis.get::<_, Vec<u8>>("\r\n").await.unwrap() == value, "{length}");
        }
        drop(redis);
        server.end().await;
    });
}

#[test]
fn a_key_leaves_when_its_deadline_comes() {
    drive(|| async {
        let server = start().await;
        let mut redis = connect(&server).await;
        let _: () = redis.set("key", "value").await.unwrap();
        assert_eq!(redis.ttl::<_, i64>("key").await.unwrap(), -1);
        assert_eq!(redis.expire::<_, i64>("key", 1000).await.unwrap(), 1);
        assert!((1..=1000).contains(&redis.ttl::<_, i64>("key").await.unwrap()));
        // Sooner than the one that the sweep waits for.
        let soon = SetOptions::default().with_expiration(SetExpiry::PX(20));
        let _: () = redis.set_options("soon", "value", soon).await.unwrap();
        while redis.get::<_, Option<String>>("soon").await.unwrap().is_some() {}
        assert_eq!(redis.ttl::<_, i64>("soon").await.unwrap(), -2);
        assert_eq!(redis.get::<_, String>("key").await.unwrap(), "value");
        assert_eq!(redis.expire::<_, i64>("key", -1).await.unwrap(), 1);
        assert_eq!(redis.expire::<_, i64>("key", 1000).await.unwrap(), 0);
        drop(redis);
        server.end().await;
    });
}

#[test]
fn what_cannot_be_done_is_an_error_and_the_connection_goes_on() {
    drive(|| async {
        let server = start().await;
        let mut redis = connect(&server).await;
        let _: () = redis.set("key", "text").await.unwrap();
        let refused: RedisResult<i64> = redis.incr("key", 1).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Server(ServerErrorKind::ResponseError));
        let unknown: RedisResult<()> = redis::cmd("NONSENSE").query_async(&mut redis).await;
        assert!(unknown.unwrap_err().to_string().contains("unknown command"));
        assert_eq!(redis.get::<_, String>("key").await.unwrap(), "text");
        drop(redis);
        server.end().await;
    });
}

#[test]
fn many_tasks_share_a_connection() {
    drive(|| async {
        const TASKS: i64 = 64;
        const EACH: i64 = 50;
        let server = start().await;
        let redis = connect(&server).await;
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            let mut redis = redis.clone();
            tasks.spawn(async move {
                for count in 1..=EACH {
                    let _: i64 = redis.incr("all", 1).await.unwrap();
                    assert_eq!(redis.incr::<_, _, i64>(task, 1).await.unwrap(), count);
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
        assert_eq!(redis.clone().get::<_, i64>("all").await.unwrap(), TASKS * EACH);
        drop(redis);
        server.end().await;
    });
}

#[test]
fn a_pipeline_is_answered_in_order() {
    drive(|| async {
        const COMMANDS: usize = 5000;
        let server = start().await;
        let mut redis = connect(&server).await;
        let mut pipeline = pipe();
        for number in 0..COMMANDS {
            pipeline.set(number, number).ignore().get(number);
        }
        let numbers: Vec<usize> = pipeline.query_async(&mut redis).await.unwrap();
        assert!(numbers.into_iter().eq(0..COMMANDS));
        drop(redis);
        server.end().await;
    });
}
