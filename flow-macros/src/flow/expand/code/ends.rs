//! What a clause comes to: `end`, and the clause `ask E`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use crate::flow::expand::code::Code;
use crate::flow::expand::code::within::Within;
use crate::flow::expand::names::at;
use crate::flow::expand::typed::{PassedBy, TypedStage};
use crate::flow::expand::values::ends_trait;
use crate::flow::route::{Ask, End};
use crate::limit::{Value, optional};
use crate::spans::over;

impl Code<'_> {
    pub(super) fn end(&self, end: &End, typed: &TypedStage<'_>, within: Within<'_>) -> TokenStream {
        let keyword = &end.keyword;
        let method = if end.now.is_some() {
            quote!(end_now)
        } else {
            quote!(end)
        };
        let leave = within.leave();
        if self.plan.values.no_output {
            return leave;
        }
        let (this, output) = (&self.plan.this, &self.plan.values.output);
        let is_declared = self.plan.flow.declared_output().is_some();
        let ends = Ident::new(ends_trait(is_declared), keyword.span());
        // Without the type, rustc forgets that a reference in it is `'static`.
        let is_asked = typed.arriving.checked().is_none() && typed.passed_by != PassedBy::Never;
        let value = if is_asked {
            quote_spanned! {at(keyword.span())=>
                ::flow_core::__private::#ends::<#output>::end(__value)
            }
        } else {
            quote!(__value)
        };
        quote! {{
            if let ::core::option::Option::Some(__output) =
                ::flow_core::__private::output::<_, #output>(#value)
            {
                ::flow_core::__private::Worker::<#this>::#method(__worker, __output);
            }
            #leave
        }}
    }

    pub(super) fn ask(&self, ask: &Ask) -> TokenStream {
        let (this, event) = (&self.plan.this, &ask.event);
        let within = optional(ask.within.as_ref().map(Value::value));
        let kept = over(
            event.span(),
            |at| quote_spanned!(at=> <#event as ::flow_core::__private::CloneToAsk>::another),
        );
        // rustc points to the type alone, so the type consists of several tokens.
        let it = over(event.span(), |at| quote_spanned!(at=> __Same<#this>));
        let item = over(
            event.span(),
            |at| quote_spanned!(at=> <#it as ::flow_core::__private::StreamsQuestion<#event>>::asked),
        );
        let asked = match self.plan.reminder_of(event, None) {
            None => quote! {
                ::flow_core::__private::Worker::<#this>::ask::<#event>(
                    __worker,
                    (__value, __kept),
                    #within,
                )
            },
            Some(reminder) => quote! {
                ::flow_core::__private::Worker::<#this>::ask_reminding::<#event>(
                    __worker,
                    (#kept(&__kept), __kept, __value),
                    #within,
                    #reminder,
                )
            },
        };
        quote! {{
            type __Same<__T> = __T;
            let __kept = #kept(&__value);
            let __asked = #asked;
            ::flow_core::__private::Worker::<#this>::put_item(__worker, #item(__asked)).await
        }}
    }
}
