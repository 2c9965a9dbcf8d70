//! The model: what a flow does, one thing after the other.
//!
//! A call of a handler is the only thing that waits. Whatever goes on does so at once and
//! completely: first the call whose gate was opened and the rest of its clause, then the events
//! that are queued, in their order. Stages that were given up go on when a clause waits or no event
//! is queued. The laws leave a part of that order open; the engine keeps to it.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::task::{Context, Poll};

use crate::graph::{Clause, EVENTS, Graph, Last, Route, Stage, Trigger};
use crate::script::{Case, Outcome, Surroundings, Value, World, drive};

/// What goes from stage to stage.
#[derive(Clone, Debug)]
enum Data {
    One(Value),
    Event(usize, Value),
    /// Partners, the results of a join, or those of an `each`.
    Several(Vec<Value>),
    /// Which arm of a `match`, and with what.
    Choice(usize, Value),
    Failed(Failure),
    Ending(&'static str),
}

/// A failure of a handler, or of a flow that is a stage.
#[derive(Clone, Debug)]
struct Failure {
    handler: String,
    /// Its error, as it tells it alone.
    told: String,
    /// Its error, and the causes of that.
    error: Vec<String>,
    panicked: bool,
    /// The error of the execution that a rescue prevents.
    prevented: Vec<String>,
    /// What arrived at the stage that an `else` stands in for.
    cause: Option<Value>,
}

/// Why the rest of a clause does not run.
enum Stop {
    Failed(Failure),
    /// The item of the innermost `each` is left out.
    Skip,
}

/// How an execution came out.
struct Ended {
    /// Its value, or its error and the value that was decided before.
    result: Result<Option<Value>, (Failed, Option<Value>)>,
    /// Its `finally` has failed, or that of a stage.
    finishing_failed: bool,
}

/// An error and its causes, and the same of the `finally` that failed afterwards.
#[derive(Clone, Default)]
struct Failed {
    error: Vec<String>,
    /// What the rescue had taken that failed.
    because: Vec<String>,
    then: Option<Box<Failed>>,
}

impl From<Vec<String>> for Failed {
    fn from(error: Vec<String>) -> Self {
        let (because, then) = (Vec::new(), None);
        Self {
            error,
            because,
            then,
        }
    }
}

impl Failed {
    fn text(&self) -> String {
        let mut parts = vec![self.error.join(": ")];
        parts.extend(because(&self.because.join(": ")));
        parts.extend(
            self.then
                .as_ref()
                .map(|then| format!("then {}", then.text())),
        );
        parts.join("; ")
    }

    /// Without causes.
    fn told(&self) -> String {
        let mut parts = vec![self.error[0].clone()];
        parts.extend(self.because.first().and_then(|error| because(error)));
        parts.extend(
            self.then
                .as_ref()
                .map(|then| format!("then {}", then.told())),
        );
        parts.join("; ")
    }

    fn and_then(mut self, second: Self) -> Self {
        self.then = Some(Box::new(match self.then.take() {
            Some(then) => then.and_then(second),
            None => second,
        }));
        self
    }
}

fn because(error: &str) -> Option<String> {
    (!error.is_empty()).then(|| format!("it was called because {error}"))
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An event, or the like, that a clause has yet to take.
struct Activation {
    clause: usize,
    data: Data,
    /// It was left without a partner.
    is_left: bool,
    /// A handler has emitted it, and the limits count it.
    is_emitted: bool,
}

struct Execution<'a> {
    this: Weak<Execution<'a>>,
    graph: &'a Graph,
    graphs: &'a [Graph],
    world: &'a World,
    items: &'a Mutex<Vec<u16>>,
    /// The limits on its events. A stage has none.
    case: Option<&'a Case>,
    /// The events of its handlers, once for each clause.
    emitted: Mutex<u64>,
    /// It is a stage of this one.
    outer: Option<Weak<Execution<'a>>>,
    /// Stages whose clauses are gone, and that have a `finally` to run.
    given_up: Mutex<Vec<Boxed<'a, Option<Failed>>>>,
    queue: Mutex<VecDeque<Activation>>,
    /// What waits for partners, of each clause, for each of its events.
    partners: Mutex<Vec<Vec<VecDeque<Value>>>>,
    decided: Mutex<Option<Value>>,
    /// The first ending counts.
    over: Mutex<Option<Over>>,
    finalizing: Mutex<bool>,
    finishing_failed: Mutex<bool>,
    /// It has put an item that an outer execution that is over does not take.
    is_stuck: Mutex<bool>,
}

#[derive(Clone)]
enum Over {
    Done,
    Stopped,
    /// With what; whether it panicked.
    Failed(Failed, bool),
}

/// Runs the graph, and returns its items and what it ends with.
pub(crate) fn run(
    graphs: &[Graph],
    index: usize,
    case: &Case,
    world: &World,
) -> (Vec<u16>, String) {
    let items = Mutex::new(Vec::new());
    let start = Value {
        number: 0,
        fuel: case.fuel,
    };
    let outermost = Execution::new((graphs, index), world, &items, Ok(case));
    let mut execution = outermost.execute(start);
    let ended = drive(case, world, |cx| execution.as_mut().poll(cx));
    drop(execution);
    let told = match ended.map(|ended| ended.result) {
        None => "it hangs, or was dropped".to_owned(),
        Some(Ok(Some(value))) => format!("ends with {}", value.number),
        Some(Ok(None)) => "ends with nothing".to_owned(),
        Some(Err((error, kept))) => {
            format!(
                "{}; kept {:?}",
                error.text(),
                kept.map(|value| value.number)
            )
        }
    };
    let items = if case.unread {
        Vec::new()
    } else {
        lock(&items).clone()
    };
    (items, told)
}

impl<'a> Execution<'a> {
    /// An execution that has not begun: the outermost with its case, or a stage of another.
    fn new(
        (graphs, index): (&'a [Graph], usize),
        world: &'a World,
        items: &'a Mutex<Vec<u16>>,
        case_or_outer: Result<&'a Case, Weak<Execution<'a>>>,
    ) -> Arc<Self> {
        let graph = &graphs[index];
        Arc::new_cyclic(|this| Execution {
            this: this.clone(),
            graph,
            graphs,
            world,
            items,
            case: case_or_outer.as_ref().ok().copied(),
            emitted: Mutex::default(),
            outer: case_or_outer.err(),
            given_up: Mutex::default(),
            queue: Mutex::default(),
            partners: Mutex::new(no_partners(graph)),
            decided: Mutex::default(),
            over: Mutex::default(),
            finalizing: Mutex::default(),
            finishing_failed: Mutex::default(),
            is_stuck: Mutex::default(),
        })
    }

    /// From its start to its end.
    fn execute(self: Arc<Self>, start: Value) -> Boxed<'a, Ended> {
        Box::pin(async move {
            self.push(0, Data::One(start), false);
            self.work().await;
            let first = lock(&self.over).take().unwrap_or(Over::Done);
            let mut first = self.after(first);
            // What was left is dropped, and stages that were running are given up.
            lock(&self.queue).clear();
            *lock(&self.partners) = no_partners(self.graph);
            *lock(&self.finalizing) = true;
            for failed in self.finish_stages().await {
                first = first.then(Over::Failed(failed, false));
            }
            let finally = |clause: &Clause| clause.trigger == Trigger::Finally;
            if let Some(finally) = self.graph.clauses.iter().position(finally) {
                let ending = match &first {
                    Over::Done => "completed",
                    Over::Stopped => "stopped",
                    Over::Failed(error, false) if error.error[0] == CANCELLED => "cancelled",
                    Over::Failed(_, false) => "failed",
                    Over::Failed(_, true) => "panicked",
                };
                self.push(finally, Data::Ending(ending), false);
                self.work().await;
                if let Some(Over::Failed(second, panicked)) = lock(&self.over).take() {
                    *lock(&self.finishing_failed) = true;
                    first = first.then(Over::Failed(second, panicked));
                }
            }
            self.ended(first)
        })
    }

    /// Polls the stages that were given up. Returns the errors of those that have failed.
    fn poll_given_up(&self, cx: &mut Context<'_>) -> Vec<Failed> {
        let mut failed = Vec::new();
        let mut stages = std::mem::take(&mut *lock(&self.given_up));
        stages.retain_mut(|stage| match stage.as_mut().poll(cx) {
            Poll::Pending => true,
            Poll::Ready(error) => {
                failed.extend(error);
                false
            }
        });
        stages.append(&mut lock(&self.given_up));
        *lock(&self.given_up) = stages;
        failed
    }

    /// Waits for the stages that were given up.
    async fn finish_stages(&self) -> Vec<Failed> {
        let mut all = Vec::new();
        poll_fn(|cx| {
            all.extend(self.poll_given_up(cx));
            if lock(&self.given_up).is_empty() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        if !all.is_empty() {
            *lock(&self.finishing_failed) = true;
        }
        all
    }
}

/// A stage, until it has come to its end. If this is dropped before, its `finally` runs nevertheless.
struct Running<'a> {
    execution: Arc<Execution<'a>>,
    work: Option<Boxed<'a, Ended>>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let Some(work) = self.work.take() else { return };
        let outer = self.execution.outer.as_ref().and_then(Weak::upgrade);
        let Some(outer) = outer.filter(|_| self.execution.graph.finishes()) else {
            return;
        };
        if !*lock(&self.execution.finalizing) {
            let cancelled = vec![CANCELLED.to_owned()].into();
            self.execution.end(Over::Failed(cancelled, false));
        }
        let name = format!("F{}", self.execution.graph.index);
        let rest = async move {
            let Ended {
                result,
                finishing_failed,
            } = work.await;
            let (error, _) = result.err().filter(|_| finishing_failed)?;
            let message = format!("`{name}` was given up, and its `finally` failed");
            Some(vec![message, error.text()].into())
        };
        lock(&outer.given_up).push(Box::pin(rest));
    }
}

const CANCELLED: &str = "the execution was cancelled";

/// The events of a clause, and how many of each wait.
fn waiting_text(clause: &Clause, waiting: &[VecDeque<Value>]) -> (String, String) {
    let Trigger::All(events) = &clause.trigger else {
        unreachable!("partners")
    };
    let names: Vec<_> = events.iter().map(|event| EVENTS[*event]).collect();
    let counts = names.iter().zip(waiting);
    let counts = counts.map(|(name, waiting)| match waiting.len() {
        0 => format!("no `{name}`"),
        count => format!("{count} `{name}`"),
    });
    let mut counts: Vec<_> = counts.collect();
    let last = counts.pop().unwrap();
    (
        names.join(" & "),
        format!("{} and {last}", counts.join(", ")),
    )
}

fn no_partners(graph: &Graph) -> Vec<Vec<VecDeque<Value>>> {
    let waiting = |clause: &Clause| match &clause.trigger {
        Trigger::All(events) => vec![VecDeque::new(); events.len()],
        _ => Vec::new(),
    };
    graph.clauses.iter().map(waiting).collect()
}

impl Over {
    /// The first error counts.
    fn then(self, second: Self) -> Self {
        match (self, second) {
            (Self::Failed(first, panicked), Self::Failed(second, _)) => {
                Self::Failed(first.and_then(second), panicked)
            }
            (_, second @ Self::Failed(..)) => second,
            (first, _) => first,
        }
    }
}

impl Execution<'_> {
    fn push(&self, clause: usize, data: Data, is_left: bool) {
        lock(&self.queue).push_back(Activation {
            clause,
            data,
            is_left,
            is_emitted: false,
        });
    }

    /// Delivery: to every clause that names the event, in the order of the text.
    fn emit(&self, event: usize, value: Value) {
        for (index, clause) in self.graph.clauses.iter().enumerate() {
            if clause.takes(event) && self.admits(event) {
                lock(&self.queue).push_back(Activation {
                    clause: index,
                    data: Data::Event(event, value),
                    is_left: false,
                    is_emitted: true,
                });
            }
        }
    }

    /// The limits on events, which do not count in a `finally`.
    fn admits(&self, event: usize) -> bool {
        let Some(case) = self.case.filter(|_| !*lock(&self.finalizing)) else {
            return true;
        };
        let event = EVENTS[event];
        *lock(&self.emitted) += 1;
        if *lock(&self.emitted) > case.max_events {
            let limit = format!("`max_events` of {}", case.max_events);
            self.exceeded(&format!("{limit}; the last event was `{event}`"));
            return false;
        }
        let queue = lock(&self.queue);
        let pending = queue.iter().filter(|waiting| waiting.is_emitted).count();
        drop(queue);
        if pending as u64 >= case.max_pending {
            let limit = format!("`max_pending` of {} with `{event}`", case.max_pending);
            self.exceeded(&format!(
                "{limit}: raise the limit, or emit fewer events at once"
            ));
            return false;
        }
        true
    }

    /// Those that wait for a partner have `max_pending` to themselves.
    fn limit_partners(&self) {
        let Some(case) = self.case.filter(|_| !*lock(&self.finalizing)) else {
            return;
        };
        let partners = lock(&self.partners);
        let count = |clause: &[VecDeque<Value>]| clause.iter().map(VecDeque::len).sum::<usize>();
        let all: usize = partners.iter().map(|clause| count(clause)).sum();
        if all as u64 > case.max_pending {
            let most = partners.iter().map(|clause| count(clause)).max();
            let most = partners
                .iter()
                .position(|clause| Some(count(clause)) == most);
            let waiting =
                waiting_text(&self.graph.clauses[most.unwrap()], &partners[most.unwrap()]);
            let (clause, waiting) = waiting;
            self.exceeded(&format!(
                "`max_pending` of {}, because `when {clause}` waits with {waiting}: raise the \
                 limit, or emit the partners sooner",
                case.max_pending
            ));
        }
    }

    fn exceeded(&self, what: &str) {
        let message = format!("the execution exceeded its {what}");
        self.end(Over::Failed(vec![message].into(), false));
    }

    /// After the end, an item is dropped, and the handler waits to be dropped, too.
    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if self.is_over() {
            return Box::pin(std::future::pending());
        }
        let outer = self.outer.as_ref().and_then(Weak::upgrade);
        if outer.is_some_and(|outer| outer.is_over()) {
            *lock(&self.is_stuck) = true;
        } else {
            lock(self.items).push(item);
        }
        Box::pin(std::future::ready(()))
    }

    /// The first ending counts.
    fn end(&self, over: Over) {
        lock(&self.over).get_or_insert(over);
    }

    fn is_over(&self) -> bool {
        lock(&self.over).is_some()
    }

    /// A flow with an output that comes to nothing without one has failed.
    fn after(&self, over: Over) -> Over {
        match over {
            Over::Done | Over::Stopped
                if self.graph.has_output && lock(&self.decided).is_none() =>
            {
                let message = "the execution finished without reaching `end`";
                Over::Failed(vec![message.to_owned()].into(), false)
            }
            over => over,
        }
    }

    fn ended(&self, over: Over) -> Ended {
        let result = match over {
            Over::Done | Over::Stopped => Ok(*lock(&self.decided)),
            Over::Failed(error, _) => Err((error, *lock(&self.decided))),
        };
        Ended {
            result,
            finishing_failed: *lock(&self.finishing_failed),
        }
    }

    /// Runs clauses until the execution is over: until nothing runs and nothing waits, or it was
    /// ended before.
    async fn work(&self) {
        let mut running: Vec<Boxed<'_, ()>> = Vec::new();
        poll_fn(|cx| {
            // The one whose gate was opened goes on.
            self.go_on_with_given_up(cx);
            let before = running.len();
            running.retain_mut(|clause| self.is_over() || clause.as_mut().poll(cx).is_pending());
            // The next event goes on in its place.
            let mut in_its_place = running.len() < before;
            loop {
                if self.is_over() {
                    // The rest is dropped.
                    running.clear();
                    lock(&self.queue).clear();
                    return Poll::Ready(());
                }
                let next = lock(&self.queue).pop_front();
                if let Some(activation) = next {
                    let paired = self.pair(activation);
                    self.limit_partners();
                    if let Some(activation) = paired.filter(|_| !self.is_over()) {
                        let mut clause: Boxed<'_, ()> = Box::pin(self.clause(activation));
                        if clause.as_mut().poll(cx).is_pending() {
                            running.push(clause);
                            if !std::mem::take(&mut in_its_place) {
                                self.go_on_with_given_up(cx);
                            }
                        }
                    }
                    continue;
                }
                self.go_on_with_given_up(cx);
                if self.is_over() || !lock(&self.queue).is_empty() {
                    continue;
                }
                if !running.is_empty() || !lock(&self.given_up).is_empty() {
                    return Poll::Pending;
                } else if !self.take_left_over() {
                    self.end(Over::Done);
                }
            }
        })
        .await;
    }

    /// The stages that were given up go on, unless the execution is over.
    fn go_on_with_given_up(&self, cx: &mut Context<'_>) {
        if !self.is_over() {
            for failed in self.poll_given_up(cx) {
                self.end(Over::Failed(failed, false));
            }
        }
    }

    /// The first of one kind meets the first of the other.
    fn pair(&self, activation: Activation) -> Option<Activation> {
        let Activation {
            clause, ref data, ..
        } = activation;
        let (Trigger::All(events), Data::Event(event, value), false) = (
            &self.graph.clauses[clause].trigger,
            data,
            activation.is_left,
        ) else {
            return Some(activation);
        };
        let waiting = &mut lock(&self.partners)[clause];
        let which = events.iter().position(|other| other == event).unwrap();
        waiting[which].push_back(*value);
        if waiting.iter().any(VecDeque::is_empty) {
            return None;
        }
        let met = waiting
            .iter_mut()
            .map(|waiting| waiting.pop_front().unwrap());
        let data = Data::Several(met.collect());
        Some(Activation { data, ..activation })
    }

    /// Nothing runs: events without a partner go to the `else` of their clause, or are an error.
    fn take_left_over(&self) -> bool {
        let mut partners = lock(&self.partners);
        let mut any = false;
        let clauses = || self.graph.clauses.iter().enumerate();
        for (index, clause) in clauses() {
            let Trigger::All(events) = &clause.trigger else {
                continue;
            };
            if clause.otherwise.is_some() {
                for (event, waiting) in events.iter().zip(&mut partners[index]) {
                    for value in waiting.drain(..) {
                        self.push(index, Data::Event(*event, value), true);
                        any = true;
                    }
                }
            }
        }
        // What was taken may yet bring the others their partners.
        for (index, clause) in clauses() {
            if !any && partners[index].iter().any(|waiting| !waiting.is_empty()) {
                let (names, left) = waiting_text(clause, &partners[index]);
                let message =
                    format!("the execution finished, but `when {names}` was left with {left}");
                self.end(Over::Failed(vec![message].into(), false));
                any = true;
            }
        }
        any
    }

    /// Runs one clause to its end.
    async fn clause(
        &self,
        Activation {
            clause: index,
            data,
            is_left,
            ..
        }: Activation,
    ) {
        let clause = &self.graph.clauses[index];
        let place = match (&clause.trigger, &data) {
            (Trigger::Start, _) => "on start".to_owned(),
            (Trigger::Finally, _) => "in `finally`".to_owned(),
            (Trigger::Rescue(_), _) => "in a rescue".to_owned(),
            (_, Data::Event(event, _)) => format!("on `{}`", EVENTS[*event]),
            (Trigger::All(events), _) => format!("on `{}`", EVENTS[events[0]]),
            _ => unreachable!("an event"),
        };
        let because = match &data {
            Data::Failed(failed) => failed.prevented.clone(),
            _ => Vec::new(),
        };
        let is_otherwise = match (&clause.trigger, &data) {
            (Trigger::If(_), Data::Event(_, value)) => !value.is_odd(),
            _ => is_left,
        };
        let route = if is_otherwise {
            clause.otherwise.as_ref().unwrap()
        } else {
            &clause.route
        };
        let Err(Stop::Failed(failure)) = self.route(route, data).await else {
            return;
        };
        if failure.panicked {
            let message = format!("handler `{}` panicked {place}", failure.handler);
            let error = [vec![message], failure.error].concat();
            let failed = Failed {
                because,
                ..error.into()
            };
            return self.end(Over::Failed(failed, true));
        }
        // Within a rescue's own clause, nothing is rescued.
        let rescue = match &clause.trigger {
            Trigger::Rescue(_) => None,
            _ => self.rescue_of(&failure.handler),
        };
        let message = format!("handler `{}` failed {place}", failure.handler);
        let error = [vec![message], failure.error.clone()].concat();
        if let Some(rescue) = rescue {
            let prevented = error;
            let failure = Failure {
                prevented,
                ..failure
            };
            return self.push(rescue, Data::Failed(failure), false);
        }
        let failed = Failed {
            because,
            ..error.into()
        };
        self.end(Over::Failed(failed, false));
    }

    /// One for the handler itself, or else one for all.
    fn rescue_of(&self, handler: &str) -> Option<usize> {
        let of = |which: &dyn Fn(&[&str]) -> bool| {
            let mut clauses = self.graph.clauses.iter();
            clauses.position(|clause| match &clause.trigger {
                Trigger::Rescue(handlers) => which(handlers),
                _ => false,
            })
        };
        of(&|handlers| handlers.contains(&handler)).or_else(|| of(&|handlers| handlers.is_empty()))
    }

    fn route<'b>(&'b self, route: &'b Route, data: Data) -> Boxed<'b, Result<(), Stop>> {
        Box::pin(async move {
            let data = self.chain(&route.stages, data).await?;
            match (&route.last, data) {
                (Last::Match(arms), Data::Choice(arm, value)) => {
                    self.route(&arms[arm], Data::One(value)).await
                }
                (Last::End, Data::One(value)) => {
                    self.decide(value);
                    Ok(())
                }
                (Last::EndNow, Data::One(value)) => {
                    self.decide(value);
                    if !*lock(&self.finalizing) {
                        self.end(Over::Done);
                    }
                    Ok(())
                }
                (Last::Ignore, _) => Ok(()),
                other => unreachable!("{other:?}"),
            }
        })
    }

    /// The first value counts, and in a `finally` none.
    fn decide(&self, value: Value) {
        if lock(&self.decided).is_none() && !self.is_over() && !*lock(&self.finalizing) {
            *lock(&self.decided) = Some(value);
        }
    }

    async fn chain(&self, stages: &[Stage], mut data: Data) -> Result<Data, Stop> {
        for stage in stages {
            data = self.stage(stage, data).await?;
        }
        Ok(data)
    }

    fn stage<'b>(&'b self, stage: &'b Stage, data: Data) -> Boxed<'b, Result<Data, Stop>> {
        Box::pin(async move {
            match stage {
                Stage::Handler(name) => self.call(name, &data).await,
                Stage::Flow(index) => self.flow(*index, &data).await,
                Stage::Join(branches) => {
                    let branches = branches
                        .iter()
                        .map(|branch| self.chain(branch, data.clone()));
                    let branches = branches.map(|branch| Some(Box::pin(branch) as Boxed<'b, _>));
                    join(branches.collect()).await
                }
                Stage::Each(stages, limit) => {
                    let Data::Several(values) = data else {
                        unreachable!("several")
                    };
                    let work =
                        |value| Box::pin(self.chain(stages, Data::One(value))) as Boxed<'b, _>;
                    each(values, limit.unwrap_or(usize::MAX), &work).await
                }
                Stage::Else(stages, stand_in) => {
                    let cause = data.value();
                    match (self.chain(stages, data).await, stand_in) {
                        // A panic is no failure that something stands in for.
                        (Err(Stop::Failed(failure)), Some(stand_in)) if !failure.panicked => {
                            let failed = Failure {
                                cause: Some(cause),
                                ..failure
                            };
                            self.stage(stand_in, Data::Failed(failed)).await
                        }
                        (Err(Stop::Failed(failure)), None) if !failure.panicked => Err(Stop::Skip),
                        (result, _) => result,
                    }
                }
                Stage::Match(arms) => {
                    let Data::Choice(arm, value) = data else {
                        unreachable!("a choice")
                    };
                    match &arms[arm][..] {
                        [] => Err(Stop::Skip),
                        stages => self.chain(stages, Data::One(value)).await,
                    }
                }
            }
        })
    }

    async fn call(&self, handler: &str, data: &Data) -> Result<Data, Stop> {
        let takes_nothing = handler == "s3";
        let (input, fuel) = match data {
            _ if takes_nothing => (String::new(), 1),
            Data::One(value) => (value.number.to_string(), value.fuel),
            Data::Event(event, value) => {
                (format!("{} {}", EVENTS[*event], value.number), value.fuel)
            }
            Data::Several(values) => {
                let numbers: Vec<_> = values
                    .iter()
                    .map(|value| value.number.to_string())
                    .collect();
                let fuel = values.iter().map(|value| value.fuel).min();
                (numbers.join(" "), fuel.unwrap_or(0))
            }
            Data::Failed(failed) => {
                let failure = format!("{} {}", failed.handler, failed.told);
                match failed.cause {
                    Some(cause) if matches!(handler, "s0" | "s1") => {
                        (format!("{failure}: {}", cause.number), cause.fuel)
                    }
                    _ => (failure, 1),
                }
            }
            Data::Ending(ending) => ((*ending).to_owned(), 2),
            Data::Choice(..) => unreachable!("it is matched"),
        };
        let emits = handler.starts_with(['v', 'e', 'p', 'r']) || handler == "settle";
        let (call, outcome) = if emits {
            self.world.call(handler, &input, fuel, &Loud(self)).await
        } else {
            self.world.call(handler, &input, fuel, &Quiet(self)).await
        };
        let failure = |error: String, panicked| {
            let handler = handler.to_owned();
            Stop::Failed(Failure {
                handler,
                told: error.clone(),
                error: vec![error],
                panicked,
                prevented: Vec::new(),
                cause: None,
            })
        };
        match outcome {
            Outcome::Value(which) => {
                self.world.note(format!("{} returns", call.name));
                Ok(match handler {
                    "split" => Data::Several(call.parts(which)),
                    "choose" => Data::Choice(usize::from(which % 3), call.value()),
                    _ => Data::One(call.value()),
                })
            }
            Outcome::Fail => {
                self.world.note(format!("{} fails", call.name));
                Err(failure(format!("at {}", call.number), false))
            }
            Outcome::Panic => {
                self.world.note(format!("{} panics", call.name));
                Err(failure("planned".to_owned(), true))
            }
        }
    }

    /// A flow in a flow: its result is the value of the stage, and its failure that of the stage.
    async fn flow(&self, index: usize, data: &Data) -> Result<Data, Stop> {
        let stage = Execution::new(
            (self.graphs, index),
            self.world,
            self.items,
            Err(self.this.clone()),
        );
        let mut running = Running {
            work: Some(Arc::clone(&stage).execute(data.value())),
            execution: stage,
        };
        let ended = poll_fn(|cx| {
            let Some(work) = running.work.as_mut() else {
                return Poll::Pending;
            };
            let polled = work.as_mut().poll(cx);
            if polled.is_ready() {
                running.work = None;
            }
            if *lock(&running.execution.is_stuck) {
                // It is about to be dropped.
                return Poll::Pending;
            }
            polled
        })
        .await;
        match ended.result {
            Ok(value) => Ok(Data::One(value.unwrap())),
            Err((error, _)) => Err(Stop::Failed(Failure {
                handler: format!("F{index}"),
                told: error.told(),
                error: vec![error.text()],
                panicked: false,
                prevented: Vec::new(),
                cause: None,
            })),
        }
    }
}

/// What a handler has, if it may emit.
struct Loud<'b, 'a>(&'b Execution<'a>);

/// What a handler has that emits nothing.
struct Quiet<'b, 'a>(&'b Execution<'a>);

impl Surroundings for Loud<'_, '_> {
    fn may_emit(&self) -> bool {
        true
    }

    fn emit(&self, event: usize, value: Value) {
        self.0.emit(event, value);
    }

    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.put(item)
    }

    fn stop(&self) {
        self.0.end(Over::Stopped);
    }
}

impl Surroundings for Quiet<'_, '_> {
    fn may_emit(&self) -> bool {
        false
    }

    fn emit(&self, _event: usize, _value: Value) {}

    fn put(&self, item: u16) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.put(item)
    }

    fn stop(&self) {
        self.0.end(Over::Stopped);
    }
}

/// Nothing else runs meanwhile.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap()
}

impl Data {
    /// What arrives at a stage, as a cause.
    fn value(&self) -> Value {
        match self {
            Self::One(value) | Self::Event(_, value) | Self::Choice(_, value) => *value,
            Self::Failed(Failure {
                cause: Some(cause), ..
            }) => *cause,
            other => unreachable!("{other:?}"),
        }
    }
}

/// The branches go on in their order. The first failure drops the others.
fn join(mut branches: Vec<Option<Boxed<'_, Result<Data, Stop>>>>) -> Boxed<'_, Result<Data, Stop>> {
    let mut values = vec![None; branches.len()];
    Box::pin(poll_fn(move |cx| {
        for (branch, value) in branches.iter_mut().zip(&mut values) {
            let Some(running) = branch else { continue };
            if let Poll::Ready(result) = running.as_mut().poll(cx) {
                *branch = None;
                match result {
                    Ok(data) => *value = Some(data.value()),
                    Err(stop) => return Poll::Ready(Err(stop)),
                }
            }
        }
        let values: Option<Vec<_>> = values.iter().copied().collect();
        values.map_or(Poll::Pending, |values| {
            Poll::Ready(Ok(Data::Several(values)))
        })
    }))
}

/// The results are in the order of the values, without those that are left out. No more than the
/// limit run at a time, and the first failure drops the others.
fn each<'b>(
    values: Vec<Value>,
    limit: usize,
    work: &'b (dyn Fn(Value) -> Boxed<'b, Result<Data, Stop>> + Sync),
) -> Boxed<'b, Result<Data, Stop>> {
    let mut results = vec![None; values.len()];
    let mut values = values.into_iter().enumerate();
    let mut running: Vec<(usize, Boxed<'b, Result<Data, Stop>>)> = Vec::new();
    Box::pin(poll_fn(move |cx| {
        let mut go_on =
            |index: usize, work: &mut Boxed<'b, Result<Data, Stop>>, cx: &mut Context<'_>| {
                match work.as_mut().poll(cx) {
                    Poll::Pending => Ok(false),
                    Poll::Ready(Ok(data)) => {
                        results[index] = Some(data.value());
                        Ok(true)
                    }
                    Poll::Ready(Err(Stop::Skip)) => Ok(true),
                    Poll::Ready(Err(stop)) => Err(stop),
                }
            };
        let mut nth = 0;
        while let Some((index, work)) = running.get_mut(nth) {
            match go_on(*index, work, cx) {
                Ok(true) => drop(running.remove(nth)),
                Ok(false) => nth += 1,
                Err(stop) => return Poll::Ready(Err(stop)),
            }
        }
        while running.len() < limit {
            let Some((index, value)) = values.next() else {
                break;
            };
            let mut work = work(value);
            match go_on(index, &mut work, cx) {
                Ok(true) => {}
                Ok(false) => running.push((index, work)),
                Err(stop) => return Poll::Ready(Err(stop)),
            }
        }
        if !running.is_empty() {
            return Poll::Pending;
        }
        Poll::Ready(Ok(Data::Several(
            results.iter().flatten().copied().collect(),
        )))
    }))
}
