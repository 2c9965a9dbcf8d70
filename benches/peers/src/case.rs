//! The cases: the columns of the tables.

/// The cases. A new one is a variant here, and a line in each system that supports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Case {
    /// An event from one handler to another, which sends one back.
    EventHop,
    /// A value through ten stages, in an execution that already runs.
    ChainOf10,
    /// An item from a handler to a reader, nothing lost.
    StreamItem,
    /// An event to a hundred listeners.
    FanOut,
    /// An execution of one trivial handler, from its start to its end.
    StartAndEnd,
    /// The memory of a waiting execution.
    Idle,
    /// A hundred concurrent branches and their join.
    Join,
    /// A handler for each of a hundred elements, with the results in order.
    Each,
    /// A choice between ten handlers by a value.
    Match,
    /// Three stages between two others.
    Inline,
    /// The same three stages as a flow that is a stage of the outer one.
    SubFlow,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanoseconds,
    Bytes,
}

impl Case {
    /// The first table: the costs of an event, an item and an execution.
    pub(crate) const EVENTS: [Self; 6] = [
        Self::EventHop,
        Self::ChainOf10,
        Self::StreamItem,
        Self::FanOut,
        Self::StartAndEnd,
        Self::Idle,
    ];

    /// The second table: the costs of the parts of the language.
    pub(crate) const PARTS: [Self; 5] = [
        Self::Join,
        Self::Each,
        Self::Match,
        Self::Inline,
        Self::SubFlow,
    ];

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::EVENTS.into_iter().chain(Self::PARTS)
    }

    /// Its name in the tables and in the files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EventHop => "event hop",
            Self::ChainOf10 => "chain of 10",
            Self::StreamItem => "stream item",
            Self::FanOut => "fan-out 1 → 100",
            Self::StartAndEnd => "start + end",
            Self::Idle => "idle execution",
            Self::Join => "fan-out 100 + join",
            Self::Each => "each of 100",
            Self::Match => "match of 10",
            Self::Inline => "3 stages inline",
            Self::SubFlow => "3 stages as a sub-flow",
        }
    }

    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::Idle => Unit::Bytes,
            _ => Unit::Nanoseconds,
        }
    }

    /// The number of repetitions in one measurement.
    pub(crate) fn times(self) -> u32 {
        match self {
            Self::EventHop | Self::StreamItem => 100_000,
            Self::FanOut | Self::Join => 1_000,
            // One of the peers starts a thread for each of the hundred.
            Self::Each => 200,
            _ => 10_000,
        }
    }

    /// The number of arrivals in each repetition: see [`arrived`](crate::arrived).
    pub(crate) fn arrivals(self) -> u32 {
        match self {
            Self::ChainOf10 => 10,
            Self::FanOut | Self::Join | Self::Each => 100,
            Self::Inline | Self::SubFlow => 5,
            _ => 1,
        }
    }
}
