//! The machine of the measurement.

use std::fs;
use std::process::Command;
use std::thread;

/// The processor, its cores, the operating system and the compiler.
pub(crate) fn describe() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let rustc = env!("PEERS_RUSTC");
    let rustc = rustc.split(" (").next().unwrap_or(rustc);
    let (processor, system) = (processor(), operating_system());
    format!("{processor}, {cores} cores, {system}, {rustc}")
}

fn processor() -> String {
    line_of("/proc/cpuinfo", "model name")
        .or_else(|| printed("sysctl", &["-n", "machdep.cpu.brand_string"]))
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

fn operating_system() -> String {
    line_of("/etc/os-release", "PRETTY_NAME")
        .or_else(|| printed("uname", &["-sr"]))
        .unwrap_or_else(|| std::env::consts::OS.to_owned())
}

/// The value of the line in a file that begins with `key`, then `:` or `=`.
fn line_of(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    let (_, value) = line.split_once([':', '='])?;
    Some(value.trim().trim_matches('"').to_owned())
}

fn printed(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
