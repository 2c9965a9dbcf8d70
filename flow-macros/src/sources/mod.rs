//! The handlers and events in the source of a crate, for documentation and for one message. A macro
//! sees only their names; the source shows which events a handler emits, whether an item has a page
//! to link to, and whether a function is a handler at all.

pub(crate) mod files;
mod items;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;

use proc_macro2::Span;

use files::{directories, here};
use items::{Crate, Derives, Item};

/// The first words of paths within a crate.
const OWN: &[&str] = &["crate", "self", "super"];

/// The source of a crate, as seen from one of its files.
pub(crate) struct Sources {
    of_crate: Rc<Crate>,
    here: Option<PathBuf>,
}

impl Sources {
    /// The source of the crate that is being compiled; `place` is in one of its files.
    pub(crate) fn of_this_crate(place: Span) -> Self {
        thread_local! {
            // A cache, because every handler and every flow of a crate reads the same files.
            static KNOWN: RefCell<HashMap<Vec<PathBuf>, Rc<Crate>>> = RefCell::default();
        }
        let here = here(place);
        let directories = directories(here.as_deref());
        let of_crate = KNOWN.with_borrow_mut(|known| {
            let of_crate = known
                .entry(directories)
                .or_insert_with_key(|directories| Rc::new(Crate::read_all(directories)));
            Rc::clone(of_crate)
        });
        Self { of_crate, here }
    }

    /// The names of the events that the handler declares to emit; `None` if the handler cannot be
    /// identified.
    pub(crate) fn emits(&self, handler: &syn::Path) -> Option<&[String]> {
        let found = self.find(handler, true)?;
        let (first, others) = found.split_first()?;
        let is_sure = others.iter().all(|other| other.emits == first.emits);
        first.emits.as_deref().filter(|_| is_sure)
    }

    /// The names of the events that the handler returns for an `emit`, as far as the source shows them.
    pub(crate) fn returned_events(&self, handler: &syn::Path) -> Vec<String> {
        let mut events = Vec::new();
        let found = self.find(handler, true).unwrap_or_default();
        if let [handler] = found.as_slice() {
            self.events_in(&handler.names, &mut Vec::new(), &mut events);
        }
        events
    }

    fn events_in<'a>(
        &'a self,
        names: &'a [String],
        seen: &mut Vec<&'a str>,
        into: &mut Vec<String>,
    ) {
        for name in names {
            if seen.contains(&name.as_str()) {
                continue;
            }
            seen.push(name);
            let types = self.of_crate.items.iter();
            for ty in types.filter(|item| item.emits.is_none() && item.name == *name) {
                match ty.derives {
                    Derives::Event => into.push(name.clone()),
                    Derives::Events => self.events_in(&ty.names, seen, into),
                    Derives::Others => {}
                }
            }
        }
    }

    /// Whether there is a page to link to. An item of another crate is assumed to have one.
    pub(crate) fn has_page(&self, name: &syn::Path, is_handler: bool) -> bool {
        let of_crate = &self.of_crate;
        let is_shown = |item: &&Item| {
            let modules = (1..=item.module.len()).filter_map(|length| item.module.get(..length));
            item.is_public
                && !modules
                    .into_iter()
                    .any(|path| of_crate.private_modules.contains(path))
        };
        self.find(name, is_handler)
            .is_none_or(|found| !found.is_empty() && found.iter().all(is_shown))
    }

    /// Whether the path can only lead to a function without `#[handler]`. With any doubt it does
    /// not.
    pub(crate) fn is_plain_function(&self, path: &syn::Path, original: &str) -> bool {
        let of_crate = &self.of_crate;
        let words: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let (Some(here), [first, ..]) = (&self.here, words.as_slice()) else {
            return false;
        };
        let name = &original.to_owned();
        let Some(files) = of_crate.plain_functions.get(name) else {
            return false;
        };
        let is_other = |name: &String| of_crate.others.values().any(|names| names.contains(name));
        let is_own = |root: &String| {
            OWN.contains(&root.as_str()) || of_crate.modules.contains(root) || is_other(root)
        };
        let globs = of_crate.globs.get(here);
        let imports = of_crate.imports.get(here);
        // An import of the file may give it the name.
        let is_here = words.len() == 1 && first == name && files.contains(here);
        let is_reached = match imports.and_then(|imports| imports.get(first)) {
            Some(root) => is_own(root),
            None if words.len() > 1 => is_own(first),
            None => is_here || globs.is_some(),
        };
        let is_known = if is_here && globs.is_none() {
            let here = of_crate.others.get(here);
            here.is_none_or(|names| !names.contains(name))
        } else {
            let mut everywhere = of_crate.imports.values();
            globs.is_none_or(|roots| roots.iter().all(is_own))
                && everywhere.all(|imports| imports.get(name).is_none_or(is_own))
                && !is_other(name)
        };
        is_reached && is_known
    }

    /// Whether the path can only lead to the item of the crate with its name, if that is unique.
    pub(crate) fn leads_to_own(&self, path: &syn::Path) -> bool {
        let of_crate = &self.of_crate;
        let mut words = path.segments.iter().map(|s| s.ident.to_string());
        let (Some(here), Some(first)) = (&self.here, words.next()) else {
            return false;
        };
        let is_own =
            |root: &String| OWN.contains(&root.as_str()) || of_crate.modules.contains(root);
        let imports = of_crate.imports.get(here);
        let name = path.segments.last().map(|last| last.ident.to_string());
        let mut everywhere = of_crate.imports.values();
        // A module may pass another crate's on.
        if !everywhere.all(|imports| {
            let root = name.as_ref().and_then(|name| imports.get(name));
            root.is_none_or(is_own)
        }) {
            return false;
        }
        match imports.and_then(|imports| imports.get(&first)) {
            Some(root) => is_own(root),
            None if words.next().is_some() => is_own(&first),
            None => {
                let globs = of_crate.globs.get(here);
                globs.is_some_and(|roots| roots.iter().all(is_own))
            }
        }
    }

    /// The items that a path could refer to; `None` if it refers to another crate.
    fn find(&self, path: &syn::Path, is_handler: bool) -> Option<Vec<&Item>> {
        let of_crate = &self.of_crate;
        let mut words: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        words.retain(|word| !OWN.contains(&word.as_str()));
        let name = words.pop()?;
        let imports = self
            .here
            .as_ref()
            .and_then(|here| of_crate.imports.get(here));
        let root = words.first().unwrap_or(&name);
        let root = imports
            .and_then(|imports| imports.get(root))
            .or(words.first());
        let is_own =
            |root: &String| OWN.contains(&root.as_str()) || of_crate.modules.contains(root);
        if root.is_some_and(|root| !is_own(root)) {
            return None;
        }
        let items = of_crate.items.iter();
        let mut found: Vec<_> = items
            .filter(|item| item.name == name && item.emits.is_some() == is_handler)
            .filter(|item| item.module.ends_with(&words))
            .collect();
        let is_near = |item: &&Item| Some(&item.file) == self.here.as_ref();
        if found.len() > 1 && found.iter().any(is_near) {
            found.retain(is_near);
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::rc::Rc;

    use super::{Crate, Sources};

    fn sources() -> Sources {
        let mut of_crate = Crate::default();
        of_crate.read(
            "use elsewhere::far;
            use crate::other::far_too;
            use events::Tick;
            mod events;
            #[handler(on = Loop, emits = [Input, events::Quit])] pub async fn near() {}
            #[flow_core::handler] async fn silent() {}
            mod inner { #[handler(emits = Tick)] pub async fn deep() {} }
            fn main() { #[handler(emits = \"Tock\")] async fn local() {} }",
            Path::new("lib.rs"),
            Vec::new(),
        );
        of_crate.read(
            "#[handler(emits = A)] async fn near() {}
            #[handler(emits = B)] async fn far() {}
            #[handler(emits = C)] pub async fn far_too() {}
            #[handler(emits = D)] async fn twice() {}",
            Path::new("other.rs"),
            vec!["other".to_owned()],
        );
        of_crate.read(
            "#[handler(emits = E)] async fn twice() {}
            #[derive(Clone, Event)] pub struct Shown;
            #[derive(Event)] struct Hidden;",
            Path::new("third.rs"),
            vec!["third".to_owned()],
        );
        of_crate.read(
            "#[derive(Event)] pub enum Tick { A }",
            Path::new("events.rs"),
            vec!["events".to_owned()],
        );
        Sources {
            of_crate: Rc::new(of_crate),
            here: Some(PathBuf::from("lib.rs")),
        }
    }

    #[test]
    fn a_handler_is_found_by_its_path() {
        let sources = sources();
        let emits = |handler| {
            let emits = sources.emits(&syn::parse_str(handler).unwrap());
            emits.map(|names| names.join(" "))
        };
        let some = |names: &str| Some(names.to_owned());
        assert_eq!(emits("near"), some("Input Quit"));
        assert_eq!(emits("silent"), some(""));
        assert_eq!(emits("inner::deep"), some("Tick"));
        assert_eq!(emits("local"), some("Tock"));
        assert_eq!(emits("other::near"), some("A"));
        assert_eq!(emits("far_too"), some("C"));
        assert_eq!(emits("crate::third::twice"), some("E"));
        // Handlers of another crate, one that is defined twice, and one that does not exist.
        assert_eq!(emits("far"), None);
        assert_eq!(emits("elsewhere::near"), None);
        assert_eq!(emits("twice"), None);
        assert_eq!(emits("nowhere"), None);
    }

    #[test]
    fn what_a_handler_returns_shows_the_events_at_an_emit() {
        let mut of_crate = Crate::default();
        of_crate.read(
            "#[derive(Event)] struct Passed;
            #[derive(Clone, Event)] struct Failed;
            #[derive(Clone)] struct Score;
            #[derive(Events)] enum Verdict { Passed(Passed), Other(Inner) }
            #[derive(flow_core::Events)] enum Inner { Failed { failed: Failed }, Again(Box<Verdict>) }
            #[handler] async fn one() -> Passed {}
            #[handler] async fn several() -> Result<(Passed, Vec<events::Failed>, Score), Error> {}
            #[handler] async fn verdict() -> Option<Verdict> {}
            #[handler] async fn none() -> Score {}
            #[handler] async fn nothing() {}",
            Path::new("lib.rs"),
            Vec::new(),
        );
        let sources = Sources {
            of_crate: Rc::new(of_crate),
            here: Some(PathBuf::from("lib.rs")),
        };
        let events = |handler| {
            let events = sources.returned_events(&syn::parse_str(handler).unwrap());
            events.join(" ")
        };
        assert_eq!(events("one"), "Passed");
        assert_eq!(events("several"), "Passed Failed");
        assert_eq!(events("verdict"), "Passed Failed");
        assert_eq!(
            [events("none"), events("nothing"), events("elsewhere::one")],
            ["", "", ""]
        );
    }

    #[test]
    fn a_function_without_the_attribute_is_known_if_the_path_can_mean_nothing_else() {
        let mut of_crate = Crate::default();
        of_crate.read(
            "use crate::other::{far, renamed as marked, far as elsewhere_named};
            use elsewhere::foreign;
            mod other;
            /// Documented.
            async fn near() {}
            fn foreign() {}
            #[traced] async fn traced() {}
            define!(async fn by_macro());
            async fn by_macro() {}
            async fn marked() {}
            mod inner { async fn deep() {} #[handler] async fn twice() {} }
            async fn twice() {}
            fn main() { flow! { start -> near } }",
            Path::new("lib.rs"),
            Vec::new(),
        );
        of_crate.read(
            "pub async fn far() {} pub async fn unreached() {}",
            Path::new("other.rs"),
            vec!["other".to_owned()],
        );
        of_crate.read(
            "use elsewhere::*; fn near() {}",
            Path::new("globs.rs"),
            vec![],
        );
        let mut sources = Sources {
            of_crate: Rc::new(of_crate),
            here: Some(PathBuf::from("lib.rs")),
        };
        let is_plain = |sources: &Sources, path: &str| {
            let name = path.rsplit(':').next().unwrap();
            sources.is_plain_function(&syn::parse_str(path).unwrap(), name)
        };
        let by_import = syn::parse_str("elsewhere_named").unwrap();
        assert!(sources.is_plain_function(&by_import, "far"));
        assert!(!sources.is_plain_function(&by_import, "twice"));
        for plain in ["near", "far", "inner::deep", "crate::other::unreached"] {
            assert!(is_plain(&sources, plain), "{plain}");
        }
        for other in [
            "foreign",
            "traced",
            "by_macro",
            "marked",
            "twice",
            "unreached",
            "nowhere",
            "elsewhere::near",
        ] {
            assert!(!is_plain(&sources, other), "{other}");
        }
        sources.here = Some(PathBuf::from("globs.rs"));
        assert!(!is_plain(&sources, "near"), "it may come from `elsewhere`");
    }

    #[test]
    fn only_what_others_see_has_a_page() {
        let sources = sources();
        let has_page =
            |name, is_handler| sources.has_page(&syn::parse_str(name).unwrap(), is_handler);
        assert!(has_page("near", true));
        assert!(has_page("far", true), "of another crate");
        assert!(has_page("far_too", true));
        assert!(has_page("third::Shown", false));
        assert!(!has_page("silent", true));
        assert!(!has_page("inner::deep", true), "in a private module");
        assert!(!has_page("local", true));
        assert!(!has_page("third::Hidden", false));
        assert!(!has_page("Tick", false), "in a private file");
        assert!(!has_page("nowhere", false));
    }
}
