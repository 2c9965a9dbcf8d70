//! The message of the compiler for each defect (`ui/*/*.stderr`), and programs that must compile
//! (`ui/pass`).
//!
//! The messages are those of the compiler in `rust-toolchain.toml`. Under another one, only
//! `ui/pass` is tested, except in CI, where another compiler is an error.
//! `TRYBUILD=overwrite cargo test -p tests --test ui` rewrites them.

use std::process::Command;

#[test]
fn each_defect_is_reported_at_the_word_to_change() {
    let (written_with, version) = (written_with().unwrap(), compiler_version().unwrap());
    if !version.starts_with(&format!("rustc {written_with} ")) {
        let skipped = format!("the texts are those of rustc {written_with}, and this is {version}");
        assert!(std::env::var_os("CI").is_none(), "{skipped}");
        eprintln!("skipped: {skipped}");
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/handler/*.rs");
    cases.compile_fail("ui/flow/*.rs");
    cases.compile_fail("ui/graph/*.rs");
    cases.compile_fail("ui/defects/*.rs");
    cases.compile_fail("ui/sound/*.rs");
    cases.compile_fail("ui/durable/*.rs");
}

#[test]
fn correct_programs_compile() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
}

fn written_with() -> Option<&'static str> {
    let toolchain = include_str!("../rust-toolchain.toml");
    let (_, channel) = toolchain.split_once("channel = \"")?;
    Some(channel.split_once('"')?.0)
}

fn compiler_version() -> std::io::Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
