//! What clauses begin with: in words, and the events that they wait for.

use crate::graph::desc::{ClauseDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;

impl ClauseDesc {
    /// What the clause begins with, as in the source text.
    pub(crate) fn heading(&self) -> String {
        match &self.trigger {
            TriggerDesc::Open(resource) => {
                let opener = self.handlers.first().map_or("_", |opener| opener.name);
                format!("`with {resource} = {opener}`")
            }
            TriggerDesc::Start => "`start`".to_owned(),
            TriggerDesc::Every { text, .. } => format!("`{text}`"),
            TriggerDesc::Finally => "`finally`".to_owned(),
            TriggerDesc::Rescue(None) => "`rescue`".to_owned(),
            TriggerDesc::Rescue(Some(handler)) => format!("`rescue {}`", handler.name),
            TriggerDesc::Answered(question) => format!("`ask {}`", question.name),
            TriggerDesc::Unanswered(question) => format!("the `else` of `ask {}`", question.name),
            TriggerDesc::Reminder { question, text, .. } => {
                format!("the `{text}` of `ask {}`", question.name)
            }
            TriggerDesc::LeftOver(event) => format!("the `else` for a lone `{}`", event.name),
            TriggerDesc::Times { event, count, .. } => {
                format!("`when {}[{count}]{}`", event.name, self.matched())
            }
            trigger => {
                let events: Vec<_> = trigger.events().iter().map(|event| event.name).collect();
                // The question of an `ask` goes out in a clause of its own.
                let word = match self.route {
                    [StageDesc::Ask { .. }] => "ask",
                    _ => "when",
                };
                format!("`{word} {}{}`", events.join(" & "), self.matched())
            }
        }
    }

    /// How its events are matched, as in the source text.
    fn matched(&self) -> String {
        self.by.map(|by| format!(" by {by}")).unwrap_or_default()
    }
}

impl TriggerDesc {
    /// Whether rescues take errors of the clause: not of a rescue, which could loop forever, nor
    /// before `start`.
    pub(crate) const fn is_rescued(&self) -> bool {
        !matches!(self, Self::Rescue(_) | Self::Open(_))
    }

    /// The events that the clause waits for.
    #[must_use]
    pub const fn events(&self) -> &[EventDesc] {
        match self {
            Self::Event(event) | Self::Times { event, .. } => std::slice::from_ref(event),
            Self::All(events) => events,
            Self::Open(_)
            | Self::Start
            | Self::Every { .. }
            | Self::Reminder { .. }
            | Self::Finally
            | Self::Answered(_)
            | Self::Unanswered(_)
            | Self::LeftOver(_)
            | Self::Rescue(_) => &[],
        }
    }

    /// The name of its event, or of the first of several; `None` for `with`, `start`, `every`,
    /// `finally` and a rescue.
    pub(crate) fn event_name(&self) -> Option<&'static str> {
        match self {
            Self::Open(_) | Self::Start | Self::Every { .. } | Self::Finally | Self::Rescue(_) => {
                None
            }
            Self::Event(event)
            | Self::Times { event, .. }
            | Self::Answered(event)
            | Self::Unanswered(event)
            | Self::Reminder {
                question: event, ..
            }
            | Self::LeftOver(event) => Some(event.name),
            Self::All(events) => events.first().map(|event| event.name),
        }
    }

    /// The name that observers are told: that of the event, or of the handler that is rescued.
    pub(crate) fn name(&self) -> Option<&'static str> {
        match self {
            Self::Rescue(handler) => Some(handler.map_or("rescue", |handler| handler.name)),
            trigger => trigger.event_name(),
        }
    }
}
