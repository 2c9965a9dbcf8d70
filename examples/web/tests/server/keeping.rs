//! The executions that the server keeps, and for how long.

use std::time::Duration;

use flow_core::{ItemPosition, Received};
use futures::StreamExt;

use crate::article::Item;
use crate::browser::FOR_EVER;
use crate::executions::Executions;

#[tokio::test(start_paused = true)]
async fn a_question_that_nobody_answers_ends_the_execution_after_its_time() {
    let executions = Executions::new(Duration::from_secs(1));
    let id = executions.start("rivers".to_owned()).unwrap();
    let seen: Vec<_> = executions
        .get(id)
        .unwrap()
        .items
        .subscribe_from(ItemPosition::START)
        .collect()
        .await;
    let [
        ..,
        Ok(Received::Item { item: asked, .. }),
        Ok(Received::Item { item: last, .. }),
    ] = &seen[..]
    else {
        panic!("{seen:?}");
    };
    assert!(
        matches!(asked, Item::Asked { until: Some(_), .. }),
        "{asked:?}"
    );
    assert_eq!(last, &Item::Expired);
}

#[tokio::test(start_paused = true)]
async fn the_oldest_ended_execution_of_many_is_removed() {
    let executions = Executions::new(FOR_EVER);
    let topic = || "rivers".to_owned();
    let first = executions.start(topic()).unwrap();
    let second = executions.start(topic()).unwrap();
    for _ in 2..100 {
        executions.start(topic()).unwrap();
    }
    executions.start(topic()).unwrap_err();
    assert_eq!(executions.list().len(), 100);

    let known = executions.get(second).unwrap();
    known.cancel();
    // Until the other readers have received it too.
    known.items.subscribe().collect::<Vec<_>>().await;
    tokio::task::yield_now().await;
    executions.start(topic()).unwrap();
    assert!(executions.get(second).is_none());
    assert!(executions.get(first).is_some());
    assert_eq!(executions.list().len(), 100);
}
