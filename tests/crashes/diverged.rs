//! Executions that go on with another program, and those that cannot: they are left as they are.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use flow_core::__private::{Complete, Graph};
use flow_core::durable::{HostOptions, Logged, Machine, MemoryStore, Rows, Status};
use flow_core::{Cx, Flow, FlowError, FlowErrorKind, Tick, flow, handler};
use futures::{StreamExt, TryStreamExt};

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
    assert_eq!(error.to_string(), "a value cannot be written or read");
    let why = error.source().unwrap().to_string();
    assert!(
        why.starts_with("it is no `alloc::string::String`: "),
        "{why}"
    );
}

/// A program whose handlers take this state. What is in another module is another type.
macro_rules! summing {
    ($module:ident $state:ident $($more:tt)*) => {
        #[allow(dead_code, reason = "not each has a clock")]
        mod $module {
            use flow_core::{State, Tick, flow, handler};
            use serde::{Deserialize, Serialize};

            #[derive(Default, Serialize, Deserialize)]
            struct $state(u32);

            #[derive(Default, Serialize, Deserialize)]
            struct Count(u32);

            #[handler]
            async fn add(n: u32, sum: State<$state>) -> u32 {
                sum.with(|sum| sum.0 += n);
                n
            }

            #[handler]
            async fn add_again(n: u32, sum: State<$state>) -> u32 {
                sum.with(|sum| {
                    sum.0 += n;
                    sum.0
                })
            }

            #[handler]
            async fn count(_tick: Tick, count: State<Count>) {
                count.with(|count| count.0 += 1);
            }

            flow! {
                pub(super) flow Sums(u32) -> u32;
                durable;
                $($more)*
                start -> add -> add_again -> end;
            }
        }
    };
}

summing!(sums Total state Total;);
summing!(moved Total state Total;);
summing!(more Total state Total; state Count; every "1h" -> count;);
summing!(renamed Sum state Sum;);

#[handler]
async fn add(n: u32) -> u32 {
    n
}

#[handler]
async fn add_again(n: u32) -> u32 {
    100 + n
}

flow! {
    flow Fewer(u32) -> u32;
    durable;
    start -> add -> add_again -> end;
}

/// What an execution of this flow leaves when `add` was called with 5.
async fn rows_after_add() -> Rows {
    let flow = sums::Sums::new();
    let mut rows = Rows::default();
    rows.apply(Machine::start(&flow, 5, NOW).unwrap());
    let mut machine = Machine::load(&flow, &rows, NOW).unwrap();
    rows.apply(machine.next_commit().await.unwrap().unwrap());
    rows
}

/// What another flow comes to when it goes on.
async fn goes_on<G, Given>(flow: &Flow<G, Given>) -> Result<u32, FlowError>
where
    G: Graph<Output = u32>,
    Given: Complete + 'static,
{
    let mut rows = rows_after_add().await;
    let mut machine = Machine::load(flow, &rows, NOW)?;
    while let Some(commit) = machine.next_commit().await? {
        rows.apply(commit);
        machine.committed();
    }
    match Status::read(&rows, "one").unwrap() {
        Status::Done(output) => Ok(output.decode().unwrap()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_is_known_by_its_text_and_may_be_new_or_gone() {
    assert_eq!(goes_on(&sums::Sums::new()).await.unwrap(), 10);
    assert_eq!(goes_on(&moved::Sums::new()).await.unwrap(), 10);
    assert_eq!(goes_on(&more::Sums::new()).await.unwrap(), 10);
    assert_eq!(goes_on(&Fewer::new()).await.unwrap(), 105);
    // It does not begin anew under another name.
    let error = goes_on(&renamed::Sums::new()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Diverged);
    assert_eq!(
        error.source().unwrap().to_string(),
        "`state Total` was recorded, which this flow does not have, and `state Sum` was not: a state \
         is known by how its type is written in the flow"
    );
}

#[handler]
async fn beat(tick: Tick, cx: &Cx) {
    cx.put(format!("beat {}", tick.count())).await;
}

#[handler]
async fn look(tick: Tick, cx: &Cx) {
    cx.put(format!("look {}", tick.count())).await;
}

flow! {
    flow Beats;
    durable;
    start -> nothing;
    every "1h" -> beat;
}

flow! {
    flow LooksAndBeats;
    durable;
    start -> nothing;
    every "1h" -> look;
    every "1h" -> beat;
}

#[handler]
async fn nothing() {}

#[tokio::test(start_paused = true)]
async fn a_clock_goes_on_when_another_one_is_added_before_it() {
    const HOUR: Duration = Duration::from_secs(3_600);
    let store = MemoryStore::new();
    let options = HostOptions::new().time_of_runtime(NOW + HOUR);
    let beats = options.clone().open(store.clone());
    let beats = beats.register_as("clocks", Beats::new());
    beats.start("one", ()).await.unwrap();
    tokio::time::sleep(HOUR + HOUR / 2).await;
    drop(beats);

    let both = options.open(store.reopen());
    let both = both.register_as("clocks", LooksAndBeats::new());
    // It has beaten at the first hour, and does so at the second one.
    tokio::time::sleep(HOUR / 4).await;
    let items = |count| both.get("one").items(None).take(count);
    let read = async |count| {
        let items: Vec<_> = items(count).try_collect().await.unwrap();
        let items = items.into_iter().filter_map(|entry| match entry {
            Logged::Item { item, .. } => Some(item),
            _ => None,
        });
        items.collect::<Vec<_>>()
    };
    assert_eq!(read(2).await, ["beat 1", "look 1"]);
    tokio::time::sleep(HOUR / 2).await;
    let mut later = read(4).await;
    later[2..].sort_unstable();
    assert_eq!(later, ["beat 1", "look 1", "beat 1", "look 1"]);
}
