//! `when A & B -> c`: the first `A` pairs with the first `B`, the second with the second.

use flow_core::{Cx, Event, flow, handler};
use proptest::prelude::*;
use tokio::task::yield_now;

#[derive(Event, Clone, Debug)]
struct Left(u32);
#[derive(Event, Clone, Debug)]
struct Right(u32);
#[derive(Event, Clone, Debug)]
struct Middle(u32);

/// An event that arrives, or a pause.
#[derive(Clone, Copy, Debug)]
enum Step {
    Left,
    Right,
    Middle,
    /// Yields in between.
    Yield,
}

#[handler(emits = ["Left", "Right", "Middle"])]
async fn emit_all(steps: Vec<Step>, cx: &Cx) {
    let mut counts = [0; 3];
    let mut next = |which: usize| {
        counts[which] += 1;
        counts[which]
    };
    for step in steps {
        match step {
            Step::Left => cx.emit(Left(next(0))),
            Step::Right => cx.emit(Right(next(1))),
            Step::Middle => cx.emit(Middle(next(2))),
            Step::Yield => yield_now().await,
        }
    }
}

#[handler(streams = "(u32, u32, u32)")]
async fn meet((Left(left), Right(right)): (Left, Right), cx: &Cx) {
    cx.put((left, right, 0)).await;
}

#[handler(streams = "(u32, u32, u32)")]
async fn meet_all((Left(left), Right(right), Middle(middle)): (Left, Right, Middle), cx: &Cx) {
    yield_now().await;
    cx.put((left, right, middle)).await;
}

#[tokio::test]
async fn partners_meet_in_the_order_of_their_arrival() {
    let flow = flow! {
        streams (u32, u32, u32);
        ignore Middle;
        start(Vec<Step>) -> emit_all;
        when Left & Right -> meet else -> ignore
    };
    let steps = vec![
        Step::Left,
        Step::Left,
        Step::Right,
        Step::Yield,
        Step::Left,
        Step::Right,
    ];
    assert_eq!(
        crate::items(flow.stream(steps)).await,
        [(1, 1, 0), (2, 2, 0)]
    );
}

#[tokio::test]
async fn events_of_several_tasks_pair_once_each() {
    #[handler(emits = ["Left", "Right"])]
    async fn spawn_some(pairs: u32, cx: &Cx) {
        for n in 0..pairs {
            let (left, right) = (cx.clone(), cx.clone());
            tokio::spawn(async move { left.emit(Left(n)) });
            tokio::spawn(async move { right.emit(Right(n)) });
        }
    }
    let flow = flow! {
        streams (u32, u32, u32);
        start(u32) -> spawn_some;
        when Left & Right -> meet
    };
    let met = crate::items(flow.stream(100)).await;
    let (mut lefts, mut rights): (Vec<_>, Vec<_>) =
        met.iter().map(|(left, right, _)| (*left, *right)).unzip();
    lefts.sort_unstable();
    rights.sort_unstable();
    assert_eq!(lefts, (0..100).collect::<Vec<_>>());
    assert_eq!(rights, lefts);
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Left),
        Just(Step::Right),
        Just(Step::Middle),
        Just(Step::Yield)
    ]
}

proptest! {
    /// In any order of arrival, the n-th event of one kind pairs with the n-th of the other
    /// kinds, as often as there is one of each.
    #[test]
    fn the_nth_meets_the_nth(steps in proptest::collection::vec(step(), 0..80)) {
        let count = |which: fn(&Step) -> bool| {
            u32::try_from(steps.iter().filter(|step| which(step)).count()).unwrap()
        };
        let (lefts, rights, middles) = (
            count(|step| matches!(step, Step::Left)),
            count(|step| matches!(step, Step::Right)),
            count(|step| matches!(step, Step::Middle)),
        );
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let flow = flow! {
            streams (u32, u32, u32);
            start(Vec<Step>) -> emit_all;
            when Left & Right -> meet else -> ignore;
            when Left & Right & Middle -> meet_all else -> ignore
        };
        let mut met = runtime.block_on(crate::items(flow.stream(steps.clone())));
        let mut expected: Vec<_> = (1..=lefts.min(rights)).map(|n| (n, n, 0)).collect();
        expected.extend((1..=lefts.min(rights).min(middles)).map(|n| (n, n, n)));
        let pairs: Vec<_> = met.iter().filter(|(.., middle)| *middle == 0).copied().collect();
        prop_assert!(pairs.is_sorted());
        met.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(met, expected);
    }
}
