//! Interleaved measurements: in each round every system runs every case once, so that a disturbance
//! affects all of them. The medians count.

use std::collections::BTreeMap;

use tokio::runtime::{Builder, Runtime};

use crate::case::Case;
use crate::results::Row;
use crate::system::{System, Work};
use crate::{arrived, memory};

/// How often each system runs each case.
const ROUNDS: u32 = 31;

pub(crate) fn measure(systems: &[System]) -> Vec<Row> {
    let mut figures: BTreeMap<(usize, Case), Vec<f64>> = BTreeMap::new();
    for round in 0..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for case in Case::all() {
            for (place, system) in systems.iter().enumerate() {
                let Some(work) = system.works.get(&case) else {
                    continue;
                };
                let figure = once(system, case, work);
                // The first round pays for page faults and cold caches.
                if round > 0 {
                    figures.entry((place, case)).or_default().push(figure);
                }
            }
        }
    }
    let row = |(place, system): (usize, &System)| Row {
        name: system.name.clone(),
        role: system.role,
        figures: Case::all()
            .filter_map(|case| Some((case, median(figures.get_mut(&(place, case))?))))
            .collect(),
    };
    systems.iter().enumerate().map(row).collect()
}

/// Runs the case on a new runtime, and returns the cost of one repetition.
fn once(system: &System, case: Case, work: &Work) -> f64 {
    let runtime = current_thread();
    let times = case.times();
    arrived::take();
    let figure = match work {
        Work::Timed(work) => runtime.block_on(work(times)).as_secs_f64() * 1e9,
        Work::Held(work) => {
            let (held, bytes) = memory::held(|| runtime.block_on(work(times)));
            drop(held);
            bytes
        }
    };
    let name = &system.name;
    assert_eq!(
        arrived::take(),
        times * case.arrivals(),
        "what {name} did of the case {case:?}"
    );
    figure / f64::from(times)
}

fn current_thread() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
