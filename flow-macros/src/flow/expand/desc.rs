//! The graph as data.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Path;

use crate::docs::docs;
use crate::flow::asks::asking;
use crate::flow::expand::emit;
use crate::flow::expand::plan::Plan;
use crate::flow::route::{Route, Stage};
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::limit::{Value, optional};
use crate::written::{spaced, written};

pub(super) fn desc(plan: &Plan<'_>) -> TokenStream {
    let flow = plan.flow;
    let header = flow.header.as_ref();
    let name = header.and_then(|header| header.name.as_ref());
    let place = place(name.map_or_else(Span::call_site, proc_macro2::Ident::span));
    let name = name.map(ToString::to_string).unwrap_or_default();
    let docs = header.map(|header| docs(&header.attrs)).unwrap_or_default();
    let input = written(&plan.input());
    let item = flow
        .streams
        .first()
        .map_or_else(|| "String".to_owned(), written);
    let output = if plan.values.has_output {
        let declared = flow.declared_output();
        let declared = declared.map_or_else(|| "_".to_owned(), written);
        quote!(::core::option::Option::Some(#declared))
    } else {
        quote!(::core::option::Option::None)
    };
    let resources = flow.resources.iter().map(written);
    let states = flow.states.iter().map(|state| written(&state.ty));
    let clauses = plan.clauses().map(|(index, of)| {
        let first = plan.first_handlers.get(index).copied().unwrap_or(0);
        clause(of, index, first, flow.is_durable())
    });

    let handlers: Vec<_> = flow.handlers().collect();
    let mentions = handlers.len();
    let handlers = handlers.into_iter().map(|name| {
        let desc = handler(name, flow.is_durable());
        let Some(ask) = asking(&flow.asks, name) else {
            return desc;
        };
        // Named here, a question that is no type is the only error.
        let event = &ask.event;
        quote!({
            let _ = <#event as ::flow_core::Event>::DESC;
            #desc
        })
    });
    let limits = limits(flow);
    let splits = plan.splits().len();
    let splits = (splits > 0).then(|| quote!(.splits(#splits)));
    let (external, ignored) = (&flow.external, &flow.ignored);
    quote! {{
        const __HANDLERS: &::flow_core::__private::HandlerTable<#mentions> =
            &::flow_core::__private::HandlerTable::new(
                ::core::file!(),
                [#(#handlers),*],
            );
        &::flow_core::__private::GraphDesc::new(#name, #docs, #place)
            .types(#input, #output, #item)
            .needs(&[#(#resources),*], &[#(#states),*])
            .wiring(
                &[#(#clauses),*],
                &[#(<#external as ::flow_core::Event>::DESC),*],
                &[#(<#ignored as ::flow_core::Event>::DESC),*],
            )
            #splits
            #limits
    }}
}

/// The limits of an execution that the flow declares.
fn limits(flow: &Flow) -> TokenStream {
    let timeout = flow.timeout.iter().map(|limit| limit.value.value());
    let idle_timeout = flow.idle_timeout.iter().map(|limit| limit.value.value());
    let drain = flow.drain.iter().map(|limit| limit.value.value());
    let finally = flow.finally.iter().map(|limit| limit.value.value());
    let max_events = flow.max_events.iter().map(|limit| limit.value.value());
    let max_pending = flow.max_pending.iter().map(|limit| limit.value.value());
    let concurrency = flow.concurrency.iter().map(|limit| limit.value.value());
    let sound = flow.sound.iter().map(|_| quote!(.sound()));
    let durable = flow.durable.iter().map(|_| quote!(.durable()));
    quote! {
        #(#sound)*
        #(#durable)*
        #(.timeout(#timeout))*
        #(.idle_timeout(#idle_timeout))*
        #(.drain(#drain))*
        #(.finally(#finally))*
        #(.max_events(#max_events))*
        #(.max_pending(#max_pending))*
        #(.concurrency(#concurrency))*
    }
}

/// The clause with the number `index`, whose first handler has the number `first`.
fn clause(clause: &Clause, index: usize, first: usize, is_durable: bool) -> TokenStream {
    let desc = |event: &Path| quote!(<#event as ::flow_core::Event>::DESC);
    let trigger = match &clause.trigger {
        Trigger::Open(resource, _) => {
            let resource = written(resource);
            quote!(Open(#resource))
        }
        Trigger::Start(_) => quote!(Start),
        Trigger::Event(event) => {
            let event = desc(event);
            quote!(Event(#event))
        }
        Trigger::All(events) => {
            let events = events.iter().map(desc);
            quote!(All(&[#(#events),*]))
        }
        Trigger::Times(event, times) => {
            let (event, count) = (desc(event), times.count.text(|count| count.to_string()));
            let number = times.count.value();
            quote!(Times { event: #event, count: #count, number: #number })
        }
        Trigger::Answered(event) => {
            let event = desc(event);
            quote!(Answered(#event))
        }
        Trigger::Unanswered(event) => {
            let event = desc(event);
            quote!(Unanswered(#event))
        }
        Trigger::Every(period) => {
            let (value, text) = (period.value(), written(&period.as_written()));
            let text = format!("every {text}");
            quote!(Every { period: #value, text: #text })
        }
        Trigger::Reminder(reminder) => {
            let (question, period) = (desc(&reminder.question), reminder.period.value());
            let text = format!("every {}", written(&reminder.period.as_written()));
            quote!(Reminder { question: #question, period: #period, text: #text })
        }
        Trigger::Finally => quote!(Finally),
        Trigger::LeftOver(event) => {
            let event = desc(event);
            quote!(LeftOver(#event))
        }
        Trigger::Rescue(None) => quote!(Rescue(::core::option::Option::None)),
        Trigger::Rescue(Some(name)) => {
            let desc = handler(name, is_durable);
            quote!(Rescue(::core::option::Option::Some(#desc)))
        }
    };
    let trigger = quote!(::flow_core::__private::TriggerDesc::#trigger);
    let (line, column) = line_and_column(clause.keyword.span());
    let by = clause.by.as_ref().map(|by| {
        let path = spaced(&by.path());
        quote!(.by(#path))
    });
    if let Some(Stage::Handler(_)) = clause.route.only() {
        return if let Some(by) = by {
            quote!(__HANDLERS.single(#trigger, #first, #line, #column) #by)
        } else if let Trigger::Event(event) = &clause.trigger {
            let event = desc(event);
            quote!(__HANDLERS.when(#event, #first, #line, #column))
        } else {
            quote!(__HANDLERS.single(#trigger, #first, #line, #column))
        };
    }
    let emits = clause.route.emits().into_iter().enumerate();
    let emits = emits.map(|(number, keyword)| emit::Names::new(index, number, keyword));
    let emits: Vec<_> = emits.collect();
    let mut described = Described {
        is_durable,
        emits: emits.iter(),
    };
    let stages = route_of(clause, &mut described);
    let count = clause.route.handlers().len();
    let built = quote!(__HANDLERS.clause(#trigger, (#first, #count), #stages, #line, #column) #by);
    let emits: Vec<_> = emits.iter().map(|names| &names.events).collect();
    let built = if emits.is_empty() {
        built
    } else {
        quote!(#built.emits(&[#(#emits),*]))
    };
    match (clause.route.ends(), clause.route.ends_now()) {
        (false, _) => built,
        (true, false) => quote!(#built.ends()),
        (true, true) => quote!(#built.ends_now()),
    }
}

/// The route of a clause; `emits` are the names for its `emit`s.
fn route_of(clause: &Clause, described: &mut Described<'_>) -> TokenStream {
    let stages = clause.route.stages.iter().map(|of| stage(of, described));
    let mut stages: Vec<_> = stages.collect();
    // The pattern of the clause is read as a closure.
    if let (Some(pattern), Some(first)) = (clause.bound(), stages.first_mut()) {
        let text = written(pattern);
        *first = quote!(Closure(#text));
    }
    stages_of(&stages)
}

/// A route within that of a clause.
fn route(of: &Route, described: &mut Described<'_>) -> TokenStream {
    let stages: Vec<_> = of.stages.iter().map(|of| stage(of, described)).collect();
    stages_of(&stages)
}

fn stages_of(stages: &[TokenStream]) -> TokenStream {
    quote!(&[#(::flow_core::__private::StageDesc::#stages),*])
}

/// What is described: whether the flow is durable, and the names for the `emit`s of a clause.
struct Described<'a> {
    is_durable: bool,
    emits: std::slice::Iter<'a, emit::Names>,
}

/// The handler as the flow calls it.
fn handler(handler: &Path, is_durable: bool) -> TokenStream {
    // Its failed calls emit nothing there.
    let undone = is_durable.then(|| quote!(.undone()));
    quote!(<#handler as ::flow_core::Handler>::DESC #undone)
}

fn stage(stage: &Stage, described: &mut Described<'_>) -> TokenStream {
    let is_durable = described.is_durable;
    let mut route = |of: &Route| route(of, described);
    let arm = |condition: String, to: TokenStream| quote!(::flow_core::__private::ArmDesc::new(#condition, #to));
    match stage {
        Stage::Handler(name) => {
            let desc = handler(name, is_durable);
            quote!(Handler(#desc))
        }
        Stage::Join { branches, .. } => {
            let branches = branches.iter().map(&mut route);
            quote!(Join(&[#(#branches),*]))
        }
        Stage::First(first) => {
            let branches = first.branches.iter().map(route);
            quote!(First(&[#(#branches),*]))
        }
        Stage::Each(each) => {
            let inner = route(&each.route);
            let limit = each.limit.as_ref().map(|(_, limit)| written(limit));
            let limit = optional(limit.map(|limit| quote!(#limit)));
            quote!(Each { route: #inner, limit: #limit })
        }
        Stage::Match { arms, .. } => {
            let arms = arms.iter().map(|of| arm(of.condition(), route(&of.route)));
            quote!(Choice(&[#(#arms),*]))
        }
        Stage::If(choice) => {
            let then = arm(written(&choice.condition), route(&choice.then.1));
            let otherwise = arm("else".to_owned(), route(&choice.otherwise.1));
            quote!(Choice(&[#then, #otherwise]))
        }
        Stage::Else(choice) => {
            let (tried, stand_in) = (route(&choice.tried), route(&choice.stand_in.1));
            quote!(Else { route: #tried, stand_in: #stand_in })
        }
        Stage::Glue(function) => {
            let text = written(function);
            quote!(Closure(#text))
        }
        Stage::End(end) if end.now.is_some() => quote!(EndNow),
        Stage::End(_) => quote!(End),
        Stage::Ignore(_) => quote!(Ignore),
        Stage::Emit(_) => {
            let names = described.emits.next();
            let names = names.map(
                |emit::Names { events, shape, .. }| quote!({ events: #events, shape: #shape }),
            );
            quote!(Emit #names)
        }
        Stage::Skip(_) => quote!(Skip),
        Stage::Ask(ask) => {
            let within = optional(ask.within.as_ref().map(Value::value));
            quote!(Ask { within: #within })
        }
    }
}

pub(super) fn place(at: Span) -> TokenStream {
    let (line, column) = line_and_column(at);
    quote!(::flow_core::__private::Location::new(::core::file!(), #line, #column))
}

/// The position of the word; `line!()` would give that of the macro call.
fn line_and_column(at: Span) -> (u32, u32) {
    let start = at.start();
    let (line, column) = (start.line, start.column + 1);
    (
        u32::try_from(line).unwrap_or(0),
        u32::try_from(column).unwrap_or(0),
    )
}
