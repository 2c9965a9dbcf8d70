//! Random graphs that are accepted, as programs.

use std::fmt::Write as _;

use crate::spec::{Clause, EVENTS, Handler, Range, Spec, Stage, Trigger, Way, each_stage};
use crate::{findings, generate};

const ONE: Range = (1, Some(1));
const NONE: Range = (0, Some(0));

/// How many flows there are at least.
const FLOWS: usize = 8;
/// In how many flows each word occurs.
const OF_EACH_WORD: usize = 2;

const WORDS: [&str; 10] = [
    "external", "every", "finally", "remind", "drain", "ask", "Sound", "Asks", "Ticks", "Quiet",
];

/// The seeds of graphs that are accepted, from this one on: the first ones, and those with words that
/// are seldom.
pub(crate) fn seeds(mut seed: u64) -> Vec<u64> {
    let mut specs: Vec<Spec> = Vec::new();
    let mut seeds = Vec::new();
    let mut counts = [0; WORDS.len()];
    while seeds.len() < FLOWS || counts.iter().any(|count| *count < OF_EACH_WORD) {
        let spec = generate::spec(seed);
        let words = WORDS.map(|word| has_word(&spec, word));
        let mut new = words.iter().zip(counts);
        let is_wanted = seeds.len() < FLOWS || new.any(|(has, count)| *has && count < OF_EACH_WORD);
        let is_new = is_wanted && !specs.contains(&spec);
        if is_new
            && spec.clauses.len() > 3
            && is_program(&spec)
            && findings(spec.graph()).is_empty()
        {
            for (count, has) in counts.iter_mut().zip(words) {
                *count += usize::from(has);
            }
            specs.push(spec);
            seeds.push(seed);
        }
        seed += 1;
    }
    seeds
}

fn has_word(spec: &Spec, word: &str) -> bool {
    let mut any = match word {
        "external" => !spec.external.is_empty(),
        "drain" => spec.drains,
        _ => false,
    };
    for clause in &spec.clauses {
        any |= match word {
            "every" => clause.trigger == Trigger::Every,
            "finally" => clause.trigger == Trigger::Finally,
            "remind" => clause.reminder.is_some(),
            _ => false,
        };
        for route in std::iter::once(&clause.route).chain(&clause.otherwise) {
            each_stage(route, &mut |stage| {
                any |= match stage {
                    Stage::Ask(..) => word == "ask",
                    Stage::Flow(inner) => word == inner.name(),
                    _ => false,
                };
            });
        }
    }
    any
}

/// The text of the file with the flows of these seeds.
pub(crate) fn text(seeds: &[u64]) -> String {
    let mut text = format!(
        "//! Random flows that are accepted; `program.rs` writes this file.\n\
         #![allow(\n    \
         clippy::ignored_unit_patterns,\n    \
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
    // Without an output, it would wait for the outside for ever.
    if (!spec.external.is_empty() && !spec.has_output) || has_other_emits(spec) {
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

/// Whether an `emit` has a value that no program has.
fn has_other_emits(spec: &Spec) -> bool {
    let mut any = false;
    for clause in &spec.clauses {
        for route in std::iter::once(&clause.route).chain(&clause.otherwise) {
            each_stage(route, &mut |stage| {
                if let Stage::Emit(events, ways) = stage {
                    any |= !is_one(events, ways) && !is_either(ways);
                }
            });
        }
    }
    any
}

fn is_one(events: &[usize], ways: &[Way]) -> bool {
    events.len() == 1 && *ways == [[ONE]]
}

fn is_either(ways: &[Way]) -> bool {
    *ways == [[ONE, NONE], [NONE, ONE]]
}

/// Whether an error of a stage may leave the route.
fn fails(route: &[Stage]) -> bool {
    route.iter().any(|stage| match stage {
        Stage::Handler(handler) => handler.can_fail,
        Stage::Ask(..) | Stage::Flow(_) => true,
        Stage::Join(routes) | Stage::First(routes) | Stage::Match(routes) => {
            routes.iter().any(|route| fails(route))
        }
        Stage::Each(route) => fails(route),
        Stage::Else(_, stand_in) => fails(stand_in),
        _ => false,
    })
}

/// `may_fail`: a handler may fail in a branch.
fn fits(route: &[Stage], may_fail: bool) -> bool {
    route.iter().all(|stage| match stage {
        Stage::Join(branches) | Stage::First(branches) => {
            let mut branches = branches.iter();
            branches.all(|branch| (may_fail || !fails(branch)) && fits(branch, may_fail))
        }
        Stage::Each(route) => (may_fail || !fails(route)) && fits(route, may_fail),
        Stage::Else(route, _) => fails(route),
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
            let reminds = |clause: &Clause| clause.reminder.as_ref() == Some(handler);
            let reminds = spec.clauses.iter().any(reminds);
            text += &function(spec, handler, reminds);
        }
    }
    text += &choices(spec);
    let output = if spec.has_output { " -> u32" } else { "" };
    write!(
        text,
        "\n    flow! {{\n        flow Program{output} streams Item;\n        sound;\n"
    )
    .unwrap();
    if spec.drains {
        text += "        drain within \"10s\";\n";
    }
    for event in &spec.external {
        writeln!(text, "        external {};", name(spec, *event)).unwrap();
    }
    for event in spec.emitted() {
        if !spec.takes(event) {
            writeln!(text, "        ignore {};", name(spec, event)).unwrap();
        }
    }
    let clauses = spec.clauses.iter().map(|clause| clause_text(spec, clause));
    let clauses: Vec<_> = clauses.collect();
    write!(text, "{}\n    }}\n", clauses.join(";\n")).unwrap();
    let run = if spec.has_output {
        let sent = spec.external.iter().map(|event| name(spec, *event));
        let sent: Vec<_> = sent.collect();
        format!("to_output!(Program, seed, [{}])", sent.join(", "))
    } else {
        "to_nothing!(Program, seed)".to_owned()
    };
    write!(
        text,
        "\n    pub(crate) fn run(seed: u64) -> String {{\n        {run}\n    }}\n}}\n"
    )
    .unwrap();
    text
}

/// The types of values that hold one of two events.
fn choices(spec: &Spec) -> String {
    let mut text = String::new();
    for clause in &spec.clauses {
        for route in std::iter::once(&clause.route).chain(&clause.otherwise) {
            each_stage(route, &mut |stage| {
                if let Stage::Emit(events, ways) = stage
                    && is_either(ways)
                {
                    let (one, other) = (name(spec, events[0]), name(spec, events[1]));
                    let choice = format!(
                        "\n    #[derive(flow_core::Events)]\n    enum {one}Or{other} {{\n        \
                         One({one}),\n        Other({other}),\n    }}\n"
                    );
                    if !text.contains(&choice) {
                        text += &choice;
                    }
                }
            });
        }
    }
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

fn function(spec: &Spec, handler: &Handler, reminds: bool) -> String {
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
    let (result, value) = match (handler.can_fail, reminds) {
        (true, false) => ("-> Result<u32> ", "Ok(0)"),
        (false, false) => ("-> u32 ", "0"),
        (true, true) => ("-> Result<()> ", "Ok(())"),
        (false, true) => ("", ""),
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
        "\n    #[handler{options}]\n    async fn h{}({context}) {result}{{\n{body}        {value}\n    }}\n",
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
    let reminder = match &clause.reminder {
        Some(reminder) => format!(" every \"300ms\" h{}", reminder.name),
        None => String::new(),
    };
    let otherwise = match &clause.otherwise {
        Some(route) => format!("\n            else -> {}", closed(spec, route)),
        None => String::new(),
    };
    let route = closed(spec, &clause.route);
    format!("        {trigger}{by}{reminder} -> {route}{otherwise}")
}

/// A route to its end.
fn closed(spec: &Spec, route: &[Stage]) -> String {
    let mut text = glued(spec, route, false);
    if !matches!(
        route.last(),
        Some(
            Stage::Match(_)
                | Stage::End
                | Stage::EndNow
                | Stage::Ignore
                | Stage::Skip
                | Stage::Emit(..)
        )
    ) {
        text += " -> ignore";
    }
    text
}

/// A part of a route, whose value is that of its last stage.
fn chain(spec: &Spec, route: &[Stage]) -> String {
    glued(spec, route, true)
}

/// The stages, with closures for the values that they need. `is_part`: the value is needed.
fn glued(spec: &Spec, route: &[Stage], is_part: bool) -> String {
    let mut stages = Vec::new();
    let mut before: Option<&Stage> = None;
    for stage in route {
        let is_number = matches!(
            before,
            Some(
                Stage::Handler(_)
                    | Stage::Else(..)
                    | Stage::First(_)
                    | Stage::Ask(..)
                    | Stage::Flow(_)
            )
        );
        match stage {
            Stage::Each(_) if !matches!(before, Some(Stage::Each(_))) => {
                stages.push("|_| some()".to_owned());
            }
            Stage::Match(_) => stages.push("|_| toss()".to_owned()),
            Stage::End | Stage::EndNow if !is_number => stages.push("|_| 0".to_owned()),
            _ => {}
        }
        stages.push(stage_text(spec, stage, is_part));
        before = Some(stage);
    }
    stages.join(" -> ")
}

fn stage_text(spec: &Spec, stage: &Stage, is_part: bool) -> String {
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
            let arms = arms.iter().map(|arm| {
                if is_part {
                    chain(spec, arm)
                } else {
                    closed(spec, arm)
                }
            });
            let arms = ["true", "false"].iter().zip(arms);
            let arms: Vec<_> = arms
                .map(|(value, arm)| format!("{value} => {arm}"))
                .collect();
            format!("match {{ {} }}", arms.join(", "))
        }
        Stage::Else(route, stand_in) => {
            let is_one = matches!(route[..], [Stage::Handler(_)]);
            let (route, stand_in) = (chain(spec, route), chain(spec, stand_in));
            if is_one {
                format!("{route} else {stand_in}")
            } else {
                format!("({route}) else {stand_in}")
            }
        }
        Stage::End => "end".to_owned(),
        Stage::EndNow => "end now".to_owned(),
        Stage::Ignore => "ignore".to_owned(),
        Stage::Skip => "skip".to_owned(),
        Stage::Emit(events, ways) if is_either(ways) => {
            let (one, other) = (name(spec, events[0]), name(spec, events[1]));
            let of = format!("{one}Or{other}");
            format!(
                "|_| if toss() {{ {of}::One({one} {{ order: 7 }}) }} \
                 else {{ {of}::Other({other} {{ order: 7 }}) }} -> emit"
            )
        }
        Stage::Emit(events, _) => {
            let event = name(spec, events[0]);
            format!("|_| {event} {{ order: 7 }} -> emit")
        }
        Stage::Ask(question, within) => {
            let question = format!("Q{}", EVENTS[*question]);
            let within = if *within { " within \"1s\"" } else { "" };
            format!("|_| {question} {{ order: 7 }} -> ask {question}{within} -> zero")
        }
        Stage::Flow(inner) => format!("|_| () -> {} -> zero", inner.name()),
    }
}
