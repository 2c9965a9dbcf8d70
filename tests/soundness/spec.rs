//! A graph as data that can be made smaller, its text, and its description.

use std::fmt::Write as _;
use std::time::Duration;

use flow_core::__private::{HandlerTable, sound};
use flow_core::graph::{
    Alternative, ClauseDesc, Count, EventDesc, GraphDesc, HandlerDesc, Location, Shape, StageDesc,
    TriggerDesc,
};

/// The events of all graphs.
pub(crate) const EVENTS: [&str; 26] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S",
    "T", "U", "V", "W", "X", "Y", "Z",
];

/// How many of an event: at least, and at most.
pub(crate) type Range = (u32, Option<u32>);

/// One way in which a call may go: how many of each event of the handler.
pub(crate) type Way = Vec<Range>;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spec {
    pub(crate) has_output: bool,
    /// `start` is the first.
    pub(crate) clauses: Vec<Clause>,
    /// The events that the outside may send.
    pub(crate) external: Vec<usize>,
    /// `drain within "10s"`.
    pub(crate) drains: bool,
    pub(crate) is_durable: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Clause {
    pub(crate) trigger: Trigger,
    pub(crate) by: bool,
    pub(crate) route: Vec<Stage>,
    /// `else -> …` of a question or of partners.
    pub(crate) otherwise: Option<Vec<Stage>>,
    /// `every "1h" …` of a question.
    pub(crate) reminder: Option<Handler>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trigger {
    Start,
    Event(usize),
    All(Vec<usize>),
    Times(usize, u8),
    Ask(usize),
    /// The name of the handler.
    Rescue(Option<usize>),
    Every,
    Finally,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stage {
    Handler(Handler),
    Join(Vec<Vec<Stage>>),
    First(Vec<Vec<Stage>>),
    Each(Vec<Stage>),
    Match(Vec<Vec<Stage>>),
    Else(Vec<Stage>, Vec<Stage>),
    End,
    EndNow,
    Ignore,
    Skip,
    Emit(Vec<usize>, Vec<Way>),
    /// The question, and whether it has a `within`.
    Ask(usize, bool),
    Flow(Inner),
}

/// A flow that is a stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Inner {
    /// It is proved.
    Sound,
    /// It is proved, and asks.
    Asks,
    /// It is proved, and has a clock.
    Ticks,
    /// It has no output, so that it cannot come to nothing.
    Quiet,
    /// It may come to nothing.
    Short,
    /// It may leave an event over.
    Uneven,
    /// It leaves an event over if its question is given up.
    Lone,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Handler {
    pub(crate) name: usize,
    pub(crate) emits: Vec<usize>,
    pub(crate) success: Vec<Way>,
    pub(crate) failure: Vec<Way>,
    pub(crate) can_fail: bool,
    pub(crate) attempts: u32,
    pub(crate) timeout: bool,
    /// What a call emits that fails is undone: the flow is durable.
    pub(crate) undone: bool,
}

impl Spec {
    pub(crate) fn new(has_output: bool, clauses: Vec<Clause>) -> Self {
        Self {
            has_output,
            clauses,
            external: Vec::new(),
            drains: false,
            is_durable: false,
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut output = if self.has_output { "-> u32; " } else { "" }.to_owned();
        if self.is_durable {
            output += "durable; ";
        }
        if self.drains {
            output += "drain within \"10s\"; ";
        }
        for event in &self.external {
            write!(output, "external {}; ", EVENTS[*event]).unwrap();
        }
        let clauses: Vec<_> = self.clauses.iter().map(Clause::text).collect();
        format!("flow {output}\n    {}", clauses.join(";\n    "))
    }

    /// How many clauses its description has.
    pub(crate) fn size(&self) -> usize {
        self.clauses.iter().map(Clause::size).sum()
    }

    /// How many events its clauses wait for.
    pub(crate) fn waits(&self) -> usize {
        let of = |clause: &Clause| match &clause.trigger {
            Trigger::Event(_) | Trigger::Times(..) | Trigger::Ask(_) => 1,
            Trigger::All(events) => events.len(),
            Trigger::Start | Trigger::Rescue(_) | Trigger::Every | Trigger::Finally => 0,
        };
        self.clauses.iter().map(of).sum()
    }

    pub(crate) fn emitted(&self) -> Vec<usize> {
        let mut events = Vec::new();
        for clause in &self.clauses {
            events.extend(clause.reminder.iter().flat_map(|handler| &handler.emits));
            for route in std::iter::once(&clause.route).chain(&clause.otherwise) {
                each_stage(route, &mut |stage| match stage {
                    Stage::Handler(handler) => events.extend_from_slice(&handler.emits),
                    Stage::Emit(held, _) => events.extend_from_slice(held),
                    _ => {}
                });
            }
        }
        events.sort_unstable();
        events.dedup();
        events
    }

    pub(crate) fn takes(&self, event: usize) -> bool {
        self.clauses.iter().any(|clause| match &clause.trigger {
            Trigger::Event(taken) | Trigger::Times(taken, _) | Trigger::Ask(taken) => {
                *taken == event
            }
            Trigger::All(taken) => taken.contains(&event),
            Trigger::Start | Trigger::Rescue(_) | Trigger::Every | Trigger::Finally => false,
        })
    }

    pub(crate) fn handlers(&self) -> Vec<&Handler> {
        let mut handlers = Vec::new();
        for clause in &self.clauses {
            handlers.extend(&clause.reminder);
            for route in std::iter::once(&clause.route).chain(&clause.otherwise) {
                handlers_of(route, &mut handlers);
            }
        }
        handlers
    }

    /// The description, which is never freed.
    pub(crate) fn graph(&self) -> &'static GraphDesc {
        let mut clauses = Vec::new();
        for clause in &self.clauses {
            self.describe(clause, &mut clauses);
        }
        let emitted = self.emitted().into_iter();
        let ignored = emitted.filter(|event| !self.takes(*event)).map(event);
        let output = self.has_output.then_some("u32");
        let external = self.external.iter().copied().map(event).collect();
        let mut graph = GraphDesc::new("", "", Location::new("", 0, 0))
            .types("()", output, "String")
            .wiring(kept(clauses), kept(external), kept(ignored.collect()));
        if self.is_durable {
            graph = graph.durable();
        }
        if self.drains {
            graph = graph.drain(Duration::from_secs(10));
        }
        let has_finally = |clause: &Clause| clause.trigger == Trigger::Finally;
        if self.clauses.iter().any(has_finally) {
            graph = graph.finally(Duration::from_secs(30));
        }
        Box::leak(Box::new(graph))
    }

    fn describe(&self, clause: &Clause, clauses: &mut Vec<ClauseDesc>) {
        let otherwise = clause.otherwise.as_deref();
        match &clause.trigger {
            Trigger::Ask(question) => {
                let question = event(*question);
                let asks = [StageDesc::Ask { within: None }];
                let goes_out = TriggerDesc::Event(question);
                clauses.push(described(goes_out, kept(asks.to_vec()), &[]));
                clauses.push(route(TriggerDesc::Answered(question), &clause.route));
                if let Some(otherwise) = otherwise {
                    clauses.push(route(TriggerDesc::Unanswered(question), otherwise));
                }
                if let Some(reminder) = &clause.reminder {
                    let trigger = TriggerDesc::Reminder {
                        question,
                        period: Duration::from_secs(3600),
                        text: "every \"1h\"",
                    };
                    clauses.push(route(trigger, &[Stage::Handler(reminder.clone())]));
                }
            }
            trigger => {
                let (trigger, events) = match trigger {
                    Trigger::Start => (TriggerDesc::Start, Vec::new()),
                    Trigger::Event(of) => (TriggerDesc::Event(event(*of)), Vec::new()),
                    Trigger::All(of) => {
                        let events: Vec<_> = of.iter().copied().map(event).collect();
                        (TriggerDesc::All(kept(events.clone())), events)
                    }
                    Trigger::Times(of, count) => {
                        let (event, number) = (event(*of), usize::from(*count));
                        let count = Box::leak(count.to_string().into_boxed_str());
                        let times = TriggerDesc::Times {
                            event,
                            count,
                            number,
                        };
                        (times, vec![event])
                    }
                    Trigger::Rescue(None) => (TriggerDesc::Rescue(None), Vec::new()),
                    Trigger::Rescue(Some(name)) => {
                        let mut handlers = self.handlers().into_iter();
                        let handler = handlers.find(|handler| handler.name == *name).unwrap();
                        (TriggerDesc::Rescue(Some(handler.desc())), Vec::new())
                    }
                    Trigger::Every => {
                        let period = Duration::from_secs(1);
                        let text = "every \"1s\"";
                        (TriggerDesc::Every { period, text }, Vec::new())
                    }
                    Trigger::Finally => (TriggerDesc::Finally, Vec::new()),
                    Trigger::Ask(_) => unreachable!("above"),
                };
                let described = route(trigger, &clause.route);
                clauses.push(if clause.by {
                    described.by("order")
                } else {
                    described
                });
                for event in events {
                    if let Some(otherwise) = otherwise {
                        clauses.push(route(TriggerDesc::LeftOver(event), otherwise));
                    }
                }
            }
        }
    }
}

fn event(index: usize) -> EventDesc {
    let name = EVENTS[index];
    EventDesc::new(name, "", name, Location::new("", 0, 0))
}

fn kept<T>(values: Vec<T>) -> &'static [T] {
    Vec::leak(values)
}

/// A clause and all of its route.
fn route(trigger: TriggerDesc, stages: &[Stage]) -> ClauseDesc {
    let mut handlers = Vec::new();
    each_stage(stages, &mut |stage| {
        if let Some(handler) = stage.called() {
            handlers.push(handler);
        }
    });
    let (mut ends, mut ends_now) = (false, false);
    let mut emits = Vec::new();
    each_stage(stages, &mut |stage| match stage {
        Stage::End => ends = true,
        Stage::EndNow => ends_now = true,
        Stage::Emit(events, _) => {
            emits.push(kept(events.iter().copied().map(event).collect()));
        }
        _ => {}
    });
    let mut clause = described(trigger, stage_descs(stages), &handlers);
    if !emits.is_empty() {
        clause = clause.emits(kept(emits));
    }
    if ends_now {
        clause.ends_now()
    } else if ends {
        clause.ends()
    } else {
        clause
    }
}

/// A clause with these handlers. The number of handlers is a constant of their table.
fn described(
    trigger: TriggerDesc,
    stages: &'static [StageDesc],
    handlers: &[HandlerDesc],
) -> ClauseDesc {
    macro_rules! tables {
        ($($count:literal)*) => {
            match handlers.len() {
                $($count => {
                    let handlers: [HandlerDesc; $count] = handlers.try_into().unwrap();
                    let table: &'static HandlerTable<$count> =
                        Box::leak(Box::new(HandlerTable::new("", handlers)));
                    table.clause(trigger, (0, $count), stages, 0, 0)
                })*
                more => panic!("{more} handlers in a clause"),
            }
        };
    }
    tables!(
        0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
    )
}

fn stage_descs(stages: &[Stage]) -> &'static [StageDesc] {
    kept(stages.iter().map(Stage::desc).collect())
}

pub(crate) fn each_stage(stages: &[Stage], see: &mut impl FnMut(&Stage)) {
    for stage in stages {
        see(stage);
        match stage {
            Stage::Join(routes) | Stage::First(routes) | Stage::Match(routes) => {
                for route in routes {
                    each_stage(route, see);
                }
            }
            Stage::Each(route) => each_stage(route, see),
            Stage::Else(route, stand_in) => {
                each_stage(route, see);
                each_stage(stand_in, see);
            }
            _ => {}
        }
    }
}

fn handlers_of<'a>(stages: &'a [Stage], handlers: &mut Vec<&'a Handler>) {
    for stage in stages {
        match stage {
            Stage::Handler(handler) => handlers.push(handler),
            Stage::Join(routes) | Stage::First(routes) | Stage::Match(routes) => {
                for route in routes {
                    handlers_of(route, handlers);
                }
            }
            Stage::Each(route) => handlers_of(route, handlers),
            Stage::Else(route, stand_in) => {
                handlers_of(route, handlers);
                handlers_of(stand_in, handlers);
            }
            _ => {}
        }
    }
}

/// Alternatives, whose calls may wait.
fn alternatives(ways: &[Way]) -> &'static [Alternative] {
    let alternatives = ways.iter().map(|way| {
        let counts = way.iter().map(|(least, most)| match most {
            Some(most) => Count::between(*least, *most),
            None => Count::at_least(*least),
        });
        Alternative::new(kept(counts.collect())).waits()
    });
    kept(alternatives.collect())
}

impl Handler {
    fn desc(&self) -> HandlerDesc {
        let name: &'static str = Box::leak(format!("h{}", self.name).into_boxed_str());
        let line = u32::try_from(self.name).unwrap();
        let emits = self.emits.iter().copied().map(event).collect();
        let location = Location::new("", line, 0);
        let desc = HandlerDesc::new(name, "", location, &[], kept(emits), self.can_fail);
        let success = alternatives(&self.success);
        let failure = alternatives(&self.failure);
        let desc = desc.success(success).failure(failure, success);
        let mut desc = desc.attempts(self.attempts);
        if self.timeout {
            desc = desc.timeout(Duration::from_secs(1));
        }
        if self.undone { desc.undone() } else { desc }
    }

    fn text(&self) -> String {
        let mut text = format!("h{}", self.name);
        let success = ways_text(&self.emits, &self.success);
        if !self.emits.is_empty() {
            write!(text, "{{{success}}}").unwrap();
        }
        if self.can_fail {
            let failure = ways_text(&self.emits, &self.failure);
            write!(text, "!{{{failure}}}").unwrap();
        }
        if self.attempts > 1 {
            write!(text, "*{}", self.attempts).unwrap();
        }
        if self.timeout {
            text += "@";
        }
        text
    }
}

fn ways_text(events: &[usize], ways: &[Way]) -> String {
    let ways = ways.iter().map(|way| {
        let counts = events.iter().zip(way).filter_map(|(event, range)| {
            let name = EVENTS[*event];
            match range {
                (0, Some(0)) => None,
                (1, Some(1)) => Some(name.to_owned()),
                (least, most) => {
                    let most = most.map_or_else(String::new, |most| most.to_string());
                    Some(format!("{name}[{least}..{most}]"))
                }
            }
        });
        let counts: Vec<_> = counts.collect();
        if counts.is_empty() {
            "-".to_owned()
        } else {
            counts.join(" ")
        }
    });
    ways.collect::<Vec<_>>().join(" | ")
}

/// The question of a stage, as the handler that it is in a graph.
fn asking(question: usize, within: bool) -> HandlerDesc {
    let asked: &'static EventDesc = Box::leak(Box::new(event(question)));
    let name: &'static str = Box::leak(format!("ask {}", asked.name).into_boxed_str());
    let location = Location::new("", u32::try_from(question).unwrap(), 1);
    let mut desc = HandlerDesc::new(name, "", location, &[], &[], true);
    desc.asks = Some(asked);
    desc.shape = waits_and_emits_nothing();
    desc.timeout = within.then_some(Duration::from_secs(1));
    desc
}

fn waits_and_emits_nothing() -> Shape {
    const WAITS: &[Alternative] = &[Alternative::new(&[]).waits()];
    Shape::new(WAITS, WAITS)
}

impl Inner {
    const ALL: [Self; 7] = [
        Self::Sound,
        Self::Asks,
        Self::Ticks,
        Self::Quiet,
        Self::Short,
        Self::Uneven,
        Self::Lone,
    ];

    pub(crate) fn any(rng: &mut fastrand::Rng) -> Self {
        rng.choice(Self::ALL).unwrap()
    }

    /// One that comes to its end.
    pub(crate) fn proved(rng: &mut fastrand::Rng) -> Self {
        rng.choice(&Self::ALL[..4]).copied().unwrap()
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sound => "Sound",
            Self::Asks => "Asks",
            Self::Ticks => "Ticks",
            Self::Quiet => "Quiet",
            Self::Short => "Short",
            Self::Uneven => "Uneven",
            Self::Lone => "Lone",
        }
    }

    /// Its clauses, as a graph of its own.
    pub(crate) fn spec(self) -> Spec {
        const ONE: Range = (1, Some(1));
        const NONE: Range = (0, Some(0));
        let handler = |emits: &[usize], success: &[Way]| {
            Stage::Handler(Handler {
                name: emits.iter().sum(),
                emits: emits.to_vec(),
                success: success.to_vec(),
                failure: Vec::new(),
                can_fail: false,
                attempts: 1,
                timeout: false,
                undone: false,
            })
        };
        let (quiet, ends) = (handler(&[], &[Vec::new()]), Stage::End);
        let start = |route| Clause::new(Trigger::Start, route);
        let clauses = match self {
            Self::Sound => vec![start(vec![quiet, ends])],
            Self::Asks => vec![start(vec![
                quiet.clone(),
                Stage::Ask(1, false),
                quiet,
                ends,
            ])],
            Self::Ticks => vec![
                start(vec![quiet]),
                Clause::new(
                    Trigger::Every,
                    vec![Stage::Match(vec![vec![ends], vec![Stage::Ignore]])],
                ),
            ],
            Self::Quiet => vec![start(vec![quiet])],
            Self::Short => vec![
                start(vec![handler(&[0], &[vec![ONE], vec![NONE]])]),
                Clause::new(Trigger::Event(0), vec![quiet, ends]),
            ],
            Self::Uneven => vec![
                start(vec![handler(&[0, 1], &[vec![ONE, ONE], vec![ONE, NONE]])]),
                Clause::new(Trigger::All(vec![0, 1]), vec![quiet]),
            ],
            Self::Lone => vec![
                start(vec![handler(&[0, 1], &[vec![ONE, ONE]])]),
                Clause::new(Trigger::Ask(0), vec![handler(&[2], &[vec![ONE]])]),
                Clause::new(Trigger::All(vec![1, 2]), vec![quiet]),
            ],
        };
        let has_output = !matches!(self, Self::Quiet | Self::Uneven | Self::Lone);
        Spec::new(has_output, clauses)
    }

    fn graph(self) -> &'static GraphDesc {
        static ALL: std::sync::OnceLock<Vec<&'static GraphDesc>> = std::sync::OnceLock::new();
        let all = ALL.get_or_init(|| {
            let all = Self::ALL.into_iter().map(|inner| {
                let line = inner as u32;
                let mut graph = *inner.spec().graph();
                graph.name = Some(inner.name());
                graph.location = Location::new("", line, 2);
                if sound::findings(&graph).is_empty() {
                    graph = graph.sound();
                }
                &*Box::leak(Box::new(graph))
            });
            all.collect()
        });
        all[self as usize]
    }
}

impl Stage {
    /// The handler that is called.
    fn called(&self) -> Option<HandlerDesc> {
        match self {
            Self::Handler(handler) => Some(handler.desc()),
            Self::Ask(question, within) => Some(asking(*question, *within)),
            Self::Flow(inner) => Some(HandlerDesc::flow(inner.graph())),
            _ => None,
        }
    }

    fn desc(&self) -> StageDesc {
        let routes = |routes: &[Vec<Stage>]| {
            let routes: Vec<_> = routes.iter().map(|route| stage_descs(route)).collect();
            kept(routes)
        };
        match self {
            Self::Handler(_) | Self::Ask(..) | Self::Flow(_) => {
                StageDesc::Handler(self.called().unwrap())
            }
            Self::Join(branches) => StageDesc::Join(routes(branches)),
            Self::First(branches) => StageDesc::First(routes(branches)),
            Self::Each(route) => StageDesc::Each {
                route: stage_descs(route),
                limit: None,
            },
            Self::Match(arms) => {
                let arms = arms
                    .iter()
                    .map(|arm| flow_core::__private::ArmDesc::new("_", stage_descs(arm)));
                StageDesc::Choice(kept(arms.collect()))
            }
            Self::Else(route, stand_in) => StageDesc::Else {
                route: stage_descs(route),
                stand_in: stage_descs(stand_in),
            },
            Self::End => StageDesc::End,
            Self::EndNow => StageDesc::EndNow,
            Self::Ignore => StageDesc::Ignore,
            Self::Skip => StageDesc::Skip,
            Self::Emit(events, ways) => StageDesc::Emit {
                events: kept(events.iter().copied().map(event).collect()),
                shape: Shape::new(alternatives(ways), &[]),
            },
        }
    }

    fn text(&self) -> String {
        let routes = |routes: &[Vec<Self>], between| {
            let routes: Vec<_> = routes.iter().map(|route| chain(route)).collect();
            routes.join(between)
        };
        match self {
            Self::Handler(handler) => handler.text(),
            Self::Join(branches) => format!("({})", routes(branches, ", ")),
            Self::First(branches) => format!("first ({})", routes(branches, ", ")),
            Self::Each(route) => format!("each ({})", chain(route)),
            Self::Match(arms) => format!("match {{ {} }}", routes(arms, " , ")),
            Self::Else(route, stand_in) => {
                format!("({}) else ({})", chain(route), chain(stand_in))
            }
            Self::End => "end".to_owned(),
            Self::EndNow => "end now".to_owned(),
            Self::Ignore => "ignore".to_owned(),
            Self::Skip => "skip".to_owned(),
            Self::Emit(events, ways) => format!("emit{{{}}}", ways_text(events, ways)),
            Self::Ask(question, within) => {
                let within = if *within { " within" } else { "" };
                format!("ask {}{within}", EVENTS[*question])
            }
            Self::Flow(inner) => inner.name().to_owned(),
        }
    }
}

fn chain(stages: &[Stage]) -> String {
    let stages: Vec<_> = stages.iter().map(Stage::text).collect();
    stages.join(" -> ")
}

impl Clause {
    pub(crate) fn new(trigger: Trigger, route: Vec<Stage>) -> Self {
        Self {
            trigger,
            by: false,
            route,
            otherwise: None,
            reminder: None,
        }
    }

    fn size(&self) -> usize {
        let otherwise = usize::from(self.otherwise.is_some());
        match &self.trigger {
            Trigger::Ask(_) => 2 + otherwise + usize::from(self.reminder.is_some()),
            Trigger::All(events) => 1 + events.len() * otherwise,
            _ => 1 + otherwise,
        }
    }

    fn text(&self) -> String {
        let names = |events: &[usize], between| {
            let names: Vec<_> = events.iter().map(|event| EVENTS[*event]).collect();
            names.join(between)
        };
        let trigger = match &self.trigger {
            Trigger::Start => "start".to_owned(),
            Trigger::Event(event) => format!("when {}", EVENTS[*event]),
            Trigger::All(events) => format!("when {}", names(events, " & ")),
            Trigger::Times(event, count) => format!("when {}[{count}]", EVENTS[*event]),
            Trigger::Ask(event) => format!("ask {}", EVENTS[*event]),
            Trigger::Rescue(None) => "rescue".to_owned(),
            Trigger::Rescue(Some(name)) => format!("rescue h{name}"),
            Trigger::Every => "every".to_owned(),
            Trigger::Finally => "finally".to_owned(),
        };
        let reminder = match &self.reminder {
            Some(reminder) => format!(" every {}", reminder.text()),
            None => String::new(),
        };
        let by = if self.by { " by .order" } else { "" };
        let otherwise = match &self.otherwise {
            Some(route) => format!(" else -> {}", chain(route)),
            None => String::new(),
        };
        format!(
            "{trigger}{by}{reminder} -> {}{otherwise}",
            chain(&self.route)
        )
    }
}
