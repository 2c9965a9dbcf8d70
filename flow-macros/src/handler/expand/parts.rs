//! A handler as written, with the facts that its text shows.

use syn::{Ident, Path, ReturnType, Type, parse_quote};

use crate::handler::check::Param;
use crate::handler::parse::{Args, Function};
use crate::handler::puts::puts;

pub(super) struct Parts<'a> {
    pub(super) args: &'a Args,
    pub(super) function: &'a Function,
    pub(super) params: &'a [Param],
    /// Whether it puts items. A handler that does not fits any stream.
    pub(super) puts: bool,
    /// The type of its items: `String` unless it declares another.
    pub(super) item: Type,
    pub(super) returned: Type,
}

impl<'a> Parts<'a> {
    pub(super) fn new(args: &'a Args, function: &'a Function, params: &'a [Param]) -> Self {
        let nothing = matches!(args.streams, Some(Type::Never(_)));
        let puts = !nothing && (args.streams.is_some() || puts(function));
        let item = match args.streams.as_ref().filter(|_| !nothing) {
            Some(ty) => ty.clone(),
            None if puts => parse_quote!(::flow_core::__private::String),
            None => parse_quote!(::flow_core::__private::NoItems),
        };
        let returned = match &function.sig.output {
            ReturnType::Default => parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        Self {
            args,
            function,
            params,
            puts,
            item,
            returned,
        }
    }

    pub(super) fn name(&self) -> &'a Ident {
        &self.function.sig.ident
    }

    pub(super) fn emits(&self) -> &'a [Path] {
        self.args.emits.as_deref().unwrap_or_default()
    }

    /// The type of the parameter that takes an event or a value, as far as its words show.
    pub(super) fn input(&self) -> Option<&'a Type> {
        self.params.iter().find_map(|param| match param {
            Param::Event(ty) => Some(&**ty),
            _ => None,
        })
    }

    /// The types of the parameters whose types decide what they are.
    pub(super) fn unclear(&self) -> impl Iterator<Item = &'a Type> {
        self.params.iter().filter_map(|param| match param {
            Param::Unclear(ty) => Some(&**ty),
            _ => None,
        })
    }
}
