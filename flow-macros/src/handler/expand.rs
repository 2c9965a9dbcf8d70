//! The function as it was written, and beside it a type of the same name that stands for it in a
//! flow.

mod limits;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Ident, ReturnType, Signature, Type, parse_quote};

use crate::docs::docs;
use crate::errors::Errors;
use crate::handler::body::{Body, calls_put};
use crate::handler::check::{Param, cause, is_cx};
use crate::handler::parse::{Args, Function};

/// A handler without a defect.
pub(crate) fn handler(args: &Args, function: &Function, params: &[Param]) -> TokenStream {
    let name = &function.sig.ident;
    let written = written(function, Context::Whole);
    let twin = twin(function);
    let declaration = declaration(args, function, params);
    let emits = args.emits.as_deref().unwrap_or_default();
    let fits = fits(args, function, params);
    let takes = takes(args, function, params);
    let asks = params.iter().filter_map(|param| match param {
        Param::Resource(ty) => Some(quote!(::flow_core::Res<#ty>)),
        Param::State(ty) => Some(quote!(::flow_core::State<#ty>)),
        _ => None,
    });
    let retried = limits::retried(&args.limits, name, &can_fail(&returned(function)));
    quote! {
        #written
        #twin
        #declaration
        #retried
        #(
            #[automatically_derived]
            impl ::flow_core::Emits<#emits> for #name {}
        )*
        #fits
        #takes
        #(
            #[automatically_derived]
            impl ::flow_core::__private::Asks<#asks> for #name {}
        )*
    }
}

/// The errors, the function, and a type that claims nothing and agrees to everything, so that the
/// flows it is in report nothing more, and an IDE goes on working in its body.
pub(crate) fn broken(args: &Args, function: &Function, errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    if function.sig.receiver().is_some() {
        // It stands in an `impl` block, where no type can be defined.
        return quote!(#errors #function);
    }
    let name = &function.sig.ident;
    let written = written(function, Context::InError);
    let twin = twin(function);
    let item = item(args, function);
    // What it returns is as good as it was, unless that is the error.
    let value = match returned(function) {
        Type::ImplTrait(_) => quote!(()),
        returned => {
            let outcome = outcome(&returned);
            quote!(<#outcome>::Value)
        }
    };
    quote! {
        #errors
        #[allow(dead_code)]
        #written
        #twin
        impl ::flow_core::Handler for #name {
            type Item = #item;
            type Itself = Self;
            type Cause = ::flow_core::__private::NoCause;
            type Value = #value;
            type Error = ::flow_core::BoxError;
            const DESC: ::flow_core::__private::HandlerDesc =
                ::flow_core::__private::HandlerDesc::BROKEN;
            fn call<__R: ::flow_core::Router, __I: ::core::marker::Send + 'static>(
                _: __I,
                _: &::flow_core::Cx<__R, Self>,
            ) -> impl ::core::future::Future<
                Output = ::core::result::Result<Self::Value, Self::Error>,
            > + ::core::marker::Send {
                async { ::flow_core::__private::unexpected() }
            }
        }
        impl<__G: ::flow_core::__private::Graph> ::flow_core::__private::Fits<__G> for #name {
            fn item<__T: 'static>(
                _: &mut ::core::option::Option<__T>,
            ) -> ::core::option::Option<<__G as ::flow_core::__private::Graph>::Item> {
                ::core::option::Option::None
            }
        }
        impl<__E> ::flow_core::__private::On<__E> for #name {}
        impl<__I> ::flow_core::__private::Takes<__I> for #name {}
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attrs,
            vis,
            sig,
            body,
            ..
        } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}

/// The context that the function gets.
#[derive(Clone, Copy)]
enum Context {
    Whole,
    /// One that agrees to everything.
    InError,
}

/// The function, generic over the router it runs on if it has a context.
fn written(function: &Function, context: Context) -> TokenStream {
    let mut sig = function.sig.clone();
    fill_in_context(&mut sig, context);
    let sig = with_generics(&sig);
    let (attrs, vis, body) = (&function.attrs, &function.vis, &function.body);
    quote! {
        #(#attrs)*
        #[allow(clippy::unused_async)]
        #vis #sig #body
    }
}

/// Turns `&Cx` into `&Cx<__R, handler>`; the path stays the user's, for its span and its meaning.
fn fill_in_context(sig: &mut Signature, context: Context) {
    let name = sig.ident.clone();
    let mut found = false;
    for input in &mut sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let ty = match &mut *typed.ty {
            Type::Reference(reference) => &mut *reference.elem,
            ty => ty,
        };
        if !is_cx(ty) {
            continue;
        }
        found = true;
        *ty = match context {
            Context::Whole => parse_quote!(#ty<__R, #name>),
            Context::InError => {
                parse_quote!(<#ty<__R, #name> as ::flow_core::__private::InError>::Cx)
            }
        };
    }
    if found {
        sig.generics
            .params
            .push(parse_quote!(__R: ::flow_core::Router));
    }
}

/// Writes `<>` where there are no parameters. For a type in `Res<T>` that does not exist, rustc would
/// advise to add one here, and so report it once with that advice and once, at the declaration,
/// without.
fn with_generics(sig: &Signature) -> TokenStream {
    if !sig.generics.params.is_empty() {
        return sig.to_token_stream();
    }
    let mut words = sig.to_token_stream().into_iter();
    let mut written = TokenStream::new();
    for word in words.by_ref() {
        let is_name = matches!(&word, TokenTree::Ident(ident) if *ident == sig.ident);
        word.to_tokens(&mut written);
        if is_name {
            break;
        }
    }
    quote!(#written<> #(#words)*)
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

fn declaration(args: &Args, function: &Function, params: &[Param]) -> TokenStream {
    let name = &function.sig.ident;
    let text = name.to_string();
    let text = text.trim_start_matches("r#");
    let item = item(args, function);
    let returned = returned(function);
    let can_fail = can_fail(&returned);
    let outcome = outcome(&returned);
    // What cannot leave is reported at the return type.
    let error = quote_spanned!(returned.span()=> <#outcome>::Error);
    let value = quote_spanned!(returned.span()=> <#outcome>::Value);
    let docs = docs(&function.attrs);
    let on = args.on.as_deref().unwrap_or_default();
    let emits = args.emits.as_deref().unwrap_or_default();
    let silent = !puts(args, function) && emits.is_empty();
    let limits = limits::described(&args.limits, silent);
    let call = call(args, function, params);
    let cause = event_type(params).and_then(cause);
    let cause = cause.map_or_else(
        || quote!(::flow_core::__private::NoCause),
        |ty| quote!(::flow_core::__private::Caused<#ty>),
    );
    let body = Body::new(args, function);
    let undeclared = (!body.undeclared.is_empty()).then(|| {
        let names = &body.undeclared;
        quote!(.undeclared(&[#(#names),*]))
    });
    let course = body.course.map(|course| {
        let course = Ident::new(course, Span::call_site());
        quote!(.course(::flow_core::__private::Course::#course))
    });
    let taken = taken(args, params);
    quote! {
        #[automatically_derived]
        impl ::flow_core::Handler for #name {
            type Item = #item;
            type Itself = Self;
            type Cause = #cause;
            type Value = #value;
            type Error = #error;
            const DESC: ::flow_core::__private::HandlerDesc = ::flow_core::__private::HandlerDesc::new(
                #text,
                #docs,
                ::flow_core::__private::Place::new(
                    ::core::file!(),
                    ::core::line!(),
                    ::core::column!(),
                ),
                &[#(<#on as ::flow_core::Event>::DESC),*],
                &[#(<#emits as ::flow_core::Event>::DESC),*],
                #can_fail,
            ) #limits #undeclared #course;
            #call
            #taken
        }
    }
}

/// Calls the function with what arrived, if it takes that.
fn call(args: &Args, function: &Function, params: &[Param]) -> TokenStream {
    let name = &function.sig.ident;
    let returned = returned(function);
    let outcome = outcome(&returned);
    // A future that is not `Send` is reported at the function's name.
    let future = quote_spanned! {name.span()=>
        impl ::core::future::Future<
            Output = ::core::result::Result<Self::Value, Self::Error>,
        > + ::core::marker::Send
    };
    let arguments = params.iter().map(|param| match param {
        Param::Event(_) => quote!(__input),
        Param::Cx => quote!(__cx),
        Param::Resource(ty) => quote!(::flow_core::Cx::resource::<#ty>(__cx)),
        Param::State(ty) => quote!(::flow_core::Cx::state::<#ty>(__cx)),
    });
    let (prepare, unpack) = match event_type(params) {
        Some(ty) => {
            let prepare = prepare(args, ty);
            let unpack = quote! {
                let ::core::option::Option::Some(__input) = __input else {
                    ::flow_core::__private::unexpected()
                };
            };
            (prepare, unpack)
        }
        None => (quote!(let _ = __input;), quote!()),
    };
    let attempt = quote! {
        let __returned: #returned = #name(#(#arguments),*).await;
        <#outcome>::into_result(__returned)
    };
    let (asked, calls) = if args.limits.are_there() {
        let input = event_type(params);
        limits::limited(&args.limits, name, input, &returned, &outcome, &attempt)
    } else {
        (TokenStream::new(), attempt)
    };
    quote! {
        #[inline]
        fn call<__R: ::flow_core::Router, __I: ::core::marker::Send + 'static>(
            __input: __I,
            __cx: &::flow_core::Cx<__R, Self>,
        ) -> #future {
            #asked
            #prepare
            async move {
                let _ = __cx;
                #unpack
                #calls
            }
        }
    }
}

/// Makes of what arrived what the handler takes, an `Option`.
fn prepare(args: &Args, ty: &Type) -> TokenStream {
    let inputs = inputs(args, ty);
    quote! {
        let mut __arrived = ::core::option::Option::Some(__input);
        let __input = ::core::option::Option::<#ty>::None;
        #(
            let __input = match __input {
                ::core::option::Option::None => #inputs,
                __some => __some,
            };
        )*
    }
}

/// The same for what a test puts in the handler's place, where something is to be converted.
fn taken(args: &Args, params: &[Param]) -> Option<TokenStream> {
    let ty = event_type(params)?;
    // The first is the parameter's own type.
    inputs(args, ty).nth(1)?;
    let prepare = prepare(args, ty);
    Some(quote! {
        fn taken<__I: ::core::marker::Send + 'static>(
            __input: __I,
        ) -> ::flow_core::__private::Taken {
            #prepare
            ::flow_core::__private::taken(__input)
        }
    })
}

fn event_type(params: &[Param]) -> Option<&Type> {
    params.iter().find_map(|param| match param {
        Param::Event(ty) => Some(&**ty),
        _ => None,
    })
}

/// What the parameter can be made from: itself, and each event that the handler is `on`. (Where an
/// event is the parameter's type, that comes to the same, and says that the two do not match where
/// they do not.)
fn inputs<'a>(args: &'a Args, ty: &'a Type) -> impl Iterator<Item = TokenStream> + 'a {
    let itself = quote!(::flow_core::__private::input::<#ty, __I>(&mut __arrived));
    let named = ty.to_token_stream().to_string();
    let others = args.on.iter().flatten();
    let others = others.filter(move |event| event.to_token_stream().to_string() != named);
    let converted = others.map(move |event| {
        quote_spanned!(ty.span()=> ::flow_core::__private::converted::<#ty, #event, __I>(&mut __arrived))
    });
    std::iter::once(itself).chain(converted)
}

/// `Returned as Outcome<…>`
fn outcome(returned: &Type) -> TokenStream {
    let can_fail = can_fail(returned);
    quote!(#returned as ::flow_core::__private::Outcome<#can_fail>)
}

/// Whether it is a `Result`, under whatever name: a constant of its type.
fn can_fail(returned: &Type) -> TokenStream {
    match returned {
        Type::Tuple(tuple) if tuple.elems.is_empty() => quote!(false),
        returned => quote! {{
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<#returned>::FALLIBLE
        }},
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
fn item(args: &Args, function: &Function) -> Type {
    match &args.streams {
        Some(ty) => ty.clone(),
        None if calls_put(function.body.clone()) => parse_quote!(::flow_core::__private::String),
        None => parse_quote!(::flow_core::__private::NoItems),
    }
}

fn puts(args: &Args, function: &Function) -> bool {
    args.streams.is_some() || calls_put(function.body.clone())
}

/// What the handler asks of a flow, other than events.
fn fits(args: &Args, function: &Function, params: &[Param]) -> TokenStream {
    let name = &function.sig.ident;
    let item = item(args, function);
    let puts = puts(args, function);
    let streams = puts.then(|| quote!(__G: ::flow_core::__private::Streams<#item, #name>,));
    let provides = params.iter().filter_map(|param| match param {
        Param::Resource(ty) => Some(quote!(__G: ::flow_core::__private::Provides<#ty, #name>)),
        Param::State(ty) => Some(quote!(__G: ::flow_core::__private::HasState<#ty, #name>)),
        _ => None,
    });
    let convert = if puts {
        quote! {
            ::core::option::Option::map(
                ::flow_core::__private::input::<#item, __T>(__item),
                <__G as ::flow_core::__private::Streams<#item, #name>>::convert,
            )
        }
    } else {
        quote! {
            let _ = __item;
            ::core::option::Option::None
        }
    };
    quote! {
        #[automatically_derived]
        impl<__G> ::flow_core::__private::Fits<__G> for #name
        where
            __G: ::flow_core::__private::Graph,
            #streams
            #(#provides,)*
        {
            #[inline]
            fn item<__T: 'static>(
                __item: &mut ::core::option::Option<__T>,
            ) -> ::core::option::Option<<__G as ::flow_core::__private::Graph>::Item> {
                #convert
            }
        }
    }
}

/// What the handler may be the target of: by `when`, and by `start`.
fn takes(args: &Args, function: &Function, params: &[Param]) -> TokenStream {
    let name = &function.sig.ident;
    let fits =
        event_type(params).map(|ty| quote!(where __I: ::flow_core::__private::Brings<#ty, #name>));
    let on = if let Some(events) = &args.on {
        quote! {
            #(
                #[automatically_derived]
                impl ::flow_core::__private::On<#events> for #name {}
            )*
        }
    } else {
        quote! {
            #[automatically_derived]
            impl<__I> ::flow_core::__private::On<__I> for #name #fits {}
        }
    };
    quote! {
        #on
        #[automatically_derived]
        impl<__I> ::flow_core::__private::Takes<__I> for #name #fits {}
    }
}
