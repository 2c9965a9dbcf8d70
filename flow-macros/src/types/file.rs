//! A file, and what its text shows before it is parsed.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::Span;

use crate::functions::{is_marked_by, word_at};
use crate::types::parsed::Parsed;

/// A file, which is parsed if the scan of its text finds a type that may not be an event.
pub(crate) struct File {
    pub(super) text: String,
    /// The types by their names: `true` if each of that name may derive `Event`.
    pub(super) scanned: HashMap<String, bool>,
    /// Those of them that may have an answer.
    pub(super) questions: HashSet<String>,
    pub(super) parsed: RefCell<Option<Rc<Parsed>>>,
}

impl File {
    fn new(text: String) -> Self {
        Self {
            scanned: scan(&text),
            questions: questions(&text),
            parsed: RefCell::default(),
            text,
        }
    }

    /// Whether the text defines a type of this name, and if so, whether each of that name may derive
    /// `Event`.
    pub(crate) fn scanned(&self, name: &str) -> Option<bool> {
        self.scanned.get(name).copied()
    }

    pub(crate) fn parsed(&self) -> Rc<Parsed> {
        let mut parsed = self.parsed.borrow_mut();
        let parsed = parsed.get_or_insert_with(|| Rc::new(Parsed::new(&self.text)));
        Rc::clone(parsed)
    }
}

pub(super) fn local_file(place: Span) -> Option<Rc<File>> {
    let path = proc_macro::is_available().then(|| place.unwrap().local_file());
    file(&path.flatten()?)
}

pub(crate) fn file(path: &Path) -> Option<Rc<File>> {
    thread_local! {
        // A cache, because all handlers and flows of a file ask.
        static KNOWN: RefCell<HashMap<PathBuf, Rc<File>>> = RefCell::default();
    }
    if let Some(known) = KNOWN.with_borrow(|known| known.get(path).map(Rc::clone)) {
        return Some(known);
    }
    let file = Rc::new(File::new(fs::read_to_string(path).ok()?));
    KNOWN.with_borrow_mut(|known| known.insert(path.to_owned(), Rc::clone(&file)));
    Some(file)
}

/// Finds the types in a text, and whether the word `Event` is in an attribute of theirs.
pub(super) fn scan(text: &str) -> HashMap<String, bool> {
    let mut found = HashMap::new();
    for (before, name) in definitions(text) {
        let is_marked = is_marked_by(before, |own| own.replace("Events", "").contains("Event"));
        *found.entry(name.to_owned()).or_insert(is_marked) &= is_marked;
    }
    found
}

/// The types in a text that have an answer in an attribute of theirs.
fn questions(text: &str) -> HashSet<String> {
    definitions(text)
        .filter(|(before, _)| is_marked_by(before, |own| own.contains("answer")))
        .map(|(_, name)| name.to_owned())
        .collect()
}

/// The names of the types in a text, each after the text before its definition.
fn definitions(text: &str) -> impl Iterator<Item = (&str, &str)> {
    ["struct ", "enum "].into_iter().flat_map(move |keyword| {
        text.match_indices(keyword).map(move |(start, _)| {
            let (before, after) = text.split_at(start);
            (before, word_at(after.trim_start_matches(keyword)))
        })
    })
}
