//! The costs of the same cases in this framework and in its peers, measured in the same run:
//! `cargo run --release --manifest-path benches/peers/Cargo.toml`.
//!
//! It exits with 1 if a peer beats this framework in a case.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that went wrong should say so"
)]
// A `tee` to a hundred operators in dfir_rs is a type of that depth.
#![recursion_limit = "1024"]

mod arrived;
mod case;
mod chart;
mod machine;
mod measure;
mod memory;
mod quantity;
mod results;
mod system;
mod systems;
mod table;
mod version;

use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use results::Results;

fn main() -> io::Result<ExitCode> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    let rust = Results {
        machine: machine::describe(),
        rows: measure::measure(&systems::all()),
    };
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("rust.json"), rust.to_json())?;

    let python = results::read(&folder.join("python.json"))?;
    let all: Vec<Results> = [Some(rust), python].into_iter().flatten().collect();
    let table = table::markdown(&all);
    println!("{table}");
    fs::write(folder.join("table.md"), table)?;
    fs::write(folder.join("chart.svg"), chart::svg(&all))?;

    let lost = table::lost(&all);
    for defeat in &lost {
        eprintln!("{defeat}");
    }
    Ok(if lost.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
