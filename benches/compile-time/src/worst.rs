//! The programs whose graphs take longest to check: an order of the text in which a pass over it,
//! in either direction, finds out about one clause.

use crate::program::line;

/// A graph, and what is asked of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Worst {
    pub(crate) shape: Shape,
    /// It has `sound;`.
    pub(crate) sound: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shape {
    /// Events of which each leads to the next.
    Chain,
    /// The same, where each handler goes one of two ways that meet again.
    Diamonds,
    /// The same, where the last event waits for a partner.
    DiamondsAndPair,
    /// Joins of three that overlap.
    Tangle,
}

impl Worst {
    pub(crate) fn name(self) -> &'static str {
        match (self.shape, self.sound) {
            (Shape::Chain, false) => "chain",
            (Shape::Chain, true) => "chain-sound",
            (Shape::Diamonds, false) => "diamonds",
            (Shape::Diamonds, true) => "diamonds-sound",
            (Shape::DiamondsAndPair, false) => "pair",
            (Shape::DiamondsAndPair, true) => "pair-sound",
            (Shape::Tangle, false) => "tangle",
            (Shape::Tangle, true) => "tangle-sound",
        }
    }

    /// A library with a flow of about this many clauses.
    pub(crate) fn program(self, clauses: u16) -> String {
        let mut program = Program::default();
        match self.shape {
            Shape::Chain => program.chain(clauses),
            Shape::Diamonds => program.diamonds(clauses / 3, false),
            Shape::DiamondsAndPair => program.diamonds(clauses / 3, true),
            Shape::Tangle => program.tangle(clauses),
        }
        program.text(self.sound)
    }
}

/// The items and the clauses of a program.
#[derive(Default)]
struct Program {
    items: String,
    clauses: Vec<String>,
    last: Vec<String>,
}

impl Program {
    fn event(&mut self, name: &str) {
        line(
            &mut self.items,
            format_args!("#[derive(Event)] pub struct {name};"),
        );
    }

    /// A handler that emits all of these.
    fn handler(&mut self, name: &str, on: &str, input: &str, emits: &[String]) {
        let (listed, body) = (emits.join(", "), emits.join("); cx.emit("));
        line(
            &mut self.items,
            format_args!(
                "#[handler({on}emits = [{listed}])] pub async fn {name}({input}cx: &Cx) {{ cx.emit({body}); }}"
            ),
        );
    }

    fn last(&mut self, trigger: &str, attribute: &str, input: &str) {
        line(
            &mut self.items,
            format_args!("#[handler{attribute}] pub async fn done({input}) -> u32 {{ 1 }}"),
        );
        self.last.push(format!("when {trigger} -> done -> end;"));
    }

    fn chain(&mut self, length: u16) {
        self.event("E0");
        self.handler("begin", "", "", &["E0".to_owned()]);
        for n in 0..length {
            let next = format!("E{}", n + 1);
            self.event(&next);
            self.handler(&format!("h{n}"), &format!("on = E{n}, "), "", &[next]);
            self.clauses.push(format!("when E{n} -> h{n};"));
        }
        self.last(&format!("E{length}"), &format!("(on = E{length})"), "");
    }

    fn diamonds(&mut self, length: u16, pair: bool) {
        self.event("E0");
        self.event("Partner");
        self.handler("begin", "", "", &["E0".to_owned(), "Partner".to_owned()]);
        self.items.push_str("pub fn either() -> bool { true }\n");
        for n in 0..length {
            let next = format!("E{}", n + 1);
            for event in [&next, &format!("X{n}"), &format!("Y{n}")] {
                self.event(event);
            }
            line(
                &mut self.items,
                format_args!(
                    "#[handler(on = E{n}, emits = [X{n}, Y{n}])] pub async fn h{n}(cx: &Cx) \
                     {{ if either() {{ cx.emit(X{n}); }} else {{ cx.emit(Y{n}); }} }}"
                ),
            );
            self.clauses.push(format!("when E{n} -> h{n};"));
            for (event, handler) in [("X", "x"), ("Y", "y")] {
                let name = format!("{handler}{n}");
                self.handler(
                    &name,
                    &format!("on = {event}{n}, "),
                    "",
                    std::slice::from_ref(&next),
                );
                self.clauses.push(format!("when {event}{n} -> {name};"));
            }
        }
        if pair {
            let trigger = format!("E{length} & Partner");
            self.last(&trigger, "", &format!("_: (E{length}, Partner)"));
        } else {
            self.last(&format!("E{length}"), &format!("(on = E{length})"), "");
            self.items
                .push_str("#[handler(on = Partner)] pub async fn partner() {}\n");
            self.last.push("when Partner -> partner;".to_owned());
        }
    }

    fn tangle(&mut self, length: u16) {
        let all = [("A", 1), ("B", 2), ("C", 3)];
        let begin = all.iter().flat_map(|(event, ahead)| {
            let first = (0..*ahead).filter(|n| *n < length);
            first.map(move |n| format!("{event}{n}"))
        });
        let begin: Vec<String> = begin.collect();
        self.handler("begin", "", "", &begin);
        for n in 0..length {
            for (event, _) in all {
                self.event(&format!("{event}{n}"));
            }
            let next = all.iter().filter(|(_, ahead)| n + ahead < length);
            let next: Vec<String> = next
                .map(|(event, ahead)| format!("{event}{}", n + ahead))
                .collect();
            let (trigger, input) = (
                format!("A{n} & B{n} & C{n}"),
                format!("_: (A{n}, B{n}, C{n})"),
            );
            if next.is_empty() {
                self.last(&trigger, "", &input);
            } else {
                self.handler(&format!("h{n}"), "", &format!("{input}, "), &next);
                self.clauses.push(format!("when {trigger} -> h{n};"));
            }
        }
    }

    fn text(self, sound: bool) -> String {
        let mut text = String::from("#![allow(dead_code)]\nuse flow_core::{Cx, Event, handler};\n");
        text.push_str(&self.items);
        text.push_str("pub fn run() {\n    let flow = flow_core::flow! {\n");
        if sound {
            text.push_str("        sound;\n");
        }
        text.push_str("        start -> begin;\n");
        // Every second one from the front, and the others from the back.
        let (front, back): (Vec<_>, Vec<_>) = self
            .clauses
            .iter()
            .enumerate()
            .partition(|(n, _)| n % 2 == 0);
        let clauses = front.into_iter().chain(back.into_iter().rev());
        for clause in clauses.map(|(_, clause)| clause).chain(&self.last) {
            line(&mut text, format_args!("        {clause}"));
        }
        text.push_str("    };\n    drop(flow.stream(()));\n}\n");
        text
    }
}
