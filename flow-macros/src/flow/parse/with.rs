//! Parses `with T` and `with T = open`.

use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Ident, Token, token};

use crate::flow::parse::line::Line;
use crate::flow::route::{Route, Stage};
use crate::flow::tree::{Clause, Flow, OPEN, Trigger};

impl Line {
    pub(super) fn with(
        &mut self,
        input: ParseStream<'_>,
        keyword: Ident,
        flow: &mut Flow,
    ) -> syn::Result<()> {
        let ty = self.declared(input, "the type of the resource", "with Resource")?;
        let Some(equals) = input.parse::<Option<Token![=]>>()? else {
            self.end_of_type(input);
            flow.resources.push(ty);
            return Ok(());
        };
        let opener = self.handler(input, "a handler that opens the resource", OPEN)?;
        if input.peek(token::Brace) {
            return Err(syn::Error::new_spanned(
                opener,
                format!(
                    "a handler makes the resource, in each execution: write an `async fn` that returns \
                     it, `{OPEN}`, or `with Resource;`, and give it to the flow by `.with(…)`"
                ),
            ));
        }
        if input.peek(token::Paren) {
            return Err(input.error(format!(
                "expected a name without parentheses: each execution calls the handler, `{OPEN}`"
            )));
        }
        if input.peek(Token![->]) {
            return Err(input.error(format!(
                "one handler opens a resource, and no stage follows: `{OPEN}`"
            )));
        }
        if input.peek(Token![else]) {
            return Err(input.error(
                "an opening has no `else`: handle the error in the handler that opens the resource",
            ));
        }
        self.end(input)?;
        let mut stages = Punctuated::new();
        stages.push(Stage::Handler(opener));
        let trigger = Trigger::Open(Box::new(ty), equals);
        let clause = Clause::new(keyword, trigger, None, Route { stages });
        flow.clauses.push(clause);
        Ok(())
    }
}
