//! What the compiler says of each defect (`ui/*/*.stderr`), and what it must accept (`ui/pass`).
//!
//! The texts are those of one compiler; where another one runs, only what must compile is tested.
//! `TRYBUILD=overwrite cargo test --test ui` writes them anew.

use std::process::Command;

#[test]
fn each_defect_is_reported_at_the_word_to_change() {
    const WRITTEN_WITH: &str = "rustc 1.95.";
    let version = compiler_version().unwrap();
    if !version.starts_with(WRITTEN_WITH) {
        eprintln!("skipped: the texts are those of {WRITTEN_WITH}x, and this is {version}");
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/handler/*.rs");
    cases.compile_fail("ui/flow/*.rs");
    cases.compile_fail("ui/graph/*.rs");
}

#[test]
fn what_is_right_compiles() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
}

fn compiler_version() -> std::io::Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
