//! What the random programs are made of, and how they run: in a random order, on a paused clock.

use std::cell::RefCell;
use std::time::Duration;

use fastrand::Rng;
use flow_core::{Asked, Event, FlowError, FlowErrorKind, Tick};
pub(crate) use flow_core::{Cx, Result, flow, handler};
use futures::{Stream, TryStreamExt};

/// Runs a program, and returns what it ends with.
pub(crate) type Runner = fn(u64) -> String;

macro_rules! events {
    ($($event:ident $question:ident)*) => { $(
        #[derive(Clone, Event)]
        pub(crate) struct $event {
            pub(crate) order: u32,
        }

        #[derive(Clone, Event)]
        #[event(answer = ())]
        pub(crate) struct $question {
            pub(crate) order: u32,
        }
    )* };
}

events! {
    A QA B QB C QC D QD E QE F QF G QG H QH I QI J QJ K QK L QL M QM N QN O QO P QP Q QQ R QR S QS
    T QT U QU V QV W QW X QX Y QY Z QZ
}

/// A question, and how to answer it.
pub(crate) struct Item(Box<dyn FnOnce() + Send>);

impl<Q: Event<Answer = ()>> From<Asked<Q>> for Item {
    fn from(asked: Asked<Q>) -> Self {
        Self(Box::new(move || {
            // It may be too late.
            let _late = asked.answer(());
        }))
    }
}

impl From<String> for Item {
    fn from(_: String) -> Self {
        Self(Box::new(|| {}))
    }
}

thread_local! {
    static RNG: RefCell<Rng> = const { RefCell::new(Rng::with_seed(0)) };
}

/// One of the numbers below `of`.
pub(crate) fn pick(of: u8) -> u8 {
    RNG.with_borrow_mut(|rng| rng.u8(..of))
}

pub(crate) fn toss() -> bool {
    pick(3) == 0
}

/// The items of an `each`.
pub(crate) fn some() -> Vec<u32> {
    vec![0; usize::from(pick(4))]
}

/// Others go on meanwhile.
pub(crate) async fn pause() {
    let milliseconds = match pick(4) {
        0 => return,
        1 => return tokio::task::yield_now().await,
        // Longer than a handler may take, seldom.
        2 => u64::from(pick(5)) * 30,
        _ => u64::from(pick(20)) * 60,
    };
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

pub(crate) async fn read(
    mut execution: impl Stream<Item = std::result::Result<Item, FlowError>> + Unpin,
) -> std::result::Result<(), FlowError> {
    while let Some(Item(answer)) = execution.try_next().await? {
        tokio::spawn(async move {
            a_while().await;
            answer();
        });
    }
    Ok(())
}

pub(crate) fn with_seed<F: Future<Output = std::result::Result<(), FlowError>>>(
    seed: u64,
    run: impl FnOnce() -> F,
) -> String {
    RNG.with_borrow_mut(|rng| *rng = Rng::with_seed(seed));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let ended = runtime.block_on(async {
        let day = Duration::from_secs(24 * 3600);
        tokio::time::timeout(day, run()).await
    });
    match ended {
        Err(_) => "it hangs".to_owned(),
        Ok(Ok(())) => "it ends".to_owned(),
        // A failure that is told.
        Ok(Err(error)) => match error.kind() {
            FlowErrorKind::Failed | FlowErrorKind::TimedOut | FlowErrorKind::Unanswered => {
                "it fails".to_owned()
            }
            _ => error.to_string(),
        },
    }
}

/// The number after anything else, in flows that are stages and after them.
#[handler]
pub(crate) async fn zero() -> u32 {
    pause().await;
    0
}

flow! {
    pub(crate) flow Sound -> u32 streams Item;
    sound;
    start -> zero -> end
}

flow! {
    pub(crate) flow Asks -> u32 streams Item;
    sound;
    start -> zero -> |_| QZ { order: 7 } -> ask QZ -> zero -> end
}

flow! {
    pub(crate) flow Ticks -> u32 streams Item;
    sound;
    start -> zero -> ignore;
    every "1s" -> |_: Tick| toss() -> match { true => |()| 0 -> end, false => ignore }
}

flow! {
    pub(crate) flow Quiet streams Item;
    sound;
    start -> zero -> ignore
}

/// How long the outside waits.
pub(crate) async fn a_while() {
    tokio::time::sleep(Duration::from_millis(u64::from(pick(20)) * 70)).await;
}

/// The outside sends each of the events, once or more often.
macro_rules! to_output {
    ($flow:ident, $seed:expr, [$($event:ident),*]) => {
        $crate::engine::with_seed($seed, || async {
            let mut execution = $flow::new().spawn(());
            $(
                let sender = execution.sender();
                tokio::spawn(async move {
                    for _ in 0..=$crate::engine::pick(3) {
                        $crate::engine::a_while().await;
                        if sender.emit($event { order: 7 }).await.is_err() {
                            return;
                        }
                    }
                });
            )*
            $crate::engine::read(execution.items()).await?;
            execution.output().await.map(|_| ())
        })
    };
}

#[allow(
    unused_macros,
    reason = "the flows of a seed need not be of both kinds"
)]
macro_rules! to_nothing {
    ($flow:ident, $seed:expr) => {
        $crate::engine::with_seed($seed, || async {
            $crate::engine::read($flow::new().stream(())).await
        })
    };
}

#[allow(
    unused_imports,
    reason = "the flows of a seed need not be of both kinds"
)]
pub(crate) use {to_nothing, to_output};

/// Programs that are not proved, of which it is seen what they come to.
mod unproved {
    use super::*;

    #[handler(emits = [A, B])]
    async fn one_of_two(cx: &Cx) -> u32 {
        if toss() {
            cx.emit(A { order: 7 });
        } else {
            cx.emit(B { order: 7 });
        }
        0
    }

    #[handler(emits = [A, B])]
    async fn too_many(cx: &Cx) -> u32 {
        cx.emit(A { order: 7 });
        cx.emit(B { order: 7 });
        if toss() {
            cx.emit(B { order: 7 });
        }
        0
    }

    #[handler]
    async fn last() -> u32 {
        0
    }

    flow! {
        flow Short -> u32 streams Item;
        start -> one_of_two -> ignore;
        when A -> last -> end;
        when B -> ignore
    }

    flow! {
        flow LeftOver -> u32 streams Item;
        start -> too_many -> ignore;
        when A & B -> last -> end
    }

    #[test]
    fn a_program_that_stops_short_does_not_end() {
        let ended: Vec<_> = (0..20).map(|seed| to_output!(Short, seed, [])).collect();
        assert!(ended.iter().any(|ended| ended == "it ends"), "{ended:?}");
        let short = "the execution finished without reaching `end`";
        assert!(ended.iter().any(|ended| ended == short), "{ended:?}");
    }

    #[test]
    fn a_program_that_leaves_events_over_does_not_end() {
        let ended: Vec<_> = (0..20).map(|seed| to_output!(LeftOver, seed, [])).collect();
        assert!(ended.iter().any(|ended| ended == "it ends"), "{ended:?}");
        let left = |ended: &String| ended.contains("was left with no `A` and 1 `B`");
        assert!(ended.iter().any(left), "{ended:?}");
    }
}
