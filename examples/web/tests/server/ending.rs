//! Executions that are cancelled, and a server that is stopped.

use std::time::Duration;

use crate::browser::{FOR_EVER, Server, end};

#[tokio::test]
async fn cancelling_ends_an_execution_for_all_who_follow_it() {
    let server = Server::start(FOR_EVER).await;
    let (id, other) = (server.begin().await, server.begin().await);
    let (mut one, mut two) = (server.follow(id).await, server.follow(id).await);
    let mut untouched = server.follow(other).await;
    for events in [&mut one, &mut two, &mut untouched] {
        assert_eq!(events.next().await.unwrap().kind(), "step");
    }
    server.cancel(id).await;
    assert_eq!(one.rest().await, [end("cancelled")]);
    assert_eq!(two.rest().await, [end("cancelled")]);
    let list = server.list().await;
    assert_eq!(
        (&list[0]["ended"], &list[1]["ended"]),
        (&false.into(), &true.into())
    );
}

#[tokio::test]
async fn a_question_does_not_keep_an_execution_from_being_cancelled() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    events.until("asked").await;
    server.cancel(id).await;
    assert_eq!(events.rest().await, [end("cancelled")]);
}

#[tokio::test]
async fn cancelling_an_ended_execution_changes_nothing() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    events.until("asked").await;
    server.publish(id).await;
    events.rest().await;
    server.cancel(id).await;
    assert_eq!(
        server.follow(id).await.rest().await.last(),
        Some(&end("done"))
    );
}

#[tokio::test]
async fn a_server_that_stops_ends_the_streams_without_an_end_of_their_executions() {
    let server = Server::start(FOR_EVER).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    events.some(1).await;
    server.stop().await;
    assert_eq!(events.next().await, None);
}
