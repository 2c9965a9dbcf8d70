//! This program in the place of rustc: cargo calls it for the crates under measurement, and it
//! calls rustc, and notes what that took.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::str::{FromStr, SplitWhitespace};
use std::time::Duration;

use nix::sys::resource::{Usage, UsageWho, getrusage};

/// The variable with the path of the file that the note goes to; with it, this program is rustc.
pub(crate) const NOTE: &str = "COMPILE_TIME_NOTE";
/// Set where the size of the expansion is asked for, which is a second compilation.
pub(crate) const EXPAND: &str = "COMPILE_TIME_EXPAND";

/// What it took to compile a crate.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Note {
    /// The processor's time: other than the clock's, it hardly depends on what else the machine does.
    pub(crate) cpu: Duration,
    /// The largest resident set, in KiB.
    pub(crate) memory: u64,
    /// Bytes and lines of the crate after expansion, if that was asked for and this rustc tells.
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

/// Where the note is to go, if this process was started as the compiler.
pub(crate) fn called() -> Option<PathBuf> {
    std::env::var_os(NOTE).map(PathBuf::from)
}

/// Runs rustc as cargo asks for it.
pub(crate) fn compile(note: &Path) -> io::Result<ExitCode> {
    let mut call = std::env::args_os().skip(1);
    let rustc = call.next().ok_or(io::ErrorKind::InvalidInput)?;
    let args: Vec<OsString> = call.collect();
    if !Command::new(&rustc).args(&args).status()?.success() {
        return Ok(ExitCode::FAILURE);
    }
    // Cargo also asks for the version, and for what the target has; neither is a compilation.
    if args
        .iter()
        .any(|arg| Path::new(arg).ends_with("src/lib.rs"))
    {
        // Of all children so far, which is the one compilation.
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

/// The size of what rustc has after expansion; nothing where it does not tell.
fn expansion(rustc: &OsStr, args: &[OsString]) -> io::Result<String> {
    let expanded = Command::new(rustc)
        .args(args)
        .arg("-Zunpretty=expanded")
        // A stable rustc tells it too, if told that it is not one.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()?;
    if !expanded.status.success() {
        return Ok(String::new());
    }
    let lines = expanded.stdout.split(|byte| *byte == b'\n').count();
    Ok(format!("{} {lines}", expanded.stdout.len()))
}
