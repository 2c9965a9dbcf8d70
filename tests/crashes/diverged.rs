//! Executions that cannot go on as they have begun: they are left as they are.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use flow_core::durable::{Machine, Rows};
use flow_core::{FlowErrorKind, flow, handler};

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

#[handler]
async fn add_one(n: u32) -> u32 {
    n + 1
}

#[handler]
async fn triple(n: u32) -> u32 {
    3 * n
}

#[handler]
async fn wait_an_hour(n: u32) -> u32 {
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    n
}

/// What a condition must not look at.
static TOGGLED: AtomicBool = AtomicBool::new(false);

flow! {
    flow Toggled(u32) -> u32;
    durable;
    start -> double -> match {
        n if TOGGLED.load(Ordering::SeqCst) => triple,
        n => add_one,
    } -> wait_an_hour -> end;
}

flow! {
    flow Before(u32) -> u32;
    durable;
    start -> double -> wait_an_hour -> end;
}

flow! {
    flow After(u32) -> u32;
    durable;
    start -> double -> triple -> wait_an_hour -> end;
}

flow! {
    flow OtherInput(String) -> u32;
    durable;
    start -> length -> end;
}

#[handler]
async fn length(text: String) -> u32 {
    u32::try_from(text.len()).unwrap()
}

const NOW: SystemTime = SystemTime::UNIX_EPOCH;

#[tokio::test(start_paused = true)]
async fn a_condition_that_goes_another_way_stops_the_execution() {
    let flow = Toggled::new();
    let mut rows = Rows::default();
    rows.apply(Machine::start(&flow, 1, NOW).unwrap());
    let mut machine = Machine::load(&flow, &rows, NOW).unwrap();
    // `double`, and then `add_one`.
    for _ in 0..2 {
        rows.apply(machine.next_commit().await.unwrap().unwrap());
        machine.committed();
    }
    drop(machine);
    TOGGLED.store(true, Ordering::SeqCst);
    let mut machine = Machine::load(&flow, &rows, NOW).unwrap();
    let error = machine.next_commit().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Diverged);
    assert_eq!(
        error.source().unwrap().to_string(),
        "`add_one` was called before, and now its clause comes to `triple` first"
    );
    // Nothing is written, so that a program that goes the old way goes on.
    drop(machine);
    TOGGLED.store(false, Ordering::SeqCst);
    let mut machine = Machine::load(&flow, &rows, NOW).unwrap();
    while let Some(commit) = machine.next_commit().await.unwrap() {
        rows.apply(commit);
        machine.committed();
    }
    assert!(rows.get("outcome").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_clause_that_is_gone_is_named() {
    let mut rows = Rows::default();
    rows.apply(Machine::start(&Before::new(), 1, NOW).unwrap());
    let error = Machine::load(&After::new(), &rows, NOW).unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Diverged);
    assert_eq!(
        error.source().unwrap().to_string(),
        "what was recorded belongs to the clause `start -> double -> wait_an_hour -> end`, which \
         this flow does not have"
    );
}

#[tokio::test(start_paused = true)]
async fn a_value_that_cannot_be_read_is_named_with_its_type() {
    let mut rows = Rows::default();
    rows.apply(Machine::start(&Before::new(), 1, NOW).unwrap());
    let error = Machine::load(&OtherInput::new(), &rows, NOW).unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::NotRecorded);
    let why = error.source().unwrap().to_string();
    assert!(
        why.starts_with("what was recorded is no `alloc::string::String`: "),
        "{why}"
    );
}
