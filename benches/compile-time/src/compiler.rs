//! This program as a wrapper of rustc: cargo calls it for the measured crates. It calls rustc and
//! records the costs.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::str::{FromStr, SplitWhitespace};
use std::time::Duration;

use nix::sys::resource::{Usage, UsageWho, getrusage};

/// The variable with the path of the record. If it is set, this program acts as rustc.
pub(crate) const NOTE: &str = "COMPILE_TIME_NOTE";
/// Set if the size of the expansion is requested, which takes a second compilation.
pub(crate) const EXPAND: &str = "COMPILE_TIME_EXPAND";

/// The costs of compiling a crate.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Note {
    /// The processor time, which depends less on the load of the machine than the elapsed time.
    pub(crate) cpu: Duration,
    /// The largest resident set, in KiB.
    pub(crate) memory: u64,
    /// Bytes and lines of the crate after expansion, if requested and supported by this rustc.
    pub(crate) expansion: Option<(usize, usize)>,
}

impl Note {
    pub(crate) fn read(file: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(file)?;
        let mut numbers = text.split_whitespace();
        let micros = next(&mut numbers).ok_or(io::ErrorKind::InvalidData)?;
        let memory = next(&mut numbers).ok_or(io::ErrorKind::InvalidData)?;
        Ok(Self {
            cpu: Duration::from_micros(micros),
            memory,
            expansion: next(&mut numbers).zip(next(&mut numbers)),
        })
    }
}

fn next<T: FromStr>(words: &mut SplitWhitespace<'_>) -> Option<T> {
    words.next()?.parse().ok()
}

/// The path of the record, if this process was started as the compiler.
pub(crate) fn called() -> Option<PathBuf> {
    std::env::var_os(NOTE).map(PathBuf::from)
}

/// Runs rustc with the arguments from cargo.
pub(crate) fn compile(note: &Path) -> io::Result<ExitCode> {
    let mut call = std::env::args_os().skip(1);
    let rustc = call.next().ok_or(io::ErrorKind::InvalidInput)?;
    let args: Vec<OsString> = call.collect();
    if !Command::new(&rustc).args(&args).status()?.success() {
        return Ok(ExitCode::FAILURE);
    }
    // Cargo also queries the version and the target, which is not a compilation.
    if args
        .iter()
        .any(|arg| Path::new(arg).ends_with("src/lib.rs"))
    {
        // The sum for all child processes, of which the compilation is the only one so far.
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let expansion = match std::env::var_os(EXPAND) {
            Some(_) => expansion(&rustc, &args)?,
            None => String::new(),
        };
        let (micros, memory) = (micros(&usage), usage.max_rss());
        std::fs::write(note, format!("{micros} {memory} {expansion}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn micros(usage: &Usage) -> i64 {
    [usage.user_time(), usage.system_time()]
        .iter()
        .map(|time| time.tv_sec() * 1_000_000 + time.tv_usec())
        .sum()
}

/// The size of the crate after expansion; `None` if rustc does not support that.
fn expansion(rustc: &OsStr, args: &[OsString]) -> io::Result<String> {
    let expanded = Command::new(rustc)
        .args(args)
        .arg("-Zunpretty=expanded")
        // This also enables it in a stable rustc.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()?;
    if !expanded.status.success() {
        return Ok(String::new());
    }
    let lines = expanded.stdout.split(|byte| *byte == b'\n').count();
    Ok(format!("{} {lines}", expanded.stdout.len()))
}
