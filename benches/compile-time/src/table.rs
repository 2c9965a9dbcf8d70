//! The tables of the results.

use std::time::Duration;

use crate::compiler::Note;
use crate::program::Variant;

/// A row of the tables: the costs of all variants of one size.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) handlers: u16,
    pub(crate) flow: Note,
    pub(crate) attribute: Note,
    pub(crate) plain: Note,
    /// The largest accepted ratio of the first two variants, if there is a target.
    pub(crate) target: Option<f64>,
}

impl Row {
    pub(crate) fn is_met(&self) -> bool {
        self.target.is_none_or(|target| self.ratio() <= target)
    }

    fn ratio(&self) -> f64 {
        self.flow.cpu.as_secs_f64() / self.attribute.cpu.as_secs_f64()
    }

    fn notes(&self) -> [Note; Variant::FRAMEWORK.len()] {
        // In the order of `Variant::FRAMEWORK`.
        [self.flow, self.attribute, self.plain]
    }
}

/// Two flows, the second of which has more to check.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) clauses: u16,
    pub(crate) names: [&'static str; 2],
    pub(crate) cpu: [Duration; 2],
    /// How much longer the second may take.
    pub(crate) target: Option<Duration>,
}

impl Checked {
    pub(crate) fn is_met(&self) -> bool {
        let [less, more] = self.cpu;
        self.target
            .is_none_or(|target| more.saturating_sub(less) <= target)
    }
}

/// The table of the flows whose graphs take longest to check.
pub(crate) fn checked(rows: &[Checked]) {
    println!(
        "\n`cargo check` of flows whose graphs take longest to check: rustc's processor time\n"
    );
    println!("| clauses | flow | | with more to check | | more | target | ok |");
    println!("| ---: | --- | ---: | --- | ---: | ---: | ---: | --- |");
    for row in rows {
        let ([less, more], [cpu, with]) = (row.names, row.cpu);
        let target = row.target.map_or("–".to_owned(), |target| {
            format!("≤ {} ms", target.as_millis())
        });
        let ok = match row.target {
            None => "–",
            Some(_) if row.is_met() => "ok",
            Some(_) => "MISSED",
        };
        println!(
            "| {} | {less} | {} ms | {more} | {} ms | {} ms | {target} | {ok} |",
            row.clauses,
            cpu.as_millis(),
            with.as_millis(),
            with.saturating_sub(cpu).as_millis()
        );
    }
}

/// The table of processor times.
pub(crate) fn times(rows: &[Row]) {
    println!(
        "`cargo check` of a crate, all that it depends on being there: rustc's processor time\n"
    );
    println!("| handlers | flow | attribute alone | plain | flow / attribute | target | ok |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | --- |");
    for row in rows {
        let [flow, attribute, plain] = row.notes().map(|note| note.cpu.as_millis());
        let target = row
            .target
            .map_or("–".to_owned(), |target| format!("≤ {target:.2}"));
        let ok = match row.target {
            None => "–",
            Some(_) if row.is_met() => "ok",
            Some(_) => "MISSED",
        };
        println!(
            "| {} | {flow} ms | {attribute} ms | {plain} ms | {:.2} | {target} | {ok} |",
            row.handlers,
            row.ratio()
        );
    }
}

/// The table of memory and of the size of the expansion.
pub(crate) fn sizes(rows: &[Row]) {
    println!(
        "\nIts largest resident set, and the crate after expansion, divided by its handlers\n"
    );
    println!("| handlers | flow | attribute alone | plain |");
    println!("| ---: | ---: | ---: | ---: |");
    for row in rows {
        let [flow, attribute, plain] = row.notes().map(|note| {
            let expansion = note.expansion.map_or("–".to_owned(), |(bytes, lines)| {
                let handlers = usize::from(row.handlers);
                format!("{} bytes, {} lines", bytes / handlers, lines / handlers)
            });
            format!("{} MiB, {expansion}", note.memory / 1024)
        });
        println!("| {} | {flow} | {attribute} | {plain} |", row.handlers);
    }
}

/// The table of debug builds.
pub(crate) fn builds(builds: &[(u16, Note)]) {
    println!("\n`cargo build` of the flow, without optimisation: rustc's processor time\n");
    println!("| handlers | build | a handler |");
    println!("| ---: | ---: | ---: |");
    for (handlers, note) in builds {
        let (all, each) = (note.cpu, note.cpu / u32::from(*handlers));
        println!(
            "| {handlers} | {} ms | {} ms |",
            all.as_millis(),
            each.as_millis()
        );
    }
}
