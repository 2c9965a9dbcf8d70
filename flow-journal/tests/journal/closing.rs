//! A journal is closed in peace, or fails.

use std::sync::atomic::Ordering;
use std::time::Duration;

use flow_core::durable::RequestError;
use flow_journal::Journal;
use futures::TryStreamExt;

use crate::flows::{Bank, Count, Order};

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_call_that_runs_ends_before_the_journal_is_closed() {
    let directory = tempfile::tempdir().unwrap();
    let bank = Bank::default();
    bank.0.closed.store(true, Ordering::Relaxed);
    let journal = Journal::open(directory.path()).await.unwrap();
    let orders = journal.register(Order::new().with(bank.clone()));
    orders.start("42", 700).await.unwrap();
    let closing = tokio::spawn(async move { journal.close(LONG).await });
    // It takes nothing any more.
    while !matches!(orders.start("42", 700).await, Err(RequestError::Closed)) {
        tokio::task::yield_now().await;
    }
    assert!(!closing.is_finished());
    bank.0.opens.notify_one();
    assert!(closing.await.unwrap().unwrap());
    assert_eq!(bank.charges(), 1);

    let journal = Journal::open(directory.path()).await.unwrap();
    let orders = journal.register(Order::new().with(bank.clone()));
    orders.get("42").items(None).try_next().await.unwrap();
    assert_eq!(bank.charges(), 1);
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_made_again() {
    let directory = tempfile::tempdir().unwrap();
    let bank = Bank::default();
    bank.0.closed.store(true, Ordering::Relaxed);
    let journal = Journal::open(directory.path()).await.unwrap();
    let orders = journal.register(Order::new().with(bank.clone()));
    orders.start("42", 700).await.unwrap();
    let have_ended = journal.close(Duration::from_millis(50)).await.unwrap();
    assert!(!have_ended);
    assert_eq!(bank.charges(), 0);

    bank.0.closed.store(false, Ordering::Relaxed);
    let journal = Journal::open(directory.path()).await.unwrap();
    let orders = journal.register(Order::new().with(bank.clone()));
    orders.get("42").items(None).try_next().await.unwrap();
    assert_eq!(bank.charges(), 1);
}

#[tokio::test]
async fn it_may_be_opened_when_it_is_closed_although_handles_live() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).await.unwrap();
    let counts = journal.register(Count::new());
    counts
        .start("one", 1)
        .await
        .unwrap()
        .output()
        .await
        .unwrap();
    assert!(journal.close(LONG).await.unwrap());
    // A second time changes nothing.
    assert!(journal.close(LONG).await.unwrap());
    let error = counts.get("one").status().await.unwrap_err();
    assert!(matches!(error, RequestError::Unavailable(_)), "{error}");

    let again = Journal::open(directory.path()).await.unwrap();
    let counts = again.register(Count::new());
    assert_eq!(counts.get("one").output().await.unwrap(), 1);
}
