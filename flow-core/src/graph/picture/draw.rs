//! The nodes and edges of a graph.

use crate::graph::desc::HandlerDesc;
use crate::graph::desc::{ArmDesc, GraphDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::picture::nodes::{Frame, NodeId, Picture, Shape};

pub(super) fn draw(graph: GraphDesc) -> Picture {
    let mut draw = Draw {
        picture: Picture::new(graph.name),
        graph,
        frame: None,
        rescues: false,
        events: Vec::new(),
        handlers: Vec::new(),
        routes: Vec::new(),
        end: None,
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
    /// What is being drawn is reached by errors only.
    rescues: bool,
    events: Vec<(EventDesc, NodeId)>,
    handlers: Vec<Mention>,
    /// The routes drawn so far, with the nodes that they begin with.
    routes: Vec<(&'static [StageDesc], Vec<NodeId>)>,
    end: Option<NodeId>,
    /// Where questions go out.
    asks: Vec<NodeId>,
}

/// A handler, where it is drawn.
struct Mention {
    node: NodeId,
    handler: HandlerDesc,
    /// It is reached by errors only: a rescue of all does not take its own.
    rescues: bool,
}

/// A drawn route: where it is entered, and where it is left.
struct Way {
    entries: Vec<NodeId>,
    exits: Vec<NodeId>,
}

impl Draw {
    fn clauses(&mut self) {
        let graph = self.graph;
        for clause in graph.clauses {
            let source = match &clause.trigger {
                TriggerDesc::Start => Some(self.node("start", "start", Shape::Source)),
                TriggerDesc::Event(event) => Some(self.event(event)),
                TriggerDesc::All(events) => {
                    let events: Vec<_> = events.iter().map(|event| self.event(event)).collect();
                    let all = self.node("all", "&", Shape::All);
                    self.connect(&events, &[all], "");
                    Some(all)
                }
                TriggerDesc::Answered(event) | TriggerDesc::Unanswered(event) => self.asked(event),
                TriggerDesc::Rescue(_) => None,
            };
            let entries = self.entries(clause.route);
            let input = match clause.trigger {
                TriggerDesc::Start if graph.input != "()" => graph.input,
                TriggerDesc::Answered(_) => "answer",
                TriggerDesc::Unanswered(_) => "no answer",
                _ => "",
            };
            self.connect(source.as_slice(), &entries, input);
        }
    }

    /// Where the route begins; draws it, if no clause before has the same.
    fn entries(&mut self, route: &'static [StageDesc]) -> Vec<NodeId> {
        let mut known = self.routes.iter();
        // Each question goes out by itself, so that its answer comes back there.
        let asks = matches!(route, [StageDesc::Ask { .. }]);
        if !asks && let Some((_, entries)) = known.find(|(known, _)| same_route(known, route)) {
            return entries.clone();
        }
        self.rescues = !self.graph.clauses.iter().any(|clause| {
            !matches!(clause.trigger, TriggerDesc::Rescue(_)) && same_route(clause.route, route)
        });
        let way = self.route(route, true);
        self.routes.push((route, way.entries.clone()));
        way.entries
    }

    /// `last`: nothing takes what comes out.
    fn route(&mut self, route: &'static [StageDesc], last: bool) -> Way {
        let mut whole: Option<Way> = None;
        for (index, stage) in route.iter().enumerate() {
            let last = last && index + 1 == route.len();
            let way = self.stage(stage, last);
            whole = Some(match whole {
                None => way,
                Some(before) => {
                    let output = match (stage, self.graph.output) {
                        (StageDesc::End, Some(output)) if output != "_" => output,
                        _ => "",
                    };
                    self.connect(&before.exits, &way.entries, output);
                    Way {
                        entries: before.entries,
                        exits: way.exits,
                    }
                }
            });
        }
        whole.unwrap_or(Way {
            entries: Vec::new(),
            exits: Vec::new(),
        })
    }

    fn stage(&mut self, stage: &'static StageDesc, last: bool) -> Way {
        match stage {
            StageDesc::Handler(handler) => Way::through(self.handler(handler)),
            StageDesc::Join(branches) => {
                let ways = branches.iter().map(|branch| self.route(branch, last));
                let way = Way::side_by_side(ways.collect::<Vec<_>>());
                if last || way.exits.is_empty() {
                    return way;
                }
                let all = self.node("all", "&", Shape::All);
                self.connect(&way.exits, &[all], "");
                Way {
                    entries: way.entries,
                    exits: vec![all],
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
                let way = self.route(route, last);
                self.frame = outer;
                way
            }
            StageDesc::Choice(arms) => {
                let choice = self.node("choice", "?", Shape::Choice);
                let ways = flat(arms).into_iter().map(|arm| {
                    let way = self.route(arm.route, last);
                    self.connect(&[choice], &way.entries, arm.condition);
                    way
                });
                Way {
                    exits: Way::side_by_side(ways.collect()).exits,
                    entries: vec![choice],
                }
            }
            StageDesc::End => {
                // All ends are one, in no frame.
                let end = self.end.unwrap_or_else(|| {
                    let frame = self.frame.take();
                    let end = self.node("end_", "end", Shape::End);
                    self.frame = frame;
                    end
                });
                self.end = Some(end);
                Way::into(end)
            }
            StageDesc::Ask { .. } => {
                let ask = self.node("ask", "ask", Shape::Source);
                self.asks.push(ask);
                Way::into(ask)
            }
            StageDesc::Ignore => Way::into(self.node("ignore", "ignore", Shape::Ignored)),
        }
    }

    /// Where the question goes out: its event leads there.
    fn asked(&self, event: &EventDesc) -> Option<NodeId> {
        let (_, event) = self.events.iter().find(|(known, _)| known.id == event.id)?;
        let leads = |ask: &&NodeId| self.picture.leads(*event, **ask);
        self.asks.iter().find(leads).copied()
    }

    fn handler(&mut self, handler: &HandlerDesc) -> NodeId {
        let shape = match handler.graph {
            Some(_) => Shape::Flow,
            None => Shape::Handler,
        };
        let node = self.node(&format!("h_{}", handler.name), handler.name, shape);
        self.handlers.push(Mention {
            node,
            handler: *handler,
            rescues: self.rescues,
        });
        node
    }

    /// The node of an event, which stands in no frame.
    fn event(&mut self, event: &EventDesc) -> NodeId {
        let mut known = self.events.iter();
        if let Some((_, node)) = known.find(|(known, _)| known.id == event.id) {
            return *node;
        }
        let node = self.node(&format!("e_{}", event.name), event.name, Shape::Event);
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
            let taken = |mention: &&Mention| {
                let handler = &mention.handler;
                let named = |other: &HandlerDesc| other.is(handler);
                let left = handler.can_fail && !mention.rescues && !own.iter().any(named);
                whose.as_ref().map_or(left, named)
            };
            for mention in self.handlers.iter().filter(taken) {
                for entry in &entries {
                    self.picture.error(mention.node, *entry);
                }
            }
        }
    }

    fn emitted(&mut self) {
        for mention in std::mem::take(&mut self.handlers) {
            for event in mention.handler.emits {
                let event = self.event(event);
                self.picture.edge(mention.node, event, "");
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

impl Way {
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

    fn side_by_side(ways: Vec<Self>) -> Self {
        let mut whole = Self {
            entries: Vec::new(),
            exits: Vec::new(),
        };
        for way in ways {
            whole.entries.extend(way.entries);
            whole.exits.extend(way.exits);
        }
        whole
    }
}

/// The ways of a choice; `else if …` is one more of them, and no choice of its own.
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
        (StageDesc::Join(a), StageDesc::Join(b)) => {
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
        (StageDesc::End, StageDesc::End) | (StageDesc::Ignore, StageDesc::Ignore) => true,
        _ => false,
    }
}
