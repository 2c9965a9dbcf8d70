//! The parameters whose types decide what they are: an event, or a resource or a state under
//! another name. See `macro_support/parameter.rs`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Ident, Type};

use crate::handler::check::{Param, context_by_type};
use crate::handler::expand::parts::Parts;
use crate::handler::parse::Function;
use crate::spans::over;

/// The number of a kind of parameter, which the type decides.
fn kind_of(ty: &Type) -> TokenStream {
    quote! {{
        use ::flow_core::__private::IsValue as _;
        ::flow_core::__private::Probe::<#ty>::KIND
    }}
}

/// `<ty as Context<…>>`, for a type that may be `Cx` under another name.
pub(super) fn context(ty: &Type, router: &TokenStream, name: &Ident) -> TokenStream {
    let kind = kind_of(ty);
    over(
        ty.span(),
        |at| quote_spanned!(at=> <#ty as ::flow_core::__private::Context<#router, #name, #kind>>),
    )
}

/// The type behind the reference that may be to the context under another name.
pub(super) fn borrowed(function: &Function) -> Option<&Type> {
    let index = context_by_type(&function.sig)?;
    match function.sig.inputs.get(index)? {
        FnArg::Typed(typed) => match &*typed.ty {
            Type::Reference(reference) => Some(&reference.elem),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}

/// The check that it is.
pub(super) fn borrows_context(function: &Function) -> Option<TokenStream> {
    let ty = borrowed(function)?;
    let kind = kind_of(ty);
    let ok = over(
        ty.span(),
        |at| quote_spanned!(at=> <#ty as ::flow_core::__private::Borrowed<#kind>>::OK),
    );
    Some(quote!(const _: () = #ok;))
}

/// The items, which name the kinds of the parameters, in a `const` with these.
pub(super) fn around(parts: &Parts<'_>, items: TokenStream) -> TokenStream {
    if parts.unclear().next().is_none() {
        return items;
    }
    let kinds = parts.unclear().enumerate().map(|(index, ty)| {
        let name = kind(index);
        let kind = kind_of(ty);
        let owned = over(
            ty.span(),
            |at| quote_spanned!(at=> <#ty as ::flow_core::__private::Owned<#kind>>::KIND),
        );
        quote!(const #name: ::core::primitive::u8 = #owned;)
    });
    let one_value = one_value(parts);
    quote!(const _: () = { #(#kinds)* #one_value #items };)
}

fn kind(index: usize) -> Ident {
    format_ident!("__KIND{index}")
}

/// `<ty as Parameter<…>>::item`
fn parameter(index: usize, ty: &Type, item: impl Fn(Span) -> TokenStream) -> TokenStream {
    let kind = kind(index);
    over(ty.span(), |at| {
        let item = item(at);
        quote_spanned!(at=> <#ty as ::flow_core::__private::Parameter<#kind>>::#item)
    })
}

/// The type that the handler takes, if it may take one: `()` if the types show that it takes none.
pub(super) fn value(parts: &Parts<'_>) -> Option<TokenStream> {
    value_of(parts, &quote!(()))
}

/// The type that the handler takes if `arrived` arrives, which is that if it takes none.
pub(super) fn value_of(parts: &Parts<'_>, arrived: &TokenStream) -> Option<TokenStream> {
    if let Some(ty) = parts.input() {
        return Some(ty.to_token_stream());
    }
    let unclear: Vec<_> = parts.unclear().enumerate().collect();
    (!unclear.is_empty()).then(|| {
        let unclear = unclear.into_iter().rev();
        unclear.fold(arrived.clone(), |rest, (index, ty)| {
            parameter(index, ty, |at| quote_spanned!(at=> Or<#rest>))
        })
    })
}

/// The argument for the parameter.
pub(super) fn argument(index: usize, ty: &Type) -> TokenStream {
    let argument = parameter(index, ty, |at| quote_spanned!(at=> argument));
    quote!(#argument(&mut __value, __cx))
}

/// The cause of the error that the handler takes, if a parameter may be one under another name.
pub(super) fn cause(parts: &Parts<'_>) -> Option<TokenStream> {
    let unclear: Vec<_> = parts.unclear().enumerate().collect();
    if parts.input().is_some() || unclear.is_empty() {
        return None;
    }
    let cause = unclear.into_iter().rev();
    let cause = cause.fold(quote!(()), |rest, (index, ty)| {
        parameter(index, ty, |at| quote_spanned!(at=> CauseOr<#rest>))
    });
    Some(quote! {
        <#cause as ::flow_core::__private::Cause<{
            use ::flow_core::__private::Differs as _;
            ::flow_core::__private::Pair::<#cause, ()>::SAME
        }>>::Spec
    })
}

/// The requirements on a flow.
pub(super) fn provided(parts: &Parts<'_>) -> impl Iterator<Item = TokenStream> {
    parts.unclear().enumerate().map(|(index, ty)| {
        let resource = parameter(index, ty, |at| quote_spanned!(at=> Resource));
        let state = parameter(index, ty, |at| quote_spanned!(at=> State));
        let snapshot = parameter(index, ty, |at| quote_spanned!(at=> Snapshot));
        quote! {
            __G: ::flow_core::__private::HasResource<#resource>,
            __G: ::flow_core::__private::HasState<#state>,
            __G: ::flow_core::__private::HasSnapshot<#snapshot>
        }
    })
}

/// The check that it takes one value, for each parameter after the first that may be one.
fn one_value(parts: &Parts<'_>) -> TokenStream {
    let mut before = Vec::new();
    let mut unclear = 0;
    let mut checks = TokenStream::new();
    for param in parts.params {
        let (ty, is_value) = match param {
            Param::Event(ty) => (ty, quote!(1)),
            Param::Unclear(ty) => {
                let kind = kind(unclear);
                unclear += 1;
                (
                    ty,
                    quote!((#kind == 0 || #kind == 4) as ::core::primitive::u8),
                )
            }
            _ => continue,
        };
        if !before.is_empty() {
            let number = quote!({ #is_value * (#(#before)+*) });
            let ok = over(
                ty.span(),
                |at| quote_spanned!(at=> <#ty as ::flow_core::__private::OneValue<#number>>::OK),
            );
            checks.extend(quote!(const _: () = #ok;));
        }
        before.push(is_value);
    }
    checks
}
