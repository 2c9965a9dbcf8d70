//! The function as it was written, and beside it a type of the same name that stands for it in a
//! flow.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Ident, PathArguments, ReturnType, Signature, Type, parse_quote};

use crate::errors::Errors;
use crate::handler::check::{Param, is_cx};
use crate::handler::parse::{Args, Function};

/// A handler without a defect.
pub(crate) fn handler(args: &Args, function: &Function, params: &[Param]) -> TokenStream {
    let name = &function.sig.ident;
    let context: Type = parse_quote!(::flow_core::Cx<__R, #name>);
    let written = written(function, Some(&context));
    let twin = twin(function);
    let declaration = declaration(args, function);
    let fits = fits(args, function, params);
    let stages = stages(args, function, params);
    quote! {
        #written
        #twin
        #declaration
        #fits
        #stages
    }
}

/// The errors, the function, and a type that claims nothing and agrees to everything, so that the
/// flows it is in report nothing more.
pub(crate) fn broken(args: &Args, function: &Function, errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    if function.sig.receiver().is_some() {
        // It stands in an `impl` block, where no type can be defined.
        return quote!(#errors #function);
    }
    let name = &function.sig.ident;
    let context: Type = parse_quote!(::flow_core::__private::BrokenCx<__R>);
    let written = written(function, Some(&context));
    let twin = twin(function);
    let item = args
        .streams
        .as_ref()
        .map_or_else(|| quote!(::flow_core::__private::NoItems), |ty| quote!(#ty));
    quote! {
        #errors
        #[allow(dead_code)]
        #written
        #twin
        impl ::flow_core::Handler for #name {
            type Item = #item;
            type Value = ();
            const DESC: ::flow_core::__private::HandlerDesc =
                ::flow_core::__private::HandlerDesc::BROKEN;
        }
        impl ::flow_core::__private::Broken for #name {}
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attrs,
            vis,
            sig,
            body,
        } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}

/// The function, generic over the router it runs on if it has a context.
fn written(function: &Function, context: Option<&Type>) -> TokenStream {
    let mut sig = function.sig.clone();
    if let Some(context) = context {
        fill_in_context(&mut sig, context);
    }
    let (attrs, vis, body) = (&function.attrs, &function.vis, &function.body);
    quote! {
        #(#attrs)*
        #[allow(clippy::unused_async)]
        #vis #sig #body
    }
}

/// Turns `&Cx` into `&Cx<__R, handler>`; the path stays the user's, for its span and its meaning.
fn fill_in_context(sig: &mut Signature, context: &Type) {
    let mut found = false;
    for input in &mut sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let Type::Reference(reference) = &mut *typed.ty else {
            continue;
        };
        if !is_cx(&reference.elem) {
            continue;
        }
        found = true;
        let (Type::Path(written), Type::Path(context)) = (&mut *reference.elem, context) else {
            continue;
        };
        let Some(filled) = context.path.segments.last() else {
            continue;
        };
        if filled.ident != "Cx" {
            written.path = context.path.clone();
        } else if let Some(last) = written.path.segments.last_mut() {
            last.arguments = filled.arguments.clone();
            debug_assert!(!matches!(last.arguments, PathArguments::None));
        }
    }
    if found {
        sig.generics
            .params
            .push(parse_quote!(__R: ::flow_core::Router));
    }
}

/// The type namespace is free: `use` brings the function and this together.
fn twin(function: &Function) -> TokenStream {
    let (vis, name) = (&function.vis, &function.sig.ident);
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, clippy::empty_enums)]
        #vis enum #name {}
    }
}

fn declaration(args: &Args, function: &Function) -> TokenStream {
    let name = &function.sig.ident;
    let text = name.to_string();
    let text = text.trim_start_matches("r#");
    let item =
        item(args, function).unwrap_or_else(|| parse_quote!(::flow_core::__private::NoItems));
    let returned = returned(function);
    let outcome = outcome(&returned);
    let emits = args.emits.as_deref().unwrap_or_default();
    quote! {
        #[automatically_derived]
        impl ::flow_core::Handler for #name {
            type Item = #item;
            type Value = <#outcome>::Value;
            const DESC: ::flow_core::__private::HandlerDesc = ::flow_core::__private::HandlerDesc::new(
                #text,
                &[#(<#emits as ::flow_core::Event>::DESC),*],
            );
        }
        #(
            #[automatically_derived]
            impl ::flow_core::Emits<#emits> for #name {}
        )*
    }
}

/// `Returned as Outcome<…>`
fn outcome(returned: &Type) -> TokenStream {
    quote_spanned! {returned.span()=>
        #returned as ::flow_core::__private::Outcome<{
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<#returned>::FALLIBLE
        }>
    }
}

fn returned(function: &Function) -> Type {
    match &function.sig.output {
        ReturnType::Default => parse_quote!(()),
        ReturnType::Type(_, ty) => (**ty).clone(),
    }
}

/// What the handler puts: what it says, or `String` if it does not say and puts something. Whether
/// it does, its text tells: a handler that puts nothing fits into a stream of anything.
fn item(args: &Args, function: &Function) -> Option<Type> {
    args.streams.clone().or_else(|| {
        calls_put(function.body.clone()).then(|| parse_quote!(::flow_core::__private::String))
    })
}

/// Whether `.put` stands anywhere in the tokens.
fn calls_put(tokens: TokenStream) -> bool {
    let mut after_dot = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if calls_put(group.stream()) => return true,
            TokenTree::Ident(ident) if after_dot && ident == "put" => return true,
            TokenTree::Punct(punct) => after_dot = punct.as_char() == '.',
            _ => after_dot = false,
        }
    }
    false
}

/// What the handler asks of a flow, other than events.
fn fits(args: &Args, function: &Function, params: &[Param]) -> TokenStream {
    let name = &function.sig.ident;
    let item = item(args, function);
    let streams = item
        .iter()
        .map(|item| quote!(__G: ::flow_core::__private::Streams<#item, #name>));
    let provides = params.iter().filter_map(|param| match param {
        Param::Resource(ty) => Some(quote!(__G: ::flow_core::__private::Provides<#ty, #name>)),
        _ => None,
    });
    let convert = item.as_ref().map_or_else(
        || {
            quote!({
                let _ = __item;
                ::core::option::Option::None
            })
        },
        |item| {
            quote! {
                ::core::option::Option::map(
                    ::flow_core::__private::take::<#item>(__item),
                    <__G as ::flow_core::__private::Streams<#item, #name>>::convert,
                )
            }
        },
    );
    quote! {
        #[automatically_derived]
        impl<__G> ::flow_core::__private::Fits<__G> for #name
        where
            __G: ::flow_core::__private::Graph,
            #(#streams,)*
            #(#provides,)*
        {
            fn item(
                __item: &mut dyn ::core::any::Any,
            ) -> ::core::option::Option<<__G as ::flow_core::__private::Graph>::Item> {
                #convert
            }
        }
    }
}

/// What the handler can be called with.
fn stages(args: &Args, function: &Function, params: &[Param]) -> TokenStream {
    let name = &function.sig.ident;
    let event = params.iter().find_map(|param| match param {
        Param::Event(ty) => Some(ty),
        _ => None,
    });
    let on = args.on.as_deref();
    match (event, on) {
        // Any input will do; which events, `on` says.
        (None, on) => {
            let any = quote!(__I: ::core::marker::Send + 'static);
            let stage = stage(function, params, Some(&any), &parse_quote!(__I), None);
            let on = match on {
                Some(events) => events.iter().map(|event| on_event(name, event)).collect(),
                None => quote! {
                    #[automatically_derived]
                    impl<__R: ::flow_core::Router, __E: ::core::marker::Send + 'static>
                        ::flow_core::__private::On<__R, __E> for #name {}
                },
            };
            quote!(#stage #on)
        }
        (Some(ty), None) => {
            let stage = stage(function, params, None, ty, None);
            quote! {
                #stage
                #[automatically_derived]
                impl<__R: ::flow_core::Router, __E> ::flow_core::__private::On<__R, __E> for #name
                where
                    Self: ::flow_core::__private::Stage<__R, __E>,
                {}
            }
        }
        (Some(ty), Some(events)) => events
            .iter()
            .map(|event| {
                let stage = stage(function, params, None, &parse_quote!(#event), Some(ty));
                let on = on_event(name, event);
                quote!(#stage #on)
            })
            .collect(),
    }
}

fn on_event(name: &Ident, event: &syn::Path) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl<__R: ::flow_core::Router> ::flow_core::__private::On<__R, #event> for #name {}
    }
}

/// `impl Stage<R, input>`; `converted` is the parameter's type where it is made from the input.
fn stage(
    function: &Function,
    params: &[Param],
    generic: Option<&TokenStream>,
    input: &Type,
    converted: Option<&Type>,
) -> TokenStream {
    let name = &function.sig.ident;
    let returned = returned(function);
    let outcome = outcome(&returned);
    let payload = converted.map_or_else(
        || quote!(__input),
        |ty| {
            quote_spanned!(ty.span()=>
                <#ty as ::flow_core::__private::Payload<#input>>::from_event(__input))
        },
    );
    let arguments = params.iter().map(|param| match param {
        Param::Event(_) => payload.clone(),
        Param::Cx => quote!(__cx),
        Param::Resource(ty) => quote!(::flow_core::Cx::resource::<#ty>(__cx)?),
    });
    let unused = if params.iter().any(|param| matches!(param, Param::Event(_))) {
        quote!()
    } else {
        quote!(let _ = __input;)
    };
    let context = if params
        .iter()
        .any(|param| matches!(param, Param::Cx | Param::Resource(_)))
    {
        quote!()
    } else {
        quote!(let _ = __cx;)
    };
    // A future that is not `Send` is reported at the function's name.
    let future = quote_spanned! {name.span()=>
        impl ::core::future::Future<
            Output = ::core::result::Result<Self::Value, ::flow_core::BoxError>,
        > + ::core::marker::Send
    };
    let generic = generic.into_iter();
    quote! {
        #[automatically_derived]
        impl<__R: ::flow_core::Router, #(#generic)*> ::flow_core::__private::Stage<__R, #input> for #name {
            fn call(__input: #input, __cx: &::flow_core::Cx<__R, Self>) -> #future {
                async move {
                    #unused
                    #context
                    <#outcome>::into_result(#name(#(#arguments),*).await)
                }
            }
        }
    }
}
