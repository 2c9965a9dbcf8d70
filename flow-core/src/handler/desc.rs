//! What a handler declares, as data.

use std::any::TypeId;
use std::time::Duration;

use crate::desc::{GraphDesc, Place};
use crate::event::EventDesc;

/// A handler, or a named flow as one, in a [`GraphDesc`].
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct HandlerDesc {
    /// The function's name.
    pub name: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// Where it is defined.
    pub place: Place,
    /// The events it declares to be on; none if it does not say.
    pub on: &'static [EventDesc],
    /// The events it declares to emit.
    pub emits: &'static [EventDesc],
    /// It returns a `Result`, or has a timeout.
    pub can_fail: bool,
    /// How long one attempt may take; for a named flow, the whole of it. As JSON, in milliseconds.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::desc::milliseconds"))]
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
    pub course: Course,
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
pub enum Course {
    /// It may do anything.
    Open,
    /// It cannot end the execution, unless it fails.
    Harmless,
    /// Nor does it wait for anything, and each time it emits the one event that it declares.
    Straight,
}

impl HandlerDesc {
    /// What stands for a handler whose attribute is in error.
    #[doc(hidden)]
    pub const BROKEN: Self = Self {
        broken: true,
        can_fail: true,
        ..Self::new("", "", Place::new("", 0, 0), &[], &[], true)
    };

    /// A handler's declaration.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        docs: &'static str,
        place: Place,
        on: &'static [EventDesc],
        emits: &'static [EventDesc],
        can_fail: bool,
    ) -> Self {
        Self {
            name,
            docs,
            place,
            on,
            emits,
            can_fail,
            timeout: None,
            attempts: 1,
            concurrency: None,
            graph: None,
            broken: false,
            undeclared: &[],
            course: Course::Open,
            silent: false,
            counted: None,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn undeclared(mut self, names: &'static [&'static str]) -> Self {
        self.undeclared = names;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn course(mut self, course: Course) -> Self {
        self.course = course;
        self
    }

    /// One attempt may take so long, and fails otherwise.
    #[doc(hidden)]
    #[must_use]
    pub const fn timeout(mut self, after: Duration) -> Self {
        self.timeout = Some(after);
        self.can_fail = true;
        self
    }

    /// It neither puts nor emits anything.
    #[doc(hidden)]
    #[must_use]
    pub const fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    /// The function is called so often at most.
    #[doc(hidden)]
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// So many calls of the handler `id` run at the same time.
    #[doc(hidden)]
    #[must_use]
    pub const fn concurrency(mut self, calls: usize, id: fn() -> TypeId) -> Self {
        self.concurrency = Some(calls);
        self.counted = Some(id);
        self
    }

    /// That of a named flow.
    #[doc(hidden)]
    #[must_use]
    pub const fn flow(graph: &'static GraphDesc) -> Self {
        Self {
            graph: Some(graph),
            timeout: graph.timeout,
            ..Self::new(graph.name, graph.docs, graph.place, &[], &[], true)
        }
    }
}
