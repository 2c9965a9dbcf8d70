//! Where a piece of code is, which decides how it leaves its clause early.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::flow::expand::split::is_tail;
use crate::flow::expand::typed::TypedRoute;
use crate::flow::route::Route;

/// The surroundings of a piece of code, which decide how to leave it early.
#[derive(Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says where the code is, and they occur in most combinations"
)]
pub(super) struct Within<'a> {
    /// In a future of its own, and not in an arm of the loop.
    pub(super) is_future: bool,
    /// Alongside others, in a join or an `each`.
    pub(super) is_concurrent: bool,
    /// An `else` takes errors.
    pub(super) tried: Option<Tried<'a>>,
    pub(super) item: Item,
    /// Nothing of the clause follows.
    pub(super) is_tail: bool,
    /// An error was taken before, by an `else` or by the rescue that the clause is: `__taken`.
    pub(super) has_taken: bool,
}

/// How an `else` takes an error out of a chain.
#[derive(Clone, Copy)]
pub(super) enum Tried<'a> {
    /// Only this handler can fail, so the error keeps its type.
    Typed(&'a Path),
    Boxed,
}

/// Whether `skip` can leave the item of an `each` out.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Item {
    No,
    /// In the future of the item.
    Here,
    /// In that of a chain with an `else` in it.
    Around,
}

impl<'a> Within<'a> {
    pub(super) const CLAUSE: Self = Self {
        is_future: false,
        is_concurrent: false,
        tried: None,
        item: Item::No,
        is_tail: true,
        has_taken: false,
    };

    /// A branch of a join.
    pub(super) fn branch(self) -> Self {
        Self {
            is_future: true,
            is_concurrent: true,
            item: Item::No,
            is_tail: false,
            ..self
        }
    }

    /// An item of an `each`.
    pub(super) fn item(self, route: &Route) -> Self {
        let item = if route.skips() { Item::Here } else { Item::No };
        Self {
            item,
            ..self.branch()
        }
    }

    /// A chain with an `else`.
    pub(super) fn tried(self, route: &'a Route) -> Self {
        let tried = match route.failing_handler() {
            Some(handler) => Tried::Typed(handler),
            None => Tried::Boxed,
        };
        let item = match self.item {
            Item::No => Item::No,
            Item::Here | Item::Around => Item::Around,
        };
        Self {
            is_future: true,
            tried: Some(tried),
            item,
            is_tail: false,
            ..self
        }
    }

    /// What stands in for a stage.
    pub(super) fn stand_in(self) -> Self {
        Self {
            is_tail: false,
            has_taken: true,
            ..self
        }
    }

    /// An arm with this route, of a stage that is the last if `is_last`.
    pub(super) fn arm(self, route: &TypedRoute<'_>, is_last: bool) -> Self {
        Self {
            is_tail: self.is_tail && is_tail(route, is_last),
            ..self
        }
    }

    /// The error that ends a future early.
    fn halt(self) -> TokenStream {
        if self.tried.is_some() {
            quote!(::flow_core::__private::Stopped::Halt)
        } else {
            quote!(::flow_core::__private::Halt)
        }
    }

    pub(super) fn leave(self) -> TokenStream {
        if !self.is_future {
            return quote!(break '__clause);
        }
        let halt = self.halt();
        quote!(return ::core::result::Result::Err(#halt))
    }

    /// Leaves a join or an `each` within it early: the pattern of what it stopped with, and the
    /// code.
    pub(super) fn pass_on(self) -> (TokenStream, TokenStream) {
        if self.tried.is_none() {
            return (quote!(_), self.leave());
        }
        (
            quote!(__stopped),
            quote!(return ::core::result::Result::Err(__stopped)),
        )
    }

    /// Leaves the item of the `each` out.
    pub(super) fn skip(self) -> TokenStream {
        match self.item {
            Item::Here => quote! {
                return ::core::result::Result::Ok(::core::option::Option::None)
            },
            Item::Around => quote! {
                return ::core::result::Result::Err(::flow_core::__private::Stopped::Skip)
            },
            // There is no `each`, which is an error.
            Item::No => self.leave(),
        }
    }
}
