//! The items of a stage that runs several times at once can be told apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::lifecycle::ExecutionId;
use flow_core::testing::Recorder;
use flow_core::{Cx, Event, flow, handler};
use futures::StreamExt;
use tokio::time::sleep;

#[derive(Debug)]
struct Token {
    of: ExecutionId,
    text: String,
}

#[derive(Event)]
struct Word(String);

#[handler(emits = Word, streams = Token)]
async fn begin(word: String, cx: &Cx) {
    let (of, text) = (cx.execution_id(), format!("begins {word}"));
    cx.put(Token { of, text }).await;
    sleep(Duration::from_secs(1)).await;
    cx.emit(Word(word));
}

#[handler(on = Word, streams = Token, retry(attempts = 2), timeout = "1s")]
async fn finish(Word(word): Word, cx: &Cx) -> flow_core::Result<()> {
    if cx.attempt() == 1 {
        return Err("once more".into());
    }
    let (of, text) = (cx.execution_id(), format!("ends {word}"));
    cx.put(Token { of, text }).await;
    Ok(())
}

impl Clone for Word {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

flow! {
    flow Work(String) streams Token;
    start -> begin;
    when Word -> finish
}

#[handler(streams = Token)]
async fn words(all: &'static str, cx: &Cx) -> Vec<String> {
    let (of, text) = (cx.execution_id(), "all".to_owned());
    cx.put(Token { of, text }).await;
    all.split(' ').map(str::to_owned).collect()
}

#[tokio::test(start_paused = true)]
async fn each_instance_has_an_id_of_its_own_which_observers_know() {
    let told: Arc<Mutex<BTreeSet<ExecutionId>>> = Arc::default();
    let ids = Arc::clone(&told);
    let flow = flow! { streams Token; start(&'static str) -> words -> each Work[2] };
    let flow = flow.observe(move |event| {
        ids.lock().unwrap().insert(event.execution);
    });
    let mut execution = flow.stream("tea milk bread");
    let outer = execution.id();
    let mut of: BTreeMap<ExecutionId, Vec<String>> = BTreeMap::new();
    while let Some(token) = execution.next().await {
        let Token { of: id, text } = token.unwrap();
        of.entry(id).or_default().push(text);
    }
    assert_eq!(of.remove(&outer).unwrap(), ["all"]);
    let mut inner: Vec<_> = of.values().cloned().collect();
    inner.sort_unstable();
    let of_word = |word: &str| vec![format!("begins {word}"), format!("ends {word}")];
    assert_eq!(inner, [of_word("bread"), of_word("milk"), of_word("tea")]);
    let told = told.lock().unwrap();
    assert!(of.keys().all(|id| told.contains(id)) && told.contains(&outer));
}

#[tokio::test]
async fn a_recorder_has_an_id_for_all_its_contexts() {
    let (recorder, other) = (Recorder::new(), Recorder::new());
    for _ in 0..2 {
        words("tea", &recorder.cx()).await;
    }
    words("tea", &other.cx()).await;
    let (items, others) = (recorder.items::<Token>(), other.items::<Token>());
    assert_eq!(items[0].of, items[1].of);
    assert_ne!(items[0].of, others[0].of);
}
