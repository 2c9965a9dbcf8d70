//! Types that a flow may name twice, by two paths. The macro sees the paths, and rustc the types.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Ident;
use syn::spanned::Spanned;

use crate::flow::tree::Flow;
use crate::written::without_modules;

/// A type as the flow names it.
struct Spelling {
    ty: TokenStream,
    at: Span,
    name: String,
}

fn spelling(ty: &(impl ToTokens + Spanned)) -> Spelling {
    Spelling {
        ty: ty.to_token_stream(),
        at: ty.span(),
        name: without_modules(ty),
    }
}

impl Spelling {
    /// Whether it is one of those before it, as an expression: `None` if their names show that it
    /// is none of them.
    fn same_as(&self, before: &[Self]) -> Option<TokenStream> {
        let ty = &self.ty;
        let alike = before.iter().filter(|other| other.name == self.name);
        let alike: Vec<_> = alike.map(|other| &other.ty).collect();
        (!alike.is_empty()).then(|| {
            quote!({
                use ::flow_core::__private::Differs as _;
                #(::flow_core::__private::Pair::<#ty, #alike>::SAME)||*
            })
        })
    }
}

/// A declaration that may be there before, under another path.
pub(super) struct Repeated {
    pub(super) at: Span,
    /// 1 if it is.
    pub(super) kind: TokenStream,
    /// The trait that asks, and its argument.
    pub(super) question: (&'static str, TokenStream),
}

/// What a flow may declare twice, under two paths.
pub(super) fn repeated(flow: &Flow) -> Vec<Repeated> {
    let opened = flow.opened().map(|(_, resource)| resource);
    let resources = flow.resources.iter().chain(opened).map(spelling);
    let states = flow.states.iter().map(|state| spelling(&state.ty));
    let external = flow.external.iter().map(spelling);
    let ignored = flow.ignored.iter().map(spelling);
    let groups: [(&str, Vec<Spelling>); 4] = [
        ("with", resources.collect()),
        ("state", states.collect()),
        ("external", external.collect()),
        ("ignore", ignored.collect()),
    ];
    let mut repeated = Vec::new();
    for (word, spellings) in &groups {
        for (index, declared) in spellings.iter().enumerate() {
            let Some(same) = declared.same_as(spellings.get(..index).unwrap_or_default()) else {
                continue;
            };
            let ty = &declared.ty;
            let kind = quote!((#same) as ::core::primitive::u8);
            let question = match *word {
                "with" => "GivenOnce",
                "state" => "KeptOnce",
                "external" => "ExternalOnce",
                _ => "IgnoredOnce",
            };
            repeated.push(Repeated {
                at: declared.at,
                kind,
                question: (question, ty.clone()),
            });
        }
    }
    repeated
}

/// The types, for one impl each: rustc would reject two for the same type, in words of its own. A
/// type that is there twice is replaced by one that no flow declares.
pub(super) fn one_impl_each<'a>(
    this: &Ident,
    types: impl Iterator<Item = &'a (impl ToTokens + Spanned + 'a)>,
) -> Vec<TokenStream> {
    let spellings: Vec<_> = types.map(spelling).collect();
    let types = spellings.iter().enumerate().map(|(index, spelling)| {
        let ty = &spelling.ty;
        match spelling.same_as(spellings.get(..index).unwrap_or_default()) {
            None => ty.clone(),
            Some(same) => quote! {
                <#this as ::flow_core::__private::Distinct<#ty, #same, #index>>::Type
            },
        }
    });
    types.collect()
}
