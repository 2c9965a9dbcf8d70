//! Parses `every "1s" -> route`.

use syn::Ident;
use syn::parse::ParseStream;

use crate::duration::duration;
use crate::flow::parse::line::Line;
use crate::flow::tree::{Clause, EVERY, Trigger};

impl Line {
    pub(super) fn every(&mut self, input: ParseStream<'_>, keyword: Ident) -> syn::Result<Clause> {
        if input.is_empty() {
            return Err(self.missing("a duration", EVERY));
        }
        let period = duration(input, EVERY)?;
        let (arrow, route) = self.arrow_and_route(input, EVERY)?;
        self.end(input)?;
        Ok(Clause::new(
            keyword,
            Trigger::Every(period),
            Some(arrow),
            route,
        ))
    }
}
