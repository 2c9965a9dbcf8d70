//! Constructors and setters with which the macros build a graph in a `const`.

use std::any::TypeId;
use std::time::Duration;

use crate::graph::desc::{ArmDesc, ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::properties::{
    asks, calls_once, counts_calls, opens, stages_ask, stages_finish, stages_take,
};
use crate::graph::shape::{Alternative, SILENT, Shape};

impl GraphDesc {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, docs: &'static str, location: Location) -> Self {
        Self {
            name: non_empty(name),
            docs: non_empty(docs),
            location,
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
            drain: None,
            finally: None,
            max_events: None,
            max_pending: None,
            concurrency: None,
            sound: false,
            durable: false,
            counts_calls: false,
            stages_ask: false,
            asks_in_place: false,
            splits: false,
            stages_take: false,
            stages_finish: false,
            opens: false,
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
        self.stages_ask = stages_ask(clauses);
        self.asks_in_place = asks(clauses) > 0;
        self.stages_take = stages_take(clauses);
        self.stages_finish = stages_finish(clauses);
        self.opens = opens(clauses);
        self
    }

    /// At so many of its stages that ask, their clauses are split.
    #[doc(hidden)]
    #[must_use]
    pub const fn splits(mut self, places: usize) -> Self {
        self.splits = places > 0;
        self.asks_in_place = asks(self.clauses) > places;
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
    pub const fn drain(mut self, within: Duration) -> Self {
        self.drain = Some(within);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn finally(mut self, within: Duration) -> Self {
        self.finally = Some(within);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn max_events(mut self, events: u64) -> Self {
        self.max_events = Some(events);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn sound(mut self) -> Self {
        self.sound = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn durable(mut self) -> Self {
        self.durable = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn max_pending(mut self, events: u64) -> Self {
        self.max_pending = Some(events);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn concurrency(mut self, attempts: usize) -> Self {
        self.concurrency = Some(attempts);
        self
    }
}

const fn non_empty(text: &'static str) -> Option<&'static str> {
    if text.is_empty() { None } else { Some(text) }
}

impl ClauseDesc {
    pub(crate) const fn new(
        trigger: TriggerDesc,
        route: &'static [StageDesc],
        handlers: &'static [HandlerDesc],
        location: Location,
    ) -> Self {
        Self {
            trigger,
            by: None,
            route,
            handlers,
            first_handler: 0,
            emits: &[],
            ends: false,
            ends_now: false,
            location,
        }
    }

    /// Its events are matched by this field.
    #[doc(hidden)]
    #[must_use]
    pub const fn by(mut self, field: &'static str) -> Self {
        self.by = Some(field);
        self
    }

    /// The route leads to these `emit`s.
    #[doc(hidden)]
    #[must_use]
    pub const fn emits(mut self, emits: &'static [&'static [EventDesc]]) -> Self {
        self.emits = emits;
        self
    }

    /// The route leads to `end`.
    #[doc(hidden)]
    #[must_use]
    pub const fn ends(mut self) -> Self {
        self.ends = true;
        self
    }

    /// The route leads to `end now`.
    #[doc(hidden)]
    #[must_use]
    pub const fn ends_now(mut self) -> Self {
        self.ends_now = true;
        self.ends()
    }

    /// Sets the index of the clause's first handler among the handlers of all clauses.
    pub(crate) const fn first_handler(mut self, first: usize) -> Self {
        self.first_handler = first;
        self
    }
}

impl ArmDesc {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(condition: &'static str, route: &'static [StageDesc]) -> Self {
        Self { condition, route }
    }
}

impl HandlerDesc {
    /// A placeholder for a handler whose attribute is in error.
    #[doc(hidden)]
    pub const BROKEN: Self = Self {
        broken: true,
        can_fail: true,
        ..Self::new("", "", Location::new("", 0, 0), &[], &[], true)
    };

    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        docs: &'static str,
        location: Location,
        on: &'static [EventDesc],
        emits: &'static [EventDesc],
        can_fail: bool,
    ) -> Self {
        Self {
            name,
            docs: non_empty(docs),
            location,
            on,
            emits,
            shape: if can_fail {
                Shape::UNKNOWN
            } else {
                Shape {
                    failure: &[],
                    ..Shape::UNKNOWN
                }
            },
            can_fail,
            timeout: None,
            attempts: 1,
            longest_pause: None,
            concurrency: None,
            concurrency_is_shared: false,
            once: false,
            effect: false,
            undone: false,
            graph: None,
            asks: None,
            broken: false,
            undeclared: &[],
            writes_back: &[],
            endless: 0,
            returns_result: can_fail,
            silent: false,
            counted: None,
        }
    }

    /// The stage `ask E`.
    pub(crate) const fn asking(
        name: &'static str,
        question: &'static EventDesc,
        within: Option<Duration>,
        location: Location,
    ) -> Self {
        Self {
            asks: Some(question),
            timeout: within,
            shape: {
                const WAITS: &[Alternative] = &[Alternative::new(&[]).waits()];
                Shape::new(WAITS, WAITS)
            },
            ..Self::new(name, "", location, &[], &[], true)
        }
    }

    /// Tells whether its error has values. Comes before what is known of the body.
    #[doc(hidden)]
    #[must_use]
    pub const fn errors(mut self, exist: bool) -> Self {
        if self.can_fail && !exist {
            self.can_fail = false;
            self.shape.failure = &[];
        }
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn undeclared(mut self, names: &'static [&'static str]) -> Self {
        self.undeclared = names;
        self
    }

    /// The states that the body reads, and writes after an `.await` with what it has read.
    #[doc(hidden)]
    #[must_use]
    pub const fn writes_back(mut self, states: &'static [&'static str]) -> Self {
        self.writes_back = states;
        self
    }

    /// It acts on the outside.
    #[doc(hidden)]
    #[must_use]
    pub const fn effect(mut self) -> Self {
        self.effect = true;
        self
    }

    /// In a durable flow: what a failed call has emitted is undone.
    #[doc(hidden)]
    #[must_use]
    pub const fn undone(mut self) -> Self {
        self.undone = true;
        if !self.shape.failure.is_empty()
            && let Some((_, from)) = SILENT.split_at_checked(self.emits.len())
            && let Some((silent, _)) = from.split_first()
        {
            self.shape.failure = silent;
        }
        self
    }

    /// A loop on this line emits and never ends.
    #[doc(hidden)]
    #[must_use]
    pub const fn endless(mut self, line: u32) -> Self {
        self.endless = line;
        self
    }

    /// What a call emits that succeeds. It replaces what is known of the body.
    #[doc(hidden)]
    #[must_use]
    pub const fn success(mut self, success: &'static [Alternative]) -> Self {
        self.shape = Shape::new(success, &[]);
        self
    }

    /// What a call emits that comes to an `Err`, and what any call emits. If the handler does not
    /// return a `Result`, all calls succeed.
    #[doc(hidden)]
    #[must_use]
    pub const fn failure(
        mut self,
        failure: &'static [Alternative],
        all: &'static [Alternative],
    ) -> Self {
        if self.can_fail {
            self.shape.failure = failure;
        } else {
            self.shape.success = all;
        }
        self
    }

    /// The context leaves the body on this line, into the macro with this number.
    #[doc(hidden)]
    #[must_use]
    pub const fn escapes(mut self, line: u32, by: u8) -> Self {
        self.shape.escapes = (line, by);
        self
    }

    /// The body calls functions, which may panic or end the process.
    #[doc(hidden)]
    #[must_use]
    pub const fn calls(mut self) -> Self {
        self.shape.calls = true;
        self
    }

    /// The purpose of a part of the body may be to end the process.
    #[doc(hidden)]
    #[must_use]
    pub const fn leaves(mut self) -> Self {
        self.shape.leaves = true;
        self
    }

    /// Sets the time limit of one attempt, which fails when it takes longer.
    #[doc(hidden)]
    #[must_use]
    pub const fn timeout(mut self, after: Duration) -> Self {
        self.timeout = Some(after);
        self.can_fail = true;
        self
    }

    /// Declares that the handler neither puts nor emits anything.
    #[doc(hidden)]
    #[must_use]
    pub const fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    /// Sets how often the function is called at most.
    #[doc(hidden)]
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the longest time between two attempts, if it is not random.
    #[doc(hidden)]
    #[must_use]
    pub const fn longest_pause(mut self, pause: Option<Duration>) -> Self {
        self.longest_pause = pause;
        self
    }

    /// Declares that an execution calls it once at most.
    #[doc(hidden)]
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// Limits how many calls of the handler `id` run at the same time in one execution.
    #[doc(hidden)]
    #[must_use]
    pub const fn concurrency(mut self, calls: usize, id: fn() -> TypeId) -> Self {
        self.concurrency = Some(calls);
        self.counted = Some(id);
        self
    }

    /// Limits how many calls of the handler run at the same time in all executions together.
    #[doc(hidden)]
    #[must_use]
    pub const fn shared_concurrency(mut self, calls: usize) -> Self {
        self.concurrency = Some(calls);
        self.concurrency_is_shared = true;
        self
    }

    /// Describes a named flow as a handler.
    #[doc(hidden)]
    #[must_use]
    pub const fn flow(graph: &'static GraphDesc) -> Self {
        let name = match graph.name {
            Some(name) => name,
            None => "",
        };
        Self {
            graph: Some(graph),
            once: calls_once(graph.clauses),
            timeout: graph.timeout,
            docs: graph.docs,
            // Its events stay within it, and what ends it does not end the flow around it.
            shape: {
                const WAITS: &[Alternative] = &[Alternative::new(&[]).waits()];
                Shape::new(WAITS, WAITS)
            },
            ..Self::new(name, "", graph.location, &[], &[], true)
        }
    }
}
