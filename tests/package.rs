//! Promises of the packages: the oldest compiler that builds them, and links that are not dead.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const REPOSITORY: &str = "https://github.com/flow-rs/flow/";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The packages of `Cargo.lock`, of all platforms, and what each depends on.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--locked",
            "--format-version=1",
            "--all-features",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The ids of the packages that this one needs, with itself.
fn needed(metadata: &Value, package: &Value) -> HashSet<String> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let mut found = HashSet::new();
    let mut left = vec![package["id"].as_str().unwrap()];
    while let Some(id) = left.pop() {
        if found.insert(id.to_owned()) {
            let node = nodes.iter().find(|node| node["id"] == id).unwrap();
            let next = node["dependencies"].as_array().unwrap().iter();
            left.extend(next.map(|id| id.as_str().unwrap()));
        }
    }
    found
}

/// `"1.88"` and `"1.88.0"` are the same version.
fn version(text: &str) -> Vec<u32> {
    let mut parts: Vec<u32> = text.split('.').map(|part| part.parse().unwrap()).collect();
    parts.resize(3, 0);
    parts
}

#[test]
fn no_dependency_needs_a_newer_compiler_than_is_declared() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    for name in ["flow-core", "flow-macros", "flow-journal"] {
        let package = packages.iter().find(|package| package["name"] == name);
        let declared = package.unwrap()["rust_version"].as_str().unwrap();
        let needed = needed(&metadata, package.unwrap());
        assert!(needed.len() > 5, "only {needed:?}");
        let newer: Vec<_> = packages
            .iter()
            .filter(|package| needed.contains(package["id"].as_str().unwrap()))
            .filter_map(|package| Some((package["rust_version"].as_str()?, package)))
            .filter(|(needed, _)| version(needed) > version(declared))
            .map(|(needed, package)| format!("{} needs Rust {needed}", package["id"]))
            .collect();
        assert!(
            newer.is_empty(),
            "{name}: {declared} is declared:\n{newer:#?}"
        );

        let promised = format!("Rust {declared} or newer");
        let readmes: &[&str] = match name {
            "flow-core" => &["README.md", "flow-core/README.md"],
            "flow-journal" => &["flow-journal/README.md"],
            _ => &[],
        };
        for readme in readmes {
            assert!(read(readme).contains(&promised), "{readme}: no {promised}");
        }
    }
}

/// The files with this extension in a directory of the repository, as paths from its root.
fn files(directory: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(root().join(directory)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = directory.join(&name);
        if entry.file_type().unwrap().is_dir() {
            if !["target", "node_modules", ".git", "snapshots"].contains(&&*name) {
                files(&path, extension, found);
            }
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}

fn markdown() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(Path::new(""), "md", &mut found);
    assert!(found.contains(&"flow-core/docs/limits.md".into()));
    found
}

/// The lines of a page that are not code.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// The targets of `[text](target)`.
fn inline_links(page: &str) -> Vec<&str> {
    prose(page)
        .flat_map(|line| line.split("](").skip(1))
        .map(|rest| rest.split([')', ' ']).next().unwrap())
        .collect()
}

/// The names and targets of `[name]: target`.
fn definitions(page: &str) -> Vec<(&str, &str)> {
    prose(page)
        .filter_map(|line| line.strip_prefix('[')?.split_once("]: "))
        .collect()
}

/// The anchors that a page's headings have.
fn anchors(page: &str) -> HashSet<String> {
    prose(page)
        .filter_map(|line| line.strip_prefix('#'))
        .map(|heading| {
            heading
                .trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

/// The reason why a link of this page is dead, if it is.
fn dead(page: &Path, target: &str) -> Option<String> {
    let at = |why: &str| Some(format!("{}: {target}: {why}", page.display()));
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = match path.strip_prefix(REPOSITORY) {
        Some(inside) => match inside.split_once("/main/") {
            Some(("blob" | "tree", path)) => PathBuf::from(path),
            _ => return None,
        },
        None if path.contains("://") => return None,
        None if path.is_empty() => page.to_owned(),
        None => page.parent().unwrap().join(path),
    };
    if !root().join(&path).exists() {
        return at("no such file");
    }
    let is_page = path.extension().is_some_and(|extension| extension == "md");
    if is_page && !anchor.is_empty() && !anchors(&read(&path)).contains(anchor) {
        return at("no such heading");
    }
    None
}

#[test]
fn links_in_pages_are_not_dead() {
    let (mut seen, mut found) = (0, Vec::new());
    for path in markdown() {
        let page = read(&path);
        let definitions = definitions(&page).into_iter().map(|(_, target)| target);
        for target in inline_links(&page).into_iter().chain(definitions) {
            seen += 1;
            found.extend(dead(&path, target));
        }
    }
    assert!(seen > 50, "only {seen} links");
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn links_from_source_into_the_repository_are_not_dead() {
    let mut sources = Vec::new();
    for directory in ["flow-core", "flow-macros", "flow-journal"] {
        files(Path::new(directory), "rs", &mut sources);
    }
    let found: Vec<_> = sources
        .iter()
        .flat_map(|path| {
            let source = read(path);
            let links = source.split(REPOSITORY).skip(1);
            let ends = [')', '>', '"', '`', ' ', '\n'];
            let links =
                links.map(|rest| format!("{REPOSITORY}{}", rest.split(ends).next().unwrap()));
            links
                .filter_map(|link| dead(path, &link))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// A package is read outside the repository, where relative links are dead. A guide is also read
/// inside it, so `guide.rs` replaces the definitions at its end.
#[test]
fn packages_have_no_links_out_of_themselves() {
    let guides = read("flow-core/src/guide.rs");
    let mut found = Vec::new();
    for path in markdown() {
        let guide = path.starts_with("flow-core/docs");
        let packages = ["flow-core", "flow-macros", "flow-journal"];
        if !packages.iter().any(|package| path.starts_with(package)) {
            continue;
        }
        let page = read(&path);
        let relative = |target: &&str| !target.contains("://") && !target.starts_with('#');
        let inline = inline_links(&page).into_iter().filter(relative);
        found.extend(inline.map(|target| format!("{}: {target}", path.display())));
        for (name, target) in definitions(&page) {
            let replaced = guide && guides.contains(&format!("\"{name}\" => "));
            if relative(&target) && !replaced {
                found.push(format!("{}: [{name}]: {target}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
