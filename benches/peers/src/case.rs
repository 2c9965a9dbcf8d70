//! The cases: the columns of the table.

/// What is measured. A new one is a variant here, and a line in each system that can do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Case {
    /// An event from one handler to the next, which sends one back.
    EventHop,
    /// A value through ten stages, in an execution that already runs.
    ChainOf10,
    /// An item from a handler to a reader, nothing lost.
    StreamItem,
    /// An event to a hundred listeners.
    FanOut,
    /// An execution of one trivial handler, from its start to its end.
    StartAndEnd,
    /// What an execution that waits keeps in memory.
    Idle,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanoseconds,
    Bytes,
}

impl Case {
    pub(crate) const ALL: [Self; 6] = [
        Self::EventHop,
        Self::ChainOf10,
        Self::StreamItem,
        Self::FanOut,
        Self::StartAndEnd,
        Self::Idle,
    ];

    /// What the table calls it, and the files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EventHop => "event hop",
            Self::ChainOf10 => "chain of 10",
            Self::StreamItem => "stream item",
            Self::FanOut => "fan-out 1 → 100",
            Self::StartAndEnd => "start + end",
            Self::Idle => "idle execution",
        }
    }

    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::Idle => Unit::Bytes,
            _ => Unit::Nanoseconds,
        }
    }

    /// How often it is done in one measurement.
    pub(crate) fn times(self) -> u32 {
        match self {
            Self::EventHop | Self::StreamItem => 100_000,
            Self::ChainOf10 | Self::StartAndEnd | Self::Idle => 10_000,
            Self::FanOut => 1_000,
        }
    }

    /// How many things arrive each time: see [`arrived`](crate::arrived).
    pub(crate) fn arrivals(self) -> u32 {
        match self {
            Self::ChainOf10 => 10,
            Self::FanOut => 100,
            _ => 1,
        }
    }
}
