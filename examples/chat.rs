//! A chat room: what one says, all others read. Whoever reads too slowly misses lines and is told how many; nobody
//! waits for anybody.
//!
//! ```text
//! cargo run --release --example chat
//! nc 127.0.0.1 8080        # in as many terminals as there are guests
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr)] // A program speaks there.

mod common;

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

use common::{Options, Result, read_line};
use mini::io::{AsyncWriteExt, BufReader};
use mini::net::TcpStream;
use mini::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use mini::sync::broadcast::{self, error::RecvError};

const USAGE: &str = "chat [--addr HOST:PORT]";

/// How many lines the room keeps for those who have not read them yet.
const KEPT_LINES: usize = 256;

/// What is said, and by whom: a guest does not hear itself.
#[derive(Clone)]
struct Line {
    from: Arc<str>,
    text: Arc<str>,
}

struct Room {
    lines: broadcast::Sender<Line>,
    names: Mutex<BTreeSet<Arc<str>>>,
}

#[mini::main]
async fn main() -> Result {
    let options = Options::read(USAGE);
    let (listener, stop) = common::listen(&options.get("--addr", common::ADDRESS.to_owned())).await?;
    let room = Arc::new(Room { lines: broadcast::Sender::new(KEPT_LINES), names: Mutex::default() });
    let serve = async {
        loop {
            let (stream, peer) = common::accept(&listener).await;
            let room = Arc::clone(&room);
            mini::spawn(async move {
                if let Err(error) = welcome(stream, &room).await {
                    eprintln!("{peer}: {error}");
                }
            });
        }
    };
    mini::select! {
        () = serve => {}
        () = stop => {}
    }
    Ok(())
}

/// One guest, from the first line to the last.
async fn welcome(stream: TcpStream, room: &Room) -> io::Result<()> {
    // A line is small, and is not to wait for the next one.
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let Some(name) = ask_name(&mut reader, &mut writer, room).await? else {
        return Ok(());
    };

    // From here on the guest hears all that is said.
    let heard = room.lines.subscribe();
    room.say(&name, format!("* {name} joined"));
    let speak_and_hear = async {
        writer.write_all(format!("* welcome; here are: {}\n", room.names()).as_bytes()).await?;
        mini::select! {
            result = speak(&mut reader, &name, room) => result,
            result = hear(&mut writer, &name, heard) => result,
        }
    };
    let result = speak_and_hear.await;
    room.names.lock().unwrap().remove(&name);
    room.say(&name, format!("* {name} left"));
    result
}

async fn ask_name(
    reader: &mut BufReader<OwnedReadHalf>,
    writer: &mut OwnedWriteHalf,
    room: &Room,
) -> io::Result<Option<Arc<str>>> {
    writer.write_all(b"your name?\n").await?;
    while let Some(line) = read_line(reader).await? {
        let name: Arc<str> = line.trim().into();
        if name.is_empty() {
            writer.write_all(b"a name has at least one letter; your name?\n").await?;
        } else if !room.names.lock().unwrap().insert(Arc::clone(&name)) {
            writer.write_all(b"that name is taken; your name?\n").await?;
        } else {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// What the guest writes goes to the room.
async fn speak(reader: &mut BufReader<OwnedReadHalf>, name: &Arc<str>, room: &Room) -> io::Result<()> {
    while let Some(line) = read_line(reader).await? {
        room.say(name, format!("{name}: {line}"));
    }
    Ok(())
}

/// What the room hears goes to the guest. If that takes long, only this guest's place in the channel falls behind.
async fn hear(
    writer: &mut OwnedWriteHalf,
    name: &Arc<str>,
    mut lines: broadcast::Receiver<Line>,
) -> io::Result<()> {
    loop {
        let text = match lines.recv().await {
            Ok(line) if line.from == *name => continue,
            Ok(line) => line.text,
            Err(RecvError::Lagged(count)) => format!("* you missed {count} lines\n").into(),
            Err(RecvError::Closed) => return Ok(()),
        };
        writer.write_all(text.as_bytes()).await?;
    }
}

impl Room {
    fn names(&self) -> String {
        let names = self.names.lock().unwrap();
        names.iter().map(|name| &**name).collect::<Vec<_>>().join(", ")
    }

    fn say(&self, from: &Arc<str>, text: String) {
        // It fails only if nobody is here, and then nobody misses anything.
        let _ = self.lines.send(Line { from: Arc::clone(from), text: format!("{text}\n").into() });
    }
}
