//! A picture: nodes, edges, and frames around some of the nodes.

use std::borrow::Cow;
use std::collections::HashSet;
use std::time::Duration;

use crate::graph::duration::Readable;

/// Nodes, edges, and frames around some of the nodes.
#[derive(Default)]
pub(super) struct Picture {
    pub(super) title: Option<String>,
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    pub(super) frames: Vec<Frame>,
    ids: HashSet<String>,
}

/// The label of the edge from a question to the clause that takes its answer.
pub(crate) const ANSWER: &str = "answer";
/// The label of the edge from a question to its `else`.
pub(crate) const NO_ANSWER: &str = "no answer";
/// The label of an edge from an event that was left without a partner.
pub(crate) const LEFT_OVER: &str = "no partner";
/// The label of the edge of an event from outside into a stage.
pub(crate) const INTO_STAGE: &str = "while it runs";

/// The index of a node in its picture.
pub(super) type NodeId = usize;

pub(super) struct Node {
    /// Unique, and only ASCII letters, digits and `_`, so that it is a name in both languages.
    pub(super) id: String,
    pub(super) label: &'static str,
    pub(super) shape: Shape,
    /// How long a question can be answered.
    pub(super) within: Option<Duration>,
    /// The innermost frame around the node.
    pub(super) frame: Option<usize>,
}

#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// `start`, or the world outside of the flow.
    Source,
    Handler,
    /// A named flow.
    Flow,
    /// A stage that asks.
    Ask,
    Event,
    /// A closure or a constructor.
    Closure,
    /// Waits for all edges that lead to it.
    All,
    Choice,
    Ignored,
    End,
}

/// The node at an end of an edge.
#[cfg(feature = "testing")]
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum End<'a> {
    Start,
    Event(&'a str),
    Handler(&'a str),
    /// Where this question goes out.
    Ask(&'a str),
    Other,
}

pub(super) struct Edge {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) label: &'static str,
    /// The edge is taken by a handler's error.
    pub(super) error: bool,
}

pub(super) struct Frame {
    pub(super) label: String,
    /// The frame around this one.
    pub(super) outer: Option<usize>,
}

impl Node {
    /// Its label, with how long a question can be answered.
    pub(super) fn text(&self) -> Cow<'static, str> {
        match self.within {
            Some(within) => format!("{} within {}", self.label, Readable(within)).into(),
            None => self.label.into(),
        }
    }
}

impl Picture {
    pub(super) fn new(name: Option<&'static str>, is_sound: bool) -> Self {
        let proved = if is_sound { " (sound)" } else { "" };
        let title = name.map(|name| format!("{name}{proved}"));
        Self {
            title,
            ..Self::default()
        }
    }

    /// Adds a node. If another node has the `id` already, a number is appended to it.
    pub(super) fn node(
        &mut self,
        id: &str,
        label: &'static str,
        shape: Shape,
        frame: Option<usize>,
    ) -> NodeId {
        let id: String = id
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let mut unique = id.clone();
        let mut number = 1;
        while !self.ids.insert(unique.clone()) {
            number += 1;
            unique = format!("{id}_{number}");
        }
        self.nodes.push(Node {
            id: unique,
            label,
            shape,
            within: None,
            frame,
        });
        self.nodes.len() - 1
    }

    /// Sets how long the question of a node can be answered.
    pub(super) fn limit(&mut self, id: NodeId, within: Option<Duration>) {
        if let Some(node) = self.nodes.get_mut(id) {
            node.within = within;
        }
    }

    pub(super) fn edge(&mut self, from: NodeId, to: NodeId, label: &'static str) {
        self.edges.push(Edge {
            from,
            to,
            label,
            error: false,
        });
    }

    /// The node, as the end of an edge.
    #[cfg(feature = "testing")]
    pub(super) fn end(&self, id: NodeId) -> End<'_> {
        match self.nodes.get(id) {
            Some(node) => match node.shape {
                Shape::Source if node.label == "start" => End::Start,
                Shape::Source => self.question(id).map_or(End::Other, End::Ask),
                Shape::Event => End::Event(node.label),
                Shape::Handler | Shape::Flow | Shape::Ask => End::Handler(node.label),
                _ => End::Other,
            },
            None => End::Other,
        }
    }

    /// The event that leads to this node.
    #[cfg(feature = "testing")]
    fn question(&self, id: NodeId) -> Option<&'static str> {
        let edge = self.edges.iter().find(|edge| edge.to == id)?;
        self.nodes.get(edge.from).map(|node| node.label)
    }

    /// Whether there is an edge between the two.
    pub(super) fn leads(&self, from: NodeId, to: NodeId) -> bool {
        let mut edges = self.edges.iter();
        edges.any(|edge| (edge.from, edge.to) == (from, to))
    }

    pub(super) fn error(&mut self, from: NodeId, to: NodeId) {
        let asks = self.nodes.get(from);
        let asks = asks.is_some_and(|node| matches!(node.shape, Shape::Ask));
        self.edges.push(Edge {
            from,
            to,
            label: if asks { NO_ANSWER } else { "error" },
            error: true,
        });
    }

    /// The nodes directly in this frame; with `None`, the nodes outside of all frames.
    pub(super) fn nodes_in(&self, frame: Option<usize>) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.frame == frame)
    }

    /// The frames directly in this one.
    pub(super) fn frames_in(&self, outer: Option<usize>) -> impl Iterator<Item = (usize, &Frame)> {
        let frames = self.frames.iter().enumerate();
        frames.filter(move |(_, frame)| frame.outer == outer)
    }

    /// The ids of both ends.
    pub(super) fn ends(&self, edge: &Edge) -> Option<(&str, &str)> {
        let id = |node| self.nodes.get(node).map(|node: &Node| node.id.as_str());
        Some((id(edge.from)?, id(edge.to)?))
    }
}
