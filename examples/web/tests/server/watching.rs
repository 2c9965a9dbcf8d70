//! Browsers that follow an execution.

use std::time::Duration;

use serde_json::json;

use crate::browser::{Server, assert_gapless, end};

#[tokio::test]
async fn a_browser_sees_an_execution_from_start_to_end() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    let mut seen = events.until("asked").await;
    server.publish(id).await;
    seen.extend(events.rest().await);

    assert_gapless(&seen, 0);
    assert_eq!(seen.last(), Some(&end("done")));
    let titles: Vec<_> = seen
        .iter()
        .filter_map(|seen| seen.data["title"].as_str())
        .collect();
    assert_eq!(
        titles,
        ["Looking things up", "Outlining", "Draft 1", "Publishing"]
    );
    let words: String = seen
        .iter()
        .filter(|seen| seen.kind() == "word")
        .filter_map(|seen| seen.data["text"].as_str())
        .collect();
    assert!(
        words.contains("Three sources speak of rivers: a map"),
        "{words}"
    );
    let published = &seen[seen.len() - 2];
    assert_eq!(published.kind(), "published");
    let text = published.data["text"].as_str().unwrap();
    assert!(
        words.contains(text),
        "{text:?} is what was seen being written: {words:?}"
    );
}

#[tokio::test]
async fn a_browser_that_comes_back_misses_nothing_and_sees_nothing_twice() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    let mut seen = events.some(5).await;
    // It loses the connection repeatedly, even while the question waits for an answer.
    loop {
        drop(events);
        let last = seen.last().unwrap();
        if last.kind() == "asked" {
            server.publish(id).await;
        }
        events = server.come_back(id, last.position.unwrap()).await;
        let event = events.next().await.unwrap();
        let over = event.position.is_none();
        seen.push(event);
        if over {
            break;
        }
    }
    assert_eq!(events.next().await, None);
    assert_gapless(&seen, 0);
    assert_eq!(server.follow(id).await.rest().await, seen);
}

#[tokio::test]
async fn a_browser_that_has_all_items_gets_the_end_at_once() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    events.until("asked").await;
    server.publish(id).await;
    let last = events.until("published").await.pop().unwrap();
    let rest = server
        .come_back(id, last.position.unwrap())
        .await
        .rest()
        .await;
    assert_eq!(rest, [end("done")]);
}

#[tokio::test]
async fn a_page_that_was_hidden_says_where_it_was_in_the_address() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    server.follow(id).await.until("asked").await;
    let mut events = server.events(id, "?after=3", None).await;
    assert_eq!(events.next().await.unwrap().position, Some(4));
    // After a break of that connection, the position that the browser itself sends is newer.
    let mut events = server.events(id, "?after=3", Some(&7)).await;
    assert_eq!(events.next().await.unwrap().position, Some(8));
}

#[tokio::test]
async fn two_browsers_see_the_same() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let (mut one, mut other) = (server.follow(id).await, server.follow(id).await);
    let (mut by_one, mut by_other) = tokio::join!(one.until("asked"), other.until("asked"));
    server.publish(id).await;
    by_one.extend(one.rest().await);
    by_other.extend(other.rest().await);
    assert_gapless(&by_one, 0);
    assert_eq!(by_one, by_other);
}

#[tokio::test]
async fn an_execution_continues_without_a_browser() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    events.some(1).await;
    drop(events);
    // It ends with a question. A browser that connects then gets all items.
    while !server.tries_to_publish(id).await {}
    let seen = server.follow(id).await.rest().await;
    assert_gapless(&seen, 0);
}

#[tokio::test]
async fn executions_run_side_by_side_and_the_latest_is_listed_first() {
    let server = Server::start(Duration::ZERO).await;
    assert_eq!(server.list().await, json!([]));
    let (one, other) = (server.begin().await, server.begin().await);
    let (mut of_one, mut of_other) = (server.follow(one).await, server.follow(other).await);
    of_one.until("asked").await;
    of_other.until("asked").await;
    server.publish(other).await;
    of_other.rest().await;
    assert_eq!(
        server.list().await,
        json!([
            { "id": other, "topic": "rivers", "ended": true },
            { "id": one, "topic": "rivers", "ended": false },
        ])
    );
}
