//! The Markdown tables, and the cases in which a peer is faster.

use std::fmt::Write;

use crate::case::Case;
use crate::quantity;
use crate::results::{Results, Row};
use crate::system::Role;

/// Two tables, and an explanation of their figures.
pub(crate) fn markdown(all: &[Results]) -> String {
    let mut text = String::new();
    for (title, cases) in [
        ("What an event costs:", &Case::EVENTS[..]),
        ("What the parts of the language cost:", &Case::PARTS[..]),
    ] {
        let _ = writeln!(text, "{title}\n\n{}", table(all, cases));
    }
    text.push_str(
        "In brackets: how many times what this framework takes. –: it cannot, or was not measured.\n",
    );
    for machine in machines(all) {
        let _ = writeln!(text, "Measured on {machine}.");
    }
    text
}

/// The systems that support any of the cases: this framework, then the peers by the cost of a hop,
/// then the floors.
fn table(all: &[Results], cases: &[Case]) -> String {
    let rows = all.iter().flat_map(|results| &results.rows);
    let mut rows: Vec<&Row> = rows
        .filter(|row| cases.iter().any(|case| row.figures.contains_key(case)))
        .collect();
    rows.sort_by(|a, b| key(a).partial_cmp(&key(b)).expect("no figure is NaN"));
    let ours = ours(all);

    let mut table = String::from("| |");
    for case in cases {
        let _ = write!(table, " {} |", case.name());
    }
    table.push_str("\n| --- |");
    table.push_str(&" ---: |".repeat(cases.len()));
    table.push('\n');
    for row in rows {
        let name = match row.role {
            Role::Ours => format!("**{}**", row.name),
            Role::Peer => row.name.clone(),
            Role::Floor => format!("*floor: {}*", row.name),
        };
        let _ = write!(table, "| {name} |");
        for case in cases {
            let _ = write!(table, " {} |", cell(row, ours, *case));
        }
        table.push('\n');
    }
    table
}

/// The machines, without duplicates.
pub(crate) fn machines(all: &[Results]) -> Vec<&str> {
    let mut machines: Vec<&str> = all.iter().map(|results| &*results.machine).collect();
    machines.dedup();
    machines
}

/// A description of the cases in which a peer beats this framework.
pub(crate) fn lost(all: &[Results]) -> Vec<String> {
    let Some(ours) = ours(all) else {
        return Vec::new();
    };
    let mut lost = Vec::new();
    for (case, own) in &ours.figures {
        let peers = all.iter().flat_map(|results| &results.rows);
        for peer in peers.filter(|row| row.role == Role::Peer) {
            if let Some(theirs) = peer.figures.get(case).filter(|theirs| *theirs < own) {
                let text = |figure| quantity::text(figure, case.unit());
                lost.push(format!(
                    "{} beats {} in `{}`: {} against {}",
                    peer.name,
                    ours.name,
                    case.name(),
                    text(*theirs),
                    text(*own),
                ));
            }
        }
    }
    lost
}

fn ours(all: &[Results]) -> Option<&Row> {
    let mut rows = all.iter().flat_map(|results| &results.rows);
    rows.find(|row| row.role == Role::Ours)
}

fn key(row: &Row) -> (u8, f64) {
    let role = match row.role {
        Role::Ours => 0,
        Role::Peer => 1,
        Role::Floor => 2,
    };
    let hop = row.figures.get(&Case::EventHop);
    (role, hop.copied().unwrap_or(f64::INFINITY))
}

fn cell(row: &Row, ours: Option<&Row>, case: Case) -> String {
    let Some(figure) = row.figures.get(&case) else {
        return "–".to_owned();
    };
    let text = quantity::text(*figure, case.unit());
    match ours.and_then(|ours| ours.figures.get(&case)) {
        Some(_) if row.role == Role::Ours => format!("**{text}**"),
        Some(own) => format!("{text} ({})", quantity::ratio(figure / own)),
        None => text,
    }
}
