//! The versions of the measured crates.

/// The `Cargo.lock` of this package.
const LOCK: &str = include_str!("../Cargo.lock");

/// The name and the version of a crate.
pub(crate) fn named(name: &str) -> String {
    format!("{name} {}", of(name))
}

pub(crate) fn of(name: &str) -> &'static str {
    let entry = format!("name = \"{name}\"\nversion = \"");
    let version = LOCK
        .split_once(&entry)
        .and_then(|(_, after)| after.split_once('"'));
    version.map_or("of an unknown version", |(version, _)| version)
}
