//! The flow's types, its checks, and the loop that runs its clauses.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, Type, parse_quote};

use crate::errors::Errors;
use crate::flow::parse::{Clause, Flow, Trigger};

/// The clauses that name one event by the same path.
struct Listeners<'a> {
    event: &'a Path,
    clauses: Vec<usize>,
}

pub(crate) fn expand(flow: &Flow, errors: Errors) -> TokenStream {
    let whole = errors.is_empty();
    let errors = errors.into_tokens();
    let graph = graph(flow);
    let abilities = abilities(flow);
    // A clause that could not be read would be missed by the checks of the whole graph.
    let checks = whole.then(|| checks(flow));
    let fits = fits(flow);
    let half_typed = half_typed(flow);
    quote! {{
        #errors
        #half_typed
        enum __ThisFlow {}
        #graph
        #abilities
        #fits
        #checks
        ::flow_core::__private::Flow::<__ThisFlow, _>::new()
    }}
}

/// Has an IDE look at the paths in clauses that are in error, so that it completes them; the
/// compiler has said its word on those already.
fn half_typed(flow: &Flow) -> Option<TokenStream> {
    let paths = &flow.half_typed;
    (!paths.is_empty()).then(|| {
        quote! {
            #[allow(unexpected_cfgs)]
            const _: () = {
                #[cfg(rust_analyzer)]
                {
                    #(let _ = ::core::marker::PhantomData::<#paths>;)*
                }
            };
        }
    })
}

fn variant(index: usize) -> Ident {
    format_ident!("Clause{index}")
}

fn listeners(flow: &Flow) -> Vec<Listeners<'_>> {
    let mut groups: Vec<Listeners<'_>> = Vec::new();
    for (index, clause) in flow.clauses.iter().enumerate() {
        let Trigger::Event(event) = &clause.trigger else {
            continue;
        };
        let text = event.to_token_stream().to_string();
        match groups
            .iter_mut()
            .find(|group| group.event.to_token_stream().to_string() == text)
        {
            Some(group) => group.clauses.push(index),
            None => groups.push(Listeners {
                event,
                clauses: vec![index],
            }),
        }
    }
    groups
}

/// The index of the first clause of each handler: what is to be said of a handler is said there.
fn first_mentions(flow: &Flow) -> Vec<usize> {
    let mut seen = std::collections::HashSet::new();
    (0..)
        .zip(&flow.clauses)
        .filter(|(_, clause)| seen.insert(clause.handler.to_token_stream().to_string()))
        .map(|(index, _)| index)
        .collect()
}

/// What the clause is run with.
fn payload(clause: &Clause) -> Type {
    match &clause.trigger {
        Trigger::Start(None) => parse_quote!(()),
        Trigger::Start(Some(ty)) => (**ty).clone(),
        Trigger::Event(event) => parse_quote!(#event),
    }
}

fn graph(flow: &Flow) -> TokenStream {
    let variants = flow.clauses.iter().enumerate().map(|(index, clause)| {
        let (variant, payload) = (variant(index), payload(clause));
        quote!(#variant(#payload))
    });
    let item = flow
        .streams
        .first()
        .map_or_else(|| quote!(::flow_core::__private::String), |ty| quote!(#ty));
    let resources = flow.resources.iter().rev().fold(quote!(()), |rest, ty| {
        quote!((::flow_core::__private::Slot<#ty, ::flow_core::__private::Missing>, #rest))
    });
    let descs = flow.clauses.iter().map(|clause| {
        let handler = &clause.handler;
        let event = match &clause.trigger {
            Trigger::Start(_) => quote!(::core::option::Option::None),
            Trigger::Event(event) => {
                quote!(::core::option::Option::Some(<#event as ::flow_core::Event>::DESC))
            }
        };
        quote! {
            ::flow_core::__private::ClauseDesc {
                event: #event,
                handler: <#handler as ::flow_core::Handler>::DESC,
            }
        }
    });
    let (external, ignored) = (&flow.external, &flow.ignored);
    let (input, start) = start(flow);
    let work = work(flow);
    let clauses = (0..flow.clauses.len()).map(variant);
    let indices = 0..flow.clauses.len();
    let deliveries = listeners(flow).into_iter().map(|group| delivery(&group));
    let items = first_mentions(flow).into_iter().filter_map(|index| {
        let handler = &flow.clauses.get(index)?.handler;
        Some(quote! {
            if let __some @ ::core::option::Option::Some(_) =
                <#handler as ::flow_core::__private::Fits<Self>>::item(&mut __item)
            {
                return __some;
            }
        })
    });
    quote! {
        enum __Activation { #(#variants),* }
        #[allow(clippy::items_after_statements)]
        impl ::flow_core::__private::Graph for __ThisFlow {
            type Input = #input;
            type Item = #item;
            type Activation = __Activation;
            type Resources = #resources;
            const DESC: &'static ::flow_core::__private::GraphDesc =
                &::flow_core::__private::GraphDesc {
                    clauses: &[#(#descs),*],
                    external: &[#(<#external as ::flow_core::Event>::DESC),*],
                    ignored: &[#(<#ignored as ::flow_core::Event>::DESC),*],
                };
            #[inline]
            fn start(__input: #input) -> __Activation {
                #start
            }
            #[inline]
            fn deliver<__E: ::flow_core::Event>(
                __event: __E,
                mut __clause: impl ::core::ops::FnMut(__Activation),
            ) {
                let mut __event = ::core::option::Option::Some(__event);
                #(#deliveries)*
            }
            #[inline]
            fn clause(__activation: &__Activation) -> usize {
                match *__activation {
                    #(__Activation::#clauses(_) => #indices,)*
                }
            }
            #[inline]
            fn item<__T: 'static>(__item: __T) -> ::core::option::Option<Self::Item> {
                let mut __item = ::core::option::Option::Some(__item);
                #(#items)*
                ::core::option::Option::None
            }
            #work
        }
    }
}

/// The input's type, and the first activation. Without a `start`, which is an error, there is none.
fn start(flow: &Flow) -> (Type, TokenStream) {
    let found = flow
        .clauses
        .iter()
        .enumerate()
        .find(|(_, clause)| matches!(clause.trigger, Trigger::Start(_)));
    match found {
        Some((index, clause)) => {
            let variant = variant(index);
            (payload(clause), quote!(__Activation::#variant(__input)))
        }
        None => (
            parse_quote!(()),
            quote!(match __input {
                () => ::core::unreachable!("a flow without `start` does not compile"),
            }),
        ),
    }
}

fn delivery(group: &Listeners<'_>) -> TokenStream {
    let event = group.event;
    let last = group.clauses.last().copied().map(variant);
    let others = group
        .clauses
        .iter()
        .rev()
        .skip(1)
        .rev()
        .copied()
        .map(variant);
    let shared =
        quote_spanned! {event.span()=> <#event as ::flow_core::__private::Shared>::another };
    quote! {
        if let ::core::option::Option::Some(__event) =
            ::flow_core::__private::take::<__E, #event>(&mut __event)
        {
            #(__clause(__Activation::#others(#shared(&__event)));)*
            __clause(__Activation::#last(__event));
            return;
        }
    }
}

/// What handlers and handles may ask of the flow.
fn abilities(flow: &Flow) -> TokenStream {
    let resources = &flow.resources;
    let external = &flow.external;
    quote! {
        #(impl<__H> ::flow_core::__private::Provides<#resources, __H> for __ThisFlow {})*
        #(impl ::flow_core::__private::External<#external> for __ThisFlow {})*
    }
}

/// The checks, each at the word to change, and each once: a handler's own where it is first named.
fn checks(flow: &Flow) -> TokenStream {
    let count = flow.clauses.len();
    let desc = quote!(<__ThisFlow as ::flow_core::__private::Graph>::DESC);
    let check = |at: proc_macro2::Span, what: &str, index: usize| {
        let what = Ident::new(what, at);
        quote_spanned! {at=>
            const _: () = ::flow_core::__private::check(
                ::flow_core::__private::#what(#desc, &__SURVEY, #index)
            );
        }
    };
    let unheard = first_mentions(flow).into_iter().filter_map(|index| {
        let handler = &flow.clauses.get(index)?.handler;
        Some(check(handler.span(), "unheard", index))
    });
    let waiting = flow.clauses.iter().enumerate().map(|(index, clause)| {
        let Trigger::Event(event) = &clause.trigger else {
            return TokenStream::new();
        };
        [
            check(event.span(), "unemitted", index),
            check(event.span(), "unreachable", index),
        ]
        .into_iter()
        .collect()
    });
    let groups = listeners(flow);
    let events = groups.iter().map(|group| group.event);
    let spelled = groups.iter().enumerate().skip(1).map(|(index, group)| {
        quote_spanned! {group.event.span()=>
            const _: () = ::flow_core::__private::check(
                ::flow_core::__private::spelled_twice(__EVENTS, #index)
            );
        }
    });
    quote! {
        const __SURVEY: ::flow_core::__private::Survey<#count> =
            ::flow_core::__private::Survey::<#count>::new(#desc);
        const __EVENTS: &[::flow_core::__private::EventDesc] =
            &[#(<#events as ::flow_core::Event>::DESC),*];
        #(#unheard)*
        #(#waiting)*
        #(#spelled)*
    }
}

/// What the types tell: whether each handler takes what leads to it, and nothing is lost behind it.
fn fits(flow: &Flow) -> TokenStream {
    let takes = flow.clauses.iter().map(|clause| {
        let (handler, payload) = (&clause.handler, payload(clause));
        let asked = match &clause.trigger {
            Trigger::Start(_) => quote!(Takes),
            Trigger::Event(_) => quote!(On),
        };
        quote!(let () = <#handler as ::flow_core::__private::#asked<#payload>>::OK;)
    });
    let mut aliases = Vec::new();
    let unused = first_mentions(flow).into_iter().filter_map(|index| {
        let handler = &flow.clauses.get(index)?.handler;
        // As an argument, a function without `#[handler]` would be a second error; an alias is not.
        let alias = Ident::new(&format!("__Handler{index}"), handler.span());
        aliases.push(quote!(type #alias = #handler;));
        Some(quote_spanned! {handler.span()=>
            let () = <<#handler as ::flow_core::Handler>::Value
                as ::flow_core::__private::Unused<#alias>>::OK;
        })
    });
    let unused: Vec<_> = unused.collect();
    quote! {
        const _: () = {
            #(#aliases)*
            #(#takes)*
            #(#unused)*
        };
    }
}

/// The loop that a slot runs: one arm for those clauses that do the same with the same.
fn work(flow: &Flow) -> TokenStream {
    let mut arms: Vec<(String, Vec<Ident>, &Path)> = Vec::new();
    for (index, clause) in flow.clauses.iter().enumerate() {
        let (handler, payload) = (&clause.handler, payload(clause));
        let what = quote!(#payload -> #handler).to_string();
        match arms.iter_mut().find(|(same, ..)| *same == what) {
            Some((_, variants, _)) => variants.push(variant(index)),
            None => arms.push((what, vec![variant(index)], handler)),
        }
    }
    let arms = arms.iter().map(|(_, variants, handler)| {
        quote! {
            #(__Activation::#variants(__input))|* => {
                let __result = <#handler as ::flow_core::Handler>::call(
                    __input,
                    ::flow_core::Cx::of(__worker),
                ).await;
                ::flow_core::__private::Worker::<Self>::done(__worker, __result);
            }
        }
    });
    quote! {
        #[allow(unreachable_code)]
        async fn work<__W: ::flow_core::__private::Worker<Self>>(__worker: &__W) {
            loop {
                match ::flow_core::__private::Worker::<Self>::next(__worker).await {
                    #(#arms)*
                }
            }
        }
    }
}
