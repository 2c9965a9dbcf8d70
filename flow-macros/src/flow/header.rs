//! The first line, which names the flow: `pub flow Chat(Question) -> Answer streams Token;`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Token, Type, Visibility, parenthesized, token};

use crate::flow::parse::{Flow, Line, end};

/// The form of the first line.
pub(super) const HEADER: &str = "flow Name(Input) -> Output streams Item";

/// `pub flow Chat(Question) -> Answer streams Token`
pub(crate) struct Header {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Option<Ident>,
    pub(crate) input: Option<Type>,
    pub(crate) output: Option<Type>,
    /// It could not be read to its end.
    pub(crate) in_error: bool,
}

impl Header {
    pub(super) fn unnamed(vis: Visibility) -> Self {
        Self {
            attrs: Vec::new(),
            vis,
            name: None,
            input: None,
            output: None,
            in_error: true,
        }
    }
}

impl Line {
    /// `pub flow Chat(Question) -> Answer streams Token`
    pub(super) fn header(&mut self, input: ParseStream<'_>, flow: &mut Flow) -> syn::Result<()> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let keyword = input.call(Ident::parse_any)?;
        let first = flow.header.is_none() && flow.clauses.is_empty();
        let header = Header {
            attrs,
            ..Header::unnamed(vis)
        };
        if flow.header.is_none() {
            self.named(input, header, flow)?;
        }
        if first {
            return Ok(());
        }
        Err(syn::Error::new(
            keyword.span(),
            "a flow has one name, and it stands at the beginning",
        ))
    }

    /// What follows the word `flow`. The name is noted first: it makes the flow an item, also if the
    /// rest is in error.
    pub(super) fn named(
        &mut self,
        input: ParseStream<'_>,
        header: Header,
        flow: &mut Flow,
    ) -> syn::Result<()> {
        const NAME: &str = "the name of the flow";
        let streams = |input: ParseStream<'_>| {
            input
                .fork()
                .call(Ident::parse_any)
                .is_ok_and(|word| word == "streams")
        };
        let is_public = !matches!(header.vis, Visibility::Inherited);
        let header = flow.header.insert(header);
        if input.peek(Ident) && !streams(input) {
            header.name = Some(input.parse()?);
        } else if input.is_empty() {
            return Err(self.missing(NAME, HEADER));
        } else if is_public
            || !(input.peek(token::Paren) || input.peek(Token![->]) || streams(input))
        {
            return Err(input.error(format!("expected {NAME}: `{HEADER}`")));
        }
        if input.peek(Token![<]) {
            return Err(input.error("a flow cannot be generic: take this away"));
        }
        header.input = start_input(input, HEADER)?.map(|ty| *ty);
        if input.parse::<Option<Token![->]>>()?.is_some() {
            header.output = Some(self.a_type(input, "the type that the flow ends with", HEADER)?);
        }
        if streams(input) {
            input.call(Ident::parse_any)?;
            flow.streams
                .push(self.a_type(input, "the type of the items", HEADER)?);
        }
        end(input)?;
        header.in_error = false;
        Ok(())
    }
}

/// `(Input)`, if it is there.
pub(super) fn start_input(input: ParseStream<'_>, form: &str) -> syn::Result<Option<Box<Type>>> {
    if !input.peek(token::Paren) {
        return Ok(None);
    }
    let inner;
    let paren = parenthesized!(inner in input);
    if inner.is_empty() {
        return Ok(None);
    }
    let expected = match form {
        HEADER => format!("expected the type of the input: `{HEADER}`"),
        _ => "expected the type of the input: `start(Input) -> handler`".to_owned(),
    };
    let ty = inner
        .parse()
        .map_err(|_| syn::Error::new(paren.span.join(), expected))?;
    if inner.is_empty() {
        Ok(Some(Box::new(ty)))
    } else {
        Err(inner.error("an execution has one input: make it a struct or a tuple"))
    }
}

/// Whether this is the line that names the flow: `flow`, behind a doc comment and `pub`.
pub(super) fn is_header(input: ParseStream<'_>) -> bool {
    let fork = input.fork();
    let keyword = (|| {
        fork.call(Attribute::parse_outer)?;
        fork.parse::<Visibility>()?;
        fork.call(Ident::parse_any)
    })();
    keyword.is_ok_and(|keyword| keyword == "flow")
}
