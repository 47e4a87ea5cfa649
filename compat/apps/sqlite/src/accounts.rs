//! [`Accounts`]: what each has, in a file.
//!
//! Invariant: no balance is below zero, and a transfer changes the sum of all by nothing, whatever happens in the
//! midst of it.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use sqlx::{Row, SqliteConnection};

/// Connections to the file: one can write while the others read.
pub const CONNECTIONS: u32 = 4;

/// A cheap clone shares the connections.
#[derive(Clone)]
pub struct Accounts {
    pool: SqlitePool,
}

/// Why something was not done.
#[derive(Debug)]
pub enum Error {
    Exists,
    NoAccount(String),
    NotEnough,
    Database(sqlx::Error),
}

impl Accounts {
    /// Opens the file, which is made if it is not there. `patience` is how long a caller waits for a
    /// connection, and a writer for the one before it.
    pub async fn open(path: &Path, patience: Duration) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(patience)
            .journal_mode(SqliteJournalMode::Wal);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(patience)
            .connect_with(options)
            .await?;
        let table = "create table if not exists accounts \
            (name text primary key, balance integer not null check (balance >= 0)) strict";
        sqlx::query(table).execute(&pool).await?;
        Ok(Self { pool })
    }

    pub async fn add(&self, name: &str, amount: i64) -> Result<(), Error> {
        let insert = sqlx::query("insert into accounts values (?, ?)").bind(name).bind(amount);
        insert.execute(&self.pool).await?;
        Ok(())
    }

    pub async fn balance(&self, name: &str) -> Result<i64, Error> {
        let select = sqlx::query_scalar("select balance from accounts where name = ?").bind(name);
        select.fetch_optional(&self.pool).await?.ok_or_else(|| Error::NoAccount(name.to_owned()))
    }

    /// What all have, in the order of their names, as of one moment.
    pub async fn list(&self) -> Result<Vec<(String, i64)>, Error> {
        let rows = sqlx::query("select name, balance from accounts order by name").fetch(&self.pool);
        Ok(rows.map_ok(|row| (row.get(0), row.get(1))).try_collect().await?)
    }

    pub async fn transfer(&self, from: &str, to: &str, amount: i64) -> Result<(), Error> {
        // One that began by reading could find, when it is to write, that another has written.
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        change(&mut transaction, from, -amount).await?;
        change(&mut transaction, to, amount).await?;
        Ok(transaction.commit().await?)
    }

    /// The pool, for what is not in here.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Waits for what is under way; what is asked of it later fails.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

async fn change(connection: &mut SqliteConnection, name: &str, amount: i64) -> Result<(), Error> {
    let update = sqlx::query("update accounts set balance = balance + ? where name = ?");
    match update.bind(amount).bind(name).execute(connection).await?.rows_affected() {
        0 => Err(Error::NoAccount(name.to_owned())),
        _ => Ok(()),
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(told) if told.is_unique_violation() => Self::Exists,
            sqlx::Error::Database(told) if told.is_check_violation() => Self::NotEnough,
            _ => Self::Database(error),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => f.write_str("there is such an account already"),
            Self::NoAccount(name) => write!(f, "there is no account {name}"),
            Self::NotEnough => f.write_str("there is not enough"),
            Self::Database(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}
