//! A route, with the facts about its stages that the text shows: the type of the value that
//! arrives, if it can be named, and the place of the stage in its clause. The checks and the code
//! use it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Pat, Path};

use crate::flow::asks::is_ask;
use crate::flow::expand::failure::error_of;
use crate::flow::expand::names::{itself, of_handler};
use crate::flow::expand::payload::payload;
use crate::flow::route::closure::{diverges, parameter_of};
use crate::flow::route::{Route, Stage};
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::patterns::{bindings, borrows, tuple_of};

/// A route and its stages.
pub(super) struct TypedRoute<'a> {
    pub(super) route: &'a Route,
    pub(super) stages: Vec<TypedStage<'a>>,
    /// The resulting value.
    value: Arriving,
}

/// A stage, and the routes within it.
pub(super) struct TypedStage<'a> {
    pub(super) stage: &'a Stage,
    pub(super) arriving: Arriving,
    /// The handler right before it.
    pub(super) after: Option<&'a Path>,
    pub(super) passed_by: PassedBy,
    /// The type that the stage after it takes, if it is a closure whose body does not return.
    pub(super) wanted: Option<TokenStream>,
    /// No stage of the clause runs before it.
    pub(super) is_first: bool,
    /// No stage takes the resulting value.
    pub(super) is_last: bool,
    /// The number of its first handler among all handlers of the flow.
    pub(super) handler: usize,
    pub(super) routes: Vec<TypedRoute<'a>>,
}

/// What passes a value on to a stage, for the message if it does not fit.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum PassedBy {
    Stage,
    Closure,
    /// A closure that never returns.
    Never,
    /// An arm whose pattern binds nothing.
    EmptyArm,
}

/// The value that arrives at a stage.
#[derive(Clone)]
pub(super) enum Arriving {
    Event(Path),
    Value(TokenStream),
    /// An element, in `each`. Its type can only be named if the collection is iterable, so a check
    /// by that name could be a second error. The generated code checks it instead.
    Item(TokenStream),
    /// A binding of a pattern, for example. Only rustc knows its type, so the generated code checks
    /// it. The expression, which is never run, shows the type.
    Shown(TokenStream),
    /// A borrowed value.
    Unnamed,
}

impl Arriving {
    /// Its type, if it can be named.
    pub(super) fn named(&self) -> Option<TokenStream> {
        match self {
            Self::Event(event) => Some(event.to_token_stream()),
            Self::Value(ty) | Self::Item(ty) => Some(ty.clone()),
            Self::Shown(_) | Self::Unnamed => None,
        }
    }

    /// An expression of its type, which is never run.
    pub(super) fn shown(&self) -> Option<TokenStream> {
        match self {
            Self::Shown(expression) => Some(expression.clone()),
            other => {
                let ty = other.named()?;
                Some(quote!(::flow_core::__private::any::<#ty>()))
            }
        }
    }

    /// Its type, if a check can name it without a second error.
    pub(super) fn checked(&self) -> Option<TokenStream> {
        match self {
            Self::Item(_) => None,
            other => other.named(),
        }
    }
}

/// The route of a clause; its handlers are numbered from `first_handler`.
pub(super) fn typed<'a>(flow: &Flow, clause: &'a Clause, first_handler: usize) -> TypedRoute<'a> {
    let arriving = match &clause.trigger {
        Trigger::Event(event) | Trigger::Unanswered(event) | Trigger::LeftOver(event) => {
            Arriving::Event(event.clone())
        }
        // The handler decides what it takes.
        Trigger::Reminder(_) => Arriving::Unnamed,
        _ => Arriving::Value(payload(flow, clause).into_token_stream()),
    };
    let mut next_handler = first_handler;
    let mut route = TypedRoute::new(
        flow,
        &clause.route,
        arriving,
        (true, true),
        &mut next_handler,
    );
    // The pattern of the clause is read as a closure, but is none.
    if let (Some(_), Some(second)) = (clause.bound(), route.stages.get_mut(1)) {
        second.passed_by(PassedBy::Stage);
    }
    route
}

impl<'a> TypedRoute<'a> {
    fn new(
        flow: &Flow,
        route: &'a Route,
        arriving: Arriving,
        (is_first, is_last): (bool, bool),
        next_handler: &mut usize,
    ) -> Self {
        let mut arriving = arriving;
        let mut after = None;
        let count = route.stages.len();
        let of_route = |index: usize| route.stages.iter().nth(index);
        let stages = route.stages.iter().enumerate().map(|(index, stage)| {
            let is_first = is_first && index == 0;
            let is_last = is_last && index + 1 == count;
            let next = std::mem::replace(&mut arriving, Arriving::Unnamed);
            let mut typed = TypedStage::new(flow, stage, next, (is_first, is_last), next_handler);
            typed.after = after;
            if let Some(Stage::Glue(function)) = index.checked_sub(1).and_then(of_route)
                && let Expr::Closure(_) = **function
            {
                typed.passed_by(if diverges(function) {
                    PassedBy::Never
                } else {
                    PassedBy::Closure
                });
            }
            if let Stage::Glue(function) = stage
                && diverges(function)
            {
                typed.wanted = match of_route(index + 1) {
                    Some(next) => wanted(next),
                    None => is_last.then(|| quote!(())),
                };
            }
            after = match stage {
                Stage::Handler(handler) => Some(handler),
                Stage::Else(choice) => choice.handler(),
                _ => None,
            };
            arriving = typed.result();
            typed
        });
        Self {
            route,
            stages: stages.collect(),
            value: arriving,
        }
    }

    /// Notes what passes its value on to its first stage.
    fn passed_by(&mut self, by: PassedBy) {
        if let Some(first) = self.stages.first_mut() {
            first.passed_by(by);
        }
    }

    /// Calls `visit` with every stage, each before those within it, in the order of the text.
    pub(super) fn walk<'r>(&'r self, visit: &mut impl FnMut(&'r TypedStage<'a>)) {
        for stage in &self.stages {
            visit(stage);
            for route in &stage.routes {
                route.walk(visit);
            }
        }
    }
}

impl<'a> TypedStage<'a> {
    fn new(
        flow: &Flow,
        stage: &'a Stage,
        arriving: Arriving,
        (is_first, is_last): (bool, bool),
        next_handler: &mut usize,
    ) -> Self {
        let handler = *next_handler;
        if let Stage::Handler(_) = stage {
            *next_handler += 1;
        }
        if let Stage::Else(choice) = stage {
            let (_, stand_in) = &choice.stand_in;
            let failed = match &choice.question {
                Some(question) => Arriving::Event(question.clone()),
                None => Arriving::Value(failed(flow, &choice.tried, stand_in)),
            };
            let mut route = |route: &'a Route, arriving, is_last| {
                TypedRoute::new(flow, route, arriving, (false, is_last), next_handler)
            };
            let routes = vec![
                route(&choice.tried, arriving.clone(), is_last),
                // Its value is that of the stage, which may be dropped if that one may.
                route(stand_in, failed, false),
            ];
            return Self {
                stage,
                arriving,
                after: None,
                passed_by: PassedBy::Stage,
                wanted: None,
                is_first,
                is_last,
                handler,
                routes,
            };
        }
        let mut route = |route: &'a Route, within| {
            TypedRoute::new(flow, route, within, (false, is_last), next_handler)
        };
        let routes = match stage {
            Stage::Each(each) => vec![route(&each.route, item(&arriving, each.keyword.span()))],
            Stage::Match { arms, .. } => {
                let arms = arms.iter();
                let arms = arms.map(|arm| {
                    let mut route = route(&arm.route, bound(&arriving, &arm.pattern));
                    if bindings(&arm.pattern).is_empty() {
                        route.passed_by(PassedBy::EmptyArm);
                    }
                    route
                });
                arms.collect()
            }
            _ => {
                let routes = stage.routes().into_iter();
                routes.map(|inner| route(inner, arriving.clone())).collect()
            }
        };
        Self {
            routes,
            stage,
            arriving,
            after: None,
            passed_by: PassedBy::Stage,
            wanted: None,
            is_first,
            is_last,
            handler,
        }
    }

    /// Notes what passes its value on to it.
    fn passed_by(&mut self, by: PassedBy) {
        self.passed_by = by;
        let routes = match self.stage {
            Stage::Else(_) => self.routes.get_mut(..1),
            Stage::Join { .. } | Stage::First(_) => self.routes.get_mut(..),
            _ => None,
        };
        for route in routes.into_iter().flatten() {
            route.passed_by(by);
        }
    }

    /// The resulting value.
    fn result(&self) -> Arriving {
        self.value().map_or_else(
            || self.shown().map_or(Arriving::Unnamed, Arriving::Shown),
            Arriving::Value,
        )
    }

    /// The branches of a `first` that go on: those that end with `ignore` come last, because they
    /// are wrong where another one brings a value.
    fn bringing(&self) -> impl Iterator<Item = &TypedRoute<'a>> {
        let open = || self.routes.iter().filter(|branch| !branch.route.leaves());
        let values = open().filter(|branch| !branch.route.is_ignored());
        values.chain(open().filter(|branch| branch.route.is_ignored()))
    }

    /// An expression of the type of the resulting value, which is never run.
    fn shown(&self) -> Option<TokenStream> {
        match self.stage {
            Stage::Join { .. } => {
                let values = self.routes.iter().map(|branch| branch.value.shown());
                let values = values.collect::<Option<Vec<_>>>()?;
                Some(quote!((#(#values,)*)))
            }
            Stage::Each(_) => {
                let value = self.routes.first()?.value.shown()?;
                Some(quote!(::flow_core::__private::vec_of(#value)))
            }
            Stage::First(_) => self.bringing().find_map(|branch| branch.value.shown()),
            Stage::Match { .. } => {
                let mut open = self.routes.iter().filter(|arm| !arm.route.is_closed());
                open.find_map(|arm| arm.value.shown())
            }
            Stage::Else(_) => self.routes.first()?.value.shown(),
            Stage::Glue(function) => {
                // What does not fit the parameter is reported where the closure is called.
                let parameter = parameter_of(function);
                let value = parameter
                    .map(|ty| quote!(::flow_core::__private::any::<#ty>()))
                    .or_else(|| self.arriving.shown())?;
                Some(quote!(::flow_core::__private::apply(#value, #function)))
            }
            _ => None,
        }
    }

    /// The type of the resulting value, if it can be named.
    pub(super) fn value(&self) -> Option<TokenStream> {
        match self.stage {
            Stage::Handler(handler) => Some(of_handler(handler, "Value")),
            Stage::Join { .. } => {
                let values = self.routes.iter().map(|branch| branch.value.named());
                let values = values.collect::<Option<Vec<_>>>()?;
                Some(quote!((#(#values,)*)))
            }
            Stage::First(_) => self.bringing().find_map(|branch| branch.value.named()),
            Stage::Each(_) => {
                let value = self.routes.first()?.value.named()?;
                Some(quote!(::flow_core::__private::Vec<#value>))
            }
            Stage::Match { .. } => {
                let mut open = self.routes.iter().filter(|arm| !arm.route.is_closed());
                open.find_map(|arm| arm.value.named())
            }
            Stage::Else(_) => self.routes.first()?.value.named(),
            Stage::Glue(_) if self.wanted.is_some() => self.wanted.clone(),
            Stage::Glue(function) => match &**function {
                Expr::Path(path) if path.path.is_ident("Some") => {
                    let value = self.arriving.named()?;
                    Some(quote!(::core::option::Option<#value>))
                }
                _ => None,
            },
            Stage::Ignore(_) | Stage::Emit(_) => Some(quote!(())),
            Stage::If(_) | Stage::End(_) | Stage::Skip(_) | Stage::Ask(_) => None,
        }
    }
}

/// The type of the value that a stage takes, if the text shows where it is named.
fn wanted(stage: &Stage) -> Option<TokenStream> {
    let of_route = |route: &Route| wanted(route.stages.first()?);
    match stage {
        Stage::Handler(handler) if !is_ask(handler) => {
            let itself = itself(handler);
            Some(quote!(<#itself as ::flow_core::__private::Accepts<()>>::Parameter))
        }
        Stage::Else(choice) => of_route(&choice.tried),
        Stage::Join { branches, .. } => branches.iter().find_map(of_route),
        Stage::First(first) => first.branches.iter().find_map(of_route),
        _ => None,
    }
}

/// The type of the error that arrives at a stand-in.
fn failed(flow: &Flow, tried: &Route, stand_in: &Route) -> TokenStream {
    let error = tried.failing_handler().map_or_else(
        || quote!(::flow_core::BoxError),
        |handler| error_of(flow, handler),
    );
    let cause = stand_in.first_handler().map(|handler| {
        let wanted = of_handler(handler, "Cause");
        quote!(, <#wanted as ::flow_core::__private::CauseSpec>::Cause)
    });
    let of_closure = stand_in.cause_of_closure();
    let cause = cause.or_else(|| of_closure.map(|cause| quote!(, #cause)));
    quote!(::flow_core::Failed<#error #cause>)
}

/// An element of the value, in an `each`.
fn item(many: &Arriving, each: Span) -> Arriving {
    if let Some(many) = many.named() {
        return Arriving::Item(one_of(&many, each));
    }
    match many.shown() {
        Some(many) => Arriving::Shown(quote!(::flow_core::__private::item_of(#many))),
        None => Arriving::Unnamed,
    }
}

/// The bindings of a pattern.
fn bound(value: &Arriving, pattern: &Pat) -> Arriving {
    if borrows(pattern) {
        return Arriving::Unnamed;
    }
    let Some(value) = value.shown() else {
        return Arriving::Unnamed;
    };
    let bound = tuple_of(&bindings(pattern));
    Arriving::Shown(quote! {
        match #value {
            #pattern => #bound,
            _ => ::flow_core::__private::any(),
        }
    })
}

/// The type of the elements that `each` takes from a value.
fn one_of(many: &TokenStream, each: Span) -> TokenStream {
    quote_spanned!(each=> <#many as ::flow_core::__private::Iterable>::Item)
}
