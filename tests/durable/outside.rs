//! The names by which the outside knows events and questions.

use std::time::Duration;

use flow_core::durable::{Encoded, Executions, MemoryStore, Refused, RequestError};
use flow_core::{Answered, Asked, flow, handler};
use tokio::time::sleep;

use crate::flows::options;

mod shop {
    use flow_core::Event;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Event, Serialize, Deserialize)]
    pub(super) struct Paid(pub(super) u32);

    #[derive(Clone, Event, Serialize, Deserialize)]
    #[event(answer = bool)]
    pub(super) struct Approve(pub(super) u32);
}

mod bank {
    use flow_core::Event;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Event, Serialize, Deserialize)]
    pub(super) struct Paid(pub(super) u32);
}

use shop::Paid as Settled;

#[handler]
async fn begin() {}

#[handler]
async fn approve(shop::Paid(cents): shop::Paid) -> shop::Approve {
    shop::Approve(cents)
}

#[handler]
async fn approved(answered: Answered<shop::Approve>) -> u32 {
    answered.question.0
}

#[handler]
async fn transferred(bank::Paid(cents): bank::Paid) -> u32 {
    1_000 + cents
}

flow! {
    flow OfPaths -> u32 streams Asked<shop::Approve>;
    durable;
    external shop::Paid;
    start -> begin;
    when shop::Paid -> approve -> emit;
    ask shop::Approve -> approved -> end;
}

flow! {
    flow OfAnotherName -> u32 streams Asked<shop::Approve>;
    durable;
    external Settled;
    start -> begin;
    when Settled -> approve -> ask shop::Approve -> approved -> end;
}

flow! {
    flow OfOneName -> u32 streams Asked<shop::Approve>;
    durable;
    external shop::Paid;
    external bank::Paid;
    start -> begin;
    when shop::Paid -> approve -> ask shop::Approve -> approved -> end;
    when bank::Paid -> transferred -> end;
}

/// Answers the question, which has this name, also after a restart.
macro_rules! answer {
    ($store:ident $flow:ident $name:literal) => {{
        sleep(Duration::from_secs(1)).await;
        let executions = options().open($store.reopen()).register($flow::new());
        let questions = executions.by_id().questions("a").await.unwrap();
        assert_eq!(questions.len(), 1);
        assert_eq!(questions[0].name, $name);
        let yes = Encoded::of(&true).unwrap();
        executions.by_id().answer("a", 0, yes).await.unwrap();
        executions.get("a").output().await.unwrap()
    }};
}

#[tokio::test(start_paused = true)]
async fn an_event_from_outside_has_the_name_of_its_type_however_it_is_written() {
    let store = MemoryStore::new();
    let executions: Executions<OfPaths> = options().open(store.clone()).register(OfPaths::new());
    let execution = executions.start("a", ()).await.unwrap();
    execution.send("first", shop::Paid(7)).await.unwrap();
    assert_eq!(answer!(store OfPaths "Approve"), 7);

    let store = MemoryStore::new();
    let executions = options().open(store.clone()).register(OfPaths::new());
    executions.start("a", ()).await.unwrap();
    let cents = || Encoded::of(&8).unwrap();
    let by_id = executions.by_id();
    by_id.send("a", "Paid", cents(), "first").await.unwrap();
    let other = by_id.send("a", "shop::Paid", cents(), "second").await;
    assert!(matches!(
        other,
        Err(RequestError::Refused(Refused::NoSuchEvent))
    ));
    assert_eq!(answer!(store OfPaths "Approve"), 8);

    let store = MemoryStore::new();
    let executions = options().open(store.clone()).register(OfAnotherName::new());
    let execution = executions.start("a", ()).await.unwrap();
    execution.send("first", shop::Paid(9)).await.unwrap();
    assert_eq!(answer!(store OfAnotherName "Approve"), 9);
}

#[tokio::test(start_paused = true)]
async fn events_of_one_name_are_told_apart() {
    let store = MemoryStore::new();
    let executions = options().open(store.clone()).register(OfOneName::new());
    let execution = executions.start("a", ()).await.unwrap();
    execution.send("first", bank::Paid(7)).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), 1_007);

    let store = MemoryStore::new();
    let executions = options().open(store.clone()).register(OfOneName::new());
    let execution = executions.start("a", ()).await.unwrap();
    execution.send("first", shop::Paid(7)).await.unwrap();
    assert_eq!(answer!(store OfOneName "Approve"), 7);
}
