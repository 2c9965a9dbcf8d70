//! The checks of limits: that they are above zero, and do not exclude one another.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote;

use crate::flow::expand::checks::defect::{check, desc, overlong};
use crate::flow::expand::plan::Plan;
use crate::flow::expand::reminders;
use crate::flow::route::Stage;
use crate::flow::tree::{Flow, Limit, Trigger};
use crate::limit::asked;

/// The checks of limits that are constants.
pub(super) fn limits(flow: &Flow) -> Vec<TokenStream> {
    let of = |limits: &[Limit<Duration>], question| {
        let checks = limits.iter().map(|limit| limit.value.check(question));
        checks.collect::<Vec<_>>()
    };
    let max_events = flow.max_events.iter();
    let max_events = max_events.map(|limit| limit.value.check("MaxEventsAboveZero"));
    let max_pending = flow.max_pending.iter();
    let max_pending = max_pending.map(|limit| limit.value.check("MaxPendingAboveZero"));
    let concurrency = flow.concurrency.iter();
    let concurrency = concurrency.map(|limit| limit.value.check("FlowConcurrencyAboveZero"));
    let asks = flow.clauses.iter().filter_map(|clause| clause.route.only());
    let within = asks.filter_map(|stage| match stage {
        Stage::Ask(ask) => ask.within.as_ref()?.check("WithinAboveZero"),
        _ => None,
    });
    let periods = flow.clauses.iter();
    let periods = periods.filter_map(|clause| match &clause.trigger {
        Trigger::Every(period) => period.check("EveryAboveZero"),
        _ => None,
    });
    let reminders = reminders::periods(flow);
    let reminders = reminders.filter_map(|(period, _)| period.check("ReminderAboveZero"));
    let in_place = flow.asks.iter();
    let in_place = in_place.filter_map(|ask| ask.within.as_ref()?.check("WithinAboveZero"));
    let within = within.chain(in_place);
    let checks = of(&flow.timeout, "TimeoutAboveZero").into_iter();
    let checks = checks.chain(of(&flow.idle_timeout, "IdleTimeoutAboveZero"));
    let checks = checks.chain(of(&flow.drain, "DrainAboveZero"));
    let checks = checks.chain(of(&flow.finally, "FinallyAboveZero"));
    let checks = checks.chain(max_events).chain(max_pending);
    let checks = checks.chain(concurrency);
    let counts = flow
        .clauses
        .iter()
        .filter_map(|clause| match &clause.trigger {
            Trigger::Times(_, times) if times.count.known().is_none() => {
                let count = times.count.value();
                let kind = quote!((#count < 2) as ::core::primitive::u8);
                Some(asked(times.count.ends(), &kind, "CountAboveOne"))
            }
            _ => None,
        });
    checks
        .flatten()
        .chain(within)
        .chain(periods)
        .chain(reminders)
        .chain(counts)
        .collect()
}

/// The check that there is an `end` from which `drain within` counts. Without an `end` that the first
/// line promises, that is reported.
pub(super) fn drained(flow: &Flow) -> Option<TokenStream> {
    let ends = flow.clauses.iter().any(|clause| clause.route.ends());
    if ends || flow.declared_output().is_some() {
        return None;
    }
    let drain = flow.drain.first()?;
    let question = ("DrainsAfterAnEnd", quote!());
    Some(check(drain.keyword.span(), &quote!(1), &[question]))
}

/// The checks that a question waits until the first reminder.
pub(super) fn reminders_in_time(flow: &Flow) -> Vec<TokenStream> {
    let checks = reminders::periods(flow).filter_map(|(period, within)| {
        let ends = period.ends();
        let (period, within) = (period.value(), within?.value());
        let limit = quote!(::flow_core::__private::reminds_beyond_within(#period, #within));
        Some(overlong(ends, &limit, &quote!(()), &["RemindsInTime"]))
    });
    checks.collect()
}

/// The checks that the clauses with a clock run before the flow ends.
pub(super) fn ticks(plan: &Plan<'_>) -> Vec<TokenStream> {
    if plan.flow.timeout.is_empty() {
        return Vec::new();
    }
    let desc = desc(plan);
    let checks = plan.clauses().filter_map(|(index, clause)| {
        let period = match &clause.trigger {
            Trigger::Every(period) => period,
            Trigger::Reminder(reminder) => &reminder.period,
            _ => return None,
        };
        let limit = quote!(::flow_core::__private::ticks_beyond_timeout(#desc, #index));
        Some(overlong(
            period.ends(),
            &limit,
            &quote!(()),
            &["TicksInTime"],
        ))
    });
    checks.collect()
}
