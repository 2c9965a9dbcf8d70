//! What an execution has done, read while it goes on and when it is over.

use flow_core::durable::{Executions, Happened, HistoryEntry, Host, HostOptions, MemoryStore};
use flow_core::{Answered, Asked, Cx, Event, State, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Clone, Event, Serialize, Deserialize)]
struct Item(u32);

#[derive(Default, Serialize, Deserialize)]
struct Total(u32);

#[handler(emits = "Item", streams = String)]
async fn order(item: u32, cx: &Cx) {
    cx.put(format!("ordered {item}")).await;
    cx.emit(Item(item));
}

#[handler]
async fn add(item: Item, total: State<Total>) -> Result<u32, Refused> {
    if item.0 > 9 {
        return Err(Refused { item: item.0 });
    }
    Ok(total.with(|total| {
        total.0 += item.0;
        total.0
    }))
}

#[derive(Debug, Serialize, Deserialize)]
struct Refused {
    item: u32,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no {}", self.item)
    }
}

impl std::error::Error for Refused {}

flow! {
    flow Orders(u32) -> u32 streams String;
    durable;
    state Total;
    start -> order;
    when Item -> add -> end;
}

async fn history(orders: &Executions<Orders>, id: &str) -> Vec<HistoryEntry> {
    let history = orders.by_id().history().unwrap();
    history.history(id, None, usize::MAX).await.unwrap()
}

fn lines(history: &[HistoryEntry]) -> Vec<String> {
    let what = history.iter().flat_map(|entry| &entry.what);
    let lines = what.map(|what| match what {
        Happened::Queued {
            activation, value, ..
        } => format!("{activation} takes {value}"),
        Happened::Called {
            handler, result, ..
        } => match result {
            Ok(value) => format!("{handler}: {value}"),
            Err(error) => format!("{handler} fails: {error}"),
        },
        Happened::Finished { activation } => format!("{activation} is finished"),
        Happened::Wrote { state, value } => format!("{state} is {value}"),
        Happened::Put { position } => format!("item {position}"),
        Happened::Over => "over".to_owned(),
        other => panic!("{other:?}"),
    });
    lines.collect()
}

#[tokio::test(start_paused = true)]
async fn it_tells_each_call_with_its_result_what_it_emitted_and_what_it_wrote() {
    let orders = Host::new(MemoryStore::new()).register(Orders::new());
    let good = orders.start("good", 3).await.unwrap();
    assert_eq!(good.output().await.unwrap(), 3);
    assert_eq!(
        lines(&history(&orders, "good").await),
        [
            "Total is 0",
            "0 takes 3",
            "order: null",
            "1 takes 3",
            "0 is finished",
            "item 0",
            "add: 3",
            "Total is 3",
            "1 is finished",
            "over",
        ]
    );
    orders
        .start("bad", 10)
        .await
        .unwrap()
        .output()
        .await
        .unwrap_err();
    let bad = lines(&history(&orders, "bad").await);
    assert!(
        bad.contains(&"add fails: {\"item\":10}".to_owned()),
        "{bad:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn it_is_read_from_a_position_and_the_oldest_entries_go() {
    let options = HostOptions::new().history(2);
    let orders = options.open(MemoryStore::new()).register(Orders::new());
    let good = orders.start("good", 3).await.unwrap();
    assert_eq!(good.output().await.unwrap(), 3);
    let all = history(&orders, "good").await;
    assert_eq!(all.len(), 2);
    assert_eq!(lines(&all).last().unwrap(), "over");
    let reader = orders.by_id().history().unwrap();
    let first = all[0].position.clone();
    let rest = reader.history("good", Some(first), 9).await.unwrap();
    assert_eq!(lines(&rest), lines(&all[1..]));
}

#[tokio::test(start_paused = true)]
async fn without_it_nothing_is_kept() {
    let options = HostOptions::new().history(0);
    let orders = options.open(MemoryStore::new()).register(Orders::new());
    assert!(orders.by_id().history().is_none());
    assert_eq!(
        orders
            .start("good", 3)
            .await
            .unwrap()
            .output()
            .await
            .unwrap(),
        3
    );
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_where_it_was_after_a_crash_and_is_gone_when_it_is_purged() {
    let store = MemoryStore::new();
    let orders = Host::new(store.clone()).register(Orders::new());
    orders.start("good", 3).await.unwrap();
    drop(orders);
    let orders = Host::new(store.reopen()).register(Orders::new());
    assert_eq!(orders.get("good").output().await.unwrap(), 3);
    let told = lines(&history(&orders, "good").await);
    assert_eq!(told[1], "0 takes 3");
    assert_eq!(told.last().unwrap(), "over");
    assert_eq!(
        told.iter()
            .filter(|line| line.starts_with("order:"))
            .count(),
        1
    );
    orders.by_id().purge().unwrap().purge("good").await.unwrap();
    let reader = orders.by_id().history().unwrap();
    assert!(reader.history("good", None, 9).await.is_err());
}

#[derive(Clone, Event, Serialize, Deserialize)]
#[event(answer = bool)]
struct Approve(u32);

#[derive(Clone, Event, Serialize, Deserialize)]
struct Note(u32);

#[handler]
async fn request(cents: u32) -> Approve {
    Approve(cents)
}

#[handler]
async fn decide(answered: Answered<Approve>) -> bool {
    answered.answer
}

#[handler(retry(attempts = 2))]
async fn settle(approved: bool, cx: &Cx) -> flow_core::Result<bool> {
    if cx.attempt() == 1 {
        return Err("the line is busy".into());
    }
    Ok(approved)
}

flow! {
    flow Approval(u32) -> bool streams Asked<Approve>;
    durable;
    start -> request -> ask Approve -> decide -> end;
}

flow! {
    flow Purchase(u32) -> bool streams Asked<Approve>;
    durable;
    external Note;
    start -> Approval -> settle -> end;
    when Note -> ignore;
}

#[tokio::test(start_paused = true)]
async fn it_tells_of_stages_questions_attempts_and_the_outside() {
    let purchases = Host::new(MemoryStore::new()).register(Purchase::new());
    let purchase = purchases.start("one", 7).await.unwrap();
    purchase.send("first", Note(1)).await.unwrap();
    let by_id = purchases.by_id();
    while by_id.questions("one").await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    by_id
        .answer("one", 0, serde_json::json!(true).into())
        .await
        .unwrap();
    assert!(purchase.output().await.unwrap());

    let reader = by_id.history().unwrap();
    let entries = reader.history("one", None, usize::MAX).await.unwrap();
    let what: Vec<_> = entries.into_iter().flat_map(|entry| entry.what).collect();
    let in_stage = |name: &str| {
        what.iter().any(|what| match what {
            Happened::InStage { stage, what } => {
                stage == "Approval"
                    && matches!(&**what, Happened::Called { handler, .. } if handler == name)
            }
            _ => false,
        })
    };
    assert!(in_stage("request") && in_stage("decide"), "{what:#?}");
    let is_there = |is: fn(&Happened) -> bool| what.iter().any(is);
    assert!(is_there(
        |what| matches!(what, Happened::Asked { number: 0, name, .. } if name == "Approve")
    ));
    assert!(is_there(
        |what| matches!(what, Happened::Answered { number: 0, answer } if answer.to_string() == "true")
    ));
    assert!(is_there(
        |what| matches!(what, Happened::Received { key } if key == "first")
    ));
    assert!(is_there(
        |what| matches!(what, Happened::Retried { handler, attempt: 2, .. } if handler == "settle")
    ));
}
