//! The stream as an iterator, for programs that are not async.

use std::time::Duration;

use flow_core::{Cx, FlowErrorKind, Res, flow, handler};

use crate::Alive;

#[handler]
async fn tick(cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    for n in 1.. {
        cx.put(n.to_string()).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[test]
fn a_break_cancels_what_still_runs() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> tick }.with(alive.clone());
    let mut seen = Vec::new();
    for item in flow.blocking_iter(()) {
        seen.push(item.unwrap());
        if seen.len() == 3 {
            break;
        }
    }
    assert_eq!(seen, ["1", "2", "3"]);
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn inside_async_code_it_fails_instead_of_blocking() {
    let flow = flow! { with Alive; start -> tick }.with(Alive::default());
    let results: Vec<_> = flow.blocking_iter(()).collect();
    assert_eq!(results.len(), 1);
    let error = results[0].as_ref().unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Runtime);
    let hint = std::error::Error::source(error).unwrap().to_string();
    assert!(hint.contains("use `stream`"), "{hint}");
}

#[test]
fn a_handler_that_yields_next_to_an_item_is_woken() {
    #[handler]
    async fn yield_after_each(cx: &Cx) {
        for n in 0..3 {
            cx.put(n.to_string()).await;
            tokio::task::yield_now().await;
        }
    }

    // Within the `next` that already has the item.
    let items = flow! { start -> yield_after_each }.blocking_iter(());
    assert_eq!(
        items.map(Result::unwrap).collect::<Vec<_>>(),
        ["0", "1", "2"]
    );
}
