//! What a process has asked of the file system, recorded by `strace`.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;

/// The calls that change files, or tell which ones they change. Those that would change a file in a
/// way that is not understood are recorded as well, so that they are noticed.
const CALLS: &str = "open,openat,openat2,creat,close,dup,dup2,dup3,fcntl,write,pwrite64,writev,pwritev,\
                     pwritev2,lseek,ftruncate,truncate,fallocate,copy_file_range,sendfile,fsync,\
                     fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,symlink,\
                     symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir";

/// A call that has returned, or was under way when the process ended.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) arguments: Vec<Argument>,
    /// `None` if it has failed, or not returned.
    pub(crate) result: Option<i64>,
    /// When it began and when it returned, counted in lines of the trace.
    pub(crate) begin: usize,
    pub(crate) end: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum Argument {
    /// The text of a string, or of all strings in a list.
    Bytes(Rc<[u8]>),
    Other(String),
}

impl Argument {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Bytes(bytes) => str::from_utf8(bytes).ok(),
            Self::Other(_) => None,
        }
    }
}

impl Call {
    /// Whether it writes to the standard output that a request has returned.
    pub(crate) fn tells(&self) -> bool {
        self.name == "write" && self.word(0) == "1" && self.bytes(1).starts_with(b"told ")
    }

    pub(crate) fn bytes(&self, at: usize) -> Rc<[u8]> {
        match &self.arguments[at] {
            Argument::Bytes(bytes) => Rc::clone(bytes),
            other @ Argument::Other(_) => panic!("{other:?} is no text"),
        }
    }

    pub(crate) fn text(&self, at: usize) -> String {
        String::from_utf8(self.bytes(at).to_vec()).unwrap()
    }

    pub(crate) fn word(&self, at: usize) -> &str {
        match &self.arguments[at] {
            Argument::Other(word) => word,
            other @ Argument::Bytes(_) => panic!("{other:?} is no number"),
        }
    }

    pub(crate) fn number(&self, at: usize) -> i64 {
        self.word(at).parse().unwrap()
    }
}

/// Runs this program as [`Command`] does, and records it. `inject` is what `strace` is to let fail.
pub(crate) fn record(
    environment: &[(&str, &OsStr)],
    arguments: &[&str],
    inject: Option<&str>,
) -> Vec<Call> {
    let output = tempfile::NamedTempFile::new().unwrap();
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "--seccomp-bpf", "-s", "33554432", "-e", "signal=none"])
        .arg(format!("--trace={CALLS}"))
        .args(inject.map(|inject| format!("--inject={inject}")))
        .arg("-o")
        .arg(output.path())
        .arg(std::env::current_exe().unwrap())
        .args(arguments)
        .envs(environment.iter().copied())
        .stdout(Stdio::null());
    let status = strace.status().expect("this test needs the program strace");
    assert!(status.success(), "the process under strace: {status}");
    read(output.path())
}

fn read(path: &Path) -> Vec<Call> {
    let trace = std::fs::read(path).unwrap();
    let mut calls = Vec::new();
    // The begin of the call that each thread is in.
    let mut running: HashMap<&[u8], (usize, &[u8])> = HashMap::new();
    for (number, line) in trace.split(|byte| *byte == b'\n').enumerate() {
        let Some(space) = line.iter().position(|byte| *byte == b' ') else {
            continue;
        };
        let (thread, line) = line.split_at(space);
        let line = line.trim_ascii_start();
        if line.starts_with(b"+++") || line.starts_with(b"---") {
            continue;
        }
        if let Some(first) = line.strip_suffix(b" <unfinished ...>") {
            running.insert(thread, (number, first));
        } else if line.starts_with(b"<... ") {
            let (begin, first) = running.remove(thread).unwrap();
            let resumed = b" resumed>";
            let at = line.windows(resumed.len()).position(|at| at == resumed);
            let rest = &line[at.unwrap() + resumed.len()..];
            calls.push(parse(&[first, rest].concat(), begin, number));
        } else {
            calls.push(parse(line, number, number));
        }
    }
    for (begin, first) in running.into_values() {
        calls.push(parse(&[first, b") = ?"].concat(), begin, usize::MAX));
    }
    // A number of a file is free for the next one as soon as its close has running.
    calls.sort_by_key(|call| match call.name.as_str() {
        "close" => call.begin,
        _ => call.end,
    });
    calls
}

fn parse(line: &[u8], begin: usize, end: usize) -> Call {
    let open = line.iter().position(|byte| *byte == b'(').unwrap();
    let name = String::from_utf8(line[..open].to_vec()).unwrap();
    let mut rest = &line[open + 1..];
    let mut arguments = Vec::new();
    let mut word = Vec::new();
    let mut bytes: Option<Vec<u8>> = None;
    let mut depth = 0;
    loop {
        let (&byte, after) = rest.split_first().unwrap_or_else(|| {
            panic!(
                "the trace ends in a call: {}",
                String::from_utf8_lossy(line)
            )
        });
        rest = after;
        match byte {
            b'"' => rest = string(rest, bytes.get_or_insert_default()),
            b',' | b')' if depth == 0 => {
                let other = String::from_utf8(std::mem::take(&mut word)).unwrap();
                arguments.push(match bytes.take() {
                    Some(bytes) => Argument::Bytes(bytes.into()),
                    None => Argument::Other(other.trim().to_owned()),
                });
                if byte == b')' {
                    break;
                }
            }
            byte => {
                match byte {
                    b'[' | b'{' | b'(' => depth += 1,
                    b']' | b'}' | b')' => depth -= 1,
                    _ => {}
                }
                word.push(byte);
            }
        }
    }
    let result = str::from_utf8(rest).unwrap().trim_start();
    let result = result.strip_prefix("= ").unwrap();
    let result = result.split(' ').next().unwrap();
    let result: Option<i64> = result.parse().ok().filter(|result| *result >= 0);
    Call {
        name,
        arguments,
        result,
        begin,
        end,
    }
}

/// Reads a string as C writes it, up to behind its end.
fn string<'a>(mut rest: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    loop {
        let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'));
        let (text, after) = rest.split_at(plain.unwrap());
        bytes.extend(text);
        rest = &after[1..];
        if after[0] == b'"' {
            assert!(!rest.starts_with(b"..."), "a text in the trace is cut");
            return rest;
        }
        let escaped = rest[0];
        rest = &rest[1..];
        bytes.push(match escaped {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'v' => 11,
            b'f' => 12,
            b'0'..=b'7' => {
                let mut value = escaped - b'0';
                for _ in 0..2 {
                    match rest {
                        [digit @ b'0'..=b'7', after @ ..] => {
                            value = value * 8 + (digit - b'0');
                            rest = after;
                        }
                        _ => break,
                    }
                }
                value
            }
            other => other,
        });
    }
}
