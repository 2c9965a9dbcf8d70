//! The layers of each crate: a file imports only from its own layer and from those below, and no
//! chain of imports leads back to where it began.
//!
//! An import is a path that begins with `crate`, or the `use` of a child module. Unit tests are
//! left out.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// From the bottom to the top. Names of folders end with `/`.
const FLOW_CORE: &[(&str, &[&str])] = &[
    ("threads", &["sync", "sync/"]),
    ("the graph as data", &["graph/"]),
    ("what is recorded", &["records/"]),
    (
        "user types",
        &[
            "detached",
            "emit_error",
            "ending",
            "event",
            "events",
            "error/",
            "failed",
            "handler/",
            "idempotency_key",
            "items_of",
            "lifecycle",
            "question",
            "resource",
            "snapshot",
            "state",
            "tick",
            "unanswered",
        ],
    ),
    ("expansions", &["macro_support/"]),
    ("the engine", &["engine/"]),
    ("ways to run", &["run/"]),
    ("durable executions", &["durable/"]),
    ("testing", &["testing/"]),
    ("the crate", &["lib", "private", "guide"]),
];

const FLOW_MACROS: &[(&str, &[&str])] = &[
    (
        "text and errors",
        &[
            "attributes",
            "docs",
            "errors",
            "krate",
            "patterns",
            "quoted",
            "spans",
            "written",
        ],
    ),
    (
        "the source",
        &[
            "duration",
            "elsewhere",
            "functions",
            "limit",
            "sources/",
            "types/",
        ],
    ),
    ("the macros", &["event", "events", "handler/", "flow/"]),
    ("the crate", &["lib"]),
];

const FLOW_JOURNAL: &[(&str, &[&str])] = &[
    (
        "the directory and its disk",
        &["open_error", "directory", "scan/", "disk/"],
    ),
    ("the crate", &["journal", "lib"]),
];

const FLOW_RESTATE: &[(&str, &[&str])] = &[
    ("what is sent and kept", &["wire", "http", "streams"]),
    ("the servers", &["sdk", "nats"]),
    (
        "an execution",
        &["close", "kept", "outlet", "past", "session", "run", "desk"],
    ),
    ("what is asked of one", &["requests", "reading"]),
    ("the crate", &["client", "register", "worker", "lib"]),
];

#[test]
fn flow_core_imports_only_from_below() {
    Sources::read("../flow-core/src").check(FLOW_CORE);
}

#[test]
fn flow_macros_imports_only_from_below() {
    Sources::read("../flow-macros/src").check(FLOW_MACROS);
}

#[test]
fn flow_journal_imports_only_from_below() {
    Sources::read("../flow-journal/src").check(FLOW_JOURNAL);
}

#[test]
fn flow_restate_imports_only_from_below() {
    Sources::read("../flow-restate/src").check(FLOW_RESTATE);
}

#[test]
fn an_import_from_a_higher_layer_is_found() {
    let sources = Sources::of(&[
        ("graph/mod", "use crate::engine::core::Core;"),
        ("engine/mod", "mod core;"),
        ("engine/core", "struct Core;"),
    ]);
    let up = "graph/mod (the graph as data) imports engine/core (the engine)";
    assert_eq!(sources.arrows_up(FLOW_CORE), [up]);
}

#[test]
fn a_cycle_is_found_even_through_the_file_of_a_folder() {
    let sources = Sources::of(&[
        ("run/mod", "mod flow; pub use flow::Flow;"),
        ("run/flow", "fn flow() { crate::run::other() }"),
    ]);
    assert_eq!(sources.arrows_up(FLOW_CORE), [""; 0]);
    assert_eq!(
        sources.circle().unwrap(),
        ["run/flow", "run/mod", "run/flow"]
    );
}

#[test]
fn an_import_within_a_unit_test_does_not_count() {
    let sources = Sources::of(&[
        (
            "graph/mod",
            "#[cfg(test)] mod tests { use crate::engine::core::Core; }",
        ),
        ("engine/core", "struct Core;"),
    ]);
    assert_eq!(sources.arrows_up(FLOW_CORE), [""; 0]);
}

/// The files of a crate by their paths without the ending, and the files that each imports.
struct Sources {
    imports: BTreeMap<String, BTreeSet<String>>,
}

impl Sources {
    fn read(folder: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files = Vec::new();
        find(&folder, &mut files);
        let texts: Vec<_> = files
            .iter()
            .map(|file| {
                let name = file.strip_prefix(&folder).unwrap().with_extension("");
                let name = name.to_str().unwrap().replace('\\', "/");
                (name, fs::read_to_string(file).unwrap())
            })
            .filter(|(name, _)| !name.split('/').any(|part| part == "tests"))
            .collect();
        assert!(
            texts.len() > 5,
            "the sources are not in {}",
            folder.display()
        );
        let texts = texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        Self::of(&texts.collect::<Vec<_>>())
    }

    fn of(texts: &[(&str, &str)]) -> Self {
        let files: BTreeSet<&str> = texts.iter().map(|(name, _)| *name).collect();
        let imports = texts.iter().map(|(name, text)| {
            let mut found = Imports::default();
            found.visit_file(&syn::parse_file(text).unwrap());
            let children = found.children.iter().map(|path| {
                let folder = name.strip_suffix("mod").unwrap_or("").trim_end_matches('/');
                let folder = folder.split('/').filter(|part| !part.is_empty());
                folder.map(str::to_owned).chain(path.clone()).collect()
            });
            let paths = children.chain(found.absolute.iter().cloned());
            let targets = paths.filter_map(|path: Vec<String>| file_of(&path, &files));
            let targets = targets.filter(|target| target != name);
            ((*name).to_owned(), targets.collect())
        });
        Self {
            imports: imports.collect(),
        }
    }

    fn check(&self, layers: &[(&str, &[&str])]) {
        assert_eq!(self.arrows_up(layers), [""; 0], "arrows that run up");
        let circle = self.circle();
        assert!(
            circle.is_none(),
            "a circle: {}",
            circle.unwrap().join(" -> ")
        );
    }

    fn arrows_up(&self, layers: &[(&str, &[&str])]) -> Vec<String> {
        let layer_of = |file: &str| {
            let contains =
                |part: &&str| file == *part || (part.ends_with('/') && file.starts_with(part));
            let found = layers
                .iter()
                .position(|(_, parts)| parts.iter().any(&contains));
            found.unwrap_or_else(|| panic!("`{file}` is in no layer"))
        };
        let mut arrows = Vec::new();
        for (from, targets) in &self.imports {
            for to in targets {
                let (above, below) = (layer_of(from), layer_of(to));
                if above < below {
                    let name = |layer: usize| layers.get(layer).unwrap().0;
                    arrows.push(format!(
                        "{from} ({}) imports {to} ({})",
                        name(above),
                        name(below)
                    ));
                }
            }
        }
        arrows
    }

    /// The files of a cycle of imports.
    fn circle(&self) -> Option<Vec<String>> {
        let mut done = BTreeSet::new();
        self.imports
            .keys()
            .find_map(|file| self.circle_from(file, &mut Vec::new(), &mut done))
    }

    fn circle_from(
        &self,
        file: &str,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = path.iter().position(|before| before == file) {
            let circle = path.iter().skip(start).cloned();
            return Some(circle.chain([file.to_owned()]).collect());
        }
        if !done.insert(file.to_owned()) {
            return None;
        }
        path.push(file.to_owned());
        let targets = self.imports.get(file).into_iter().flatten();
        for target in targets {
            // A file on the path also counts as done, so the path is searched first.
            if path.contains(target) || !done.contains(target) {
                let circle = self.circle_from(target, path, done);
                if circle.is_some() {
                    return circle;
                }
            }
        }
        path.pop();
        None
    }
}

/// The file in which the item at this path is: the longest beginning of the path that is a module.
fn file_of(path: &[String], files: &BTreeSet<&str>) -> Option<String> {
    (1..=path.len()).rev().find_map(|length| {
        let module = path.get(..length)?.join("/");
        let candidates = [module.clone(), format!("{module}/mod")];
        candidates
            .into_iter()
            .find(|file| files.contains(file.as_str()))
    })
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The paths in a file that lead to other files.
#[derive(Default)]
struct Imports {
    /// Without their first word, `crate`.
    absolute: Vec<Vec<String>>,
    /// Those that begin with a child module.
    children: Vec<Vec<String>>,
    modules: BTreeSet<String>,
}

impl Imports {
    fn uses(&mut self, tree: &syn::UseTree, before: &[String]) {
        match tree {
            syn::UseTree::Path(path) => {
                let before = [before, &[path.ident.to_string()]].concat();
                self.uses(&path.tree, &before);
            }
            syn::UseTree::Name(name) => self.add([before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Rename(name) => self.add([before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Glob(_) => self.add(before.to_vec()),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.uses(tree, before);
                }
            }
        }
    }

    fn add(&mut self, path: Vec<String>) {
        match path.split_first() {
            Some((first, rest)) if first == "crate" => self.absolute.push(rest.to_vec()),
            Some((first, _)) if self.modules.contains(first) => self.children.push(path),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_file(&mut self, file: &'ast syn::File) {
        // A module may be declared after it is used.
        for item in &file.items {
            if let syn::Item::Mod(module) = item {
                self.modules.insert(module.ident.to_string());
            }
        }
        visit::visit_file(self, file);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let is_test = |attr: &syn::Attribute| {
            let test = attr.parse_args::<syn::Ident>();
            attr.path().is_ident("cfg") && test.is_ok_and(|name| name == "test")
        };
        if !module.attrs.iter().any(is_test) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.uses(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        // A word alone may be a variable that is called like a child module.
        if path.segments.len() > 1 {
            self.add(
                path.segments
                    .iter()
                    .map(|segment| segment.ident.to_string())
                    .collect(),
            );
        }
        visit::visit_path(self, path);
    }
}
