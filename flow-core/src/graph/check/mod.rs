//! The checks that need the whole graph. `flow!` calls each in a `const`, which is the kind of the
//! defect. With the span of the words to change, it asks for a trait that a place without such a
//! defect implements, and the message of that trait is the compile error.
//!
//! One defect is one error, so its consequences are not reported:
//!
//! - While an emitted event has no clause, a handler is missing, and with it the events that it
//!   emits. Clauses whose events no handler emits are then not reported.
//! - If a clause never runs, the clauses that it leads to are not reported.
//! - A handler that emits an event without declaring it is reported by rustc. The clause for that
//!   event is not.
#![allow(
    missing_docs,
    clippy::missing_panics_doc,
    reason = "the functions are for the macros, and not part of the documentation"
)]
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; each index is below the length it is compared with"
)]

mod analysis;
mod choices;
mod compare;
mod connections;
mod defects;
#[cfg(feature = "durable")]
mod durable;
mod effect;
mod endless;
mod opening;
mod order;
mod outlives;
mod overlong;
mod partners;
mod past;
#[cfg(test)]
mod random;
mod reach;
mod rescued;
mod runs_once;
pub mod sound;
#[cfg(test)]
mod tests;
mod values;

pub use analysis::Analysis;
pub(crate) use defects::{
    CONTRADICTED, DEFECT, ENDLESS, INFALLIBLE, NAMESAKE, NEVER_ASKED, NEVER_EMITTED, NEVER_OVER,
    NEVER_REACHED, NO_EFFECT, NO_ERROR, NONE, NOTHING_TO_RESCUE, OUTLIVES_THE_END, SPELLED_TWICE,
};
pub use defects::{
    dead_wait, infallible_rescue, needless_else, never_over, output_without_end,
    rescued_beside_others, unhandled_emit, unhandled_event, unhandled_events, unused_external,
    unused_ignore, unused_type,
};
#[cfg(feature = "durable")]
pub(crate) use durable::{FINISHES, NEVER_RETURNS, NOT_DURABLE, TAKES_EXTERNAL, TAKES_TURNS};
#[cfg(feature = "durable")]
pub use durable::{endless_line, serialised, unrecorded};
pub(crate) use effect::{CALLED_AGAIN, REPEATED};
pub use effect::{called_again_without_key, repeated_without_key};
pub(crate) use opening::{EMITS, IS_A_FLOW, OPENED_LATER, OPENS_ITSELF, PUTS, TAKES_A_VALUE};
pub use opening::{opened_late, unfit_opener};
pub(crate) use overlong::{
    ASKS_TOO_LONG, IDLE_TOO_LONG, PAUSES_TOO_LONG, REPEATED_TOO_LONG, TOO_LONG,
};
pub use overlong::{
    Overlong, exceeds_timeout, reminds_beyond_within, ticks_beyond_timeout, waits_beyond_timeout,
};
pub use partners::excluded_partners;
pub(crate) use partners::{ANSWERED_OR_NOT, FAILED_OR_NOT, IN_ONE_BODY, IN_TWO_ARMS};
pub(crate) use values::{begins_no_every, uncalled};

use crate::graph::text::Text;

/// Makes a defect a compile error, where the call is evaluated: for what a method of a flow is
/// called with, which only a generic function knows.
#[track_caller]
#[allow(
    clippy::panic,
    clippy::large_types_passed_by_value,
    reason = "a panic in a `const` is how an error is reported"
)]
pub(crate) const fn check(defect: Option<Text>) {
    if let Some(text) = defect {
        panic!("{}", text.as_str());
    }
}
