//! Once a handler has stopped its execution, no other begins: in memory as in a store.

use std::sync::{Arc, Mutex};

use flow_core::durable::MemoryStore;
use flow_core::{Cx, Ending, Res, flow, handler};

use crate::flows::host;

/// What handlers have begun.
#[derive(Clone, Default)]
struct Begun(Arc<Mutex<Vec<&'static str>>>);

impl Begun {
    fn add(&self, handler: &'static str) {
        self.0.lock().unwrap().push(handler);
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[handler]
async fn stops(number: u32, cx: &Cx) -> u32 {
    cx.stop();
    number
}

#[handler]
async fn stops_in_the_finally(_ending: Ending, cx: &Cx, begun: Res<Begun>) -> u32 {
    begun.add("finally");
    cx.stop();
    0
}

#[handler]
async fn begins(number: u32, begun: Res<Begun>) -> u32 {
    begun.add("begins");
    number
}

#[handler]
async fn three(number: u32) -> Vec<u32> {
    vec![number; 3]
}

flow! {
    flow InARoute(u32);
    durable;
    with Begun;
    start -> begins -> stops -> begins -> ignore;
}

flow! {
    flow InBranches(u32);
    durable;
    with Begun;
    start -> stops -> (begins, begins) -> ignore;
}

flow! {
    flow InAnEach(u32);
    durable;
    with Begun;
    start -> three -> each (begins -> stops -> begins)[1] -> ignore;
}

flow! {
    flow InAFinally(u32);
    durable;
    with Begun;
    start -> begins -> ignore;
    finally within "30s" -> stops_in_the_finally -> begins -> ignore;
}

macro_rules! begun {
    ($flow:ident) => {{
        let begun = Begun::default();
        let flow = || $flow::new().with(begun.clone());
        flow().run(1).await.unwrap();
        let in_memory = begun.take();
        let executions = host(&MemoryStore::new()).register(flow());
        let execution = executions.start("a", 1).await.unwrap();
        execution.output().await.unwrap();
        assert_eq!(begun.take(), in_memory, "in a store");
        in_memory
    }};
}

#[tokio::test(start_paused = true)]
async fn nothing_begins_after_a_stop() {
    assert_eq!(begun!(InARoute), ["begins"]);
    assert_eq!(begun!(InBranches), [""; 0]);
    assert_eq!(begun!(InAnEach), ["begins"]);
    assert_eq!(begun!(InAFinally), ["begins", "finally"]);
}
