//! The types that describe a graph.

use std::any::TypeId;
use std::time::Duration;

use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::text::same_text;

/// A flow: its clauses in the order of the text, and what they need.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct GraphDesc {
    /// The flow's name, if it has one.
    pub name: Option<&'static str>,
    /// Its doc comment, if it has one.
    pub docs: Option<&'static str>,
    /// Where it is written.
    pub location: Location,
    /// The type it is started with, as it is spelled.
    pub input: &'static str,
    /// The type of what it ends with, if a clause leads to `end`.
    pub output: Option<&'static str>,
    /// The type of the items of its stream.
    pub item: &'static str,
    /// The types of its resources.
    pub resources: &'static [&'static str],
    /// The types of its states.
    pub states: &'static [&'static str],
    /// `start`, `when` and `rescue`.
    pub clauses: &'static [ClauseDesc],
    /// The events that come from outside.
    pub external: &'static [EventDesc],
    /// The events that are deliberately not taken.
    pub ignored: &'static [EventDesc],
    /// How long an execution may take, by `timeout "…";`. As JSON, in milliseconds.
    #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
    pub timeout: Option<Duration>,
    /// How long nothing may happen in it, by `idle_timeout "…";`. As JSON, in milliseconds.
    #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
    pub idle_timeout: Option<Duration>,
    /// How many events it may have, by `max_events …;`.
    pub max_events: Option<u64>,
    /// The calls of some handler are counted.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) counts_calls: bool,
}

/// `when E -> a -> b`: what begins it, and what it leads through.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ClauseDesc {
    /// What begins it.
    pub trigger: TriggerDesc,
    /// What it leads through.
    pub route: &'static [StageDesc],
    /// The handlers of the route, wherever in it they are, in the order of the text.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub handlers: &'static [HandlerDesc],
    /// The number of its first handler among those of all clauses.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) first_handler: usize,
    /// The route, or a branch of it, leads to `end`.
    pub ends: bool,
    /// Where it is written.
    pub location: Location,
}

/// What begins a clause.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "kind", content = "of", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum TriggerDesc {
    /// `start`
    Start,
    /// `when E`
    Event(EventDesc),
    /// `when A & B`
    All(&'static [EventDesc]),
    /// The answer to a question that `ask` has sent out.
    Answered(EventDesc),
    /// There is none: the `else` of `ask`.
    Unanswered(EventDesc),
    /// `rescue handler`, or `rescue` for all.
    Rescue(Option<HandlerDesc>),
}

/// One stage of a route.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "kind", content = "of", rename_all = "snake_case"),
    allow(clippy::ref_option_ref, reason = "serde's derive has one")
)]
#[non_exhaustive]
pub enum StageDesc {
    /// A handler, or a named flow.
    Handler(HandlerDesc),
    /// `(a, b)`: all at the same time, and then what follows.
    Join(&'static [&'static [StageDesc]]),
    /// `each a[8]`: for each of what there is to iterate over.
    Each {
        /// What is done with each.
        route: &'static [StageDesc],
        /// How many at a time, as it is written, if there is a limit.
        limit: Option<&'static str>,
    },
    /// `match { … }`, or `if … else`: one of them.
    Choice(&'static [ArmDesc]),
    /// `end`: the execution ends with the value.
    End,
    /// `ignore`: the value is deliberately dropped.
    Ignore,
    /// `ask`: the event goes out as a question. Its answer begins a clause of its own.
    Ask {
        /// How long it may be answered.
        #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
        within: Option<Duration>,
    },
}

/// One way of a choice.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ArmDesc {
    /// When it is taken: the pattern or the condition, as it is written.
    pub condition: &'static str,
    /// What it leads through.
    pub route: &'static [StageDesc],
}

/// A handler, or a named flow as one, in a [`GraphDesc`].
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct HandlerDesc {
    /// The function's name.
    pub name: &'static str,
    /// Its doc comment, if it has one.
    pub docs: Option<&'static str>,
    /// Where it is defined.
    pub location: Location,
    /// The events it declares to be on; none if it does not say.
    pub on: &'static [EventDesc],
    /// The events it declares to emit.
    pub emits: &'static [EventDesc],
    /// It returns a `Result`, or has a timeout.
    pub can_fail: bool,
    /// How long one attempt may take; for a named flow, the whole of it. As JSON, in milliseconds.
    #[cfg_attr(feature = "serde", serde(serialize_with = "milliseconds"))]
    pub timeout: Option<Duration>,
    /// How often the function is called at most, if it fails: 1 without a `retry`.
    pub attempts: u32,
    /// How many calls of it run at the same time at most, within one execution.
    pub concurrency: Option<usize>,
    /// Its own graph, if it is a named flow.
    pub graph: Option<&'static GraphDesc>,
    /// Its attribute is in error, so that nothing can be said of what it emits.
    #[doc(hidden)]
    #[cfg_attr(feature = "serde", serde(skip))]
    pub broken: bool,
    /// The names of events that it emits without declaring them: an error there, and not a second
    /// one where they are waited for.
    #[doc(hidden)]
    #[cfg_attr(feature = "serde", serde(skip))]
    pub undeclared: &'static [&'static str],
    /// What is known of how it runs.
    #[doc(hidden)]
    #[cfg_attr(feature = "serde", serde(skip))]
    pub effect: Effect,
    /// Nobody sees that it goes on before it has ended. (Asked of those with a timeout alone.)
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) silent: bool,
    /// What tells it from all others, if its calls are counted.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) counted: Option<fn() -> TypeId>,
}

/// How a handler runs, as far as its body tells at a glance.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It may do anything.
    Unknown,
    /// It cannot end the execution, unless it fails.
    NeverEnds,
    /// It never ends the execution, never waits, and emits the one event that it declares each time.
    AlwaysEmits,
}

impl GraphDesc {
    /// Whether it has questions to the outside.
    pub(crate) const fn asks(&self) -> bool {
        let mut clauses = self.clauses;
        while let Some((clause, rest)) = clauses.split_first() {
            if let TriggerDesc::Answered(_) = clause.trigger {
                return true;
            }
            clauses = rest;
        }
        false
    }
}

impl HandlerDesc {
    /// Whether both describe the same handler.
    pub(crate) const fn is(&self, other: &Self) -> bool {
        self.location.line == other.location.line
            && self.location.column == other.location.column
            && same_text(self.name, other.name)
            && same_text(self.location.file, other.location.file)
    }
}

impl TriggerDesc {
    /// The events that it waits for.
    #[must_use]
    pub const fn events(&self) -> &[EventDesc] {
        match self {
            Self::Event(event) => std::slice::from_ref(event),
            Self::All(events) => events,
            Self::Start | Self::Answered(_) | Self::Unanswered(_) | Self::Rescue(_) => &[],
        }
    }

    /// Its name for an error: the event's; none for `start`.
    pub(crate) fn name(&self) -> Option<&'static str> {
        match self {
            Self::Start => None,
            Self::Event(event) | Self::Answered(event) | Self::Unanswered(event) => {
                Some(event.name)
            }
            Self::All(events) => events.first().map(|event| event.name),
            Self::Rescue(handler) => Some(handler.map_or("rescue", |handler| handler.name)),
        }
    }
}

/// A duration as JSON has it.
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
