//! The handlers of the stages that ask.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::flow::asks::AskStage;
use crate::flow::expand::desc::place;
use crate::flow::expand::reminders::reminder_of;
use crate::flow::tree::Flow;
use crate::limit::{Value, optional};
use crate::spans::over;
use crate::written::key;

/// The types of those that are in a clause.
pub(super) fn handlers(flow: &Flow) -> TokenStream {
    let used: Vec<_> = flow.handlers().map(key).collect();
    let asks = flow.asks.iter();
    let asks = asks.filter(|ask| used.contains(&key(&ask.handler)));
    asks.map(|ask| handler(flow, ask)).collect()
}

fn handler(flow: &Flow, ask: &AskStage) -> TokenStream {
    let (event, handler, name) = (&ask.event, &ask.handler, ask.name());
    let place_type = handler.get_ident().map(|name| format_ident!("{name}Place"));
    let within = optional(ask.within.as_ref().map(Value::value));
    let reminder = reminder_of(flow, event, Some(handler)).map(|number| {
        quote! {
            const REMINDER: ::core::option::Option<::core::primitive::usize> =
                ::core::option::Option::Some(#number);
        }
    });
    let location = place(ask.keyword.span());
    let another = over(
        event.span(),
        |at| quote_spanned!(at=> <#event as ::flow_core::__private::CloneToAsk>::another),
    );
    quote! {
        enum #place_type {}
        impl ::flow_core::__private::AskPlace for #place_type {
            type Question = #event;
            const NAME: &'static ::core::primitive::str = #name;
            const WITHIN: ::core::option::Option<::core::time::Duration> = #within;
            const LOCATION: ::flow_core::__private::Location = #location;
            #reminder
            fn another(__question: &#event) -> #event {
                #another(__question)
            }
        }
        type #handler = ::flow_core::__private::Ask<#place_type>;
    }
}
