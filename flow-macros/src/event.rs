//! `#[derive(Event)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::docs::docs;
use crate::errors::Errors;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    if input.generics.params.is_empty() {
        expand(&input)
    } else {
        errors.at(
            &input.generics,
            format!(
                "an event cannot be generic: wrap what it carries in a type of its own, \
                 such as `struct {}(Vec<u8>);`",
                input.ident
            ),
        );
        let errors = errors.into_tokens();
        let event = expand(&input);
        quote!(#errors #event)
    }
}

fn expand(input: &DeriveInput) -> TokenStream {
    let (name, generics) = (&input.ident, &input.generics);
    let docs = docs(&input.attrs);
    let (params, args, bounds) = generics.split_for_impl();
    let text = name.to_string();
    let text = text.trim_start_matches("r#");
    // With parameters the impl stands beside an error: it is there so that no other follows.
    let where_static = if generics.params.is_empty() {
        quote!(#bounds)
    } else {
        quote!(where Self: ::core::marker::Send + 'static)
    };
    quote! {
        #[automatically_derived]
        impl #params ::flow_core::Event for #name #args #where_static {
            const DESC: ::flow_core::__private::EventDesc =
                ::flow_core::__private::EventDesc::new(
                    #text,
                    #docs,
                    ::core::concat!(::core::module_path!(), "::", #text),
                    ::flow_core::__private::Place::new(
                        ::core::file!(),
                        ::core::line!(),
                        ::core::column!(),
                    ),
                );
        }
    }
}
