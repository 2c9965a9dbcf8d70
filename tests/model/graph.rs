//! A flow as data, and its text.

use std::fmt::Write as _;

/// The resource that the handler opens.
pub(crate) fn resource_of(handler: &str) -> &'static str {
    match handler {
        "open0" => "Open0",
        "open1" => "Open1",
        _ => unreachable!("{handler}"),
    }
}

/// The kinds of events. Handlers emit all but the last.
pub(crate) const EVENTS: [&str; 6] = ["A", "B", "C", "D", "Q", "X"];

/// The index of the question, where a clause asks it.
pub(crate) const QUESTION: usize = 4;

/// The index of the event that comes from outside alone, so that a flow may pass it on to its
/// stages without a clause that takes it.
pub(crate) const OUTSIDE: usize = 5;

/// A flow. Its name is `F` and its index among the flows.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    pub(crate) index: usize,
    /// `durable;`. Its times are in minutes, so that none passes while calls wait to go on.
    pub(crate) durable: bool,
    /// It ends with a value.
    pub(crate) has_output: bool,
    /// `timeout "4001ms";`.
    pub(crate) timeout: Option<u64>,
    /// `idle_timeout "1103ms";`.
    pub(crate) idle: Option<u64>,
    /// `concurrency 2;`.
    pub(crate) concurrency: Option<usize>,
    /// `drain within "401ms";`.
    pub(crate) drain: Option<u64>,
    /// The handlers that open resources: none, the first, or both.
    pub(crate) opens: &'static [&'static str],
    /// The events that it takes from outside, or passes on to its stages.
    pub(crate) externals: Vec<usize>,
    /// `start` is the first.
    pub(crate) clauses: Vec<Clause>,
}

#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub(crate) trigger: Trigger,
    pub(crate) route: Route,
    /// `else -> …`: of a condition, or of partners.
    pub(crate) otherwise: Option<Route>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trigger {
    Start,
    /// `when A | B`, by the indices of the events.
    Any(Vec<usize>),
    /// `when A(value) if value.is_odd()`.
    If(usize),
    /// `when A & B`, or `when A[3]`, by how many of each; with a field that is equal in all.
    All(Vec<(usize, usize)>, Option<&'static str>),
    /// `rescue a | b`; with no name, `rescue ->`.
    Rescue(Vec<&'static str>),
    /// `ask Q`, with a time limit and the period of a reminder in milliseconds.
    Ask(Option<u64>, Option<u64>),
    /// `finally within "1001ms"`.
    Finally,
    /// `every "701ms"`.
    Every(u64),
}

/// Stages, and what becomes of their value.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) stages: Vec<Stage>,
    pub(crate) last: Last,
}

#[derive(Clone, Debug)]
pub(crate) enum Last {
    Ignore,
    End,
    EndNow,
    Emit,
    /// A `match` of a `Choice`.
    Match(Vec<Route>),
}

#[derive(Clone, Debug)]
pub(crate) enum Stage {
    Handler(&'static str),
    /// The flow of this index.
    Flow(usize),
    Join(Vec<Vec<Stage>>),
    /// `first (a, b)`.
    First(Vec<Vec<Stage>>),
    Each(Vec<Stage>, Option<usize>),
    /// `(a -> b) else c`; without `c`, `else skip`.
    Else(Vec<Stage>, Option<Box<Stage>>),
    /// A `match` of a `Choice` whose arms meet again; one without stages is `skip`.
    Match(Vec<Vec<Stage>>),
    /// `ask Q within "1501ms" every "901ms" n0 else lapse`.
    Ask(Option<u64>, Option<u64>, Option<Box<Stage>>),
    /// A closure or a constructor.
    Closure(&'static str),
    /// The end of a branch.
    Emit,
    /// The same.
    Ignore,
}

impl Trigger {
    /// Whether it waits for the same events.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All(one, _), Self::All(two, _)) => one == two,
            _ => self == other,
        }
    }

    /// What meets, as it is written.
    pub(crate) fn together(&self) -> String {
        let Self::All(events, by) = self else {
            unreachable!("partners")
        };
        let events = events.iter().map(|(event, number)| match number {
            1 => EVENTS[*event].to_owned(),
            _ => format!("{}[{number}]", EVENTS[*event]),
        });
        let events: Vec<_> = events.collect();
        let by = by.map_or_else(String::new, |field| format!(" by {field}"));
        events.join(" & ") + &by
    }
}

impl Stage {
    /// Whether it is such a stage, or one is within it.
    fn has(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        let any = |stages: &[Self]| stages.iter().any(|stage| stage.has(is));
        let within = match self {
            Self::Join(several) | Self::First(several) | Self::Match(several) => {
                several.iter().any(|one| any(one))
            }
            Self::Each(stages, _) | Self::Else(stages, _) => any(stages),
            _ => false,
        };
        within || is(self)
    }

    /// Whether its text can stand where one stage can, without parentheses.
    fn is_plain(&self) -> bool {
        matches!(self, Self::Handler(_) | Self::Flow(_))
    }
}

impl Graph {
    /// The source of the flow.
    pub(crate) fn text(&self) -> String {
        let output = if self.has_output { " -> Value" } else { "" };
        let mut text = format!(
            "flow! {{\n    flow F{}(Value){output} streams Item;\n    with World;\n",
            self.index
        );
        if self.durable {
            text += "    durable;\n";
        }
        if self.counts() {
            text += "    state Total;\n";
        }
        for handler in self.opens {
            writeln!(text, "    with {} = {handler};", resource_of(handler)).unwrap();
        }
        if let Some(timeout) = self.timeout {
            writeln!(text, "    timeout \"{timeout}ms\";").unwrap();
        }
        if let Some(idle) = self.idle {
            writeln!(text, "    idle_timeout \"{idle}ms\";").unwrap();
        }
        if let Some(concurrency) = self.concurrency {
            writeln!(text, "    concurrency {concurrency};").unwrap();
        }
        if let Some(drain) = self.drain {
            writeln!(text, "    drain within \"{drain}ms\";").unwrap();
        }
        for event in &self.externals {
            writeln!(text, "    external {};", EVENTS[*event]).unwrap();
        }
        for (event, name) in EVENTS[..=QUESTION].iter().enumerate() {
            if !self.takes(event) {
                writeln!(text, "    ignore {name};").unwrap();
            }
        }
        let clauses = self.clauses.iter().map(Clause::text);
        let text = text + &clauses.collect::<Vec<_>>().join(";\n") + "\n}\n";
        if self.durable {
            return text.replace("ms\"", "m\"");
        }
        text
    }

    /// Whether its handlers take a state.
    pub(crate) fn counts(&self) -> bool {
        let names = ["count", "recount", "sum_up"];
        self.has(&|stage| matches!(stage, Stage::Handler(name) if names.contains(name)))
    }

    /// Whether a stage of this flow has something to do when it is given up.
    pub(crate) fn finishes(&self) -> bool {
        let mut clauses = self.clauses.iter();
        clauses.any(|clause| clause.trigger == Trigger::Finally)
    }

    /// Whether it asks, in a clause or in a stage.
    pub(crate) fn asks(&self) -> bool {
        let mut clauses = self.clauses.iter();
        clauses.any(|clause| matches!(clause.trigger, Trigger::Ask(..)))
            || self.has(&|stage| matches!(stage, Stage::Ask(..)))
    }

    /// Whether a clause takes the event.
    pub(crate) fn takes(&self, event: usize) -> bool {
        self.clauses.iter().any(|clause| clause.takes(event))
    }

    /// The flows that are stages of it and take the event from outside.
    pub(crate) fn stages_that_take(&self, graphs: &[Self], event: usize) -> Vec<usize> {
        let takes = |stage: &&Self| stage.externals.contains(&event);
        let stages = graphs.iter().filter(takes).map(|stage| stage.index);
        stages
            .filter(|index| self.has(&|stage| matches!(stage, Stage::Flow(of) if of == index)))
            .collect()
    }

    fn has(&self, is: &dyn Fn(&Stage) -> bool) -> bool {
        let mut clauses = self.clauses.iter();
        clauses.any(|clause| {
            let mut routes = std::iter::once(&clause.route).chain(&clause.otherwise);
            routes.any(|route| route.has(is))
        })
    }

    /// For choosing the smallest of those that fail.
    pub(crate) fn size(&self) -> usize {
        self.text().len()
    }
}

impl Clause {
    /// Both run the same for the same event.
    pub(crate) fn repeats(&self, other: &Self) -> bool {
        match (&self.trigger, &other.trigger) {
            (Trigger::Any(one), Trigger::Any(two)) => {
                let same = one.iter().any(|event| two.contains(event));
                same && self.route.text() == other.route.text()
            }
            _ => false,
        }
    }

    pub(crate) fn takes(&self, event: usize) -> bool {
        match &self.trigger {
            Trigger::Any(events) => events.contains(&event),
            Trigger::All(events, _) => events.iter().any(|(one, _)| *one == event),
            Trigger::If(on) => *on == event,
            Trigger::Ask(..) => event == QUESTION,
            Trigger::Start | Trigger::Rescue(_) | Trigger::Finally | Trigger::Every(_) => false,
        }
    }

    pub(crate) fn text(&self) -> String {
        let names = |events: &[usize], between| {
            let names: Vec<_> = events.iter().map(|event| EVENTS[*event]).collect();
            names.join(between)
        };
        let trigger = match &self.trigger {
            Trigger::Start => "start".to_owned(),
            Trigger::Any(events) => format!("when {}", names(events, " | ")),
            Trigger::If(event) => format!("when {}(value) if value.is_odd()", EVENTS[*event]),
            Trigger::All(..) => format!("when {}", self.trigger.together()),
            Trigger::Rescue(handlers) if handlers.is_empty() => "rescue".to_owned(),
            Trigger::Rescue(handlers) => format!("rescue {}", handlers.join(" | ")),
            Trigger::Ask(within, every) => format!("ask Q{}", ask_times(*within, *every)),
            Trigger::Finally => "finally within \"1001ms\"".to_owned(),
            Trigger::Every(period) => format!("every \"{period}ms\""),
        };
        let otherwise = match &self.otherwise {
            Some(route) => format!("\n        else -> {}", route.text()),
            None => String::new(),
        };
        format!("    {trigger} -> {}{otherwise}", self.route.text())
    }
}

impl Route {
    fn has(&self, is: &dyn Fn(&Stage) -> bool) -> bool {
        let in_arms = match &self.last {
            Last::Match(arms) => arms.iter().any(|arm| arm.has(is)),
            _ => false,
        };
        in_arms || self.stages.iter().any(|stage| stage.has(is))
    }

    pub(crate) fn begins_with(&self, handler: &str) -> bool {
        matches!(self.stages.first(), Some(Stage::Handler(first)) if *first == handler)
    }

    fn text(&self) -> String {
        let last = match &self.last {
            Last::Ignore => "ignore".to_owned(),
            Last::End => "end".to_owned(),
            Last::EndNow => "end now".to_owned(),
            Last::Emit => "emit".to_owned(),
            Last::Match(arms) => in_arms(arms.iter().map(Self::text)),
        };
        if self.stages.is_empty() {
            return last;
        }
        format!("{} -> {last}", chain(&self.stages))
    }
}

/// The times of a question.
fn ask_times(within: Option<u64>, every: Option<u64>) -> String {
    let within = within.map(|within| format!(" within \"{within}ms\""));
    let every = every.map(|period| format!(" every \"{period}ms\" n0"));
    within.unwrap_or_default() + &every.unwrap_or_default()
}

fn chain(stages: &[Stage]) -> String {
    let stages: Vec<_> = stages.iter().map(stage).collect();
    stages.join(" -> ")
}

/// A chain where one stage can stand.
fn single(stages: &[Stage]) -> String {
    match stages {
        [only] if only.is_plain() => stage(only),
        _ => format!("({})", chain(stages)),
    }
}

fn stage(of: &Stage) -> String {
    match of {
        Stage::Handler(name) => (*name).to_owned(),
        Stage::Flow(index) => format!("F{index}"),
        Stage::Ask(within, every, otherwise) => {
            let times = ask_times(*within, *every);
            let otherwise = otherwise.as_deref();
            let otherwise = otherwise.map_or_else(String::new, |of| format!(" else {}", stage(of)));
            format!("ask Q{times}{otherwise}")
        }
        Stage::Closure(code) => (*code).to_owned(),
        Stage::Emit => "emit".to_owned(),
        Stage::Ignore => "ignore".to_owned(),
        Stage::Join(branches) => {
            let branches: Vec<_> = branches.iter().map(|branch| chain(branch)).collect();
            format!("({})", branches.join(", "))
        }
        Stage::First(branches) => {
            let branches: Vec<_> = branches.iter().map(|branch| chain(branch)).collect();
            format!("first ({})", branches.join(", "))
        }
        Stage::Each(stages, limit) => {
            let limit = limit.map_or_else(String::new, |limit| format!("[{limit}]"));
            format!("each {}{limit}", single(stages))
        }
        Stage::Else(stages, Some(stand_in)) => {
            format!("{} else {}", single(stages), stage(stand_in))
        }
        Stage::Else(stages, None) => format!("{} else skip", single(stages)),
        Stage::Match(arms) => in_arms(arms.iter().map(|arm| match &arm[..] {
            [] => "skip".to_owned(),
            stages => chain(stages),
        })),
    }
}

fn in_arms(routes: impl Iterator<Item = String>) -> String {
    let patterns = [
        "Choice::Left(value)",
        "Choice::Right(value)",
        "Choice::Up(value)",
    ];
    let arms = patterns.iter().zip(routes).map(|(pattern, route)| {
        let is_unused = matches!(&route[..], "ignore" | "skip");
        let pattern = if is_unused {
            pattern.replace("value", "_")
        } else {
            (*pattern).to_owned()
        };
        format!("{pattern} => {route}")
    });
    format!("match {{ {} }}", arms.collect::<Vec<_>>().join(", "))
}

/// The indices of the flow and of the flows within it, the inner ones first.
pub(crate) fn used(graphs: &[Graph], index: usize) -> Vec<usize> {
    let text = graphs[index].text();
    // No flow is a stage of one that comes before it.
    let inner = (0..index).filter(|inner| has_word(&text, &format!("F{inner}")));
    let mut all: Vec<_> = inner.flat_map(|inner| used(graphs, inner)).collect();
    all.push(index);
    all.sort_unstable();
    all.dedup();
    all
}

pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !is_part(c)).any(|part| part == word)
}
