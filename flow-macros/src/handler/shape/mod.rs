//! How many events a handler emits, read from its body.
//!
//! The result is an upper bound on what happens: each call that ends goes one of the alternatives.
//! What the syntax tree does not show, such as which arm runs or whether a called function panics,
//! may be either. Where the context is passed on, any number of the declared events may be emitted.

mod calls;
mod conditions;
mod control;
mod items;
mod macros;
mod named;
mod paths;
#[cfg(test)]
mod random;
#[cfg(test)]
mod tests;
mod walk;
mod words;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use syn::{Block, FnArg, Pat, ReturnType, Type};

use crate::handler::check::context;
use crate::handler::parse::{Args, Function};
use crate::handler::shape::paths::Exit;
use crate::handler::shape::walk::{Output, Walk};

pub(crate) use crate::handler::shape::paths::{Alternative, Alternatives, Count};
pub(crate) use crate::handler::shape::walk::{Escape, Named};

/// What a call of the handler emits.
#[derive(Clone, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the body"
)]
pub(crate) struct Shape {
    /// If it succeeds.
    pub(crate) success: Alternatives,
    /// If the function returns an `Err`; for a function that does not return a `Result`, these are
    /// successes as well.
    pub(crate) failure: Alternatives,
    /// The conditions of `#[cfg]` and `cfg!()` that the alternatives assume.
    pub(crate) conditions: Vec<TokenStream>,
    /// The context is somewhere else, where any of the declared events may be emitted.
    pub(crate) escape: Option<Escape>,
    /// The names of the macros that are not known.
    pub(crate) macros: Vec<String>,
    /// The events that are emitted under names that are not declared. Their counts come after those
    /// of the declared ones.
    pub(crate) named: Vec<Named>,
    /// A part of the body is still to be written: `todo!()`.
    pub(crate) unfinished: bool,
    /// The body calls functions, which may panic or end the process.
    pub(crate) calls: bool,
    /// The purpose of a part of the body may be to end the process.
    pub(crate) leaves: bool,
    /// The line of a loop that emits and never ends; 0 if there is none.
    pub(crate) endless: usize,
}

impl Shape {
    pub(crate) fn new(args: &Args, function: &Function) -> Self {
        let events = args.emits.as_deref().unwrap_or_default();
        let output = output(&function.sig.output);
        let may_fail = output == Output::Fallible;
        let cx = context(function).map(|cx| cx.to_string());
        let Ok(body) = syn::parse2::<Block>(function.body.clone()) else {
            return Self::unknown(events.len(), may_fail);
        };
        // It may have another name than `Cx`.
        let is_unclear = cx.is_none() && takes_references(function);
        let mut walk = Walk::new(cx, events.to_vec(), output);
        walk.bound = named::bound(function, &body);
        let mut paths = walk.body(&body);
        if walk.escape.is_some() || is_unclear {
            return Self {
                escape: Some(walk.escape.unwrap_or_default()),
                macros: walk.macros,
                unfinished: walk.unfinished,
                calls: walk.calls,
                leaves: walk.leaves,
                ..Self::unknown(events.len(), may_fail)
            };
        }
        let never_returns = paths.lead_nowhere();
        Self {
            success: paths.take(Exit::Success),
            failure: paths.take(Exit::Failure),
            conditions: walk.conditions,
            escape: None,
            macros: walk.macros,
            named: walk.named,
            unfinished: walk.unfinished,
            calls: walk.calls,
            // The ways that tell of a stop come to no exit.
            leaves: walk.leaves || walk.stops && never_returns,
            endless: walk.endless,
        }
    }

    /// A body that may do anything.
    fn unknown(events: usize, may_fail: bool) -> Self {
        let anything = Alternatives::of([Alternative {
            counts: vec![Count::ANY; events],
            waits: true,
            stops: true,
            line: 0,
            left_by: 0,
            is_wide: false,
            assumes: BTreeMap::new(),
        }]);
        Self {
            failure: if may_fail {
                anything.clone()
            } else {
                Alternatives::default()
            },
            success: anything,
            conditions: Vec::new(),
            escape: Some(Escape::default()),
            macros: Vec::new(),
            named: Vec::new(),
            unfinished: false,
            calls: true,
            leaves: true,
            endless: 0,
        }
    }
}

/// Whether a parameter with a name may be a reference to a context.
fn takes_references(function: &Function) -> bool {
    function.sig.inputs.iter().any(|input| match input {
        FnArg::Typed(typed) => match &*typed.ty {
            Type::Reference(reference) => {
                let lifetime = reference.lifetime.as_ref();
                let is_static = lifetime.is_some_and(|lifetime| lifetime.ident == "static");
                !is_static && matches!(*typed.pat, Pat::Ident(_))
            }
            _ => false,
        },
        FnArg::Receiver(_) => true,
    })
}

/// Types that are no `Result` under another name.
const PLAIN: &[&str] = &[
    "bool", "char", "f32", "f64", "i32", "i64", "u8", "u16", "u32", "u64", "usize", "String", "Vec",
];

fn output(output: &ReturnType) -> Output {
    let ReturnType::Type(_, ty) = output else {
        return Output::Nothing;
    };
    match &**ty {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Output::Nothing,
        Type::Tuple(_) | Type::Array(_) | Type::Reference(_) => Output::Value,
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if PLAIN.iter().any(|name| last.ident == name) => Output::Value,
            _ => Output::Fallible,
        },
        _ => Output::Fallible,
    }
}
