//! Turns a graph into nodes and edges.

use crate::graph::desc::HandlerDesc;
use crate::graph::desc::{ArmDesc, GraphDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::picture::nodes::{
    ANSWER, Frame, INTO_STAGE, LEFT_OVER, NO_ANSWER, NodeId, Picture, Shape,
};
use crate::graph::shape::{Count, Shape as Emitted};

pub(super) fn draw(graph: &GraphDesc) -> Picture {
    let mut draw = Draw {
        picture: Picture::new(graph.name, graph.sound),
        graph: *graph,
        frame: None,
        rescues: false,
        events: Vec::new(),
        handlers: Vec::new(),
        routes: Vec::new(),
        end: None,
        end_now: None,
        asks: Vec::new(),
    };
    draw.clauses();
    draw.rescues();
    draw.emitted();
    draw.outside();
    draw.picture
}

struct Draw {
    picture: Picture,
    graph: GraphDesc,
    /// The frame that is being filled.
    frame: Option<usize>,
    /// The current route is reached only by errors.
    rescues: bool,
    events: Vec<(EventDesc, NodeId)>,
    handlers: Vec<DrawnHandler>,
    /// The routes drawn so far, with their first nodes.
    routes: Vec<(&'static [StageDesc], Vec<NodeId>)>,
    end: Option<NodeId>,
    end_now: Option<NodeId>,
    /// The nodes where questions go out.
    asks: Vec<NodeId>,
}

/// A handler and one of its nodes.
struct DrawnHandler {
    node: NodeId,
    handler: HandlerDesc,
    /// The node is reached only by errors, or before `start`, where no rescue takes its own.
    rescues: bool,
    /// An `else` takes its errors.
    has_else: bool,
}

/// A drawn route: its first and its last nodes.
struct Path {
    entries: Vec<NodeId>,
    exits: Vec<NodeId>,
}

impl Draw {
    fn clauses(&mut self) {
        let graph = self.graph;
        for clause in graph.clauses {
            let source = match &clause.trigger {
                TriggerDesc::Open(_) => Some(self.node("with", "with", Shape::Source)),
                TriggerDesc::Start => Some(self.node("start", "start", Shape::Source)),
                TriggerDesc::Event(event) | TriggerDesc::LeftOver(event) => Some(self.event(event)),
                TriggerDesc::All(events) => {
                    let events: Vec<_> = events.iter().map(|event| self.event(event)).collect();
                    let all = self.node("all", "&", Shape::All);
                    self.connect(&events, &[all], "");
                    Some(all)
                }
                TriggerDesc::Times { event, count, .. } => {
                    let event = self.event(event);
                    let times = self.node("times", count, Shape::All);
                    self.connect(&[event], &[times], "");
                    Some(times)
                }
                TriggerDesc::Answered(event) | TriggerDesc::Unanswered(event) => self.asked(event),
                TriggerDesc::Reminder { question, .. } => self.reminded(question, clause.location),
                TriggerDesc::Every { text, .. } => Some(self.node("every", text, Shape::Source)),
                TriggerDesc::Finally => Some(self.node("finally", "finally", Shape::Source)),
                TriggerDesc::Rescue(_) => None,
            };
            let entries = self.entries(clause.route);
            let input = match clause.trigger {
                TriggerDesc::Open(resource) => resource,
                TriggerDesc::Start if graph.input != "()" => graph.input,
                TriggerDesc::Answered(_) => ANSWER,
                TriggerDesc::Unanswered(_) => NO_ANSWER,
                TriggerDesc::LeftOver(_) => LEFT_OVER,
                TriggerDesc::Reminder { text, .. } => text,
                _ => clause.by.unwrap_or_default(),
            };
            self.connect(source.as_slice(), &entries, input);
        }
    }

    /// The first nodes of a route, which is drawn unless an earlier clause has the same.
    fn entries(&mut self, route: &'static [StageDesc]) -> Vec<NodeId> {
        let mut known = self.routes.iter();
        // Each question has its own node, so that its answer leads from there.
        let asks = matches!(route, [StageDesc::Ask { .. }]);
        if !asks && let Some((_, entries)) = known.find(|(known, _)| same_route(known, route)) {
            return entries.clone();
        }
        self.rescues = !self
            .graph
            .clauses
            .iter()
            .any(|clause| clause.trigger.is_rescued() && same_route(clause.route, route));
        let path = self.route(route, true);
        self.routes.push((route, path.entries.clone()));
        path.entries
    }

    /// `last`: no stage follows.
    fn route(&mut self, route: &'static [StageDesc], last: bool) -> Path {
        let mut whole: Option<Path> = None;
        for (index, stage) in route.iter().enumerate() {
            let last = last && index + 1 == route.len();
            let path = self.stage(stage, last);
            whole = Some(match whole {
                None => path,
                Some(before) if matches!(stage, StageDesc::Emit { .. }) => {
                    self.emits(&before.exits, stage);
                    Path {
                        exits: Vec::new(),
                        ..before
                    }
                }
                Some(before) => {
                    let output = match (stage, self.graph.output) {
                        (StageDesc::End | StageDesc::EndNow, Some(output)) if output != "_" => {
                            output
                        }
                        _ => "",
                    };
                    self.connect(&before.exits, &path.entries, output);
                    Path {
                        entries: before.entries,
                        exits: path.exits,
                    }
                }
            });
        }
        whole.unwrap_or(Path {
            entries: Vec::new(),
            exits: Vec::new(),
        })
    }

    fn stage(&mut self, stage: &'static StageDesc, last: bool) -> Path {
        match stage {
            StageDesc::Handler(handler) => Path::through(self.handler(handler)),
            StageDesc::Join(branches) => {
                let paths = branches.iter().map(|branch| self.route(branch, last));
                let path = Path::parallel(paths.collect::<Vec<_>>());
                if last || path.exits.is_empty() {
                    return path;
                }
                let all = self.node("all", "&", Shape::All);
                self.connect(&path.exits, &[all], "");
                Path {
                    entries: path.entries,
                    exits: vec![all],
                }
            }
            StageDesc::First(branches) => {
                let first = self.node("first", "first", Shape::Choice);
                let paths = branches.iter().map(|branch| {
                    let path = self.route(branch, last);
                    self.connect(&[first], &path.entries, "");
                    path
                });
                Path {
                    exits: Path::parallel(paths.collect()).exits,
                    entries: vec![first],
                }
            }
            StageDesc::Each { route, limit } => {
                let label = match limit {
                    None => "each".to_owned(),
                    Some(limit) => format!("each, {limit} at a time"),
                };
                self.picture.frames.push(Frame {
                    label,
                    outer: self.frame,
                });
                let outer = self.frame.replace(self.picture.frames.len() - 1);
                let path = self.route(route, last);
                self.frame = outer;
                path
            }
            StageDesc::Choice(arms) => {
                let choice = self.node("choice", "?", Shape::Choice);
                let paths = flat(arms).into_iter().map(|arm| {
                    let path = self.route(arm.route, last);
                    self.connect(&[choice], &path.entries, arm.condition);
                    path
                });
                Path {
                    exits: Path::parallel(paths.collect()).exits,
                    entries: vec![choice],
                }
            }
            StageDesc::Else { route, stand_in } => self.stands_in(route, stand_in, last),
            StageDesc::Closure(code) => Path::through(self.node("closure", code, Shape::Closure)),
            StageDesc::Skip => Path::into(self.node("skip", "skip", Shape::Ignored)),
            StageDesc::End => {
                let end = self.end.unwrap_or_else(|| self.end_node("end_", "end"));
                self.end = Some(end);
                Path::into(end)
            }
            StageDesc::EndNow => {
                let end = self.end_now;
                let end = end.unwrap_or_else(|| self.end_node("end_now", "end now"));
                self.end_now = Some(end);
                Path::into(end)
            }
            StageDesc::Ask { within } => {
                let ask = self.node("ask", "ask", Shape::Source);
                self.picture.limit(ask, *within);
                self.asks.push(ask);
                Path::into(ask)
            }
            StageDesc::Emit { events, .. } => {
                let events = events.iter().map(|event| self.event(event));
                Path {
                    entries: events.collect(),
                    exits: Vec::new(),
                }
            }
            StageDesc::Ignore => Path::into(self.node("ignore", "ignore", Shape::Ignored)),
        }
    }

    /// A stage with an `else`.
    fn stands_in(
        &mut self,
        route: &'static [StageDesc],
        stand_in: &'static [StageDesc],
        last: bool,
    ) -> Path {
        let before = self.handlers.len();
        let tried = self.route(route, last);
        let failing = self.handlers.iter_mut().skip(before);
        let failing = failing.filter(|drawn| drawn.handler.can_fail && !drawn.has_else);
        let failing = failing.map(|drawn| {
            drawn.has_else = true;
            drawn.node
        });
        let failing: Vec<_> = failing.collect();
        let stand_in = self.route(stand_in, last);
        for handler in failing {
            for entry in &stand_in.entries {
                self.picture.error(handler, *entry);
            }
        }
        Path {
            entries: tried.entries,
            exits: [tried.exits, stand_in.exits].concat(),
        }
    }

    /// Edges to the events of an `emit`, each with how many of it there are.
    fn emits(&mut self, from: &[NodeId], stage: &StageDesc) {
        let StageDesc::Emit { events, shape } = stage else {
            return;
        };
        for (index, event) in events.iter().enumerate() {
            let node = self.event(event);
            self.connect(from, &[node], how_many(shape, index));
        }
    }

    /// All ends of a kind share one node, which is in no frame.
    fn end_node(&mut self, id: &str, label: &'static str) -> NodeId {
        let frame = self.frame.take();
        let end = self.node(id, label, Shape::End);
        self.frame = frame;
        end
    }

    /// The node where the question goes out.
    fn asked(&self, event: &EventDesc) -> Option<NodeId> {
        let (_, event) = self.events.iter().find(|(known, _)| known.id == event.id)?;
        let leads = |ask: &&NodeId| self.picture.leads(*event, **ask);
        self.asks.iter().find(leads).copied()
    }

    /// The node of the clause or the stage that asks the question, before its reminder in the text.
    fn reminded(&self, question: &EventDesc, reminder: Location) -> Option<NodeId> {
        let before = |drawn: &&DrawnHandler| {
            let asks = drawn
                .handler
                .asks
                .is_some_and(|asks| asks.id == question.id);
            asks && drawn.handler.location < reminder
        };
        let stages = self.handlers.iter().filter(before);
        let stage = stages.max_by_key(|drawn| drawn.handler.location);
        stage
            .map(|drawn| drawn.node)
            .or_else(|| self.asked(question))
    }

    fn handler(&mut self, handler: &HandlerDesc) -> NodeId {
        let (prefix, shape) = match (handler.graph, handler.asks) {
            (_, Some(_)) => ("", Shape::Ask),
            (Some(_), _) => ("h_", Shape::Flow),
            (None, None) => ("h_", Shape::Handler),
        };
        let node = self.node(&format!("{prefix}{}", handler.name), handler.name, shape);
        if handler.asks.is_some() {
            self.picture.limit(node, handler.timeout);
        }
        self.handlers.push(DrawnHandler {
            node,
            handler: *handler,
            rescues: self.rescues,
            has_else: false,
        });
        node
    }

    /// The node of an event, which is drawn once and in no frame.
    fn event(&mut self, event: &EventDesc) -> NodeId {
        let mut known = self.events.iter();
        if let Some((_, node)) = known.find(|(known, _)| known.id == event.id) {
            return *node;
        }
        let frame = self.frame.take();
        let node = self.node(&format!("e_{}", event.name), event.name, Shape::Event);
        self.frame = frame;
        self.events.push((*event, node));
        node
    }

    fn node(&mut self, id: &str, label: &'static str, shape: Shape) -> NodeId {
        self.picture.node(id, label, shape, self.frame)
    }

    fn connect(&mut self, from: &[NodeId], to: &[NodeId], label: &'static str) {
        for from in from {
            for to in to {
                self.picture.edge(*from, *to, label);
            }
        }
    }

    fn rescues(&mut self) {
        let own: Vec<_> = self
            .graph
            .clauses
            .iter()
            .filter_map(|clause| match clause.trigger {
                TriggerDesc::Rescue(handler) => handler,
                _ => None,
            })
            .collect();
        for clause in self.graph.clauses {
            let TriggerDesc::Rescue(whose) = clause.trigger else {
                continue;
            };
            let entries = self.entries(clause.route);
            let taken = |drawn: &&DrawnHandler| {
                let handler = &drawn.handler;
                let named = |other: &HandlerDesc| other.is(handler);
                let left = handler.can_fail && !own.iter().any(named);
                let is_left = !drawn.rescues && !drawn.has_else;
                is_left && whose.as_ref().map_or(left, named)
            };
            for drawn in self.handlers.iter().filter(taken) {
                for entry in &entries {
                    self.picture.error(drawn.node, *entry);
                }
            }
        }
    }

    /// The events that handlers emit, and those that stages take from outside.
    fn emitted(&mut self) {
        for drawn in std::mem::take(&mut self.handlers) {
            for (index, event) in drawn.handler.emits.iter().enumerate() {
                let number = how_many(&drawn.handler.shape, index);
                let event = self.event(event);
                self.picture.edge(drawn.node, event, number);
            }
            let inside = drawn.handler.graph.map_or(&[][..], |stage| stage.external);
            for event in inside {
                let event = self.event(event);
                self.picture.edge(event, drawn.node, INTO_STAGE);
            }
        }
    }

    fn outside(&mut self) {
        if !self.graph.external.is_empty() {
            let outside = self.node("outside", "outside", Shape::Source);
            for event in self.graph.external {
                let event = self.event(event);
                self.picture.edge(outside, event, "");
            }
        }
        for event in self.graph.ignored {
            let event = self.event(event);
            let ignored = self.node("ignore", "ignore", Shape::Ignored);
            self.picture.edge(event, ignored, "");
        }
    }
}

impl Path {
    fn through(node: NodeId) -> Self {
        Self {
            entries: vec![node],
            exits: vec![node],
        }
    }

    fn into(node: NodeId) -> Self {
        Self {
            entries: vec![node],
            exits: Vec::new(),
        }
    }

    fn parallel(paths: Vec<Self>) -> Self {
        let mut whole = Self {
            entries: Vec::new(),
            exits: Vec::new(),
        };
        for path in paths {
            whole.entries.extend(path.entries);
            whole.exits.extend(path.exits);
        }
        whole
    }
}

/// How many of the event with this index a call emits that succeeds, or a returned
/// value holds, as in a regular expression.
/// Nothing for exactly one, and where nothing is known.
fn how_many(emitted: &Emitted, event: usize) -> &'static str {
    if emitted.success.iter().any(|way| way.emits.is_empty()) {
        return "";
    }
    let count = emitted.emitted(event);
    match (count.least, count.most) {
        (0, Some(1)) if is_one_of_several(emitted) => "one of",
        (0, Some(1)) => "?",
        (0, None | Some(2..)) => "*",
        (_, Some(0 | 1)) => "",
        (2, Some(2)) => "2",
        (3, Some(3)) => "3",
        _ => "+",
    }
}

/// Whether each alternative has exactly one of the events that come once at most.
fn is_one_of_several(emitted: &Emitted) -> bool {
    emitted.success.iter().all(|way| {
        let counts = way.emits.iter().enumerate();
        let perhaps = counts.filter(|(event, _)| emitted.emitted(*event) == Count::between(0, 1));
        let perhaps: Vec<_> = perhaps.map(|(_, count)| *count).collect();
        let one = perhaps.iter().filter(|count| **count == Count::exactly(1));
        let none = perhaps.iter().filter(|count| **count == Count::exactly(0));
        one.count() == 1 && none.count() == perhaps.len() - 1
    })
}

/// The arms of a choice. Those of `else if …` are further arms, not a choice of their own.
fn flat(arms: &'static [ArmDesc]) -> Vec<&'static ArmDesc> {
    let arms = arms.iter().map(|arm| match arm.route {
        [StageDesc::Choice(inner)] if arm.condition == "else" => flat(inner),
        _ => vec![arm],
    });
    arms.flatten().collect()
}

fn same_route(a: &[StageDesc], b: &[StageDesc]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_stage(a, b))
}

fn same_stage(a: &StageDesc, b: &StageDesc) -> bool {
    match (a, b) {
        (StageDesc::Handler(a), StageDesc::Handler(b)) => a.is(b),
        (StageDesc::Join(a), StageDesc::Join(b)) | (StageDesc::First(a), StageDesc::First(b)) => {
            a.len() == b.len() && a.iter().zip(*b).all(|(a, b)| same_route(a, b))
        }
        (
            StageDesc::Each { route, limit },
            StageDesc::Each {
                route: other,
                limit: and,
            },
        ) => limit == and && same_route(route, other),
        (StageDesc::Choice(a), StageDesc::Choice(b)) => {
            let same = |(a, b): (&ArmDesc, &ArmDesc)| {
                a.condition == b.condition && same_route(a.route, b.route)
            };
            a.len() == b.len() && a.iter().zip(*b).all(same)
        }
        (
            StageDesc::Else { route, stand_in },
            StageDesc::Else {
                route: other,
                stand_in: and,
            },
        ) => same_route(route, other) && same_route(stand_in, and),
        (
            StageDesc::Emit { events, shape },
            StageDesc::Emit {
                events: others,
                shape: and,
            },
        ) => events == others && shape == and,
        (StageDesc::Closure(a), StageDesc::Closure(b)) => a == b,
        (StageDesc::End, StageDesc::End)
        | (StageDesc::EndNow, StageDesc::EndNow)
        | (StageDesc::Ignore, StageDesc::Ignore)
        | (StageDesc::Skip, StageDesc::Skip) => true,
        _ => false,
    }
}
