//! What a durable flow records of the outside: its questions, and the events that come in.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Path;
use syn::ext::IdentExt;

use crate::flow::expand::plan::Plan;
use crate::flow::tree::Trigger;
use crate::limit::optional;
use crate::written::{key, written};

impl Plan<'_> {
    /// The questions that clauses and stages ask, each once.
    fn questions(&self) -> (Vec<&Path>, Vec<&Path>) {
        let clauses = self.clauses();
        let of_clauses = clauses.filter_map(|(_, clause)| match &clause.trigger {
            Trigger::Answered(event) => Some(event),
            _ => None,
        });
        let of_clauses: Vec<_> = of_clauses.collect();
        let mut seen = HashSet::new();
        let of_stages = self.flow.asks.iter().map(|ask| &ask.event);
        let all = of_clauses.iter().copied().chain(of_stages);
        let all = all.filter(|event| seen.insert(key(event))).collect();
        (of_clauses, all)
    }

    /// The types by which the codecs of questions and of events from outside are made, and the
    /// arguments of `GraphCodec::outside`.
    pub(super) fn outside(&self) -> (TokenStream, TokenStream) {
        let (_, questions) = self.questions();
        let external = &self.flow.external;
        let of_questions = (0..questions.len()).map(|number| format_ident!("__Question{number}"));
        let of_questions: Vec<_> = of_questions.collect();
        let of_events = (0..external.len()).map(|number| format_ident!("__External{number}"));
        let of_events: Vec<_> = of_events.collect();
        let names = names_outside(&questions);
        let external_names = names_outside(&external.iter().collect::<Vec<_>>());
        let types = quote! {
            #(
                enum #of_questions {}
                impl ::flow_core::__private::OfQuestion for #of_questions {
                    type Question = #questions;
                    const NAME: &'static ::core::primitive::str = #names;
                    const QUESTION: ::flow_core::__private::ValueCodec<#questions> = {
                        #[allow(unused_imports)]
                        use ::flow_core::__private::NoCodec as _;
                        ::flow_core::__private::Probe::<#questions>::CODEC
                    };
                    const ANSWER: ::flow_core::__private::ValueCodec<
                        <#questions as ::flow_core::Event>::Answer,
                    > = {
                        #[allow(unused_imports)]
                        use ::flow_core::__private::NoCodec as _;
                        ::flow_core::__private::Probe::<
                            <#questions as ::flow_core::Event>::Answer,
                        >::CODEC
                    };
                }
            )*
            #(
                enum #of_events {}
                impl ::flow_core::__private::OfEvent for #of_events {
                    type Event = #external;
                    const NAME: &'static ::core::primitive::str = #external_names;
                    const EVENT: ::flow_core::__private::ValueCodec<#external> = {
                        #[allow(unused_imports)]
                        use ::flow_core::__private::NoCodec as _;
                        ::flow_core::__private::Probe::<#external>::CODEC
                    };
                }
            )*
        };
        let arguments = quote! {
            &[#(::flow_core::__private::QuestionCodec::new::<#of_questions>(),)*],
            &[#(::flow_core::__private::ExternalCodec::new::<#of_events>(),)*]
        };
        (types, arguments)
    }

    /// The function that lets the questions of clauses wait again.
    pub(super) fn ask_again(&self) -> Option<TokenStream> {
        let (questions, all) = self.questions();
        if !self.flow.is_durable() || questions.is_empty() {
            return None;
        }
        let this = &self.this;
        let names = names_outside(&all);
        let names = names.iter().take(questions.len());
        let reminders = questions.iter().map(|question| {
            optional(self.reminder_of(question, None).map(|number| {
                let another = quote!(<#question as ::flow_core::__private::CloneForEach>::another);
                quote!((#number, #another(&__question)))
            }))
        });
        Some(quote! {
            fn ask_again<__W: ::flow_core::__private::Worker<Self>>(
                __worker: &__W,
                __name: &::core::primitive::str,
                __question: &[::core::primitive::u8],
                __before: ::flow_core::__private::AskedBefore,
            ) -> ::core::result::Result<(), ::flow_core::__private::CodecError> {
                #[allow(unused_imports)]
                use ::flow_core::__private::NoCodec as _;
                match __name {
                    #(#names => {
                        let __question =
                            ::flow_core::__private::Probe::<#questions>::CODEC.decode(__question)?;
                        let __reminder = #reminders;
                        ::flow_core::__private::Recorder::<#this>::ask_again::<#questions>(
                            __worker, __question, __reminder, __before,
                        );
                        ::core::result::Result::Ok(())
                    })*
                    __name => ::core::result::Result::Err(
                        ::flow_core::__private::no_clause(__name),
                    ),
                }
            }
        })
    }
}

/// The names by which the outside knows the events: those of their types, unless several have the
/// same, which are known by their paths.
pub(super) fn names_outside(events: &[&Path]) -> Vec<String> {
    let last = |event: &Path| {
        let last = event.segments.last();
        last.map(|last| last.ident.unraw().to_string())
    };
    let name = |event: &&Path| {
        let own = last(event);
        let alike = events.iter().filter(|other| last(other) == own);
        match own {
            Some(own) if alike.count() == 1 => own,
            _ => written(*event),
        }
    };
    events.iter().map(name).collect()
}
