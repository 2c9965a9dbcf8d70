//! When the events of a call go out: when it has ended well, in the order in which calls end. It is
//! the same in memory, where a call that is polled once needs no lock, and in a store.

use std::thread;
use std::time::Duration;

use flow_core::durable::{Logged, MemoryStore};
use flow_core::{Cx, Event, Failed, Result, flow, handler};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::flows::host;

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
struct Said(String);

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
struct Begin(String);

#[handler(emits = Begin)]
async fn begin(ways: Vec<String>, cx: &Cx) {
    for way in ways {
        cx.emit(Begin(way));
    }
}

/// Says something on the way that its input names.
#[handler(emits = Said)]
async fn act(Begin(way): Begin, cx: &Cx) -> Result<()> {
    let say = |what: &str| cx.emit(Said(format!("{way} {what}")));
    match way.as_str() {
        "plain" => {
            say("1");
            say("2");
        }
        "late" => {
            say("1");
            sleep(Duration::from_secs(1)).await;
            say("2");
        }
        "clone" => {
            say("1");
            let clone = cx.clone();
            tokio::spawn(async move {
                sleep(Duration::from_secs(2)).await;
                clone.emit(Said("clone 2".to_owned()));
            });
        }
        "thread" => {
            say("1");
            thread::scope(|scope| {
                scope.spawn(|| say("2"));
            });
            say("3");
        }
        "fails" => {
            say("1");
            Err("no")?;
        }
        "fails late" => {
            say("1");
            sleep(Duration::from_secs(1)).await;
            Err("no")?;
        }
        _ => {}
    }
    Ok(())
}

#[handler(emits = Said)]
async fn fail(_failed: Failed, cx: &Cx) {
    cx.emit(Said("failed".to_owned()));
}

#[handler(streams = String)]
async fn first(Said(what): Said, cx: &Cx) {
    cx.put(what).await;
}

#[handler(streams = String)]
async fn second(Said(what): Said, cx: &Cx) {
    cx.put(format!("({what})")).await;
}

flow! {
    flow Acts(Vec<String>) streams String;
    durable;
    start -> begin;
    when Begin -> act;
    when Said -> first;
    when Said -> second;
    rescue act -> fail;
}

async fn said(ways: &[&str]) -> String {
    let ways: Vec<_> = ways.iter().map(ToString::to_string).collect();
    let in_memory: Vec<_> = Acts::new()
        .stream(ways.clone())
        .try_collect()
        .await
        .unwrap();
    let acts = host(&MemoryStore::new()).register(Acts::new());
    acts.start("a", ways).await.unwrap();
    let entries: Vec<_> = acts.get("a").items(None).try_collect().await.unwrap();
    let items = entries.into_iter().filter_map(|entry| match entry {
        Logged::Item { item, .. } => Some(item),
        _ => None,
    });
    let stored: Vec<_> = items.collect();
    assert_eq!(in_memory, stored);
    in_memory.join(", ")
}

#[tokio::test(start_paused = true)]
async fn events_of_calls_that_end_go_out_in_their_order() {
    let all = said(&["plain", "thread"]).await;
    let (plain, thread) = (
        "plain 1, (plain 1), plain 2, (plain 2)",
        "thread 1, (thread 1), thread 2, (thread 2), thread 3, (thread 3)",
    );
    assert_eq!(all, format!("{plain}, {thread}"));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_suspends_emits_when_it_has_ended() {
    let all = said(&["late", "plain"]).await;
    let (late, plain) = (
        "late 1, (late 1), late 2, (late 2)",
        "plain 1, (plain 1), plain 2, (plain 2)",
    );
    assert_eq!(all, format!("{plain}, {late}"));
}

#[tokio::test(start_paused = true)]
async fn a_call_with_a_clone_emits_when_that_is_dropped() {
    let all = said(&["clone", "late"]).await;
    let (clone, late) = (
        "clone 1, (clone 1), clone 2, (clone 2)",
        "late 1, (late 1), late 2, (late 2)",
    );
    assert_eq!(all, format!("{late}, {clone}"));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_has_emitted_nothing() {
    assert_eq!(said(&["fails"]).await, "failed, (failed)");
    assert_eq!(said(&["fails late"]).await, "failed, (failed)");
}
