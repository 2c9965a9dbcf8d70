//! The events that a body emits without declaring them, by their words alone. The body is not parsed,
//! so that one that is half-typed has no further errors.

use proc_macro2::{Ident, TokenStream, TokenTree};

use crate::handler::check::context;
use crate::handler::parse::{Args, Function};

/// The names of the events that the body emits without declaring them. The handler reports that
/// error, and its flows must not add follow-on errors.
pub(super) fn undeclared(args: &Args, function: &Function) -> Vec<String> {
    let mut emitted = Vec::new();
    if let Some(cx) = context(function) {
        find(&function.body, &cx, &mut emitted);
    }
    let emits = args.emits.as_deref().unwrap_or_default();
    let declared = |name: &String| {
        let names = emits.iter().filter_map(|path| path.segments.last());
        names.into_iter().any(|segment| segment.ident == name)
    };
    emitted.retain(|path| !path.iter().any(declared));
    let mut undeclared = emitted.concat();
    undeclared.sort_unstable();
    undeclared.dedup();
    undeclared
}

/// For each `cx.emit(…)`, the names of types and variants in the path at the start of its argument.
fn find(tokens: &TokenStream, cx: &Ident, emitted: &mut Vec<Vec<String>>) {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        find(&group.stream(), cx, emitted);
        if let Some(
            [
                ..,
                TokenTree::Ident(receiver),
                TokenTree::Punct(dot),
                TokenTree::Ident(method),
            ],
        ) = tokens.get(..index)
            && receiver == cx
            && dot.as_char() == '.'
            && method == "emit"
        {
            emitted.extend(path(group.stream()));
        }
    }
}

/// The names of types and variants in the path at the beginning, if there are any.
fn path(tokens: TokenStream) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) => names.push(name.to_string()),
            TokenTree::Punct(colon) if colon.as_char() == ':' => {}
            _ => break,
        }
    }
    names.retain(|name| name.starts_with(char::is_uppercase));
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::undeclared;
    use crate::errors::Errors;
    use crate::handler::parse;

    /// What a handler with this body emits that declares to emit `Tick`.
    fn body(body: &str) -> Vec<String> {
        let args = parse::args("emits = [Tick]".parse().unwrap(), &mut Errors::default());
        let function =
            format!("async fn again(Tick(n): Tick, cx: &Cx, hub: Res<Hub>) {{ {body} }}");
        undeclared(&args, &syn::parse_str(&function).unwrap())
    }

    #[test]
    fn what_is_emitted_and_not_declared_is_noted_by_name() {
        assert_eq!(
            body("cx.emit(Tick(n)); cx.emit(events::Tick::new(n))"),
            [""; 0]
        );
        assert_eq!(body("cx.emit(tick); hub.emit(Tock)"), [""; 0]);
        assert_eq!(body("if n { cx.emit(events::Tock { n }) }"), ["Tock"]);
        assert_eq!(
            body("cx.emit(Reply::Yes(n)); cx.emit(Tock)"),
            ["Reply", "Tock", "Yes"]
        );
    }
}
