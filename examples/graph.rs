//! The flows of the other examples as pictures: `cargo run --example graph [directory]`.
//!
//! Writes Mermaid (`.mmd`), DOT (`.dot`) and JSON (`.json`), by default into `target/graphs`.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::{env, fs};

use flow_core::Result;
use flow_core::graph::GraphDesc;

#[allow(
    dead_code,
    reason = "a program of its own; here it is drawn and not run"
)]
mod chat;
#[allow(
    dead_code,
    reason = "a program of its own; here it is drawn and not run"
)]
mod progress;

fn draw(graph: &GraphDesc, directory: &Path) -> Result<()> {
    let name = graph.name.unwrap_or("flow").to_lowercase();
    for (ending, text) in [
        ("mmd", graph.to_mermaid()),
        ("dot", graph.to_dot()),
        ("json", serde_json::to_string_pretty(graph)?),
    ] {
        let path = directory.join(&name).with_extension(ending);
        fs::write(&path, text)?;
        writeln!(stdout(), "{}", path.display())?;
    }
    Ok(())
}

fn graph() -> Result<()> {
    let directory = env::args_os().nth(1).map(PathBuf::from);
    let directory = directory.unwrap_or_else(|| Path::new("target").join("graphs"));
    fs::create_dir_all(&directory)?;
    for graph in [chat::Chat::GRAPH, progress::Steps::GRAPH] {
        draw(graph, &directory)?;
    }
    Ok(())
}

fn main() {
    examples::exit(graph())
}
