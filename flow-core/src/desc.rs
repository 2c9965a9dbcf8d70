//! The graph of a flow as data: what the checks read, and what pictures are drawn from.
//!
//! Everything here is a `const`, made by the macros: [`Flow::graph`](crate::Flow::graph) and the
//! `GRAPH` of a named flow give it. Fields may be added; none is changed or taken away.
//!
//! # As a picture
//!
//! [`GraphDesc::to_mermaid`] and [`GraphDesc::to_dot`].
//!
//! # As JSON
//!
//! With the feature `serde`, all of it is `serde::Serialize`. The names are those of the fields; what
//! is an enum here is an object there, with its `kind`, and what it is `of`, if it is of something:
//!
//! | in Rust | in JSON |
//! | --- | --- |
//! | [`StageDesc::Handler`] | `{"kind": "handler", "of": {"name": …, "emits": […], …}}` |
//! | [`StageDesc::Join`] | `{"kind": "join", "of": [[stage, …], …]}` |
//! | [`StageDesc::Each`] | `{"kind": "each", "of": {"route": [stage, …], "limit": "8"}}` |
//! | [`StageDesc::Choice`] | `{"kind": "choice", "of": [{"condition": …, "route": [stage, …]}, …]}` |
//! | [`StageDesc::End`], [`Ignore`](StageDesc::Ignore) | `{"kind": "end"}`, `{"kind": "ignore"}` |
//! | [`TriggerDesc::Start`] | `{"kind": "start"}` |
//! | [`TriggerDesc::Event`] | `{"kind": "event", "of": {"name": …, "id": …, …}}` |
//! | [`TriggerDesc::All`] | `{"kind": "all", "of": [event, …]}` |
//! | [`TriggerDesc::Rescue`] | `{"kind": "rescue", "of": handler}`, of `null` for all |
//! | [`TriggerDesc::Answered`], [`Unanswered`](TriggerDesc::Unanswered) | `{"kind": "answered", "of": {"name": …, …}}`, `"unanswered"` |
//! | [`StageDesc::Ask`] | `{"kind": "ask", "of": {"within": 1000}}`, in milliseconds, or `null` |
//! | [`EventDesc::id`] | a string of 16 hexadecimal digits: a number in JSON is not that exact |
//! | [`ClauseDesc::handlers`] | left out: they are in the `route` |
//! | [`HandlerDesc::timeout`], [`GraphDesc::timeout`], [`GraphDesc::idle_timeout`] | milliseconds: `30000`, or `null` |
//!
//! An edge leads from each handler to the clauses that wait for an event with an `id` in its `emits`.
//!
//! ```
//! # use flow_core::{Cx, flow, handler};
//! # #[handler]
//! # async fn work(cx: &Cx) { cx.put("done").await; }
//! let graph = flow! { start -> work }.graph();
//! # #[cfg(feature = "serde")]
//! let json = serde_json::to_value(graph)?;
//! # #[cfg(feature = "serde")]
//! assert_eq!(json["clauses"][0]["route"][0]["of"]["name"], "work");
//! # let _ = graph;
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::time::Duration;

pub use crate::event::EventDesc;
pub use crate::handler::HandlerDesc;

/// A flow: its clauses in the order of the text, and what they need.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct GraphDesc {
    /// The flow's name; empty if it has none.
    pub name: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// Where it is written.
    pub place: Place,
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
    /// The route, or a branch of it, leads to `end`.
    pub ends: bool,
    /// Where it is written.
    pub place: Place,
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
    serde(tag = "kind", content = "of", rename_all = "snake_case")
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
        /// How many at a time, as it is written; empty if there is no limit.
        limit: &'static str,
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

/// A place in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Place {
    /// The file, as `file!()` gives it.
    pub file: &'static str,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl Place {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(file: &'static str, line: u32, column: u32) -> Self {
        Self { file, line, column }
    }
}

impl GraphDesc {
    /// An empty graph; the macro fills it.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, docs: &'static str, place: Place) -> Self {
        Self {
            name,
            docs,
            place,
            input: "()",
            output: None,
            item: "String",
            resources: &[],
            states: &[],
            clauses: &[],
            external: &[],
            ignored: &[],
            timeout: None,
            idle_timeout: None,
            max_events: None,
            counts_calls: false,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn types(
        mut self,
        input: &'static str,
        output: Option<&'static str>,
        item: &'static str,
    ) -> Self {
        self.input = input;
        self.output = output;
        self.item = item;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn needs(
        mut self,
        resources: &'static [&'static str],
        states: &'static [&'static str],
    ) -> Self {
        self.resources = resources;
        self.states = states;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn wiring(
        mut self,
        clauses: &'static [ClauseDesc],
        external: &'static [EventDesc],
        ignored: &'static [EventDesc],
    ) -> Self {
        self.clauses = clauses;
        self.external = external;
        self.ignored = ignored;
        self.counts_calls = counts_calls(clauses);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn timeout(mut self, after: Duration) -> Self {
        self.timeout = Some(after);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn idle_timeout(mut self, after: Duration) -> Self {
        self.idle_timeout = Some(after);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn max_events(mut self, events: u64) -> Self {
        self.max_events = Some(events);
        self
    }

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

    /// The handler that stands at `index` among those of all clauses, and what begins its clause.
    pub(crate) fn mention(&self, mut index: usize) -> Option<(&HandlerDesc, &TriggerDesc)> {
        for clause in self.clauses {
            if let Some(handler) = clause.handlers.get(index) {
                return Some((handler, &clause.trigger));
            }
            index -= clause.handlers.len();
        }
        None
    }
}

/// Whether a handler has a limit of calls at the same time; found out once, when it is compiled.
#[allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; each index is below the length it is compared with"
)]
const fn counts_calls(clauses: &[ClauseDesc]) -> bool {
    let mut clause = 0;
    while clause < clauses.len() {
        let handlers = clauses[clause].handlers;
        let mut handler = 0;
        while handler < handlers.len() {
            if handlers[handler].concurrency.is_some() {
                return true;
            }
            handler += 1;
        }
        clause += 1;
    }
    false
}

/// A duration as JSON has it.
#[cfg(feature = "serde")]
#[allow(clippy::ref_option, reason = "serde calls it like this")]
pub(crate) fn milliseconds<S: serde::Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let milliseconds = duration.map(|duration| u64::try_from(duration.as_millis()));
    let milliseconds = milliseconds.map(|number| number.unwrap_or(u64::MAX));
    serde::Serialize::serialize(&milliseconds, serializer)
}

impl ClauseDesc {
    pub(crate) const fn new(
        trigger: TriggerDesc,
        route: &'static [StageDesc],
        handlers: &'static [HandlerDesc],
        ends: bool,
        place: Place,
    ) -> Self {
        Self {
            trigger,
            route,
            handlers,
            ends,
            place,
        }
    }
}

impl ArmDesc {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(condition: &'static str, route: &'static [StageDesc]) -> Self {
        Self { condition, route }
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
