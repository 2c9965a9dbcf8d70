//! The text that documents a handler: its original signature, and the types that it takes, emits
//! and streams.

use proc_macro2::Span;
use quote::ToTokens;
use syn::Path;

use crate::docs::docs;
use crate::handler::check::Param;
use crate::handler::expand::parts::Parts;
use crate::handler::parse::{Args, Function};
use crate::sources::Sources;
use crate::written::{key, spaced};

/// The maximum width of a signature on one line.
const WIDTH: usize = 80;

/// The page for an editor, which shows it on hover over the handler's name in a flow.
pub(super) fn hover(parts: &Parts<'_>) -> String {
    let signature = format!("```rust\n{}\n```", signature(parts.function));
    let docs = docs(&parts.function.attrs);
    let page = [signature, docs, facts(parts, Names::Code)];
    let page = page.into_iter().filter(|part| !part.is_empty());
    page.collect::<Vec<_>>().join("\n\n")
}

/// The text after the handler's own doc comment in rustdoc. The names of events are links.
pub(crate) fn page(args: &Args, function: &Function, params: &[Param]) -> String {
    let parts = Parts::new(args, function, params);
    let sources = Sources::of_this_crate(Span::call_site());
    format!("\n{}", facts(&parts, Names::Links(&sources)))
}

/// The form of the names of events.
#[derive(Clone, Copy)]
enum Names<'a> {
    Code,
    Links(&'a Sources),
}

impl Names<'_> {
    fn list(self, paths: &[Path]) -> String {
        let names = paths.iter().map(|path| match self {
            Self::Code => code(path),
            Self::Links(sources) => link(path, sources),
        });
        names.collect::<Vec<_>>().join(", ")
    }
}

/// The original signature, with each parameter on its own line if one line is too short.
fn signature(function: &Function) -> String {
    let sig = &function.sig;
    let vis = spaced(&function.vis);
    let space = if vis.is_empty() { "" } else { " " };
    let output = spaced(&sig.output);
    let arrow = if output.is_empty() { "" } else { " " };
    let inputs: Vec<_> = sig.inputs.iter().map(spaced).collect();
    let line = |inputs: &str| {
        format!(
            "{vis}{space}async fn {}({inputs}){arrow}{output}",
            sig.ident
        )
    };
    let short = line(&inputs.join(", "));
    if short.len() <= WIDTH {
        return short;
    }
    let inputs = inputs.iter().map(|input| format!("    {input},\n"));
    line(&format!("\n{}", inputs.collect::<String>()))
}

/// A list of the types that it takes, emits and streams.
fn facts(parts: &Parts<'_>, names: Names<'_>) -> String {
    let on = parts.args.on.as_deref();
    let mut facts = vec![match (on, parts.input()) {
        (Some([on]), Some(input)) if key(on) == key(input) => {
            format!("Takes {}", names.list(std::slice::from_ref(on)))
        }
        (Some(on), Some(input)) => format!("Takes {}, made of {}", code(input), names.list(on)),
        (Some(on), None) => format!("Runs on {}", names.list(on)),
        (None, Some(input)) => format!("Takes {}", code(input)),
        _ if parts.unclear().next().is_some() => {
            let types: Vec<_> = parts.unclear().map(code).collect();
            let made = on.map(|on| format!(", made of {}", names.list(on)));
            format!("Takes {}{}", types.join(" and "), made.unwrap_or_default())
        }
        (None, None) => "Runs on whatever leads to it".to_owned(),
    }];
    if !parts.emits().is_empty() {
        facts.push(format!("Emits {}", names.list(parts.emits())));
    }
    match &parts.args.streams {
        Some(item) => facts.push(format!("Streams {}", code(item))),
        None if parts.puts => facts.push("Streams `String`".to_owned()),
        None => {}
    }
    let facts: Vec<_> = facts.iter().map(|fact| format!("- {fact}")).collect();
    facts.join("\n")
}

fn code(tokens: &impl ToTokens) -> String {
    format!("`{}`", spaced(tokens))
}

/// A link that rustdoc resolves. A link cannot contain a raw identifier.
fn link(event: &Path, sources: &Sources) -> String {
    let path = spaced(event);
    if path.contains("r#") || !sources.has_page(event, false) {
        return format!("`{path}`");
    }
    format!("[`{path}`](type@{path})")
}
