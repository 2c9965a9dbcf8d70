//! The types that describe a graph.
#![cfg_attr(
    feature = "serde",
    allow(clippy::ref_option_ref, reason = "the code that serde derives has one")
)]

use std::any::TypeId;
use std::time::Duration;

use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::shape::Shape;

/// A flow: its clauses in the order of the text, and the types that they need.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each tells something else about the handlers of all clauses"
)]
pub struct GraphDesc {
    /// The flow's name, if it has one.
    pub name: Option<&'static str>,
    /// Its doc comment, if it has one.
    pub docs: Option<&'static str>,
    /// Where it is defined.
    pub location: Location,
    /// The type of the input, as it is spelled.
    pub input: &'static str,
    /// The type of the output, if a clause leads to `end`.
    pub output: Option<&'static str>,
    /// The type of the items of its stream.
    pub item: &'static str,
    /// The types of the resources that it is given. Those that each execution opens are in
    /// [`clauses`](Self::clauses).
    pub resources: &'static [&'static str],
    /// The types of its states.
    pub states: &'static [&'static str],
    /// The clauses that lead to handlers: `start`, `when`, `ask`, `every`, `rescue`, `finally`, and
    /// `with T = open`.
    pub clauses: &'static [ClauseDesc],
    /// The events that are declared `external`.
    pub external: &'static [EventDesc],
    /// The events that are declared `ignore`: no clause takes them, on purpose.
    pub ignored: &'static [EventDesc],
    /// How long an execution may run: `timeout "…";`. In milliseconds in JSON.
    #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
    pub timeout: Option<Duration>,
    /// How long an execution may be idle: `idle_timeout "…";`. In milliseconds in JSON.
    #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
    pub idle_timeout: Option<Duration>,
    /// How long an execution may go on after its `end`: `drain within "…";`. In milliseconds in
    /// JSON.
    #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
    pub drain: Option<Duration>,
    /// How long its `finally` may take: `finally within "…" -> …`. In milliseconds in JSON.
    #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
    pub finally: Option<Duration>,
    /// How many events may be emitted in an execution: `max_events …;`.
    pub max_events: Option<u64>,
    /// How many events may wait to be taken: `max_pending …;`.
    pub max_pending: Option<u64>,
    /// How many attempts of its handlers run at the same time in an execution: `concurrency …;`.
    pub concurrency: Option<usize>,
    /// Whether the compiler proves that it never stops short: `sound;`.
    pub sound: bool,
    /// Whether what its executions do is recorded: `durable;`.
    pub durable: bool,
    /// Whether an execution counts the calls of any handler, here or in a stage that is a flow.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) counts_calls: bool,
    /// Whether any stage is a flow that asks a question, or has such a stage in turn.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) stages_ask: bool,
    /// Whether any stage is an `ask E` that waits for its answer in its route.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) asks_in_place: bool,
    /// Whether any stage is an `ask E` where its clause is split.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) splits: bool,
    /// Whether any stage is a flow that declares `external` events.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) stages_take: bool,
    /// Whether any stage is a flow with a `finally`, or has such a stage in turn.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) stages_finish: bool,
    /// Whether an execution opens resources before `start`.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) opens: bool,
}

/// A clause, such as `when E -> a -> b`: a trigger and a route.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ClauseDesc {
    /// What the clause waits for.
    pub trigger: TriggerDesc,
    /// The field by which its events are matched, as it is written: `by .order`.
    pub by: Option<&'static str>,
    /// The stages that run one after the other.
    pub route: &'static [StageDesc],
    /// All handlers in the route, including those in branches, in the order of the text.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub handlers: &'static [HandlerDesc],
    /// The index of its first handler among the handlers of all clauses.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) first_handler: usize,
    /// The events of each `emit` in the route, in the order of the text.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) emits: &'static [&'static [EventDesc]],
    /// Whether the route, or a branch of it, leads to `end` or `end now`.
    pub ends: bool,
    /// Whether the route, or a branch of it, leads to `end now`.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) ends_now: bool,
    /// Where it is defined.
    pub location: Location,
}

/// What a clause waits for.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "kind", content = "of", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum TriggerDesc {
    /// `with T = open`: a resource that each execution opens before `start`. The type, as it is
    /// spelled.
    Open(&'static str),
    /// `start`: the input of the execution.
    Start,
    /// `when E`: an event.
    Event(EventDesc),
    /// `when A & B`: one of each of these events.
    All(&'static [EventDesc]),
    /// `when E[3]`: so many of one event, as an array.
    Times {
        /// The event.
        event: EventDesc,
        /// How many of them, as it is written.
        count: &'static str,
        /// The same as a number, where a constant is written.
        number: usize,
    },
    /// `ask E`: the answer to the question.
    Answered(EventDesc),
    /// The `else` of `ask E`: the question is not answered.
    Unanswered(EventDesc),
    /// The `else` of `when A & B` or `when E[3]`: an event that was left without a partner.
    LeftOver(EventDesc),
    /// `every "1s"`: a period is over.
    Every {
        /// The time between two ticks. In milliseconds in JSON.
        #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds_of"))]
        period: Duration,
        /// The beginning of the clause, as it is written.
        text: &'static str,
    },
    /// `ask E every "1h" handler`: a period is over, and the question still waits.
    Reminder {
        /// The question.
        question: EventDesc,
        /// The time between two reminders. In milliseconds in JSON.
        #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds_of"))]
        period: Duration,
        /// The period, as it is written: `every "1h"`.
        text: &'static str,
    },
    /// `finally`: how the execution ended.
    Finally,
    /// `rescue handler`: its error. `None` for the errors of all handlers without a rescue of their
    /// own.
    Rescue(Option<HandlerDesc>),
}

/// One stage of a route.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "kind", content = "of", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum StageDesc {
    /// A handler, a named flow, or a stage `ask E`, which has [`asks`](HandlerDesc::asks).
    Handler(HandlerDesc),
    /// `(a, b)`: all branches run concurrently. The next stage takes their values as a tuple.
    Join(&'static [&'static [StageDesc]]),
    /// `first (a, b)`: all branches run concurrently. The next stage takes the value of the first
    /// that succeeds.
    First(&'static [&'static [StageDesc]]),
    /// `each a[8]`: the route runs for each item of a collection or a stream.
    Each {
        /// The stages for one item.
        route: &'static [StageDesc],
        /// How many items run at a time, as it is written; `None` without a limit.
        limit: Option<&'static str>,
    },
    /// `match { … }` or `if … else`: one of the arms runs.
    Choice(&'static [ArmDesc]),
    /// `a else b`: if a handler of the route fails, the other route stands in for it.
    Else {
        /// The stages that may fail.
        route: &'static [StageDesc],
        /// The stages whose value is that of the stage if they do.
        stand_in: &'static [StageDesc],
    },
    /// A closure, a constructor, or the pattern of a `when`, as it is written: `|n| n + 1`, `Some`,
    /// `Order { id, .. }`.
    Closure(&'static str),
    /// `end`: the value is the output of the execution, which ends when what is under way has
    /// finished.
    End,
    /// `end now`: the execution ends at once with the value as its output.
    EndNow,
    /// `ignore`: the value is dropped on purpose.
    Ignore,
    /// `emit`: the events in the value are emitted.
    Emit {
        /// The events that the value may hold.
        events: &'static [EventDesc],
        /// How many of each it holds, as its type shows.
        shape: Shape,
    },
    /// `skip`: the item of the `each` around it is left out of the results.
    Skip,
    /// The clause `ask E`: the event goes out as a question. Its answer triggers a clause of its
    /// own. A stage `ask E`, which waits for its answer, is a [`Handler`](Self::Handler).
    Ask {
        /// How long the question can be answered. In milliseconds in JSON.
        #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
        within: Option<Duration>,
    },
}

/// An arm of a choice.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ArmDesc {
    /// The pattern or the condition, as it is written.
    pub condition: &'static str,
    /// The stages that run one after the other.
    pub route: &'static [StageDesc],
}

/// A handler, or a named flow that is used as one.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each tells something else, and JSON shows them by their names"
)]
pub struct HandlerDesc {
    /// The function's name.
    pub name: &'static str,
    /// Its doc comment, if it has one.
    pub docs: Option<&'static str>,
    /// Where it is defined.
    pub location: Location,
    /// The events that it declares `on`; empty if it declares none.
    pub on: &'static [EventDesc],
    /// The events that it declares in `emits`.
    pub emits: &'static [EventDesc],
    /// How many of these events a call emits.
    pub shape: Shape,
    /// Whether it returns a `Result` whose error has values, or has a timeout.
    pub can_fail: bool,
    /// How long one attempt may take; for a named flow, how long its execution may. In milliseconds
    /// in JSON.
    #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
    pub timeout: Option<Duration>,
    /// How often the function is called at most: 1 without a `retry`.
    pub attempts: u32,
    /// How many calls run at the same time at most.
    pub concurrency: Option<usize>,
    /// Whether its `concurrency` holds for all executions of the process together, instead of for
    /// each.
    pub concurrency_is_shared: bool,
    /// Whether an execution calls it once at most: `once`. A named flow is called once if one of its
    /// handlers is.
    pub once: bool,
    /// Whether it acts on the outside: `effect`.
    pub effect: bool,
    /// In a durable flow: what a call has emitted that fails is undone.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) undone: bool,
    /// The graph of the named flow, if it is one.
    pub graph: Option<&'static GraphDesc>,
    /// The question, if the stage is an `ask E` that waits for its answer; `timeout` is then how
    /// long it can be answered. JSON has it only there.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub asks: Option<&'static EventDesc>,
    /// Whether its attribute is in error, so that `emits` may be incomplete.
    #[doc(hidden)]
    #[cfg_attr(feature = "serde", serde(skip))]
    pub broken: bool,
    /// The names of events that it emits without declaring them. rustc reports that, so their
    /// clauses are not reported as well.
    #[doc(hidden)]
    #[cfg_attr(feature = "serde", serde(skip))]
    pub undeclared: &'static [&'static str],
    /// The states that it reads, and writes after an `.await` with what it has read, as they are
    /// written.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) writes_back: &'static [&'static str],
    /// The line of a loop in its body that emits and never ends; 0 if there is none.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) endless: u32,
    /// The longest time between two attempts, if it is not random.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) longest_pause: Option<Duration>,
    /// Whether it returns a `Result`, even if its error has no values.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) returns_result: bool,
    /// Whether it does nothing that restarts an `idle_timeout`. Set only for handlers with a
    /// timeout.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) silent: bool,
    /// The handler's identity, if it has a `concurrency` that each execution counts.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) counted: Option<fn() -> TypeId>,
}

#[cfg(feature = "serde")]
#[allow(clippy::ref_option, reason = "serde calls it like this")]
fn milliseconds<S: serde::Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let milliseconds = duration.map(|duration| u64::try_from(duration.as_millis()));
    let milliseconds = milliseconds.map(|number| number.unwrap_or(u64::MAX));
    serde::Serialize::serialize(&milliseconds, serializer)
}

#[cfg(feature = "serde")]
#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it like this"
)]
fn milliseconds_of<S: serde::Serializer>(
    duration: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    milliseconds(&Some(*duration), serializer)
}
