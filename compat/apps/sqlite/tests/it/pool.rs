//! The pool: callers wait for a connection, give it back however they end, and are told when there is none.

use std::path::Path;
use std::time::Duration;

use loopback::drive;
use sqlite::accounts::{Accounts, CONNECTIONS, Error};
use sqlx::Sqlite;
use sqlx::pool::PoolConnection;
use tokio::task::JoinSet;

use crate::{PATIENT, folder, open};

#[test]
fn reads_go_on_while_one_writes() {
    drive(|| async {
        let folder = folder();
        let accounts = open(folder.path(), PATIENT).await;
        accounts.add("ann", 100).await.unwrap();
        let mut transaction = accounts.pool().begin_with("begin immediate").await.unwrap();
        sqlx::query("update accounts set balance = 0").execute(&mut *transaction).await.unwrap();
        // As it was before: the transaction is still open.
        let mut reading = JoinSet::new();
        for _ in 0..100 {
            let accounts = accounts.clone();
            reading.spawn(async move { accounts.balance("ann").await.unwrap() });
        }
        while let Some(balance) = reading.join_next().await {
            assert_eq!(balance.unwrap(), 100);
        }
        transaction.commit().await.unwrap();
        assert_eq!(accounts.balance("ann").await.unwrap(), 0);
        accounts.close().await;
    });
}

#[test]
fn a_transaction_that_is_given_up_is_undone() {
    drive(|| async {
        let folder = folder();
        let accounts = open(folder.path(), PATIENT).await;
        accounts.add("ann", 100).await.unwrap();
        // More often than there are connections: each is given back.
        for _ in 0..2 * CONNECTIONS {
            let mut transaction = accounts.pool().begin_with("begin immediate").await.unwrap();
            sqlx::query("update accounts set balance = 0").execute(&mut *transaction).await.unwrap();
            drop(transaction);
            assert_eq!(accounts.balance("ann").await.unwrap(), 100);
        }
        accounts.close().await;
    });
}

#[test]
fn a_task_that_is_aborted_gives_its_connection_back() {
    drive(|| async {
        let folder = folder();
        let accounts = open(folder.path(), PATIENT).await;
        accounts.add("ann", 100).await.unwrap();
        for _ in 0..2 * CONNECTIONS {
            let mut holding = JoinSet::new();
            let (began, has_begun) = tokio::sync::oneshot::channel();
            let held = accounts.clone();
            holding.spawn(async move {
                let _transaction = held.pool().begin_with("begin immediate").await.unwrap();
                began.send(()).unwrap();
                std::future::pending::<()>().await;
            });
            has_begun.await.unwrap();
            holding.shutdown().await;
        }
        assert!(matches!(accounts.add("ann", 1).await, Err(Error::Exists)));
        accounts.close().await;
    });
}

#[test]
fn who_waits_too_long_for_a_connection_is_told_so() {
    drive(|| async {
        let folder = folder();
        let accounts = open_impatient(folder.path()).await;
        let mut held = hold_all(&accounts).await;
        let waited = accounts.list().await;
        assert!(matches!(waited, Err(Error::Database(sqlx::Error::PoolTimedOut))), "{waited:?}");
        held.pop();
        assert_eq!(patiently_list(&accounts).await, []);
        drop(held);
        accounts.close().await;
    });
}

/// 50 ms may be too short to open the file; it then tries again.
async fn open_impatient(folder: &Path) -> Accounts {
    loop {
        match Accounts::open(&folder.join("accounts.sqlite"), Duration::from_millis(50)).await {
            Ok(accounts) => return accounts,
            Err(Error::Database(sqlx::Error::PoolTimedOut)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// As above, for each of the connections.
async fn hold_all(accounts: &Accounts) -> Vec<PoolConnection<Sqlite>> {
    let mut held = Vec::new();
    while held.len() < CONNECTIONS as usize {
        match accounts.pool().acquire().await {
            Ok(connection) => held.push(connection),
            Err(sqlx::Error::PoolTimedOut) => {}
            Err(error) => panic!("{error}"),
        }
    }
    held
}

/// A connection is given back by a task of the pool's own, for which 50 ms may be too short too.
async fn patiently_list(accounts: &Accounts) -> Vec<(String, i64)> {
    loop {
        match accounts.list().await {
            Ok(list) => return list,
            Err(Error::Database(sqlx::Error::PoolTimedOut)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn closing_waits_for_what_is_under_way_and_refuses_the_rest() {
    drive(|| async {
        let folder = folder();
        let accounts = open(folder.path(), PATIENT).await;
        // All of them: closing an idle one gives back a permit too many (sqlx 0.8), and would end the waiting.
        let mut held = hold_all(&accounts).await;
        let closing = tokio::spawn({
            let accounts = accounts.clone();
            async move { accounts.close().await }
        });
        while !accounts.pool().is_closed() {
            tokio::task::yield_now().await;
        }
        assert!(matches!(accounts.list().await, Err(Error::Database(sqlx::Error::PoolClosed))));
        assert!(!closing.is_finished());
        let one: i64 = sqlx::query_scalar("select 1").fetch_one(&mut *held[0]).await.unwrap();
        assert_eq!(one, 1);
        drop(held);
        closing.await.unwrap();
    });
}
