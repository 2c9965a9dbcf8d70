//! The defects of a limit that is a constant. The macros report those of a literal in the same words;
//! `form` is an example of the limit.

use std::time::Duration;

use crate::graph::text::Text;

#[must_use]
pub const fn zero_duration(after: Duration, form: &str) -> Option<Text> {
    if after.is_zero() {
        Some(must_be_more("duration", form))
    } else {
        None
    }
}

#[must_use]
pub const fn zero_calls(calls: usize, form: &str) -> Option<Text> {
    if calls == 0 {
        Some(must_be_more("`concurrency`", form))
    } else {
        None
    }
}

#[must_use]
pub const fn zero_events(events: u64, form: &str) -> Option<Text> {
    if events == 0 {
        Some(must_be_more("`max_events`", form))
    } else {
        None
    }
}

const fn must_be_more(what: &str, form: &str) -> Text {
    Text::new()
        .with(what)
        .with(" must be greater than zero, for example `")
        .with(form)
        .with("`")
}

#[must_use]
pub const fn too_few_attempts(attempts: u32, _form: &str) -> Option<Text> {
    if attempts >= 2 {
        return None;
    }
    Some(Text::new().with(
        "`attempts` must be at least 2 because the first call counts: raise it, or remove `retry`",
    ))
}
