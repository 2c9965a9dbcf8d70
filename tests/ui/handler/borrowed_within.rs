// Parameters and results with references in them.
use std::borrow::Cow;

use flow_core::{Cx, handler};

#[handler]
async fn optional(_text: Option<&str>) {}

#[handler]
async fn cow(_text: Cow<'_, str>) {}

#[handler]
async fn with_a_lifetime<'a>(_text: &'a str) {}

#[handler]
async fn in_a_list(_pairs: Vec<(u32, &[u8])>) {}

#[handler]
async fn returned() -> &str {
    "text"
}

#[handler]
async fn returned_with_a_context(cx: &Cx) -> flow_core::Result<Option<&str>> {
    cx.put("text").await;
    Ok(Some("text"))
}

#[handler]
async fn optional_context(_cx: Option<&Cx>) {}

#[handler]
async fn context_with_types(_cx: &Cx<impl flow_core::Router, impl flow_core::Streams<String>>) {}

fn main() {}
