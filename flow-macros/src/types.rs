//! What the text of a file shows of its types, for two messages: those that are named as events but
//! do not derive `Event`, and functions in `impl` blocks that are meant as handlers. The compiler
//! would report each place that names one.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{
    Arm, Attribute, Block, Expr, ExprClosure, ExprForLoop, ExprIf, ExprWhile, FnArg, ImplItemFn,
    Item, ItemFn, Macro, Member, Meta, Pat, Signature, Stmt, TraitItemFn, UseTree,
};

use crate::errors::nearest;
use crate::functions::{is_marked_by, word_at};
use crate::patterns::bindings;
use crate::written::written;

/// Attributes that leave a type as it is.
const INERT: &[&str] = &[
    "allow",
    "deprecated",
    "doc",
    "expect",
    "must_use",
    "non_exhaustive",
    "repr",
    "serde",
    "warn",
];

/// Derives that do not make a type an event.
const OTHER_DERIVES: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Eq",
    "Events",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Serialize",
];

/// Macros that define nothing.
const DEFINE_NOTHING: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "dbg",
    "eprintln",
    "flow",
    "format",
    "matches",
    "panic",
    "print",
    "println",
    "vec",
    "write",
    "writeln",
];

/// The words of a flow before an event.
const BEFORE_EVENTS: &[&str] = &["when", "ask", "external", "ignore"];

/// The place that reports an event without its derive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reporter {
    /// Each flow that names the event.
    Flow,
    /// The first handler that names it, as no flow does.
    FirstHandler,
    AnotherPlace,
}

/// Whether the path leads to a type of the same file that does not derive `Event`, as far as the
/// text shows, and if so, which place reports it. With any doubt it does not.
pub(crate) fn underived(path: &syn::Path, handler: Option<&Ident>) -> Option<Reporter> {
    let name = path.get_ident()?;
    let file = local_file(name.span())?;
    let name = name.to_string();
    if file.scanned.get(&name) != Some(&false) {
        return None;
    }
    let parsed = file.parsed();
    parsed
        .is_plain(&name)
        .then(|| parsed.reporter(&name, handler))
}

/// Whether a flow of the file names this type, which does not derive `Event`, as an event.
pub(crate) fn is_underived_in_a_flow(path: &syn::Path) -> bool {
    let name = path.get_ident().map(ToString::to_string);
    underived(path, None).is_some()
        && path
            .get_ident()
            .and_then(|name| local_file(name.span()))
            .zip(name)
            .is_some_and(|(file, name)| file.parsed().in_flows.contains(&name))
}

/// Whether the path is that of a function in an `impl` block of its file, as far as the text shows.
pub(crate) fn is_associated(path: &syn::Path) -> bool {
    let mut words = path.segments.iter().rev().map(|segment| &segment.ident);
    let (Some(name), Some(ty)) = (words.next(), words.next()) else {
        return false;
    };
    let file = local_file(name.span());
    file.is_some_and(|file| {
        // Paths of modules are common, and need no look at the syntax.
        file.scanned.contains_key(&ty.to_string())
            && file.parsed().associates(&ty.to_string(), &name.to_string())
    })
}

/// What the path is, an event or another type, and how that is made, if the file defines it and no
/// handler of the name.
pub(crate) fn made(path: &syn::Path) -> Option<(&'static str, String)> {
    let name = path.get_ident()?;
    let file = local_file(name.span())?;
    let name = name.to_string();
    let parsed = file.parsed();
    let is_else = parsed.functions.contains(&name)
        || parsed.imported.contains(&name)
        || file.text.contains(&format!("flow {name}"));
    let what = match file.scanned(&name)? {
        true => "an event",
        false if parsed.is_plain(&name) => "a type",
        false => return None,
    };
    if is_else {
        return None;
    }
    let is = |form: &str| file.text.contains(form);
    let made = if is(&format!("struct {name}(")) {
        format!("{name}(value)")
    } else if is(&format!("struct {name};")) {
        name
    } else if is(&format!("enum {name}")) {
        format!("{name}::…")
    } else {
        format!("{name} {{ … }}")
    };
    Some((what, made))
}

/// Whether the path is that of an event of its file which has no answer, as far as the text shows.
pub(crate) fn has_no_answer(event: &syn::Path) -> bool {
    let name = event.get_ident();
    let file = name.and_then(|name| local_file(name.span()));
    name.zip(file).is_some_and(|(name, file)| {
        let name = name.to_string();
        let is_else = file.parsed().may_be_imported(&name);
        file.scanned(&name) == Some(true) && !file.questions.contains(&name) && !is_else
    })
}

/// The types whose names the language or its prelude knows.
const KNOWN_TYPES: &[&str] = &[
    "Box", "Option", "Result", "String", "Vec", "bool", "char", "f32", "f64", "i8", "i16", "i32",
    "i64", "i128", "isize", "str", "u8", "u16", "u32", "u64", "u128", "usize",
];

/// How the function is called in a closure, if the path is that of one of a type which everything
/// knows: `value.len()` for `String::len`, and `Box::new(value)` for `Box::new`.
pub(crate) fn method(path: &syn::Path) -> Option<String> {
    /// Beginnings of the names of functions that take no `self`.
    const CONSTRUCTORS: &[&str] = &["new", "from", "pin", "try_from", "with_capacity", "leak"];
    let mut words = path.segments.iter();
    let (ty, method) = (&words.next()?.ident, &words.next()?.ident);
    let is_known = KNOWN_TYPES.iter().any(|known| ty == known);
    if words.next().is_some() || !is_known {
        return None;
    }
    let file = local_file(ty.span())?;
    let name = method.to_string();
    let constructs = CONSTRUCTORS.iter().any(|begin| name.starts_with(begin));
    let call = if constructs {
        format!("{ty}::{name}(value)")
    } else {
        format!("value.{name}()")
    };
    (!file.parsed().modules.contains(&ty.to_string())).then_some(call)
}

/// The word of a route that is meant by a name which nothing in the file can define: `end` by
/// `ennd`.
pub(crate) fn misspelt(path: &syn::Path) -> Option<&'static str> {
    let name = path.get_ident()?;
    let meant = match name.to_string().as_str() {
        "end_now" | "endnow" | "now" => "end now",
        name => nearest(name, &["end", "ignore", "emit"])?,
    };
    let file = local_file(name.span())?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words = file.text.split(|c| !is_word(c));
    let mentions = words.filter(|word| name == word).count();
    // The key of `#[handler(emits = …)]`.
    let keys = file.text.matches(&format!("{name} =")).count();
    let parsed = file.parsed();
    let is_defined = parsed.defines_unseen || parsed.may_be_an_item(&name.to_string());
    (mentions == 1 + keys && !is_defined).then_some(meant)
}

/// Whether the path is the word `ask`, and nothing in the file can be a handler of this name.
pub(crate) fn is_lone_ask(path: &syn::Path) -> bool {
    path.is_ident("ask")
        && path.get_ident().is_some_and(|ask| {
            local_file(ask.span()).is_some_and(|file| {
                let parsed = file.parsed();
                !parsed.may_be_an_item("ask") && !parsed.uses.contains("ask")
            })
        })
}

/// Whether the name can only be that of a variable of the file, as far as the text shows: a `let`
/// binds it, and nothing else has it.
pub(crate) fn is_variable(name: &Ident) -> bool {
    let Some(file) = local_file(name.span()) else {
        return false;
    };
    let name = name.to_string();
    let bound = ["let ", "let mut "].iter().any(|bind| {
        let mut bound = file.text.match_indices(bind).map(|(at, bind)| {
            let after = file.text.get(at + bind.len()..).unwrap_or_default();
            let end = after.find(|c: char| !c.is_alphanumeric() && c != '_');
            after.get(..end.unwrap_or(after.len())).unwrap_or_default()
        });
        bound.any(|bound| bound == name)
    });
    let is_constant = ["const", "static"].iter().any(|keyword| {
        let declared = format!("{keyword} {name}:");
        file.text.contains(&declared)
    });
    bound && !is_constant && !file.parsed().may_be_an_item(&name)
}

/// Whether a flow of the file names a variable of the function around it so, and no flow anything
/// else. A variable comes before all else that has its name.
pub(crate) fn is_captured(name: &Ident) -> bool {
    local_file(name.span()).is_some_and(|file| {
        let (parsed, name) = (file.parsed(), name.unraw().to_string());
        parsed.captured.contains(&name) && !parsed.not_captured.contains(&name)
    })
}

/// The message for a field that several of these events do not have, as far as the text shows:
/// rustc would report each of them.
pub(crate) fn no_field(events: &[syn::Path], field: &Ident) -> Option<String> {
    let (text, mut without, mut others) = (field.unraw().to_string(), Vec::new(), Vec::new());
    let parsed = local_file(field.span())?.parsed();
    for event in events {
        let name = event.get_ident()?.to_string();
        let fields = parsed.fields.get(&name)?.as_ref()?;
        if parsed.may_be_imported(&name) {
            return None;
        }
        if !fields.contains(&text) {
            without.push(format!("`{name}`"));
            others.extend(fields.iter().map(String::as_str));
        }
    }
    let (last, first) = without
        .split_last()
        .filter(|(_, first)| !first.is_empty())?;
    let hint = nearest(&text, &others).map(|other| format!(": did you mean `.{other}`?"));
    Some(format!(
        "no field `{text}` in {} and {last}{}",
        first.join(", "),
        hint.unwrap_or_default()
    ))
}

/// Whether the function of this name is in an `impl` block, and a flow of the file names it, as far
/// as the text shows.
pub(crate) fn is_associated_in_a_flow(name: &Ident) -> bool {
    let Some(file) = local_file(name.span()) else {
        return false;
    };
    let (parsed, name) = (file.parsed(), name.to_string());
    let mut of_types = parsed.associated.iter().filter(|(_, of)| *of == name);
    !parsed.functions.contains(&name)
        && of_types.any(|of| parsed.paths_in_flows.contains(of) && parsed.associates(&of.0, &of.1))
}

/// The same for a path in a module whose items are in the file, `module::Type`.
pub(crate) fn is_underived_in_module(path: &syn::Path) -> bool {
    let mut words = path.segments.iter().map(|segment| &segment.ident);
    let (Some(module), Some(name), None) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    let (module, name, file) = (
        module.to_string(),
        name.to_string(),
        local_file(name.span()),
    );
    path.leading_colon.is_none()
        && file.is_some_and(|file| {
            let parsed = file.parsed();
            parsed.inline.contains(&module)
                && !parsed.uses.contains(&module)
                && parsed.is_plain(&name)
        })
}

/// The message for a question that does not derive `Event`.
pub(crate) fn no_question(event: &syn::Path) -> String {
    format!(
        "`{}` is not a question: add `#[derive(Clone, Event)]` and `#[event(answer = …)]` to it",
        written(event)
    )
}

/// The message, which is that of the compiler where this module is in doubt.
pub(crate) fn no_event(event: &syn::Path) -> String {
    if holds_events(event) {
        return format!(
            "`{}` holds events, and is none itself: name those that it holds",
            written(event)
        );
    }
    format!(
        "`{}` is not an event: add `#[derive(Event)]` to it",
        written(event)
    )
}

/// Whether the path leads to an enum of the same file with `#[derive(Events)]`.
fn holds_events(path: &syn::Path) -> bool {
    let name = path.get_ident();
    let file = name.and_then(|name| local_file(name.span()));
    name.zip(file)
        .is_some_and(|(name, file)| file.parsed().holds_events(&name.to_string()))
}

/// A file, which is parsed if the scan of its text finds a type that may not be an event.
pub(crate) struct File {
    text: String,
    /// The types by their names: `true` if each of that name may derive `Event`.
    scanned: HashMap<String, bool>,
    /// Those of them that may have an answer.
    questions: HashSet<String>,
    parsed: RefCell<Option<Rc<Parsed>>>,
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

fn local_file(place: Span) -> Option<Rc<File>> {
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
fn scan(text: &str) -> HashMap<String, bool> {
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

/// What the syntax of a file shows.
#[derive(Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the file"
)]
pub(crate) struct Parsed {
    /// The types that are certainly no events, each with the number of its definitions.
    plain: HashMap<String, usize>,
    /// Those of them that derive `Events`.
    holding: HashSet<String>,
    /// The names that may mean something else, and the events.
    others: HashSet<String>,
    /// The names that are imported from elsewhere.
    imported: HashSet<String>,
    /// The names that are imported from anywhere.
    uses: HashSet<String>,
    /// The imports at the top of the file whose path begins with a name: what they import, which is
    /// everything where there is no name.
    by_root: Vec<(String, Option<String>)>,
    /// The modules at the top of the file whose items are in it.
    inline: HashSet<String>,
    /// How many modules and functions are around the item that is being visited.
    depth: usize,
    /// How many of them are modules.
    modules_around: usize,
    pub(crate) imports_all: bool,
    /// It imports everything from a module around the file, which the types at its top hide.
    imports_around: bool,
    /// The types that are not at the top.
    within_modules: HashSet<String>,
    /// A macro or an import of everything may define names that the file does not show.
    defines_unseen: bool,
    /// How many variants each enum has, at most.
    variants: HashMap<String, usize>,
    /// The fields of structs, where the file has one struct of that name.
    fields: HashMap<String, Option<Vec<String>>>,
    /// The events that flows name.
    in_flows: HashSet<String>,
    /// The handlers, each with the events that its attribute names.
    handlers: Vec<(String, HashSet<String>)>,
    /// The functions in `impl` blocks, each after the name of the type.
    associated: HashSet<(String, String)>,
    /// All other functions, and modules.
    functions: HashSet<String>,
    modules: HashSet<String>,
    /// The last two words of each path in a flow.
    paths_in_flows: HashSet<(String, String)>,
    /// The words in flows that are variables there, and those that are none.
    captured: HashSet<String>,
    not_captured: HashSet<String>,
    /// The variables at the place that is being visited.
    scope: Vec<String>,
    /// Whether the item that is being visited is under a condition.
    is_conditional: bool,
}

/// Where the names of a `use` come from.
enum Origin {
    /// This file.
    File,
    /// A module of this name, whose items may be in this file.
    Module(String),
    /// A module around this file, whose names the file may have for others.
    Around,
    Elsewhere,
}

impl Parsed {
    fn new(text: &str) -> Self {
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
    fn may_be_imported(&self, name: &str) -> bool {
        self.imports_all
            || self.imported.contains(name)
            || self.imports_around && self.within_modules.contains(name)
    }

    /// Whether something other than a variable may have this name.
    fn may_be_an_item(&self, name: &str) -> bool {
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

    fn associates(&self, ty: &str, name: &str) -> bool {
        let of = (ty.to_owned(), name.to_owned());
        self.associated.contains(&of) && !self.modules.contains(ty)
    }

    fn reporter(&self, event: &str, handler: Option<&Ident>) -> Reporter {
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

    fn ty(&mut self, name: &Ident, attributes: &[Attribute], is_generic: bool) {
        let name = name.to_string();
        if self.modules_around > 0 {
            self.within_modules.insert(name.clone());
        }
        if attributes.iter().any(derives_events) {
            self.holding.insert(name.clone());
        }
        if !self.is_conditional && !is_generic && attributes.iter().all(is_inert) {
            *self.plain.entry(name).or_default() += 1;
        } else {
            self.others.insert(name);
        }
    }

    fn used<'a>(&mut self, tree: &'a UseTree, before: &mut Vec<&'a Ident>) {
        match tree {
            UseTree::Path(path) => {
                before.push(&path.ident);
                self.used(&path.tree, before);
                before.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.used(tree, before);
                }
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                self.uses.insert(name.clone());
                match self.origin(before) {
                    Origin::File => {}
                    Origin::Module(module) => self.by_root.push((module, Some(name))),
                    Origin::Around | Origin::Elsewhere => drop(self.imported.insert(name)),
                }
            }
            UseTree::Rename(rename) => {
                self.others.insert(rename.rename.to_string());
            }
            UseTree::Glob(_) => {
                let is_known = before.first().is_some_and(|root| *root == "flow_core");
                self.defines_unseen |= !is_known;
                match self.origin(before) {
                    _ if is_known => {}
                    Origin::File => {}
                    Origin::Module(module) => self.by_root.push((module, None)),
                    Origin::Around => self.imports_around = true,
                    Origin::Elsewhere => self.imports_all = true,
                }
            }
        }
    }

    /// Where a path in a `use` leads to whose first words are these.
    fn origin(&self, before: &[&Ident]) -> Origin {
        let outwards = before.iter().filter(|word| **word == "super").count();
        let first = |word: &Ident| word == "super" || word == "self";
        let mut rest = before.iter().skip_while(|word| first(word));
        let is_relative = before.first().is_some_and(|word| first(word));
        match (is_relative, rest.next()) {
            // `use super::Draft` in a module of the file is the type at its top.
            (true, None) if outwards <= self.modules_around => Origin::File,
            (true, None) => Origin::Around,
            (true, Some(module)) if outwards == self.modules_around => {
                Origin::Module(module.to_string())
            }
            (false, Some(root)) if *root == "crate" && before.len() == 1 => Origin::Around,
            (false, Some(root)) if self.depth == 0 => Origin::Module(root.to_string()),
            _ => Origin::Elsewhere,
        }
    }

    /// Calls `visit` with these variables in scope.
    fn within(&mut self, patterns: &[&Pat], visit: impl FnOnce(&mut Self)) {
        let outside = self.scope.len();
        for pattern in patterns {
            self.bind(pattern);
        }
        visit(self);
        self.scope.truncate(outside);
    }

    fn bind(&mut self, pattern: &Pat) {
        let bound = bindings(pattern).into_iter();
        self.scope
            .extend(bound.map(|name| name.unraw().to_string()));
    }

    /// Sorts the words of a flow into variables and others.
    fn variables(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => self.variable(word.unraw().to_string()),
                TokenTree::Group(group) => self.variables(group.stream()),
                // A format names variables in braces.
                TokenTree::Literal(text) => {
                    for after in text.to_string().split('{').skip(1) {
                        let end = after.find(|c: char| !c.is_alphanumeric() && c != '_');
                        let name = after.get(..end.unwrap_or_default()).unwrap_or_default();
                        self.variable(name.to_owned());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    fn variable(&mut self, word: String) {
        if self.scope.contains(&word) {
            self.captured.insert(word);
        } else {
            self.not_captured.insert(word);
        }
    }

    /// The macro may define each name in its input.
    fn words(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => {
                    self.others.insert(word.to_string());
                }
                TokenTree::Group(group) => self.words(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn flow(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().map(|token| token.to_string()).collect();
        for path in tokens.windows(4) {
            if let [ty, first, second, name] = path
                && first == ":"
                && second == ":"
            {
                self.paths_in_flows.insert((ty.clone(), name.clone()));
            }
        }
        let mut is_event = false;
        for (index, word) in tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| tokens.get(before));
            let is_first = before.is_some_and(|before| BEFORE_EVENTS.contains(&before.as_str()));
            is_event = is_first || is_event && before.is_some_and(|before| before == "|");
            let is_alone = tokens.get(index + 1).is_none_or(|after| after != ":");
            if is_event && is_alone {
                self.in_flows.insert(word.clone());
            }
            // `when A | B`
            is_event |= word == "|" && before.is_some_and(|before| self.in_flows.contains(before));
        }
    }
}

impl<'a> Visit<'a> for Parsed {
    fn visit_item(&mut self, item: &'a Item) {
        let outside = self.is_conditional;
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            Item::Macro(item) => &item.attrs,
            _ => &Vec::new(),
        };
        // Another attribute may be a macro that leaves the item out.
        let is_known = |attribute| is_inert(attribute) || is_called(attribute, "handler");
        self.is_conditional |= !attributes.iter().all(is_known);
        match item {
            Item::Struct(item) => {
                let fields = item.fields.members().map(|member| match member {
                    Member::Named(name) => name.unraw().to_string(),
                    Member::Unnamed(index) => index.index.to_string(),
                });
                // Another attribute may be a macro that adds some.
                let is_known = |attribute: &Attribute| {
                    let path = attribute.path();
                    path.is_ident("derive") || path.is_ident("event") || is_inert(attribute)
                };
                let is_whole = !self.is_conditional && item.attrs.iter().all(is_known);
                let fields = is_whole.then(|| fields.collect());
                let known = self.fields.entry(item.ident.to_string());
                known.and_modify(|known| *known = None).or_insert(fields);
                self.ty(&item.ident, &item.attrs, !item.generics.params.is_empty());
            }
            Item::Enum(item) => {
                let known = self.variants.entry(item.ident.to_string()).or_default();
                *known = item.variants.len().max(*known);
                self.ty(&item.ident, &item.attrs, !item.generics.params.is_empty());
            }
            Item::Union(item) => self.ty(&item.ident, &item.attrs, true),
            Item::Type(item) => {
                self.others.insert(item.ident.to_string());
            }
            Item::Trait(item) => {
                self.others.insert(item.ident.to_string());
            }
            Item::Use(item) => self.used(&item.tree, &mut Vec::new()),
            Item::Impl(item) => {
                let of = item
                    .trait_
                    .as_ref()
                    .and_then(|(path, _)| path.segments.last());
                if of.is_some_and(|of| of.ident == "Event")
                    && let syn::Type::Path(ty) = &*item.self_ty
                {
                    let last = ty.path.segments.last();
                    self.others.extend(last.map(|last| last.ident.to_string()));
                }
            }
            _ => {}
        }
        visit::visit_item(self, item);
        self.is_conditional = outside;
    }

    fn visit_block(&mut self, block: &'a Block) {
        self.within(&[], |parsed| visit::visit_block(parsed, block));
    }

    fn visit_impl_item_fn(&mut self, function: &'a ImplItemFn) {
        self.within(&parameters(&function.sig), |parsed| {
            visit::visit_impl_item_fn(parsed, function);
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'a TraitItemFn) {
        self.within(&parameters(&function.sig), |parsed| {
            visit::visit_trait_item_fn(parsed, function);
        });
    }

    fn visit_expr_closure(&mut self, closure: &'a ExprClosure) {
        self.within(&closure.inputs.iter().collect::<Vec<_>>(), |parsed| {
            visit::visit_expr_closure(parsed, closure);
        });
    }

    fn visit_arm(&mut self, arm: &'a Arm) {
        self.within(&[&arm.pat], |parsed| visit::visit_arm(parsed, arm));
    }

    fn visit_expr_for_loop(&mut self, of: &'a ExprForLoop) {
        self.visit_expr(&of.expr);
        self.within(&[&*of.pat], |parsed| parsed.visit_block(&of.body));
    }

    fn visit_expr_if(&mut self, of: &'a ExprIf) {
        self.visit_expr(&of.cond);
        self.within(&conditions(&of.cond), |parsed| {
            parsed.visit_block(&of.then_branch);
        });
        if let Some((_, otherwise)) = &of.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, of: &'a ExprWhile) {
        self.visit_expr(&of.cond);
        self.within(&conditions(&of.cond), |parsed| parsed.visit_block(&of.body));
    }

    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        let name = module.ident.to_string();
        // Its types are in this file.
        if module.content.is_some() && self.depth == 0 && !self.is_conditional {
            self.inline.insert(name.clone());
        }
        self.modules.insert(name);
        self.depth += 1;
        self.modules_around += 1;
        // A module sees no variables, while for rustc other items capture those around them.
        let scope = std::mem::take(&mut self.scope);
        visit::visit_item_mod(self, module);
        self.scope = scope;
        self.depth -= 1;
        self.modules_around -= 1;
    }

    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        if let syn::Type::Path(ty) = &*item.self_ty
            && let Some(ty) = ty.path.segments.last()
        {
            let functions = item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(&function.sig.ident),
                _ => None,
            });
            let ty = ty.ident.to_string();
            self.associated
                .extend(functions.map(|name| (ty.clone(), name.to_string())));
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        let attribute = function
            .attrs
            .iter()
            .find(|attribute| is_called(attribute, "handler"));
        if let Some(attribute) = attribute.filter(|_| !self.is_conditional) {
            let events = match &attribute.meta {
                Meta::List(list) => events(list.tokens.clone()),
                _ => HashSet::new(),
            };
            self.handlers.push((function.sig.ident.to_string(), events));
        }
        self.functions.insert(function.sig.ident.to_string());
        // What a function imports or defines is in it alone.
        self.depth += 1;
        self.within(&parameters(&function.sig), |parsed| {
            visit::visit_item_fn(parsed, function);
        });
        self.depth -= 1;
    }

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let outside = self.is_conditional;
        self.is_conditional |= match statement {
            Stmt::Local(local) => !local.attrs.is_empty(),
            Stmt::Macro(item) => !item.attrs.is_empty(),
            Stmt::Item(_) => false,
            // The attributes of an expression are in its many kinds.
            Stmt::Expr(expression, _) => {
                let tokens = quote::ToTokens::to_token_stream(expression);
                let first = tokens.into_iter().next();
                first.is_some_and(|first| first.to_string() == "#")
            }
        };
        visit::visit_stmt(self, statement);
        if let Stmt::Local(local) = statement
            && local.attrs.is_empty()
        {
            self.bind(&local.pat);
        }
        self.is_conditional = outside;
    }

    fn visit_macro(&mut self, item: &'a Macro) {
        let name = item.path.segments.last().map(|last| last.ident.to_string());
        let name = name.unwrap_or_default();
        if !DEFINE_NOTHING.contains(&name.as_str()) {
            self.words(item.tokens.clone());
            self.defines_unseen = true;
        } else if name == "flow" && !self.is_conditional {
            self.flow(item.tokens.clone());
        }
        if name == "flow" {
            self.variables(item.tokens.clone());
        }
    }
}

/// The patterns of the parameters.
fn parameters(function: &Signature) -> Vec<&Pat> {
    let parameters = function.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(&*typed.pat),
        FnArg::Receiver(_) => None,
    });
    parameters.collect()
}

/// The patterns of the `let`s in a condition.
fn conditions(condition: &Expr) -> Vec<&Pat> {
    match condition {
        Expr::Let(of) => vec![&of.pat],
        Expr::Binary(of) => [conditions(&of.left), conditions(&of.right)].concat(),
        _ => Vec::new(),
    }
}

/// The events that the arguments of `#[handler]` name by a word alone.
fn events(args: TokenStream) -> HashSet<String> {
    let mut found = HashSet::new();
    let args: Vec<_> = args.into_iter().collect();
    for arg in args.split(is_comma) {
        let [TokenTree::Ident(key), TokenTree::Punct(_), value @ ..] = arg else {
            continue;
        };
        if *key != "on" && *key != "emits" {
            continue;
        }
        match value {
            [TokenTree::Group(list)] => {
                let listed: Vec<_> = list.stream().into_iter().collect();
                found.extend(listed.split(is_comma).filter_map(word));
            }
            value => found.extend(word(value)),
        }
    }
    found
}

/// The word, if these tokens are a word or a string with one.
fn word(tokens: &[TokenTree]) -> Option<String> {
    let [TokenTree::Ident(_) | TokenTree::Literal(_)] = tokens else {
        return None;
    };
    tokens
        .first()
        .map(|word| word.to_string().trim_matches('"').to_owned())
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

fn is_called(attribute: &Attribute, name: &str) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| last.ident == name)
}

fn derives_events(attribute: &Attribute) -> bool {
    let mut found = false;
    if attribute.path().is_ident("derive") {
        let parsed = attribute.parse_nested_meta(|derive| {
            found |= derive
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "Events");
            Ok(())
        });
        found &= parsed.is_ok();
    }
    found
}

fn is_inert(attribute: &Attribute) -> bool {
    if INERT.iter().any(|name| attribute.path().is_ident(name)) {
        return true;
    }
    let mut others_only = attribute.path().is_ident("derive");
    if others_only {
        let parsed = attribute.parse_nested_meta(|derive| {
            let last = derive.path.segments.last();
            others_only &=
                last.is_some_and(|last| OTHER_DERIVES.iter().any(|name| last.ident == name));
            Ok(())
        });
        others_only &= parsed.is_ok();
    }
    others_only
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use syn::Ident;

    use super::{Parsed, Reporter, scan};

    #[test]
    fn the_scan_tells_types_with_the_derive_from_others() {
        let found = scan(
            "#[derive(Event)] struct Tick;
            #[derive(Clone, Event)]
            #[event(answer = bool)]
            pub struct Approve(u32);
            #[derive(Clone)] enum Draft { A }
            struct Other;",
        );
        assert_eq!(found.get("Tick"), Some(&true));
        assert_eq!(found.get("Approve"), Some(&true));
        assert_eq!(found.get("Draft"), Some(&false));
        assert_eq!(found.get("Other"), Some(&false));
    }

    #[test]
    fn a_type_is_no_event_only_without_any_doubt() {
        let parsed = Parsed::new(
            "use elsewhere::Imported; use elsewhere::Thing as Renamed;
            mod within { use super::Inner; }
            #[derive(Clone, Debug)] struct Plain; enum Choice { A } struct Inner;
            #[derive(Event)] struct Derived; #[derive(Magic)] struct Magical;
            #[cfg(test)] struct Conditional; #[traced] struct Attributed;
            struct Imported; struct Renamed; struct ByHand; impl flow_core::Event for ByHand {}
            struct Twice; mod inner { pub struct Twice; pub struct Deep; } struct Made; event! { Made }
            use inner::Deep; mod other { use far::Far; pub struct Far; } use other::Far;
            struct Generic<T>(T);
            fn main() { println!(\"{:?}\", Plain); flow! { start -> a; when Choice -> b } }",
        );
        for plain in ["Plain", "Choice", "Inner", "Deep"] {
            assert!(parsed.is_plain(plain), "{plain}");
        }
        for other in [
            "Derived",
            "Magical",
            "Conditional",
            "Attributed",
            "Imported",
            "Renamed",
            "ByHand",
            "Twice",
            "Made",
            "Generic",
            "Far",
            "Nowhere",
        ] {
            assert!(!parsed.is_plain(other), "{other}");
        }
        assert!(!Parsed::new("use elsewhere::*; struct Plain;").is_plain("Plain"));
        let all = "use inner::*; mod inner { pub struct Plain; }";
        assert!(Parsed::new(all).is_plain("Plain"));
        assert!(!Parsed::new(&format!("{all} use far::*;")).is_plain("Plain"));
        let elsewhere = "mod inner; use inner::Plain; struct Plain;";
        assert!(!Parsed::new(elsewhere).is_plain("Plain"));
    }

    #[test]
    fn a_type_in_a_module_is_not_the_one_that_the_file_imports_from_around_it() {
        let inner = "mod dto { pub struct Order; pub mod deep { pub struct Paid; } }";
        for around in [
            "use super::*;",
            "use crate::*;",
            "use super::{Order, Paid};",
            "use crate::{Order, events::Paid};",
            "use self::events::{Order, Paid}; mod events;",
            "mod flows { use super::super::{Order, Paid}; }",
            "fn f() { use super::*; }",
        ] {
            let parsed = Parsed::new(&format!("{around} {inner}"));
            assert!(!parsed.is_plain("Order"), "{around}");
            assert!(!parsed.is_plain("Paid"), "{around}");
        }
        for own in [
            "",
            "use dto::Order;",
            "use self::dto::*;",
            "mod m { use super::*; }",
        ] {
            let parsed = Parsed::new(&format!("{own} {inner}"));
            assert!(parsed.is_plain("Order"), "{own}");
        }
        // A type of the file hides what `*` imports.
        assert!(Parsed::new("use super::*; struct Order;").is_plain("Order"));
    }

    #[test]
    fn a_flow_captures_the_variables_before_it() {
        let parsed = Parsed::new(
            "fn f(parameter: u8) {
                let early = 1;
                {
                    let gone = 1;
                }
                #[cfg(test)]
                let conditional = 1;
                if let Some(found) = x && let Ok((y, _)) = z {
                    for step in 0..3 {
                        flow! { |n| early + parameter + found + y + step + format!(\"{text}\") };
                    }
                }
                flow! { gone; conditional; late; both; |n| item };
                let late = |both: u8| flow! { both };
                fn item(n: u8) {
                    flow! { |n| other(n) + early };
                }
                mod module {
                    fn f() {
                        flow! { parameter_of_f };
                    }
                }
                match x {
                    Some(inner) if flow! { inner } => {}
                    _ => {}
                }
            }",
        );
        for captured in ["early", "parameter", "found", "y", "step", "both", "inner"] {
            assert!(parsed.captured.contains(captured), "{captured}");
        }
        for other in [
            "gone",
            "conditional",
            "late",
            "both",
            "item",
            "other",
            "text",
            "format",
        ] {
            assert!(parsed.not_captured.contains(other), "{other}");
        }
    }

    #[test]
    fn one_place_reports_an_event_that_several_name() {
        let parsed = Parsed::new(
            "#[cfg(test)] #[handler(on = B)] async fn conditional() {}
            #[handler(on = A, emits = [\"B\", C], streams = D)] async fn first() {}
            #[handler(on = B, emits = x::D)] async fn second() {}
            fn main() { let f = flow! { start -> a; when A -> b; external x::C; with C }; }
            #[cfg(test)] mod tests { fn f() { flow! { when B -> b } } }",
        );
        let reporter = |event, handler: Option<&str>| {
            let handler = handler.map(|name| Ident::new(name, Span::call_site()));
            parsed.reporter(event, handler.as_ref())
        };
        assert_eq!(reporter("A", None), Reporter::Flow);
        assert_eq!(reporter("A", Some("first")), Reporter::Flow);
        assert_eq!(reporter("B", Some("first")), Reporter::FirstHandler);
        assert_eq!(reporter("B", Some("second")), Reporter::AnotherPlace);
        assert_eq!(reporter("C", Some("first")), Reporter::FirstHandler);
        assert_eq!(reporter("D", Some("second")), Reporter::FirstHandler);
        assert_eq!(
            reporter("B", Some("made_by_a_macro")),
            Reporter::FirstHandler
        );
    }
}
