//! What the text of a file shows of its types, for two messages: those that are named as events but
//! do not derive `Event`, and functions in `impl` blocks that are meant as handlers. The compiler
//! would report each place that names one.

mod attributes;
pub(crate) mod file;
mod flows;
pub(crate) mod parsed;
#[cfg(test)]
mod tests;
mod visit;

use proc_macro2::Ident;
use syn::ext::IdentExt;

use crate::errors::nearest;
use crate::types::file::local_file;
use crate::types::parsed::Reporter;
use crate::written::written;

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
