//! Which event an emit names. Where its path is not written as in `emits`, only the type tells: the
//! description of the handler asks for it in a `const`, with what the body imports for it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprMethodCall, Ident, PatIdent, Path};

use crate::handler::parse::Function;
use crate::handler::shape::items::Local;
use crate::handler::shape::walk::{Named, Walk, unwrapped};
use crate::handler::shape::words;

impl Walk {
    /// The index of the event that is certainly emitted: of the declared ones, or beyond them of
    /// those that the type decides.
    pub(super) fn event(&mut self, call: &ExprMethodCall) -> Option<usize> {
        if self.events.len() == 1 {
            return Some(0);
        }
        let made = unwrapped(call.args.first()?);
        let path = match made {
            Expr::Call(made) => match unwrapped(&made.func) {
                Expr::Path(path) if path.qself.is_none() => &path.path,
                _ => return None,
            },
            Expr::Struct(made) if made.qself.is_none() => &made.path,
            Expr::Path(path) if path.qself.is_none() => &path.path,
            _ => return None,
        };
        let (first, last) = (path.segments.first()?, path.segments.last()?);
        let is_constructor = last.ident.to_string().starts_with(char::is_uppercase);
        let is_bound = path.segments.len() == 1 && self.bound.contains(&first.ident);
        if !is_constructor || is_bound {
            return None;
        }
        let written = |event: &Path| event.to_token_stream().to_string();
        let text = written(path);
        let mut declared = self.events.iter();
        let declared = declared.position(|event| written(event) == text);
        let items = if path.leading_colon.is_some() {
            TokenStream::new()
        } else {
            self.imported(&first.ident, declared.is_some())?
        };
        if items.is_empty() && declared.is_some() {
            return declared;
        }
        let named = Named {
            made: made_of_nothing(made, path, last.ident.span()),
            items,
            at: last.ident.span(),
        };
        let mut known = self.named.iter();
        let same = |known: &Named| {
            known.made.to_string() == named.made.to_string()
                && known.items.to_string() == named.items.to_string()
        };
        let index = known.position(same).unwrap_or_else(|| {
            self.named.push(named);
            self.named.len() - 1
        });
        Some(self.events.len() + index)
    }

    /// The item of the body that the name stands for, if there is one; `None` where that is unclear.
    /// No macro declares an item with the name of an event, but one may declare another item.
    fn imported(&self, name: &Ident, is_event: bool) -> Option<TokenStream> {
        for block in self.items.iter().rev() {
            match block.find(name) {
                Local::Nothing if block.are_more => return None,
                Local::Nothing if block.calls_macros && !is_event => return None,
                Local::Nothing => {}
                Local::Unknown => return None,
                Local::Imported(item) => {
                    let is_whole = !words::any(&item, &|word| word != name && self.is_local(word));
                    return is_whole.then_some(item);
                }
            }
        }
        Some(TokenStream::new())
    }

    fn is_local(&self, name: &Ident) -> bool {
        let mut blocks = self.items.iter();
        blocks.any(|block| block.are_more || !matches!(block.find(name), Local::Nothing))
    }
}

/// The same constructor, with fields that are never evaluated.
fn made_of_nothing(made: &Expr, path: &Path, at: Span) -> TokenStream {
    let field = quote_spanned!(at=> ::flow_core::__private::never_made());
    match made {
        Expr::Call(call) => {
            let fields = call.args.iter().map(|_| &field);
            quote_spanned!(at=> #path(#(#fields),*))
        }
        Expr::Struct(made) => {
            let names = made.fields.iter().map(|field| &field.member);
            let attrs = made.fields.iter().map(|field| &field.attrs);
            let rest = made.rest.as_ref().map(|_| quote_spanned!(at=> ..#field));
            quote_spanned!(at=> #path { #(#(#attrs)* #names: #field,)* #rest })
        }
        _ => path.to_token_stream(),
    }
}

/// The names in patterns that may be those of an event: `DONE`.
pub(super) fn bound(function: &Function, body: &Block) -> Vec<Ident> {
    struct Names(Vec<Ident>);
    impl Visit<'_> for Names {
        fn visit_pat_ident(&mut self, name: &PatIdent) {
            if name.ident.to_string().starts_with(char::is_uppercase) {
                self.0.push(name.ident.clone());
            }
            visit::visit_pat_ident(self, name);
        }
    }
    let mut names = Names(Vec::new());
    for input in &function.sig.inputs {
        names.visit_fn_arg(input);
    }
    names.visit_block(body);
    names.0
}
