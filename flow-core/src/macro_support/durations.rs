//! The messages for limits that are constants: one of zero, and one that is longer than that of its
//! flow. Each is a trait that a limit without the defect implements, as in
//! [`defects`](super::defects). The macros report a literal in the same words.

use crate::graph::check::{
    ASKS_TOO_LONG, DEFECT, IDLE_TOO_LONG, PAUSES_TOO_LONG, REPEATED_TOO_LONG, TOO_LONG,
};
use crate::macro_support::defects::{Defect, Without, questions};

questions! {
    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `timeout \"5m\"`",
        label = "this is zero"
    )]
    TimeoutAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `idle_timeout \"30s\"`",
        label = "this is zero"
    )]
    IdleTimeoutAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `drain within \"10s\"`",
        label = "this is zero"
    )]
    DrainAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `finally within \"30s\" -> handler`",
        label = "this is zero"
    )]
    FinallyAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `ask Question within \"72h\" -> handler else -> handler`",
        label = "this is zero"
    )]
    WithinAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `every \"1s\" -> handler`",
        label = "this is zero"
    )]
    EveryAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `ask Question every \"1h\" handler`",
        label = "this is zero"
    )]
    ReminderAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "`max_events` must be greater than zero, for example `max_events 10_000`",
        label = "this is zero"
    )]
    MaxEventsAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "`max_pending` must be greater than zero, for example `max_pending 1_000`",
        label = "this is zero"
    )]
    MaxPendingAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "`concurrency` must be greater than zero, for example `concurrency 8`",
        label = "this is zero"
    )]
    FlowConcurrencyAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "`each` must run at least one item at a time: `each handler[1]`",
        label = "this is zero"
    )]
    EachAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "the number of events must be at least 2: remove it to take each event by itself",
        label = "less than 2"
    )]
    CountAboveOne<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `timeout = \"30s\"`",
        label = "this is zero"
    )]
    HandlerTimeoutAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "`concurrency` must be greater than zero, for example `concurrency = 4`",
        label = "this is zero"
    )]
    ConcurrencyAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "`concurrency` must be greater than zero, for example `concurrency(4, shared)`",
        label = "this is zero"
    )]
    SharedConcurrencyAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "`attempts` must be at least 2 because the first call counts: raise it, or remove `retry`",
        label = "less than 2"
    )]
    AttemptsAboveOne<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `backoff = \"100ms\"`",
        label = "this is zero"
    )]
    BackoffAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "duration must be greater than zero, for example `max = \"10s\"`",
        label = "this is zero"
    )]
    MaxAboveZero<>: DEFECT;

    #[diagnostic::on_unimplemented(
        message = "`max`, the longest wait, is shorter than `backoff`, the first one: raise `max`, or lower `backoff`",
        label = "shorter than `backoff`"
    )]
    BackoffBelowMax<>: DEFECT;
}

/// The unit of a duration by its place in `Overlong::unit`: a type that is named like it.
pub trait Unit {
    type Name;
}

macro_rules! units {
    ($($place:literal: $unit:ident)*) => {
        /// Public as `__units`, so that a message names `s` instead of its path.
        #[allow(non_camel_case_types, reason = "a message names them")]
        pub mod units {
            $(
                #[derive(Debug)]
                pub enum $unit {}
            )*
        }
        $(
            impl Unit for Defect<$place> {
                type Name = units::$unit;
            }
        )*
    };
}

units! { 0: d 1: h 2: m 3: s 4: ms 5: us 6: ns }

macro_rules! overlong {
    ($(
        $(#[$attr:meta])*
        $name:ident: $kind:ident;
    )*) => {$(
        $(#[$attr])*
        pub trait $name<
            H,
            U,
            const TIMES: u32,
            const EACH: u64,
            const ALLOWED: u64,
            const NEEDED: u64,
        > {
            const OK: () = ();
        }

        #[diagnostic::do_not_recommend]
        impl<
            H,
            U,
            const TIMES: u32,
            const EACH: u64,
            const ALLOWED: u64,
            const NEEDED: u64,
            D: Without<$kind>,
        > $name<H, U, TIMES, EACH, ALLOWED, NEEDED> for D
        {
        }
    )*};
}

overlong! {
    /// Do all attempts of the handler take no longer than the flow may?
    #[diagnostic::on_unimplemented(
        message = "`{H}` may take {TIMES} × {EACH}{U}, but this flow ends after {ALLOWED}{U}: raise its limit to `timeout \"{NEEDED}{U}\"`, or lower that of `{H}`",
        label = "takes up to {NEEDED}{U}"
    )]
    RepeatedInTime: REPEATED_TOO_LONG;

    /// Does the attempt of the handler take no longer than the flow may?
    #[diagnostic::on_unimplemented(
        message = "`{H}` may take {EACH}{U}, but this flow ends after {ALLOWED}{U}: raise its limit to `timeout \"{NEEDED}{U}\"`, or lower that of `{H}`",
        label = "takes up to {NEEDED}{U}"
    )]
    OnceInTime: TOO_LONG;

    /// Does the flow run longer than the handler waits before an attempt?
    #[diagnostic::on_unimplemented(
        message = "`{H}` may wait {EACH}{U} before an attempt, but this flow ends after {ALLOWED}{U}: raise its limit above `timeout \"{NEEDED}{U}\"`, or lower the `backoff` of `{H}`",
        label = "waits up to {NEEDED}{U}"
    )]
    RepeatedBeforeTheEnd: PAUSES_TOO_LONG;

    /// Do the questions in a stage wait no longer than the flow around it may run?
    #[diagnostic::on_unimplemented(
        message = "a question in `{H}` may wait {EACH}{U} for its answer, but this flow ends after {ALLOWED}{U}: raise its limit to `timeout \"{NEEDED}{U}\"`, or lower `within` in `{H}`",
        label = "waits up to {NEEDED}{U}"
    )]
    StageAnsweredInTime: ASKS_TOO_LONG;

    /// Does an attempt of the handler take no longer than the flow may be idle?
    #[diagnostic::on_unimplemented(
        message = "`{H}` may take {EACH}{U}, but this flow ends when nothing happens for {ALLOWED}{U}: raise its limit to `idle_timeout \"{NEEDED}{U}\"`, or lower that of `{H}`",
        label = "takes up to {NEEDED}{U}"
    )]
    BusyInTime: IDLE_TOO_LONG;

    /// Does the first tick come before the flow ends?
    #[diagnostic::on_unimplemented(
        message = "this `every` never runs because the flow ends after {ALLOWED}{U}: raise its `timeout` above {EACH}{U}, or shorten the period",
        label = "comes first after {EACH}{U}"
    )]
    TicksInTime: DEFECT;

    /// Does the first reminder come before the time of the question is over?
    #[diagnostic::on_unimplemented(
        message = "this reminder never comes because its question waits for {ALLOWED}{U} at most: raise `within` above {EACH}{U}, or shorten the period",
        label = "comes first after {EACH}{U}"
    )]
    RemindsInTime: DEFECT;

    /// Does the question wait no longer than the flow may?
    #[diagnostic::on_unimplemented(
        message = "`{H}` may wait {EACH}{U} for its answer, but this flow ends after {ALLOWED}{U}: raise its limit to `timeout \"{NEEDED}{U}\"`, or lower `within`",
        label = "waits up to {NEEDED}{U}"
    )]
    AnsweredInTime: DEFECT;
}
