//! The words of a flow for an editor, which looks for a word in the order of the expansion. Here it
//! finds each where nothing of the macro's own is in scope, and where it knows what is expected.

use proc_macro2::TokenStream;
use quote::quote;

use crate::flow::tree::{Flow, Trigger};

/// In a `const`, before all that names them as well. Only rust-analyzer reads it.
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
    events.extend(flow.external.iter().chain(&flow.ignored));
    events.extend(&flow.half_typed.events);
    handlers.extend(&flow.half_typed.handlers);
    let states = flow.states.iter().map(|state| &state.ty);
    let types = flow.streams.iter().chain(&flow.resources).chain(states);
    quote! {
        #[allow(unexpected_cfgs)]
        const _: () = {
            // What a function returns is what an editor expects in its body.
            #[cfg(rust_analyzer)]
            fn __events()
            -> <::flow_core::__private::AnEvent as ::flow_core::__private::Expected<_>>::Type {
                ::core::marker::PhantomData::<(#(#events,)*)>
            }
            #[cfg(rust_analyzer)]
            fn __handlers()
            -> <::flow_core::__private::AHandler as ::flow_core::__private::Expected<_>>::Type {
                ::core::marker::PhantomData::<(#(#handlers,)*)>
            }
            #[cfg(rust_analyzer)]
            fn __types() {
                let _ = ::core::marker::PhantomData::<(#(#types,)*)>;
            }
        };
    }
}
