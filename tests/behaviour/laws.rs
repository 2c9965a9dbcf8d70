//! Laws that hold in every run, for any handlers, reader and scheduler.

use std::num::NonZeroUsize;
use std::time::Duration;

use flow_core::{Cx, Event, Res, flow, handler};
use futures::StreamExt;
use proptest::prelude::*;

use crate::Alive;

/// The steps of one handler.
#[derive(Clone, Debug)]
struct Script {
    id: usize,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Put,
    Suspend,
    /// Puts this many items from a spawned task.
    PutFromTask(u8),
}

#[derive(Clone, Debug, Event)]
struct Begin(Script);

#[handler(emits = "Begin")]
async fn begin(scripts: Vec<Script>, cx: &Cx) {
    for script in scripts {
        cx.emit(Begin(script));
    }
}

/// A source (a handler or its task), and the number of items that it put before.
type Item = (usize, usize, usize);

#[handler(on = "Begin", streams = "Item")]
async fn act(Begin(script): Begin, cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    let (mut put, mut tasks) = (0_usize, 0_usize);
    for step in script.steps {
        match step {
            Step::Put => {
                cx.put((script.id, 0_usize, put)).await;
                put += 1;
            }
            Step::Suspend => tokio::task::yield_now().await,
            Step::PutFromTask(count) => {
                tasks += 1;
                let (cx, guard) = (cx.clone(), alive.guard());
                let (id, task) = (script.id, tasks);
                tokio::spawn(async move {
                    for n in 0..usize::from(count) {
                        cx.put((id, task, n)).await;
                    }
                    drop(guard);
                });
            }
        }
    }
}

/// The items that the scripts put if nothing stops them, sorted.
fn expected(scripts: &[Script]) -> Vec<Item> {
    let mut items = Vec::new();
    for script in scripts {
        let puts = script.steps.iter().filter(|step| matches!(step, Step::Put));
        items.extend((0..puts.count()).map(|n| (script.id, 0, n)));
        let tasks = script.steps.iter().filter_map(|step| match step {
            Step::PutFromTask(count) => Some(usize::from(*count)),
            _ => None,
        });
        for (task, count) in tasks.enumerate() {
            items.extend((0..count).map(|n| (script.id, task + 1, n)));
        }
    }
    items.sort_unstable();
    items
}

fn scripts() -> impl Strategy<Value = Vec<Script>> {
    let step = prop_oneof![
        4 => Just(Step::Put),
        2 => Just(Step::Suspend),
        1 => (0..8_u8).prop_map(Step::PutFromTask),
    ];
    prop::collection::vec(prop::collection::vec(step, 0..40), 0..12).prop_map(|all| {
        let script = |(id, steps)| Script { id, steps };
        all.into_iter().enumerate().map(script).collect()
    })
}

/// Each source's items arrive in the order in which it put them.
fn in_order_by_source(items: &[Item]) -> bool {
    let mut next = std::collections::HashMap::new();
    items.iter().all(|&(id, task, n)| {
        let expected = next.entry((id, task)).or_insert(0);
        let right = *expected == n;
        *expected += 1;
        right
    })
}

pub(crate) fn block_on(workers: usize, test: impl Future<Output = ()>) {
    let mut builder = match workers {
        0 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    if workers > 0 {
        builder.worker_threads(workers);
    }
    // An execution that never ends should fail, not hang.
    let guard = Duration::from_secs(10);
    let runtime = builder.enable_time().build().unwrap();
    let ended = runtime.block_on(async { tokio::time::timeout(guard, test).await });
    ended.unwrap();
}

proptest! {
    #[test]
    fn no_item_is_lost_doubled_or_out_of_order(
        scripts in scripts(),
        capacity in 1..10_usize,
        pauses in prop::collection::vec(0..3_usize, 1..20),
        workers in 0..3_usize,
        spawned in any::<bool>(),
    ) {
        let alive = Alive::default();
        let flow = flow! { streams Item; with Alive; start(Vec<Script>) -> begin; when Begin -> act }
            .with(alive.clone())
            .capacity(NonZeroUsize::new(capacity).unwrap());
        block_on(workers, async {
            let mut pauses = pauses.iter().cycle();
            let mut seen = Vec::new();
            let mut read = async |items: &mut (dyn futures::Stream<Item = _> + Unpin)| {
                while let Some(item) = items.next().await {
                    let item: Result<Item, flow_core::FlowError> = item;
                    seen.push(item.unwrap());
                    for _ in 0..*pauses.next().unwrap() {
                        tokio::task::yield_now().await;
                    }
                }
            };
            if spawned {
                let mut execution = flow.spawn(scripts.clone());
                read(&mut execution.items()).await;
                execution.output().await.unwrap();
            } else {
                read(&mut flow.stream(scripts.clone())).await;
            }
            assert!(in_order_by_source(&seen), "{seen:?}");
            seen.sort_unstable();
            assert_eq!(seen, expected(&scripts));
            assert_eq!(alive.count(), 0);
        });
    }

    #[test]
    fn dropping_the_stream_anywhere_leaves_nothing_running(
        scripts in scripts(),
        capacity in 1..10_usize,
        read in 0..60_usize,
        workers in 0..3_usize,
    ) {
        let alive = Alive::default();
        let flow = flow! { streams Item; with Alive; start(Vec<Script>) -> begin; when Begin -> act }
            .with(alive.clone())
            .capacity(NonZeroUsize::new(capacity).unwrap());
        block_on(workers, async {
            let mut items = flow.stream(scripts);
            for _ in 0..read {
                if items.next().await.is_none() {
                    break;
                }
            }
            drop(items);
            // Tasks that handlers spawned are not dropped. They end because their `put` returns.
            while alive.count() > 0 {
                tokio::task::yield_now().await;
            }
        });
    }
}
