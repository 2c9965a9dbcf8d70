//! A state can be looked at from outside, while the execution runs and after its end.

use std::sync::Arc;
use std::time::Duration;

use flow_core::{Cx, FlowErrorKind, Result, State, flow, handler};
use futures::StreamExt;
use tokio::time::sleep;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
struct Conversation(Vec<String>);

impl From<&Way> for Conversation {
    fn from(way: &Way) -> Self {
        Self(vec![format!("{way:?}")])
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Ends,
    Fails,
    Panics,
    Hangs,
}

#[handler]
async fn talk(way: Way, cx: &Cx, conversation: State<Conversation>) -> Result<u32> {
    cx.put("hello").await;
    conversation.with(|said| said.0.push("hello".to_owned()));
    sleep(SECOND).await;
    match way {
        Way::Ends => Ok(7),
        Way::Fails => Err("the line is dead".into()),
        Way::Panics => panic!("a handler of a test panics"),
        Way::Hangs => std::future::pending().await,
    }
}

fn said(conversation: &State<Conversation>) -> Vec<String> {
    conversation.with(|said| said.0.clone())
}

#[tokio::test(start_paused = true)]
async fn it_shows_how_far_a_failed_stream_came() {
    for way in [Way::Ends, Way::Fails, Way::Panics, Way::Hangs] {
        let flow = flow! {
            state Conversation = |way: &Way| Conversation::from(way);
            timeout "5s";
            start(Way) -> talk -> end
        };
        let mut execution = flow.stream(way);
        let conversation = execution.state::<Conversation>().unwrap();
        assert_eq!(said(&conversation), [format!("{way:?}")]);
        assert_eq!(execution.next().await.unwrap().unwrap(), "hello");
        let ended = execution.output().await;
        assert_eq!(ended.is_ok(), way == Way::Ends);
        assert_eq!(
            said(&conversation),
            [format!("{way:?}"), "hello".to_owned()]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn it_shows_how_far_a_task_came_that_was_cancelled() {
    let flow = flow! { state Conversation; start(Way) -> talk -> end };
    let (execution, conversation) = flow.spawn_with_state::<Conversation>(Way::Hangs);
    let (other, its_own) = flow.spawn_with_state::<Conversation>(Way::Ends);
    assert_eq!(said(&conversation), [""; 0]);
    sleep(SECOND / 2).await;
    assert_eq!(said(&conversation), ["hello"]);
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(said(&conversation), ["hello"]);
    its_own.with(|said| said.0.push("from outside".to_owned()));
    assert_eq!(other.output().await.unwrap(), 7);
    assert_eq!(said(&its_own), ["hello", "from outside"]);
}

#[tokio::test(start_paused = true)]
async fn there_is_none_that_the_flow_does_not_declare_and_none_after_the_end() {
    let flow = flow! { state Conversation; start(Way) -> talk -> end };
    let mut execution = flow.stream(Way::Ends);
    assert!(execution.state::<u32>().is_none());
    assert!(execution.state::<Conversation>().is_some());
    while execution.next().await.is_some() {}
    assert!(execution.state::<Conversation>().is_none());
}

#[test]
fn a_blocking_iterator_shows_it_too() {
    let flow = flow! { state Conversation; start(Way) -> talk -> end };
    let mut execution = flow.blocking_iter(Way::Fails);
    let conversation = execution.state::<Conversation>().unwrap();
    assert!(execution.output().is_err());
    assert_eq!(said(&conversation), ["hello"]);
}

#[derive(Default)]
struct Kept(Arc<()>);

#[handler]
async fn keep(kept: State<Kept>) -> std::sync::Weak<()> {
    kept.with(|kept| Arc::downgrade(&kept.0))
}

#[tokio::test]
async fn it_is_dropped_with_the_execution_unless_it_was_asked_for() {
    let flow = flow! { state Kept; start -> keep -> end };
    assert!(flow.run(()).await.unwrap().upgrade().is_none());
    let (execution, kept) = flow.spawn_with_state::<Kept>(());
    let weak = execution.output().await.unwrap();
    assert!(weak.upgrade().is_some());
    drop(kept);
    assert!(weak.upgrade().is_none());
}
