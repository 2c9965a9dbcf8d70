//! What is over is purged after its time.

use std::time::Duration;

use flow_core::durable::{RequestError, Status};
use flow_journal::Journal;

use crate::flows::{Bank, Count, Order};

#[tokio::test]
async fn what_is_over_is_purged_after_its_time_and_its_id_is_remembered() {
    let directory = tempfile::tempdir().unwrap();
    let open = Journal::open(directory.path()).keep_finished(Duration::from_millis(50));
    let journal = open.await.unwrap();
    let counts = journal.register(Count::new());
    let orders = journal.register(Order::new().with(Bank::default()));
    orders.start("waits", 700).await.unwrap();
    let count = counts.start("over", 2).await.unwrap();
    assert_eq!(count.output().await.unwrap(), 2);
    while !matches!(count.status().await.unwrap(), Status::Purged) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let error = count.output().await.unwrap_err();
    assert!(matches!(error, RequestError::Purged { .. }), "{error}");
    let error = counts.start("over", 2).await.unwrap_err();
    assert!(matches!(error, RequestError::Purged { .. }), "{error}");
    let waits = orders.get("waits").status().await.unwrap();
    assert!(matches!(waits, Status::Unfinished));
}

#[tokio::test]
async fn a_purged_id_is_forgotten_after_its_time() {
    let directory = tempfile::tempdir().unwrap();
    let open = Journal::open(directory.path())
        .keep_finished(Duration::from_millis(20))
        .remember_purged(Duration::from_millis(20));
    let journal = open.await.unwrap();
    let counts = journal.register(Count::new());
    counts.start("over", 2).await.unwrap();
    loop {
        match counts.start("over", 3).await {
            Ok(count) => {
                // The new one may be purged as well, before it is read.
                match count.output().await {
                    Ok(output) => assert_eq!(output, 3),
                    Err(error) => assert!(matches!(error, RequestError::Purged { .. }), "{error}"),
                }
                return;
            }
            Err(RequestError::OtherInput { .. } | RequestError::Purged { .. }) => {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn the_time_counts_from_the_end_and_not_from_the_start_of_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).await.unwrap();
    let counts = journal.register(Count::new());
    counts
        .start("over", 2)
        .await
        .unwrap()
        .output()
        .await
        .unwrap();
    drop((journal, counts));
    tokio::time::sleep(Duration::from_millis(100)).await;

    let open = Journal::open(directory.path()).keep_finished(Duration::from_millis(50));
    let journal = open.await.unwrap();
    let counts = journal.register(Count::new());
    while !matches!(counts.get("over").status().await.unwrap(), Status::Purged) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
