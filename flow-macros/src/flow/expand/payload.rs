//! The value with which a clause runs.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type, parse_quote};

use crate::flow::expand::failure::error_of;
use crate::flow::expand::names::of_handler;
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::spans::over;

/// The type of what its activation carries.
pub(super) fn carried(flow: &Flow, clause: &Clause) -> Type {
    match &clause.trigger {
        Trigger::Reminder(_) => parse_quote!(::flow_core::__private::Reminded),
        _ => payload(flow, clause),
    }
}

/// Its type.
pub(super) fn payload(flow: &Flow, clause: &Clause) -> Type {
    match &clause.trigger {
        // What it runs with is the input, for `start`, but nothing arrives at its handler.
        Trigger::Open(..) => parse_quote!(()),
        Trigger::Start(Some(ty)) => (**ty).clone(),
        Trigger::Start(None) => {
            let input = flow.header.as_ref().and_then(|header| header.input.clone());
            input.unwrap_or_else(|| parse_quote!(()))
        }
        Trigger::Event(event) | Trigger::Unanswered(event) | Trigger::LeftOver(event) => {
            parse_quote!(#event)
        }
        Trigger::Reminder(reminder) => {
            let question = &reminder.question;
            parse_quote!(#question)
        }
        Trigger::Every(_) => parse_quote!(::flow_core::Tick),
        Trigger::Finally => parse_quote!(::flow_core::Ending),
        Trigger::Answered(event) => {
            let answered = over(
                event.span(),
                |at| quote_spanned!(at=> ::flow_core::Answered<#event>),
            );
            parse_quote!(#answered)
        }
        Trigger::All(events) => parse_quote!((#(#events,)*)),
        Trigger::Times(event, times) => {
            let count = times.count.value();
            parse_quote!([#event; #count])
        }
        Trigger::Rescue(handler) => {
            let error = error(flow, handler.as_ref());
            let failed_with = cause(clause).map(|cause| quote!(, #cause));
            parse_quote!(::flow_core::Failed<#error #failed_with>)
        }
    }
}

/// The type of the error that the rescue of this handler takes.
pub(super) fn error(flow: &Flow, handler: Option<&Path>) -> TokenStream {
    handler.map_or_else(
        || quote!(::flow_core::BoxError),
        |handler| error_of(flow, handler),
    )
}

/// The type of the cause that a rescue takes with the error, if it has a handler.
pub(super) fn cause(clause: &Clause) -> Option<TokenStream> {
    rescuer(clause).map(|rescuer| {
        let wanted = of_handler(rescuer, "Cause");
        quote!(<#wanted as ::flow_core::__private::CauseSpec>::Cause)
    })
}

/// The first handler of a rescue, whose type shows whether it takes the cause of an error.
pub(super) fn rescuer(clause: &Clause) -> Option<&Path> {
    clause.route.first_handler()
}
