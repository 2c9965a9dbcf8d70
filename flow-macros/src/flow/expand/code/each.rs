//! `each`: the route runs for each item. Several of them pass their results on to one another.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use crate::flow::expand::code::Code;
use crate::flow::expand::code::within::{Item, Within};
use crate::flow::expand::names::at;
use crate::flow::expand::typed::TypedStage;
use crate::flow::route::{Each, Stage};
use crate::limit::asked;

/// An `each`, with its types.
pub(super) type TypedEach<'a> = (&'a Each, &'a TypedStage<'a>);

pub(super) fn as_each<'a>(typed: &'a TypedStage<'a>) -> Option<TypedEach<'a>> {
    match typed.stage {
        Stage::Each(each) => Some((each, typed)),
        _ => None,
    }
}

/// The number of items that it runs at a time, if there is one.
fn each_limit(each: &Each) -> Option<TokenStream> {
    let (_, limit) = each.limit.as_ref()?;
    let tokens = limit.to_token_stream().into_iter();
    let last = tokens
        .last()
        .map_or_else(|| limit.span(), |last| last.span());
    let kind = quote!((__LIMIT == 0) as ::core::primitive::u8);
    let check = asked((limit.span(), last), &kind, "EachAboveZero");
    Some(quote_spanned! {limit.span()=> {
        const __LIMIT: ::core::primitive::usize = #limit;
        #check
        __LIMIT
    }})
}

impl Code<'_> {
    /// A stage after those of its route before it.
    pub(super) fn stage(
        &self,
        typed: &TypedStage<'_>,
        before: &[TypedStage<'_>],
        within: Within<'_>,
    ) -> TokenStream {
        // Those that pass their results on to it.
        let each = before.iter().rev().map_while(as_each);
        let mut each: Vec<_> = match as_each(typed) {
            Some(this) => std::iter::once(this).chain(each).collect(),
            None => Vec::new(),
        };
        each.reverse();
        let code = match each.as_slice() {
            [before @ .., this] => self.each(*this, before, within),
            [] => self.stage_code(typed, within),
        };
        let is_first = each
            .first()
            .map_or(typed.is_first, |(_, first)| first.is_first);
        let runs_user_code = matches!(
            typed.stage,
            Stage::Join { .. }
                | Stage::First(_)
                | Stage::Each(_)
                | Stage::Match { .. }
                | Stage::If(_)
                | Stage::Else(_)
                | Stage::Glue(_)
        );
        if is_first || !runs_user_code {
            return code;
        }
        // Conditions, clones and iterators of the user may panic, which is not the fault of the
        // handler before them.
        let this = &self.plan.this;
        quote! {{
            ::flow_core::__private::Worker::<#this>::at(
                __worker,
                ::flow_core::__private::NO_HANDLER,
            );
            #code
        }}
    }

    /// An `each`, after others that pass their results on to it.
    pub(super) fn each(
        &self,
        (each, typed): TypedEach<'_>,
        before: &[TypedEach<'_>],
        within: Within<'_>,
    ) -> TokenStream {
        let (first, begins) = before.first().copied().unwrap_or((each, typed));
        let mut items = self.elements(begins, at(first.keyword.span()));
        let mut limit = quote!(::core::primitive::usize::MAX);
        for (each, typed) in before {
            limit = each_limit(each).unwrap_or(limit);
            items = self.each_call(
                ["window", "window_kept"],
                (each, typed),
                (&items, &limit),
                within,
            );
        }
        // Without a limit of its own, it has that of the one before it.
        limit = each_limit(each).unwrap_or(limit);
        let each = self.each_call(
            ["each", "each_kept"],
            (each, typed),
            (&items, &limit),
            within,
        );
        let (stopped, leave) = within.pass_on();
        quote! {
            match #each.await {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(#stopped) => #leave,
            }
        }
    }

    /// The call of a function that runs the route of an `each`: the second one leaves items out.
    fn each_call(
        &self,
        functions: [&str; 2],
        (each, typed): TypedEach<'_>,
        (items, limit): (&TokenStream, &TokenStream),
        within: Within<'_>,
    ) -> TokenStream {
        let route = typed.routes.first();
        let item = route.and_then(|route| route.stages.first()?.arriving.named());
        // Without the type, rustc forgets that a reference in it is `'static`.
        let item = item.map(|item| quote!(: #item));
        let around = within.item(&each.route);
        let branch = route.map(|route| self.branch(route, around));
        let work = self.item_work(&quote!(__value #item), &quote!(#branch));
        let [all, kept] = functions;
        let function = match around.item {
            Item::No => all,
            Item::Here | Item::Around => kept,
        };
        let function = Ident::new(function, at(each.keyword.span()));
        let this = &self.plan.this;
        quote_spanned! {at(each.keyword.span())=>
            ::flow_core::__private::#function(
                ::flow_core::__private::in_clause::<#this, _>(__worker), #items, #limit, #work,
            )
        }
    }
}
