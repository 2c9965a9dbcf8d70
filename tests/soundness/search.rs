//! The markings of a graph that were reached, and what is wrong with them.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use flow_core::graph::GraphDesc;

/// No more tokens of a kind are followed.
const TOKENS: u8 = 4;
/// No more activations are followed that wait for the end.
const PARKED: usize = 3;
/// No more markings are followed.
const MARKINGS: usize = 2_000;

/// What is wrong, and the steps that lead there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) steps: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Nothing is left to do, and the output is not there.
    Stalls,
    /// A handler stops the execution before the output is there.
    Stops,
    /// Events wait for partners when nothing is left to do.
    LeavesOver,
    /// Whatever happens, it goes on for ever.
    NeverEnds,
    /// Events of different origin are paired.
    Mispairs,
    /// A stage that is a flow comes to nothing.
    StageStops,
}

#[derive(Debug)]
pub(crate) struct Explored {
    /// Of each kind, the one with the fewest steps.
    pub(crate) faults: Vec<Fault>,
    /// A failure that is told may end it.
    pub(crate) may_fail: bool,
    /// All markings were followed.
    pub(crate) is_complete: bool,
}

/// A marking.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Marking {
    /// The activations of each clause that have yet to begin.
    pub(crate) begins: Vec<u8>,
    /// What waits for partners, of each event of each clause.
    pub(crate) waits: Vec<u8>,
    /// The questions of each clause that are open.
    pub(crate) open: Vec<u8>,
    /// The activations that wait until the end is decided: the clause and its outcome.
    pub(crate) parked: Vec<(usize, usize)>,
    /// How many of each external event have been sent.
    pub(crate) sent: Vec<u8>,
    /// The activations that have yet to reach their `end`.
    pub(crate) ends: u8,
    pub(crate) decided: bool,
    pub(crate) in_finally: bool,
}

impl Explored {
    /// Whether a stage may come to nothing, or leave events over.
    pub(crate) fn comes_to_nothing(&self, stage: &GraphDesc) -> bool {
        self.faults.iter().any(|fault| match fault.kind {
            Kind::NeverEnds => stage.output.is_some(),
            kind => kind != Kind::Mispairs,
        })
    }
}

pub(crate) struct Node {
    pub(crate) marking: Marking,
    pub(crate) before: usize,
    pub(crate) label: String,
    /// Where it may go on.
    pub(crate) after: Vec<usize>,
    pub(crate) is_final: bool,
}

/// FNV-1a, by Fowler, Noll and Vo: most of the time, markings are looked up.
pub(crate) struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x0100_0000_01b3);
    }

    fn finish(&self) -> u64 {
        // The table uses the upper bits as well.
        self.0 ^ (self.0 >> 32)
    }
}

pub(crate) struct Search {
    pub(crate) seen: HashMap<Marking, usize, BuildHasherDefault<Quick>>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) todo: VecDeque<usize>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) may_fail: bool,
    pub(crate) is_complete: bool,
}

impl Search {
    pub(crate) fn reach(
        &mut self,
        marking: Marking,
        before: usize,
        label: impl FnOnce() -> String,
    ) {
        if let Some(known) = self.seen.get(&marking) {
            self.nodes[before].after.push(*known);
            return;
        }
        let is_crowded = marking.parked.len() > PARKED;
        let tokens = marking.begins.iter().chain(&marking.open);
        let mut tokens = tokens.chain(&marking.waits);
        if is_crowded || tokens.any(|count| *count > TOKENS) || self.nodes.len() >= MARKINGS {
            self.is_complete = false;
            return;
        }
        let node = self.nodes.len();
        self.seen.insert(marking.clone(), node);
        self.nodes.push(Node {
            marking,
            before,
            label: label(),
            after: Vec::new(),
            is_final: false,
        });
        if node > 0 {
            self.nodes[before].after.push(node);
        }
        self.todo.push_back(node);
    }

    pub(crate) fn finish(&mut self, node: usize) {
        self.nodes[node].is_final = true;
    }

    pub(crate) fn fault(&mut self, kind: Kind, node: usize, last: Option<String>) {
        if self.faults.iter().any(|fault| fault.kind == kind) {
            return;
        }
        let mut steps: Vec<_> = last.into_iter().collect();
        let mut at = node;
        while at > 0 {
            steps.push(self.nodes[at].label.clone());
            at = self.nodes[at].before;
        }
        steps.reverse();
        self.faults.push(Fault { kind, steps });
    }

    /// Markings from which no ending can be reached.
    pub(crate) fn find_endless(&mut self, drains: bool) {
        let mut back = vec![Vec::new(); self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            for after in &node.after {
                back[*after].push(index);
            }
        }
        // The time for what goes on after the `end`, and for a `finally`, is limited.
        let is_over = |node: &Node| {
            node.is_final || node.marking.in_finally || (drains && node.marking.decided)
        };
        let mut can_end: Vec<_> = self.nodes.iter().map(is_over).collect();
        let finals = (0..self.nodes.len()).filter(|index| can_end[*index]);
        let mut todo: Vec<_> = finals.collect();
        while let Some(node) = todo.pop() {
            for before in &back[node] {
                if !can_end[*before] {
                    can_end[*before] = true;
                    todo.push(*before);
                }
            }
        }
        if let Some(node) = can_end.iter().position(|can| !can) {
            self.fault(Kind::NeverEnds, node, None);
        }
    }
}
