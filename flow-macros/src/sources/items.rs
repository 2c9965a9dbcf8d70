//! What the files of a crate define and import, read from their syntax trees.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::visit::{self, Visit};
use syn::{
    Attribute, Ident, ItemEnum, ItemFn, ItemMacro, ItemMod, ItemStruct, ItemType, ItemUse, Macro,
    Meta, StmtMacro, Token, TypePath, UseTree, Visibility,
};

use crate::errors::Errors;
use crate::quoted::paths;
use crate::sources::files::{module_of, rust_files};

/// Attributes that leave a function as it is.
const INERT: &[&str] = &[
    "allow",
    "cold",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "inline",
    "must_use",
    "warn",
];

/// The items and imports in the files of a crate that can be read.
#[derive(Default)]
pub(super) struct Crate {
    pub(super) items: Vec<Item>,
    pub(super) modules: HashSet<String>,
    pub(super) private_modules: HashSet<Vec<String>>,
    /// For each file, the names that it imports, each with the first word of its path.
    pub(super) imports: HashMap<PathBuf, HashMap<String, String>>,
    /// The functions that no macro has to do with, each with its file.
    pub(super) plain_functions: HashMap<String, Vec<PathBuf>>,
    /// For each file, the names of all other items, and of what a macro may define.
    pub(super) others: HashMap<PathBuf, HashSet<String>>,
    /// For each file, the first words of the paths from which it imports everything.
    pub(super) globs: HashMap<PathBuf, HashSet<String>>,
}

/// A handler or an event.
pub(super) struct Item {
    pub(super) file: PathBuf,
    pub(super) module: Vec<String>,
    pub(super) name: String,
    pub(super) is_public: bool,
    /// The names of the events in `emits`, for a handler.
    pub(super) emits: Option<Vec<String>>,
    /// The names in the type that a handler returns, or in the variants of an enum.
    pub(super) names: Vec<String>,
    pub(super) derives: Derives,
}

/// What is derived for a type.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Derives {
    Event,
    /// Its variants hold events.
    Events,
    Others,
}

impl Crate {
    pub(super) fn read_all(directories: &[PathBuf]) -> Self {
        let mut of_crate = Self::default();
        let mut files = Vec::new();
        for directory in directories {
            rust_files(directory, &mut files);
        }
        for file in files {
            if let Ok(text) = fs::read_to_string(&file) {
                let module = module_of(directories, &file);
                of_crate.read(&text, &file, module);
            }
        }
        of_crate
    }

    /// Reads the text of one file.
    pub(super) fn read(&mut self, text: &str, file: &Path, module: Vec<String>) {
        // rustc reports the errors of the file.
        let Ok(syntax) = syn::parse_file(text) else {
            return;
        };
        self.modules.extend(module.iter().cloned());
        let mut reader = Reader {
            of_crate: self,
            file,
            module,
        };
        reader.visit_file(&syntax);
    }
}

struct Reader<'a> {
    of_crate: &'a mut Crate,
    file: &'a Path,
    module: Vec<String>,
}

impl Reader<'_> {
    fn handler(&mut self, function: &ItemFn, emits: Vec<String>) {
        let returned = names_in(|names| names.visit_return_type(&function.sig.output));
        let (name, vis) = (&function.sig.ident, &function.vis);
        self.item(name, vis, Some(emits), (returned, Derives::Others));
    }

    fn ty(&mut self, name: &Ident, vis: &Visibility, attributes: &[Attribute], names: Vec<String>) {
        let derives = named(attributes, "derive").map(derived);
        if let Some(derives) = derives {
            self.item(name, vis, None, (names, derives));
        }
    }

    fn item(
        &mut self,
        name: &Ident,
        vis: &Visibility,
        emits: Option<Vec<String>>,
        (names, derives): (Vec<String>, Derives),
    ) {
        self.of_crate.items.push(Item {
            file: self.file.to_owned(),
            module: self.module.clone(),
            name: name.to_string(),
            is_public: matches!(vis, Visibility::Public(_)),
            emits,
            names,
            derives,
        });
    }
}

impl Reader<'_> {
    /// The macro may define each name in its input.
    fn expansion(&mut self, macro_call: &Macro) {
        let is_flow = macro_call.path.segments.last();
        if is_flow.is_none_or(|last| last.ident != "flow") {
            self.words(macro_call.tokens.clone());
        }
    }

    fn words(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => self.other(word.to_string()),
                TokenTree::Group(group) => self.words(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn other(&mut self, name: String) {
        let of_file = self.of_crate.others.entry(self.file.to_owned());
        of_file.or_default().insert(name);
    }

    fn renames_and_globs(&mut self, tree: &UseTree, root: Option<&Ident>) {
        match tree {
            UseTree::Path(path) => {
                self.renames_and_globs(&path.tree, root.or(Some(&path.ident)));
            }
            UseTree::Rename(rename) => {
                self.other(rename.rename.to_string());
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.renames_and_globs(tree, root);
                }
            }
            UseTree::Glob(_) => {
                let of_file = self.of_crate.globs.entry(self.file.to_owned());
                of_file.or_default().extend(root.map(ToString::to_string));
            }
            UseTree::Name(_) => {}
        }
    }
}

impl<'a> Visit<'a> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &'a ItemMod) {
        let name = module.ident.to_string();
        self.of_crate.modules.insert(name.clone());
        self.module.push(name);
        if !matches!(module.vis, Visibility::Public(_)) {
            self.of_crate.private_modules.insert(self.module.clone());
        }
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        if let Some(attribute) = named(&function.attrs, "handler") {
            let args = match &attribute.meta {
                Meta::List(list) => list.tokens.clone(),
                _ => TokenStream::new(),
            };
            let emits = declared_events(args);
            self.handler(function, emits);
        }
        let name = function.sig.ident.to_string();
        let is_inert =
            |attribute: &Attribute| INERT.iter().any(|name| attribute.path().is_ident(name));
        if function.attrs.iter().all(is_inert) {
            let files = self.of_crate.plain_functions.entry(name);
            files.or_default().push(self.file.to_owned());
        } else {
            self.other(name);
        }
        visit::visit_item_fn(self, function);
    }

    fn visit_item_macro(&mut self, item: &'a ItemMacro) {
        self.expansion(&item.mac);
    }

    fn visit_stmt_macro(&mut self, item: &'a StmtMacro) {
        self.expansion(&item.mac);
    }

    fn visit_item_type(&mut self, item: &'a ItemType) {
        self.other(item.ident.to_string());
    }

    fn visit_item_struct(&mut self, item: &'a ItemStruct) {
        self.other(item.ident.to_string());
        self.ty(&item.ident, &item.vis, &item.attrs, Vec::new());
    }

    fn visit_item_enum(&mut self, item: &'a ItemEnum) {
        self.other(item.ident.to_string());
        let held = names_in(|names| names.visit_item_enum(item));
        self.ty(&item.ident, &item.vis, &item.attrs, held);
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        let of_file = self.of_crate.imports.entry(self.file.to_owned());
        imports(&item.tree, None, of_file.or_default());
        self.renames_and_globs(&item.tree, None);
    }
}

/// The attribute with this name, by any path.
fn named<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| {
        let last = attribute.path().segments.last();
        last.is_some_and(|last| last.ident == name)
    })
}

/// What an attribute derives.
fn derived(attribute: &Attribute) -> Derives {
    let mut derives = Derives::Others;
    // Anything else is reported where it is.
    let _ = attribute.parse_nested_meta(|derive| {
        match derive.path.segments.last() {
            Some(last) if last.ident == "Event" => derives = Derives::Event,
            Some(last) if last.ident == "Events" => derives = Derives::Events,
            _ => {}
        }
        Ok(())
    });
    derives
}

/// The last words of the paths of types, in the order of the text.
struct Names(Vec<String>);

fn names_in(visit: impl FnOnce(&mut Names)) -> Vec<String> {
    let mut names = Names(Vec::new());
    visit(&mut names);
    names.0
}

impl<'a> Visit<'a> for Names {
    fn visit_type_path(&mut self, ty: &'a TypePath) {
        self.0
            .extend(ty.path.segments.last().map(|last| last.ident.to_string()));
        visit::visit_type_path(self, ty);
    }
}

/// The names of the events that a handler with these arguments declares to emit.
fn declared_events(args: TokenStream) -> Vec<String> {
    let mut events = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if input.call(Ident::parse_any)? == "emits" {
                input.parse::<Token![=]>()?;
                events = paths(input, &mut Errors::default())?;
            }
            while !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
                input.parse::<TokenTree>()?;
            }
        }
        Ok(())
    };
    // A mistake is reported by the attribute.
    let _ = parser.parse2(args);
    let names = events.iter().filter_map(|path| path.segments.last());
    names.map(|last| last.ident.to_string()).collect()
}

fn imports(tree: &UseTree, root: Option<&str>, into: &mut HashMap<String, String>) {
    match tree {
        UseTree::Path(path) => {
            let first = path.ident.to_string();
            imports(&path.tree, Some(root.unwrap_or(&first)), into);
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            into.insert(name.clone(), root.map_or(name, str::to_owned));
        }
        UseTree::Rename(rename) => {
            let root = root.map_or_else(|| rename.ident.to_string(), str::to_owned);
            into.insert(rename.rename.to_string(), root);
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                imports(tree, root, into);
            }
        }
        UseTree::Glob(_) => {}
    }
}
