//! The commands: what each wants to be said, and what it does.
//!
//! | | |
//! |---|---|
//! | `PING [TEXT]` `CLIENT …` | as Redis answers them; nothing of a client is kept |
//! | `GET` `SET [EX S] [PX MS] [NX]` `DEL` `INCR` `INCRBY` | values |
//! | `EXPIRE` `PEXPIRE` `TTL` `PTTL` | deadlines |
//! | `SUBSCRIBE` `UNSUBSCRIBE` `PUBLISH` | channels |
//!
//! Invariant: a request that is refused has changed nothing.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::Server;
use crate::reply::Reply;
use crate::store::TimeToLive;
use crate::subscriptions::Subscriptions;

/// Why a request was refused.
type Refusal = String;

/// Does what is asked, and returns what is to be answered: one reply to most commands, none to no words.
pub(crate) fn run(request: &[Bytes], server: &Server, subscriptions: &mut Subscriptions<'_>) -> Vec<Reply> {
    let Some((name, arguments)) = request.split_first() else { return Vec::new() };
    let name = String::from_utf8_lossy(name).to_ascii_uppercase();
    match name.as_str() {
        "SUBSCRIBE" if !arguments.is_empty() => {
            arguments.iter().map(|channel| subscriptions.add(channel)).collect()
        }
        "UNSUBSCRIBE" => subscriptions.remove(arguments),
        _ => {
            let result = one_reply(&name, arguments, server);
            vec![result.unwrap_or_else(|refusal| Reply::Error(refusal.into()))]
        }
    }
}

fn one_reply(name: &str, arguments: &[Bytes], server: &Server) -> Result<Reply, Refusal> {
    let store = &server.store;
    let reply = match (name, arguments) {
        ("PING", []) => Reply::Simple("PONG"),
        ("PING", [text]) => Reply::Bulk(text.clone()),
        ("CLIENT", [_, ..]) => Reply::Simple("OK"),
        ("GET", [key]) => store.get(key).map_or(Reply::Nil, Reply::Bulk),
        ("SET", [key, value, options @ ..]) => {
            let options = SetOptions::parse(options)?;
            let deadline = options.time_to_live.map(deadline_after).transpose()?;
            match store.set(key.clone(), value.clone(), deadline, options.is_only_if_absent) {
                true => Reply::Simple("OK"),
                false => Reply::Nil,
            }
        }
        ("DEL", [_, ..]) => count(arguments.iter().filter(|key| store.remove(key)).count()),
        ("INCR", [key]) => Reply::Integer(store.increment(key, 1)?),
        ("INCRBY", [key, by]) => Reply::Integer(store.increment(key, integer(by)?)?),
        ("EXPIRE", [key, seconds]) => expire(server, key, seconds, 1000)?,
        ("PEXPIRE", [key, milliseconds]) => expire(server, key, milliseconds, 1)?,
        ("TTL", [key]) => time_to_live(store.time_to_live(key), 1000),
        ("PTTL", [key]) => time_to_live(store.time_to_live(key), 1),
        ("PUBLISH", [channel, message]) => count(server.channels.publish(channel, message)),
        ("PING" | "CLIENT" | "GET" | "SET" | "DEL" | "INCR" | "INCRBY", _)
        | ("EXPIRE" | "PEXPIRE" | "TTL" | "PTTL" | "PUBLISH" | "SUBSCRIBE", _) => {
            let name = name.to_lowercase();
            return Err(format!("ERR wrong number of arguments for '{name}' command"));
        }
        _ => return Err(format!("ERR unknown command '{}'", name.escape_default())),
    };
    Ok(reply)
}

#[derive(Default)]
struct SetOptions {
    time_to_live: Option<Duration>,
    is_only_if_absent: bool,
}

impl SetOptions {
    fn parse(mut words: &[Bytes]) -> Result<Self, Refusal> {
        let mut options = Self::default();
        while let [word, rest @ ..] = words {
            words = match (word.to_ascii_uppercase().as_slice(), rest) {
                (b"NX", rest) => {
                    options.is_only_if_absent = true;
                    rest
                }
                (unit @ (b"EX" | b"PX"), [number, rest @ ..]) => {
                    let milliseconds = integer(number)?.saturating_mul(if unit == b"EX" { 1000 } else { 1 });
                    let time = u64::try_from(milliseconds).ok().filter(|time| *time > 0);
                    let time = time.ok_or("ERR invalid expire time in 'set' command")?;
                    options.time_to_live = Some(Duration::from_millis(time));
                    rest
                }
                _ => return Err("ERR syntax error".to_owned()),
            };
        }
        Ok(options)
    }
}

/// A deadline that has passed removes the key at once.
fn expire(server: &Server, key: &Bytes, number: &Bytes, unit_ms: i64) -> Result<Reply, Refusal> {
    let milliseconds = integer(number)?.saturating_mul(unit_ms);
    let is_there = match u64::try_from(milliseconds) {
        Ok(time @ 1..) => server.store.expire(key, deadline_after(Duration::from_millis(time))?),
        _ => server.store.remove(key),
    };
    Ok(Reply::Integer(is_there.into()))
}

fn deadline_after(time: Duration) -> Result<Instant, Refusal> {
    Instant::now().checked_add(time).ok_or_else(|| "ERR invalid expire time".to_owned())
}

fn time_to_live(time: TimeToLive, unit_ms: u128) -> Reply {
    Reply::Integer(match time {
        TimeToLive::NoKey => -2,
        TimeToLive::ForEver => -1,
        // Rounded, as Redis does.
        TimeToLive::Left(time) => {
            i64::try_from((time.as_millis() + unit_ms / 2) / unit_ms).unwrap_or(i64::MAX)
        }
    })
}

fn integer(bytes: &Bytes) -> Result<i64, Refusal> {
    let text = std::str::from_utf8(bytes).ok();
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| "ERR value is not an integer or out of range".to_owned())
}

fn count(count: usize) -> Reply {
    Reply::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
