//! Random bodies against an interpreter, which goes all ways through them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proptest::prelude::*;

use super::{Alternatives, Shape};
use crate::errors::Errors;
use crate::handler::parse;
use crate::handler::shape::paths::MOST;

const EVENTS: [&str; 3] = ["A", "B", "C"];
/// How many rounds of a loop the interpreter goes at most.
const ROUNDS: usize = 2;
/// How many ways it goes through one body.
const RUNS: usize = 40_000;

#[derive(Clone, Debug)]
enum Code {
    Emit(usize),
    Await,
    Stop,
    Question,
    ReturnOk,
    ReturnErr,
    Panic,
    If(Vec<Code>, Option<Vec<Code>>),
    /// `c() && { … }`
    And(Vec<Code>),
    Match(Vec<Vec<Code>>),
    LetElse(Vec<Code>),
    Cfg(Vec<Code>),
    Async(Vec<Code>),
    Labelled(Vec<Code>),
    Loop(Vec<Code>),
    While(Vec<Code>),
    For(Vec<Code>),
    Times(usize, Vec<Code>),
    /// Out of the loop or the block this far out.
    Break(usize),
    Continue(usize),
}

fn code() -> impl Strategy<Value = Vec<Code>> {
    let leaf = prop_oneof![
        6 => (0..EVENTS.len()).prop_map(Code::Emit),
        1 => Just(Code::Await),
        1 => Just(Code::Stop),
        1 => Just(Code::Question),
        1 => Just(Code::ReturnOk),
        1 => Just(Code::ReturnErr),
        1 => Just(Code::Panic),
        1 => (0..3_usize).prop_map(Code::Break),
        1 => (0..3_usize).prop_map(Code::Continue),
    ];
    let code = leaf.prop_recursive(4, 14, 3, |inner| {
        let block = prop::collection::vec(inner, 0..3);
        prop_oneof![
            3 => (block.clone(), prop::option::of(block.clone()))
                .prop_map(|(then, other)| Code::If(then, other)),
            1 => block.clone().prop_map(Code::And),
            2 => prop::collection::vec(block.clone(), 1..4).prop_map(Code::Match),
            1 => block.clone().prop_map(Code::LetElse),
            1 => block.clone().prop_map(Code::Cfg),
            1 => block.clone().prop_map(Code::Async),
            1 => block.clone().prop_map(Code::Labelled),
            1 => block.clone().prop_map(Code::Loop),
            1 => block.clone().prop_map(Code::While),
            1 => block.clone().prop_map(Code::For),
            1 => (0..3_usize, block).prop_map(|(times, block)| Code::Times(times, block)),
        ]
    });
    prop::collection::vec(code, 0..5)
}

/// What may be around some code.
#[derive(Clone, Copy, PartialEq)]
enum Around {
    Loop,
    Block,
}

/// Writes the body. `around` are the labels in reach, from the outermost.
struct Writer {
    text: String,
    around: Vec<Around>,
}

impl Writer {
    fn block(&mut self, block: &[Code]) {
        self.text.push('{');
        for code in block {
            self.code(code);
        }
        self.text.push('}');
    }

    fn within(&mut self, around: Around, block: &[Code]) {
        self.around.push(around);
        self.block(block);
        self.around.pop();
    }

    fn label(&self) -> usize {
        self.around.len()
    }

    fn code(&mut self, code: &Code) {
        let label = self.label();
        match code {
            Code::Emit(event) => write!(self.text, "cx.emit({}(n));", EVENTS[*event]).unwrap(),
            Code::Await => self.text.push_str("c().await;"),
            Code::Stop => self.text.push_str("cx.stop();"),
            Code::Question => self.text.push_str("let n = c(n)?;"),
            Code::ReturnOk => self.text.push_str("return Ok(n);"),
            Code::ReturnErr => self.text.push_str("return Err(n);"),
            Code::Panic => self.text.push_str("panic!(\"{n}\");"),
            Code::If(then, other) => {
                self.text.push_str("if c() ");
                self.block(then);
                if let Some(other) = other {
                    self.text.push_str("else ");
                    self.block(other);
                }
            }
            Code::And(block) => {
                self.text.push_str("let _ = c() && {");
                self.block(block);
                self.text.push_str("; true };");
            }
            Code::Match(arms) => {
                self.text.push_str("match c() {");
                for (index, arm) in arms.iter().enumerate() {
                    let pattern = if index + 1 == arms.len() { "_" } else { "1" };
                    write!(self.text, "{pattern} => ").unwrap();
                    self.block(arm);
                }
                self.text.push('}');
            }
            Code::LetElse(other) => {
                self.text.push_str("let Some(m) = n else {");
                self.block(other);
                self.text.push_str("return Ok(n); };");
            }
            Code::Cfg(block) => {
                write!(self.text, "#[cfg(x{:?})]", block.as_ptr()).unwrap();
                self.block(block);
            }
            Code::Async(block) => {
                let around = std::mem::take(&mut self.around);
                self.text.push_str("async ");
                self.block(block);
                self.text.push_str(".await;");
                self.around = around;
            }
            Code::Labelled(block) => {
                write!(self.text, "'l{label}: ").unwrap();
                self.within(Around::Block, block);
            }
            Code::Loop(block) => {
                write!(self.text, "'l{label}: loop ").unwrap();
                self.within(Around::Loop, block);
            }
            Code::While(block) => {
                write!(self.text, "'l{label}: while c() ").unwrap();
                self.within(Around::Loop, block);
            }
            Code::For(block) => {
                write!(self.text, "'l{label}: for _ in all ").unwrap();
                self.within(Around::Loop, block);
            }
            Code::Times(times, block) => {
                write!(self.text, "'l{label}: for _ in 0..{times} ").unwrap();
                self.within(Around::Loop, block);
            }
            Code::Break(out) => {
                if let Some(label) = target(&self.around, *out, false) {
                    write!(self.text, "break 'l{label};").unwrap();
                }
            }
            Code::Continue(out) => {
                if let Some(label) = target(&self.around, *out, true) {
                    write!(self.text, "continue 'l{label};").unwrap();
                }
            }
        }
    }
}

/// The label of a `break` or a `continue`, if there is one so far out.
fn target(around: &[Around], out: usize, only_loops: bool) -> Option<usize> {
    let label = around.len().checked_sub(out + 1)?;
    let is_target = !only_loops || around[label] == Around::Loop;
    is_target.then_some(label)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    Success,
    Failure,
}

/// What makes a run leave some code before its end.
enum Left {
    Break(usize),
    Continue(usize),
    /// A `return`, or a `?`.
    Return(Exit),
    /// A panic, or a loop that goes on for longer than the interpreter does.
    Lost,
}

/// One run: it goes the way that is given, and where that ends, the first of each further choice.
struct Run<'a> {
    way: &'a mut Vec<(usize, usize)>,
    at: usize,
    counts: [u32; EVENTS.len()],
    waits: bool,
    stops: bool,
    around: Vec<Around>,
    loops: bool,
    /// The conditions that are met, or not, in all of the run.
    cfgs: BTreeMap<*const Code, bool>,
}

impl Run<'_> {
    fn choose(&mut self, among: usize) -> usize {
        if self.at == self.way.len() {
            self.way.push((0, among));
        }
        self.at += 1;
        self.way[self.at - 1].0
    }

    fn block(&mut self, block: &[Code]) -> Result<(), Left> {
        block.iter().try_for_each(|code| self.code(code))
    }

    fn labelled(&mut self, around: Around, block: &[Code]) -> Result<bool, Left> {
        let label = self.around.len();
        self.around.push(around);
        let left = self.block(block);
        self.around.truncate(label);
        match left {
            Ok(()) => Ok(true),
            Err(Left::Continue(to)) if to == label => Ok(true),
            Err(Left::Break(to)) if to == label => Ok(false),
            Err(left) => Err(left),
        }
    }

    fn code(&mut self, code: &Code) -> Result<(), Left> {
        match code {
            Code::Emit(event) => self.counts[*event] += 1,
            Code::Await => self.waits = true,
            Code::Stop => self.stops = true,
            Code::Question => {
                if self.choose(2) == 1 {
                    return Err(Left::Return(Exit::Failure));
                }
            }
            Code::ReturnOk => return Err(Left::Return(Exit::Success)),
            Code::ReturnErr => return Err(Left::Return(Exit::Failure)),
            Code::Panic => return Err(Left::Lost),
            Code::If(then, other) => {
                let other = other.as_deref().unwrap_or_default();
                let taken = if self.choose(2) == 0 { then } else { other };
                return self.block(taken);
            }
            Code::And(block) => {
                if self.choose(2) == 1 {
                    return self.block(block);
                }
            }
            Code::Cfg(block) => {
                let known = self.cfgs.get(&block.as_ptr()).copied();
                let is_met = known.unwrap_or_else(|| self.choose(2) == 1);
                self.cfgs.insert(block.as_ptr(), is_met);
                if is_met {
                    return self.block(block);
                }
            }
            Code::Match(arms) => {
                let arm = self.choose(arms.len());
                return self.block(&arms[arm]);
            }
            Code::LetElse(other) => {
                if self.choose(2) == 1 {
                    self.block(other)?;
                    return Err(Left::Return(Exit::Success));
                }
            }
            Code::Async(block) => {
                let around = std::mem::take(&mut self.around);
                let left = self.block(block);
                self.around = around;
                match left {
                    Err(Left::Lost) => return Err(Left::Lost),
                    Ok(()) | Err(_) => self.waits = true,
                }
            }
            Code::Labelled(block) => {
                self.labelled(Around::Block, block)?;
            }
            Code::Loop(block) => {
                self.loops = true;
                for _ in 0..=ROUNDS {
                    if !self.labelled(Around::Loop, block)? {
                        return Ok(());
                    }
                }
                return Err(Left::Lost);
            }
            Code::While(block) | Code::For(block) => {
                self.loops = true;
                for _ in 0..ROUNDS {
                    if self.choose(2) == 0 || !self.labelled(Around::Loop, block)? {
                        return Ok(());
                    }
                }
            }
            Code::Times(times, block) => {
                for _ in 0..*times {
                    if !self.labelled(Around::Loop, block)? {
                        return Ok(());
                    }
                }
            }
            Code::Break(out) => {
                if let Some(label) = target(&self.around, *out, false) {
                    return Err(Left::Break(label));
                }
            }
            Code::Continue(out) => {
                if let Some(label) = target(&self.around, *out, true) {
                    return Err(Left::Continue(label));
                }
            }
        }
        Ok(())
    }
}

/// What runs come to: the counts, and the pairs of whether a run waits and whether it stops.
type Ends = BTreeMap<(Exit, [u32; EVENTS.len()]), BTreeSet<(bool, bool)>>;

/// The ends of all runs, and whether there was a loop; `None` if there are too many.
fn all_runs(body: &[Code]) -> Option<(Ends, bool)> {
    let (mut ends, mut loops) = (Ends::new(), false);
    let mut way = Vec::new();
    for _ in 0..RUNS {
        let mut run = Run {
            way: &mut way,
            at: 0,
            counts: [0; EVENTS.len()],
            waits: false,
            stops: false,
            around: Vec::new(),
            loops: false,
            cfgs: BTreeMap::new(),
        };
        let exit = match run.block(body) {
            Ok(()) => Some(Exit::Success),
            Err(Left::Return(exit)) => Some(exit),
            Err(_) => None,
        };
        loops |= run.loops;
        if let Some(exit) = exit {
            let end = ends.entry((exit, run.counts)).or_default();
            end.insert((run.waits, run.stops));
        }
        // The next way.
        loop {
            match way.pop() {
                None => return Some((ends, loops)),
                Some((choice, among)) if choice + 1 < among => {
                    way.push((choice + 1, among));
                    break;
                }
                Some(_) => {}
            }
        }
    }
    None
}

fn shape(body: &str) -> Shape {
    let emits = "emits = [A, B, C]".parse().unwrap();
    let args = parse::args(emits, &mut Errors::default());
    let function = format!("async fn work(n: u32, cx: &Cx) -> Result<u32> {body}");
    Shape::new(&args, &syn::parse_str(&function).unwrap())
}

/// Compares the alternatives of one exit with the runs that come to it.
fn compare(exit: Exit, found: &Alternatives, ends: &Ends, loops: bool) -> Result<(), String> {
    let ends: Vec<_> = ends.iter().filter(|((to, _), _)| *to == exit).collect();
    let each = ends.iter().flat_map(|((_, counts), flags)| {
        let flags = flags.iter();
        flags.map(move |(waits, stops)| (counts, waits, stops))
    });
    for (counts, waits, stops) in each {
        let covers = found.iter().any(|alternative| {
            let mut all = counts.iter().enumerate();
            let fits = all.all(|(event, number)| {
                let count = alternative.count(event);
                count.least <= *number && count.most.is_none_or(|most| *number <= most)
            });
            fits && (!waits || alternative.waits) && (!stops || alternative.stops)
        });
        if !covers {
            return Err(format!("{exit:?}: no alternative for {counts:?}"));
        }
    }
    if !loops && ends.len() <= MOST {
        for alternative in found.iter() {
            // Those that assume something else may go as well.
            let like = found.iter().filter(|other| {
                (0..EVENTS.len()).all(|event| other.count(event) == alternative.count(event))
            });
            let (waits, stops) = like.fold((false, false), |(waits, stops), other| {
                (waits || other.waits, stops || other.stops)
            });
            let same = ends.iter().any(|((_, counts), flags)| {
                let mut all = counts.iter().enumerate();
                all.all(|(event, number)| {
                    let count = alternative.count(event);
                    count.least == *number && count.most == Some(*number)
                }) && flags.iter().any(|(waits, _)| *waits) == waits
                    && flags.iter().any(|(_, stops)| *stops) == stops
            });
            if !same {
                return Err(format!("{exit:?}: no run goes {alternative:?}"));
            }
        }
    }
    if found.is_empty() != ends.is_empty() {
        return Err(format!(
            "{exit:?}: alternatives {found:?}, but {} ends",
            ends.len()
        ));
    }
    for event in 0..EVENTS.len() {
        let least = ends.iter().map(|((_, counts), _)| counts[event]).min();
        if found.iter().map(|ways| ways.count(event).least).min() != least {
            return Err(format!("{exit:?}: not the least of {}", EVENTS[event]));
        }
        let most = ends.iter().map(|((_, counts), _)| counts[event]).max();
        let bound = found.iter().map(|ways| ways.count(event).most);
        let bound = bound.reduce(|one, other| Some(one?.max(other?)));
        let fits = match bound {
            Some(Some(bound)) => most == Some(bound),
            // Two rounds show that there is no bound.
            Some(None) => most > least,
            None => true,
        };
        if !fits {
            return Err(format!("{exit:?}: not the most of {}", EVENTS[event]));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn the_alternatives_are_those_of_all_runs(body in code()) {
        let Some((ends, loops)) = all_runs(&body) else {
            return Ok(());
        };
        let mut writer = Writer { text: String::new(), around: Vec::new() };
        writer.text.push('{');
        for code in &body {
            writer.code(code);
        }
        writer.text.push_str("Ok(n) }");
        let text = writer.text;
        let shape = shape(&text);
        for (exit, found) in [(Exit::Success, &shape.success), (Exit::Failure, &shape.failure)] {
            if let Err(error) = compare(exit, found, &ends, loops) {
                prop_assert!(false, "{}\n{}\n{:?}", error, text, found);
            }
        }
    }
}
