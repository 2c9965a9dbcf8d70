//! The laws, checked after each run.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::atomic::Ordering;

use flow_core::FlowErrorKind;
use flow_core::lifecycle::{LifecycleEvent, LifecycleKind, Step};

use crate::UNPLANNED;
use crate::drive::{Received, Runtime, drive};
use crate::plan::{Kind, Plan};
use crate::world::{Item, Who, World, read};

/// Runs the plan and checks all laws. Returns whether the execution has run to its end.
pub(crate) fn hold(plan: &Plan) -> bool {
    let world = World::default();
    let unplanned = UNPLANNED.load(Ordering::SeqCst);
    let seen = drive(plan, &world);
    assert_eq!(
        UNPLANNED.load(Ordering::SeqCst),
        unplanned,
        "an unplanned panic"
    );
    assert_eq!(read(&world.polled_after_the_end), 0);
    let mut told = world.told.lock().unwrap().clone();
    if plan.runtime != Runtime::Paused {
        // Tasks on other threads may report their emits a little late.
        told.sort_by_key(|event| event.at);
        told.sort_by_key(|event| matches!(event.kind, LifecycleKind::Ended { .. }));
    }
    let error = the_lifecycle_is_consistent(&told);
    the_ending_has_a_reason(plan, &world, error);
    all_agree_on_the_ending(&world, &seen, error);
    items_come_in_order(&world, &seen);
    nothing_is_delivered_twice(&world);
    let by_itself = error.is_none() && read(&world.stops) == 0 && read(&world.finishes) == 0;
    if by_itself {
        everything_is_delivered(&world);
        everything_put_is_read(&world, &seen);
        everything_is_told(&world, &told);
    }
    by_itself
}

/// The kind of the error that ended the execution, if there is one.
fn the_lifecycle_is_consistent(told: &[LifecycleEvent]) -> Option<FlowErrorKind> {
    let Some((last, before)) = told.split_last() else {
        panic!("nothing was told");
    };
    let LifecycleKind::Ended { error } = &last.kind else {
        panic!("the last is {last:?}");
    };
    let is_end = |event: &&LifecycleEvent| matches!(event.kind, LifecycleKind::Ended { .. });
    assert_eq!(before.iter().filter(is_end).count(), 0);
    let is_start = |event: &&LifecycleEvent| matches!(event.kind, LifecycleKind::Started);
    // An execution that was dropped before its first poll has not started.
    assert!(before.iter().filter(is_start).count() <= 1);
    let mut entered = HashSet::new();
    let mut open: HashMap<(Step, &str), isize> = HashMap::new();
    for (at, event) in told.iter().enumerate() {
        let goes_on = at == 0 || told[at - 1].at <= event.at;
        assert!(goes_on || at + 1 == told.len(), "time goes on");
        match &event.kind {
            LifecycleKind::ClauseEntered { cause, .. } => {
                let step = event.step.unwrap();
                if let Some(cause) = cause {
                    assert!(cause < &step, "{event:?} comes before its cause");
                    assert!(entered.contains(cause), "{event:?} has no cause");
                }
                assert!(entered.insert(step), "{event:?} once more");
            }
            LifecycleKind::HandlerStarted { handler } => {
                let step = event.step.unwrap();
                assert!(entered.contains(&step), "{event:?} in no step");
                *open.entry((step, *handler)).or_default() += 1;
            }
            LifecycleKind::HandlerFinished { handler }
            | LifecycleKind::HandlerFailed { handler } => {
                let open = open.entry((event.step.unwrap(), *handler)).or_default();
                *open -= 1;
                assert!(*open >= 0, "{event:?} had not started");
            }
            _ => {}
        }
    }
    error.as_ref().map(flow_core::FlowError::kind)
}

/// The ending has a cause: a step of a script, a limit or an action of the driver.
fn the_ending_has_a_reason(plan: &Plan, world: &World, error: Option<FlowErrorKind>) {
    let there_is = match error {
        None => {
            let ended = read(&world.stops) + read(&world.finishes) > 0;
            ended || read(&world.fails) + read(&world.panics) == 0
        }
        Some(FlowErrorKind::Failed) => read(&world.fails) > 0,
        Some(FlowErrorKind::Panicked) => read(&world.panics) > 0,
        Some(FlowErrorKind::TimedOut) => plan.timeout.is_some(),
        Some(FlowErrorKind::Idle) => plan.idle_timeout.is_some(),
        Some(FlowErrorKind::TooManyEvents) => plan.max_events.is_some(),
        Some(FlowErrorKind::TooManyPending) => plan.max_pending.is_some(),
        // It has an output, and no `end` was reached: nothing led there, or a stop came first.
        Some(FlowErrorKind::Unfinished) => read(&world.finishes) == 0 || read(&world.stops) > 0,
        Some(FlowErrorKind::Cancelled) => plan.driver.is_cut_short(),
        Some(_) => false,
    };
    assert!(there_is, "{error:?} for no reason");
}

fn all_agree_on_the_ending(world: &World, seen: &Received, error: Option<FlowErrorKind>) {
    if seen.read_to_the_end {
        assert_eq!(seen.last, error);
    }
    match (seen.returned, error) {
        (None, _) => {}
        (Some(Ok(_)), None) => assert!(read(&world.finishes) > 0),
        (Some(Err(returned)), None) => assert_eq!(returned, FlowErrorKind::Unfinished),
        (Some(returned), Some(error)) => assert_eq!(returned, Err(error)),
    }
}

/// The items of each source arrive in the order of their `put`s, from the first on.
fn items_come_in_order(world: &World, seen: &Received) {
    let mut next: HashMap<_, usize> = HashMap::new();
    for Item { id, who, part, n } in &seen.items {
        let expected = next.entry((id, who, part)).or_default();
        assert_eq!(n, expected, "of {who:?} {part} of {id}");
        *expected += 1;
    }
    // Items that a handler put before the end are read before it.
    if seen.read_to_the_end {
        let of_handlers = seen.items.iter().filter(|item| item.who != Who::Task);
        let (read_, put) = (of_handlers.count(), read(&world.puts));
        assert!(read_ >= put, "{read_} of {put} items");
    }
}

fn nothing_is_delivered_twice(world: &World) {
    let pieces = world.pieces.lock().unwrap();
    for (&(who, id), &times) in &*world.delivered.lock().unwrap() {
        let most = match who {
            Who::Part => pieces[&id],
            _ => 1,
        };
        assert!(times <= most, "{id} came to {who:?} {times} times");
    }
}

fn everything_is_delivered(world: &World) {
    let delivered = world.delivered.lock().unwrap();
    let pieces = world.pieces.lock().unwrap();
    let times = |who, id| delivered.get(&(who, id)).copied().unwrap_or_default();
    assert_eq!(times(Who::Begin, 0), 1);
    let emitted = world.emitted.lock().unwrap().clone();
    let count = |kind| emitted.iter().filter(|(other, _)| *other == kind).count();
    let met = |who| delivered.keys().filter(|(other, _)| *other == who).count();
    let pairs = count(Kind::Left).min(count(Kind::Right));
    assert_eq!((met(Who::MeetLeft), met(Who::MeetRight)), (pairs, pairs));
    for (kind, id) in emitted {
        let expected: &[(Who, usize)] = match kind {
            Kind::Plain => &[(Who::PlainOne, 1), (Who::PlainTwo, 1)],
            Kind::Chain => &[(Who::First, 1), (Who::Second, 1)],
            Kind::Many => &[(Who::Parts, 1), (Who::Part, pieces[&id])],
            Kind::Poke => &[(Who::Poked, 1)],
            Kind::Left | Kind::Right => &[],
            Kind::Finish => panic!("it would have ended"),
        };
        for &(who, expected) in expected {
            assert_eq!(times(who, id), expected, "{id} at {who:?}");
        }
        if kind == Kind::Chain {
            let (ended, rescued) = (times(Who::Third, id), times(Who::Console, id));
            assert_eq!(ended + rescued, 1, "{id} is done or rescued");
        }
    }
}

fn everything_put_is_read(world: &World, seen: &Received) {
    if seen.read_to_the_end {
        let put = read(&world.puts) + read(&world.puts_of_tasks);
        assert_eq!(seen.items.len(), put);
    }
}

fn everything_is_told(world: &World, told: &[LifecycleEvent]) {
    let count = |is: fn(&LifecycleKind) -> bool| told.iter().filter(|one| is(&one.kind)).count();
    let emitted = count(|what| matches!(what, LifecycleKind::Emitted { .. }));
    assert_eq!(emitted, world.emitted.lock().unwrap().len());
    let started = tally(told, |what| match what {
        LifecycleKind::HandlerStarted { handler } => Some(*handler),
        _ => None,
    });
    let ended = tally(told, |what| match what {
        LifecycleKind::HandlerFinished { handler } | LifecycleKind::HandlerFailed { handler } => {
            Some(*handler)
        }
        _ => None,
    });
    assert_eq!(started, ended);
}

fn tally<K: Hash + Eq>(
    told: &[LifecycleEvent],
    of: impl Fn(&LifecycleKind) -> Option<K>,
) -> HashMap<(Option<Step>, K), usize> {
    let mut tally = HashMap::new();
    for event in told {
        if let Some(key) = of(&event.kind) {
            *tally.entry((event.step, key)).or_default() += 1;
        }
    }
    tally
}
