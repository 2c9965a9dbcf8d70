//! The lessons of the tutorial, and the page that shows parts of them.

use std::fs;
use std::path::Path;

use crate::run::{Ended, example, run};

/// The lessons, by name and text.
fn lessons() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tutorial");
    let mut lessons: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    lessons.sort();
    lessons
}

/// The output that the header of the lesson declares.
fn promised(lesson: &str) -> String {
    let (_, after) = lesson.split_once("//! ```text\n").unwrap();
    let (lines, _) = after.split_once("//! ```\n").unwrap();
    lines
        .lines()
        .map(|line| line.trim_start_matches("//!").trim_start().to_owned() + "\n")
        .collect()
}

#[tokio::test]
async fn each_lesson_prints_what_it_says() {
    for (name, text) in lessons() {
        let run_by = format!("`cargo run --example {name}`");
        assert!(text.contains(&run_by), "{name} says how it is run");
        let expected = Ended {
            code: Some(0),
            stdout: promised(&text),
            stderr: String::new(),
        };
        assert_eq!(run(example(&name), "").await, expected, "{name}");
    }
}

/// The lines, trimmed, so that a part is found at any indentation.
fn trimmed(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim(), "\n"]).collect()
}

#[test]
fn the_code_on_the_page_is_from_a_lesson() {
    let page = include_str!("../../../flow-core/docs/coming-from-triggerflow.md");
    let lessons: Vec<_> = lessons().iter().map(|(_, text)| trimmed(text)).collect();
    let shown = page.split("```rust\n").skip(1);
    for block in shown.map(|rest| rest.split("```").next().unwrap()) {
        for piece in block.split("\n\n").map(trimmed) {
            assert!(
                lessons.iter().any(|lesson| lesson.contains(&piece)),
                "in no lesson:\n{piece}"
            );
        }
    }
}
