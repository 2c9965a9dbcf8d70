//! Laws for readers that join, read and leave at random, on any runtime.

use std::num::NonZeroUsize;

use flow_core::{
    Broadcast, Cx, ItemPosition, Received, Res, Result, ShareOptions, SlowReaders, flow, handler,
};
use futures::{FutureExt, StreamExt};
use proptest::prelude::*;
use tokio::task::yield_now;

use super::lag;
use crate::Alive;
use crate::laws::block_on;

/// The behaviour of one reader.
#[derive(Clone, Debug)]
struct Visit {
    /// How often it yields before it joins, and between two items.
    pauses: (usize, usize),
    joins: Joins,
    /// How many items it reads at most. Then it polls once more and leaves.
    reads: usize,
}

#[derive(Clone, Copy, Debug)]
enum Joins {
    Now,
    From(u64),
    After(u64),
}

/// The behaviour of a handler: how often it yields before each item, and whether it fails then.
#[derive(Clone, Debug)]
struct Script {
    pauses: Vec<usize>,
    fails: bool,
}

#[handler(streams = "u64")]
async fn act(script: Script, cx: &Cx, alive: Res<Alive>) -> Result<()> {
    let _guard = alive.guard();
    for (n, pause) in (0_u64..).zip(script.pauses) {
        for _ in 0..pause {
            yield_now().await;
        }
        cx.put(n).await;
    }
    if script.fails {
        return Err("no ink".into());
    }
    Ok(())
}

/// Reads as `visit` prescribes, and checks that all items are accounted for.
async fn visit(readers: Broadcast<u64>, visit: Visit, slow: SlowReaders, total: u64, fails: bool) {
    for _ in 0..visit.pauses.0 {
        yield_now().await;
    }
    let (mut reader, start) = match visit.joins {
        Joins::Now => (readers.subscribe(), None),
        Joins::From(position) => (
            readers.subscribe_from(ItemPosition::new(position)),
            Some(position),
        ),
        Joins::After(position) => (
            readers.subscribe_after(ItemPosition::new(position)),
            Some(position + 1),
        ),
    };
    drop(readers);
    let (mut seen, mut ended) = (Vec::new(), false);
    while seen.len() < visit.reads && !ended {
        match reader.next().await {
            Some(Ok(one)) => seen.push(one),
            end => {
                assert_eq!(end.is_some(), fails);
                assert!(reader.next().await.is_none());
                ended = true;
            }
        }
        for _ in 0..visit.pauses.1 {
            yield_now().await;
        }
    }
    // The reader leaves a registered waker behind, which wakes nothing.
    drop(reader.next().now_or_never());
    drop(reader);

    if slow == SlowReaders::Block {
        let gone_before = usize::from(start.is_some());
        let missed = |seen: &Received<u64>| matches!(seen, Received::Lagged(_));
        assert!(!seen.iter().skip(gone_before).any(missed), "{seen:?}");
    }
    let start = start.or_else(|| began(&seen)).unwrap_or(total);
    let end = seen.iter().fold(start, |expected, seen| match *seen {
        Received::Item { position, item } => {
            assert_eq!((position.get(), item), (expected, expected));
            expected + 1
        }
        Received::Lagged(items) => {
            assert!(items > 0);
            expected + items
        }
    });
    if ended {
        assert_eq!(end, total.max(start), "{seen:?}");
    }
}

/// The position where a reader joined, derived from its first item.
fn began(seen: &[Received<u64>]) -> Option<u64> {
    let mut missed = 0;
    for seen in seen {
        match seen {
            Received::Item { position, .. } => return Some(position.get() - missed),
            Received::Lagged(items) => missed += items,
        }
    }
    None
}

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let joins = prop_oneof![
        Just(Joins::Now),
        (0..80_u64).prop_map(Joins::From),
        (0..80_u64).prop_map(Joins::After),
    ];
    let reads = prop_oneof![Just(usize::MAX), 0..60_usize];
    let visit =
        ((0..40_usize, 0..4_usize), joins, reads).prop_map(|(pauses, joins, reads)| Visit {
            pauses,
            joins,
            reads,
        });
    prop::collection::vec(visit, 1..10)
}

proptest! {
    /// Each reader that stays reaches the end. The items that it reads and those reported as missed
    /// are, together, every item since it joined, once and in order. If the execution waits for
    /// slow readers, a reader misses only items from before it joined.
    #[test]
    fn every_reader_can_account_for_every_item(
        visits in visits(),
        pauses in prop::collection::vec(0..3_usize, 0..70),
        fails in any::<bool>(),
        slow in prop_oneof![Just(SlowReaders::Block), Just(SlowReaders::Skip)],
        (replay, behind, capacity) in (0..20_usize, 1..10_usize, 1..10_usize),
        workers in 0..4_usize,
        (spawned, run) in any::<(bool, bool)>(),
    ) {
        let alive = Alive::default();
        let flow = flow! { streams u64; with Alive; start(Script) -> act }
            .with(alive.clone())
            .capacity(NonZeroUsize::new(capacity).unwrap());
        let sharing = ShareOptions::new(slow).replay(replay).max_lag(lag(behind));
        block_on(workers, async {
            let total = u64::try_from(pauses.len()).unwrap();
            let script = Script { pauses, fails };
            let readers = if spawned {
                flow.spawn(script).share(sharing)
            } else {
                flow.stream(script).share(sharing)
            };
            let mut tasks = Vec::new();
            if run {
                let run = readers.drain();
                tasks.push(tokio::spawn(async move {
                    assert_eq!(run.await.is_err(), fails);
                }));
            }
            for one in visits {
                tasks.push(tokio::spawn(visit(readers.clone(), one, slow, total, fails)));
            }
            drop(readers);
            for task in tasks {
                task.await.unwrap();
            }
            // A spawned execution continues without readers.
            while alive.count() > 0 {
                assert!(spawned, "it is cancelled with the last reader");
                yield_now().await;
            }
        });
    }
}
