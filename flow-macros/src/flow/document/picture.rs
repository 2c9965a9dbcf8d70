//! The clauses as boxes and arrows, in HTML that flows like text. It needs no script, uses the
//! colours of the theme, and wraps on a narrow screen. Its words are links.

use std::time::Duration;

use syn::Path;

use crate::flow::asks::asking;
use crate::flow::document::links::{code, event, handler};
use crate::flow::route::{If, Route, Stage};
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::limit::Value;
use crate::sources::Sources;
use crate::written::{key, spaced, written};

const EVENT: &str = "border:1px solid;border-radius:1em;padding:.1em .7em";
const HANDLER: &str = "border:1px solid;border-radius:.2em;padding:.1em .7em";
const RESCUED: &str = "border:1px dashed;border-radius:1em;padding:.1em .7em";
const IGNORED: &str = "border:1px dashed;border-radius:.2em;padding:.1em .7em";
const END: &str = "border:3px double;border-radius:1em;padding:0 .7em";
const ARROW: &str = "&nbsp;→ ";

/// The picture, and the handlers whose events are unknown.
pub(super) struct Picture<'a> {
    flow: &'a Flow,
    sources: &'a Sources,
    pub(super) unknown: Vec<&'a Path>,
}

impl<'a> Picture<'a> {
    pub(super) fn new(flow: &'a Flow, sources: &'a Sources) -> Self {
        Self {
            flow,
            sources,
            unknown: Vec::new(),
        }
    }

    /// A line for each route, with the clauses that lead to it.
    pub(super) fn draw(&mut self) -> String {
        let mut lines: Vec<(String, Vec<String>, &Clause)> = Vec::new();
        for clause in &self.flow.clauses {
            let (route, source) = (key(&clause.route), self.source(clause));
            match lines.iter_mut().find(|(known, ..)| *known == route) {
                Some((_, sources, _)) => sources.push(source),
                None => lines.push((route, vec![source], clause)),
            }
        }
        let lines = lines.into_iter().map(|(_, sources, clause)| {
            // The pattern of the clause is read as a closure.
            let skipped = usize::from(clause.bound().is_some());
            let route = self.stages(clause.route.stages.iter().skip(skipped));
            format!("{}{ARROW}{route}", stack(&sources))
        });
        let mut lines: Vec<_> = lines.collect();
        let outside = self.flow.external.iter();
        lines.extend(outside.map(|path| {
            let outside = spanned(EVENT, "outside");
            format!("{outside}{ARROW}{}", spanned(EVENT, &self.event(path)))
        }));
        let ignored = self.flow.ignored.iter();
        lines.extend(ignored.map(|path| {
            let ignore = spanned(IGNORED, "ignore");
            format!("{}{ARROW}{ignore}", spanned(EVENT, &self.event(path)))
        }));
        // Text in HTML is Markdown if it is between empty lines, so rustdoc resolves its links.
        format!(
            "<div style=\"overflow-x:auto;line-height:2;margin-bottom:.75em\">\n\n{}\n\n</div>",
            lines.join("\n\n")
        )
    }

    fn route(&mut self, route: &'a Route) -> String {
        self.stages(route.stages.iter())
    }

    fn stages(&mut self, of: impl Iterator<Item = &'a Stage>) -> String {
        let mut before = None;
        let mut stages = Vec::new();
        for stage in of {
            stages.push(match stage {
                Stage::Emit(_) => self.emit(before),
                stage => self.stage(stage),
            });
            before = Some(stage);
        }
        stages.join(ARROW)
    }

    fn stage(&mut self, stage: &'a Stage) -> String {
        match stage {
            Stage::Handler(path) => match asking(&self.flow.asks, path) {
                Some(ask) => {
                    let within = within(ask.within.as_ref());
                    spanned(EVENT, &format!("ask {}{within}", self.event(&ask.event)))
                }
                None => self.handler(path),
            },
            Stage::Join { branches, .. } => {
                let branches = branches.iter().map(|branch| self.route(branch));
                stack(&branches.collect::<Vec<_>>())
            }
            Stage::First(first) => {
                let branches = first.branches.iter().map(|branch| self.route(branch));
                let branches = stack(&branches.collect::<Vec<_>>());
                spanned(IGNORED, &format!("<small>first:</small> {branches}"))
            }
            Stage::Each(each) => {
                let limit = each.limit.as_ref();
                let limit =
                    limit.map(|(_, limit)| format!(", {} at a time", code(&written(limit))));
                let route = self.route(&each.route);
                let title = format!("each{}", limit.unwrap_or_default());
                spanned(IGNORED, &format!("<small>{title}:</small> {route}"))
            }
            Stage::Match { arms, .. } => {
                let ways = arms.iter().map(|arm| {
                    let route = self.route(&arm.route);
                    format!("{}{ARROW}{route}", code(&arm.condition()))
                });
                stack(&ways.collect::<Vec<_>>())
            }
            Stage::If(choice) => {
                let mut ways = Vec::new();
                self.conditions(choice, &mut ways);
                stack(&ways)
            }
            Stage::Else(choice) => {
                let (tried, stand_in) = (self.route(&choice.tried), &choice.stand_in.1);
                let stand_in = self.route(stand_in);
                stack(&[tried, format!("`else`{ARROW}{stand_in}")])
            }
            Stage::Glue(function) => spanned(HANDLER, &code(&written(function))),
            Stage::End(end) => spanned(END, &written(end)),
            Stage::Ignore(_) => spanned(IGNORED, "ignore"),
            Stage::Emit(_) => self.emit(None),
            Stage::Skip(_) => spanned(IGNORED, "skip"),
            Stage::Ask(ask) => spanned(EVENT, &format!("ask{}", within(ask.within.as_ref()))),
        }
    }

    /// The branches of an `if`; each `else if` adds one.
    fn conditions(&mut self, choice: &'a If, ways: &mut Vec<String>) {
        let then = self.route(&choice.then.1);
        ways.push(format!(
            "{}{ARROW}{then}",
            code(&written(&choice.condition))
        ));
        if let Some(Stage::If(inner)) = choice.otherwise.1.only() {
            self.conditions(inner, ways);
        } else {
            let otherwise = self.route(&choice.otherwise.1);
            ways.push(format!("`else`{ARROW}{otherwise}"));
        }
    }

    /// A handler, and below its name the events that it emits.
    fn handler(&mut self, path: &'a Path) -> String {
        let name = handler(path, self.sources);
        let Some(emits) = self.sources.emits(path) else {
            if !self.unknown.iter().any(|known| key(*known) == key(path)) {
                self.unknown.push(path);
            }
            return spanned(HANDLER, &name);
        };
        if emits.is_empty() {
            return spanned(HANDLER, &name);
        }
        let emits: Vec<_> = emits.iter().map(|name| self.emitted(name)).collect();
        spanned(
            HANDLER,
            &format!("{name} <small>⇢ {}</small>", emits.join(", ")),
        )
    }

    /// An `emit`, with the events that the handler before it returns.
    fn emit(&self, before: Option<&Stage>) -> String {
        let returned = match before {
            Some(Stage::Handler(path)) => self.sources.returned_events(path),
            _ => Vec::new(),
        };
        if returned.is_empty() {
            return spanned(EVENT, "emit");
        }
        let returned: Vec<_> = returned.iter().map(|name| self.emitted(name)).collect();
        spanned(
            EVENT,
            &format!("emit <small>⇢ {}</small>", returned.join(", ")),
        )
    }

    /// The trigger of a clause.
    fn source(&self, clause: &Clause) -> String {
        let by = clause.by.as_ref();
        let by = by.map(|by| format!(" by {}", code(&spaced(&by.path()))));
        let by = by.unwrap_or_default();
        match &clause.trigger {
            Trigger::Open(resource, _) => {
                spanned(EVENT, &format!("with {}", code(&written(resource))))
            }
            Trigger::Start(None) => spanned(EVENT, "start"),
            Trigger::Start(Some(input)) => {
                spanned(EVENT, &format!("start {}", code(&written(input))))
            }
            Trigger::Event(path) => {
                let bound = clause.bound().map(|pattern| {
                    let pattern = written(pattern);
                    let after = pattern.strip_prefix(&written(path)).map(str::to_owned);
                    code(&after.unwrap_or(pattern))
                });
                let bound = bound.unwrap_or_default();
                spanned(EVENT, &format!("{}{bound}", self.event(path)))
            }
            Trigger::All(events) => {
                let events: Vec<_> = events.iter().map(|path| self.event(path)).collect();
                spanned(EVENT, &format!("{}{by}", events.join(" & ")))
            }
            Trigger::Times(path, times) => {
                let count = times.count.text(|count| count.to_string());
                let count = code(&format!("[{count}]"));
                spanned(EVENT, &format!("{}{count}{by}", self.event(path)))
            }
            Trigger::Answered(path) => spanned(EVENT, &format!("answer to {}", self.event(path))),
            Trigger::Unanswered(path) => {
                spanned(EVENT, &format!("no answer to {}", self.event(path)))
            }
            Trigger::Every(period) => spanned(
                EVENT,
                &format!("every {}", code(&written(&period.as_written()))),
            ),
            Trigger::Reminder(reminder) => {
                let period = code(&written(&reminder.period.as_written()));
                let question = self.event(&reminder.question);
                spanned(
                    EVENT,
                    &format!("every {period} without an answer to {question}"),
                )
            }
            Trigger::Finally => spanned(EVENT, "finally"),
            Trigger::LeftOver(path) => {
                spanned(EVENT, &format!("{} without a partner", self.event(path)))
            }
            Trigger::Rescue(None) => spanned(RESCUED, "any error"),
            Trigger::Rescue(Some(path)) => {
                let whose = match asking(&self.flow.asks, path) {
                    Some(ask) => format!("no answer to {}", self.event(&ask.event)),
                    None => format!("error of {}", handler(path, self.sources)),
                };
                spanned(RESCUED, &whose)
            }
        }
    }

    fn event(&self, path: &Path) -> String {
        event(path, self.sources)
    }

    /// The name of an event, as a link if the flow names the event.
    fn emitted(&self, name: &str) -> String {
        let clauses = self.flow.clauses.iter();
        let waited_for = clauses.flat_map(|clause| clause.trigger.events());
        let mut known = waited_for
            .chain(&self.flow.external)
            .chain(&self.flow.ignored);
        let is = |path: &&Path| path.segments.last().is_some_and(|last| last.ident == name);
        known
            .find(is)
            .map_or_else(|| name.to_owned(), |path| self.event(path))
    }
}

/// How long a question can be answered, as written.
fn within(limit: Option<&Value<Duration>>) -> String {
    let written = limit.map(|limit| code(&written(&limit.as_written())));
    written.map_or_else(String::new, |limit| format!(" within {limit}"))
}

/// In a column, if there are several.
fn stack(parts: &[String]) -> String {
    if let [part] = parts {
        return part.clone();
    }
    let parts = parts.iter().map(|part| format!("<span>{part}</span>"));
    format!(
        "<span style=\"display:inline-flex;flex-direction:column;vertical-align:middle;\
         border:solid;border-width:0 1px;border-radius:.5em;padding:0 .5em\">{}</span>",
        parts.collect::<String>()
    )
}

fn spanned(style: &str, text: &str) -> String {
    format!("<span style=\"{style};display:inline-block;line-height:1.5\">{text}</span>")
}
