//! The tree of a flow, clause by clause.

use std::collections::HashMap;
use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Ident, Member, Pat, Path, Token, Type, Visibility, token};

use crate::flow::asks::{AskStage, RescuedAsk};
use crate::flow::route::{Route, Stage, Taker};
use crate::limit::Value;

/// Examples of each limit.
pub(crate) const TIMEOUT: &str = "timeout \"5m\"";
pub(crate) const IDLE_TIMEOUT: &str = "idle_timeout \"30s\"";
pub(crate) const DRAIN: &str = "drain within \"10s\"";
pub(crate) const FINALLY: &str = "finally within \"30s\" -> handler";
pub(crate) const MAX_EVENTS: &str = "max_events 10_000";
pub(crate) const MAX_PENDING: &str = "max_pending 1_000";
pub(crate) const CONCURRENCY: &str = "concurrency 8";
pub(crate) const OPEN: &str = "with Resource = handler";
pub(crate) const EVERY: &str = "every \"1s\" -> handler";
pub(crate) const REMINDER: &str = "ask Question every \"1h\" handler";
pub(crate) const WITHIN: &str = "ask Question within \"72h\" -> handler else -> handler";

/// A whole flow, without the parts that have errors.
#[derive(Default)]
pub(crate) struct Flow {
    pub(crate) header: Option<Header>,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) streams: Vec<Type>,
    pub(crate) resources: Vec<Type>,
    pub(crate) states: Vec<State>,
    pub(crate) external: Vec<Path>,
    pub(crate) ignored: Vec<Path>,
    pub(crate) timeout: Vec<Limit<Duration>>,
    pub(crate) idle_timeout: Vec<Limit<Duration>>,
    pub(crate) drain: Vec<Limit<Duration>>,
    /// How long its `finally` may take.
    pub(crate) finally: Vec<Limit<Duration>>,
    pub(crate) max_events: Vec<Limit<u64>>,
    pub(crate) max_pending: Vec<Limit<u64>>,
    pub(crate) concurrency: Vec<Limit<usize>>,
    /// The words `sound`.
    pub(crate) sound: Vec<Ident>,
    /// The words `durable`.
    pub(crate) durable: Vec<Ident>,
    /// `crate = path`
    pub(crate) krate: Vec<Path>,
    /// The handlers of rescues whose paths are not those in other clauses, with the paths that they
    /// may be there.
    pub(crate) renamed: Vec<(Path, Path)>,
    /// The stages that ask, wherever they are.
    pub(crate) asks: Vec<AskStage>,
    pub(crate) rescued_asks: Vec<RescuedAsk>,
    /// What takes the errors of each handler, by its path, in a durable flow.
    pub(crate) takers: HashMap<String, Vec<Taker>>,
    /// The paths in clauses with errors, which may be half-typed and need completions.
    pub(crate) half_typed: Words,
}

/// Paths by the kind of item that they should name.
#[derive(Default)]
pub(crate) struct Words {
    pub(crate) events: Vec<Path>,
    pub(crate) handlers: Vec<Path>,
}

impl Flow {
    /// The name in its first line.
    pub(crate) fn name(&self) -> Option<&Ident> {
        self.header.as_ref()?.name.as_ref()
    }

    /// Whether what its executions do is recorded.
    pub(crate) fn is_durable(&self) -> bool {
        !self.durable.is_empty()
    }

    /// Whether an execution may limit how many of its handlers run at the same time: by the clause
    /// here, or by that of a flow that this one is a stage of.
    pub(crate) fn may_take_turns(&self) -> bool {
        self.name().is_some() || !self.concurrency.is_empty()
    }

    /// The result type in the first line.
    pub(crate) fn declared_output(&self) -> Option<&Type> {
        self.header.as_ref()?.output.as_ref()
    }

    /// The resources that each execution opens, and the numbers of the clauses that do.
    pub(crate) fn opened(&self) -> impl Iterator<Item = (usize, &Type)> {
        let clauses = self.clauses.iter().enumerate();
        clauses.filter_map(|(index, clause)| match &clause.trigger {
            Trigger::Open(resource, _) => Some((index, &**resource)),
            _ => None,
        })
    }

    /// The handlers of all clauses, in the order of the text.
    pub(crate) fn handlers(&self) -> impl Iterator<Item = &Path> {
        self.clauses
            .iter()
            .flat_map(|clause| clause.route.handlers())
    }
}

/// `pub flow Chat(Question) -> Answer streams Token`
pub(crate) struct Header {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Option<Ident>,
    pub(crate) input: Option<Type>,
    pub(crate) output: Option<Type>,
    /// It could not be parsed to its end.
    pub(crate) in_error: bool,
}

impl Header {
    pub(crate) fn unnamed(vis: Visibility) -> Self {
        Self {
            attrs: Vec::new(),
            vis,
            name: None,
            input: None,
            output: None,
            in_error: true,
        }
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        let mut attrs = self.attrs.iter();
        attrs.any(|attr| attr.path().is_ident("deprecated"))
    }
}

/// `state T` or `state T = make`
pub(crate) struct State {
    pub(crate) ty: Type,
    pub(crate) make: Option<Expr>,
}

/// `timeout "5m"`, `idle_timeout "30s"`, `drain within "10s"`, `max_events 10_000`, `max_pending
/// 1_000` or `concurrency 8`
pub(crate) struct Limit<T> {
    pub(crate) keyword: Ident,
    pub(crate) value: Value<T>,
}

/// `start -> a -> b`, `when Event -> a`, `rescue a -> b` or `with T = open`
pub(crate) struct Clause {
    /// `start`, `when`, `ask`, `every`, `rescue`, `finally` or `with`; the `every` of a reminder.
    pub(crate) keyword: Ident,
    pub(crate) trigger: Trigger,
    /// The pattern of an `if` on its event: `E(x)`.
    pub(crate) pattern: Option<Pat>,
    /// The field by which its events are matched.
    pub(crate) by: Option<By>,
    pub(crate) arrow: Option<Token![->]>,
    pub(crate) route: Route,
    /// `when A | B -> …` becomes a clause for each event; this is not the first of them.
    pub(crate) repeats: bool,
}

impl Clause {
    /// The pattern whose bindings the route takes, as its first stage.
    pub(crate) fn bound(&self) -> Option<&Pat> {
        let is_first = matches!(self.route.stages.first(), Some(Stage::Glue(_)));
        self.pattern.as_ref().filter(|_| is_first)
    }

    /// A clause without a pattern that does not repeat another.
    pub(crate) fn new(
        keyword: Ident,
        trigger: Trigger,
        arrow: Option<Token![->]>,
        route: Route,
    ) -> Self {
        Self {
            keyword,
            trigger,
            pattern: None,
            by: None,
            arrow,
            route,
            repeats: false,
        }
    }
}

pub(crate) enum Trigger {
    /// `with T = open`: the resource that the handler opens.
    Open(Box<Type>, Token![=]),
    /// With the type of the input, if it is not `()`.
    Start(Option<Box<Type>>),
    Event(Path),
    /// `when A & B`
    All(Vec<Path>),
    /// `when Vote[3]`
    Times(Path, Times),
    /// The errors of one handler, or of all.
    Rescue(Option<Path>),
    /// `ask E -> …` becomes a clause that takes `E` and asks it, one that takes its answer, and,
    /// with `else`, one that takes the unanswered `E`.
    Answered(Path),
    Unanswered(Path),
    /// A period of this time is over.
    Every(Value<Duration>),
    /// The same for a question that waits.
    Reminder(Box<Reminder>),
    /// How the execution ended.
    Finally,
    /// The `else` of `when A & B`, a clause for each event: one that was left without a partner.
    /// That of `when Vote[3]` is a single clause.
    LeftOver(Path),
}

/// `every "1h" handler` of an `ask`. The handler is the route of a clause of its own.
pub(crate) struct Reminder {
    pub(crate) question: Path,
    /// The generated handler of the stage, if a stage asks.
    pub(crate) stage: Option<Path>,
    pub(crate) period: Value<Duration>,
}

/// `by .order.id`
#[derive(Clone)]
pub(crate) struct By {
    pub(crate) keyword: Ident,
    pub(crate) fields: Vec<(Token![.], Member)>,
}

impl By {
    /// The place of its last field.
    pub(crate) fn span(&self) -> Span {
        let last = self.fields.last();
        last.map_or(self.keyword.span(), |(_, member)| member.span())
    }

    /// The fields, as they follow the value: `.order.id`.
    pub(crate) fn path(&self) -> TokenStream {
        let mut path = TokenStream::new();
        for (dot, member) in &self.fields {
            dot.to_tokens(&mut path);
            member.to_tokens(&mut path);
        }
        path
    }
}

impl ToTokens for By {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.keyword.to_tokens(tokens);
        self.path().to_tokens(tokens);
    }
}

/// `[3]`: how many of its event a clause waits for.
#[derive(Clone)]
pub(crate) struct Times {
    pub(crate) bracket: token::Bracket,
    pub(crate) count: Value<usize>,
}

impl ToTokens for Times {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let count = self.count.tokens();
        self.bracket
            .surround(tokens, |tokens| count.to_tokens(tokens));
    }
}

impl Trigger {
    /// The events that it waits for.
    pub(crate) fn events(&self) -> &[Path] {
        match self {
            Self::Event(event) | Self::Times(event, _) => std::slice::from_ref(event),
            Self::All(events) => events,
            Self::Open(..)
            | Self::Start(_)
            | Self::Every(_)
            | Self::Reminder(_)
            | Self::Finally
            | Self::Rescue(_)
            | Self::Answered(_)
            | Self::Unanswered(_)
            | Self::LeftOver(_) => &[],
        }
    }

    /// The events that it waits for, if one of them waits for others.
    pub(crate) fn parts(&self) -> &[Path] {
        match self {
            Self::All(_) | Self::Times(..) => self.events(),
            _ => &[],
        }
    }
}

impl ToTokens for Clause {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.keyword.to_tokens(tokens);
        match (&self.trigger, &self.pattern) {
            (Trigger::Event(_), Some(pattern)) => pattern.to_tokens(tokens),
            (trigger, _) => trigger.to_tokens(tokens),
        }
        self.by.to_tokens(tokens);
        // `ask E -> …` becomes several clauses, and the first has no route in the text.
        if let Some(Stage::Ask(_)) = self.route.only() {
            return;
        }
        self.arrow.to_tokens(tokens);
        // The pattern without an `if` is a stage of its own, which is not in the text.
        let binds = self.pattern.is_some() && self.arrow.is_some();
        for pair in self.route.stages.pairs().skip(usize::from(binds)) {
            pair.to_tokens(tokens);
        }
    }
}

impl ToTokens for Trigger {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Open(resource, equals) => {
                resource.to_tokens(tokens);
                equals.to_tokens(tokens);
            }
            Self::Start(input) => input.to_tokens(tokens),
            Self::All(events) => {
                for (index, event) in events.iter().enumerate() {
                    (index > 0).then(<Token![&]>::default).to_tokens(tokens);
                    event.to_tokens(tokens);
                }
            }
            Self::Times(event, times) => {
                event.to_tokens(tokens);
                times.to_tokens(tokens);
            }
            Self::Every(period) => period.as_written().to_tokens(tokens),
            Self::Reminder(reminder) => reminder.period.as_written().to_tokens(tokens),
            Self::Finally => {}
            Self::Rescue(handler) => handler.to_tokens(tokens),
            Self::Event(event)
            | Self::Answered(event)
            | Self::Unanswered(event)
            | Self::LeftOver(event) => {
                event.to_tokens(tokens);
            }
        }
    }
}
