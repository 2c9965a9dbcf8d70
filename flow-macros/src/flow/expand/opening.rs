//! `with T = open`: the clauses that open resources, one after the other, before `start`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, Type};

use crate::flow::expand::names::{at, itself, last_word, of_handler};
use crate::flow::expand::plan::Plan;
use crate::spans::{after, over};

impl<'a> Plan<'a> {
    /// The number of the clause with which an execution begins.
    pub(super) fn first(&self) -> Option<usize> {
        let opens = self.flow.opened().next().map(|(clause, _)| clause);
        opens.or_else(|| Some(self.start()?.0))
    }

    /// The number of the clause that follows the one that opens a resource.
    fn next(&self, clause: usize) -> Option<usize> {
        let mut opened = self.flow.opened().map(|(other, _)| other);
        let next = opened.find(|other| *other > clause);
        next.or_else(|| Some(self.start()?.0))
    }

    /// The handler of the clause with this number, if it opens a resource.
    fn opener(&self, clause: usize) -> Option<&'a Path> {
        self.flow.clauses.get(clause)?.route.first_handler()
    }

    /// The code of the clause with this number, if it opens a resource.
    pub(super) fn opening(&self, clause: usize) -> Option<TokenStream> {
        let this = &self.this;
        let (_, resource) = self.flow.opened().find(|(other, _)| *other == clause)?;
        let opener = self.opener(clause)?;
        let next = self.next(clause).map_or_else(
            || {
                quote!(::core::unreachable!(
                    "a flow without `start` does not compile"
                ))
            },
            |next| self.activation(next, &quote!(__value)),
        );
        let itself = itself(opener);
        let (open, value) = (at(after(last_word(opener))), of_handler(opener, "Value"));
        // Not in the bounds of the call, where a wrong type would be reported for its future as well.
        let kept = over(
            opener.span(),
            |at| quote_spanned!(at=> ::flow_core::__private::resource::<#resource, #value>),
        );
        Some(quote_spanned! {open=> {
            ::flow_core::__private::run_opening::<#itself, #this, _, _>(
                __worker, __value, #kept, |__value| #next,
            ).await
        }})
    }

    /// The checks that handlers can open resources, and that each has what it takes by then.
    pub(super) fn opened_checks(&self) -> impl Iterator<Item = TokenStream> {
        let openers = self.flow.opened();
        let openers = openers.filter_map(|(clause, _)| Some((clause, self.opener(clause)?)));
        openers.map(|(clause, opener)| {
            let (itself, desc) = (itself(opener), of_handler(opener, "DESC"));
            let unfit = defect("__UNFIT", opener);
            let questions = [
                "OpensFromNothing",
                "OpensQuietly",
                "OpensSilently",
                "IsNoFlow",
            ];
            let questions = questions.map(|name| Ident::new(name, Span::call_site()));
            let not_yet = self.flow.opened().filter(|(other, _)| *other >= clause);
            let late = not_yet.map(|(other, resource)| late(opener, resource, other == clause));
            quote! {
                const _: () = {
                    use ::flow_core::__private::{NoParameter as _, UnfitOpener as _};
                    type __Opener = #opener;
                    const __UNFIT: ::core::primitive::u8 = ::flow_core::__private::unfit_opener(
                        &#desc,
                        ::flow_core::__private::Opener::<__Opener>::TAKES_A_VALUE,
                        ::flow_core::__private::Opener::<__Opener>::PUTS,
                    );
                    #(let () = <#unfit as ::flow_core::__private::#questions<#itself>>::OK;)*
                    #(#late)*
                };
            }
        })
    }
}

/// The check that the handler `__Opener` does not take a resource that is not there yet: its own
/// if it `is_its`.
fn late(opener: &Path, resource: &Type, is_its: bool) -> TokenStream {
    let (itself, late) = (itself(opener), defect("__LATE", opener));
    let resource = quote!(::flow_core::Res<#resource>);
    quote! {
        const _: () = {
            const __LATE: ::core::primitive::u8 = ::flow_core::__private::opened_late(
                ::flow_core::__private::Parameters::<__Opener, #resource>::PRESENT,
                #is_its,
            );
            let () = <#late as ::flow_core::__private::OpenedBefore<#resource, #itself>>::OK;
            let () = <#late as ::flow_core::__private::OpensAnother<#resource, #itself>>::OK;
        };
    }
}

/// The defect in a constant of this name, at the handler.
fn defect(name: &str, opener: &Path) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    over(
        opener.span(),
        |at| quote_spanned!(at=> ::flow_core::__private::Defect<#name>),
    )
}
