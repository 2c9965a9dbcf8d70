//! Which edges of a graph the tests cover.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::graph::picture::nodes::{ANSWER, End, INTO_STAGE, LEFT_OVER, NO_ANSWER};
use crate::graph::{
    ClauseDesc, EventDesc, GraphDesc, HandlerDesc, Location, StageDesc, TriggerDesc,
};
use crate::lifecycle::{LifecycleEvent, LifecycleKind};

/// Records which edges of a flow's graph its executions take, and reports the others.
///
/// An edge leads from a clause to its handlers and to the events of its `emit`, or from a handler to
/// an event that it may emit.
///
/// ```
/// use flow_core::testing::{Coverage, Edge};
/// # use flow_core::{Cx, Event, flow, handler};
/// # #[derive(Event)]
/// # struct UserInput(String);
/// # #[derive(Event)]
/// # struct Loop;
/// # #[derive(Event)]
/// # struct Quit;
/// # #[handler(emits = [UserInput, Quit])]
/// # async fn get_input(text: String, cx: &Cx) {
/// #     if text == "exit" { cx.emit(Quit) } else { cx.emit(UserInput(text)) }
/// # }
/// # #[handler(on = UserInput)]
/// # async fn reply(UserInput(text): UserInput, cx: &Cx) { cx.put(text).await; }
/// # #[handler(on = Quit)]
/// # async fn goodbye() {}
///
/// let chat = flow! {
///     start(String) -> get_input;
///     when UserInput -> reply;
///     when Quit -> goodbye
/// };
/// let coverage = Coverage::new(chat.graph());
/// let chat = chat.observe(coverage.observer());
///
/// assert_eq!(chat.blocking_iter("hello".to_owned()).count(), 1);
/// let never: Vec<_> = coverage.uncovered().iter().map(Edge::description).collect();
/// assert_eq!(never, ["`when Quit` was never entered", "`get_input` never emitted `Quit`"]);
///
/// assert_eq!(chat.blocking_iter("exit".to_owned()).count(), 0);
/// assert!(coverage.uncovered().is_empty(), "{}", coverage.report());
/// ```
///
/// Clones share one record. To test one flow in several places, keep the coverage in a
/// `static COVERAGE: LazyLock<Coverage>`.
///
/// # Precision
///
/// - Handlers are identified by their names. If a handler appears several times in a clause, one
///   call covers all of them, so an arm of a `match` or `if` counts as covered once its handlers
///   were called.
/// - Arms that lead straight to `end` or `ignore` are not recorded.
/// - An event that a task emits counts for the handler that declares it, if that is the only one
///   and the flow does not declare the event `external`.
///
/// # Stages
///
/// Named flows that are stages are covered, too, at any depth: after its own edges, a coverage
/// lists those of each such flow. If such a flow has tests of its own, leave it out with
/// [`without_stages`](Self::without_stages).
#[derive(Clone)]
#[must_use = "a coverage records nothing unless its observer is passed to `Flow::observe`"]
pub struct Coverage {
    graph: &'static GraphDesc,
    /// That graph, and those of the stages.
    graphs: Arc<[&'static GraphDesc]>,
    /// For each of the graphs.
    taken: Arc<Mutex<Vec<Taken>>>,
}

/// The edges of a graph that were taken.
#[derive(Clone, Default)]
struct Taken {
    clauses: HashSet<usize>,
    /// The handlers that were called.
    called: HashSet<&'static str>,
    /// Pairs of a handler, empty if there is none, and an event that it emitted.
    emitted: HashSet<(&'static str, &'static str)>,
}

impl Coverage {
    /// Creates an empty record for the flow with this graph: [`Flow::graph`](crate::Flow::graph),
    /// or the `GRAPH` of a named flow.
    pub fn new(graph: &'static GraphDesc) -> Self {
        let mut graphs = Vec::new();
        add_graphs(graph, &mut graphs);
        Self::of(graph, graphs)
    }

    /// Leaves out the named flows that are stages, and what was recorded so far.
    pub fn without_stages(self) -> Self {
        Self::of(self.graph, vec![self.graph])
    }

    fn of(graph: &'static GraphDesc, graphs: Vec<&'static GraphDesc>) -> Self {
        Self {
            graph,
            taken: Arc::new(Mutex::new(vec![Taken::default(); graphs.len()])),
            graphs: graphs.into(),
        }
    }

    /// Returns an observer to pass to [`Flow::observe`](crate::Flow::observe) of that flow.
    pub fn observer(&self) -> impl Fn(&LifecycleEvent) + Send + Sync + 'static + use<> {
        let this = self.clone();
        move |event| this.note(event)
    }

    fn note(&self, event: &LifecycleEvent) {
        let graph = event.graph();
        let index = self.graphs.iter().position(|other| other.is(graph));
        let mut taken = self.taken();
        let Some(taken) = index.and_then(|index| taken.get_mut(index)) else {
            return;
        };
        match event.kind {
            LifecycleKind::ClauseEntered { clause, .. } => {
                taken.clauses.insert(clause.get());
            }
            LifecycleKind::HandlerStarted { handler } => {
                taken.called.insert(handler);
            }
            LifecycleKind::Emitted { event, handler } => {
                let handler = handler.or_else(|| only_emitter(graph, event));
                taken.emitted.insert((handler.unwrap_or_default(), event));
            }
            _ => {}
        }
    }

    fn taken(&self) -> MutexGuard<'_, Vec<Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the edges that no execution has taken so far.
    ///
    /// For each flow, first the clauses and their calls, in the order of the source text, then the
    /// emitted events.
    #[must_use]
    pub fn uncovered(&self) -> Vec<Edge> {
        let taken = self.taken();
        let all = self.graphs.iter().zip(&*taken);
        all.flat_map(|(graph, taken)| taken.uncovered(graph))
            .collect()
    }

    /// Returns a report: the number of covered edges, then a line for each edge that is not
    /// covered. Stages follow, each with a report of its own.
    ///
    /// ```text
    /// Chat: 5 of 7 edges were covered
    ///   `when Quit` was never entered (src/chat.rs:40)
    ///   `stream_reply` never emitted `Loop` (src/chat.rs:18)
    /// Review: 3 of 3 edges were covered
    /// ```
    #[must_use]
    pub fn report(&self) -> String {
        let mut lines = Vec::new();
        for (graph, taken) in self.graphs.iter().zip(&*self.taken()) {
            let (all, uncovered) = (edges(graph).count(), taken.uncovered(graph));
            let covered = all - uncovered.len();
            let name = graph.name.unwrap_or("the flow");
            lines.push(format!("{name}: {covered} of {all} edges were covered"));
            lines.extend(uncovered.iter().map(|edge| format!("  {edge}")));
        }
        lines.join("\n")
    }

    /// Draws the flow [as a Mermaid graph](GraphDesc::to_mermaid), with uncovered parts red and
    /// dashed. A stage is drawn as one handler.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        let taken = self.taken().first().cloned().unwrap_or_default();
        let uncovered = taken.uncovered(self.graph);
        self.graph.mermaid_marking(|from, to, label| {
            matches!(to, End::Handler(name) if !taken.called.contains(name))
                || uncovered.iter().any(|edge| edge.is_drawn(from, to, label))
        })
    }
}

impl Taken {
    fn uncovered(&self, graph: &'static GraphDesc) -> Vec<Edge> {
        let uncovered = edges(graph).filter(|(clause, edge)| {
            let entered = clause.is_none_or(|clause| self.clauses.contains(&clause));
            !entered
                || match edge {
                    Edge::Clause(_) => false,
                    Edge::Call { handler, .. } => !self.called.contains(handler.name),
                    Edge::Emit { handler, event } => {
                        !self.emitted.contains(&(handler.name, event.name))
                    }
                    Edge::Route { clause, event } => {
                        let handlers = clause.handlers.iter().map(|handler| handler.name);
                        let mut emitters = handlers.chain([""]);
                        !emitters.any(|emitter| self.emitted.contains(&(emitter, event.name)))
                    }
                }
        });
        uncovered.map(|(_, edge)| edge).collect()
    }
}

impl fmt::Debug for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Coverage").field(&self.report()).finish()
    }
}

/// An edge of a graph, as [`Coverage`] counts them.
///
/// Its [`Display`](fmt::Display) reports it as uncovered, with its location.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Edge {
    /// From the trigger of a clause to the first stage of its route.
    Clause(&'static ClauseDesc),
    /// From a clause to a handler that is not the first stage of its route.
    #[non_exhaustive]
    Call {
        /// The clause.
        clause: &'static ClauseDesc,
        /// The handler that is called.
        handler: &'static HandlerDesc,
    },
    /// From a handler to an event that it may emit.
    #[non_exhaustive]
    Emit {
        /// The handler.
        handler: &'static HandlerDesc,
        /// The event.
        event: &'static EventDesc,
    },
    /// From a clause to an event that an `emit` in its route may emit.
    #[non_exhaustive]
    Route {
        /// The clause.
        clause: &'static ClauseDesc,
        /// The event.
        event: &'static EventDesc,
    },
}

impl Edge {
    /// Returns a sentence that reports the edge as uncovered, without its location.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler, testing::Coverage};
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    /// let coverage = Coverage::new(flow! { start -> work }.graph());
    /// assert_eq!(coverage.uncovered()[0].description(), "`start` was never entered");
    /// ```
    #[must_use]
    pub fn description(&self) -> String {
        match self {
            Self::Clause(clause) => match clause.trigger {
                TriggerDesc::Rescue(_) => format!("{} was never needed", clause.heading()),
                TriggerDesc::Answered(_) => format!("{} was never answered", clause.heading()),
                _ => format!("{} was never entered", clause.heading()),
            },
            Self::Call { clause, handler } => {
                format!("{} never called `{}`", clause.heading(), handler.name)
            }
            Self::Emit { handler, event } => {
                format!("`{}` never emitted `{}`", handler.name, event.name)
            }
            Self::Route { clause, event } => {
                format!("{} never emitted `{}`", clause.heading(), event.name)
            }
        }
    }

    /// Whether the edge is drawn between these nodes. Calls are not: an uncovered call shows at the
    /// handler, which may be drawn several times.
    fn is_drawn(&self, from: End<'_>, to: End<'_>, label: &str) -> bool {
        match self {
            Self::Clause(clause) => {
                let begins = match clause.trigger {
                    TriggerDesc::Start => from == End::Start,
                    TriggerDesc::Event(event) => {
                        from == End::Event(event.name) && label != INTO_STAGE
                    }
                    TriggerDesc::Answered(question) => {
                        from == End::Ask(question.name) && label == ANSWER
                    }
                    TriggerDesc::Unanswered(question) => {
                        from == End::Ask(question.name) && label == NO_ANSWER
                    }
                    TriggerDesc::Reminder { question, text, .. } => {
                        let asked = match from {
                            End::Ask(asked) => Some(asked),
                            End::Handler(stage) => stage.strip_prefix("ask "),
                            _ => None,
                        };
                        asked == Some(question.name) && label == text
                    }
                    TriggerDesc::LeftOver(event) => {
                        from == End::Event(event.name) && label == LEFT_OVER
                    }
                    TriggerDesc::Open(_)
                    | TriggerDesc::All(_)
                    | TriggerDesc::Times { .. }
                    | TriggerDesc::Every { .. }
                    | TriggerDesc::Finally
                    | TriggerDesc::Rescue(_) => false,
                };
                let first = match clause.route.first() {
                    Some(StageDesc::Handler(handler)) => to == End::Handler(handler.name),
                    Some(StageDesc::Ask { .. }) => matches!(to, End::Ask(_)),
                    _ => to == End::Other,
                };
                begins && first
            }
            Self::Call { .. } => false,
            Self::Emit { handler, event } => {
                from == End::Handler(handler.name) && to == End::Event(event.name)
            }
            Self::Route { clause, event } => {
                let mut handlers = clause.handlers.iter();
                to == End::Event(event.name)
                    && handlers.any(|handler| from == End::Handler(handler.name))
            }
        }
    }

    /// Returns the location in the source text of the clause, or of the handler that emits.
    #[must_use]
    pub fn location(&self) -> Location {
        match self {
            Self::Clause(clause) | Self::Call { clause, .. } | Self::Route { clause, .. } => {
                clause.location
            }
            Self::Emit { handler, .. } => handler.location,
        }
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = self.location();
        write!(
            f,
            "{} ({}:{})",
            self.description(),
            location.file,
            location.line
        )
    }
}

/// All edges of a graph; those of clauses have the index of the clause.
fn edges(graph: &'static GraphDesc) -> impl Iterator<Item = (Option<usize>, Edge)> {
    let clauses = graph.clauses.iter().enumerate();
    let clauses = clauses.flat_map(|(index, clause)| {
        let begins = usize::from(matches!(clause.route, [StageDesc::Handler(_), ..]));
        let calls = distinct(clause.handlers.iter().skip(begins)).into_iter();
        let calls = calls.map(move |handler| Edge::Call { clause, handler });
        let emits = clause.emits.iter().copied().flatten();
        let emits = emits.map(move |event| Edge::Route { clause, event });
        let edges = std::iter::once(Edge::Clause(clause)).chain(calls);
        let edges = edges.chain(emits);
        edges.map(move |edge| (Some(index), edge))
    });
    let emits = handlers(graph).into_iter().flat_map(|handler| {
        let events = handler.emits.iter();
        events.map(move |event| (None, Edge::Emit { handler, event }))
    });
    clauses.chain(emits)
}

/// Adds the graph and those of its stages, each once, in the order of the text.
fn add_graphs(graph: &'static GraphDesc, graphs: &mut Vec<&'static GraphDesc>) {
    if graphs.iter().any(|other| other.is(graph)) {
        return;
    }
    graphs.push(graph);
    for stage in handlers(graph)
        .into_iter()
        .filter_map(|handler| handler.graph)
    {
        add_graphs(stage, graphs);
    }
}

/// The handler that must have emitted the event, if a task emitted it.
fn only_emitter(graph: &'static GraphDesc, event: &str) -> Option<&'static str> {
    let emits = |events: &[EventDesc]| events.iter().any(|other| other.name == event);
    let handlers = handlers(graph);
    let mut emitters = handlers.iter().filter(|handler| emits(handler.emits));
    match (emitters.next(), emitters.next()) {
        (Some(handler), None) if !emits(graph.external) => Some(handler.name),
        _ => None,
    }
}

fn handlers(graph: &'static GraphDesc) -> Vec<&'static HandlerDesc> {
    distinct(graph.clauses.iter().flat_map(|clause| clause.handlers))
}

fn distinct(handlers: impl Iterator<Item = &'static HandlerDesc>) -> Vec<&'static HandlerDesc> {
    let mut seen = HashSet::new();
    handlers
        .filter(|handler| seen.insert((handler.name, handler.location.file, handler.location.line)))
        .collect()
}
