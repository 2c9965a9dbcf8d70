//! A directory as it may be after the power has failed.
//!
//! Assumed of the file system: what was written into a file is there once an `fsync` or `fdatasync`
//! of that file has returned that was called afterwards. Of what was written since then, each block
//! is as it was at any moment in between, independent of all other blocks; the file is as long as
//! what has survived of it. An entry of a directory is there once an `fsync` of the directory has
//! returned; each that was made, removed or renamed since then is so or not, independent of all
//! others. A rename is either done or not.
//!
//! An `fsync` that fails takes what it did not write for written, as Linux does: the process still
//! reads it, and no later `fsync` writes it, unless something is written into the same page again.
//!
//! Real file systems promise more: most keep the order of the entries, and ext4, XFS and btrfs make
//! the entry of a new file durable by an `fsync` of the file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use fastrand::Rng;

use crate::load::Told;
use crate::trace::{Argument, Call};

/// Identifies a file or a directory.
type Node = usize;

const ROOT: Node = 0;

/// A change of a file.
#[derive(Clone)]
enum Change {
    Write(u64, Rc<[u8]>),
    Length(u64),
}

#[derive(Default)]
struct Content {
    is_directory: bool,
    /// How long it is for the process.
    length: u64,
    /// In their order.
    changes: Vec<Made>,
}

struct Made {
    /// When it had returned.
    end: usize,
    change: Change,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Synced,
    Unsynced,
    /// An `fsync` of it has failed.
    Forgotten,
}

/// What the memory of a file consists of.
const PAGE: u64 = 4096;

/// A change of the entries of a directory.
struct Entry {
    directory: Node,
    made: usize,
    is_synced: bool,
    removes: Option<String>,
    adds: Option<(String, Node)>,
}

#[derive(Clone, Copy)]
struct Opened {
    node: Node,
    offset: u64,
    appends: bool,
}

/// What the process has done to the directory until some moment.
pub(crate) struct Disk {
    root: PathBuf,
    contents: Vec<Content>,
    entries: Vec<Entry>,
    /// The entries as the process sees them.
    live: HashMap<(Node, String), Node>,
    opened: HashMap<i64, Opened>,
    /// What the process has told.
    pub(crate) told: Vec<Told>,
}

/// How much survives of what was not synced.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Survives {
    Nothing,
    Everything,
    /// What was written first, up to any byte.
    First,
    /// Any blocks of this size.
    Blocks(u64),
}

impl Disk {
    /// The disk before the first call.
    pub(crate) fn new(root: &Path) -> Self {
        let root = fs::canonicalize(root).unwrap();
        let directory = Content {
            is_directory: true,
            ..Content::default()
        };
        Self {
            root,
            contents: vec![directory],
            entries: Vec::new(),
            live: HashMap::new(),
            opened: HashMap::new(),
            told: Vec::new(),
        }
    }

    /// The disk with what is in this directory, all of it durable.
    pub(crate) fn of(root: &Path) -> Self {
        let mut disk = Self::new(root);
        let mut directories = vec![(ROOT, disk.root.clone())];
        while let Some((directory, path)) = directories.pop() {
            for entry in fs::read_dir(path).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                let is_directory = entry.file_type().unwrap().is_dir();
                let node = disk.add(0, directory, name, is_directory);
                if is_directory {
                    directories.push((node, entry.path()));
                } else {
                    let text = fs::read(entry.path()).unwrap();
                    disk.contents[node].length = text.len() as u64;
                    // A log ends with many zeros.
                    let end = text.iter().rposition(|byte| *byte != 0);
                    let written = &text[..end.map_or(0, |end| end + 1)];
                    let changes = [
                        Change::Write(0, written.into()),
                        Change::Length(text.len() as u64),
                    ];
                    disk.contents[node]
                        .changes
                        .extend(changes.map(|change| Made {
                            end: 0,
                            change,
                            state: State::Synced,
                        }));
                }
            }
        }
        for entry in &mut disk.entries {
            entry.is_synced = true;
        }
        disk
    }

    /// The disk when these calls had begun that began before `time`.
    pub(crate) fn at(mut self, calls: &[Call], time: usize) -> Self {
        for call in calls.iter().filter(|call| call.begin < time) {
            if call.end < time || is_write(call) {
                self.make(call, time);
            }
        }
        self
    }

    /// The disk when the process has ended, and the next one has not begun.
    pub(crate) fn restarted(mut self) -> Self {
        self.opened.clear();
        for content in &mut self.contents {
            content.changes.iter_mut().for_each(|made| made.end = 0);
        }
        self.entries.iter_mut().for_each(|entry| entry.made = 0);
        self
    }

    /// The disk in another place.
    pub(crate) fn moved(mut self, root: &Path) -> Self {
        self.root = fs::canonicalize(root).unwrap();
        self
    }

    fn add(&mut self, made: usize, directory: Node, name: String, is_directory: bool) -> Node {
        let node = self.contents.len();
        self.contents.push(Content {
            is_directory,
            ..Content::default()
        });
        self.live.insert((directory, name.clone()), node);
        self.entries.push(Entry {
            directory,
            made,
            is_synced: false,
            removes: None,
            adds: Some((name, node)),
        });
        node
    }

    /// The directory of a path and the name in it. `None` if it is somewhere else.
    fn find(&self, base: &str, path: &str) -> Option<(Node, Option<String>)> {
        let (mut node, path) = if path.starts_with('/') {
            (ROOT, Path::new(path).strip_prefix(&self.root).ok()?)
        } else {
            let base = base.parse().ok()?;
            (self.opened.get(&base)?.node, Path::new(path))
        };
        let mut names = path.iter().map(|name| name.to_str().unwrap());
        let Some(mut name) = names.next() else {
            return Some((node, None));
        };
        for next in names {
            node = *self.live.get(&(node, name.to_owned()))?;
            name = next;
        }
        Some((node, Some(name.to_owned())))
    }

    fn change(&mut self, node: Node, made: usize, change: Change) {
        let content = &mut self.contents[node];
        match &change {
            Change::Write(at, bytes) => {
                content.length = content.length.max(at + bytes.len() as u64);
            }
            Change::Length(length) => content.length = *length,
        }
        content.changes.push(Made {
            end: made,
            change,
            state: State::Unsynced,
        });
    }

    fn make(&mut self, call: &Call, time: usize) {
        let made = call.end;
        // What has not returned may have been done.
        let result = match call.result {
            Some(result) if made < time => result,
            None if made < time => {
                if is_sync(call)
                    && let Some(opened) = self.opened.get(&call.number(0))
                {
                    self.contents[opened.node].forget();
                }
                return;
            }
            _ => i64::MAX,
        };
        match call.name.as_str() {
            "openat" => self.open(call, result),
            "close" => {
                self.opened.remove(&call.number(0));
            }
            "write" | "writev" => self.write(call, result),
            "pwrite64" => {
                if let Some(opened) = self.opened.get(&call.number(0)) {
                    let bytes = call.bytes(1);
                    let written = usize::try_from(result).unwrap().min(bytes.len());
                    let at = call.number(3).try_into().unwrap();
                    self.change(
                        opened.node,
                        made,
                        Change::Write(at, bytes[..written].into()),
                    );
                }
            }
            "lseek" => {
                if let Some(opened) = self.opened.get_mut(&call.number(0)) {
                    opened.offset = result.try_into().unwrap();
                }
            }
            "ftruncate" => {
                if let Some(opened) = self.opened.get(&call.number(0)) {
                    let length = call.number(1).try_into().unwrap();
                    self.change(opened.node, made, Change::Length(length));
                }
            }
            "fsync" | "fdatasync" => {
                if let Some(opened) = self.opened.get(&call.number(0)) {
                    self.sync(opened.node, call.begin);
                }
            }
            "mkdir" => {
                if let Some((directory, Some(name))) = self.find("", &call.text(0)) {
                    self.add(made, directory, name, true);
                }
            }
            "unlink" | "rmdir" => self.remove(made, "", &call.text(0)),
            "unlinkat" => self.remove(made, call.word(0), &call.text(1)),
            "rename" => self.rename(made, ("", &call.text(0)), ("", &call.text(1))),
            "renameat" | "renameat2" => self.rename(
                made,
                (call.word(0), &call.text(1)),
                (call.word(2), &call.text(3)),
            ),
            "fcntl" | "dup" | "dup2" | "dup3" => {
                let is_dup = call.name != "fcntl" || call.word(1).contains("DUPFD");
                let is_own = self.opened.contains_key(&call.number(0));
                assert!(!(is_dup && is_own), "not understood: {call:?}");
            }
            _ => {
                let mentions = |number: &i64| {
                    call.arguments.iter().any(|argument| {
                        matches!(argument, Argument::Other(word) if *word == number.to_string())
                    })
                };
                assert!(
                    !self.opened.keys().any(mentions),
                    "not understood: {call:?}"
                );
            }
        }
    }

    fn open(&mut self, call: &Call, result: i64) {
        let Some((directory, name)) = self.find(call.word(0), &call.text(1)) else {
            return;
        };
        let flags = call.word(2);
        assert!(!flags.contains("O_TMPFILE") && !flags.contains("SYNC"));
        let node = name.map_or(directory, |name| {
            let there = self.live.get(&(directory, name.clone())).copied();
            there.unwrap_or_else(|| {
                assert!(flags.contains("O_CREAT"), "a file that was opened is there");
                self.add(call.end, directory, name, false)
            })
        });
        if flags.contains("O_TRUNC") {
            self.change(node, call.end, Change::Length(0));
        }
        let opened = Opened {
            node,
            offset: 0,
            appends: flags.contains("O_APPEND"),
        };
        self.opened.insert(result, opened);
    }

    fn write(&mut self, call: &Call, result: i64) {
        let Argument::Bytes(bytes) = &call.arguments[1] else {
            return;
        };
        if call.tells() {
            let lines = String::from_utf8_lossy(bytes);
            self.told.extend(lines.lines().filter_map(Told::from_line));
        }
        let Some(opened) = self.opened.get_mut(&call.number(0)) else {
            return;
        };
        let written = usize::try_from(result).unwrap().min(bytes.len());
        let offset = if opened.appends {
            self.contents[opened.node].length
        } else {
            opened.offset
        };
        opened.offset = offset + written as u64;
        let node = opened.node;
        let change = Change::Write(offset, bytes[..written].into());
        self.change(node, call.end, change);
    }

    fn sync(&mut self, node: Node, begin: usize) {
        self.contents[node].sync(begin);
        for entry in &mut self.entries {
            entry.is_synced |= entry.directory == node && entry.made <= begin;
        }
    }

    fn remove(&mut self, made: usize, base: &str, path: &str) {
        if let Some((directory, Some(name))) = self.find(base, path) {
            self.live.remove(&(directory, name.clone()));
            self.entries.push(Entry {
                directory,
                made,
                is_synced: false,
                removes: Some(name),
                adds: None,
            });
        }
    }

    fn rename(&mut self, made: usize, from: (&str, &str), to: (&str, &str)) {
        let (from, to) = (self.find(from.0, from.1), self.find(to.0, to.1));
        let (Some((directory, Some(from))), Some((to_directory, Some(to)))) = (from, to) else {
            return;
        };
        assert_eq!(directory, to_directory, "a rename into another directory");
        let node = self.live.remove(&(directory, from.clone())).unwrap();
        self.live.insert((directory, to.clone()), node);
        self.entries.push(Entry {
            directory,
            made,
            is_synced: false,
            removes: Some(from),
            adds: Some((to, node)),
        });
    }

    /// Makes the directory as it may be when the power fails now.
    pub(crate) fn rebuild(&self, path: &Path, survives: Survives, random: &mut Rng) {
        let mut there: BTreeMap<(Node, &str), Node> = BTreeMap::new();
        let unsynced = self.entries.iter().filter(|entry| !entry.is_synced);
        let mut first = random.usize(..=unsynced.count());
        for entry in &self.entries {
            let is_there = entry.is_synced
                || match survives {
                    Survives::Nothing => false,
                    Survives::Everything => true,
                    Survives::First => {
                        let is_there = first > 0;
                        first = first.saturating_sub(1);
                        is_there
                    }
                    Survives::Blocks(_) => random.bool(),
                };
            if !is_there {
                continue;
            }
            if let Some(name) = &entry.removes {
                there.remove(&(entry.directory, name.as_str()));
            }
            if let Some((name, node)) = &entry.adds {
                there.insert((entry.directory, name), *node);
            }
        }
        let mut directories = vec![(ROOT, path.to_owned())];
        while let Some((directory, path)) = directories.pop() {
            fs::create_dir_all(&path).unwrap();
            for (&(_, name), &node) in there.range((directory, "")..(directory + 1, "")) {
                let path = path.join(name);
                if self.contents[node].is_directory {
                    directories.push((node, path));
                } else {
                    self.contents[node].rebuild(&path, survives, random);
                }
            }
        }
    }
}

/// Whether the call may have changed a file before it has returned.
fn is_write(call: &Call) -> bool {
    matches!(call.name.as_str(), "write" | "writev" | "pwrite64")
}

fn is_sync(call: &Call) -> bool {
    matches!(call.name.as_str(), "fsync" | "fdatasync")
}

impl Content {
    fn sync(&mut self, begin: usize) {
        let mut pages = HashSet::new();
        for made in &mut self.changes {
            if made.state == State::Unsynced && made.end <= begin {
                made.state = State::Synced;
                pages.extend(made.change.blocks(PAGE));
            }
        }
        for made in &mut self.changes {
            if made.state == State::Forgotten
                && made.change.blocks(PAGE).all(|page| pages.contains(&page))
            {
                made.state = State::Synced;
            }
        }
    }

    fn forget(&mut self) {
        let changes = std::mem::take(&mut self.changes);
        for made in changes {
            if made.state == State::Unsynced
                && let Change::Write(..) = &made.change
            {
                self.changes
                    .extend(made.change.parts(PAGE).map(|(_, change)| Made {
                        end: made.end,
                        change,
                        state: State::Forgotten,
                    }));
            } else {
                self.changes.push(made);
            }
        }
    }

    fn rebuild(&self, path: &Path, survives: Survives, random: &mut Rng) {
        let file = File::create(path).unwrap();
        let is_unsynced = |made: &&Made| made.state != State::Synced;
        let count = self.changes.iter().filter(is_unsynced).count();
        let first = random.usize(..=count);
        // How many of the changes of each block are there.
        let mut blocks: HashMap<u64, usize> = HashMap::new();
        let mut number = 0;
        for Made { change, state, .. } in &self.changes {
            if *state == State::Synced {
                change.make(&file);
                continue;
            }
            number += 1;
            match (survives, change) {
                (Survives::Everything, _) => change.make(&file),
                (Survives::First, _) if number <= first => change.make(&file),
                (Survives::First, Change::Write(at, bytes)) if number == first + 1 => {
                    let end = random.usize(..=bytes.len());
                    file.write_all_at(&bytes[..end], *at).unwrap();
                }
                (Survives::Nothing | Survives::First, _) => {}
                // A new length is as a block of its own.
                (Survives::Blocks(_), Change::Length(_)) => {
                    if number <= first {
                        change.make(&file);
                    }
                }
                (Survives::Blocks(size), Change::Write(..)) => {
                    for (block, part) in change.parts(size) {
                        let until = blocks.entry(block).or_insert_with(|| match random.u8(..3) {
                            0 => 0,
                            1 => count,
                            _ => random.usize(..=count),
                        });
                        if number <= *until {
                            part.make(&file);
                        }
                    }
                }
            }
        }
    }
}

impl Change {
    /// The blocks of this size that it changes.
    fn blocks(&self, size: u64) -> Range<u64> {
        match self {
            Self::Write(at, bytes) => at / size..(at + bytes.len() as u64).div_ceil(size),
            Self::Length(_) => 0..0,
        }
    }

    /// A write as one of each block.
    fn parts(&self, size: u64) -> impl Iterator<Item = (u64, Self)> {
        let blocks = self.blocks(size);
        blocks.filter_map(move |block| {
            let Self::Write(at, bytes) = self else {
                return None;
            };
            let from = (*at).max(block * size);
            let to = (at + bytes.len() as u64).min((block + 1) * size);
            let part = usize::try_from(from - at).unwrap()..usize::try_from(to - at).unwrap();
            Some((block, Self::Write(from, bytes[part].into())))
        })
    }

    fn make(&self, file: &File) {
        match self {
            Self::Write(at, bytes) => file.write_all_at(bytes, *at).unwrap(),
            Self::Length(length) => file.set_len(*length).unwrap(),
        }
    }
}
