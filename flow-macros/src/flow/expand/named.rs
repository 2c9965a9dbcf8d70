//! A flow with a name: a type that can be stored and documented, and a stage of other flows.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::attributes::Forwarded;
use crate::docs::docs;
use crate::flow::expand::plan::Plan;
use crate::flow::tree::Header;
use crate::spans::{after, beside};

/// The parts of the generated items that are not in the plan.
pub(super) struct Parts<'a> {
    pub(super) written: &'a TokenStream,
    pub(super) errors: &'a TokenStream,
    pub(super) words: &'a TokenStream,
    pub(super) inside: &'a TokenStream,
}

pub(super) fn items(plan: &Plan<'_>, header: &Header, parts: &Parts<'_>) -> TokenStream {
    let Parts {
        errors,
        words,
        inside,
        ..
    } = parts;
    let Some(name) = &header.name else {
        return TokenStream::new();
    };
    let this = &plan.this;
    let (attrs, vis) = (&header.attrs, &header.vis);
    let forwarded = Forwarded::new(attrs);
    let (lints, lints_of_uses) = (forwarded.lints(), forwarded.lints_of_uses());
    let alias = header.is_deprecated().then(|| {
        quote! {
            #[allow(deprecated)]
            type #this = #name;
        }
    });
    let stage = stage(plan);
    let new = quote_spanned! {after(name.span())=>
        /// The flow, ready to be given its resources and run.
        #vis fn new() -> ::flow_core::Flow<
            Self,
            <Self as ::flow_core::__private::Graph>::Resources,
        > {
            ::flow_core::Flow::new()
        }
    };
    let docs = docs(&header.attrs);
    let docs = docs.is_empty().then(|| {
        let line = format!("The flow `{name}`.");
        quote!(#[doc = #line])
    });
    let written = beside(parts.written.clone());
    quote! {
        #errors
        #(#attrs)*
        #docs
        #[cfg_attr(doc, ::flow_core::__private::document_flow(#written))]
        #vis struct #name(::core::convert::Infallible);
        #words
        #lints_of_uses
        #[allow(clippy::new_ret_no_self)]
        impl #name {
            /// The graph as data.
            #vis const GRAPH: &'static ::flow_core::graph::GraphDesc =
                <Self as ::flow_core::__private::Graph>::DESC;
            #new
        }
        #lints
        const _: () = {
            #alias
            #inside
            #stage
            // A flow that is only a stage, or only drawn, does not use both.
            const _: () = {
                let _ = #this::new;
                let _ = #this::GRAPH;
            };
        };
    }
}

/// The flow as a handler.
fn stage(plan: &Plan<'_>) -> TokenStream {
    let this = &plan.this;
    let item = plan.item();
    let (resources, external) = (&plan.flow.resources, &plan.flow.external);
    let call = call(plan);
    quote! {
        #[doc(hidden)]
        impl ::flow_core::Handler for #this {
            type Item = <Self as ::flow_core::__private::Graph>::Item;
            type Itself = Self;
            type Cause = ::flow_core::__private::WithoutCause;
            type Value = <Self as ::flow_core::__private::Graph>::Output;
            type Error = ::flow_core::FlowError;
            const DESC: ::flow_core::__private::HandlerDesc =
                ::flow_core::__private::HandlerDesc::flow(
                    <Self as ::flow_core::__private::Graph>::DESC,
                );
            fn is_given_up(__error: &::flow_core::FlowError) -> ::core::primitive::bool {
                ::flow_core::__private::is_given_up(__error)
            }
            #call
        }
        #[doc(hidden)]
        impl<__G> ::flow_core::__private::RunsIn<__G> for #this
        where
            __G: ::flow_core::__private::Graph,
            __G: ::flow_core::__private::StreamsItem<#item, #this>,
            #(__G: ::flow_core::__private::PassesOn<#external, #this>,)*
            #(#external: ::flow_core::__private::CloneForStage<#this, __G>,)*
        {
            #[inline]
            fn item<__T: 'static>(
                __item: &mut ::core::option::Option<__T>,
            ) -> ::core::option::Option<<__G as ::flow_core::__private::Graph>::Item> {
                ::core::option::Option::map(
                    ::flow_core::__private::input::<#item, __T>(__item),
                    <__G as ::flow_core::__private::StreamsItem<#item, #this>>::convert,
                )
            }
        }
        #[doc(hidden)]
        impl<__G> ::flow_core::__private::Needs<__G> for #this
        where
            #(__G: ::flow_core::__private::HasResource<#resources>,)*
        {
        }
        #[doc(hidden)]
        impl<__I> ::flow_core::__private::On<__I> for #this {
            type Parameter = __I;
            type Input = <Self as ::flow_core::__private::Graph>::Input;
        }
        #[doc(hidden)]
        impl<__I> ::flow_core::__private::Accepts<__I> for #this {
            type Parameter = <Self as ::flow_core::__private::Graph>::Input;
        }
        #(
            #[doc(hidden)]
            impl ::flow_core::__private::HasParameter<::flow_core::Res<#resources>> for #this {}
        )*
    }
}

/// Runs the flow within another one.
fn call(plan: &Plan<'_>) -> TokenStream {
    let this = &plan.this;
    let (input, resources) = (plan.input(), &plan.flow.resources);
    quote! {
        fn call<__R: ::flow_core::Router, __I: ::core::marker::Send + 'static>(
            __input: __I,
            __cx: &::flow_core::Cx<__R, Self>,
        ) -> impl ::core::future::Future<
            Output = ::core::result::Result<Self::Value, Self::Error>,
        > + ::core::marker::Send {
            let __input = ::flow_core::__private::input::<#input, __I>(
                &mut ::core::option::Option::Some(__input),
            );
            async move {
                let ::core::option::Option::Some(__input) = __input else {
                    ::flow_core::__private::unexpected()
                };
                let mut __resources =
                    <::flow_core::__private::TypeMap as ::core::default::Default>::default();
                #(
                    ::flow_core::__private::TypeMap::share::<#resources>(
                        &mut __resources,
                        ::flow_core::Cx::declared_resource::<#resources>(__cx),
                    );
                )*
                ::flow_core::__private::run_within::<#this, _, _>(__input, __resources, __cx)
                    .await
            }
        }
    }
}
