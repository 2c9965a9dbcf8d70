//! The attributes of a handler, an event or a flow hold for what is generated from it.
#![deny(warnings)]

use flow_core::{Cx, Event, Failed, Res, flow, handler};

#[deprecated = "no longer emitted"]
#[derive(Clone, Debug, Event)]
pub struct OldEvent(pub u8);

#[deprecated = "no longer given"]
pub struct OldAnswer;

#[allow(deprecated)]
#[derive(Event)]
#[event(answer = OldAnswer)]
pub struct Asks;

pub struct Db;

/// A deprecated handler raises no warning by itself, whatever it takes and does.
#[deprecated(since = "1.2.0", note = "use `new`")]
#[handler(timeout = "5s", retry(attempts = 2), concurrency = 1)]
pub async fn old(n: u8, cx: &Cx, _db: Res<Db>) -> flow_core::Result<u8> {
    cx.put(n.to_string()).await;
    Ok(n)
}

#[handler]
#[deprecated]
pub async fn old_without_context() {}

#[allow(deprecated)]
#[handler(emits = OldEvent)]
pub async fn allowed(cx: &Cx) {
    cx.emit(OldEvent(1));
}

#[expect(deprecated, reason = "until the next release")]
#[handler]
pub async fn expected(_: OldEvent) {}

#[expect(deprecated)]
#[handler(on = OldEvent)]
pub async fn expected_of_an_argument() {}

#[allow(dead_code)]
#[handler]
async fn unused(cx: &Cx) {
    cx.put("x").await;
}

#[expect(dead_code, unused_variables)]
#[handler]
async fn expected_to_be_unused(n: u8, cx: &Cx) {
    cx.put("x").await;
}

#[allow(non_snake_case)]
#[handler]
pub async fn NamedLikeAType() {}

#[handler]
#[cfg(any())]
async fn not_compiled(_: Missing) {}

#[handler]
#[cfg_attr(all(), allow(dead_code))]
async fn allowed_under_a_condition() {}

#[handler]
pub async fn note(_: Failed<flow_core::BoxError>) {}

mod flows {
    flow_core::flow! {
        #[deprecated = "use `New`"]
        pub flow Old(u8);
        start -> super::NamedLikeAType
    }
    flow_core::flow! {
        #[allow(deprecated)]
        pub flow WithOld(u8);
        with super::Db;
        start -> super::old -> Old;
        rescue super::old -> super::note
    }
}

fn main() {
    #[allow(deprecated)]
    let flow = flow! { start -> allowed; when OldEvent -> expected; when OldEvent -> old_without_context };
    assert_eq!(flow.blocking_iter(()).count(), 0);
    let flow = flows::WithOld::new().with(Db);
    assert_eq!(flow.blocking_iter(3).count(), 1);
    let _ = (Asks, expected_of_an_argument());
}
