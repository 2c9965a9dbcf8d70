//! A `tracing` layer that records what a subscriber receives.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry, Scope};

/// All opened and closed spans and all events, and the spans in the order of their creation.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<History>>);

#[derive(Default)]
struct History {
    lines: Vec<String>,
    spans: Vec<Received>,
}

/// The extension of a span in the registry: its index in [`History::spans`].
struct Place(usize);

#[derive(Clone, Default)]
pub(crate) struct Received {
    pub(crate) name: &'static str,
    /// The index of its parent.
    pub(crate) parent: Option<usize>,
    pub(crate) fields: BTreeMap<&'static str, String>,
    /// How often it is currently entered.
    pub(crate) entered: isize,
    pub(crate) closed: bool,
}

impl Received {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// `execution`, or the name and the step of a handler.
    fn label(&self) -> String {
        match (self.field("handler"), self.field("step")) {
            (Some(handler), Some(step)) => format!("{handler} {step}"),
            _ => self.name.to_owned(),
        }
    }
}

impl Visit for Received {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }
}

impl Recorder {
    pub(crate) fn subscriber(&self) -> impl Subscriber + Send + Sync + use<> {
        Registry::default().with(self.clone())
    }

    /// Sets it as the default subscriber of this thread.
    pub(crate) fn set(&self) -> DefaultGuard {
        set_default(self.subscriber())
    }

    /// A line for each span that was opened or closed, and for each event with its spans.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().lines.clone()
    }

    /// The lines of the events.
    pub(crate) fn events(&self) -> Vec<String> {
        let mut lines = self.lines();
        lines.retain(|line| line.contains(": "));
        lines
    }

    pub(crate) fn spans(&self) -> Vec<Received> {
        self.0.lock().unwrap().spans.clone()
    }

    /// The span of the only call of a handler.
    pub(crate) fn handler(&self, name: &str) -> Received {
        let mut spans = self.spans();
        spans.retain(|span| span.field("handler") == Some(name));
        let [span] = spans.as_slice() else {
            panic!("`{name}` has {} spans", spans.len());
        };
        span.clone()
    }

    /// The span of the only execution.
    pub(crate) fn execution(&self) -> Received {
        let mut spans = self.spans();
        spans.retain(|span| span.name == "execution");
        let [span] = spans.as_slice() else {
            panic!("there are {} executions", spans.len());
        };
        span.clone()
    }

    /// All spans are closed, and each was exited as often as it was entered.
    pub(crate) fn assert_all_closed(&self) {
        for span in self.spans() {
            assert!(span.closed, "{} is open", span.label());
            assert_eq!(span.entered, 0, "{} is entered", span.label());
        }
    }

    fn change<S: Subscriber + for<'a> LookupSpan<'a>>(
        &self,
        id: &Id,
        context: &Context<'_, S>,
        change: impl FnOnce(&mut Received),
    ) -> String {
        let place = context
            .span(id)
            .unwrap()
            .extensions()
            .get::<Place>()
            .unwrap()
            .0;
        let mut record = self.0.lock().unwrap();
        let span = &mut record.spans[place];
        change(span);
        span.label()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let made = context.span(id).unwrap();
        let parent = made
            .parent()
            .map(|parent| parent.extensions().get::<Place>().unwrap().0);
        let mut span = Received {
            name: attributes.metadata().name(),
            parent,
            ..Received::default()
        };
        attributes.record(&mut span);
        let mut record = self.0.lock().unwrap();
        made.extensions_mut().insert(Place(record.spans.len()));
        record.lines.push(format!("opened {}", span.label()));
        record.spans.push(span);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        self.change(id, &context, |span| values.record(span));
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.change(id, &context, |span| span.entered += 1);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.change(id, &context, |span| span.entered -= 1);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let label = self.change(&id, &context, |span| span.closed = true);
        self.0.lock().unwrap().lines.push(format!("closed {label}"));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut said = Received::default();
        event.record(&mut said);
        let mut line = String::new();
        for span in context
            .event_scope(event)
            .into_iter()
            .flat_map(Scope::from_root)
        {
            let label = self.change(&span.id(), &context, |_| {});
            write!(line, "{label} > ").unwrap();
        }
        let message = said.field("message").unwrap_or_default();
        let line = format!("{}: {message}", line.trim_end_matches(" > "));
        self.0.lock().unwrap().lines.push(line);
    }
}
