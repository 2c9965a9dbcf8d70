//! What documentation says of a handler: its signature as it was written, and what it takes, emits
//! and streams.

use quote::ToTokens;
use syn::Path;

use crate::docs::docs;
use crate::handler::expand::parts::Parts;
use crate::handler::parse::Function;
use crate::written::{key, written};

/// How wide a signature may be on one line.
const WIDTH: usize = 80;

/// The page for an editor, which shows it over the handler's name in a flow.
pub(super) fn hover(parts: &Parts<'_>) -> String {
    let signature = format!("```rust\n{}\n```", signature(parts.function));
    let docs = docs(&parts.function.attrs);
    let page = [signature, docs, facts(parts)];
    let page = page.into_iter().filter(|part| !part.is_empty());
    page.collect::<Vec<_>>().join("\n\n")
}

/// As it was written, with its parameters one below the other if they do not fit on one line.
fn signature(function: &Function) -> String {
    let sig = &function.sig;
    let vis = written(&function.vis);
    let space = if vis.is_empty() { "" } else { " " };
    let output = written(&sig.output);
    let arrow = if output.is_empty() { "" } else { " " };
    let inputs: Vec<_> = sig.inputs.iter().map(written).collect();
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

/// A list of what it takes, emits and streams.
fn facts(parts: &Parts<'_>) -> String {
    let names = |paths: &[Path]| {
        let names: Vec<_> = paths.iter().map(code).collect();
        names.join(", ")
    };
    let on = parts.args.on.as_deref();
    let mut facts = vec![match (on, parts.input()) {
        (Some([on]), Some(input)) if key(on) == key(input) => format!("Takes {}", code(input)),
        (Some(on), Some(input)) => format!("Takes {}, made of {}", code(input), names(on)),
        (Some(on), None) => format!("Runs on {}", names(on)),
        (None, Some(input)) => format!("Takes {}", code(input)),
        (None, None) => "Runs on whatever leads to it".to_owned(),
    }];
    if !parts.emits().is_empty() {
        facts.push(format!("Emits {}", names(parts.emits())));
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
    format!("`{}`", written(tokens))
}
