//! The words that begin clauses.

/// The words that begin clauses.
pub(super) const KEYWORDS: &[&str] = &[
    "start",
    "when",
    "ask",
    "every",
    "rescue",
    "streams",
    "with",
    "state",
    "external",
    "ignore",
    "timeout",
    "idle_timeout",
    "drain",
    "finally",
    "max_events",
    "max_pending",
    "concurrency",
    "sound",
    "durable",
    "crate",
    "flow",
];
