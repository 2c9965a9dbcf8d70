//! The first line, which names the flow: `pub flow Chat(Question) -> Answer streams Token;`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Generics, Ident, Token, Visibility, token};

use crate::flow::parse::line::Line;
use crate::flow::tree::{Flow, Header};

/// The form of the first line.
pub(super) const HEADER: &str = "flow Name(Input) -> Output streams Item";

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
            "a flow is named once, in its first line: remove this, or move it there",
        ))
    }

    /// The rest after the word `flow`. The name is stored first, because it makes the flow an item
    /// even if the rest has an error.
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
            self.late
                .push(input.error("a flow cannot be generic: remove this"));
            input.parse::<Generics>()?;
        }
        header.input = self.start_input(input, HEADER)?.map(|ty| *ty);
        if input.parse::<Option<Token![->]>>()?.is_some() {
            header.output = Some(self.ty(input, "the type that the flow ends with", HEADER)?);
        }
        if streams(input) {
            input.call(Ident::parse_any)?;
            flow.streams
                .push(self.ty(input, "the type of the items", HEADER)?);
        }
        self.end(input)?;
        header.in_error = false;
        Ok(())
    }
}

/// Whether this line names the flow: it begins with `flow`, after any doc comment and `pub`.
pub(super) fn is_header(input: ParseStream<'_>) -> bool {
    let fork = input.fork();
    let keyword = (|| {
        fork.call(Attribute::parse_outer)?;
        fork.parse::<Visibility>()?;
        fork.call(Ident::parse_any)
    })();
    keyword.is_ok_and(|keyword| keyword == "flow")
}
