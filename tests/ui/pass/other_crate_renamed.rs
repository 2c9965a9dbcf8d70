//! Handlers and events of another crate, imported under other names.
use flow_core::{Cx, flow, handler};
use tests::{Answer as Reply, knock as begin, open as answer_door};

mod mine {
    pub(crate) use tests::Knock as Tap;
}

#[handler(on = "Reply")]
async fn come_in(Reply(words): Reply, cx: &Cx) {
    cx.put(words).await;
}

fn main() {
    let door = flow! {
        start -> begin;
        when mine::Tap -> answer_door;
        when Reply -> come_in
    };
    let items: Vec<_> = door.blocking_iter(()).map(Result::unwrap).collect();
    assert_eq!(items.len(), 6);
}
