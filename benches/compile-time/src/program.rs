//! The compiled programs: the same functions with more or less of the framework.

use std::fmt::Write as _;

use crate::worst::Worst;

/// The number of handlers that take the last event. Each other handler takes its own event.
const LISTENERS: u16 = 4;

/// How much of the framework a program uses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Variant {
    /// Handlers and a flow of all of them.
    Flow,
    /// Handlers without a flow.
    Attribute,
    /// Functions and structs.
    Plain,
    /// A flow whose checks take longest.
    Worst(Worst),
}

impl Variant {
    pub(crate) const FRAMEWORK: [Self; 3] = [Self::Flow, Self::Attribute, Self::Plain];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Attribute => "attribute",
            Self::Plain => "plain",
            Self::Worst(worst) => worst.name(),
        }
    }
}

/// A library with this many functions: a chain in which each passes its value to the next, and
/// several at its end that all get the same value.
pub(crate) fn program(variant: Variant, handlers: u16) -> String {
    if let Variant::Worst(worst) = variant {
        return worst.program(handlers);
    }
    let last = handlers - LISTENERS;
    let mut text = String::from("#![allow(dead_code)]\n");
    if variant != Variant::Plain {
        text.push_str("use flow_core::{Cx, Event, handler};\n");
    }
    for event in 0..=last {
        text.push_str(match variant {
            Variant::Plain => "#[derive(Clone)]\n",
            _ => "#[derive(Clone, Event)]\n",
        });
        line(&mut text, format_args!("pub struct E{event}(pub u32);"));
    }
    for handler in 0..handlers {
        function(&mut text, variant, handler, last);
    }
    if variant == Variant::Flow {
        text.push_str("pub async fn run() -> std::result::Result<(), flow_core::FlowError> {\n");
        text.push_str("    flow_core::flow! {\n        start(E0) -> h0;\n");
        for handler in 1..handlers {
            let event = handler.min(last);
            line(
                &mut text,
                format_args!("        when E{event} -> h{handler};"),
            );
        }
        text.push_str("    }\n    .run(E0(0))\n    .await\n}\n");
    }
    text
}

fn function(text: &mut String, variant: Variant, handler: u16, last: u16) {
    let (event, next) = (handler.min(last), handler + 1);
    let is_listener = handler >= last;
    match (variant, is_listener) {
        (Variant::Plain, false) => line(
            text,
            format_args!(
                "pub async fn h{handler}(E{event}(n): E{event}) -> E{next} {{ E{next}(n + 1) }}"
            ),
        ),
        (Variant::Plain, true) => line(
            text,
            format_args!(
                "pub async fn h{handler}(E{event}(n): E{event}) {{ std::hint::black_box(n); }}"
            ),
        ),
        (_, false) => line(
            text,
            format_args!(
                "#[handler(on = \"E{event}\", emits = \"E{next}\")]\n\
                 pub async fn h{handler}(E{event}(n): E{event}, cx: &Cx) \
                 {{ cx.emit(E{next}(n + 1)); }}"
            ),
        ),
        (_, true) => line(
            text,
            format_args!(
                "#[handler(on = \"E{event}\")]\n\
                 pub async fn h{handler}(E{event}(n): E{event}) {{ std::hint::black_box(n); }}"
            ),
        ),
    }
}

pub(crate) fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a `String` does not fail.
    let _ = writeln!(text, "{line}");
}
