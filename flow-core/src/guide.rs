//! Guides: one page for each thing that concerns more than one item.
//!
//! | guide | read it to |
//! | --- | --- |
//! | [`questions`] | ask a person or another program, and wait for the answer |
//! | [`limits`] | bound how long handlers and executions take, and retry what fails |
//! | [`endings`] | look up what an error, a panic, a timeout or a drop does to everything else |
//! | [`watching`] | give several readers one stream, observe an execution, trace it |
//! | [`testing`] | call one handler, replace others, and measure what the tests reached |
//! | [`coming_from_triggerflow`] | translate a TriggerFlow program, step by step |

// The pages are read in two places, here and as files in the repository. They link by references
// (`[limits]`), which each page defines for the repository at its end (`[limits]: limits.md`). The
// definitions below come first and so replace those here. Items that need a feature are not among
// them: their links lead to docs.rs, so that they are not dead without the feature.

/// A page: its name, what else it is searched by, its file, the links that it follows, and where
/// its text is shown.
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
        "`Sender`" => "crate::Sender"
    ],
    all(),
);
page!(
    limits,
    ["backoff", "deadline", "rate limit", "retry", "timeout"],
    "limits.md",
    [
        "`Flow::idle_timeout`" => "crate::Flow::idle_timeout",
        "`Flow::max_events`" => "crate::Flow::max_events",
        "`Flow::timeout`" => "crate::Flow::timeout",
        "`FlowErrorKind`" => "crate::FlowErrorKind"
    ],
    all(),
);
page!(
    endings,
    ["abort", "cancel", "error handling", "panic", "shutdown"],
    "endings.md",
    ["`FlowErrorKind`" => "crate::FlowErrorKind", "watching" => "self::watching"],
    all(),
);
// The code in these pages needs a feature, so it is compiled only with it.
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
        "`observe`" => "crate::Flow::observe"
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
// Its pieces of code are no programs; a test of the examples finds each of them in a lesson.
page!(
    coming_from_triggerflow,
    ["migration", "python"],
    "coming-from-triggerflow.md",
    [
        "limits" => "self::limits",
        "questions" => "self::questions",
        "testing" => "self::testing",
        "watching" => "self::watching"
    ],
    not(doctest),
);

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
