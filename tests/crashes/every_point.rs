//! A crash at every commit of small flows, each with a part of the language.

use flow_core::__private::{Complete, Graph};
use flow_core::Flow;
use flow_core::durable::{Bytes, ItemRow, codec};
use futures::StreamExt;
use serde::Serialize;

use crate::flows::{self, every_flow};
use crate::harness::{Answers, Crash, Effects, Outcome, answer, run};

/// Runs an execution without a store.
async fn in_memory<G: Graph, Given: Complete>(flow: &Flow<G, Given>, input: G::Input) -> Outcome
where
    G::Item: Serialize,
    G::Output: Serialize,
{
    let mut execution = flow.stream(input);
    let mut items = Vec::new();
    while let Some(Ok(item)) = execution.next().await {
        let row = ItemRow::Item(Bytes(codec::to_bytes(&item).unwrap()));
        items.push(codec::to_bytes(&row).unwrap());
    }
    let outcome = execution.output().await;
    let outcome = outcome.map(|output| Bytes(codec::to_bytes(&output).unwrap()));
    Outcome {
        outcome: codec::to_bytes(&outcome).unwrap(),
        items,
    }
}

/// Runs an execution without a crash, and then with one at each of its commits, and compares.
async fn same_with_crashes<G: Graph, Given: Complete + 'static>(
    flow: impl Fn(Effects) -> Flow<G, Given>,
    input: impl Fn() -> G::Input,
    answers: Answers,
) where
    G::Item: Serialize,
    G::Output: Serialize,
{
    let effects = Effects::default();
    let (expected, commits, _) = run(&flow(effects.clone()), input(), &answers, Crash::Never).await;
    let expected_effects = effects.counted();
    if answers.is_empty() {
        let effects = Effects::default();
        let in_memory = in_memory(&flow(effects.clone()), input()).await;
        assert_eq!(in_memory, expected, "in memory");
        assert_eq!(effects.counted(), expected_effects, "in memory");
    }
    assert!(commits > 1, "{commits}");
    let crashes = (0..commits).flat_map(|number| {
        [
            Crash::Before(number),
            Crash::After(number),
            Crash::Acknowledged(number),
        ]
    });
    for crash in crashes.chain([Crash::Everywhere, Crash::EverywhereAnswered]) {
        let effects = Effects::default();
        let (outcome, ..) = run(&flow(effects.clone()), input(), &answers, crash).await;
        assert_eq!(outcome.outcome, expected.outcome, "{crash:?}");
        let is_lost = matches!(crash, Crash::Before(_));
        for (effect, count) in &expected_effects {
            let happened = effects.counted().get(effect).copied().unwrap_or(0);
            // What a call that was not recorded has done is done again.
            let most = match crash {
                Crash::Before(_) => 2 * count,
                Crash::Everywhere | Crash::EverywhereAnswered => count + 1,
                _ => *count,
            };
            assert!(
                (*count..=most).contains(&happened),
                "{crash:?}: {effect} {happened}"
            );
        }
        if !is_lost {
            assert_eq!(effects.counted(), expected_effects, "{crash:?}");
            assert_eq!(outcome.items, expected.items, "{crash:?}");
        }
    }
}

/// Runs an execution with crashes at random commits, also while it recovers, and compares. Returns
/// how many there were.
async fn same_with_random_crashes<G: Graph, Given: Complete + 'static>(
    name: &str,
    flow: impl Fn(Effects) -> Flow<G, Given>,
    input: impl Fn() -> G::Input,
    answers: Answers,
) -> usize {
    let expected = Effects::default();
    let never = run(&flow(expected.clone()), input(), &answers, Crash::Never).await;
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first = setting("CRASHES_SEED").unwrap_or(0);
    let mut all = 0;
    for seed in first..first + setting("CRASHES_RUNS").unwrap_or(20) {
        let effects = Effects::default();
        let crash = Crash::Random(seed);
        let (outcome, _, crashes) = run(&flow(effects.clone()), input(), &answers, crash).await;
        all += crashes;
        assert_eq!(outcome.outcome, never.0.outcome, "{name}, seed {seed}");
        let happened = effects.counted();
        for (effect, count) in expected.counted() {
            let now = happened.get(&effect).copied().unwrap_or(0);
            let most = count * (crashes + 1);
            assert!(
                (count..=most).contains(&now),
                "{name}, seed {seed}: {effect} {now}"
            );
        }
        let lost = never
            .0
            .items
            .iter()
            .find(|item| !outcome.items.contains(item));
        assert_eq!(lost, None, "{name}, seed {seed}");
    }
    all
}

macro_rules! every_point {
    ($($name:ident($input:expr) $answers:expr;)*) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                same_with_crashes(flows::$name, || $input, $answers).await;
            }
        )*

        #[tokio::test(start_paused = true)]
        async fn all_of_them_with_random_crashes() {
            let mut crashes = 0;
            $(
                let name = stringify!($name);
                let flow = flows::$name;
                crashes += same_with_random_crashes(name, flow, || $input, $answers).await;
            )*
            println!("{crashes} crashes");
            assert!(crashes > 1_000, "{crashes}");
        }
    };
}

every_flow!(every_point);
