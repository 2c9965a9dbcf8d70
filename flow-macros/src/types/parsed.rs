//! What the syntax of a file shows.

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;
use syn::visit::Visit;

/// The place that reports an event without its derive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reporter {
    /// Each flow that names the event.
    Flow,
    /// The first handler that names it, as no flow does.
    FirstHandler,
    AnotherPlace,
}

/// What the syntax of a file shows.
#[derive(Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the file"
)]
pub(crate) struct Parsed {
    /// The types that are certainly no events, each with the number of its definitions.
    pub(super) plain: HashMap<String, usize>,
    /// Those of them that derive `Events`.
    pub(super) holding: HashSet<String>,
    /// The names that may mean something else, and the events.
    pub(super) others: HashSet<String>,
    /// The names that are imported from elsewhere.
    pub(super) imported: HashSet<String>,
    /// The names that are imported from anywhere.
    pub(super) uses: HashSet<String>,
    /// The imports at the top of the file whose path begins with a name: what they import, which is
    /// everything where there is no name.
    pub(super) by_root: Vec<(String, Option<String>)>,
    /// The modules at the top of the file whose items are in it.
    pub(super) inline: HashSet<String>,
    /// How many modules and functions are around the item that is being visited.
    pub(super) depth: usize,
    /// How many of them are modules.
    pub(super) modules_around: usize,
    pub(crate) imports_all: bool,
    /// It imports everything from a module around the file, which the types at its top hide.
    pub(super) imports_around: bool,
    /// The types that are not at the top.
    pub(super) within_modules: HashSet<String>,
    /// A macro or an import of everything may define names that the file does not show.
    pub(super) defines_unseen: bool,
    /// How many variants each enum has, at most.
    pub(super) variants: HashMap<String, usize>,
    /// The fields of structs, where the file has one struct of that name.
    pub(super) fields: HashMap<String, Option<Vec<String>>>,
    /// The events that flows name.
    pub(super) in_flows: HashSet<String>,
    /// The handlers, each with the events that its attribute names.
    pub(super) handlers: Vec<(String, HashSet<String>)>,
    /// The functions in `impl` blocks, each after the name of the type.
    pub(super) associated: HashSet<(String, String)>,
    /// All other functions, and modules.
    pub(super) functions: HashSet<String>,
    pub(super) modules: HashSet<String>,
    /// The last two words of each path in a flow.
    pub(super) paths_in_flows: HashSet<(String, String)>,
    /// The words in flows that are variables there, and those that are none.
    pub(super) captured: HashSet<String>,
    pub(super) not_captured: HashSet<String>,
    /// The variables at the place that is being visited.
    pub(super) scope: Vec<String>,
    /// Whether the item that is being visited is under a condition.
    pub(super) is_conditional: bool,
}

impl Parsed {
    pub(super) fn new(text: &str) -> Self {
        let mut parsed = Self::default();
        // rustc reports the errors of the file.
        if let Ok(file) = syn::parse_file(text) {
            parsed.visit_file(&file);
        }
        // The items of these modules are those of the file.
        for (root, name) in std::mem::take(&mut parsed.by_root) {
            let is_own = parsed.inline.contains(&root);
            match name {
                _ if is_own => {}
                Some(name) => drop(parsed.imported.insert(name)),
                None => parsed.imports_all = true,
            }
        }
        parsed
    }

    pub(crate) fn is_plain(&self, name: &str) -> bool {
        self.plain.get(name) == Some(&1)
            && !self.others.contains(name)
            && !self.may_be_imported(name)
    }

    /// Whether the name may be that of something which another file defines.
    pub(super) fn may_be_imported(&self, name: &str) -> bool {
        self.imports_all
            || self.imported.contains(name)
            || self.imports_around && self.within_modules.contains(name)
    }

    /// Whether something other than a variable may have this name.
    pub(super) fn may_be_an_item(&self, name: &str) -> bool {
        self.defines_unseen
            || self.functions.contains(name)
            || self.imported.contains(name)
            || self.others.contains(name)
    }

    /// Whether each enum of this name has one variant.
    pub(crate) fn has_one_variant(&self, name: &str) -> bool {
        self.variants.get(name) == Some(&1)
    }

    /// Whether the type derives `Events`.
    pub(crate) fn holds_events(&self, name: &str) -> bool {
        self.holding.contains(name)
    }

    /// Whether the file may define something of this name, or make it an event.
    pub(crate) fn defines(&self, name: &str) -> bool {
        self.plain.contains_key(name) || self.others.contains(name)
    }

    pub(super) fn associates(&self, ty: &str, name: &str) -> bool {
        let of = (ty.to_owned(), name.to_owned());
        self.associated.contains(&of) && !self.modules.contains(ty)
    }

    pub(super) fn reporter(&self, event: &str, handler: Option<&Ident>) -> Reporter {
        let Some(handler) = handler else {
            return Reporter::Flow;
        };
        if self.in_flows.contains(event) {
            return Reporter::Flow;
        }
        let names_it = self
            .handlers
            .iter()
            .filter(|(_, events)| events.contains(event));
        let mut names = names_it.map(|(name, _)| name.as_str());
        let handler = handler.to_string();
        // A handler that a macro or a condition makes is not known.
        let is_known = names.clone().any(|name| name == handler);
        if is_known && names.next() != Some(handler.as_str()) {
            Reporter::AnotherPlace
        } else {
            Reporter::FirstHandler
        }
    }
}
