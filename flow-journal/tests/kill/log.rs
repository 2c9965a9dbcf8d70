//! The log beside the journal: what the processes have done and seen, in the order in which it
//! happened. Each line is one write, so a kill leaves it whole or out.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// A line of the log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Line {
    /// An execution is about to be started for the first time.
    Starting(u32),
    /// The start has returned.
    Started(u32),
    /// A handler acts on the outside, with this idempotency key.
    Effect(String),
    /// The result of the call with this key is recorded: something that follows from it was read.
    Recorded(String),
    /// An item was read: its execution, its position, and what it is.
    Item(u32, String, String),
    /// The question of the execution was answered, with this.
    Answered(u32, u32),
    /// The execution has this output.
    Over(u32, String),
    /// The process had died too often while the execution was running, and it was tried again.
    Retried(u32),
}

impl Line {
    fn write(&self) -> String {
        match self {
            Self::Starting(id) => format!("starting {id}"),
            Self::Started(id) => format!("started {id}"),
            Self::Effect(key) => format!("effect {key}"),
            Self::Recorded(key) => format!("recorded {key}"),
            Self::Item(id, position, item) => format!("item {id} {position} {item}"),
            Self::Answered(id, answer) => format!("answered {id} {answer}"),
            Self::Over(id, output) => format!("over {id} {output}"),
            Self::Retried(id) => format!("retried {id}"),
        }
    }

    fn read(line: &str) -> Self {
        let (what, rest) = line.split_once(' ').unwrap();
        let id = || rest.parse().unwrap();
        let id_and_rest = || {
            let (id, rest) = rest.split_once(' ').unwrap();
            (id.parse().unwrap(), rest)
        };
        match what {
            "starting" => Self::Starting(id()),
            "started" => Self::Started(id()),
            "effect" => Self::Effect(rest.to_owned()),
            "recorded" => Self::Recorded(rest.to_owned()),
            "item" => {
                let (id, rest) = id_and_rest();
                let (position, item) = rest.split_once(' ').unwrap();
                Self::Item(id, position.to_owned(), item.to_owned())
            }
            "answered" => {
                let (id, answer) = id_and_rest();
                Self::Answered(id, answer.parse().unwrap())
            }
            "over" => {
                let (id, output) = id_and_rest();
                Self::Over(id, output.to_owned())
            }
            "retried" => Self::Retried(id()),
            _ => panic!("no line of the log: {line}"),
        }
    }
}

/// The log, to write to.
#[derive(Clone)]
pub(crate) struct Log {
    process: u32,
    file: Arc<File>,
}

impl Log {
    /// The log, for the process with this number.
    pub(crate) fn open(path: &Path, process: u32) -> Self {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).open(path).unwrap();
        Self {
            process,
            file: Arc::new(file),
        }
    }

    pub(crate) fn write(&self, line: &Line) {
        let line = format!("{} {}\n", self.process, line.write());
        let written = (&*self.file).write(line.as_bytes()).unwrap();
        assert_eq!(written, line.len());
    }
}

/// All lines, each with the number of the process that has written it.
pub(crate) fn read(path: &Path) -> Vec<(u32, Line)> {
    let log = std::fs::read_to_string(path).unwrap_or_default();
    let lines = log.lines().map(|line| {
        let (process, line) = line.split_once(' ').unwrap();
        (process.parse().unwrap(), Line::read(line))
    });
    lines.collect()
}
