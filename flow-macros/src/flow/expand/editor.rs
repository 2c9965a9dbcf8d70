//! The words of a flow, repeated for an editor. An editor uses the first occurrence of a word in
//! the expansion. Here, no private name is in scope, and the expected kind of name is known.

use proc_macro2::TokenStream;
use quote::quote;

use crate::flow::asks::is_ask;
use crate::flow::tree::{Flow, Trigger};

/// A `const` that comes before the rest of the expansion. Only rust-analyzer reads it.
pub(crate) fn words(flow: &Flow) -> TokenStream {
    let clauses = flow.clauses.iter().filter(|clause| !clause.repeats);
    let (mut events, mut handlers) = (Vec::new(), Vec::new());
    for clause in &flow.clauses {
        events.extend(clause.trigger.events());
        if let Trigger::Rescue(handler) = &clause.trigger {
            handlers.extend(handler);
        }
    }
    handlers.extend(clauses.flat_map(|clause| clause.route.handlers()));
    // Those of stages that ask are generated.
    handlers.retain(|handler| !is_ask(handler));
    let rescued = flow.rescued_asks.iter().map(|rescued| &rescued.event);
    events.extend(flow.asks.iter().map(|ask| &ask.event).chain(rescued));
    events.extend(flow.external.iter().chain(&flow.ignored));
    events.extend(&flow.half_typed.events);
    handlers.extend(&flow.half_typed.handlers);
    let states = flow.states.iter().map(|state| &state.ty);
    let opened = flow.opened().map(|(_, resource)| resource);
    let types = flow.streams.iter().chain(&flow.resources);
    let types = types.chain(opened).chain(states);
    quote! {
        ::flow_core::__private::for_editors! {
            // The return type tells the editor which names to expect in the body.
            fn __events()
            -> <::flow_core::__private::AnEvent as ::flow_core::__private::Expected<_>>::Type {
                ::core::marker::PhantomData::<(#(#events,)*)>
            }
            fn __handlers()
            -> <::flow_core::__private::AHandler as ::flow_core::__private::Expected<_>>::Type {
                ::core::marker::PhantomData::<(#(#handlers,)*)>
            }
            fn __types() {
                let _ = ::core::marker::PhantomData::<(#(#types,)*)>;
            }
        }
    }
}
