//! `#[handler(…)]` on an `async fn`.

mod body;
mod check;
mod conditions;
mod context;
mod document;
mod expand;
mod limits;
pub(crate) mod parse;
mod puts;
mod shape;
mod tasks;
mod types;
mod unemitted;
mod updates;

use proc_macro2::TokenStream;

use crate::errors::Errors;
use crate::functions::is_associated;
use crate::handler::shape::Shape;
use crate::krate;

pub(crate) use crate::handler::check::RESERVED;
pub(crate) use crate::handler::document::attribute as document;

pub(crate) fn attribute(args: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = parse::args(args, &mut errors);
    let expansion = expansion(&args, item, errors);
    krate::named(expansion, args.krate.as_ref())
}

fn expansion(args: &parse::Args, item: &TokenStream, mut errors: Errors) -> TokenStream {
    let item = &parse::with_raw_name(item);
    let function: parse::Function = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.push(error);
            let errors = errors.into_tokens();
            return quote::quote!(#errors #item);
        }
    };
    if let Some(both) = conditions::decided(&args.tokens, &function) {
        return both;
    }
    if is_associated(function.sig.ident.span()) && function.sig.receiver().is_none() {
        if !check::is_in_a_flow(&function) {
            errors.at(
                &function.sig.ident,
                format!(
                    "`{}` is in an `impl` or a `trait`, but a handler is a free function: move it out",
                    function.sig.ident
                ),
            );
        }
        return expand::associated(args, &function, errors);
    }
    let params = check::check(args, &function, &mut errors);
    if function.sig.receiver().is_some() {
        if errors.len() == 1 && check::is_in_a_flow(&function) {
            // The error for `self`.
            errors.truncate(0);
        }
        return expand::associated(args, &function, errors);
    }
    let are_events = check::derived(args, &function, &mut errors);
    if errors.is_empty() && are_events {
        tasks::check(&function, &mut errors);
        let borrowed = !errors.is_empty();
        let shape = Shape::new(args, &function);
        let errors = errors.into_tokens();
        let handler = expand::handler(args, &function, &params, &shape, borrowed);
        let unemitted = unemitted::checks(args, &function, &shape);
        quote::quote!(#errors #handler #unemitted)
    } else {
        expand::fallback(args, &function, errors)
    }
}
