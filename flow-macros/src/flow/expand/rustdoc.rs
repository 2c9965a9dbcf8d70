//! What rustdoc shows of a named flow, after its own doc comment: its picture and its clauses.

use syn::Path;

use crate::docs::docs;
use crate::flow::expand::plan::Plan;
use crate::flow::expand::svg::svg;
use crate::flow::tree::{Flow, Header, Trigger};
use crate::written::written;

pub(super) fn page(plan: &Plan<'_>, header: &Header) -> String {
    let (flow, name) = (plan.flow, &plan.this);
    let mut lines = Vec::new();
    if docs(&header.attrs).is_empty() {
        lines.push(format!("The flow `{name}`."));
    }
    // HTML ends at an empty line.
    lines.push(format!("\n# Graph\n\n{}\n", svg(&flow.clauses)));
    lines.push("| when | what |\n| --- | --- |".to_owned());
    for clause in &flow.clauses {
        let (when, what) = (trigger(&clause.trigger), written(&clause.route));
        lines.push(format!("| {} | {} |", cell(&when), cell(&what)));
    }
    lines.push(String::new());
    let item = flow.streams.first().map(written);
    let states = flow.states.iter().map(|state| written(&state.ty));
    for (what, types) in [
        ("input", vec![written(&plan.input())]),
        ("output", header.output.iter().map(written).collect()),
        ("items", vec![item.unwrap_or_else(|| "String".to_owned())]),
        ("resources", flow.resources.iter().map(written).collect()),
        ("states", states.collect()),
        ("from outside", flow.external.iter().map(written).collect()),
        ("ignored", flow.ignored.iter().map(written).collect()),
        ("limits", limits(flow)),
    ] {
        if !types.is_empty() {
            let types: Vec<_> = types.iter().map(|ty| code(ty)).collect();
            lines.push(format!("- {what}: {}", types.join(", ")));
        }
    }
    lines.push(format!(
        "\nWhat the handlers emit is in [`GRAPH`](Self::GRAPH), which draws all of it: \
         `{name}::GRAPH.to_mermaid()`."
    ));
    lines.join("\n")
}

/// What ends an execution, as it is written.
fn limits(flow: &Flow) -> Vec<String> {
    let times = flow.timeout.iter().chain(&flow.idle_timeout);
    let times = times.map(|limit| {
        let time = humantime::format_duration(limit.value);
        format!("{} \"{time}\"", limit.keyword)
    });
    let events = flow.max_events.iter();
    let events = events.map(|limit| format!("{} {}", limit.keyword, limit.value));
    times.chain(events).collect()
}

/// What begins a clause, as it is written, on one line.
pub(super) fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Start(None) => "start".to_owned(),
        Trigger::Start(Some(input)) => format!("start({})", written(input)),
        Trigger::Event(event) => format!("when {}", written(event)),
        Trigger::All(events) => {
            let events: Vec<_> = events.iter().map(written).collect();
            format!("when {}", events.join(" & "))
        }
        Trigger::Answered(event) => format!("answer to {}", written(event)),
        Trigger::Unanswered(event) => format!("no answer to {}", written(event)),
        Trigger::Rescue(None) => "rescue".to_owned(),
        Trigger::Rescue(Some(handler)) => format!("rescue {}", written(handler)),
    }
}

/// The name at the end of a path.
pub(super) fn name(path: &Path) -> String {
    let last = path.segments.last();
    last.map(|last| last.ident.to_string()).unwrap_or_default()
}

/// A table ends its cells at every `|`, also in code.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Code in Markdown, in more backticks than it has itself.
fn code(text: &str) -> String {
    let most = text.split(|c| c != '`').map(str::len).max();
    match most.unwrap_or(0) {
        0 => format!("`{text}`"),
        most => {
            let fence = "`".repeat(most + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn code_in_a_cell_keeps_its_bars_and_backticks() {
        assert_eq!(cell("A | B"), "`A \\| B`");
        assert_eq!(cell("x == \"`\""), "`` x == \"`\" ``");
    }
}
