//! The files of the crate that is being compiled.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::Span;

/// The file of a place.
pub(crate) fn here(place: Span) -> Option<PathBuf> {
    let file = proc_macro::is_available().then(|| place.unwrap().local_file());
    let file = file.flatten()?;
    Some(file.canonicalize().unwrap_or(file))
}

/// The directories with the files of the crate that is being compiled, one of which is `here`.
pub(crate) fn directories(here: Option<&Path>) -> Vec<PathBuf> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let src = root.map(|root| root.join("src"));
    let src = src.and_then(|src| src.canonicalize().ok());
    let mut directories: Vec<_> = src.into_iter().collect();
    // Examples and tests are not below `src`.
    if let Some(here) = here
        && !directories.iter().any(|src| here.starts_with(src))
    {
        directories.extend(here.parent().map(Path::to_owned));
    }
    directories
}

/// Adds the Rust files at or below a path, in a stable order.
pub(crate) fn rust_files(path: &Path, into: &mut Vec<PathBuf>) {
    if let Ok(entries) = fs::read_dir(path) {
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            rust_files(&path, into);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        into.push(path.to_owned());
    }
}

/// The module of a file, derived from its path below `src`.
pub(crate) fn module_of(directories: &[PathBuf], file: &Path) -> Vec<String> {
    let mut below = directories
        .iter()
        .filter_map(|src| file.strip_prefix(src).ok());
    let path = below.next().map(|path| path.with_extension(""));
    let path = path.unwrap_or_default();
    let words = path.iter().map(|word| word.to_string_lossy().into_owned());
    words
        .filter(|word| !["lib", "main", "mod"].contains(&word.as_str()))
        .collect()
}
