//! Events without their derive that another file of the crate defines.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use proc_macro2::Ident;

use crate::functions::text_around;
use crate::sources::Sources;
use crate::sources::files::{directories, here, rust_files};
use crate::types;
use crate::types::file::file;
use crate::types::parsed::Reporter;

/// Whether the path leads to a type of the crate that does not derive `Event`, as far as the text
/// shows, and if so, which place reports it. With any doubt it does not.
pub(crate) fn underived(path: &syn::Path, handler: Option<&Ident>) -> Option<Reporter> {
    let last = &path.segments.last()?.ident;
    let (name, here) = (last.to_string(), here(last.span())?);
    if let Some(is_marked) = file(&here)?.scanned(&name) {
        if path.get_ident().is_none() && !is_marked && types::is_underived_in_module(path) {
            return Some(reporter(here, name, handler));
        }
        return types::underived(path, handler);
    }
    let file = defined_in(&name, &here)?;
    Sources::of_this_crate(last.span())
        .leads_to_own(path)
        .then(|| reporter(file, name, handler))
}

/// The file that defines the only type of this name, if it is another one, and no event.
fn defined_in(name: &str, here: &Path) -> Option<PathBuf> {
    let files = files_around(here);
    // Most events derive `Event`, which the text alone shows.
    let mut defining = None;
    for path in files.iter() {
        if let Some(is_marked) = file(path)?.scanned(name) {
            if is_marked || path == here || defining.is_some() {
                return None;
            }
            defining = Some(path);
        }
    }
    let defining = defining?;
    let is_clear = files.iter().all(|path| {
        file(path).is_some_and(|file| {
            let parsed = file.parsed();
            if path == defining {
                parsed.is_plain(name) && !parsed.holds_events(name)
            } else {
                !parsed.imports_all && !parsed.defines(name)
            }
        })
    });
    is_clear.then(|| defining.clone())
}

/// Whether each value of its type may match the path, as far as the text shows. rustc decides.
pub(crate) fn may_be_the_only_variant(path: &syn::Path) -> bool {
    may_be_infallible(path) || is_only_variant(path)
}

/// Whether the path is that of the only variant of an enum of the crate, as far as the text shows.
fn is_only_variant(path: &syn::Path) -> bool {
    let mut words = path.segments.iter().rev().skip(1);
    let Some(here) = words.next().and_then(|of| here(of.ident.span())) else {
        return false;
    };
    let name = path.segments.iter().rev().nth(1);
    let name = name.map(|of| of.ident.to_string()).unwrap_or_default();
    let files = files_around(&here);
    let mut defining = files.iter().filter_map(|path| {
        let file = file(path)?;
        file.scanned(&name)?;
        Some(file.parsed().has_one_variant(&name))
    });
    defining.next() == Some(true) && defining.all(|is_one| is_one)
}

/// Whether the path is `Ok` or `Err`, and the file names the type that is never there.
fn may_be_infallible(path: &syn::Path) -> bool {
    let last = path.segments.last().map(|last| &last.ident);
    last.is_some_and(|last| {
        (last == "Ok" || last == "Err") && text_around(last.span()).contains("Infallible")
    })
}

/// The files of the crate.
fn files_around(here: &Path) -> Rc<[PathBuf]> {
    thread_local! {
        // A cache, because all handlers and flows of a crate ask.
        static KNOWN: RefCell<HashMap<Vec<PathBuf>, Rc<[PathBuf]>>> = RefCell::default();
    }
    let directories = directories(Some(here));
    if let Some(known) = KNOWN.with_borrow(|known| known.get(&directories).map(Rc::clone)) {
        return known;
    }
    let mut files = Vec::new();
    for directory in &directories {
        rust_files(directory, &mut files);
    }
    let files: Rc<[PathBuf]> = files.into();
    KNOWN.with_borrow_mut(|known| known.insert(directories, Rc::clone(&files)));
    files
}

/// The first place that is expanded reports the event. The order of the files does not show which
/// one that is.
fn reporter(file: PathBuf, name: String, handler: Option<&Ident>) -> Reporter {
    static REPORTED: Mutex<Option<HashSet<(PathBuf, String)>>> = Mutex::new(None);
    let mut reported = REPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    let is_first = reported.get_or_insert_default().insert((file, name));
    match (is_first, handler) {
        (false, _) => Reporter::AnotherPlace,
        (true, None) => Reporter::Flow,
        (true, Some(_)) => Reporter::FirstHandler,
    }
}
