//! Guides to topics that involve several items.
//!
//! | guide | read it to |
//! | --- | --- |
//! | [`questions`] | ask a person or another program, and wait for the answer |
//! | [`limits`] | set timeouts, retries and concurrency limits |
//! | [`durable`] | keep executions in a store, and know which handlers are safe in one |
//! | [`endings`] | look up what an error, a panic, a timeout or a drop does to everything else |
//! | [`what_the_compiler_proves`] | know what a flow that compiles cannot do, and what `sound;` adds |
//! | [`watching`] | give a stream several readers, observe an execution, trace it |
//! | [`testing`] | call one handler, replace others, and measure coverage |
//! | [`coming_from_triggerflow`] | translate a TriggerFlow program, step by step |
//! | [`coming_from_langgraph_and_llamaindex`] | translate a graph or a workflow, and see what differs |

// The pages appear here and as files in the repository. Their links are references (`[limits]`),
// which each page defines at its end for the repository (`[limits]: limits.md`). The definitions
// below come first, so they apply here. Items behind a feature are not among them, because rustdoc
// could not resolve them without the feature. Their links lead to docs.rs.

/// A page: its name, its search aliases, its file, the targets of its links, and the condition
/// under which its text is included.
macro_rules! page {
    (
        $name:ident, [$($alias:literal),*],
        $file:literal, [$($link:literal => $target:literal),*], $shown:meta $(,)?
    ) => {
        $(#[doc = concat!("[", $link, "]: ", $target)])*
        #[doc = ""]
        #[cfg_attr($shown, doc = include_str!(concat!("../docs/", $file)))]
        $(#[doc(alias = $alias)])*
        #[allow(rustdoc::invalid_rust_codeblocks, reason = "a page may show a piece of a program")]
        pub mod $name {}
    };
}

page!(
    questions,
    [
        "approval",
        "human in the loop",
        "interrupt",
        "pause",
        "resume"
    ],
    "questions.md",
    [
        "`AnswerError`" => "crate::AnswerError",
        "`Asked`" => "crate::Asked",
        "`Asked::closed`" => "crate::Asked::closed",
        "`Sender`" => "crate::Sender"
    ],
    all(),
);
page!(
    limits,
    ["backoff", "deadline", "rate limit", "retry", "timeout"],
    "limits.md",
    [
        "`Flow::concurrency`" => "crate::Flow::concurrency",
        "`Flow::idle_timeout`" => "crate::Flow::idle_timeout",
        "`Flow::max_events`" => "crate::Flow::max_events",
        "`Flow::max_pending`" => "crate::Flow::max_pending",
        "`Flow::timeout`" => "crate::Flow::timeout",
        "`FlowErrorKind`" => "crate::FlowErrorKind",
        "`Sender`" => "crate::Sender",
        "durable" => "self::durable"
    ],
    all(),
);
page!(
    endings,
    ["abort", "cancel", "error handling", "panic", "shutdown"],
    "endings.md",
    [
        "`FlowErrorKind`" => "crate::FlowErrorKind",
        "`Res`" => "crate::Res",
        "testing" => "self::testing",
        "watching" => "self::watching"
    ],
    all(),
);
page!(
    what_the_compiler_proves,
    ["deadlock", "free-choice", "petri net", "soundness", "verification"],
    "what-the-compiler-proves.md",
    [
        "`FlowErrorKind`" => "crate::FlowErrorKind",
        "`GraphDesc`" => "crate::graph::GraphDesc",
        "durable" => "self::durable",
        "endings" => "self::endings",
        "limits" => "self::limits"
    ],
    all(),
);
// The code in these pages needs a feature, so it is compiled only with that feature.
page!(
    durable,
    [
        "checkpoint",
        "durable execution",
        "exactly once",
        "persistence",
        "recovery",
        "temporal"
    ],
    "durable.md",
    [
        "`Snapshot`" => "crate::Snapshot",
        "`State`" => "crate::State"
    ],
    any(feature = "durable", not(doctest)),
);
page!(
    watching,
    [
        "broadcast",
        "monitoring",
        "observability",
        "opentelemetry",
        "replay",
        "tracing"
    ],
    "watching.md",
    [
        "`Broadcast`" => "crate::Broadcast",
        "`LifecycleEvent`" => "crate::lifecycle::LifecycleEvent",
        "`ShareOptions`" => "crate::ShareOptions",
        "`observe`" => "crate::Flow::observe",
        "`with_output`" => "crate::Execution::with_output"
    ],
    any(feature = "tracing", not(doctest)),
);
page!(
    testing,
    ["coverage", "fake", "mock", "stub"],
    "testing.md",
    ["watching" => "self::watching"],
    any(feature = "testing", not(doctest)),
);
// Its code blocks are excerpts. A test of the examples checks that each of them is in a lesson.
page!(
    coming_from_triggerflow,
    ["migration", "python"],
    "coming-from-triggerflow.md",
    [
        "durable" => "self::durable",
        "limits" => "self::limits",
        "questions" => "self::questions",
        "testing" => "self::testing",
        "watching" => "self::watching"
    ],
    not(doctest),
);

page!(
    coming_from_langgraph_and_llamaindex,
    ["agent", "migration", "python", "workflow"],
    "coming-from-langgraph-and-llamaindex.md",
    [
        "durable" => "self::durable",
        "limits" => "self::limits",
        "pictures" => "crate::graph::GraphDesc::to_mermaid",
        "watching" => "self::watching"
    ],
    all(),
);

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
