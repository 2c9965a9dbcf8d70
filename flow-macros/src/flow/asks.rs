//! `ask E` as a stage. In the tree it is a handler, whose type the expansion generates.

use std::time::Duration;

use proc_macro2::{Ident, Span};
use syn::Path;
use syn::spanned::Spanned;

use crate::limit::Value;
use crate::written::{key, written};

/// An example of the stage.
pub(crate) const ASK_STAGE: &str = "ask Question within \"24h\" else handler";

/// The generated handlers begin with this, which no handler of a user does.
const PREFIX: &str = "__Ask";

/// `ask E within "24h"`
#[derive(Clone)]
pub(crate) struct AskStage {
    pub(crate) keyword: Ident,
    pub(crate) event: Path,
    pub(crate) within: Option<Value<Duration>>,
    pub(crate) reminds: Option<Reminds>,
    /// The generated handler.
    pub(crate) handler: Path,
}

impl AskStage {
    pub(crate) fn new(
        number: usize,
        keyword: Ident,
        event: Path,
        within: Option<Value<Duration>>,
        reminds: Option<Reminds>,
    ) -> Self {
        let at = Span::call_site().located_at(event.span());
        Self {
            keyword,
            within,
            reminds,
            handler: Ident::new(&format!("{PREFIX}{number}"), at).into(),
            event,
        }
    }

    /// The words of its name.
    pub(crate) fn name(&self) -> String {
        format!("ask {}", written(&self.event))
    }
}

/// `every "1h" handler`, in an `ask`
#[derive(Clone)]
pub(crate) struct Reminds {
    pub(crate) keyword: Ident,
    pub(crate) period: Value<Duration>,
    pub(crate) handler: Path,
}

/// Whether the handler is the generated one of a stage that asks.
pub(crate) fn is_ask(handler: &Path) -> bool {
    let ident = handler.get_ident();
    ident.is_some_and(|ident| ident.to_string().starts_with(PREFIX))
}

/// The stage whose handler this is.
pub(crate) fn asking<'a>(asks: &'a [AskStage], handler: &Path) -> Option<&'a AskStage> {
    if !is_ask(handler) {
        return None;
    }
    asks.iter().find(|ask| key(&ask.handler) == key(handler))
}

/// The handler as written.
pub(crate) fn shown(asks: &[AskStage], handler: &Path) -> String {
    asking(asks, handler).map_or_else(|| written(handler), AskStage::name)
}

/// `rescue ask E -> …`, until the stages are known.
pub(crate) struct RescuedAsk {
    /// Stands for them in the tree.
    pub(crate) handler: Path,
    pub(crate) event: Path,
}

impl RescuedAsk {
    pub(crate) fn new(number: usize, event: Path) -> Self {
        let at = Span::call_site().located_at(event.span());
        Self {
            handler: Ident::new(&format!("{PREFIX}edBy{number}"), at).into(),
            event,
        }
    }
}
