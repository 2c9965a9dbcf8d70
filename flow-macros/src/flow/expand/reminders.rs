//! `every "1h" handler` of an `ask`: the handlers that run while a question waits.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::flow::expand::names::{at, itself};
use crate::flow::expand::plan::Plan;
use crate::flow::route::Stage;
use crate::flow::tree::{Clause, Flow, Reminder, Trigger};
use crate::limit::Value;
use crate::spans::over;
use crate::written::key;

/// The clauses of reminders, with their numbers among all clauses.
fn reminders(flow: &Flow) -> impl Iterator<Item = (usize, &Clause, &Reminder)> {
    let clauses = flow.clauses.iter().enumerate();
    clauses.filter_map(|(index, clause)| match &clause.trigger {
        Trigger::Reminder(reminder) => Some((index, clause, &**reminder)),
        _ => None,
    })
}

/// The number of the reminder of a question among all reminders, if it has one. `stage` is the
/// generated handler of the stage that asks it.
pub(super) fn reminder_of(flow: &Flow, question: &Path, stage: Option<&Path>) -> Option<Literal> {
    let number = reminders(flow).position(|(_, _, reminder)| {
        key(&reminder.question) == key(question)
            && reminder.stage.as_ref().map(key) == stage.map(key)
    });
    number.map(Literal::usize_unsuffixed)
}

/// How long the question of the reminder waits.
fn within<'a>(flow: &'a Flow, reminder: &Reminder) -> Option<&'a Value<std::time::Duration>> {
    if let Some(stage) = &reminder.stage {
        let mut asks = flow.asks.iter();
        return asks
            .find(|ask| key(&ask.handler) == key(stage))?
            .within
            .as_ref();
    }
    let mut asks = flow.clauses.iter().filter_map(|clause| clause.route.only());
    asks.find_map(|stage| match stage {
        Stage::Ask(ask) if key(&ask.event) == key(&reminder.question) => ask.within.as_ref(),
        _ => None,
    })
}

/// The periods, each with the time that its question waits, if that is limited.
pub(super) fn periods(
    flow: &Flow,
) -> impl Iterator<
    Item = (
        &Value<std::time::Duration>,
        Option<&Value<std::time::Duration>>,
    ),
> {
    reminders(flow).map(|(_, _, reminder)| (&reminder.period, within(flow, reminder)))
}

impl Plan<'_> {
    /// The number of the reminder of a question, if it has one.
    pub(super) fn reminder_of(&self, question: &Path, stage: Option<&Path>) -> Option<Literal> {
        reminder_of(self.flow, question, stage)
    }

    /// The reminders as a constant of the graph.
    pub(super) fn reminders(&self) -> Option<TokenStream> {
        let all = reminders(self.flow).filter_map(|(index, clause, reminder)| {
            let activation = self.activation(index, &quote!(__reminded));
            let (question, period) = (&reminder.question, reminder.period.value());
            let itself = itself(clause.route.first_handler()?);
            Some(quote! {
                ::flow_core::__private::Reminder::new(
                    #period,
                    <#question as ::flow_core::Event>::DESC.name,
                    ::core::any::TypeId::of::<#itself>,
                    |__reminded| #activation,
                )
            })
        });
        let all: Vec<_> = all.collect();
        (!all.is_empty()).then(|| {
            quote! {
                const REMINDERS: &'static [::flow_core::__private::Reminder<Self>] = &[#(#all),*];
            }
        })
    }

    /// For the clause of a reminder: code that makes the question of its activation, and code that
    /// makes of that what the handler takes.
    pub(super) fn reminding(&self, clause: &Clause) -> Option<(TokenStream, TokenStream)> {
        let Trigger::Reminder(reminder) = &clause.trigger else {
            return None;
        };
        let (this, question) = (&self.this, &reminder.question);
        let handler = clause.route.first_handler()?;
        let itself = itself(handler);
        let another = over(
            question.span(),
            |at| quote_spanned!(at=> <#question as ::flow_core::__private::CloneToAsk>::another),
        );
        let question_and_tick = quote! {
            let (__value, __tick, __reminds) =
                ::flow_core::__private::begin_reminder::<#this, #question, _>(
                    __value, __worker, #another,
                );
        };
        let takes = over(
            at(handler.span()),
            |at| quote_spanned!(at=> ::flow_core::__private::reminds::<#itself, #question, _>(&__value);),
        );
        let given = quote! {
            let __value = {
                use ::flow_core::__private::{
                    GivesBoth as _, GivesNothingElse as _, GivesQuestion as _, GivesTick as _,
                };
                (&&&::flow_core::__private::Takers::<#itself, #question>::NEW)
                    .given(__value, __tick)
            };
            #takes
        };
        Some((question_and_tick, given))
    }
}
