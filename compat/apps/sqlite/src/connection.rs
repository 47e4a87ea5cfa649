//! One connection: lines in, answers out.
//!
//! Invariant: a command that was begun is finished and answered, even when the service stops.

use std::fmt::Write as _;
use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::accounts::{Accounts, Error};

/// The longest line in bytes.
const MOST_BYTES: u64 = 1024;

pub(crate) async fn serve(
    mut stream: TcpStream,
    accounts: &Accounts,
    stopping: &CancellationToken,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    let mut line = String::new();
    loop {
        line.clear();
        let mut limited = (&mut reader).take(MOST_BYTES);
        let read = tokio::select! {
            read = limited.read_line(&mut line) => read?,
            () = stopping.cancelled() => return Ok(()),
        };
        if read == 0 {
            return Ok(());
        }
        if !line.ends_with('\n') && read as u64 == MOST_BYTES {
            return writer.write_all(b"error: that line is too long\n").await;
        }
        let answer = match answer(&line, accounts).await {
            Ok(answer) => answer,
            Err(error) => format!("error: {error}\n"),
        };
        tokio::select! {
            biased;
            written = writer.write_all(answer.as_bytes()) => written?,
            // A client that does not read its answers is not waited for.
            () = stopping.cancelled() => return Ok(()),
        }
    }
}

async fn answer(line: &str, accounts: &Accounts) -> Result<String, Error> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match (&words[..], words.last().and_then(|word| amount(word))) {
        (["open", name, _], Some(amount)) => accounts.add(name, amount).await?,
        (["transfer", from, to, _], Some(amount)) => accounts.transfer(from, to, amount).await?,
        (["balance", name], _) => return Ok(format!("{}\n", accounts.balance(name).await?)),
        (["list"], _) => {
            let mut answer = String::new();
            for (name, balance) in accounts.list().await? {
                let _ = writeln!(answer, "{name} {balance}");
            }
            return Ok(answer + "ok\n");
        }
        _ => return Ok("error: no such command\n".to_owned()),
    }
    Ok("ok\n".to_owned())
}

/// An amount has no sign.
fn amount(word: &str) -> Option<i64> {
    word.parse().ok().filter(|amount| *amount >= 0)
}
