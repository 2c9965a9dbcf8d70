//! Random graphs that are accepted, as programs.

use std::fmt::Write as _;

use crate::spec::{Clause, EVENTS, Handler, Spec, Stage, Trigger, Way, each_stage};
use crate::{findings, generate};

/// How many flows there are.
const FLOWS: usize = 16;

/// The seeds of graphs that are accepted, from this one on.
pub(crate) fn seeds(mut seed: u64) -> Vec<u64> {
    let mut specs: Vec<Spec> = Vec::new();
    let mut seeds = Vec::new();
    while seeds.len() < FLOWS {
        let spec = generate::spec(seed);
        let is_new = !specs.contains(&spec);
        if is_new && spec.clauses.len() > 3 && is_program(&spec) && findings(&spec).is_empty() {
            specs.push(spec);
            seeds.push(seed);
        }
        seed += 1;
    }
    seeds
}

/// The text of the file with the flows of these seeds.
pub(crate) fn text(seeds: &[u64]) -> String {
    let mut text = format!(
        "//! Random flows that are accepted; `program.rs` writes this file.\n\
         #![allow(\n    \
         clippy::match_same_arms,\n    \
         clippy::single_match,\n    \
         clippy::single_match_else,\n    \
         reason = \"handlers are written as their shapes are\"\n\
         )]\n\n\
         pub(crate) const SEEDS: &[u64] = &{seeds:?};\n"
    );
    for (index, seed) in seeds.iter().enumerate() {
        write!(text, "\n{}", module(index, &generate::spec(*seed))).unwrap();
    }
    text += "\npub(crate) const RUNNERS: &[crate::engine::Runner] = &[\n";
    for index in 0..seeds.len() {
        writeln!(text, "    f{index}::run,").unwrap();
    }
    text + "];\n"
}

/// Whether `flow!` accepts it without the proof, which `generate` leaves open in part.
fn is_program(spec: &Spec) -> bool {
    if has_others(spec) {
        return false;
    }
    let handlers = spec.handlers();
    let emits_all = |handler: &&Handler| {
        let ways = || handler.success.iter().chain(&handler.failure);
        (0..handler.emits.len()).all(|event| ways().any(|way| way[event].1 != Some(0)))
    };
    // A rescue would drop the others.
    let rescues = spec
        .clauses
        .iter()
        .any(|clause| matches!(clause.trigger, Trigger::Rescue(_)));
    let routes = spec
        .clauses
        .iter()
        .flat_map(|clause| std::iter::once(&clause.route).chain(&clause.otherwise));
    handlers.iter().all(emits_all)
        && routes.clone().all(|route| fits(route, !rescues))
        && spec.clauses.iter().all(|clause| !clause.route.is_empty())
}

/// Whether it has something that programs do not have yet.
fn has_others(spec: &Spec) -> bool {
    let mut any = spec.drains || !spec.external.is_empty();
    for clause in &spec.clauses {
        any |= matches!(clause.trigger, Trigger::Every | Trigger::Finally);
        any |= clause.reminder.is_some();
        for route in std::iter::once(&clause.route).chain(&clause.otherwise) {
            each_stage(route, &mut |stage| {
                any |= match stage {
                    Stage::Ask(..) | Stage::Flow(_) => true,
                    Stage::Emit(events, ways) => events.len() > 1 || *ways != [[(1, Some(1))]],
                    Stage::Each(route) => {
                        !matches!(route[..], [Stage::Handler(_) | Stage::Else(..)])
                    }
                    _ => false,
                };
            });
            let mut eaches = route.windows(2);
            any |= eaches.any(|two| matches!(two, [Stage::Each(_), Stage::Each(_)]));
        }
    }
    any
}

/// `may_fail`: a handler may fail in a branch.
fn fits(route: &[Stage], may_fail: bool) -> bool {
    let never_fails = |stage: &Stage| match stage {
        Stage::Handler(handler) => !handler.can_fail,
        Stage::Else(_, stand_in) => stand_in
            .iter()
            .all(|stage| !matches!(stage, Stage::Handler(handler) if handler.can_fail)),
        _ => true,
    };
    route.iter().all(|stage| match stage {
        Stage::Join(branches) | Stage::First(branches) => branches
            .iter()
            .flatten()
            .all(|stage| may_fail || never_fails(stage)),
        Stage::Each(route) => route.iter().all(|stage| may_fail || never_fails(stage)),
        Stage::Else(route, _) => route.iter().any(|stage| !never_fails(stage)),
        Stage::Match(arms) => arms.iter().all(|arm| fits(arm, may_fail)),
        _ => true,
    })
}

fn module(index: usize, spec: &Spec) -> String {
    let mut text = format!("mod f{index} {{\n    use crate::engine::*;\n");
    let mut seen = Vec::new();
    for handler in spec.handlers() {
        if !seen.contains(&handler.name) {
            seen.push(handler.name);
            text += &function(spec, handler);
        }
    }
    let output = if spec.has_output { " -> u32" } else { "" };
    write!(
        text,
        "\n    flow! {{\n        flow Program{output} streams Item;\n        sound;\n"
    )
    .unwrap();
    for event in spec.emitted() {
        if !spec.takes(event) {
            writeln!(text, "        ignore {};", name(spec, event)).unwrap();
        }
    }
    let clauses = spec.clauses.iter().map(|clause| clause_text(spec, clause));
    let clauses: Vec<_> = clauses.collect();
    write!(text, "{}\n    }}\n", clauses.join(";\n")).unwrap();
    let run = if spec.has_output {
        "to_output"
    } else {
        "to_nothing"
    };
    write!(
        text,
        "\n    pub(crate) fn run(seed: u64) -> String {{\n        {run}!(Program, seed)\n    }}\n}}\n"
    )
    .unwrap();
    text
}

/// Questions are events of their own.
fn name(spec: &Spec, event: usize) -> String {
    let is_asked = spec
        .clauses
        .iter()
        .any(|clause| clause.trigger == Trigger::Ask(event));
    let before = if is_asked { "Q" } else { "" };
    format!("{before}{}", EVENTS[event])
}

fn function(spec: &Spec, handler: &Handler) -> String {
    let mut options = Vec::new();
    if !handler.emits.is_empty() {
        let emits: Vec<_> = handler
            .emits
            .iter()
            .map(|event| name(spec, *event))
            .collect();
        options.push(format!("emits = [{}]", emits.join(", ")));
    }
    if handler.timeout {
        options.push("timeout = \"1s\"".to_owned());
    }
    if handler.attempts > 1 {
        options.push(format!("retry(attempts = {})", handler.attempts));
    }
    let options = if options.is_empty() {
        String::new()
    } else {
        format!("({})", options.join(", "))
    };
    let context = if handler.emits.is_empty() {
        ""
    } else {
        "cx: &Cx"
    };
    let (result, value) = if handler.can_fail {
        ("Result<u32>", "Ok(0)")
    } else {
        ("u32", "0")
    };
    let mut body = String::from("        pause().await;\n");
    if handler.can_fail {
        let failure = ways(spec, handler, &handler.failure);
        write!(
            body,
            "        if toss() {{\n{failure}            return Err(\"planned\".into());\n        }}\n"
        )
        .unwrap();
    }
    body += &ways(spec, handler, &handler.success);
    format!(
        "\n    #[handler{options}]\n    async fn h{}({context}) -> {result} {{\n{body}        {value}\n    }}\n",
        handler.name
    )
}

fn ways(spec: &Spec, handler: &Handler, ways: &[Way]) -> String {
    let mut text = String::new();
    if let [way] = ways {
        return emits(spec, handler, way);
    }
    writeln!(text, "        match pick({}) {{", ways.len()).unwrap();
    for (nth, way) in ways.iter().enumerate() {
        let pattern = if nth + 1 == ways.len() {
            "_".to_owned()
        } else {
            nth.to_string()
        };
        let emits = emits(spec, handler, way);
        write!(text, "        {pattern} => {{\n{emits}        }}\n").unwrap();
    }
    text + "        }\n"
}

fn emits(spec: &Spec, handler: &Handler, way: &Way) -> String {
    let mut text = String::new();
    for (event, range) in handler.emits.iter().zip(way) {
        let one = format!(
            "            pause().await;\n            cx.emit({} {{ order: 7 }});\n",
            name(spec, *event)
        );
        let (least, most) = range;
        for _ in 0..*least {
            text += &one;
        }
        match most {
            Some(most) => {
                for _ in *least..*most {
                    write!(text, "            if toss() {{\n{one}            }}\n").unwrap();
                }
            }
            None => write!(text, "            while toss() {{\n{one}            }}\n").unwrap(),
        }
    }
    text
}

fn clause_text(spec: &Spec, clause: &Clause) -> String {
    let names = |events: &[usize], between| {
        let names: Vec<_> = events.iter().map(|event| name(spec, *event)).collect();
        names.join(between)
    };
    let trigger = match &clause.trigger {
        Trigger::Start => "start".to_owned(),
        Trigger::Event(event) => format!("when {}", name(spec, *event)),
        Trigger::All(events) => format!("when {}", names(events, " & ")),
        Trigger::Times(event, count) => format!("when {}[{count}]", name(spec, *event)),
        Trigger::Ask(event) if clause.otherwise.is_some() => {
            format!("ask {} within \"1s\"", name(spec, *event))
        }
        Trigger::Ask(event) => format!("ask {}", name(spec, *event)),
        Trigger::Rescue(None) => "rescue".to_owned(),
        Trigger::Rescue(Some(name)) => format!("rescue h{name}"),
        Trigger::Every => "every \"1s\"".to_owned(),
        Trigger::Finally => "finally within \"30s\"".to_owned(),
    };
    let by = if clause.by { " by .order" } else { "" };
    let otherwise = match &clause.otherwise {
        Some(route) => format!("\n            else -> {}", closed(spec, route)),
        None => String::new(),
    };
    let route = closed(spec, &clause.route);
    format!("        {trigger}{by} -> {route}{otherwise}")
}

/// A route to its end.
fn closed(spec: &Spec, route: &[Stage]) -> String {
    let mut stages = Vec::new();
    let mut is_number = false;
    for stage in route {
        match stage {
            Stage::Each(_) => stages.push("|_| some()".to_owned()),
            Stage::Match(_) => stages.push("|_| toss()".to_owned()),
            Stage::End | Stage::EndNow if !is_number => stages.push("|_| 0".to_owned()),
            _ => {}
        }
        stages.push(stage_text(spec, stage));
        is_number = matches!(stage, Stage::Handler(_) | Stage::Else(..) | Stage::First(_));
    }
    if let Some(
        Stage::Handler(_) | Stage::Else(..) | Stage::Join(_) | Stage::First(_) | Stage::Each(_),
    ) = route.last()
    {
        stages.push("ignore".to_owned());
    }
    stages.join(" -> ")
}

fn chain(spec: &Spec, route: &[Stage]) -> String {
    let stages: Vec<_> = route.iter().map(|stage| stage_text(spec, stage)).collect();
    stages.join(" -> ")
}

fn stage_text(spec: &Spec, stage: &Stage) -> String {
    let routes = |routes: &[Vec<Stage>]| {
        let routes: Vec<_> = routes.iter().map(|route| chain(spec, route)).collect();
        routes.join(", ")
    };
    match stage {
        Stage::Handler(handler) => format!("h{}", handler.name),
        Stage::Join(branches) => format!("({})", routes(branches)),
        Stage::First(branches) => format!("first ({})", routes(branches)),
        Stage::Each(route) => format!("each ({})", chain(spec, route)),
        Stage::Match(arms) => {
            let arms: Vec<_> = arms.iter().map(|arm| closed(spec, arm)).collect();
            let arms = ["true", "false"].iter().zip(&arms);
            let arms: Vec<_> = arms
                .map(|(value, arm)| format!("{value} => {arm}"))
                .collect();
            format!("match {{ {} }}", arms.join(", "))
        }
        Stage::Else(route, stand_in) => {
            format!("{} else {}", chain(spec, route), chain(spec, stand_in))
        }
        Stage::End => "end".to_owned(),
        Stage::EndNow => "end now".to_owned(),
        Stage::Ignore => "ignore".to_owned(),
        Stage::Skip => "skip".to_owned(),
        Stage::Emit(events, _) => {
            let event = name(spec, events[0]);
            format!("|_| {event} {{ order: 7 }} -> emit")
        }
        Stage::Ask(..) | Stage::Flow(_) => unreachable!("in no program"),
    }
}
