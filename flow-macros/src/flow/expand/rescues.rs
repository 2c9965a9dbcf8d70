//! `rescue handler -> route`: the clauses that take errors, and the events kept as their causes.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, Type};

use crate::flow::expand::names::{at, of_handler};
use crate::flow::expand::payload::rescuer;
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::spans::{after, over};
use crate::written::key;

/// The rescues of a flow.
pub(super) struct Rescues<'a> {
    /// By the path of the handler.
    by_handler: HashMap<String, Rescue<'a>>,
    all: Option<Rescue<'a>>,
}

/// A `rescue` clause.
pub(super) struct Rescue<'a> {
    /// The number of the clause.
    pub(super) clause: usize,
    /// Its first handler, and the variable that holds the cause for it.
    rescuer: Option<(&'a Path, Ident)>,
}

impl<'a> Rescues<'a> {
    pub(super) fn new(flow: &'a Flow) -> Self {
        let mut rescues = Self {
            by_handler: HashMap::new(),
            all: None,
        };
        for (index, clause) in flow.clauses.iter().enumerate() {
            let Trigger::Rescue(handler) = &clause.trigger else {
                continue;
            };
            let rescue = Rescue {
                clause: index,
                rescuer: rescuer(clause).map(|handler| (handler, format_ident!("__cause{index}"))),
            };
            match handler {
                Some(handler) => {
                    let name = key(handler);
                    rescues.by_handler.insert(name, rescue);
                }
                None => rescues.all = Some(rescue),
            }
        }
        rescues
    }

    /// The rescue of a handler in a clause, and whether it is for this handler alone, so that the
    /// error keeps its type.
    pub(super) fn of(&self, handler: &Path, clause: &Clause) -> Option<(&Rescue<'a>, bool)> {
        // An error in a rescue is not rescued, because that could loop forever. Before `start`,
        // nothing is.
        if matches!(clause.trigger, Trigger::Rescue(_) | Trigger::Open(..)) {
            return None;
        }
        let own = self.by_handler.get(&key(handler));
        let all = self.all.as_ref().map(|rescue| (rescue, false));
        own.map(|rescue| (rescue, true)).or(all)
    }
}

impl Rescue<'_> {
    /// `let cause = …`, for a clause that runs with a value of this type.
    pub(super) fn capture(&self, run_with: &Type) -> Option<TokenStream> {
        let (handler, name) = self.rescuer.as_ref()?;
        let value = quote_spanned!(at(after(handler.span()))=> &__value);
        let kept = ask(handler, run_with, "keep", &value);
        Some(quote!(let #name = &#kept;))
    }

    /// The same for a clause that is split: the variable that owns what is kept comes before it.
    pub(super) fn capture_owned(&self, run_with: &Type) -> Option<TokenStream> {
        let (handler, name) = self.rescuer.as_ref()?;
        let value = quote_spanned!(at(after(handler.span()))=> &__value);
        let (owned, kept) = (self.owned()?, ask(handler, run_with, "keep", &value));
        Some(quote! {
            let #owned = #kept;
            let #name = &#owned;
        })
    }

    /// The variable that owns what is kept, in a clause that is split.
    pub(super) fn owned(&self) -> Option<Ident> {
        self.rescuer.as_ref()?;
        Some(format_ident!("__kept{}", self.clause))
    }

    /// Its type.
    pub(super) fn kept(&self, run_with: &Type) -> Option<TokenStream> {
        let (handler, _) = self.rescuer.as_ref()?;
        let (wanted, itself) = (of_handler(handler, "Cause"), of_handler(handler, "Itself"));
        Some(quote! {
            <#wanted as ::flow_core::__private::CaptureCause<#run_with, #itself>>::Kept
        })
    }

    /// In the rest of a clause that was split, refers to what it owns.
    pub(super) fn captured(&self) -> Option<TokenStream> {
        let ((_, name), owned) = (self.rescuer.as_ref()?, self.owned()?);
        Some(quote!(let #name = &#owned;))
    }

    /// The cause, made from that variable.
    pub(super) fn cause(&self, run_with: &Type) -> Option<TokenStream> {
        let (handler, name) = self.rescuer.as_ref()?;
        Some(ask(handler, run_with, "tell", &name.to_token_stream()))
    }
}

/// `<Cause as CaptureCause<…>>::what(of)`, at the name of the handler that takes the cause.
fn ask(handler: &Path, run_with: &Type, what: &str, of: &TokenStream) -> TokenStream {
    let wanted = of_handler(handler, "Cause");
    let itself = of_handler(handler, "Itself");
    over(handler.span(), |at| {
        let what = Ident::new(what, at);
        quote_spanned! {at=>
            <#wanted as ::flow_core::__private::CaptureCause<#run_with, #itself>>::#what(#of)
        }
    })
}
